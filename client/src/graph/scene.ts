/** Which of a chart's nodes are in sight, and what is folded: a picture of everything is a picture of nothing. */
import { type Chart, type ChartIndex, indexChart, type Pair, pairKey } from './chart.ts';

/** What a reader has chosen so far, by ids of nodes. */
export interface Choice {
  /** taken out of a fold */
  shown: ReadonlySet<string>;
  /** not to be seen */
  hidden: ReadonlySet<string>;
  /** never folded */
  pinned: ReadonlySet<string>;
}

/** Neighbours of a node that are not in sight. */
export interface Fold {
  /** what tells it from other folds and from nodes */
  id: string;
  /** the node */
  of: string;
  side: 'targets' | 'callers';
  /** ids of the neighbours; those that nobody has asked for yet are only counted */
  nodes: string[];
  count: number;
}

/** What is to be drawn. */
export interface Scene {
  /** ids of nodes, in the chart's order */
  nodes: string[];
  folds: Fold[];
  /** lines between nodes in sight */
  pairs: Pair[];
}

/** So many ends of ways beside each other are read at a glance. */
const FEW = 4;
/** Of what stands in a slot, where more do. */
const FEW_HELD = 3;
/** And so many ways that lead on. */
const MANY = 12;
/** Boxes of a picture: beyond that it folds. */
const MOST = 1000;
/** Boxes that a fold opens into at once. */
export const OPENED = 60;

/** Folds the ends of fan-outs and fan-ins of a chart, and all that is too much. */
export function sceneOf(chart: Chart, choice: Choice, index: ChartIndex = indexChart(chart), most = MOST): Scene {
  const { nodes, pairs, out, into, chosen } = index;
  const kept = new Set([...choice.pinned, ...choice.shown, ...(chart.kept ?? [])]);
  for (const { from, to } of pairs)
    if (chosen.has(pairKey(from, to))) {
      kept.add(from);
      kept.add(to);
    }
  const isThere = (id: string): boolean => !choice.hidden.has(id);
  const isEnd = (id: string): boolean => (out.get(id)?.length ?? 0) + (into.get(id)?.length ?? 0) < 2;
  const seen = new Set([...kept].filter((id) => nodes.has(id) && isThere(id)).slice(0, most));
  const take = (id: string): void => {
    if (seen.size < most) seen.add(id);
  };
  for (const id of startsOf(index)) if (isThere(id)) take(id);
  /** takes neighbours of a node on one side, until as many are in sight as are read at a glance */
  const takeNext = (
    id: string,
    map: ReadonlyMap<string, readonly string[]>,
    isMeant: (other: string) => boolean,
  ): void => {
    const all = (map.get(id) ?? []).filter(isThere);
    const ways = all.filter((other) => !isEnd(other));
    const ends = all.filter(isEnd);
    const fill = (list: readonly string[], room: number): void => {
      const next = list.filter((other) => !seen.has(other) && isMeant(other));
      const left = room - (list.length - list.filter((other) => !seen.has(other)).length);
      // a fold in place of a single one would hide what it says
      for (const other of next.slice(0, next.length <= Math.max(0, left) + 1 ? next.length : Math.max(0, left)))
        take(other);
    };
    // of what stands in a slot one is much like the other: those that matter are in sight already
    if (nodes.get(id)?.kind === 'slot' && map === out) fill([...ways, ...ends], FEW_HELD);
    else {
      fill(ways, MANY);
      fill(ends, FEW);
    }
  };
  // a set that grows while it is gone through: the ways on from each node
  for (const id of seen) takeNext(id, out, () => true);
  const isFolded = (id: string): boolean => (into.get(id) ?? []).some((caller) => seen.has(caller));
  for (const id of seen) {
    takeNext(id, into, (caller) => !isFolded(caller));
    takeNext(id, out, () => true);
  }
  return {
    nodes: [...nodes.keys()].filter((id) => seen.has(id)),
    folds: foldsOf(chart, index, seen, isThere),
    pairs: pairs.filter(({ from, to }) => seen.has(from) && seen.has(to)),
  };
}

/** Where reading begins: what nothing in the chart gets to; in a circle, with its first node. */
function startsOf({ nodes, into }: ChartIndex): string[] {
  const starts = [...nodes.keys()].filter((id) => (into.get(id)?.length ?? 0) === 0);
  // callers of one thing are a fan-in, no beginnings: its first ones lead to it
  const first = nodes.keys().next().value;
  const few = starts.slice(0, FEW);
  return first === undefined || few.includes(first) ? few : [first, ...few];
}

function foldsOf(
  { more = {}, rest = {} }: Chart,
  { out, into }: ChartIndex,
  seen: ReadonlySet<string>,
  isThere: (id: string) => boolean,
): Fold[] {
  const folds: Fold[] = [];
  const folded = new Set<string>();
  for (const side of ['targets', 'callers'] as const)
    for (const of of seen) {
      const all = (side === 'targets' ? out : into).get(of) ?? [];
      // what is folded among a caller's targets is not told again as a caller of what it gets to
      const nodes = all.filter((id) => !seen.has(id) && isThere(id) && (side === 'targets' || !folded.has(id)));
      if (side === 'targets') for (const id of nodes) folded.add(id);
      const id = foldId(of, side);
      const unknown = (rest[id] ?? []).reduce((n, part) => n + part.count, side === 'targets' ? (more[of] ?? 0) : 0);
      const count = nodes.length + unknown;
      if (count > 0) folds.push({ id, of, side, nodes, count });
    }
  return folds;
}

/** The id of what a node's neighbours on one side fold into. */
export const foldId = (of: string, side: Fold['side']): string => `${side} of ${of}`;
