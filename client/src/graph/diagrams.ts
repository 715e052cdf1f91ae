/** Chains as texts that other tools draw: Mermaid for a reply or a README, DOT for Graphviz. */
import type { ChainLink, ChainNode } from '../../../server/src/lsp/protocol.ts';

/** Quotes and what either language reads as its own, left out of a text. */
const plain = (text: string): string => text.replace(/["\\<#;`]/g, "'").replace(/\s+/g, ' ');

const numbered = (nodes: readonly ChainNode[]): Map<string, string> => new Map(nodes.map(({ id }, n) => [id, `n${n}`]));

const nameOf = ({ kind, name, owner }: ChainNode): string => (kind === 'slot' && owner ? `${owner}${name}` : name);

const ARROWS: Readonly<Record<ChainLink['kind'], string>> = {
  call: '-->',
  dispatch: '==>',
  member: '-.->',
  argument: '-.->',
  flow: '-.->',
};

/** A flowchart in Mermaid's language. */
export function mermaidText(nodes: readonly ChainNode[], links: readonly ChainLink[]): string {
  const ids = numbered(nodes);
  const out = ['flowchart TD'];
  for (const node of nodes) {
    const text = plain(nameOf(node));
    out.push(node.kind === 'slot' ? `  ${ids.get(node.id)}{{"${text}"}}` : `  ${ids.get(node.id)}["${text}"]`);
  }
  for (const { from, to, kind, how } of links) {
    const [a, b] = [ids.get(from), ids.get(to)];
    if (a && b) out.push(how ? `  ${a} ${ARROWS[kind]}|"${plain(how)}"| ${b}` : `  ${a} ${ARROWS[kind]} ${b}`);
  }
  return `${out.join('\n')}\n`;
}

const STYLE: Readonly<Record<ChainLink['kind'], string>> = {
  call: '',
  dispatch: 'penwidth=2, arrowhead=diamond',
  member: 'style=dashed, arrowhead=empty',
  argument: 'style=dotted, arrowhead=vee',
  flow: 'style=dashed, arrowhead=odot',
};

/** A digraph in Graphviz's language, functions of one file in a cluster. */
export function dotText(nodes: readonly ChainNode[], links: readonly ChainLink[]): string {
  const ids = numbered(nodes);
  const out = ['digraph kerntrail {', '  node [shape=box, fontname=monospace];'];
  const files = new Map<string, ChainNode[]>();
  for (const node of nodes) {
    const file = node.kind === 'slot' ? '' : node.file;
    files.set(file, [...(files.get(file) ?? []), node]);
  }
  const nodeText = (node: ChainNode): string =>
    `${ids.get(node.id)} [label="${plain(nameOf(node))}"${node.kind === 'slot' ? ', shape=hexagon' : ''}];`;
  let n = 0;
  for (const [file, members] of files) {
    if (!file || members.length < 2) {
      out.push(...members.map((node) => `  ${nodeText(node)}`));
      continue;
    }
    out.push(`  subgraph cluster_${n++} {`, `    label="${plain(file)}";`);
    out.push(...members.map((node) => `    ${nodeText(node)}`), '  }');
  }
  for (const { from, to, kind, how } of links) {
    const [a, b] = [ids.get(from), ids.get(to)];
    const attributes = [how ? `label="${plain(how)}"` : '', STYLE[kind]].filter(Boolean).join(', ');
    if (a && b) out.push(`  ${a} -> ${b}${attributes ? ` [${attributes}]` : ''};`);
  }
  return `${[...out, '}'].join('\n')}\n`;
}
