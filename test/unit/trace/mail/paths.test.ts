import { expect, test } from 'vitest';
import { gitPaths, pairOf } from '../../../../server/src/trace/mail/paths.ts';

const both = (path: string) => ({ oldPath: path, newPath: path });

test('prefixes of git, on either side, and none', () => {
  for (const [a, b] of [
    ['a/mill/gears.c', 'b/mill/gears.c'],
    ['b/mill/gears.c', 'a/mill/gears.c'],
    ['i/mill/gears.c', 'w/mill/gears.c'],
    ['c/mill/gears.c', 'o/mill/gears.c'],
    ['mill/gears.c', 'mill/gears.c'],
    ['a/mill/gears.c~one', 'a/mill/gears.c'],
    ['mill/gears.c.orig', 'mill/gears.c'],
    [
      'linux-6.16/mill/gears.c.vanilla\t2025-09-07 11:16:02.42 +0200',
      'linux-6.16/mill/gears.c\t2025-09-07 11:17:17.5 +0200',
    ],
    ['linux.orig/mill/gears.c 2025-09-07 11:16:02', 'linux/mill/gears.c 2025-09-07 11:16:02'],
    ['old/mill/gears.c', 'new/mill/gears.c'],
    ['"a/mill/gears.c"', '"b/mill/gears.c"'],
    ['./mill/gears.c', './mill/gears.c'],
  ])
    expect(pairOf(a, b)).toEqual(both('mill/gears.c'));
});

test('files that come and go, and those that move', () => {
  expect(pairOf('/dev/null', 'b/mill/gears.c')).toEqual({ oldPath: null, newPath: 'mill/gears.c' });
  expect(pairOf('a/mill/gears.c', '/dev/null\tThu Jan  1 00:00:00 1970')).toEqual({
    oldPath: 'mill/gears.c',
    newPath: null,
  });
  expect(pairOf('a/mill/gears.c', 'b/mill/wheels.c')).toEqual({ oldPath: 'mill/gears.c', newPath: 'mill/wheels.c' });
  // mips.h and mips-cm.h are two files
  expect(pairOf('a/x/mips', 'b/x/mips-cm.h')).toEqual({ oldPath: 'x/mips', newPath: 'x/mips-cm.h' });
});

test('behind diff --git', () => {
  expect(gitPaths('a/mill/gears.c b/mill/gears.c')).toEqual(both('mill/gears.c'));
  expect(gitPaths('mill/gears.c mill/gears.c')).toEqual(both('mill/gears.c'));
  expect(gitPaths('w/mill/gears.c i/mill/gears.c')).toEqual(both('mill/gears.c'));
  expect(gitPaths('a/old name.c b/new name.c')).toEqual({ oldPath: 'old name.c', newPath: 'new name.c' });
});
