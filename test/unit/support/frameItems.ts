/** Rows of the Backtrace view for tests: nothing is known of them but their names. */
import type { FrameItem } from '../../../server/src/lsp/protocol.ts';

/** A frame that isn't indexed yet. */
export const row = (name: string, more: Partial<FrameItem> = {}): FrameItem => ({
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

/** A frame with a place. */
export const placed = (name: string, more: Partial<FrameItem> = {}): FrameItem =>
  row(name, {
    location: { uri: 'file:///a.c', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } } },
    note: '',
    ...more,
  });
