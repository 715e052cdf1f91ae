/**
 * C tokens of a whole file, as parallel typed arrays. One pass over the bytes, no strings made: a kernel tree has
 * some 160 million tokens and most of them are never looked at again.
 *
 * Offsets are byte offsets; files are read as Latin-1, so a byte is a character and any bytes make a text.
 */

/** Token kinds. A one-character punctuator has its own character code as its kind. */
export const Kind = {
  Identifier: 1,
  Number: 2,
  String: 3,
  Character: 4,
  /** a whole preprocessor line, continuation lines included */
  Directive: 5,
  Arrow: 128,
  Ellipsis: 129,
  Increment: 130,
  Decrement: 131,
  /** ==, !=, <=, >= */
  Compare: 132,
  LogicalAnd: 133,
  LogicalOr: 134,
  Shift: 135,
  /** +=, -=, <<= … */
  CompoundAssign: 136,
  /** ## */
  Paste: 137,
  /** the end of a macro's replacement, inside the expander only */
  End: 0,
} as const;

export const PAREN_OPEN = 0x28;
export const PAREN_CLOSE = 0x29;
export const BRACE_OPEN = 0x7b;
export const BRACE_CLOSE = 0x7d;
export const BRACKET_OPEN = 0x5b;
export const BRACKET_CLOSE = 0x5d;
export const SEMICOLON = 0x3b;
export const COMMA = 0x2c;
export const ASSIGN = 0x3d;
export const STAR = 0x2a;
export const AMPERSAND = 0x26;
export const COLON = 0x3a;
export const DOT = 0x2e;
export const HASH = 0x23;
export const QUESTION = 0x3f;
export const PLUS = 0x2b;
export const MINUS = 0x2d;
export const SLASH = 0x2f;
export const PERCENT = 0x25;
export const PIPE = 0x7c;
export const CARET = 0x5e;
export const TILDE = 0x7e;
export const BANG = 0x21;

/** The tokens of one text; each array has one more, `Kind.End`, for who looks one ahead. */
export interface Tokens {
  /** the file as Latin-1 text: index = byte offset */
  text: string;
  /** tokens that no text holds, made by an expansion: what is written in each; else null */
  words: readonly { text: string }[] | null;
  count: number;
  kind: Uint8Array;
  start: Int32Array;
  end: Int32Array;
  /** 1-based line of each token's start */
  line: Int32Array;
  /** hash of each identifier's name, as `hashName` makes it; else 0 */
  hash: Int32Array;
  /** kernel-doc comments (`/** …`), as [start, end) pairs in order */
  docs: number[];
  /** number of lines */
  lines: number;
}

export const CLASS_IDENT = 1;
export const CLASS_DIGIT = 2;
const CLASS_SPACE = 3;
/** By a byte: what a token that begins with it is. */
export const charClass = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  if ((c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 95 || c === 36 || c >= 128) charClass[c] = CLASS_IDENT;
  else if (c >= 48 && c <= 57) charClass[c] = CLASS_DIGIT;
  else if (c === 32 || (c >= 9 && c <= 13)) charClass[c] = CLASS_SPACE;
}
/** By a byte: 1 where a word goes on with it. */
export const isWord = Uint8Array.from(charClass, (cls) => (cls === CLASS_IDENT || cls === CLASS_DIGIT ? 1 : 0));

/** End of the comment that opens at `at` (`/*`); the buffer's end when it is never closed. */
export function blockCommentEnd(bytes: Buffer, at: number): number {
  const end = bytes.indexOf('*/', at + 2, 'latin1');
  return end < 0 ? bytes.length : end + 2;
}

/** End of a string or character literal that opens at `at`; stops at an unescaped line end when it is never closed. */
export function literalEnd(bytes: Buffer, at: number): number {
  const quote = bytes[at];
  let i = at + 1;
  for (; i < bytes.length; i++) {
    const c = bytes[i];
    if (c === 92) i++;
    else if (c === quote) return i + 1;
    else if (c === 10) return i;
  }
  return bytes.length;
}

