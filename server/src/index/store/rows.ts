/**
 * Tables of rows, many to a key: names, slots, targets. A kernel has millions of them, and a store that is told of each
 * one spends more time on them than the parser does. So rows are kept in buckets by the hash of their key, and each
 * commit of a build appends a segment: one value per bucket, written in order, never rewritten. A lookup reads one
 * value per segment. Rows of a file that was read again or is gone are not hunted down: their file number is dead,
 * readers skip them, and they go when segments are merged.
 */
import { hashName } from '../../syntax/tokens.ts';
import { IndexDamage, type ValueDb } from './checked.ts';

/** A table with millions of rows, in buckets by the hash of their key. */
export type RowsDb = ValueDb<number>;

/** Buckets of a table: a whole kernel's names come to some 300 bytes per bucket and segment. */
export const BUCKETS = 1 << 14;

/**
 * The first key of a segment is that of its map: a bit for each bucket that has a value. Every segment has one, and a
 * bucket that ought to be there and is not found is damage, and no answer. The first, not the last: what is written in the order of its keys fills
 * its pages, and what isn't leaves half of each empty.
 */
const KEYS_OF_SEGMENT = BUCKETS + 1;

const mapKey = (segment: number): number => segment * KEYS_OF_SEGMENT;

/** The key of a segment's bucket. */
export const bucketKey = (segment: number, bucket: number): number => segment * KEYS_OF_SEGMENT + 1 + bucket;

/** The segment that a key of a table of rows belongs to. */
export const segmentOf = (key: number): number => Math.floor(key / KEYS_OF_SEGMENT);

/** The value of a segment's bucket; undefined where it has none. Throws IndexDamage where it has lost one. */
export function bucketIn(db: RowsDb, segment: number, bucket: number): Buffer | undefined {
  const bytes = db.get(bucketKey(segment, bucket));
  if (bytes) return bytes;
  if (hasBucket(mapOf(db, segment), bucket)) throw lost(db);
  return undefined;
}

const lost = ({ name, folder }: RowsDb): IndexDamage =>
  new IndexDamage(`a value of its table '${name}' is not where it was written`, folder);

/** A bit for each bucket of a segment that has a value. */
function mapOf(db: RowsDb, segment: number): Buffer {
  const map = db.get(mapKey(segment));
  if (!map) throw lost(db);
  return map;
}

const hasBucket = (map: Buffer, bucket: number): boolean => (map[bucket >> 3] & (1 << (bucket & 7))) !== 0;

/** The buckets one after the other, each with its values in the segments that have some. */
function* eachBucket(db: RowsDb, { first, next }: Segments): Iterable<Buffer[]> {
  const maps: Buffer[] = [];
  for (let segment = first; segment < next; segment++) maps.push(mapOf(db, segment));
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const values: Buffer[] = [];
    for (const [n, map] of maps.entries()) {
      if (!hasBucket(map, bucket)) continue;
      const bytes = db.get(bucketKey(first + n, bucket));
      if (!bytes) throw lost(db);
      values.push(bytes);
    }
    if (values.length > 0) yield values;
  }
}

/** Keys longer than this are cut: their length takes one byte, and no C name is that long. */
export const MAX_KEY = 250;

/** Segments in use, from `first` up to, not including, `next`. */
export interface Segments {
  first: number;
  next: number;
}

/** Entries of a batch of files, ready to be sorted into buckets. */
export interface Rows {
  /** entry after entry: key length (1 byte), key, length of what follows (varint), then length (varint) and bytes of each value */
  bytes: Uint8Array;
  /** end of each entry in `bytes` */
  ends: Uint32Array;
  /** bucket of each entry */
  buckets: Uint16Array;
}

const bucketOf = (key: string): number => {
  const hash = hashName(key);
  return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
};

/** A byte block that grows. */
interface Arena {
  bytes: Buffer;
  length: number;
}

