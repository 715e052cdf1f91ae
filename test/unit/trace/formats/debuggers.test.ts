import { expect, test } from 'vitest';
import {
  balance,
  crashSource,
  exceptionFrame,
  markInlined,
  numberedFrame,
} from '../../../../server/src/trace/formats/debuggers.ts';
import { cleanLine } from '../../../../server/src/trace/lines/clean.ts';

const read = (line: string) => numberedFrame(cleanLine(line)[0], 1);

test('each debugger by its form', () => {
  expect(read('#1  0xffffffff811b6288 in pipe_sync (p=<optimized out>) at fs/pipes.c:31')).toMatchObject({
    kind: 'gdb',
    frame: { function: 'pipe_sync', number: 1, source: { file: 'fs/pipes.c', line: 31 } },
  });
  expect(read(' #2 [ffffc90000c0fe18] pipe_sync at ffffffff81a0a5d1 [pipes]')).toMatchObject({
    kind: 'crash',
    frame: { module: 'pipes' },
  });
  expect(read('#3  pipe_sync+0x10/0x20')).toMatchObject({ kind: 'drgn', frame: { offset: 16, size: 32 } });
  expect(read('#4 of the list')).toBeNull();
});

test("the object that GDB names: a module, the kernel, a program's library", () => {
  const objects = ['/lib/modules/6.1/kernel/fs/pipes.ko', '/boot/vmlinux-6.1', '/lib/libc.so.6'];
  const frames = objects.map((o) => read(`#1  0xffffffff811b6288 in f () from ${o}`)?.frame);
  expect(frames.map((f) => [f?.module, f?.user])).toEqual([
    ['pipes', false],
    [null, false],
    ['/lib/libc.so.6', true],
  ]);
});

test("crash's other lines, and strings that hold brackets", () => {
  expect(exceptionFrame(cleanLine('    [exception RIP: pipe_sync+22]')[0], 1)).toMatchObject({
    kind: 'pc',
    offset: 22,
  });
  expect(crashSource('    /usr/src/linux/fs/pipes.c: 31')).toEqual({ file: '/usr/src/linux/fs/pipes.c', line: 31 });
  expect(balance('(a="x)", b', 0, { depth: 0, quoted: false })).toEqual({ depth: 1, quoted: false });
});

test('without an address, a frame shares that of the one above', () => {
  const frames = ['#0  0xffffffff811b6288 in f () at a.c:1', '#1  g () at a.c:9'].map(
    (l) => read(l)?.frame ?? expect.fail(l),
  );
  markInlined(frames);
  expect(frames.map((f) => f.inlined)).toEqual([true, false]);
});
