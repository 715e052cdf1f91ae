import { expect, test } from 'vitest';
import { fold, type Way } from '../../../../../server/src/features/source/chains/folds.ts';

const way = (file: string, outside = false): Way => ({ file, outside, make: () => null });
const many = (n: number, file: (i: number) => string, outside = false): Way[] =>
  Array.from({ length: n }, (_, i) => way(file(i), outside));

test('a list of some length is told whole', () => {
  const ways = many(1000, () => 'mm/a.c');
  expect(fold(ways, null, false)).toEqual({ ways, folds: [] });
});

test('of a longer one the nearest and all slots, the rest by folders; what lies outside apart', () => {
  const ways = [
    ...many(900, (i) => (i < 40 ? 'mm/near.c' : 'fs/one/a.c')),
    way(''),
    ...many(300, (i) => `drivers/net/d${i % 3}/a.c`),
    ...many(50, (i) => `drivers/${i % 2 ? 'net' : 'usb'}/x.c`, true),
  ];
  const { ways: near, folds } = fold(ways, null, false);
  expect(near.map((w) => w.file)).toEqual([...Array(40).fill('mm/near.c'), '']);
  expect(folds).toEqual([
    { within: 'fs/', count: 860 },
    { within: 'drivers/', count: 300 },
    // all of these lie in drivers/
    { within: 'drivers/usb/', count: 25, outside: true },
    { within: 'drivers/net/', count: 25, outside: true },
  ]);
  expect(fold(ways, 'drivers/net/', true).ways).toHaveLength(25);
  expect(fold(ways, 'drivers/', false).ways).toHaveLength(300);
});

test('what is still too long is folded by one folder more; files of the folder itself stand there', () => {
  const ways = [
    ...many(40, () => 'mm/a.c'),
    ...many(2000, (i) => `drivers/net/d${i % 2}/a.c`),
    way('drivers/net/top.c'),
  ];
  const opened = fold(ways, 'drivers/net/', false);
  expect(opened.ways.map((w) => w.file)).toEqual(['drivers/net/top.c']);
  expect(opened.folds).toEqual([
    { within: 'drivers/net/d0/', count: 1000 },
    { within: 'drivers/net/d1/', count: 1000 },
  ]);
  expect(fold(ways, 'drivers/net/d0/', false)).toMatchObject({ ways: { length: 1000 }, folds: [] });
});

test('a folder with files of its own is a fold, even where all lie in it', () => {
  const ways = [...many(1100, (i) => `drivers/net/d${i % 2}/a.c`), way('drivers/net/top.c')];
  expect(fold(ways, null, false).folds.map((f) => [f.within, f.count])).toEqual([['drivers/net/', 1061]]);
});