/** End (exclusive) of the preprocessor line that starts at `at`, following backslashes and comments over line ends. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: hot: a scan byte by byte
export function directiveEnd(bytes: Buffer, at: number): number {
  let i = at;
  const n = bytes.length;
  /** up to where no literal of each quote closes: what begins inside one that never closes does not either */
  let openDouble = 0;
  let openSingle = 0;
  while (i < n) {
    const c = bytes[i];
    if (c === 10) {
      let back = i - 1;
      if (bytes[back] === 13) back--;
      if (bytes[back] !== 92) return i;
    } else if (c === 47 && bytes[i + 1] === 42) {
      i = blockCommentEnd(bytes, i);
      continue;
    } else if (c === 47 && bytes[i + 1] === 47) {
      const eol = bytes.indexOf(10, i);
      return eol < 0 ? n : eol;
    } else if ((c === 34 && i >= openDouble) || (c === 39 && i >= openSingle)) {
      const end = literalEnd(bytes, i);
      // an apostrophe in an #error text is not a character literal
      if (bytes[end - 1] === c && end > i + 1) {
        i = end;
        continue;
      }
      if (c === 34) openDouble = end;
      else openSingle = end;
    }
    i++;
  }
  return n;
}

export const HASH_START = 0x811c9dc5 | 0;
export const HASH_FACTOR = 0x01000193;

/** 32-bit hash of a name (FNV-1a), signed. */
export function hashName(name: string): number {
  let h = HASH_START;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), HASH_FACTOR);
  return h;
}

function grown<T extends Uint8Array | Int32Array>(old: T, next: T): T {
  next.set(old as never);
  return next;
}

/** Room for the tokens of a file, used again for the next: a copy of what was filled costs less than clearing it all. */
let kindRoom = new Uint8Array(1 << 16);
let startRoom = new Int32Array(1 << 16);
let endRoom = new Int32Array(1 << 16);
let lineRoom = new Int32Array(1 << 16);
let hashRoom = new Int32Array(1 << 16);

/** End of the number whose first digit is at `at`. */
function numberEnd(bytes: Buffer, at: number): number {
  let i = at + 1;
  for (; i < bytes.length; i++) {
    const d = bytes[i];
    if (isWord[d] !== 0) continue;
    // `1...5`, with no blanks, is a range, not a number with dots
    if (d === 46 && bytes[i + 1] !== 46 && bytes[i - 1] !== 46) continue;
    if ((d === 43 || d === 45) && (bytes[i - 1] | 32) === 101 && bytes[at + 1] !== 120) continue;
    break;
  }
  return i;
}

/** By a byte: may `=` follow it in an operator? 1: ==, !=, <=, >=; 2: +=, -= and their like. */
const TAKES_ASSIGN = new Uint8Array(256);
for (const c of '=!<>') TAKES_ASSIGN[c.charCodeAt(0)] = 1;
for (const c of '+-*/%&|^') TAKES_ASSIGN[c.charCodeAt(0)] = 2;

