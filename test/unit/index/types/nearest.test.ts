import { expect, test } from 'vitest';
import { includedNames, nearest } from '../../../../server/src/index/types/nearest.ts';

const meant = (from: string, files: string[], includes: string[] = []) =>
  nearest({ architecture: 'x86', includes: () => includes }, files, (f) => f, from);

test("a file's own comes first, then what it includes, its folder, the headers above", () => {
  const all = ['include/linux/a.h', 'fs/a/own.h', 'fs/a/a.c', 'drivers/x/a.h'];
  expect(meant('fs/a/a.c', all)).toBe('fs/a/a.c');
  expect(meant('fs/a/b.c', all)).toBe('fs/a/own.h');
  expect(meant('fs/b/b.c', all)).toBe('include/linux/a.h');
  expect(meant('fs/b/b.c', all, ['x/a.h'])).toBe('drivers/x/a.h');
});

test('another architecture is not meant', () => {
  const all = ['arch/arm64/include/asm/a.h', 'arch/x86/include/asm/a.h'];
  expect(meant('mm/a.c', all)).toBe('arch/x86/include/asm/a.h');
  expect(meant('arch/arm64/mm/a.c', all)).toBe('arch/arm64/include/asm/a.h');
});

test('names of #includes are taken as paths end', () => {
  expect(includedNames(['<linux/fs.h>', '"../own.h"', '""'])).toEqual(['linux/fs.h', 'own.h']);
});
