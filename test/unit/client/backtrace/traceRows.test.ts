import { expect, test } from 'vitest';
import { walkEnd } from '../../../../client/src/backtrace/traceRows.ts';
import type { FrameItem } from '../../../../server/src/lsp/protocol.ts';

const row = (name: string, more: Partial<FrameItem> = {}): FrameItem => ({
  frame: 0,
  function: name,
  inlined: false,
  reliable: true,
  line: 0,
  character: 0,
  location: null,
  where: '',
  edge: '',
  brief: '',
  evidence: '',
  inferred: false,
  isTold: false,
  source: '',
  note: 'not indexed yet',
  ...more,
});
const placed = (name: string, more: Partial<FrameItem> = {}): FrameItem =>
  row(name, {
    location: { uri: 'file:///a.c', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } } },
    note: '',
    ...more,
  });

test('the end of a walk: nothing is called outermost that is not', () => {
  const rows = [placed('a'), row('b'), row('c')];
  expect(walkEnd(rows, 0, 1, true)).toBe('The 2 frames further out: not indexed yet.');
  expect(walkEnd(rows, 0, 1, false)).toBe('The 2 frames further out have no place in this tree.');
  expect(walkEnd(rows, 2, 1, true)).toBe('This is the outermost frame of the backtrace.');
  expect(walkEnd(rows, 0, -1, true)).toBe('This is the innermost frame of the backtrace.');
});
