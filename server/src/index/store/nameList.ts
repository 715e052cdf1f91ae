/**
 * The list of names for fuzzy symbol search: one block of text and, for each name, where it starts and which letters it
 * has. Both are used as they lie on disk, so that the first search need not make a million strings.
 */
import { kindOfName, NameKind } from './postings.ts';
import { eachKeyWith, type RowsDb, type Segments } from './rows.ts';

/** Kinds worth finding by a fuzzy query: functions, tables, records, typedefs, assembly symbols. */
const LISTED = new Uint8Array(256);
for (const kind of [NameKind.Function, NameKind.Record, NameKind.Typedef, NameKind.Variable, NameKind.Label])
  LISTED[kind] = 1;

/** All names that a fuzzy search may find, in one block that is searched from end to end. */
export interface SymbolList {
  /** all names, one after the other */
  text: Buffer;
  /** end of each name in `text` */
  ends: Int32Array;
  /** one bit a letter, digit or underscore that occurs in the name */
  masks: Int32Array;
  /** the same for those that begin one of its words */
  starts: Int32Array;
  /** one of 32 bits for each two that stand side by side in the name: most names without the query fall out by it */
  pairs: Int32Array;
}

const bitOf = new Int32Array(256);
const lowerOf = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const lower = c >= 65 && c <= 90 ? c + 32 : c;
  lowerOf[c] = lower;
  if (lower >= 97 && lower <= 122) bitOf[c] = 1 << (lower - 97);
  else if (c === 95) bitOf[c] = 1 << 26;
  else if (c >= 48 && c <= 57) bitOf[c] = 1 << (27 + ((c - 48) % 5));
}

/** The bit of two bytes side by side, in either case; a shift counts modulo 32. */
const pairBit = (a: number, b: number): number => 1 << (lowerOf[a] * 13 + lowerOf[b] * 11);

/** Is a name with the posting at bytes[at] found by a fuzzy query? */
export const isListed = (bytes: Buffer, at = 0): boolean => LISTED[kindOfName(bytes, at)] === 1;

/** All listed names of the store, as the two blobs that `decodeSymbols` takes. */
export function encodeSymbols(db: RowsDb, segments: Segments): { text: Buffer; index: Buffer } {
  let text = Buffer.allocUnsafeSlow(1 << 20);
  let ends = new Uint32Array(1 << 16);
  let length = 0;
  let count = 0;
  eachKeyWith(db, segments, isListed, (bytes, start, end) => {
    if (length + end - start > text.length) text = Buffer.concat([text], text.length * 2);
    if (count === ends.length) {
      const grown = new Uint32Array(ends.length * 2);
      grown.set(ends);
      ends = grown;
    }
    length += bytes.copy(text, length, start, end);
    ends[count++] = length;
  });
  return blobsOf(text.subarray(0, length), ends.subarray(0, count));
}

/** The blobs of a list of names. */
export function symbolBlobs(names: readonly string[]): { text: Buffer; index: Buffer } {
  let end = 0;
  return blobsOf(
    Buffer.from(names.join(''), 'latin1'),
    Uint32Array.from(names, (name) => {
      end += name.length;
      return end;
    }),
  );
}

function blobsOf(text: Buffer, ends: Uint32Array): { text: Buffer; index: Buffer } {
  const count = ends.length;
  const index = new Uint32Array(count * 3);
  index.set(ends);
  let at = 0;
  for (let i = 0; i < count; i++) {
    let mask = 0;
    let starts = 0;
    for (let isStart = true; at < ends[i]; at++) {
      const bit = bitOf[text[at]];
      mask |= bit;
      if (isStart) starts |= bit;
      isStart = text[at] === UNDERSCORE;
    }
    index[count + i] = mask >>> 0;
    index[2 * count + i] = starts >>> 0;
  }
  return { text, index: Buffer.from(index.buffer) };
}

