/** Hover texts: short Markdown, the same words and shapes everywhere. */

import type { LeftOut } from '../kernel/proximity.ts';
import type { Test } from '../resolve/cursor/branches.ts';
import type { TreePlace } from '../resolve/world.ts';
import type { Request } from './request.ts';
import { uriOf } from './request.ts';

/** Text for a table's cell or a sentence, with Markdown's own characters made harmless. */
export const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~]/g, (c) => `\\${c}`).replace(/\s+/g, ' ');

/** Code in a line of text or in a table's cell. */
export const code = (text: string): string =>
  `\`${text.replace(/`/g, "'").replace(/\s+/g, ' ').replace(/\|/g, '\\|')}\``;

/** A name that leads to its place; just the name where there is none. */
export function link(
  request: Pick<Request, 'root'>,
  name: string,
  at: Pick<TreePlace, 'file' | 'line'> | null,
): string {
  return at ? `[${code(name)}](${uriOf(request.root, at.file)}#L${at.line})` : code(name);
}

/** `fs/ext4/file.c:812` as a link. */
export const placeLink = (request: Pick<Request, 'root'>, at: Pick<TreePlace, 'file' | 'line'>): string =>
  `[${plain(at.file)}:${at.line}](${uriOf(request.root, at.file)}#L${at.line})`;

/** Characters of a path that a table's cell has room for beside two others, in an editor of 1,000 pixels. */
const NARROW = 26;

/** The end of a path that a narrow cell has room for: whole folders, `…/gem/i915_gem_mman.c`; a file's name is never cut. */
export function shortPath(path: string): string {
  if (path.length <= NARROW) return path;
  const parts = path.split('/');
  let from = parts.length - 1;
  while (from > 0 && parts.slice(from - 1).join('/').length + 2 <= NARROW) from--;
  return from === 0 ? path : `…/${parts.slice(from).join('/')}`;
}

/** A file as a link to a line of it, for a narrow cell. */
export const shortPlaceLink = (request: Pick<Request, 'root'>, at: Pick<TreePlace, 'file' | 'line'>): string =>
  `[${plain(shortPath(at.file))}](${uriOf(request.root, at.file)}#L${at.line})`;

/** Target of a link to a line of a file of the tree. */
export const uriLink = (request: Pick<Request, 'root'>, file: string, line: number): string =>
  `${uriOf(request.root, file)}#L${line}`;

/** C code as a block. */
export const block = (text: string): string => `\`\`\`c\n${text.replace(/```/g, "'''")}\n\`\`\``;

/** A table; columns in which no row has anything are left out. Null rows, no table. */
export function table(head: string[], rows: readonly string[][]): string {
  if (rows.length === 0) return '';
  const used = head.map((_, c) => rows.some((r) => r[c]));
  const line = (cells: readonly string[]): string => `| ${cells.filter((_, c) => used[c]).join(' | ')} |`;
  return [line(head), line(head.map(() => ':--')), ...rows.map(line)].join('\n');
}

/** A whole number as English has it, `12,345`. (A locale's own way takes 20 ms to load, which the first hover pays.) */
export const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 table`, `1,204 tables`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${grouped(n)} ${n === 1 ? one : many}`;

/** `+ 14 in other architectures`, or nothing. */
export function leftOutText({ architectures, programs }: LeftOut): string {
  const parts = [
    architectures ? `${grouped(architectures)} in other architectures` : '',
    programs ? `${grouped(programs)} in other programs of the tree` : '',
  ].filter(Boolean);
  return parts.length ? `+ ${parts.join(', ')}` : '';
}

/** How many there are in folders, `fs/ext4 12 · fs/xfs 3 · 14 more folders`; the counts are of what the folders hold. */
export function foldersText(groups: readonly { folder: string; items: readonly unknown[] }[], limit: number): string {
  const shown = groups.slice(0, limit).map((g) => `${code(g.folder || '.')} ${grouped(g.items.length)}`);
  const rest = groups.length - limit;
  return [...shown, ...(rest > 0 ? [count(rest, 'more folder')] : [])].join(' · ');
}

/** The first names of a list, and how many more there are. */
export function someOf(names: readonly string[], limit: number): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length > limit ? `${shown}, … ${grouped(names.length - limit)} more` : shown;
}

/** An #if condition as people read it: `CONFIG_COMPAT && !CONFIG_NUMA`. */
export const conditionText = (condition: string | null): string =>
  condition
    ? condition
        .replace(/defined\s*\(\s*(\w+)\s*\)/g, '$1')
        .replace(/IS_ENABLED\((\w+)\)/g, '$1')
        .replace(/^\((\w+)\)$/, '$1')
    : '';

/** The runtime tests that decide whether a place runs, as ` · if x · unless y`; the two nearest to it. */
export const testsText = (tests: readonly Test[]): string =>
  tests
    .slice(0, 2)
    .map((t) => ` · ${t.holds ? 'if' : 'unless'} ${code(t.text)}`)
    .join('');

/** Kernel-doc as one paragraph, cut at a word. */
export function docText(doc: string, limit = 500): string {
  const text = doc.replace(/\s+/g, ' ').trim();
  return plain(text.length <= limit ? text : `${text.slice(0, text.lastIndexOf(' ', limit))} …`);
}

/** Words that kernel-doc marks: `%NULL`, `@vma`, `&struct page`, ``` ``text`` ```, and calls. */
const DOC_MARKS =
  /``([^`]+)``|(?<!\w)[%@&]((?:(?:struct|union|enum|typedef) )?-?\w+(?:(?:->|\.)\w+)*(?:\(\))?)|(?<![\w.>-])((?:->)?[A-Za-z_]\w*\(\))/g;

/** Text of a comment or of Documentation/ in a paragraph, cut at a word; what it marks as code becomes that. */
export function docMarkdown(doc: string, limit: number): string {
  const whole = doc.replace(/\s+/g, ' ').trim();
  const text = whole.length <= limit ? whole : `${whole.slice(0, whole.lastIndexOf(' ', limit))} …`;
  let out = '';
  let done = 0;
  for (const m of text.matchAll(DOC_MARKS)) {
    out += plain(text.slice(done, m.index)) + code(m[1] ?? m[2] ?? m[3]);
    done = m.index + m[0].length;
  }
  return out + plain(text.slice(done));
}

/** A type with a declared name put where C has it: `int (*)(void)` and `f` make `int (*f)(void)`. */
export function declare(type: string, name: string): string {
  const text = type.replace(/\b(struct|union) @\d*/g, '$1 { … }');
  const pointer = /\(\*+(?=[)[])/.exec(text);
  if (pointer) {
    const at = pointer.index + pointer[0].length;
    return text.slice(0, at) + name + text.slice(at);
  }
  const bracket = text.indexOf('[');
  if (bracket >= 0)
    return `${text.slice(0, bracket).trimEnd()}${/\*\s*$/.test(text.slice(0, bracket)) ? '' : ' '}${name}${text.slice(bracket)}`;
  return text.endsWith('*') ? text + name : `${text} ${name}`;
}

/** Paragraphs, empty ones left out. */
export const paragraphs = (...parts: (string | false | null | undefined)[]): string =>
  parts.filter(Boolean).join('\n\n');
