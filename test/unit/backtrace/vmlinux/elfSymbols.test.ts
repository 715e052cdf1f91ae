import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { elfFunctions } from '../../../../server/src/backtrace/vmlinux/elfSymbols.ts';
import { ELF, elfFile, sectionOf } from '../../support/elf.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerntrail-elf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'vmlinux');
const read = (bytes: Buffer, ...names: string[]) => {
  writeFileSync(path, bytes);
  return elfFunctions(path, new Set(names));
};

const FUNCTIONS = [
  { name: 'first', address: 0x10, size: 8 },
  { name: 'show', address: 0x20, size: 4 },
  { name: 'show', address: 0x30, size: 6 },
  { name: 'last', address: 2 ** 47, size: 1 },
];

test('the symbols that are asked for, all of a name', () => {
  const found = read(elfFile(FUNCTIONS), 'show', 'last', 'none');
  expect([...found.keys()]).toEqual(['show', 'last']);
  expect(found.get('show')?.map((s) => s.size)).toEqual([4, 6]);
  expect(found.get('last')?.[0].address).toBe(0x800000000000n);
  expect(read(elfFile(FUNCTIONS)).size).toBe(0);
});

test('more sections than a header can count', () => {
  const file = elfFile(FUNCTIONS);
  file.writeUInt16LE(0, ELF.sectionCount);
  file.writeBigUInt64LE(3n, sectionOf(file, 0) + ELF.size);
  expect(read(file, 'first').size).toBe(1);
});

describe('headers that lie', () => {
  /** A file with one field of one section (or of the file's own header, -1) set to a value. */
  const spoiled = (section: number, field: keyof typeof ELF, value: bigint): Buffer => {
    const file = elfFile(FUNCTIONS);
    const at = (section < 0 ? 0 : sectionOf(file, section)) + ELF[field];
    if (field === 'sectionSize' || field === 'sectionCount') file.writeUInt16LE(Number(value), at);
    else if (field === 'link' || field === 'type') file.writeUInt32LE(Number(value), at);
    else file.writeBigUInt64LE(value, at);
    return file;
  };
  const HUGE = 2n ** 64n - 1n;

  test.each<[string, number, keyof typeof ELF, bigint, RegExp]>([
    ['65,535 sections', -1, 'sectionCount', 65535n, /past its end/],
    ['sections past the end', -1, 'sectionsAt', HUGE, /past its end/],
    ['sections of no size', -1, 'sectionSize', 0n, /no symbol table/],
    ['sections of one byte', -1, 'sectionSize', 1n, /make no sense/],
    ['sections of 64 KB', -1, 'sectionSize', 65535n, /make no sense/],
    ['symbols past the end', 1, 'offset', HUGE, /past its end/],
    ['more symbols than bytes', 1, 'size', 1n << 40n, /past its end/],
    ['names of 4 GB', 2, 'size', 4n << 30n, /past its end/],
    ['names in a section that is not there', 1, 'link', 3n, /no symbol table/],
    ['no symbols at all', 1, 'type', 0n, /no symbol table/],
  ])('%s', (_, section, field, value, message) => {
    expect(() => read(spoiled(section, field, value), 'first')).toThrow(message);
  });

  test('symbols that are their own names, entries of another size, a name beyond the names', () => {
    expect(read(spoiled(1, 'link', 1n), 'first').size).toBe(0);
    for (const entry of [0n, 1n, HUGE]) expect(read(spoiled(1, 'entry', entry), 'first').size).toBe(1);
    const file = elfFile(FUNCTIONS);
    file.writeUInt32LE(0xffffffff, 64);
    expect([...read(file, 'first', 'show').keys()]).toEqual(['show']);
  });

  test('a table larger than any kernel has', () => {
    const file = elfFile(FUNCTIONS);
    file.writeBigUInt64LE(1n << 30n, sectionOf(file, 2) + ELF.size);
    writeFileSync(path, file);
    truncateSync(path, 2 ** 31);
    expect(() => elfFunctions(path, new Set(['first']))).toThrow(/larger than those of any kernel/);
  });

  test('a hundred thousand symbols of one name without an end', () => {
    const file = elfFile([...Array(100_000).fill(FUNCTIONS[0]), { name: 'x'.repeat(8 << 20), address: 0, size: 0 }]);
    const names = Number(file.readBigUInt64LE(sectionOf(file, 2) + ELF.offset));
    file.fill('x', names, sectionOf(file, 0));
    expect(read(file, 'first').size).toBe(0);
  });

  test('any bytes in any place end in an answer or in a reason', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2, 3, 11, 40, 64, 127, 128, 255)), { maxLength: 12 }),
        fc.option(fc.nat()),
        (changes, cut) => {
          const file = elfFile(FUNCTIONS);
          for (const [at, byte] of changes) file[at % file.length] = byte;
          try {
            const found = read(cut === null ? file : file.subarray(0, cut % file.length), 'first', 'show', 'last');
            return [...found.values()].every((list) => list.length <= FUNCTIONS.length);
          } catch (error) {
            return /^(?:it|its) /.test((error as Error).message);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

test.runIf(process.platform !== 'win32')('a pipe and a folder are no files', () => {
  const pipe = join(folder, 'pipe');
  spawnSync('mkfifo', [pipe]);
  for (const place of [pipe, folder]) expect(() => elfFunctions(place, new Set(['a']))).toThrow(/no file/);
});
