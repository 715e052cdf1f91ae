/** Where a word stands in a file, outside comments and strings: a look that costs a hundredth of reading the file. */
import { directiveEnd, HASH } from '../tokens.ts';
import { inWord, opensSkipped, skipped } from './wordSet.ts';

/** One time that a word stands in a file. */
export interface Occurrence {
  /** byte offset of its first letter */
  offset: number;
  /** 1-based; the column counts bytes */
  line: number;
  column: number;
  /** offset of the `#` of the preprocessor line that it stands in; -1 outside of one */
  directive: number;
}

const NEWLINE = 10;
const BLANK = 32;
const TAB = 9;

/** By a byte: is there more to it than that it is passed? */
const STOPS = new Uint8Array(256);
for (let c = 0; c < 256; c++) if (c === NEWLINE || c === HASH || opensSkipped(c)) STOPS[c] = 1;

/** The same for an assembly with comments of its own. */
function stopsWith(comment: string): Uint8Array {
  const stops = STOPS.slice();
  for (let i = 0; i < comment.length; i++) if (comment.charCodeAt(i) > BLANK) stops[comment.charCodeAt(i)] = 1;
  return stops;
}

/** Offsets at which a word stands whole, comments and strings included. */
function offsetsOf(bytes: Buffer, word: Buffer): number[] {
  const out: number[] = [];
  // no word stands everywhere, for ever
  if (word.length === 0) return out;
  for (let at = bytes.indexOf(word); at >= 0; at = bytes.indexOf(word, at + word.length))
    if (inWord[bytes[at + word.length] ?? 0] === 0 && (at === 0 || inWord[bytes[at - 1]] === 0)) out.push(at);
  return out;
}

/** Where the walk through a file has come to. */
interface Walk {
  bytes: Buffer;
  /** of assembly: what opens a comment up to the line's end, behind a blank; '' in C */
  comment: string;
  at: number;
  line: number;
  lineStart: number;
  directive: number;
  directiveEnd: number;
}

/**
 * Every time that a word stands in a file outside comments and strings, in order. `comment` are the bytes, each of which
 * opens a comment up to the line's end in the assembly at hand; '' for C.
 */
export function occurrencesOf(bytes: Buffer, word: string, comment = ''): Occurrence[] {
  const offsets = word ? offsetsOf(bytes, Buffer.from(word, 'utf8')) : [];
  const out: Occurrence[] = [];
  const walk: Walk = { bytes, comment, at: 0, line: 1, lineStart: 0, directive: -1, directiveEnd: 0 };
  for (const offset of offsets) {
    walkTo(walk, offset);
    if (walk.at > offset) continue;
    const directive = offset < walk.directiveEnd ? walk.directive : -1;
    out.push({ offset, line: walk.line, column: offset - walk.lineStart + 1, directive });
  }
  return out;
}

/** Goes on up to an offset, or to the end of the comment or string that it stands in. */
function walkTo(walk: Walk, offset: number): void {
  const { bytes, comment } = walk;
  const stops = comment === '' ? STOPS : stopsWith(comment);
  let i = walk.at;
  for (;;) {
    while (i < offset && stops[bytes[i]] === 0) i++;
    if (i >= offset) break;
    const c = bytes[i];
    if (c === NEWLINE) {
      i++;
      walk.line++;
      walk.lineStart = i;
    } else if (c === HASH) i = pastHash(walk, i);
    else if (!opensSkipped(c)) i = opensComment(walk, i, c) ? lineEnd(bytes, i) : i + 1;
    else {
      const end = skipped(bytes, i);
      if (end > i + 1) countLines(walk, i, end);
      i = end;
    }
  }
  walk.at = i;
}

const lineEnd = (bytes: Buffer, at: number): number => {
  const end = bytes.indexOf(NEWLINE, at);
  return end < 0 ? bytes.length : end;
};

/** A comment of assembly stands behind a blank, or begins its line. */
const opensComment = ({ bytes, comment }: Walk, at: number, c: number): boolean =>
  c > BLANK && comment.includes(String.fromCharCode(c)) && (at === 0 || bytes[at - 1] <= BLANK);

const DIRECTIVE =
  /^#[ \t]*(?:define|undef|include\w*|import|if|ifdef|ifndef|elif|else|endif|error|warning|line|pragma|ident)\b/;

/** Goes past a `#`: one that begins its line opens a directive, another may be a comment in assembly. */
function pastHash(walk: Walk, at: number): number {
  const { bytes, comment } = walk;
  let first = at - 1;
  while (first >= 0 && (bytes[first] === BLANK || bytes[first] === TAB)) first--;
  if (at >= walk.directiveEnd && (first < 0 || bytes[first] === NEWLINE)) {
    if (comment === '' || DIRECTIVE.test(bytes.toString('latin1', at, at + 40))) {
      walk.directive = at;
      walk.directiveEnd = directiveEnd(bytes, at);
    } else if (comment.includes('#')) return lineEnd(bytes, at);
    return at + 1;
  }
  return comment.includes('#') && at >= walk.directiveEnd && opensComment(walk, at, HASH) ? lineEnd(bytes, at) : at + 1;
}

function countLines(walk: Walk, from: number, to: number): void {
  for (let at = walk.bytes.indexOf(NEWLINE, from); at >= 0 && at < to; at = walk.bytes.indexOf(NEWLINE, at + 1)) {
    walk.line++;
    walk.lineStart = at + 1;
  }
}
