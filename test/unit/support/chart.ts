/** Charts for the graph tab's tests: nodes by their names, links by arrows. */
import type { Chart } from '../../../client/src/graph/chart.ts';
import type { ChainLink, ChainNode } from '../../../server/src/lsp/protocol.ts';

const location = (uri: string, line: number) => ({
  uri,
  range: { start: { line, character: 0 }, end: { line, character: 1 } },
});

/** A node; a name that begins with `->` is a slot of `struct ops`. */
export function chainNodeNamed(
  name: string,
  file = name.startsWith('->') ? 'include/ops.h' : `fs/${name}.c`,
): ChainNode {
  const isSlot = name.startsWith('->');
  return {
    ...{ id: name, kind: isSlot ? 'slot' : 'function', name, owner: isSlot ? 'ops' : '', file, group: 'fs' },
    location: location(`file:///k/${file}`, 3),
    data: { kind: isSlot ? 'slot' : 'function', name },
  };
}

/** A link between two names: into a slot a dispatch, out of one a member, else a call. */
export function linkNamed(from: string, to: string, more: Partial<ChainLink> = {}): ChainLink {
  const kind = to.startsWith('->') ? 'dispatch' : from.startsWith('->') ? 'member' : 'call';
  return {
    ...{ from, to, kind, evidence: kind === 'call' ? 'named' : 'typed', how: kind === 'member' ? `in ${to}_ops` : '' },
    ...{ why: [], places: [location(`file:///k/fs/${from}.c`, 7)] },
    ...more,
  };
}

/** A chart of lines such as `a b c`: a gets to b, b to c. */
export function chartOf(lines: readonly string[], more: Partial<Chart> = {}): Chart {
  const names = new Set<string>();
  const links: ChainLink[] = [];
  for (const line of lines) {
    const way = line.split(' ');
    for (const name of way) names.add(name);
    for (let i = 1; i < way.length; i++) links.push(linkNamed(way[i - 1], way[i]));
  }
  return { title: 'A graph', nodes: [...names].map((name) => chainNodeNamed(name)), links, ...more };
}
