/** What a word is by what stands beside it in the text: a member, a tag, a label, a plain name. */
import { isHeadWord, isTagWord } from '../words.ts';
import type { Occurrence } from './occurrences.ts';
import { inWord } from './wordSet.ts';

/**
 * What a word may be, by its neighbours alone.
 * - `member`: behind `.` or `->`, designators included
 * - `tag`: behind `struct`, `union` or `enum`
 * - `label`: of a goto
 * - `path`: of an #include, or in the text of an #error, or the word of a directive itself
 * - `parameter`: of the macro in whose #define it stands
 * - `macro`: the name that a #define gives
 * - `declarator`: a plain name that may be declared right here
 * - `plain`: any other
 */
export type Role = 'member' | 'tag' | 'label' | 'path' | 'parameter' | 'macro' | 'declarator' | 'plain';

const NEWLINE = 10;
const BACKSLASH = 92;
const BLANK = 32;

/** Index of the last byte before `at` that is neither blank nor of a comment; -1 where there is none from `from` on. */
export function significantBefore(bytes: Buffer, at: number, from: number): number {
  let i = at - 1;
  while (i >= from) {
    const c = bytes[i];
    if (c <= BLANK || (c === BACKSLASH && (bytes[i + 1] === NEWLINE || bytes[i + 1] === 13))) i--;
    else if (c === 47 && bytes[i - 1] === 42 && i - 2 >= from)
      i = Math.max(from - 1, bytes.lastIndexOf('/*', i - 2) - 1);
    else return i;
  }
  return -1;
}

/** Index of the first such byte from `at` on; the length where there is none. */
export function significantFrom(bytes: Buffer, at: number): number {
  let i = at;
  while (i < bytes.length) {
    const c = bytes[i];
    if (c <= BLANK || (c === BACKSLASH && (bytes[i + 1] === NEWLINE || bytes[i + 1] === 13))) i++;
    else if (c === 47 && bytes[i + 1] === 42) {
      const end = bytes.indexOf('*/', i + 2);
      i = end < 0 ? bytes.length : end + 2;
    } else return i;
  }
  return i;
}

function wordEndingAt(bytes: Buffer, last: number): string {
  let i = last;
  while (i >= 0 && inWord[bytes[i]] !== 0) i--;
  return bytes.toString('latin1', i + 1, last + 1);
}

/** Role of the word of `length` bytes that stands at an occurrence of a C file's text, or of assembly. */
export function roleOf(bytes: Buffer, { offset, directive }: Occurrence, length: number, isAssembly: boolean): Role {
  if (directive >= 0) {
    const role = roleInDirective(bytes, directive, offset, length);
    if (role) return role;
  }
  const last = significantBefore(bytes, offset, directive >= 0 ? directive : 0);
  const before = last < 0 ? '' : String.fromCharCode(bytes[last]);
  // `.Lname` and `.section` of assembly are no members, and its labels are functions
  if (isAssembly && directive < 0) return before === '.' && last === offset - 1 ? 'label' : 'plain';
  if (before === '.') return bytes[last - 1] === 46 ? 'plain' : 'member';
  if (before === '>' && bytes[last - 1] === 45) return 'member';
  const word = last >= 0 && inWord[bytes[last]] !== 0 ? wordEndingAt(bytes, last) : '';
  if (isTagWord(word)) return 'tag';
  const next = significantFrom(bytes, offset + length);
  const after = next < bytes.length ? String.fromCharCode(bytes[next]) : '';
  if (word === 'goto' || isLabel(bytes, last, before, after)) return 'label';
  return mayDeclare(bytes, { offset, last, before, word, after }, directive) ? 'declarator' : 'plain';
}