function reserve(arena: Arena, more: number): void {
  if (arena.length + more <= arena.bytes.length) return;
  const grown = Buffer.allocUnsafeSlow(Math.max(arena.bytes.length * 2, arena.length + more));
  arena.bytes.copy(grown, 0, 0, arena.length);
  arena.bytes = grown;
}

const varintSize = (n: number): number => (n < 0x80 ? 1 : n < 0x4000 ? 2 : n < 0x200000 ? 3 : 4);

/** Writes a whole number of up to 28 bits at `at`; gives the place behind it. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let n = value;
  while (n >= 0x80) {
    bytes[at++] = (n & 0x7f) | 0x80;
    n >>>= 7;
  }
  bytes[at++] = n;
  return at;
}

/** Collects the rows of a batch; values of one key end up in one entry. */
export function newRows(): { add(key: string, value: Buffer): void; finish(): Rows } {
  const values: Arena = { bytes: Buffer.allocUnsafeSlow(1 << 16), length: 0 };
  const keyNumbers = new Map<string, number>();
  // of each key: its first and last row, and the bytes its values take
  const heads: number[] = [];
  const tails: number[] = [];
  const sizes: number[] = [];
  // of each row: where its value ends, and the next row of the same key
  const ends: number[] = [];
  const nexts: number[] = [];
  const startOf = (row: number) => (row ? ends[row - 1] : 0);
  const repeats = (row: number, value: Buffer) =>
    ends[row] - startOf(row) === value.length &&
    values.bytes.compare(value, 0, value.length, startOf(row), ends[row]) === 0;
  return {
    add(name, value) {
      const key = name.length > MAX_KEY ? name.slice(0, MAX_KEY) : name;
      let k = keyNumbers.get(key);
      if (k === undefined) {
        k = heads.length;
        keyNumbers.set(key, k);
        heads.push(-1);
        tails.push(-1);
        sizes.push(0);
      } else if (repeats(tails[k], value)) return;
      reserve(values, value.length);
      value.copy(values.bytes, values.length);
      values.length += value.length;
      const row = ends.length;
      ends.push(values.length);
      nexts.push(-1);
      if (heads[k] < 0) heads[k] = row;
      else nexts[tails[k]] = row;
      tails[k] = row;
      sizes[k] += varintSize(value.length) + value.length;
    },
    finish() {
      const out: Arena = { bytes: Buffer.allocUnsafeSlow(values.length + heads.length * 32 + 64), length: 0 };
      const entryEnds = new Uint32Array(heads.length);
      const buckets = new Uint16Array(heads.length);
      let k = 0;
      for (const key of keyNumbers.keys()) {
        reserve(out, 1 + key.length + 4 + sizes[k]);
        const { bytes } = out;
        let at = out.length;
        bytes[at++] = key.length;
        at += bytes.write(key, at, 'latin1');
        at = putVarint(bytes, at, sizes[k]);
        for (let row = heads[k]; row >= 0; row = nexts[row]) {
          const start = startOf(row);
          at = putVarint(bytes, at, ends[row] - start);
          at += values.bytes.copy(bytes, at, start, ends[row]);
        }
        out.length = at;
        entryEnds[k] = at;
        buckets[k++] = bucketOf(key);
      }
      return { bytes: out.bytes.subarray(0, out.length), ends: entryEnds, buckets };
    },
  };
}

/** The entries of a bucket's value, one after the other. */
interface Entry {
  keyStart: number;
  keyEnd: number;
  valuesStart: number;
  end: number;
}

