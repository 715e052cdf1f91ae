/** The stacks of a pasted text as a graph: frames that they share stand once, dispatches with what else they could have called. */

import type { Location } from 'vscode-languageserver';
import { chainOfResolved } from '../../backtrace/backtrace.ts';
import type { CodePlace, ResolvedFrame } from '../../backtrace/resolvedTrace.ts';
import { lineOf } from '../../backtrace/walk.ts';
import { NameKind } from '../../index/store/postings.ts';
import { siteFile, targetsOfAll } from '../../resolve/dispatch/targets.ts';
import { implementationCount } from '../../resolve/slots/slots.ts';
import type { Steps } from '../../resolve/steps.ts';
import type { TreePlace } from '../../resolve/world.ts';
import { uriOf } from '../request.ts';
import { type ChainChart, noChart } from '../source/chains/chart.ts';
import type { ChainLink, ChainNode } from '../source/chains/model.ts';
import { chainNode } from '../source/chains/nodes.ts';
import { functionItem, slotItem, slotPlace } from '../source/hierarchy/items.ts';
import { type PastedRequest, resolvedStackSteps } from './request.ts';
import { stackTitle } from './traceOutline.ts';
import { evidenceText, tableText, viaText } from './traceWords.ts';

/** Stacks of one picture: more of them are read as a list. */
const MOST_STACKS = 200;

/** A chart that grows by frames. */
interface Growing {
  request: PastedRequest;
  nodes: Map<string, ChainNode>;
  links: Map<string, ChainLink>;
  more: Record<string, number>;
  /** numbers of the stacks that take a link, by its key */
  stacks: Map<string, Set<number>>;
}

/** The stacks of a text by their numbers (left out: all) as a chart, callers above what they call. */
export function* traceChart(request: PastedRequest, wanted?: readonly number[]): Steps<ChainChart> {
  const { stacks } = request.text.trace();
  const numbers = (wanted ?? stacks.map((_, n) => n)).filter((n) => n < stacks.length);
  const taken = numbers.slice(0, MOST_STACKS);
  if (taken.length === 0) return noChart('Backtrace', 'There is no backtrace in this text.');
  const growing: Growing = { request, nodes: new Map(), links: new Map(), more: {}, stacks: new Map() };
  for (const n of taken) {
    const resolved = yield* resolvedStackSteps(request, n);
    const chain = chainOfResolved(resolved.stack, resolved.frames);
    const frames = chain.filter((f) => f.frame.reliable && !f.frame.user);
    // outermost first: pictures are read from above
    for (let i = frames.length - 1; i >= 0; i--) {
      yield;
      addFrame(growing, n, frames[i], frames[i - 1] ?? null);
    }
  }
  const { nodes, links, more } = growing;
  const only = taken.length === 1;
  const chosen = only
    ? []
    : [...links].flatMap(([key, { from, to }]): [string, string][] =>
        growing.stacks.get(key)?.has(taken[0]) ? [[from, to]] : [],
      );
  for (const [key, link] of links) {
    const by = growing.stacks.get(key)?.size ?? 0;
    if (!only && by > 1) link.why.push(`in ${by} of ${taken.length} stacks`);
  }
  const remarks = [
    ...(request.partial ? [request.partial] : []),
    ...(numbers.length > taken.length ? [`The first ${taken.length} of ${numbers.length} stacks.`] : []),
  ];
  const title = only ? stackTitle(stacks[taken[0]]) : `${taken.length} stacks`;
  return {
    ...{
      title,
      nodes: [...nodes.values()],
      links: [...links.values()],
      chosen,
      more,
      remarks,
      kept: [...nodes.keys()],
    },
    message: nodes.size > 0 ? null : 'Its stacks have no frames that can be drawn.',
  };
}

