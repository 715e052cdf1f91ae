/**
 * The list of names for fuzzy symbol search: one block of text and, for each name, where it starts and which letters it
 * has. Both are used as they lie on disk, so that the first search need not make a million strings.
 */
import { kindOfName, NameKind } from './postings.ts';
import { keysWith, type RowsDb, type Segments } from './rows.ts';

/** Kinds worth finding by a fuzzy query: functions, tables, records, typedefs, assembly symbols. */
const LISTED: ReadonlySet<number> = new Set([
  NameKind.Function,
  NameKind.Record,
  NameKind.Typedef,
  NameKind.Variable,
  NameKind.Label,
]);

export interface SymbolList {
  /** all names, one after the other */
  text: Buffer;
  /** end of each name in `text` */
  ends: Uint32Array;
  /** one bit a letter, digit or underscore that occurs in the name */
  masks: Uint32Array;
}

const bitOf = new Uint32Array(256);
const lowerOf = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const lower = c >= 65 && c <= 90 ? c + 32 : c;
  lowerOf[c] = lower;
  if (lower >= 97 && lower <= 122) bitOf[c] = 1 << (lower - 97);
  else if (c === 95) bitOf[c] = 1 << 26;
  else if (c >= 48 && c <= 57) bitOf[c] = 1 << (27 + ((c - 48) % 5));
}

/** Is a name with this posting found by a fuzzy query? */
export const isListed = (value: Buffer): boolean => LISTED.has(kindOfName(value));

/** All listed names of the store, as the two blobs that `decodeSymbols` takes. */
export function encodeSymbols(db: RowsDb, segments: Segments): { text: Buffer; index: Buffer } {
  let text = Buffer.allocUnsafeSlow(1 << 20);
  let ends = new Uint32Array(1 << 16);
  let length = 0;
  let count = 0;
  for (const key of keysWith(db, segments, isListed)) {
    if (length + key.length > text.length) text = Buffer.concat([text], text.length * 2);
    if (count === ends.length) {
      const grown = new Uint32Array(ends.length * 2);
      grown.set(ends);
      ends = grown;
    }
    length += key.copy(text, length);
    ends[count++] = length;
  }
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
  const index = new Uint32Array(ends.length * 2);
  index.set(ends);
  let at = 0;
  for (let i = 0; i < ends.length; i++) {
    let mask = 0;
    for (; at < ends[i]; at++) mask |= bitOf[text[at]];
    index[ends.length + i] = mask >>> 0;
  }
  return { text, index: Buffer.from(index.buffer) };
}

/** The list behind the two blobs, and the names added since, one a line; an empty one where they are missing. */
export function decodeSymbols(
  text: Buffer | undefined,
  index: Buffer | undefined,
  added: Buffer | undefined,
): SymbolList {
  if (!text || !index) return { text: Buffer.alloc(0), ends: new Uint32Array(0), masks: new Uint32Array(0) };
  if (added) {
    const more = symbolBlobs(added.toString('latin1').split('\n'));
    const old = decodeSymbols(text, index, undefined);
    const fresh = decodeSymbols(more.text, more.index, undefined);
    const joined = (a: Uint32Array, b: Uint32Array) => {
      const out = new Uint32Array(a.length + b.length);
      out.set(a);
      out.set(b, a.length);
      return out;
    };
    return {
      text: Buffer.concat([old.text, fresh.text]),
      ends: joined(
        old.ends,
        fresh.ends.map((end) => end + old.text.length),
      ),
      masks: joined(old.masks, fresh.masks),
    };
  }
  // a copy: typed arrays want an aligned start, and LMDB's pages move
  const words = new Uint32Array(new Uint8Array(index).buffer);
  const count = words.length >> 1;
  return { text: Buffer.from(text), ends: words.subarray(0, count), masks: words.subarray(count) };
}

const WORST = -300;
const BEST = 1000;

/**
 * Names that hold the query's letters in order, best first: whole match, prefix, word starts, then anywhere. At most
 * `limit`.
 */
export function searchSymbols(list: SymbolList, query: string, limit: number): { name: string; score: number }[] {
  const wanted = Buffer.from(query.toLowerCase().replace(/\s+/g, ''), 'latin1');
  if (wanted.length === 0) return [];
  let mask = 0;
  for (const c of wanted) mask |= bitOf[c];
  mask >>>= 0;
  const { text, ends, masks } = list;
  const found: number[] = [];
  const scores: number[] = [];
  const histogram = new Uint32Array(BEST - WORST + 1);
  for (let i = 0; i < ends.length; i++) {
    if ((masks[i] & mask) >>> 0 !== mask) continue;
    const score = scoreBytes(text, i ? ends[i - 1] : 0, ends[i], wanted);
    if (score < WORST) continue;
    found.push(i);
    scores.push(score);
    histogram[score - WORST]++;
  }
  let cut = BEST - WORST;
  for (let seen = 0; cut > 0 && seen + histogram[cut] <= limit; cut--) seen += histogram[cut];
  const best: { name: string; score: number }[] = [];
  for (let f = 0; f < found.length; f++) {
    if (scores[f] < cut + WORST) continue;
    const i = found[f];
    best.push({ name: text.toString('latin1', i ? ends[i - 1] : 0, ends[i]), score: scores[f] });
  }
  best.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  return best.slice(0, limit);
}

/** How well `query` (lower case) fits `name`; -Infinity where its letters don't occur in order. */
export function fuzzyScore(name: string, query: string): number {
  const text = Buffer.from(name, 'latin1');
  const score = scoreBytes(text, 0, text.length, Buffer.from(query, 'latin1'));
  return score < WORST ? Number.NEGATIVE_INFINITY : score;
}

/** Score of the name in text[from, to); below WORST where it doesn't fit. */
function scoreBytes(text: Buffer, from: number, to: number, query: Buffer): number {
  const length = to - from;
  const n = query.length;
  const first = query[0];
  for (let at = from; at + n <= to; at++) {
    if (lowerOf[text[at]] !== first) continue;
    let q = 1;
    while (q < n && lowerOf[text[at + q]] === query[q]) q++;
    if (q < n) continue;
    if (at === from) return length === n ? BEST : Math.max(601, 800 - length);
    return Math.max(WORST, (text[at - 1] === 95 ? 600 : 400) - length - (at - from));
  }
  let score = 0;
  let at = from;
  let run = 0;
  for (let q = 0; q < n; q++) {
    let next = at;
    while (next < to && lowerOf[text[next]] !== query[q]) next++;
    if (next === to) return WORST - 1;
    const start = next === from || text[next - 1] === 95;
    run = next === at && q > 0 ? run + 1 : 0;
    score += start ? 12 : run > 0 ? 6 : -2;
    at = next + 1;
  }
  return Math.max(WORST, score - length);
}
