/** Nodes, links and roots for tests of the Chains view. */
import type { ExploreRoot, SearchRoot } from '../../../client/src/chains/rows.ts';
import type { ChainLink, ChainNode, ChainStep, FoundChain } from '../../../server/src/lsp/protocol.ts';

const place = (file: string, line: number) => {
  const start = { line: line - 1, character: 4 };
  return { uri: `file:///k/${file}`, range: { start, end: start } };
};

/** A function, or for `->name` a slot of `ops`, of a file; its line counts from 1. */
export function chainNode(name: string, file = 'fs/one/a.c', line = 1): ChainNode {
  const kind = name.startsWith('->') ? 'slot' : 'function';
  const group = file.replace(/\/[^/]*$/, '');
  return {
    ...{ id: `${kind} ${name}`, kind, name, owner: kind === 'slot' ? 'ops' : '', file, group },
    ...{ location: place(file, line), data: { kind, name, file } },
  };
}

/** A link, a call by name unless it is told otherwise. */
export const chainLink = (from: ChainNode, to: ChainNode, more: Partial<ChainLink> = {}): ChainLink => ({
  ...{ from: from.id, to: to.id, kind: 'call', evidence: 'named', how: '', why: ['why'] },
  places: [place(from.file || 'mm/m.c', 7)],
  ...more,
});

/** A step to a target of a node. */
export const stepTo = (
  from: ChainNode,
  to: ChainNode,
  more: Partial<ChainLink> & { outside?: true } = {},
): ChainStep => {
  const { outside, ...link } = more;
  return { node: to, link: chainLink(from, to, link), ...(outside ? { outside } : {}) };
};

/** An exploration of one node. */
export const exploreRoot = (node: ChainNode, more: Partial<ExploreRoot> = {}): ExploreRoot => ({
  ...{ kind: 'explore', id: '', direction: 'targets', of: null, context: '', pinned: false },
  roots: [{ node, how: '' }],
  ...more,
});

/** A found chain of functions and slots. */
export function foundChain(...nodes: ChainNode[]): FoundChain {
  const steps = nodes.map((node, n) => ({ node, link: n > 0 ? chainLink(nodes[n - 1], node) : null }));
  return { kind: '', steps };
}

/** A search that has found chains. */
export const searchRoot = (chains: FoundChain[], more: Partial<SearchRoot> = {}): SearchRoot => ({
  ...{ kind: 'search', id: '', message: null, busy: false, pinned: false, chains },
  question: { from: 'a', to: 'b', through: [], context: '' },
  ...more,
});
