import { expect, test } from 'vitest';
import { byFolder, inDomain, isInFolder, nearness, subsystemOf } from '../../../server/src/kernel/proximity.ts';

test('nearness: file, folder, subsystem, top folder, elsewhere', () => {
  const from = 'drivers/net/intel/ice.c';
  expect(
    ['drivers/net/intel/ice.c', 'drivers/net/intel/ixgbe.c', 'drivers/net/amd/x.c', 'drivers/usb/x.c', 'fs/x.c'].map(
      (f) => nearness(f, from),
    ),
  ).toEqual([4, 3, 2, 1, 0]);
  expect(subsystemOf('mm/filemap.c')).toBe('mm');
});

test('a reader of common code sees the chosen architecture, one of arch/ its own', () => {
  const files = ['mm/a.c', 'arch/x86/a.c', 'arch/arm64/a.c', 'tools/a.c'];
  const seen = (from: string, architecture: string) => inDomain(files, (f) => f, from, architecture);
  expect(seen('fs/x.c', 'x86')).toEqual({
    seen: ['mm/a.c', 'arch/x86/a.c'],
    leftOut: { architectures: 1, programs: 1 },
  });
  expect(seen('arch/arm64/x.c', 'x86').seen).toEqual(['mm/a.c', 'arch/arm64/a.c']);
  expect(seen('tools/x.c', 'x86').seen).toEqual(['tools/a.c']);
});

test('groups by folder: the nearest, then core before drivers, then the largest', () => {
  expect(byFolder(['fs/a/1', 'mm/1', 'fs/a/2'], (f) => f)).toEqual([
    { folder: 'fs/a', items: ['fs/a/1', 'fs/a/2'] },
    { folder: 'mm', items: ['mm/1'] },
  ]);
});

test('near folders come first, then the core, and many folders are put together by subsystem', () => {
  const folders = (files: string[], from: string) => byFolder(files, (f) => f, from).map((g) => g.folder);
  expect(folders(['drivers/a/1', 'drivers/a/2', 'mm/1', 'fs/a/1', 'fs/b/1', 'fs/b/2'], 'fs/a/x.c')).toEqual([
    'fs/a',
    'fs/b',
    'mm',
    'drivers/a',
  ]);
  const many = Array.from({ length: 30 }, (_, n) => `drivers/gpu/d${n}/x.c`);
  expect(folders([...many, 'mm/1'], 'drivers/gpu/y.c')).toEqual(['drivers/gpu/', 'mm/']);
  expect(isInFolder('drivers/gpu/d1/x.c', 'drivers/gpu/')).toBe(true);
  expect(isInFolder('drivers/gpu/d1/x.c', 'drivers/gpu')).toBe(false);
});
