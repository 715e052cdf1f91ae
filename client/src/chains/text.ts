/** Rows of the Chains view as text, Markdown, Mermaid and DOT. */
import type { ChainNode } from '../../../server/src/lsp/protocol.ts';
import type { ChainGraph, Outline } from './model.ts';
import { ownNode, type Row, sizeOf } from './rows.ts';
import { groupWords, pathWords, rootWords, stepDescription } from './words.ts';

/** What a row is called, what stands beside it, and the place that belongs to it. */
function wordsOf(row: Row): { name: string; beside: string; node: ChainNode | null } {
  switch (row.kind) {
    case 'root': {
      const [name, beside] = rootWords(row.root);
      return { name, beside, node: ownNode(row.root) };
    }
    case 'step':
      return { name: row.node.name, beside: stepDescription(row), node: row.node };
    case 'path': {
      const [name, beside] = pathWords(row);
      return { name, beside, node: null };
    }
    case 'group': {
      const [name, beside] = groupWords(row, sizeOf(row));
      return { name, beside, node: null };
    }
    default:
      return { name: row.text, beside: '', node: null };
  }
}

/** An indented text, two blanks a step: name, what stands beside it. */
export function asText({ row, below }: Outline, depth = 0): string {
  const { name, beside, node } = wordsOf(row);
  const file = node?.file && row.kind === 'root' ? `  ${node.file}` : '';
  const line = `${'  '.repeat(depth)}${name}${beside ? `  ${beside}` : ''}${file}`;
  return [line, ...below.map((b) => asText(b, depth + 1))].join('\n');
}

/** A plain text for Markdown: its own characters are no marks. */
export const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~]/g, (c) => `\\${c}`);

/** A nested list, names as code. */
export function asMarkdown({ row, below }: Outline, depth = 0): string {
  const { name, beside, node } = wordsOf(row);
  const title = node || row.kind === 'root' ? `\`${name.replaceAll('`', "'")}\`` : escaped(name);
  const line = `${'  '.repeat(depth)}- ${title}${beside ? ` ${escaped(beside)}` : ''}`;
  return [line, ...below.map((b) => asMarkdown(b, depth + 1))].join('\n');
}

const quoted = (text: string): string => text.replace(/["\\]/g, "'");

/** What stands in a node of a diagram, line by line. */
const linesOf = ({ name, owner, file }: ChainNode): string[] => [name, owner || file].filter(Boolean);

/** Ids that a diagram may use, by the nodes' own. */
const idsOf = ({ nodes }: ChainGraph): Map<string, string> => new Map(nodes.map(({ id }, n) => [id, `n${n}`]));

/** What is written beside an arrow. */
const labelOf = ({ how, evidence }: ChainGraph['links'][number]): string =>
  quoted([how, evidence === 'named' || evidence === 'typed' ? '' : `(${evidence})`].filter(Boolean).join(' '));

/** A flow chart for Mermaid: slots as hexagons, what is not by name or type dotted. */
export function asMermaid(graph: ChainGraph): string {
  const ids = idsOf(graph);
  const out = ['flowchart TD'];
  for (const node of graph.nodes) {
    const text = linesOf(node).map(quoted).join('<br/>');
    out.push(node.kind === 'slot' ? `  ${ids.get(node.id)}{{"${text}"}}` : `  ${ids.get(node.id)}["${text}"]`);
  }
  for (const link of graph.links) {
    const arrow = link.evidence === 'named' || link.evidence === 'typed' ? '-->' : '-.->';
    const label = labelOf(link);
    out.push(`  ${ids.get(link.from)} ${arrow}${label ? `|"${label}"|` : ''} ${ids.get(link.to)}`);
  }
  return `${out.join('\n')}\n`;
}

/** A digraph for Graphviz, the files as tooltips; lines as in `asMermaid`. */
export function asDot(graph: ChainGraph): string {
  const ids = idsOf(graph);
  const out = [`digraph "${quoted(graph.title)}" {`, '  node [shape=box];'];
  for (const node of graph.nodes) {
    const label = linesOf(node).map(quoted).join('\\n');
    out.push(`  ${ids.get(node.id)} [label="${label}"${node.kind === 'slot' ? ', shape=hexagon' : ''}];`);
  }
  for (const link of graph.links) {
    const label = labelOf(link);
    const style = link.evidence === 'named' || link.evidence === 'typed' ? [] : ['style=dashed'];
    const attributes = [...(label ? [`label="${label}"`] : []), ...style].join(', ');
    out.push(`  ${ids.get(link.from)} -> ${ids.get(link.to)}${attributes ? ` [${attributes}]` : ''};`);
  }
  return `${[...out, '}'].join('\n')}\n`;
}