/** The operator or punctuator at `at`: its kind, and above the lowest eight bits how many bytes it has. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: hot, flat: one case for each operator
function operatorAt(bytes: Buffer, at: number): number {
  const c = bytes[at];
  const next = bytes[at + 1];
  if (next === ASSIGN) {
    const takes = TAKES_ASSIGN[c];
    if (takes !== 0) return (takes === 1 ? Kind.Compare : Kind.CompoundAssign) | TWO;
  } else if (next === c) {
    if (c === MINUS) return Kind.Decrement | TWO;
    if (c === PLUS) return Kind.Increment | TWO;
    if (c === AMPERSAND) return Kind.LogicalAnd | TWO;
    if (c === PIPE) return Kind.LogicalOr | TWO;
    if (c === 60 || c === 62) return bytes[at + 2] === ASSIGN ? Kind.CompoundAssign | (TWO + ONE) : Kind.Shift | TWO;
    if (c === HASH) return Kind.Paste | TWO;
    if (c === DOT && bytes[at + 2] === DOT) return Kind.Ellipsis | (TWO + ONE);
  } else if (c === MINUS && next === 62) return Kind.Arrow | TWO;
  return c | ONE;
}

const ONE = 1 << 8;
const TWO = 2 << 8;

/**
 * Tokens of a file. Any bytes give tokens: an unknown byte is a punctuator of its own, an unclosed comment or
 * literal ends with the file or the line.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: hot, flat: 50 MB/s in one loop over the bytes
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: the same
export function tokenize(bytes: Buffer): Tokens {
  const n = bytes.length;
  const docs: number[] = [];
  let capacity = kindRoom.length;
  let kind = kindRoom;
  let starts = startRoom;
  let ends = endRoom;
  let lineOf = lineRoom;
  let hashes = hashRoom;
  let count = 0;
  let i = 0;
  let line = 1;
  let lineStart = true;
  /** the first line end that was not passed yet: a search from each comment of one long line would go over it all */
  let lineEnd = bytes.indexOf(10);
  while (i < n) {
    const c = bytes[i];
    const cls = charClass[c];
    if (cls === CLASS_SPACE) {
      if (c === 10) {
        line++;
        lineStart = true;
      }
      i++;
      continue;
    }
    if (c === 47) {
      const next = bytes[i + 1];
      if (next === 42) {
        const end = blockCommentEnd(bytes, i);
        if (bytes[i + 2] === 42 && end - i > 4 && bytes[i + 3] !== 42) docs.push(i, end);
        if (lineEnd >= 0 && lineEnd < i) lineEnd = bytes.indexOf(10, i);
        for (; lineEnd >= 0 && lineEnd < end; lineEnd = bytes.indexOf(10, lineEnd + 1)) {
          line++;
          lineStart = true;
        }
        i = end;
        continue;
      }
      if (next === 47) {
        const eol = bytes.indexOf(10, i);
        i = eol < 0 ? n : eol;
        continue;
      }
    }
    if (c === 92 && (bytes[i + 1] === 10 || bytes[i + 1] === 13)) {
      i++;
      continue;
    }
    if (count === capacity) {
      capacity *= 2;
      kind = grown(kind, new Uint8Array(capacity));
      starts = grown(starts, new Int32Array(capacity));
      ends = grown(ends, new Int32Array(capacity));
      lineOf = grown(lineOf, new Int32Array(capacity));
      hashes = grown(hashes, new Int32Array(capacity));
      kindRoom = kind;
      startRoom = starts;
      endRoom = ends;
      lineRoom = lineOf;
      hashRoom = hashes;
    }
    starts[count] = i;
    lineOf[count] = line;
    let k: number = c;
    if (cls === CLASS_IDENT) {
      k = Kind.Identifier;
      let h = HASH_START;
      for (; i < n; i++) {
        const d = bytes[i];
        if (isWord[d] === 0) break;
        h = Math.imul(h ^ d, HASH_FACTOR);
      }
      hashes[count] = h;
      if (i - starts[count] === 1 && bytes[i - 1] === 76 && (bytes[i] === 34 || bytes[i] === 39)) {
        k = bytes[i] === 34 ? Kind.String : Kind.Character;
        i = literalEnd(bytes, i);
      }
    } else if (cls === CLASS_DIGIT) {
      k = Kind.Number;
      i = numberEnd(bytes, i);
    } else if (c === 34 || c === 39) {
      k = c === 34 ? Kind.String : Kind.Character;
      i = literalEnd(bytes, i);
    } else if (c === HASH && lineStart) {
      k = Kind.Directive;
      const end = directiveEnd(bytes, i);
      for (let j = bytes.indexOf(10, i); j >= 0 && j < end; j = bytes.indexOf(10, j + 1)) line++;
      i = end;
    } else {
      const operator = operatorAt(bytes, i);
      k = operator & 0xff;
      i += operator >> 8;
    }
    if (k !== Kind.Identifier) hashes[count] = 0;
    kind[count] = k;
    ends[count] = i;
    count++;
    lineStart = false;
  }
  // who looks one token ahead finds nothing there
  if (count < capacity) {
    kind[count] = Kind.End;
    hashes[count] = 0;
  }
  return {
    text: bytes.toString('latin1'),
    words: null,
    count,
    kind: kind.slice(0, count + 1),
    start: starts.slice(0, count + 1),
    end: ends.slice(0, count + 1),
    line: lineOf.slice(0, count + 1),
    hash: hashes.slice(0, count + 1),
    docs,
    lines: line,
  };
}

/** Names seen before, by their hash: the same name is the same string, so that maps find it by its address. */
const interned = new Array<string>(1 << 16).fill('');

/** The text of a token, by its number; one string for each word, however often it comes. */
export function tokenText(tokens: Tokens, i: number): string {
  if (tokens.words) return tokens.words[i].text;
  const start = tokens.start[i];
  const end = tokens.end[i];
  const hash = tokens.hash[i];
  if (!hash) return tokens.text.slice(start, end);
  const at = (hash ^ (hash >>> 16)) & 0xffff;
  const known = interned[at];
  if (known.length === end - start && holdsAt(tokens.text, start, known)) return known;
  const slice = tokens.text.slice(start, end);
  // a slice of some length keeps the whole file's text in memory
  const text = slice.length < 13 ? slice : Buffer.from(slice, 'latin1').toString('latin1');
  interned[at] = text;
  return text;
}

function holdsAt(text: string, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (text.charCodeAt(start + i) !== name.charCodeAt(i)) return false;
  return true;
}
