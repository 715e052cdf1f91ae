/** Rows of the Chains view as text and Markdown; as diagrams, they are graphs. */
import type { ChainNode } from '../../../server/src/lsp/protocol.ts';
import type { Outline } from './model.ts';
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