/** `name:` as a statement's label, `&&name` as its address; `before` is what stands at `last`. */
function isLabel(bytes: Buffer, last: number, before: string, after: string): boolean {
  if (after === ':' && /[;{}:]/.test(before)) return before !== ':' || !isOfChoice(bytes, last);
  return before === '&' && bytes[last - 1] === 38 && /[=({,;]/.test(charBefore(bytes, last - 1));
}

const charBefore = (bytes: Buffer, at: number): string => {
  const i = significantBefore(bytes, at, 0);
  return i < 0 ? ';' : String.fromCharCode(bytes[i]);
};

/** `a ? b : name : …`: is the colon that of a choice? Its statement has a `?` before it. */
function isOfChoice(bytes: Buffer, colon: number): boolean {
  const text = bytes.toString('latin1', Math.max(0, colon - 200), colon);
  return text.lastIndexOf('?') > Math.max(text.lastIndexOf(';'), text.lastIndexOf('{'), text.lastIndexOf('}'));
}

const DEFINE = /^#\s*define\s+([A-Za-z_]\w*)(?:\(([^)]*)\))?/;

/** Role of a word by the directive that it stands in; null where that is as in any other text. */
function roleInDirective(bytes: Buffer, directive: number, offset: number, length: number): Role | null {
  const head = bytes.toString('latin1', directive, Math.min(bytes.length, directive + 400)).replace(/\\\r?\n/g, '  ');
  if (
    /^#\s*$/.test(head.slice(0, offset - directive)) ||
    /^#\s*(?:include\w*|error|warning|pragma|ident|line)\b/.test(head)
  )
    return 'path';
  const define = DEFINE.exec(head);
  if (!define) return 'plain';
  const word = bytes.toString('latin1', offset, offset + length);
  if (define[1] === word && head.indexOf(word, head.indexOf('define') + 6) === offset - directive) return 'macro';
  if (define[2]?.split(',').some((p) => p.trim().replace(/\.\.\.$/, '') === word)) {
    // in a body `(p)->name`, too, is what the argument is
    return 'parameter';
  }
  return null;
}

/** A word's neighbours. */
interface Beside {
  offset: number;
  /** index of the last byte before it that counts, what stands there, and the word that ends there */
  last: number;
  before: string;
  word: string;
  /** the next byte that counts */
  after: string;
}

/** Words before a name that make no declaration of it. */
const NO_TYPES = /^(?:return|case|else|do|sizeof|typeof|__typeof__|in|defined|_Alignof|__alignof__)$/;

/** May the word be declared right here, as a local, a parameter or a member? Only what can't be is plain. */
function mayDeclare(bytes: Buffer, { offset, last, before, word, after }: Beside, directive: number): boolean {
  if (!/[;=,)[:]/.test(after) || directive >= 0) return false;
  if (word) return !NO_TYPES.test(word) && !isHeadWord(word);
  if (before !== '*' && before !== ',') return false;
  // `(*name)`: a pointer to a function that is declared, or called
  if (before === '*' && charBefore(bytes, last) === '(') return true;
  const head = statementHead(bytes, offset, last);
  // in the parentheses of a call nothing is declared: those of a head stand at the front of their line, and have types
  if (head.depth > 0) return before === '*' && (head.isAtFront || head.isBlockHead);
  return !/^return\b/.test(head.text) && /^(?:(?:struct|union|enum)\s+)?[A-Za-z_]\w*\s*(?:[A-Za-z_*])/.test(head.text);
}

const MOST_HEAD = 600;

/** The statement before a word: its text, how deep in parentheses the word stands, and whether it begins its line. */
function statementHead(
  bytes: Buffer,
  offset: number,
  last: number,
): { text: string; depth: number; isAtFront: boolean; isBlockHead: boolean } {
  let depth = 0;
  let i = last;
  const low = Math.max(0, last - MOST_HEAD);
  for (; i >= low; i--) {
    const c = bytes[i];
    if (c === 41) depth--;
    else if (c === 40) depth++;
    else if (c === 123 || c === 125 || (c === 59 && depth <= 0)) break;
  }
  const text = bytes.toString('latin1', i + 1, offset).replace(/\/\*[\s\S]*?\*\//g, (all) => ' '.repeat(all.length));
  // what stands before a statement at the front of a line is no head: a label, the end of an #if
  const lead = /^(?:\s|#[^\n]*\n|\w+:(?!:))*/.exec(text)?.[0].length ?? 0;
  const at = i + 1 + lead;
  return {
    text: text.slice(lead).trim(),
    depth,
    isAtFront: (i >= low || low === 0) && (at === 0 || bytes[at - 1] === NEWLINE),
    isBlockHead: /^for\b/.test(text.slice(lead)),
  };
}
