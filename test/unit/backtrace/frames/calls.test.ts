import { beforeAll, expect, test } from 'vitest';
import { framesOfCalls, framesOfText } from '../../support/frames.ts';
import { type IndexedTree, writtenTree } from '../../support/marked.ts';
import { TRACE_TREE } from '../../support/traceTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await writtenTree(`${TRACE_TREE}
//@ fs/trace_twice.c
#include <linux/fs.h>
void fires_first(struct file *f)
{
	trace_file_read(f);
	lock_file(f);
}
void fires_second(struct file *f)
{
	trace_file_read(f);
	lock_file(f);
}
`);
});

const resolve = (...lines: string[]) => framesOfCalls(tree, ...lines);
const resolveText = (text: string) => framesOfText(tree, text);
const lineOf = (mark: string): number => tree.at(mark).line;

test('two calls of one function are told apart by the place in the code', () => {
  const at = (offset: string) => resolve('wait_here+0x1/0x10', `twice+${offset}/0x100`)[1].call;
  expect(at('0x10')).toMatchObject({ line: lineOf('twice-first') });
  expect(at('0xe0')).toMatchObject({ line: lineOf('twice-second') });
  expect(at('0x10')?.confidence).not.toBe('certain');
});

test('assembly', () => {
  const [, lower] = resolve('do_entry+0x1/0x10', 'entry_call+0x10/0x20');
  expect(lower.call).toEqual({ file: 'arch/x86/entry/entry_64.S', line: lineOf('entry'), confidence: 'certain' });
});

test('ftrace comes in at the first line of the body', () => {
  const [, lower] = resolve('kprobe_ftrace_handler+0x1/0x10', 'vfs_read+0x5/0x60');
  expect(lower.call).toMatchObject({ line: lineOf('vfs_read-def') + 2, confidence: 'certain' });
});

test("an assembly entry's printed line that has moved", () => {
  const [, entry] = resolveText(
    '#0  do_entry () at arch/x86/entry/common.c:1\n#1  0xffffffff81000000 in entry_call () at arch/x86/entry/entry_64.S:9999\n',
  );
  const line = lineOf('entry');
  expect(entry).toMatchObject({ source: { line, moved: true }, call: { line } });
  expect(entry.note).toMatchObject({ kind: 'moved-line', printed: 9999 });
});

test('nothing is said of how a function that is gone was reached, where only types agree', () => {
  const [gone, lower] = resolve('no_such_function_at_all+0x1/0x2', 'vfs_read+0x30/0x60');
  expect(gone.successors).toEqual([]);
  expect(lower).toMatchObject({ call: null, via: null, inlined: [] });
  // a module from elsewhere is reached through a pointer
  const [, foreign] = resolve('no_such_function_at_all+0x1/0x2 [nosuchmod]', 'vfs_read+0x30/0x60');
  expect(foreign.via).toMatchObject({ kind: 'dispatch', evidence: 'signature' });
});

test('where an exception came no call was made, not even of a function that is called elsewhere in it', () => {
  const frames = resolveText(`Call Trace:
 <IRQ>
 count_up+0x1/0x10
 vfs_read+0x10/0x60
 </IRQ>
RIP: 0010:ksys_read+0x10/0x60
 __x64_sys_read+0x20/0x60
`);
  const interrupted = frames.find((f) => f.frame.function === 'ksys_read');
  expect(interrupted?.frame.kind).toBe('pc');
  expect(interrupted).toMatchObject({ via: { kind: 'exception' }, call: null, inlined: [] });
});

test('a tracepoint that a file uses twice is cut in two, and both parts are inlined', () => {
  const probe = 'trace_event_raw_event_file_read+0x1/0x10';
  const chain = (name: string) => resolve(probe, `${name}+0x30/0x40`)[1].inlined.map((i) => i.function);
  expect(chain('fires')).toEqual(['trace_file_read']);
  expect(chain('fires_first')).toEqual(['trace_file_read', 'trace_file_read']);
});

test('the head of a function that was cut in two is inlined where the rest is called', () => {
  const [, lower] = resolve('vfs_read.part.0+0x10/0x60', 'ksys_read+0x20/0x60');
  expect(lower).toMatchObject({ inlined: [{ function: 'vfs_read', line: lineOf('vfs_read-def') }] });
});
