/** What a graph tab shows, as plain data that host and webview hand each other. */
import type { ChainChart, ChainFold, ChainLink, ChainNode } from '../../../server/src/lsp/protocol.ts';

/** Chains to be drawn, as whoever opens the tab gives them: nodes and links, and what else is known of them. */
export type Chart = Pick<ChainChart, 'title' | 'nodes' | 'links'> &
  Partial<ChainChart> & {
    /** by the id of a fold, the parts of a long list that nobody has asked for yet */
    rest?: Record<string, ChainFold[]>;
  };

/** All links between two nodes in one direction, drawn as one line. */
export interface Pair {
  from: string;
  to: string;
  /** the one that tells most comes first */
  links: ChainLink[];
}

/** A chart by its ids. */
export interface ChartIndex {
  nodes: ReadonlyMap<string, ChainNode>;
  pairs: readonly Pair[];
  /** ids that a node gets to, and that get to it, in their order */
  out: ReadonlyMap<string, readonly string[]>;
  into: ReadonlyMap<string, readonly string[]>;
  /** keys of pairs (`pairKey`) on the chosen way */
  chosen: ReadonlySet<string>;
}

/** What tells a pair of nodes from others; ids hold no line break. */
export const pairKey = (from: string, to: string): string => `${from}\n${to}`;

/** What stands for several links between two nodes: the way through a pointer says more than a call beside it. */
const TELLING: Readonly<Record<ChainLink['kind'], number>> = { member: 0, dispatch: 1, argument: 2, flow: 3, call: 4 };

/** Looks a chart's nodes and links up by id; links whose ends aren't among the nodes are left out. */
export function indexChart({ nodes, links, chosen = [] }: Chart): ChartIndex {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const pairs = new Map<string, Pair>();
  const out = new Map<string, string[]>();
  const into = new Map<string, string[]>();
  const put = (map: Map<string, string[]>, key: string, value: string): void => {
    const known = map.get(key);
    if (known) known.push(value);
    else map.set(key, [value]);
  };
  for (const link of links) {
    const { from, to } = link;
    if (!byId.has(from) || !byId.has(to)) continue;
    const key = pairKey(from, to);
    const known = pairs.get(key);
    if (known) {
      known.links.push(link);
      continue;
    }
    pairs.set(key, { from, to, links: [link] });
    put(out, from, to);
    put(into, to, from);
  }
  for (const pair of pairs.values()) pair.links.sort((a, b) => TELLING[a.kind] - TELLING[b.kind]);
  return {
    nodes: byId,
    pairs: [...pairs.values()],
    out,
    into,
    chosen: new Set(chosen.map(([from, to]) => pairKey(from, to))),
  };
}

/** A chart with nodes and links added to it; what it has already stays as it is. */
export function withMore(chart: Chart, nodes: readonly ChainNode[], links: readonly ChainLink[]): Chart {
  const known = new Set(chart.nodes.map((n) => n.id));
  const seen = new Set(chart.links.map(linkKey));
  return {
    ...chart,
    nodes: [...chart.nodes, ...nodes.filter(({ id }) => !known.has(id) && known.add(id))],
    links: [
      ...chart.links,
      ...links.filter((link) => {
        const key = linkKey(link);
        return !seen.has(key) && seen.add(key);
      }),
    ],
  };
}

const linkKey = ({ from, to, kind, how }: ChainLink): string => `${pairKey(from, to)}\n${kind} ${how}`;

/** Nodes on the ways that lead through one: all that get to it, and all that it gets to, itself included. */
export function waysThrough({ out, into }: Pick<ChartIndex, 'out' | 'into'>, id: string): Set<string> {
  const found = new Set([id]);
  for (const map of [out, into]) {
    const seen = new Set([id]);
    const queue = [id];
    for (let at = queue.pop(); at !== undefined; at = queue.pop())
      for (const next of map.get(at) ?? [])
        if (!seen.has(next)) {
          seen.add(next);
          queue.push(next);
        }
    for (const each of seen) found.add(each);
  }
  return found;
}