/** The number that `putVarint` wrote at `at`, and the place behind it. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; at: number } {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const b = bytes[at++];
    value |= (b & 0x7f) << shift;
    if (b < 0x80) break;
  }
  return { value, at };
}

function entryAt(bytes: Uint8Array, at: number): Entry {
  const keyEnd = at + 1 + bytes[at];
  const size = readVarint(bytes, keyEnd);
  return { keyStart: at + 1, keyEnd, valuesStart: size.at, end: size.at + size.value };
}

function* entriesOf(bytes: Uint8Array): Iterable<Entry> {
  for (let at = 0; at < bytes.length; ) {
    const entry = entryAt(bytes, at);
    // what is cut short would be read for ever
    if (entry.end <= at || entry.end > bytes.length) return;
    yield entry;
    at = entry.end;
  }
}

function addValues(bytes: Buffer, entry: Entry, out: Buffer[]): void {
  for (let at = entry.valuesStart; at < entry.end; ) {
    const size = readVarint(bytes, at);
    out.push(bytes.subarray(size.at, size.at + size.value));
    at = size.at + size.value;
  }
}

function isKey(bytes: Uint8Array, { keyStart, keyEnd }: Entry, key: string): boolean {
  if (keyEnd - keyStart !== key.length) return false;
  for (let i = 0; i < key.length; i++) if (bytes[keyStart + i] !== (key.charCodeAt(i) & 0xff)) return false;
  return true;
}

/** Values of a key, oldest segment first. Those of dead files are among them. */
export function rowsOf(db: RowsDb, { first, next }: Segments, name: string): Buffer[] {
  const key = name.length > MAX_KEY ? name.slice(0, MAX_KEY) : name;
  const bucket = bucketOf(key);
  const out: Buffer[] = [];
  for (let segment = first; segment < next; segment++) {
    const bytes = bucketIn(db, segment, bucket);
    if (!bytes) continue;
    for (let at = 0; at < bytes.length; ) {
      const entry = entryAt(bytes, at);
      if (entry.end <= at || entry.end > bytes.length) break;
      if (isKey(bytes, entry, key)) addValues(bytes, entry, out);
      at = entry.end;
    }
  }
  return out;
}

/** Every key with its values, in no order; a key comes once per bucket of all segments together. */
export function* allRows(db: RowsDb, segments: Segments): Iterable<{ key: string; values: Buffer[] }> {
  for (const buffers of eachBucket(db, segments)) {
    const byKey = new Map<string, Buffer[]>();
    for (const bytes of buffers) {
      for (const entry of entriesOf(bytes)) {
        const key = bytes.toString('latin1', entry.keyStart, entry.keyEnd);
        let values = byKey.get(key);
        if (!values) {
          values = [];
          byKey.set(key, values);
        }
        addValues(bytes, entry, values);
      }
    }
    for (const [key, values] of byKey) yield { key, values };
  }
}

/**
 * Calls `take` with every key, as bytes[start, end), that has a value which `wanted` takes. Bytes, because a string for
 * each of a million keys would cost more than all the rest.
 */
export function eachKeyWith(
  db: RowsDb,
  segments: Segments,
  wanted: (bytes: Buffer, valueStart: number) => boolean,
  take: (bytes: Buffer, start: number, end: number) => void,
): void {
  for (const buffers of eachBucket(db, segments)) {
    const seen: Buffer[] = [];
    for (const bytes of buffers) {
      for (let at = 0; at < bytes.length; ) {
        const { keyStart, keyEnd, valuesStart, end } = entryAt(bytes, at);
        if (end <= at || end > bytes.length) break;
        at = end;
        if (!hasValue(bytes, valuesStart, end, wanted)) continue;
        const length = keyEnd - keyStart;
        if (seen.some((k) => k.length === length && k.compare(bytes, keyStart, keyEnd) === 0)) continue;
        seen.push(bytes.subarray(keyStart, keyEnd));
        take(bytes, keyStart, keyEnd);
      }
    }
  }
}

function hasValue(
  bytes: Buffer,
  from: number,
  to: number,
  wanted: (bytes: Buffer, valueStart: number) => boolean,
): boolean {
  for (let at = from; at < to; ) {
    const size = readVarint(bytes, at);
    at = size.at + size.value;
    if (wanted(bytes, size.at)) return true;
  }
  return false;
}

