import { beforeAll, expect, test } from 'vitest';
import { resolveStack } from '../../../../server/src/backtrace/backtrace.ts';
import { definitionsOf, frameLeftOut } from '../../../../server/src/backtrace/frames/definitions.ts';
import { newTraceContext } from '../../../../server/src/backtrace/resolvedTrace.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { parseTrace } from '../../../../server/src/trace/parse.ts';
import { callTrace, framesOfCalls, framesOfText } from '../../support/frames.ts';
import { type IndexedTree, writtenTree } from '../../support/marked.ts';
import { TRACE_TREE } from '../../support/traceTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await writtenTree(
    TRACE_TREE.replace(
      'fs/other/other.c\n',
      `fs/other/other.c
static long other_read(void *f) { return helper(f); }
`,
    ),
  );
});

const resolve = (...lines: string[]) => framesOfCalls(tree, ...lines);
const resolveText = (text: string) => framesOfText(tree, text);

/** The first `most` frames of a call trace with their definitions. */
function defined(most: number, ...lines: string[]) {
  const trace = parseTrace(callTrace(...lines));
  const context = newTraceContext({ index: tree.index, architecture: 'x86' }, trace);
  return toEnd(definitionsOf(context, trace.stacks[0], most));
}

test('of a module, by its Makefile', () => {
  const file = (module: string) => resolve(`helper+0x1/0x10 [${module}]`)[0].definition?.file;
  expect(file('my_fs')).toBe('fs/myfs/util.c');
  expect(file('other')).toBe('fs/other/other.c');
  expect(resolve('helper+0x1/0x10 [other]')[0]).toMatchObject({ note: null });
  expect(resolve('vfs_read+0x1/0x10 [nvidia]')[0]).toMatchObject({
    certain: false,
    note: { kind: 'no-module', module: 'nvidia' },
  });
  expect(resolve('helper+0x1/0x10 [nvidia]')[0]).toMatchObject({ definition: null, alternatives: [{}, {}] });
  expect(resolve('vfs_read+0x1/0x10 [other]')[0].note).toEqual({ kind: 'outside-module', module: 'other' });
});

test('by the file that is printed', () => {
  const [frame] = resolveText('#0  helper (f=0x0) at ../fs/other/other.c:4\n#1  0xffffffff81000000 in x () at y.c:1\n');
  expect(frame).toMatchObject({ definition: { file: 'fs/other/other.c' }, certain: true });
});

test('of the architecture that the trace is of', () => {
  const [stack] = parseTrace('Call Trace:\n do_entry+0x1/0x10\n').stacks;
  const context = newTraceContext(
    { index: tree.index, architecture: 'x86' },
    { stacks: [stack], problems: [], lines: 2, cut: null },
  );
  const file = (arch: string) => resolveStack(context, { ...stack, arch }).frames[0].definition?.file;
  expect(file('arm64')).toBe('arch/arm64/kernel/entry-common.c');
  expect(file('x86')).toBe('arch/x86/entry/common.c');
  const [frame] = resolveStack(context, { ...stack, arch: 'riscv' }).frames;
  expect(frame.definition).toBeNull();
  expect(frame.note).toEqual({ kind: 'elsewhere', architecture: 'riscv' });
});

test('of two functions the one in the folder of its neighbours, where these are certain', () => {
  const file = (neighbour: string) => defined(9, 'helper+0x1/0x10', `${neighbour}+0x1/0x40`)[0].definition?.file;
  expect(file('my_read')).toBe('fs/myfs/util.c');
  expect(file('other_read')).toBe('fs/other/other.c');
});

test('no more frames than asked for; the others are said to be left out', () => {
  const lines = ['vfs_read+0x1/0x60', 'ksys_read+0x1/0x60', 'put_file+0x1/0x40'];
  expect(defined(2, ...lines).map((f) => [f.index, f.definition?.name])).toEqual([
    [0, 'vfs_read'],
    [1, 'ksys_read'],
  ]);
  const [{ frame }] = defined(1, ...lines);
  expect(frameLeftOut(frame, 7)).toMatchObject({ index: 7, definition: null, note: { kind: 'not-looked-up' } });
});
