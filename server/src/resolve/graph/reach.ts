/** Where a pointer goes that is handed on: the functions that call it, and the slots that it is put into. */

import { type End, endKey } from '../../index/link/ends.ts';
import type { Definition } from '../names/scope.ts';
import { slotAnswer, slotSeen } from '../slots/slots.ts';
import type { TreePlace } from '../world.ts';
import { type Graph, type GraphEdge, meaningOf, type Reach } from './nodes.ts';

const MAX_DEPTH = 6;
/** A slot with more functions than this tells nothing about one of their parameters. */
const MAX_TARGETS = 40;

const nowhere = (): Reach => ({ calls: [], slots: [] });

/** Where a pointer goes that is put into `end`, a parameter or a slot, at a place of a file. */
export function reachOf(graph: Graph, end: End, file: string, place: TreePlace, depth = 0): Reach {
  if (end.kind === 'slot') return { calls: [], slots: [{ slot: slotSeen(graph, end, file), through: [], place }] };
  if (end.kind !== 'parameter' && end.kind !== 'result') return nowhere();
  if (end.of.kind === 'name') {
    const fn = meaningOf(graph, end.of.name, file);
    return fn ? reachOfParameter(graph, fn, end, depth) : nowhere();
  }
  const out = nowhere();
  const { implementations } = slotAnswer(graph, end.of.owner, end.of.member, file);
  if (implementations.length <= MAX_TARGETS)
    for (const i of implementations) add(out, reachOfParameter(graph, i.definition, end, depth + 1), []);
  return out;
}

/** Where a function's parameter goes. */
function reachOfParameter(
  graph: Graph,
  fn: Definition,
  parameter: Extract<End, { kind: 'parameter' | 'result' }>,
  depth: number,
): Reach {
  const { index, reaches } = graph;
  const end: End = { ...parameter, of: { kind: 'name', name: fn.name } };
  const key = `${endKey(end)} ${fn.file}`;
  const known = reaches.get(key);
  if (known) return known;
  const out = nowhere();
  // one that comes back to itself adds nothing
  reaches.set(key, out);
  if (depth > MAX_DEPTH) return out;
  for (const flow of index.flowsFrom(end)) {
    const file = index.pathOf(flow.file);
    if (file !== fn.file) continue;
    const place = { file, line: flow.line, column: flow.column };
    const here = { definition: fn, place };
    if (flow.to.kind === 'called') out.calls.push({ through: [here] });
    else add(out, reachOf(graph, flow.to, file, place, depth + 1), [here]);
  }
  return out;
}

function add(out: Reach, inner: Reach, before: GraphEdge['through']): void {
  for (const c of inner.calls) out.calls.push({ through: [...before, ...c.through] });
  for (const s of inner.slots) out.slots.push({ ...s, through: [...before, ...s.through] });
}
