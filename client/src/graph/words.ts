/** What boxes and lines say: to the eye in a tooltip, to the ear in a label. */
import type { ChainLink, ChainNode } from '../../../server/src/lsp/protocol.ts';
import type { ChartIndex, Pair } from './chart.ts';
import { STYLES } from './paths.ts';
import type { Fold } from './scene.ts';

/** What links rest on, in words; '' where nothing is in doubt. */
const EVIDENCE: Readonly<Record<string, string>> = {
  named: '',
  typed: '',
  flow: 'the pointer was followed',
  signature: 'by signature alone',
  name: 'by name alone',
  inlined: '',
};

const KINDS: Readonly<Record<ChainNode['kind'], string>> = {
  function: 'function',
  macro: 'macro',
  slot: 'slot',
  pointer: 'pointer',
};

/** Is a link's end a guess by a name or a signature? */
export const isUnsure = ({ evidence }: ChainLink): boolean => evidence === 'name' || evidence === 'signature';

/** What a line is drawn as: its first link's kind, or that it was inlined. */
export const lineStyle = ({ links: [link] }: Pick<Pair, 'links'>): string =>
  link?.evidence === 'inlined' ? 'inlined' : (link?.kind ?? 'call');

const placeOf = ({ file, location }: ChainNode): string =>
  file ? `${file}:${location.range.start.line + 1}` : 'place not known';

const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

/** Lines of a node's tooltip: its name first. */
export function nodeLines(node: ChainNode, { out, into }: ChartIndex, pinned: boolean): string[] {
  const callers = into.get(node.id)?.length ?? 0;
  const targets = out.get(node.id)?.length ?? 0;
  return [
    node.kind === 'slot' && node.owner ? `${node.owner}${node.name}` : node.name,
    `${KINDS[node.kind]} · ${placeOf(node)}`,
    `${counted(callers, 'caller')}, ${counted(targets, 'target')} in this graph${pinned ? ' · pinned' : ''}`,
  ];
}

/** What a screen reader says of a node: what its box says, then what its tooltip does. */
export function nodeLabel(
  { name, below }: { name: string; below: string },
  node: ChainNode,
  index: ChartIndex,
  pinned: boolean,
): string {
  const [whole, ...rest] = nodeLines(node, index, pinned);
  const seen = [name, below].filter(Boolean).join(' ');
  return [seen, name.includes('…') ? whole : '', ...rest].filter(Boolean).join(', ');
}

/** Lines of a line's tooltip, all its links: what leads on how, and on what that rests. */
export function pairLines({ from, to, links }: Pair, { nodes }: ChartIndex): string[] {
  const name = (id: string): string => nodes.get(id)?.name ?? id;
  const lines = [`${name(from)} → ${name(to)}`];
  for (const link of links) {
    const evidence = EVIDENCE[link.evidence] ?? link.evidence;
    const style = STYLES[link.evidence === 'inlined' ? 'inlined' : link.kind];
    lines.push([style?.says ?? link.kind, link.how, evidence].filter(Boolean).join(' · '));
    lines.push(...link.why);
  }
  return lines;
}

/** What a fold says of itself; `name`: what its box says. */
export const foldLabel = ({ side, of }: Fold, name: string, { nodes }: ChartIndex): string =>
  `${name}: folded ${side} of ${nodes.get(of)?.name ?? of}`;

/** The frame's title around what opened from a node. */
export const openedTitle = (node: ChainNode | undefined, side: Fold['side']): string => {
  const name = node?.name ?? '';
  if (side === 'callers') return `callers of ${name}`;
  return node?.kind === 'slot' ? `ways through ${name}` : `called by ${name}`;
};
