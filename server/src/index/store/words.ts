/**
 * Which files hold a word: lists of file numbers by the word's number (see syntax/text/wordSet.ts), in the buckets and
 * segments of the tables of rows. A bucket's value is pairs in order of files: the step from the file before (varint),
 * and the lowest byte of the word's number. What a save reads anew is kept file by file instead, until it is much: its
 * words would touch hundreds of buckets.
 */

import { holdsWord, WORD_BYTES, wordNumber } from '../../syntax/text/wordSet.ts';
import type { ValueDb } from './checked.ts';
import {
  BUCKETS,
  bucketIn,
  bucketKey,
  markBuckets,
  putVarint,
  type RowsDb,
  readVarint,
  removeSegments,
  type Segments,
} from './rows.ts';

/** A file's number, and its words as `wordSetOf` made them. */
export interface FileWords {
  id: number;
  words: Uint8Array;
}

/** The tables that tell which files hold a word. */
export interface WordTables {
  words: RowsDb;
  /** file number -> its words, of files that were read since the last large update */
  recentWords: ValueDb<number>;
}

/** Files whose words are kept one by one, at the most. */
const MOST_RECENT = 1500;

/** Pairs of a bucket, in order of files. */
interface Pairs {
  files: number[];
  low: number[];
}

function addPairs(bytes: Uint8Array, out: Pairs): void {
  let file = 0;
  for (let at = 0; at < bytes.length; ) {
    const step = readVarint(bytes, at);
    file += step.value;
    out.files.push(file);
    out.low.push(bytes[step.at]);
    at = step.at + 1;
  }
}

/** Bytes of a pair at the most: a step of 28 bits and the word's low byte. */
const PAIR_BYTES = 5;

/** Packs pairs, of which neighbours may be out of order where segments met. */
function packed({ files, low }: Pairs): Buffer {
  let isInOrder = true;
  for (let i = 1; i < files.length && isInOrder; i++) isInOrder = files[i] >= files[i - 1];
  const order = isInOrder ? null : [...files.keys()].sort((a, b) => files[a] - files[b]);
  const bytes = Buffer.allocUnsafe(files.length * PAIR_BYTES);
  let at = 0;
  let before = 0;
  for (let i = 0; i < files.length; i++) {
    const n = order ? order[i] : i;
    at = putVarint(bytes, at, files[n] - before);
    before = files[n];
    bytes[at++] = low[n];
  }
  return bytes.subarray(0, at);
}

/** Writes the words of files, in order of their numbers, into a segment of its own. In a transaction, step by step. */
export function* putWords(db: RowsDb, segment: number, files: readonly FileWords[]): Iterable<void> {
  let total = 0;
  const starts = new Uint32Array(BUCKETS + 1);
  for (const { words } of files) {
    total += words.length / WORD_BYTES;
    for (let at = 0; at < words.length; at += WORD_BYTES) starts[((words[at] << 8) | words[at + 1]) + 1]++;
  }
  for (let b = 0; b < BUCKETS; b++) starts[b + 1] += starts[b];
  const filled = starts.slice(0, BUCKETS);
  const ids = new Uint32Array(total);
  const lows = new Uint8Array(total);
  for (const { id, words } of files)
    for (let at = 0; at < words.length; at += WORD_BYTES) {
      const place = filled[(words[at] << 8) | words[at + 1]]++;
      ids[place] = id;
      lows[place] = words[at + 2];
    }
  markBuckets(db, segment, (bucket) => starts[bucket] !== starts[bucket + 1]);
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const [from, to] = [starts[bucket], starts[bucket + 1]];
    if (from === to) continue;
    const pairs = { files: [...ids.subarray(from, to)], low: [...lows.subarray(from, to)] };
    db.put(bucketKey(segment, bucket), [packed(pairs)], true);
    yield;
  }
}

/** Keeps the words of a few files one by one. Inside a transaction. */
export function putRecentWords({ recentWords }: WordTables, files: readonly FileWords[]): void {
  for (const { id, words } of files) recentWords.put(id, [words], true);
}

/** Are so many files' words kept one by one that they should go into a segment? */
export const areManyRecent = ({ recentWords }: WordTables, more: number): boolean =>
  recentWords.entryCount() + more > MOST_RECENT;

/** Takes the words that are kept one by one out of their table: they are to go into a segment. */
export function takeRecentWords({ recentWords }: WordTables): FileWords[] {
  const files = [...recentWords.entries()].map(({ key, value }) => ({ id: key, words: Buffer.from(value) }));
  for (const { id } of files) recentWords.remove(id);
  return files;
}

/** Puts all segments into one, `into`, without the files that `keep` turns down. In a transaction, step by step. */
export function* mergeWords(
  db: RowsDb,
  segments: Segments,
  into: number,
  keep: (file: number) => boolean,
): Iterable<void> {
  const filled = new Uint8Array(BUCKETS);
  // first of all, as a segment's map has the first of its keys
  markBuckets(db, into, () => false);
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const kept = pairsOf(db, segments, bucket, keep);
    if (kept.files.length === 0) continue;
    filled[bucket] = 1;
    db.put(bucketKey(into, bucket), [packed(kept)], true);
    yield;
  }
  markBuckets(db, into, (bucket) => filled[bucket] === 1);
  removeSegments(db, segments);
}

function pairsOf(db: RowsDb, { first, next }: Segments, bucket: number, keep: (file: number) => boolean): Pairs {
  const all: Pairs = { files: [], low: [] };
  for (let segment = first; segment < next; segment++) {
    const bytes = bucketIn(db, segment, bucket);
    if (bytes) addPairs(bytes, all);
  }
  const out: Pairs = { files: [], low: [] };
  for (const [i, file] of all.files.entries())
    if (keep(file)) {
      out.files.push(file);
      out.low.push(all.low[i]);
    }
  return out;
}

/** Numbers of the files that hold a word, dead ones and a few others among them. */
export function filesOfWord({ words, recentWords }: WordTables, { first, next }: Segments, word: string): number[] {
  const number = wordNumber(word);
  const low = number & 0xff;
  const out: number[] = [];
  for (let segment = first; segment < next; segment++) {
    const bytes = bucketIn(words, segment, number >> 8);
    if (!bytes) continue;
    let file = 0;
    for (let at = 0; at < bytes.length; ) {
      const step = readVarint(bytes, at);
      file += step.value;
      if (bytes[step.at] === low) out.push(file);
      at = step.at + 1;
    }
  }
  for (const { key, value } of recentWords.entries()) if (holdsWord(value, number)) out.push(key);
  return out;
}

/** Every file number that the lists name, for a check of the whole index. */
export function* filesInWords(db: RowsDb, segments: Segments): Iterable<number> {
  const seen = new Set<number>();
  for (let bucket = 0; bucket < BUCKETS; bucket++)
    for (const file of pairsOf(db, segments, bucket, (f) => !seen.has(f)).files) seen.add(file);
  yield* seen;
}
