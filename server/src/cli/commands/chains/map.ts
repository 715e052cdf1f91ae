/** `kerntrail map`: ready-made maps of the tree, from a shell. */
import { MAPS, mapNamed } from '../../../kernel/maps.ts';
import { type GraphMap, mapSteps } from '../../../resolve/graph/maps/map.ts';
import { type Graph, type GraphEdge, nodeKey, nodeName, openGraph } from '../../../resolve/graph/nodes.ts';
import { toEnd } from '../../../resolve/steps.ts';
import type { Command } from '../../command.ts';
import { type Context, EXIT, withIndex } from '../../context.ts';
import { sayNone } from '../../none.ts';
import { type Given, numberOf } from '../../options.ts';
import { say, writeLines } from '../../output.ts';
import { columns, type Printer } from '../../print.ts';
import { edgeRow } from '../edges.ts';
import { chainRows, diagram, FORMATS, formatOf } from '../graph.ts';

const SECONDS = 30;
const MOST_SECONDS = 3600;

const IDS = MAPS.map(({ id }) => id).join(', ');

/** `kerntrail map`, for the table of commands. */
export const mapCommand: Command = {
  name: 'map',
  args: 'MAP',
  count: 1,
  about: 'a way through the kernel, from its entry to what it gets to',
  help: `kerntrail map fault  what a page fault may lead to, with the choices at each dispatch\nmaps: ${IDS}`,
  options: {
    context: { value: 'NAME', many: true, about: 'a subsystem whose tables come first; may be repeated' },
    time: { value: 'SECONDS', about: `when to give up (default: ${SECONDS})` },
    format: { value: 'F', about: FORMATS },
  },
  run: map,
};

/** `kerntrail map MAP`: its ways, one after the other, then the choices beside them. */
async function map(context: Context, [id]: string[], given: Given): Promise<number> {
  const plan = mapNamed(id);
  if (!plan) {
    say(`There is no map '${id}'. There are: ${IDS}.`);
    return EXIT.badUse;
  }
  const format = formatOf(given);
  const timeLimit = 1000 * (numberOf(given, 'time', 1, MOST_SECONDS) ?? SECONDS);
  return withIndex(context, async (world, printer) => {
    const graph = openGraph(world);
    const found = toEnd(mapSteps(graph, plan, { context: given.get('context') ?? [], timeLimit }));
    if (found.edges.length === 0) return sayNone(world, `${plan.title}: ${found.remarks.join(' ')}`);
    if (context.json) await writeLines(found.edges.map(edgeRow));
    else if (format !== 'text') await writeLines(diagram([{ edges: found.edges, cost: 0 }], format));
    else await writeLines(mapText(found, graph, printer));
    for (const remark of found.remarks) say(remark);
    return EXIT.found;
  });
}

function mapText({ entries, ways, edges, more }: GraphMap, graph: Graph, printer: Printer): string[] {
  const out: string[] = [];
  const part = (title: string, rows: string[][]): void => {
    out.push(...(out.length > 0 ? [''] : []), printer.bold(title), ...columns(rows));
  };
  for (const entry of entries) part('The entry', chainRows({ edges: entry, cost: 0 }, graph, printer));
  for (const { goal, edges: way } of ways)
    part(`${goal.what}: ${goal.because}`, chainRows({ edges: way, cost: 0 }, graph, printer));
  const onWay = new Set([...entries, ...ways.map((way) => way.edges)].flat());
  const beside = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    if (onWay.has(edge)) continue;
    const key = nodeKey(edge.from);
    const known = beside.get(key);
    if (known) known.push(edge);
    else beside.set(key, [edge]);
  }
  part(
    'Beside these ways',
    [...beside].map(([key, choices]) => {
      const names = [...new Set(choices.map((edge) => nodeName(edge.to)))];
      const rest = more.get(key);
      return [`  ${nodeName(choices[0].from)}`, `${names.join(', ')}${rest ? `, and ${rest} more` : ''}`];
    }),
  );
  return out;
}