/** Adds a frame with what was inlined into it, and how it gets to the frame above it. */
function addFrame(growing: Growing, stack: number, frame: ResolvedFrame, above: ResolvedFrame | null): void {
  const { request } = growing;
  let at = put(growing, nodeOfFrame(request, frame));
  let place = frame.call ?? lineOf(frame);
  // the outermost function holds the one that was inlined into it
  for (const inner of [...frame.inlined].reverse()) {
    const node = put(growing, nodeOfPlace(request, inner.function, inner));
    link(growing, stack, {
      ...{ from: at.id, to: node.id, kind: 'call', evidence: 'inlined', how: 'inlined', why: textsOf(place) },
      places: placesOf(request, place),
    });
    at = node;
    place = inner;
  }
  if (!above) return;
  const to = put(growing, nodeOfFrame(request, above));
  const { via } = frame;
  const places = placesOf(request, place);
  const why = [...textsOf(place), evidenceText(frame)].filter(Boolean);
  const [, owner = '', member = ''] = /^(?:(\w+)\.)?(\w+)$/.exec(via?.slot ?? '') ?? [];
  if (via && owner && (via.kind === 'dispatch' || via.kind === 'tail')) {
    const { node: slot, count } = slotAt(growing, owner, member, place);
    const evidence = via.evidence ?? 'typed';
    link(growing, stack, { from: at.id, to: slot.id, kind: 'dispatch', evidence, how: '', why, places });
    const how = tableText(via).replace(/^ of /, 'in ');
    link(growing, stack, { from: slot.id, to: to.id, kind: 'member', evidence, how, why: [], places: [] });
    const held = [...growing.links.values()].filter(({ from }) => from === slot.id).length;
    if (count > held) growing.more[slot.id] = count - held;
    else delete growing.more[slot.id];
    return;
  }
  const kind = via?.kind === 'pointer' ? 'flow' : 'call';
  const how = via ? (viaText(via) ?? '') : '';
  link(growing, stack, { from: at.id, to: to.id, kind, evidence: via?.evidence ?? 'named', how, why, places });
}

function put({ nodes }: Growing, node: ChainNode): ChainNode {
  const known = nodes.get(node.id) ?? node;
  nodes.set(node.id, known);
  return known;
}

function link({ links, stacks }: Growing, stack: number, next: ChainLink): void {
  // a function that calls itself is no step on
  if (next.from === next.to) return;
  const key = `${next.from}\n${next.to}\n${next.kind}`;
  const known = links.get(key);
  if (known) known.places.push(...next.places.filter((p) => !known.places.some((q) => isSame(p, q))));
  else links.set(key, next);
  const by = stacks.get(key) ?? new Set();
  stacks.set(key, by.add(stack));
}

const isSame = (a: Location, b: Location): boolean => a.uri === b.uri && a.range.start.line === b.range.start.line;

const textsOf = (place: CodePlace | null): string[] => (place ? [`${place.file}:${place.line}`] : []);

const placesOf = ({ root }: PastedRequest, place: CodePlace | null): Location[] => {
  if (!place) return [];
  const start = { line: Math.max(0, place.line - 1), character: 0 };
  return [{ uri: uriOf(root, place.file), range: { start, end: start } }];
};

/** The node of a function at its place. */
function functionNode(request: PastedRequest, name: string, { file, line, column }: TreePlace): ChainNode {
  const definition = { name, kind: NameKind.Function, file, line, column, static: false, macro: false, index: 0 };
  return chainNode(request, functionItem(request, definition)) as ChainNode;
}

/** The node of a frame's function; of one that the tree lacks, its name alone. */
function nodeOfFrame(request: PastedRequest, { definition, frame, source }: ResolvedFrame): ChainNode {
  const name = definition?.name ?? (frame.function || frame.text.trim());
  if (!definition) return nodeOfPlace(request, name, source);
  return functionNode(request, name, definition);
}

/** The node of a function of which only a line in it is known, or its name. */
function nodeOfPlace(request: PastedRequest, name: string, place: CodePlace | null): ChainNode {
  const [found] = place
    ? request.index.names(name).filter((p) => request.index.pathOf(p.file) === place.file && p.line <= place.line)
    : [];
  if (found && place) return functionNode(request, name, { ...place, line: found.line, column: found.column });
  const start = { line: 0, character: 0 };
  const file = place?.file ?? '';
  return {
    ...{ id: `frame ${name} ${file}`, kind: 'function', name, owner: '', file, group: '' },
    location: placesOf(request, place)[0] ?? { uri: '', range: { start, end: start } },
    data: { kind: 'function', name, file, line: place?.line ?? 1, column: 1 },
  };
}

/** The slot that a frame's line calls through, and how many functions that call may get to. */
function slotAt(
  growing: Growing,
  owner: string,
  member: string,
  place: CodePlace | null,
): { node: ChainNode; count: number } {
  const { request } = growing;
  const facts = place && request.index.facts(place.file);
  const sites = facts ? facts.sites.filter((s) => s.line === place.line && s.name === member && !s.macro) : [];
  const from = place?.file ?? '';
  const data = {
    ...{ owner, member, from, reached: null, folder: null },
    sites: sites.map(({ line, column, name }) => ({ line, column, name })),
  };
  const count =
    facts && sites.length > 0
      ? targetsOfAll(siteFile(request, facts), sites).length
      : implementationCount(request, owner, member, from);
  const item = slotItem(request, data, count, slotPlace(request, owner, member, null));
  return { node: put(growing, chainNode(request, item) as ChainNode), count };
}
