/**
 * Tables of the store whose values carry a checksum, so that a damaged byte is noticed when it is read and never
 * answers a question; and sums over each table, so that an index can tell whether all of it is there.
 */
import { crc32 as nodeCrc32 } from 'node:zlib';
import type { Database } from 'lmdb';

/** The index on disk is not what was written: it has to be built anew. */
export class IndexDamage extends Error {
  /** folder of the index */
  folder: string;

  constructor(message: string, folder: string) {
    super(message);
    this.folder = folder;
  }
}

/** How many values a part of a table has, and the sum of their checksums (32 bits). */
export interface Sum {
  count: number;
  sum: number;
}

/** The sums of all tables, by `table part`; a part is a segment of a table of rows, else 0. */
export type Sums = Map<string, Sum>;

type Key = string | number;

/** A table of byte strings. Reading throws IndexDamage where the bytes are not those that were written. */
export interface ValueDb<K extends Key> {
  /** folder of its index */
  folder: string;
  name: string;
  get(key: K): Buffer | undefined;
  /** writes the parts as one value, inside a transaction; `fresh`: nothing is there under this key */
  put(key: K, parts: readonly Uint8Array[], fresh?: boolean): void;
  remove(key: K): void;
  /** removes a whole part, of which these keys are all that it may have */
  removePart(part: number, keys: Iterable<K>): void;
  entries(range?: { start?: K; end?: K }): Iterable<{ key: K; value: Buffer }>;
  /** number of its entries as the store's own header says it */
  entryCount(): number;
  /** adds a value that was read to a sum of sums: they must come to those that were written */
  tally(into: Sums, key: K, value: Buffer): void;
}

/** A table of objects, each under one key. Reading throws an IndexDamage where a checksum is wrong. */
export interface ObjectDb<K extends Key, V> {
  get(key: K): V | undefined;
  put(key: K, value: V): void;
  remove(key: K): void;
  entries(range?: { start?: K; end?: K }): Iterable<{ key: K; value: V }>;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

const ownCrc32 = (bytes: Uint8Array, seed: number): number => {
  let c = ~seed >>> 0;
  for (let i = 0; i < bytes.length; i++) c = TABLE[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return ~c >>> 0;
};

/** Hosts before Node 20.15 don't bring one. */
const fastCrc32 = typeof nodeCrc32 === 'function' ? nodeCrc32 : ownCrc32;

/** CRC-32 of bytes, going on from `seed`. Node's begins anew where an empty buffer has no memory behind it. */
export const crc32 = (bytes: Uint8Array, seed: number): number => (bytes.length === 0 ? seed : fastCrc32(bytes, seed));

const SUM_BYTES = 4;

/** The key is part of what is summed: a value under another key is as wrong as another value. */
const seedOf = (key: Key): number => (typeof key === 'number' ? key >>> 0 : crc32(Buffer.from(key, 'utf8'), 0));

const storedSum = (raw: Buffer): number => raw.readUInt32LE(raw.length - SUM_BYTES);

/** A value without its checksum. Throws IndexDamage where the two don't fit each other. */
function verified(folder: string, table: string, key: Key, raw: Buffer): Buffer {
  const value = raw.subarray(0, Math.max(0, raw.length - SUM_BYTES));
  if (raw.length < SUM_BYTES || crc32(value, seedOf(key)) !== storedSum(raw))
    throw new IndexDamage(`a value of its table '${table}' has other bytes than were written`, folder);
  return value;
}

/** What a reading store throws for reasons other than its file. */
const NO_DAMAGE = /closed database|MDB_(READERS_FULL|BAD_RSLOT|TLS_FULL|DBS_FULL|MAP_RESIZED)|ENOMEM|EMFILE|ENFILE/i;

/** Codes of a library that is not there, or not for this machine. */
const NO_LIBRARY: ReadonlySet<string> = new Set(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);

/** Runs a read of the index in `folder`; what the store throws over its file becomes IndexDamage. */
export function reading<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message, code = '' } = error as NodeJS.ErrnoException;
    if (error instanceof IndexDamage || NO_DAMAGE.test(message) || NO_LIBRARY.has(code)) throw error;
    throw new IndexDamage(message, folder);
  }
}

/** Looks at a table's pages before the library steps on them; throws where one is damaged. */
export interface Look<K> {
  /** at all of them, before they are gone through one after the other */
  atAll(): void;
  /** at those on the way to a key; `aside`: and beside it, where something is to be written */
  at(key: K, aside: boolean): void;
}

/**
 * A table over one of the databases of the index in `folder`, which must have binary encoding. `partOf` names the part that a key
 * belongs to; `sums` is kept up to date by every change.
 */
export function valueDb<K extends Key>(
  folder: string,
  name: string,
  db: Database<Buffer, K>,
  sums: Sums,
  partOf: (key: K) => number = () => 0,
  look: Look<K> = { atAll: () => {}, at: () => {} },
): ValueDb<K> {
  const addTo = (into: Sums, key: K, count: number, sum: number): void => {
    const part = `${name} ${partOf(key)}`;
    const known = into.get(part) ?? { count: 0, sum: 0 };
    const next = { count: known.count + count, sum: (known.sum + sum) >>> 0 };
    if (next.count === 0) into.delete(part);
    else into.set(part, next);
  };
  const add = (key: K, count: number, sum: number): void => addTo(sums, key, count, sum);
  const read = (key: K, toWrite: boolean): Buffer | undefined =>
    reading(folder, () => {
      look.at(key, toWrite);
      return db.get(key);
    });
  const drop = (key: K): void => {
    const old = read(key, true);
    if (old && old.length >= SUM_BYTES) add(key, -1, -storedSum(old));
  };
  return {
    folder,
    name,
    get(key) {
      const raw = read(key, false);
      return raw && verified(folder, name, key, raw);
    },
    put(key, parts, fresh = false) {
      if (fresh) reading(folder, () => look.at(key, true));
      else drop(key);
      let sum = seedOf(key);
      for (const part of parts) sum = crc32(part, sum);
      const tail = Buffer.allocUnsafe(SUM_BYTES);
      tail.writeUInt32LE(sum);
      db.putSync(key, Buffer.concat([...parts, tail]));
      add(key, 1, sum);
    },
    remove(key) {
      drop(key);
      db.removeSync(key);
    },
    removePart(part, keys) {
      for (const key of keys) {
        reading(folder, () => look.at(key, true));
        db.removeSync(key);
      }
      sums.delete(`${name} ${part}`);
    },
    *entries(range = {}) {
      reading(folder, look.atAll);
      const iterator = reading(folder, () => db.getRange(range)[Symbol.iterator]());
      for (let next = reading(folder, () => iterator.next()); !next.done; next = reading(folder, () => iterator.next()))
        yield { key: next.value.key, value: verified(folder, name, next.value.key, next.value.value) };
    },
    entryCount: () => reading(folder, () => (db.getStats() as { entryCount: number }).entryCount),
    tally: (into, key, value) => addTo(into, key, 1, crc32(value, seedOf(key))),
  };
}

/** A table of objects over one of bytes. */
export function objectDb<K extends Key, V>(
  db: ValueDb<K>,
  encode: (value: V) => Uint8Array,
  decode: (bytes: Buffer) => V,
): ObjectDb<K, V> {
  return {
    get(key) {
      const bytes = db.get(key);
      return bytes && decode(bytes);
    },
    put: (key, value) => db.put(key, [encode(value)]),
    remove: db.remove,
    *entries(range) {
      for (const { key, value } of db.entries(range)) yield { key, value: decode(value) };
    },
  };
}
