/**
 * Which words a file holds outside comments and strings, preprocessor lines and assembly included: what a search for all
 * uses of a name begins with. A word is kept as a number of 22 bits, so that a file's words take three bytes each and a
 * file that holds another word of the same number is read in vain once in some thousand times.
 */
import {
  blockCommentEnd,
  CLASS_DIGIT,
  CLASS_IDENT,
  charClass,
  HASH_FACTOR,
  HASH_START,
  hashName,
  isWord,
  literalEnd,
} from '../tokens.ts';

/** Bytes of a word's number in a set. */
export const WORD_BYTES = 3;

const WORD_BITS = 22;
const MASK = (1 << WORD_BITS) - 1;

const numberOf = (hash: number): number => (hash ^ (hash >>> WORD_BITS)) & MASK;

/** The number of a word; other words may have the same. */
export const wordNumber = (word: string): number => numberOf(hashName(Buffer.from(word, 'utf8').toString('latin1')));

/** By a byte: 1 where a word goes on with it. The `$` of a compiler's extension is none: in assembly it opens a value. */
export const inWord = isWord.slice();
inWord[0x24] = 0;

/** One bit for each number that the file in hand has had; all clear between two files. */
const seen = new Uint8Array(1 << (WORD_BITS - 3));

/** End of what opens at `at` and holds no words: a comment or a literal that closes; else the byte behind. */
export function skipped(bytes: Buffer, at: number): number {
  const c = bytes[at];
  if (c === SLASH_BYTE) {
    if (bytes[at + 1] === STAR_BYTE) return blockCommentEnd(bytes, at);
    if (bytes[at + 1] !== SLASH_BYTE) return at + 1;
    const eol = bytes.indexOf(NEWLINE, at);
    return eol < 0 ? bytes.length : eol;
  }
  const end = literalEnd(bytes, at);
  // an apostrophe of a comment in assembly, or of an #error, opens no literal
  return end > at + 1 && bytes[end - 1] === c ? end : at + 1;
}

const NEWLINE = 10;
const SLASH_BYTE = 47;
const STAR_BYTE = 42;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;

/** May comments or literals open with this byte? */
export const opensSkipped = (c: number): boolean => c === SLASH_BYTE || c === DOUBLE_QUOTE || c === SINGLE_QUOTE;

/** The numbers of a file's words, each once, three bytes each, in the order in which they first come. Any bytes will do. */
export function wordSetOf(bytes: Buffer): Buffer {
  const n = bytes.length;
  const numbers: number[] = [];
  for (let i = 0; i < n; ) {
    const c = bytes[i];
    const cls = charClass[c];
    if (cls === CLASS_IDENT && inWord[c] !== 0) {
      let h = HASH_START;
      for (; i < n; i++) {
        const d = bytes[i];
        if (inWord[d] === 0) break;
        h = Math.imul(h ^ d, HASH_FACTOR);
      }
      const number = numberOf(h);
      const bit = 1 << (number & 7);
      if ((seen[number >> 3] & bit) !== 0) continue;
      seen[number >> 3] |= bit;
      numbers.push(number);
    } else if (cls === CLASS_DIGIT) {
      while (i < n && inWord[bytes[i]] !== 0) i++;
    } else if (c === SLASH_BYTE || c === DOUBLE_QUOTE || c === SINGLE_QUOTE) i = skipped(bytes, i);
    else i++;
  }
  const out = Buffer.allocUnsafeSlow(numbers.length * WORD_BYTES);
  let at = 0;
  for (const number of numbers) {
    seen[number >> 3] = 0;
    out[at++] = number >> 16;
    out[at++] = number >> 8;
    out[at++] = number;
  }
  return out;
}

/** Is a word's number in a set that `wordSetOf` has made? */
export function holdsWord(set: Uint8Array, number: number): boolean {
  const [a, b, c] = [(number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff];
  for (let at = 0; at + 2 < set.length; at += WORD_BYTES)
    if (set[at + 2] === c && set[at + 1] === b && set[at] === a) return true;
  return false;
}
