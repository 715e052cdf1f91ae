import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterAll, expect, test } from 'vitest';
import { IndexDamage, valueDb } from '../../../../server/src/index/store/checked.ts';
import {
  allRows,
  keysOf,
  MAX_KEY,
  mergeRows,
  newRows,
  putRows as putRowsNow,
  type Rows,
  type RowsDb,
  rowsOf,
} from '../../../../server/src/index/store/rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerntrail-rows-'));
const root = open({ path: folder, maxDbs: 20, noSubdir: false });
let count = 0;
const newDb = (): RowsDb => {
  const name = `rows${count++}`;
  return valueDb(
    folder,
    name,
    root.openDB<Buffer, number>({ name, encoding: 'binary', keyEncoding: 'uint32' }),
    new Map(),
  );
};
afterAll(async () => {
  await root.close();
  rmSync(folder, { recursive: true, force: true });
});

const rows = (...list: [string, string][]) => {
  const batch = newRows();
  for (const [key, value] of list) batch.add(key, Buffer.from(value));
  return batch.finish();
};
const putRows = (db: RowsDb, segment: number, batches: Rows[], fresh: boolean) =>
  root.transactionSync(() => void [...putRowsNow(db, segment, batches, fresh)]);
const valuesOf = (db: RowsDb, key: string, next: number, first = 0) =>
  rowsOf(db, { first, next }, key).map((v) => v.toString());

test('values of a key, from all batches and segments, oldest first', () => {
  const db = newDb();
  putRows(db, 0, [rows(['a', '1'], ['b', '2'], ['a', '3']), rows(['a', '4'])], true);
  putRows(db, 1, [rows(['a', '5'])], true);
  putRows(db, 1, [rows(['a', '6'], ['c', ''])], false);
  expect(valuesOf(db, 'a', 2)).toEqual(['1', '3', '4', '5', '6']);
  expect(valuesOf(db, 'a', 1)).toEqual(['1', '3', '4']);
  expect(valuesOf(db, 'b', 2)).toEqual(['2']);
  expect(valuesOf(db, 'c', 2)).toEqual(['']);
  expect(valuesOf(db, 'd', 2)).toEqual([]);
  expect([...allRows(db, { first: 0, next: 2 })].map(({ key }) => key).sort()).toEqual(['a', 'b', 'c']);
});

test('many keys to a bucket, values of every size, names of any length', () => {
  const db = newDb();
  const sizes = [0, 1, 127, 128, 16_383, 16_384, 300_000];
  const list = Array.from({ length: 40_000 }, (_, i): [string, string] => [`name_${i}`, `${i}`]);
  for (const size of sizes) list.push([`size_${size}`, 'x'.repeat(size)]);
  list.push(['l'.repeat(1000), 'long']);
  putRows(db, 0, [rows(...list)], true);
  for (const [key, value] of list) expect(valuesOf(db, key, 1)).toEqual([value]);
  expect(valuesOf(db, 'l'.repeat(MAX_KEY), 1)).toEqual(['long']);
});

test('the same value twice in a row is kept once', () => {
  const db = newDb();
  putRows(db, 0, [rows(['a', '1'], ['a', '1'], ['a', '2'])], true);
  expect(valuesOf(db, 'a', 1)).toEqual(['1', '2']);
});

test('keys of rows that are still on their way', () => {
  expect([...keysOf(rows(['a', '1'], ['b', '2'], ['a', '3']))].map(({ key, values }) => [key, values.join()])).toEqual([
    ['a', '1,3'],
    ['b', '2'],
  ]);
});

test('segments merged into one, without what is dead', () => {
  const db = newDb();
  const names = Array.from({ length: 3000 }, (_, i) => `name_${i}`);
  for (let s = 0; s < 4; s++) putRows(db, s, [rows(...names.map((n): [string, string] => [n, `${s}`]))], true);
  root.transactionSync(() => void [...mergeRows(db, { first: 0, next: 4 }, 4, (value) => value.toString() !== '2')]);
  for (const name of names) expect(valuesOf(db, name, 5, 4)).toEqual(['0', '1', '3']);
  expect(valuesOf(db, names[0], 4)).toEqual([]);
});

test('a bucket that is gone is damage, one that never was is not', () => {
  const db = newDb();
  putRows(db, 0, [rows(['a', '1'], ['b', '2'])], true);
  putRows(db, 0, [rows(['c', '3'])], false);
  putRows(db, 1, [rows()], true);
  expect(valuesOf(db, 'c', 2)).toEqual(['3']);
  expect(valuesOf(db, 'elsewhere', 2)).toEqual([]);
  // the lowest key is that of the map, the buckets come behind it
  const keys = [...db.entries()].map(({ key }) => key);
  root.transactionSync(() => db.remove(keys[1]));
  expect(() => ['a', 'b', 'c'].map((key) => valuesOf(db, key, 2))).toThrow(IndexDamage);
  expect(() => [...allRows(db, { first: 0, next: 2 })]).toThrow(IndexDamage);
});
