/** What a tree's Documentation/ says of a slot: its row in a table of locking rules, its entry in a list, its paragraphs. */

import { newCache } from '../../index/cache.ts';
import { readTreeText, statTreeFile } from '../../index/treeFiles.ts';
import { docSections, isTableEdge, linesOfSection } from './docSections.ts';

/** One saying, with its place: a path relative to the tree, and a 1-based line. */
export interface SlotDoc {
  file: string;
  line: number;
  /** of a row, the columns that say something, `mmap_lock: yes`; else a paragraph of plain text */
  text: string;
  kind: 'row' | 'text';
}

/** More sections are not looked at, and more sayings not read in a hover. */
const MAX_SECTIONS = 12;
const MAX_SAYINGS = 4;
/** Lines of one paragraph. */
const MAX_LINES = 8;

/** Lines of texts that were read last: the slots of one struct are told of in the same ones. */
const texts = newCache<string, string[]>(1 << 15, (lines) => lines.length + 1);

function linesOfText(root: string, file: string): string[] {
  const read = (): string[] => readTreeText(root, file, 'utf8')?.split('\n').map(expandTabs) ?? [];
  return texts.get(`${root}\0${file}\0${statTreeFile(root, file)?.mtime}`, read);
}

/** Sayings of the slot `owner.member`, in the order of the texts; none where the tree has no Documentation/. */
export function slotDocs(root: string, owner: string, member: string): SlotDoc[] {
  if (!owner || !member) return [];
  const out: SlotDoc[] = [];
  for (const { file, line } of docSections(root, owner).slice(0, MAX_SECTIONS)) {
    if (out.length >= MAX_SAYINGS) break;
    const lines = linesOfText(root, file);
    const [from, to] = linesOfSection(lines, line);
    out.push(...sayings(lines, from, to, member).map((saying) => ({ file, ...saying })));
  }
  return out;
}

type Saying = Omit<SlotDoc, 'file'>;

/** What the lines of one section say of a member: a row, and the first of what is said in words. */
function sayings(lines: readonly string[], from: number, to: number, member: string): Saying[] {
  const rows: Saying[] = [];
  const texts: Saying[] = [];
  for (let n = from; n < to; n++) {
    if (isTableEdge(lines[n])) {
      const table = readTable(lines, n, to);
      rows.push(...rowsOf(table, member));
      n = table.end;
      continue;
    }
    const row = bareRow(lines, n, from, member);
    if (row) rows.push(row);
    const text = row || texts.length > 0 ? null : (entry(lines, n, to, member) ?? paragraph(lines, n, to, member));
    if (text) texts.push(text);
  }
  return [...rows.slice(0, 1), ...texts];
}

/** Documentation/ aligns by tabs of eight columns. */
function expandTabs(line: string): string {
  if (!line.includes('\t')) return line;
  let out = '';
  for (const c of line) out += c === '\t' ? ' '.repeat(8 - (out.length % 8)) : c;
  return out;
}

/** A table between edges: the heads of its columns, its rows by their lines, and the line of its last edge. */
interface DocTable {
  heads: string[];
  rows: { line: number; cells: string[] }[];
  end: number;
}

function readTable(lines: readonly string[], first: number, to: number): DocTable {
  const starts = [...lines[first].matchAll(/=+/g)].map((m) => m.index);
  const edges = [first];
  for (let n = first + 1; n < to && edges.length < 3; n++) if (isTableEdge(lines[n])) edges.push(n);
  const [, second = first, end = second] = edges;
  const cells = (n: number): string[] => cellsAt(lines[n], starts);
  const heads = starts.map((_, c) => {
    const parts: string[] = [];
    for (let n = first + 1; n < second; n++) parts.push(cells(n)[c]);
    return parts.join(' ').trim();
  });
  const rows: DocTable['rows'] = [];
  for (let n = second + 1; n < end; n++) {
    const row = cells(n);
    const above = rows.at(-1);
    if (row[0] === '' && above) above.cells = above.cells.map((cell, c) => `${cell} ${row[c]}`.trim());
    else rows.push({ line: n + 1, cells: row });
  }
  return { heads, rows, end };
}