const UNDERSCORE = 95;
const NO_SYMBOLS: SymbolList = {
  text: Buffer.alloc(0),
  ends: new Int32Array(0),
  masks: new Int32Array(0),
  starts: new Int32Array(0),
  pairs: new Int32Array(0),
};

/** The list behind the two blobs, and the names added since, one a line; an empty one where they are missing. */
export function decodeSymbols(
  text: Buffer | undefined,
  index: Buffer | undefined,
  added: Buffer | undefined,
): SymbolList {
  if (!text || !index) return NO_SYMBOLS;
  if (added) {
    const more = symbolBlobs(added.toString('latin1').split('\n'));
    return joined(decodeSymbols(text, index, undefined), decodeSymbols(more.text, more.index, undefined));
  }
  // what the store gives is a copy, LMDB's pages move; but typed arrays want an aligned start
  const bytes = index.byteOffset % 4 === 0 ? index : new Uint8Array(index);
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const count = words.length / 3;
  const ends = words.subarray(0, count);
  return {
    text,
    ends,
    masks: words.subarray(count, 2 * count),
    starts: words.subarray(2 * count),
    pairs: pairsOf(text, ends),
  };
}

function pairsOf(text: Buffer, ends: Int32Array): Int32Array {
  const pairs = new Int32Array(ends.length);
  let at = 0;
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i];
    let bits = 0;
    for (let before = text[at++]; at < end; at++) {
      const c = text[at];
      bits |= pairBit(before, c);
      before = c;
    }
    pairs[i] = bits;
    at = end;
  }
  return pairs;
}

function joined(a: SymbolList, b: SymbolList): SymbolList {
  const words = (x: Int32Array, y: Int32Array) => {
    const out = new Int32Array(x.length + y.length);
    out.set(x);
    out.set(y, x.length);
    return out;
  };
  return {
    text: Buffer.concat([a.text, b.text]),
    ends: words(
      a.ends,
      b.ends.map((end) => end + a.text.length),
    ),
    masks: words(a.masks, b.masks),
    starts: words(a.starts, b.starts),
    pairs: words(a.pairs, b.pairs),
  };
}

/** Names that only hold the query's letters are noise where so many hold the query itself. */
const ENOUGH = 40;
const BEST = 1000;

/**
 * Names that fit a query, best first, at most `limit`: the whole name, a prefix, the start of a word, anywhere. Where
 * few hold the query itself, those follow that hold its letters in order, the first of them at the start of a word.
 */
export function searchSymbols(list: SymbolList, query: string, limit: number): { name: string; score: number }[] {
  const wanted = Buffer.from(query.toLowerCase().replace(/\s+/g, ''), 'latin1');
  if (wanted.length === 0) return [];
  const { text, ends } = list;
  // one or two letters are in half of all names: then they begin a word, or nobody means them
  const short = wanted.length <= 2 ? holding(list, wanted, true) : [];
  const found = short.length >= ENOUGH ? short : holding(list, wanted, false);
  if (found.length < ENOUGH) found.push(...scattered(list, wanted, new Set(found.map(nameOf))));
  return best(found, limit)
    .map((f) => {
      const i = nameOf(f);
      return { name: text.toString('latin1', i ? ends[i - 1] : 0, ends[i]), score: scoreOf(f) };
    })
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, limit);
}

/** A name's number and its score in one: two letters fit a hundred thousand names. */
const SCORES = 2048;
const ZERO = 1000;
const packed = (i: number, score: number): number => i * SCORES + score + ZERO;
const nameOf = (f: number): number => Math.floor(f / SCORES);
const scoreOf = (f: number): number => (f % SCORES) - ZERO;

/** Those with the highest scores, and all that are as good as the last of them. */
function best(found: readonly number[], limit: number): readonly number[] {
  if (found.length <= limit) return found;
  const histogram = new Uint32Array(SCORES);
  for (const f of found) histogram[f % SCORES]++;
  let cut = SCORES - 1;
  for (let n = histogram[cut]; n < limit; n += histogram[--cut]);
  return found.filter((f) => f % SCORES >= cut);
}

