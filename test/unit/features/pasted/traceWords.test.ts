import { expect, test } from 'vitest';
import type { ResolvedFrame } from '../../../../server/src/backtrace/resolvedTrace.ts';
import {
  evidenceText,
  noteText,
  remarkOf,
  tableText,
  viaText,
} from '../../../../server/src/features/pasted/traceWords.ts';
import { parseTrace } from '../../../../server/src/trace/parse.ts';

const [frame] = parseTrace('Call Trace:\n pipe_flush+0x1/0x2').stacks[0].frames;
const bare: ResolvedFrame = {
  ...{ frame, index: 0, definition: null, certain: false, alternatives: [], source: null, call: null },
  ...{ inlined: [], via: null, note: null, successors: [] },
};

test('how control goes on', () => {
  const bare = { slot: null, table: null, tables: 0, why: null, evidence: null };
  const via = { ...bare, slot: 'pipe_operations.drain', table: 'my_ops', tables: 1 };
  expect(viaText({ kind: 'dispatch', ...via })).toBe('through ->drain of my_ops');
  expect(viaText({ kind: 'tail', ...bare })).toBe('by a jump (tail call)');
  expect(viaText({ kind: 'call', ...bare })).toBeNull();
});

test('of several tables no more is said than is known', () => {
  const via = { kind: 'dispatch', slot: 'pipe_operations.drain', evidence: 'typed' } as const;
  const said = (table: string | null, tables: number, why: string | null) => tableText({ ...via, table, tables, why });
  expect(said(null, 0, null)).toBe('');
  expect(said('my_ops', 1, null)).toBe(' of my_ops');
  expect(said(null, 14, null)).toBe(' of one of 14 tables');
  expect(said('my_ops', 14, 'fs/my is in the trace')).toBe(' of my_ops, 1 of 14 tables: fs/my is in the trace');
});

test('what an edge rests on, and only what is in doubt', () => {
  const via = { kind: 'dispatch', slot: null, table: null, tables: 0, why: null, evidence: 'typed' } as const;
  expect(evidenceText({ ...bare, via, call: { file: 'a.c', line: 1, confidence: 'likely' } })).toBe('typed, likely');
  expect(evidenceText({ ...bare, call: { file: 'a.c', line: 1, confidence: 'certain' } })).toBe('');
});

test('notes, with what may stand for the missing', () => {
  expect(noteText({ kind: 'moved-line', printed: 3, line: 5 })).toBe('moved: line 3 in the trace, 5 here');
  expect(noteText({ kind: 'moved-line', printed: 3, line: null })).toBe('moved: line 3 is not in this function here');
  expect(remarkOf(bare)).toBe('not in this tree');
  expect(remarkOf({ ...bare, frame: { ...frame, user: true } })).toBe('');
  const successors = [{ function: 'pipe_drain', file: 'a.c', line: 7, why: '' }];
  const note = { kind: 'elsewhere', architecture: 'riscv' } as const;
  expect(remarkOf({ ...bare, note, successors })).toBe(
    'not for riscv: other architectures and programs have it; may have become pipe_drain (a.c:7)',
  );
});
