import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { elfFunctions } from '../../../../server/src/backtrace/vmlinux/elfSymbols.ts';
import { exactPlaces, readLines, vmlinuxOf } from '../../../../server/src/backtrace/vmlinux/vmlinux.ts';
import { parseTrace } from '../../../../server/src/trace/parse.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

const SOURCE = `
int leaf(int x);
static inline __attribute__((always_inline)) int mid(int x)
{
	int r = leaf(x + 1);
	return r + 1;
}
int outer(int x)
{
	int a = mid(x);
	return a * 2;
}
int other(int x)
{
	return leaf(x) + leaf(x + 2);
}
`;

let tree: IndexedTree;
const folder = mkdtempSync(join(tmpdir(), 'kerntrail-elf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  tree = await indexTree(`//@ kernel/outer.c${SOURCE}`);
});

test('output of addr2line: levels innermost first, unknown places left out', () => {
  const out = readLines(
    '0x0000000000000007\nmid\n/b/kernel/outer.c:5\nouter\n/b/kernel/outer.c:10 (discriminator 2)\n0x9\n??\n??:0\n',
  );
  expect(out.get(7n)).toEqual([
    { function: 'mid', file: '/b/kernel/outer.c', line: 5 },
    { function: 'outer', file: '/b/kernel/outer.c', line: 10 },
  ]);
  expect(out.get(9n)).toEqual([]);
});

describe('files that are no vmlinux', () => {
  const message = async (file: string) =>
    (await exactPlaces(tree.index, parseTrace('Call Trace:\n outer+0x1/0x2\n'), file)).message;

  test('are named, with the reason', async () => {
    const text = join(folder, 'text');
    writeFileSync(text, 'no elf at all, but long enough for a header: '.repeat(4));
    const cut = join(folder, 'cut');
    writeFileSync(cut, Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]), Buffer.alloc(58, 0xff)]));
    expect(await message(text)).toContain('no ELF file');
    expect(await message(cut)).toContain('is not used');
    expect(await message(folder)).toContain('no file');
    expect(await message(join(folder, 'missing'))).toContain('no such file');
  });
});

const compiler = spawnSync('cc', ['--version']).status === 0 && spawnSync('addr2line', ['--version']).status === 0;

describe.runIf(compiler)('a real object file', () => {
  const object = join(folder, 'outer.o');

  beforeAll(() => {
    const run = spawnSync('cc', ['-g', '-O2', '-c', '-o', object, join(tree.root, 'kernel/outer.c')], {
      encoding: 'utf8',
    });
    expect(run.stderr).toBe('');
  });

  test('exact lines and inlined functions; another size is another build', async () => {
    const [symbol] = elfFunctions(object, new Set(['outer'])).get('outer') ?? [];
    expect(symbol.size).toBeGreaterThan(4);
    const places = (size: number) =>
      exactPlaces(
        tree.index,
        parseTrace(`Call Trace:\n outer+0x${(symbol.size - 1).toString(16)}/0x${size.toString(16)}\n`),
        object,
      );
    const { places: found } = await places(symbol.size);
    const [place] = [...found.values()];
    expect(place.call.file).toBe('kernel/outer.c');
    expect(place.call.line).toBeGreaterThan(8);
    expect(await places(symbol.size + 4096)).toMatchObject({ message: expect.stringContaining('other sizes') });
    const mixed = `Call Trace:\n other+0x1/0x900\n other+0x9/0x900\n outer+0x1/0x${symbol.size.toString(16)}\n`;
    const answer = await exactPlaces(tree.index, parseTrace(mixed), object);
    expect(answer.message).toContain('other sizes');
    expect(answer.places.size).toBe(0);
  });
});

test("which file is meant: the one named, else the tree's own, which counts in a trusted tree alone", () => {
  const root = mkdtempSync(join(folder, 'tree-'));
  expect(vmlinuxOf(root, '', true)).toBeNull();
  expect(vmlinuxOf(root, 'build/vmlinux', true)).toBe(join(root, 'build/vmlinux'));
  expect(vmlinuxOf(root, '/boot/vmlinux', true)).toBe('/boot/vmlinux');
  writeFileSync(join(root, 'vmlinux'), '');
  expect(vmlinuxOf(root, '', true)).toBe(join(root, 'vmlinux'));
  expect(vmlinuxOf(root, '', false)).toBeNull();
  expect(vmlinuxOf(root, 'vmlinux', false)).toBeNull();
  expect(vmlinuxOf(root, '/boot/vmlinux', false)).toBe('/boot/vmlinux');
});