function maskOf(wanted: Buffer): number {
  let mask = 0;
  for (const c of wanted) mask |= bitOf[c];
  return mask;
}

function pairMaskOf(wanted: Buffer): number {
  let mask = 0;
  for (let q = 1; q < wanted.length; q++) mask |= pairBit(wanted[q - 1], wanted[q]);
  return mask;
}

/** Names that hold the query. A library's search of the whole text at once is slower: it stops at every first letter. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one flat scan over every name of a kernel, at each key that is typed
function holding({ text, ends, masks, starts, pairs }: SymbolList, wanted: Buffer, atWords: boolean): number[] {
  const mask = maskOf(wanted);
  const pairMask = pairMaskOf(wanted);
  const n = wanted.length;
  const first = wanted[0];
  const startMask = atWords ? bitOf[first] : 0;
  const second = n > 1 ? wanted[1] : -1;
  const found: number[] = [];
  for (let i = 0; i < ends.length; i++) {
    if ((pairs[i] & pairMask) !== pairMask || (masks[i] & mask) !== mask || (starts[i] & startMask) !== startMask)
      continue;
    const from = i ? ends[i - 1] : 0;
    const last = ends[i] - n;
    for (let at = from; at <= last; at++) {
      if (lowerOf[text[at]] !== first || (second >= 0 && lowerOf[text[at + 1]] !== second)) continue;
      if (atWords && at > from && text[at - 1] !== UNDERSCORE) continue;
      let q = 2;
      while (q < n && lowerOf[text[at + q]] === wanted[q]) q++;
      if (q < n) continue;
      found.push(packed(i, containedScore(text, from, ends[i], at, n)));
      break;
    }
  }
  return found;
}

function scattered(list: SymbolList, wanted: Buffer, except: ReadonlySet<number>): number[] {
  const { text, ends, masks, starts } = list;
  const mask = maskOf(wanted);
  const first = bitOf[wanted[0]];
  const found: number[] = [];
  for (let i = 0; i < ends.length; i++) {
    if ((masks[i] & mask) !== mask || (starts[i] & first) === 0 || except.has(i)) continue;
    const score = scatteredScore(text, i ? ends[i - 1] : 0, ends[i], wanted);
    if (score !== null) found.push(packed(i, score));
  }
  return found;
}

/** How well `query` (lower case) fits `name`; -Infinity where its letters don't occur in order. */
export function fuzzyScore(name: string, query: string): number {
  const text = Buffer.from(name, 'latin1');
  const wanted = Buffer.from(query, 'latin1');
  const at = name.toLowerCase().indexOf(query);
  if (at >= 0) return containedScore(text, 0, text.length, at, wanted.length);
  return scatteredScore(text, 0, text.length, wanted) ?? Number.NEGATIVE_INFINITY;
}

/** Score of the name in text[from, to) that holds the query at `at`. */
function containedScore(text: Buffer, from: number, to: number, at: number, n: number): number {
  const length = to - from;
  if (at === from) return length === n ? BEST : Math.max(601, 800 - length);
  return Math.max(101, (text[at - 1] === UNDERSCORE ? 600 : 400) - length - (at - from));
}

/** Score of the name in text[from, to) by letters in order, the first at the start of a word; null where they are not. */
function scatteredScore(text: Buffer, from: number, to: number, query: Buffer): number | null {
  let at = from;
  while (at < to && (lowerOf[text[at]] !== query[0] || (at > from && text[at - 1] !== UNDERSCORE))) at++;
  if (at === to) return null;
  let score = 12;
  let run = 0;
  at++;
  for (let q = 1; q < query.length; q++) {
    let next = at;
    while (next < to && lowerOf[text[next]] !== query[q]) next++;
    if (next === to) return null;
    run = next === at ? run + 1 : 0;
    score += text[next - 1] === UNDERSCORE ? 12 : run > 0 ? 6 : -2;
    at = next + 1;
  }
  return Math.max(-ZERO, Math.min(100, score - (to - from)));
}