/** The keys of rows that are not in the store yet. */
export function* keysOf(rows: Rows): Iterable<{ key: string; values: Buffer[] }> {
  const bytes = Buffer.from(rows.bytes.buffer, rows.bytes.byteOffset, rows.bytes.byteLength);
  for (const entry of entriesOf(bytes)) {
    const values: Buffer[] = [];
    addValues(bytes, entry, values);
    yield { key: bytes.toString('latin1', entry.keyStart, entry.keyEnd), values };
  }
}

/**
 * Writes rows into a segment, inside a transaction, step by step. `fresh`: none of the buckets is in the segment yet, so
 * they are simply appended; otherwise they are added to what is there.
 */
export function* putRows(db: RowsDb, segment: number, batches: readonly Rows[], fresh: boolean): Iterable<void> {
  let total = 0;
  const starts = new Uint32Array(BUCKETS + 1);
  for (const { buckets } of batches) {
    total += buckets.length;
    for (let i = 0; i < buckets.length; i++) starts[buckets[i] + 1]++;
  }
  for (let b = 0; b < BUCKETS; b++) starts[b + 1] += starts[b];
  const filled = starts.slice(0, BUCKETS);
  const batchOf = new Uint32Array(total);
  const entryOf = new Uint32Array(total);
  batches.forEach(({ buckets }, batch) => {
    for (let i = 0; i < buckets.length; i++) {
      const at = filled[buckets[i]]++;
      batchOf[at] = batch;
      entryOf[at] = i;
    }
  });
  markBuckets(db, segment, (bucket) => starts[bucket] !== starts[bucket + 1]);
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const from = starts[bucket];
    const to = starts[bucket + 1];
    if (from === to) continue;
    const key = bucketKey(segment, bucket);
    const parts: Uint8Array[] = [];
    const old = fresh ? undefined : db.get(key);
    if (old) parts.push(old);
    for (let at = from; at < to; at++) {
      const { bytes, ends } = batches[batchOf[at]];
      const i = entryOf[at];
      parts.push(bytes.subarray(i ? ends[i - 1] : 0, ends[i]));
    }
    db.put(key, parts, fresh);
    yield;
  }
}

/** Adds to a segment's map the buckets that are going to have a value. Inside a transaction. */
export function markBuckets(db: RowsDb, segment: number, isFilled: (bucket: number) => boolean): void {
  // a segment may be written in several runs
  const map = Buffer.from(db.get(mapKey(segment)) ?? Buffer.alloc(BUCKETS / 8));
  for (let bucket = 0; bucket < BUCKETS; bucket++) if (isFilled(bucket)) map[bucket >> 3] |= 1 << (bucket & 7);
  db.put(mapKey(segment), [map]);
}

function* keysOfSegment(segment: number): Iterable<number> {
  for (let key = mapKey(segment); key < mapKey(segment + 1); key++) yield key;
}

/** Removes segments whose values stand in another one now. Inside a transaction. */
export function removeSegments(db: RowsDb, { first, next }: Segments): void {
  for (let segment = first; segment < next; segment++) db.removePart(segment, keysOfSegment(segment));
}

/** Puts all segments into one, `into`, without the values that `keep` turns down. Inside a transaction, step by step. */
export function* mergeRows(
  db: RowsDb,
  segments: Segments,
  into: number,
  keep: (value: Buffer) => boolean,
): Iterable<void> {
  let waiting = newRows();
  let bucketInHand = -1;
  function* flush(): Iterable<void> {
    const rows = waiting.finish();
    if (rows.ends.length) yield* putRows(db, into, [rows], true);
    waiting = newRows();
  }
  yield* putRows(db, into, [], true);
  for (const { key, values } of allRows(db, segments)) {
    const bucket = bucketOf(key);
    // some hundred buckets at a time: neither a put for each nor everything in memory
    if (bucket !== bucketInHand && bucket % 512 === 0) yield* flush();
    bucketInHand = bucket;
    for (const value of values) if (keep(value)) waiting.add(key, value);
  }
  yield* flush();
  removeSegments(db, segments);
}
