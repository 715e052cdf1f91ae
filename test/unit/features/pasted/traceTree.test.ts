import { expect, test } from 'vitest';
import { bareItems, frameItems, frameRowsSteps, stackList } from '../../../../server/src/features/pasted/traceTree.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import type { SharedRun } from '../../../../server/src/trace/merge.ts';
import { newPastedText } from '../../../../server/src/trace/pastedText.ts';
import { OOPS, PATCH, pipes } from '../../support/pipes.ts';

const { tree, requestOf, lineOf } = await pipes();

test('rows are innermost first, what was inlined above its frame, edges on the row that takes them', () => {
  const rows = frameItems(requestOf(OOPS), 0);
  expect(rows.map((r) => [r.function, r.inlined, r.where, r.edge, r.evidence])).toEqual([
    ['sink_drain', false, lineOf('sink_drain'), '', ''],
    ['drain_one', true, lineOf('dispatch'), 'through ->drain of sink_ops', expect.stringContaining('typed')],
    ['pipe_flush', false, lineOf('flush-line'), '', ''],
    ['old_junk', false, '', '', ''],
    ['pipe_sync', false, lineOf('sync-line'), '', expect.any(String)],
  ]);
  expect(rows.map((r) => r.frame)).toEqual([0, 1, 1, 2, 3]);
});

test('a row knows its line of the text, its line of the tree, and what a reader has to know', () => {
  const [, , flush, junk] = frameItems(requestOf(OOPS), 0);
  expect([flush.line, flush.character]).toEqual([5, OOPS.split('\n')[5].indexOf('pipe_flush')]);
  expect(flush.location).toMatchObject({
    uri: `file://${tree.root}/fs/pipes.c`,
    range: { start: { line: tree.at('flush-line').line - 1, character: '\treturn '.length } },
  });
  expect([junk.location, junk.note, junk.reliable]).toEqual([null, 'not in this tree', false]);
});

test('a row stands on the call itself, and has the line of source', () => {
  const [drain, inlined, flush, , sync] = frameItems(requestOf(OOPS), 0);
  const at = (row: typeof drain) => [row.source, row.location?.range.start.character];
  expect(at(inlined)).toEqual(['return pipe->ops->drain(pipe);', '\treturn pipe->ops->'.length]);
  expect(at(flush)).toEqual(['return drain_one(pipe) + 1;', '\treturn '.length]);
  expect(at(sync)).toEqual(['err = pipe_flush(pipe);', '\terr = '.length]);
  // nothing is called there: the line's first word
  expect(at(drain)).toEqual([expect.stringContaining('sink_drain'), 0]);
  expect([inlined.brief, flush.brief]).toEqual(['->drain', '']);
  expect([inlined, flush].map((r) => r.inferred)).toEqual([true, false]);
});

test('where most of what is printed has moved on, it is said once', () => {
  const lines = (at: number) => `#0  pipe_flush (pipe=0x1) at fs/pipes.c:${at}\n#1  pipe_sync () at fs/pipes.c:${at}\n`;
  const trace = (at: number) => `${lines(at)}#2  pipe_sync () at fs/pipes.c:${at}\n`;
  const moved = toEnd(frameRowsSteps(requestOf(trace(9999)), 0));
  expect(moved.remark).toBe('The trace is of another version: 3 of the 3 lines that it prints are elsewhere here.');
  expect(moved.frames.filter((r) => !r.inferred).every((r) => r.isTold && r.note.startsWith('moved'))).toBe(true);
  expect(toEnd(frameRowsSteps(requestOf(OOPS), 0)).remark).toBeNull();
  expect(toEnd(frameRowsSteps(requestOf(lines(9999)), 0)).remark).toBeNull();
});

test('a register that the trace repeats is one row, and two where all are asked for', () => {
  const twice = `pc : pipe_flush+0x8/0x20
lr : pipe_sync+0x9/0x20
Call trace:
 pipe_flush+0x8/0x20
 pipe_sync+0x9/0x20
`;
  const names = (all: boolean): string[] =>
    frameItems(requestOf(twice), 0, all).flatMap((r) => (r.inlined ? [] : r.function));
  expect(names(false)).toEqual(['pipe_flush', 'pipe_sync']);
  expect(names(true)).toEqual(['pipe_flush', 'pipe_sync', 'pipe_flush', 'pipe_sync']);
});

test('without a tree, rows are names with the places that are printed', () => {
  const text = newPastedText('Call Trace:\n pipe_flush+0x12/0x20 fs/pipes.c:7\n pipe_sync+0x9/0x20\n');
  expect(bareItems(text, 0).map((r) => [r.frame, r.function, r.where, r.location])).toEqual([
    [0, 'pipe_flush', 'fs/pipes.c:7', null],
    [1, 'pipe_sync', '', null],
  ]);
});

test('the list tells each stack, those that share frames as one tree, and the hunks of patches', () => {
  const list = stackList(newPastedText(OOPS));
  const title = 'BUG: unable to handle page fault for address: 0000000000000010';
  expect(list.stacks).toEqual([
    { title, detail: expect.any(String), kind: 'oops', frames: 4, line: expect.any(Number) },
  ]);
  expect([list.merged.length, list.hunks]).toEqual([1, 0]);
  expect(stackList(newPastedText(PATCH))).toEqual({ stacks: [], merged: [], hunks: 3 });
});

const stack = (...names: string[]): string => `Call Trace:\n${names.map((n) => ` ${n}+0x1/0x10\n`).join('')}\n`;
const shape = (runs: readonly SharedRun[]): unknown[] =>
  runs.map((r) => [r.stacks, r.frames, ...(r.branches.length ? [shape(r.branches)] : [])]);

test('stacks that share frames become one tree that parts where they do, or where one ends', () => {
  const text = newPastedText(stack('a', 'b', 'c', 'x') + stack('a', 'b', 'd') + stack('q', 'b'));
  const parted = [
    [[0], [2, 3]],
    [[1], [2]],
  ];
  expect(shape(stackList(text).merged)).toEqual([
    [[0, 1], [0, 1], parted],
    [[2], [0, 1]],
  ]);
  const longer = newPastedText(stack('a', 'b') + stack('a', 'b', 'c'));
  expect(shape(stackList(longer).merged)).toEqual([[[0, 1], [0, 1], [[[1], [2]]]]]);
});

test('a very deep stack is no danger', () => {
  const names = Array.from({ length: 20_000 }, (_, n) => `f${n}`);
  const [run] = stackList(newPastedText(stack(...names))).merged;
  expect(run.frames).toHaveLength(20_000);
});
