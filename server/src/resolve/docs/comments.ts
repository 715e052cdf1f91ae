/** Comments that belong to a declaration: the one above it, the one beside it, and what kernel-doc says in it. */

/** A comment with its place: 1-based lines, both included. */
export interface Comment {
  /** the text without stars and marks, a line each */
  lines: string[];
  line: number;
  endLine: number;
  /** it begins with `/**`: kernel-doc, of Documentation/doc-guide/kernel-doc.rst */
  isKernelDoc: boolean;
}

/** Lines of a declaration before the one with its name: `static int` alone, an attribute. */
const MAX_HEAD = 3;

/**
 * The comment that stands right above the declaration whose name is on a line (1-based); null without one. Above it an
 * #if or a blank line may stand in between where the comment is kernel-doc.
 */
export function commentAbove(lines: readonly string[], line: number): Comment | null {
  let n = line - 2;
  for (let head = 0; head < MAX_HEAD && n >= 0 && isHead(lines[n]); head++) n--;
  const own = n;
  while (n >= 0 && own - n < 2 && (lines[n].trim() === '' || /^\s*#\s*if/.test(lines[n]))) n--;
  const comment = n >= 0 ? commentEndingAt(lines, n) : null;
  return comment && (n === own || comment.isKernelDoc) ? comment : null;
}

const isHead = (text: string): boolean => /^[A-Za-z_][\w\s*()"]*$/.test(text.trimEnd()) && !/;|\*\//.test(text);

/** The comment whose last line is `n` (from 0), where it fills its lines; null where there is none. */
function commentEndingAt(lines: readonly string[], n: number): Comment | null {
  if (/^\s*\/\//.test(lines[n])) {
    let first = n;
    while (first > 0 && /^\s*\/\//.test(lines[first - 1])) first--;
    const text = lines.slice(first, n + 1).map((l) => l.replace(/^\s*\/\/+ ?/, '').trimEnd());
    return { lines: text, line: first + 1, endLine: n + 1, isKernelDoc: false };
  }
  if (!/\*\/\s*$/.test(lines[n])) return null;
  let first = n;
  while (first >= 0 && !lines[first].includes('/*')) first--;
  if (first < 0 || !/^\s*\/\*/.test(lines[first])) return null;
  const raw = lines
    .slice(first, n + 1)
    .join('\n')
    .trim();
  return {
    lines: textOf(raw),
    line: first + 1,
    endLine: n + 1,
    isKernelDoc: /^\/\*\*[^*]/.test(raw) && !raw.startsWith('/**/'),
  };
}

/** What a comment says, without its marks. */
const textOf = (raw: string): string[] =>
  raw
    .replace(/^\/\*+/, '')
    .replace(/\**\*\/$/, '')
    .split('\n')
    .map((l, n) => (n === 0 ? l.trim() : l.replace(/^\s*\*? ?/, '').trimEnd()));

/** The comment at the end of a declaration's line, `int n; /* … *​/`; '' without one. It may go on for some lines. */
export function commentBeside(lines: readonly string[], line: number): string {
  // the declaration may end some lines further down
  for (let n = line - 1; n < Math.min(lines.length, line + 3); n++) {
    const semicolon = lines[n].indexOf(';');
    if (semicolon < 0) continue;
    const rest = lines[n].slice(semicolon + 1).trim();
    if (rest.startsWith('//')) return rest.replace(/^\/+ ?/, '');
    if (!rest.startsWith('/*')) return '';
    const parts = [rest];
    for (let i = n + 1; i < Math.min(lines.length, n + 8) && !parts.at(-1)?.includes('*/'); i++) parts.push(lines[i]);
    return textOf(parts.join('\n').replace(/\*\/[\s\S]*$/, '*/'))
      .join(' ')
      .trim();
  }
  return '';
}

/**
 * What a struct's comment says of a member by its prototype, as that of net_device_ops does: `int (*ndo_open)(…);` and
 * text further in below it; '' where it doesn't.
 */
export function memberInComment({ lines }: Comment, member: string): string {
  const at = lines.findIndex((l) => new RegExp(`\\(\\*\\s*${member}\\)\\s*\\(`).test(l));
  if (at < 0) return '';
  const indent = indentOf(lines[at]);
  let n = at + 1;
  // the prototype may go on for some lines
  while (n < lines.length && n < at + 4 && !/;\s*$/.test(lines[n - 1])) n++;
  const parts: string[] = [];
  for (; n < lines.length && lines[n].trim() !== '' && indentOf(lines[n]) > indent; n++) parts.push(lines[n].trim());
  return parts.join(' ');
}

const indentOf = (line: string): number => line.replace(/\t/g, '        ').search(/\S|$/);

/** What a function's comment says in short, and whether there is more of it. */
export interface FunctionDoc {
  /** the brief description, or the first paragraph */
  summary: string;
  /** what it returns; '' where it doesn't say */
  returns: string;
  hasMore: boolean;
}

/** A paragraph of a comment, or a section of kernel-doc: `Return: …`, `@vma: …`. */
interface Part {
  /** what stands before the colon; '' for a paragraph */
  head: string;
  text: string;
}

const HEAD = /^\s*(@[\w.]+|@?\.\.\.|[A-Z][A-Za-z ]{0,30})\s*:(?:\s+(.*))?$/;
const IS_DESCRIPTION = /^description$/i;
const RETURN_HEAD = /^(?:returns?|return values?)$/i;

/** The parts of a comment, in order. */
function partsOf({ lines, isKernelDoc }: Comment): Part[] {
  const parts: Part[] = [];
  let isOpen = false;
  for (const line of lines) {
    const text = line.trim();
    const head = isKernelDoc ? HEAD.exec(line) : null;
    if (head) parts.push({ head: head[1], text: head[2] ?? '' });
    else if (text !== '' && isOpen) parts[parts.length - 1].text += ` ${text}`;
    else if (text !== '') parts.push({ head: '', text });
    // a head alone on its line has its text below, behind a blank line even
    isOpen = text !== '' || (isOpen && parts.at(-1)?.text === '');
  }
  return parts;
}

/** Reads a function's comment: of kernel-doc the brief description, the first paragraph, and what it returns. */
export function functionDoc(comment: Comment): FunctionDoc {
  const parts = partsOf(comment);
  const [first = '', second = '', ...others] = parts
    .filter(({ head }) => head === '' || IS_DESCRIPTION.test(head))
    .map(({ text }) => text.trim());
  const returns = parts.find(({ head }) => RETURN_HEAD.test(head))?.text.trim() ?? '';
  const isSection = ({ head }: Part): boolean => head !== '' && !RETURN_HEAD.test(head) && !IS_DESCRIPTION.test(head);
  if (!comment.isKernelDoc) return { summary: first, returns, hasMore: second !== '' };
  // `name() - what it does`
  const brief = first.replace(/^\w+(?:\(\))?\s*[-–—:]+\s*/, '');
  const summary = brief && second ? `${sentence(brief)} ${second}` : brief || second;
  return { summary, returns, hasMore: others.length > 0 || parts.some(isSection) };
}

const sentence = (text: string): string => {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?:]$/.test(capital) ? capital : `${capital}.`;
};
