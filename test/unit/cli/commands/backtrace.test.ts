import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { kerntrailIn, rowsOf } from '../../support/kerntrail.ts';
import { type Tree, writeTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(VM_TREE);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

describe('backtrace', () => {
  const TRACE = 'Call Trace:\n filemap_fault+0x10/0x40\n ? xfs_fault+0x1/0x2\n ext4_mmap+0x20/0x60\n';

  test('one JSON object a frame, from standard input', () => {
    const run = kerntrailIn(tree, ['backtrace', '--json', '-'], TRACE);
    expect(run.err).toBe('');
    const found = rowsOf(run.out);
    expect(found.map((r) => [r.inputLine, r.stack, r.function, r.reliable])).toEqual([
      [2, 0, 'filemap_fault', true],
      [3, 0, 'xfs_fault', false],
      [4, 0, 'ext4_mmap', true],
    ]);
    expect(found[2]).toMatchObject({
      offset: 0x20,
      size: 0x60,
      module: null,
      definition: { file: 'fs/ext4/file.c' },
      call: { file: 'fs/ext4/file.c', line: tree.at('fault-dispatch').line, confidence: 'certain' },
      inlined: [],
      via: { kind: 'dispatch', slot: 'vm_operations_struct.fault', evidence: 'typed' },
    });
  });

  test('as text, and what can not be read', () => {
    const file = join(tree.root, 'trace.txt');
    writeFileSync(file, TRACE);
    const { code, out } = kerntrail('backtrace', file);
    expect(code).toBe(0);
    expect(out).toContain(`fs/ext4/file.c:${tree.at('fault-dispatch').line}`);
    writeFileSync(file, 'nothing of that kind\n');
    expect(kerntrail('backtrace', file)).toMatchObject({ code: 1, err: expect.stringContaining('no stack') });
    writeFileSync(file, ' \n');
    expect(kerntrail('backtrace', file)).toMatchObject({ code: 2, err: expect.stringContaining('is empty') });
    writeFileSync(file, Buffer.from([0x1f, 0x8b, 8, 0, 1, 2]));
    expect(kerntrail('backtrace', file)).toMatchObject({ code: 2, err: expect.stringContaining('gzip -d') });
    writeFileSync(file, Buffer.from(`\ufeff${TRACE}`, 'utf16le'));
    expect(kerntrail('backtrace', file).out).toBe(out);
    writeFileSync(file, Buffer.from([0, 1, 2, 255, 10, 0, 0]));
    expect(kerntrail('backtrace', file)).toMatchObject({ code: 1, err: expect.stringContaining('Binary') });
    expect(kerntrail('backtrace', join(tree.root, 'missing'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file'),
    });
    expect(kerntrail('backtrace', tree.root)).toMatchObject({ code: 2, err: expect.stringContaining('folder') });
    expect(kerntrail('backtrace', file, file).code).toBe(2);
  });
});
