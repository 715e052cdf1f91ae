import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { type Database, open } from 'lmdb';
import { afterAll, expect, test } from 'vitest';
import { crc32, IndexDamage, reading, type Sums, valueDb } from '../../../../server/src/index/store/checked.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerntrail-checked-'));
const root = open({ path: folder, maxDbs: 20, noSubdir: false });
afterAll(async () => {
  await root.close();
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
function newTable() {
  const name = `t${count++}`;
  const raw: Database<Buffer, number> = root.openDB({ name, encoding: 'binary', keyEncoding: 'uint32' });
  const sums: Sums = new Map();
  return { raw, sums, name, db: valueDb<number>(folder, name, raw, sums, (key) => Math.floor(key / 10)) };
}
const inTransaction = (change: () => void) => root.transactionSync(change);

test('what is put is got, in parts or whole', () => {
  const { db } = newTable();
  inTransaction(() => {
    db.put(1, [Buffer.from('ab'), Buffer.from('c')]);
    db.put(2, []);
    // a buffer without memory of its own: for such one Node's checksum begins anew
    db.put(4, [Buffer.from('d'), Buffer.from(new Uint32Array(0).buffer)]);
  });
  expect(db.get(1)?.toString()).toBe('abc');
  expect(db.get(2)?.length).toBe(0);
  expect(db.get(3)).toBeUndefined();
  expect(db.get(4)?.toString()).toBe('d');
  expect([...db.entries()].map(({ key, value }) => [key, value.toString()])).toEqual([
    [1, 'abc'],
    [2, ''],
    [4, 'd'],
  ]);
});

test('a changed bit, a shorter value, and a value under another key are damage', () => {
  const { db, raw } = newTable();
  inTransaction(() => db.put(1, [Buffer.from('some value')]));
  const bytes = raw.get(1) ?? Buffer.alloc(0);
  for (const change of [
    (b: Buffer) => {
      b[3] ^= 4;
      return b;
    },
    (b: Buffer) => b.subarray(0, b.length - 1),
    () => Buffer.alloc(2),
  ]) {
    inTransaction(() => void raw.putSync(1, change(Buffer.from(bytes))));
    expect(() => db.get(1)).toThrow(IndexDamage);
    expect(() => [...db.entries()]).toThrow(IndexDamage);
  }
  inTransaction(() => void raw.putSync(2, bytes));
  expect(() => db.get(2)).toThrow(IndexDamage);
});

test('sums follow every change, part by part', () => {
  const { db, sums, name } = newTable();
  inTransaction(() => {
    db.put(1, [Buffer.from('a')], true);
    db.put(2, [Buffer.from('b')], true);
    db.put(11, [Buffer.from('c')], true);
  });
  const found = () => {
    const into: Sums = new Map();
    for (const { key, value } of db.entries()) db.tally(into, key, value);
    return into;
  };
  expect(sums).toEqual(found());
  expect(sums.get(`${name} 0`)?.count).toBe(2);
  inTransaction(() => {
    db.put(1, [Buffer.from('another')]);
    db.remove(2);
    db.remove(3);
  });
  expect(sums).toEqual(found());
  inTransaction(() => db.removePart(0, [1, 2, 3]));
  expect(sums).toEqual(found());
  expect([...sums.keys()]).toEqual([`${name} 1`]);
  expect(db.entryCount()).toBe(1);
});

test('what the store says of its file is damage, what it says of the process is not', () => {
  const failing = (message: string) => () =>
    reading(folder, () => {
      throw new Error(message);
    });
  expect(failing('MDB_CORRUPTED: Located page was wrong type')).toThrow(IndexDamage);
  expect(failing('MDB_READERS_FULL: too many')).not.toThrow(IndexDamage);
  expect(failing('Can not renew a transaction from a closed database')).not.toThrow(IndexDamage);
  const noLibrary = Object.assign(new Error("Cannot find module 'lmdb'"), { code: 'MODULE_NOT_FOUND' });
  expect(() =>
    reading(folder, () => {
      throw noLibrary;
    }),
  ).toThrow(noLibrary);
});

test('the checksum is CRC-32, and goes on from a seed', () => {
  const bytes = Buffer.from('123456789');
  expect(crc32(bytes, 0)).toBe(0xcbf43926);
  expect(crc32(bytes.subarray(4), crc32(bytes.subarray(0, 4), 7))).toBe(crc32(bytes, 7));
  expect(zlibCrc32(bytes, 7)).toBe(crc32(bytes, 7));
});