/** A line cut at its columns; what stands across a column's start goes on into it. */
function cellsAt(line: string, starts: readonly number[]): string[] {
  const cuts = starts.map((at) => {
    while (at > 0 && at < line.length && line[at - 1] !== ' ') at++;
    return at;
  });
  return cuts.map((at, c) => line.slice(at, cuts[c + 1] ?? line.length).trim());
}

/** A member as texts write it: `fault:`, ``` ``fault`` ```, `->fault()`. */
const plainName = (cell: string): string => /^(?:``)?(?:->)?(\w+)(?:``)?(?:\(\))?:?$/.exec(cell)?.[1] ?? '';

const rowsOf = ({ heads, rows }: DocTable, member: string): Saying[] =>
  rows
    .filter(({ cells }) => plainName(cells[0]) === member)
    .map(({ line, cells }) => ({
      line,
      kind: 'row' as const,
      text: cells.flatMap((cell, c) => (c > 0 && cell ? [heads[c] ? `${heads[c]}: ${cell}` : cell] : [])).join(' · '),
    }))
    .filter(({ text }) => text !== '');

/** A row of a table without edges, as texts before 5.3 have it; its heads stand above it, behind "locking rules". */
function bareRow(lines: readonly string[], n: number, from: number, member: string): Saying | null {
  const cells = columnsOf(lines[n]);
  if (cells.length < 2 || !lines[n].startsWith(cells[0]) || plainName(cells[0]) !== member) return null;
  let top = n;
  while (top > from && columnsOf(lines[top - 1]).length > 1) top--;
  const heads = columnsOf(lines[top]);
  const named = /^\s/.test(lines[top]) && heads.length === cells.length - 1;
  if (!named && !/locking rules/i.test(lines.slice(Math.max(from, top - 3), top + 1).join('\n'))) return null;
  const text = cells.slice(1).map((cell, c) => (named ? `${heads[c]}: ${cell}` : cell));
  return { line: n + 1, kind: 'row', text: text.join(' · ') };
}

const columnsOf = (line: string): string[] => line.trim().split(/ {2,}/).filter(Boolean);

/** An entry of a list, with its text behind it or further in below it. */
function entry(lines: readonly string[], n: number, to: number, member: string): Saying | null {
  const m = /^(\s*)(?:[-*] +)?(?:``)?(?:->)?(\w+)(?:``)?(?:\([^()]*\))?(:?)(?: +(?:-+ +)?(\S.*))?$/.exec(lines[n]);
  if (m?.[2] !== member) return null;
  const [, indent, , colon, beside] = m;
  if (beside && !colon) return null;
  let first = n + 1;
  if (!beside) while (first < to && lines[first].trim() === '') first++;
  const parts = beside ? [beside] : [];
  for (let i = first; i < to && parts.length < MAX_LINES; i++) {
    if (lines[i].trim() === '' || indentOf(lines[i]) <= indent.length) break;
    parts.push(lines[i].trim());
  }
  return parts.length > 0 ? { line: n + 1, kind: 'text', text: parts.join(' ') } : null;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** A paragraph that begins with the member: `->fault() is called when …`. */
function paragraph(lines: readonly string[], n: number, to: number, member: string): Saying | null {
  if (!new RegExp(`^\\s*(?:\`\`)?->${member}\\b(?:\\(\\))?(?:\`\`)?[ ,]`).test(lines[n])) return null;
  if (n > 0 && lines[n - 1].trim() !== '') return null;
  const parts: string[] = [];
  for (let i = n; i < to && lines[i].trim() !== '' && parts.length < MAX_LINES; i++) parts.push(lines[i].trim());
  return { line: n + 1, kind: 'text', text: parts.join(' ') };
}
