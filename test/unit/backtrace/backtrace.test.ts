import { beforeAll, describe, expect, test } from 'vitest';
import type { ResolvedFrame } from '../../../server/src/backtrace/resolvedTrace.ts';
import { framesOfCalls, framesOfText } from '../support/frames.ts';
import { type IndexedTree, indexTree } from '../support/marked.ts';
import { TRACE_TREE } from '../support/traceTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(TRACE_TREE);
});

const resolve = (...lines: string[]) => framesOfCalls(tree, ...lines);
const resolveText = (text: string) => framesOfText(tree, text);

const lineOf = (mark: string): number => tree.at(mark).line;
const chain = (f: ResolvedFrame): string[] => f.inlined.map((i) => `${i.function}:${i.line}`);

describe('call lines and inlined functions', () => {
  test('through two inlined functions and a slot', () => {
    const [, lower] = resolve('my_read+0x10/0x40', 'vfs_read+0x30/0x60');
    expect(lower.call).toEqual({ file: 'fs/read_write.c', line: lineOf('vfs_read'), confidence: 'certain' });
    expect(chain(lower)).toEqual([`call_read:${lineOf('call_read')}`, `new_sync_read:${lineOf('new_sync_read')}`]);
    expect(lower.inlined[0].file).toBe('include/linux/fs.h');
    expect(lower.via).toEqual({
      ...{ kind: 'dispatch', slot: 'file_operations.read', evidence: 'typed' },
      ...{ table: 'my_fops', tables: 1, why: null },
    });
  });

  test('a direct call', () => {
    const [, lower] = resolve('vfs_read+0x10/0x60', 'ksys_read+0x20/0x60');
    expect(lower.call).toEqual({ file: 'fs/read_write.c', line: lineOf('ksys_read'), confidence: 'certain' });
    expect(lower).toMatchObject({ inlined: [], via: { kind: 'call' } });
  });

  test('a system call: its jump leaves no frame, its names are one', () => {
    const [, lower] = resolve('vfs_read+0x10/0x60', '__x64_sys_read+0x20/0x60');
    expect(lower.definition).toMatchObject({ file: 'fs/read_write.c', name: '__x64_sys_read' });
    expect(chain(lower).map((c) => c.split(':')[0])).toContain('__do_sys_read');
    for (const name of ['sys_read', 'SyS_read', '__se_sys_read', '__arm64_sys_read'])
      expect(resolve(`${name}+0x1/0x20`)[0].definition?.file).toBe('fs/read_write.c');
  });

  test('a function handed to an inlined one', () => {
    const [, lower] = resolve('wait_here+0x1/0x10', 'put_file+0x20/0x40');
    expect(lower.call?.line).toBe(lineOf('put_file'));
    expect(chain(lower)).toEqual([`file_release:${lineOf('file_release')}`, `kref_put:${lineOf('kref_put')}`]);
  });

  test("a macro's arguments stand where the macro does", () => {
    expect(resolve('wait_here+0x1/0x10', 'in_macro+0x20/0x40')[1].call?.line).toBe(lineOf('in_macro'));
  });

  test('through a function of another file that ends in a jump', () => {
    const [, lower] = resolve('count_up+0x1/0x10', 'by_jump+0x20/0x40');
    expect(lower).toMatchObject({ call: { line: lineOf('by_jump') }, inlined: [], via: { kind: 'tail' } });
    expect(lower.call?.confidence).not.toBe('certain');
  });

  test('a tracepoint', () => {
    const [probe, lower] = resolve('trace_event_raw_event_file_read+0x1/0x10', 'fires+0x30/0x40');
    const { file, line } = tree.at('event');
    expect(probe.definition).toMatchObject({ file, line, kind: 'event' });
    expect(lower).toMatchObject({ call: { line: lineOf('fires') }, via: { kind: 'event', slot: 'file_read' } });
    expect(chain(lower)).toEqual([`trace_file_read:${line}`]);
  });
});

describe('definitions', () => {
  test('by what the frame above and the frame below can be', () => {
    expect(resolve('count_up+0x1/0x10', 'helper+0x8/0x10')[1].definition?.file).toBe('fs/other/other.c');
    const [frame] = resolve('helper+0x8/0x10');
    expect(frame).toMatchObject({ certain: false, note: { kind: 'one-of', count: 2 } });
    expect(frame.alternatives).toHaveLength(1);
  });
});

describe('what has changed since the trace', () => {
  test('a line that is not in the function any more', () => {
    const [frame] = resolveText(
      '#0  vfs_read (f=0x0) at ../fs/read_write.c:900\n#1  0xffffffff81000000 in ksys_read () at ../fs/read_write.c:901\n',
    );
    expect(frame.source).toEqual({ file: 'fs/read_write.c', line: lineOf('vfs_read-def'), moved: true });
    expect(frame.note?.kind).toMatch(/^moved/);
  });

  test('a line that still is', () => {
    const line = lineOf('vfs_read');
    const [frame] = resolveText(
      `#0  vfs_read (f=0x0) at ../fs/read_write.c:${line}\n#1  0xffffffff81000000 in x () at y.c:1\n`,
    );
    expect(frame).toMatchObject({ source: { line, moved: false }, call: { line }, note: null });
  });

  test('lines that the trace prints of what was inlined, as far as they fit', () => {
    const header = lineOf('call_read');
    const own = lineOf('vfs_read');
    const middle = lineOf('new_sync_read');
    const [, frame] = resolveText(
      `Call Trace:\n my_read+0x1/0x2\n vfs_read (include/linux/fs.h:${header} fs/read_write.c:${middle} fs/read_write.c:${own})\n`,
    );
    expect(frame).toMatchObject({ call: { file: 'fs/read_write.c', line: own }, note: null });
    expect(chain(frame)).toEqual([`call_read:${header}`, `new_sync_read:${middle}`]);
    const [, drifted] = resolveText(
      `Call Trace:\n my_read+0x1/0x2\n vfs_read (include/linux/fs.h:2 fs/read_write.c:${middle} fs/read_write.c:${own})\n`,
    );
    expect(chain(drifted)).toEqual([`new_sync_read:${middle}`]);
  });
});

test('a module that the tree lacks has no successors in it', () => {
  const [gone] = resolve('my_readv+0x10/0x40 [nosuchmod]', 'call_read+0x8/0x20');
  expect(gone).toMatchObject({ definition: null, successors: [], note: { kind: 'missing', module: 'nosuchmod' } });
});

test('frames without a name, of programs, and unknown ones are left alone', () => {
  const frames = resolveText(
    'Call Trace:\n 0xffffffffc025f0c8\n no_such_function_at_all+0x1/0x2\n vfs_read+0x1/0x60\n',
  );
  expect(frames.at(-1)?.definition?.file).toBe('fs/read_write.c');
  expect(frames.filter((f) => f.definition === null).every((f) => f.call === null)).toBe(true);
});
