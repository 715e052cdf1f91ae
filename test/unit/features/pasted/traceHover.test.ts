import { expect, test } from 'vitest';
import { traceHover } from '../../../../server/src/features/pasted/traceHover.ts';
import { OOPS, PATCH, pipes, placeIn, saidBy } from '../../support/pipes.ts';

const { requestOf, lineOf } = await pipes();
const hoverOf = (text: string, word: string): string => saidBy(traceHover(requestOf(text), ...placeIn(text, word)));

test('of a frame: the signature, the line, the dispatch with its evidence, and the caller', () => {
  const text = hoverOf(OOPS, 'pipe_flush');
  expect(text).toContain('int pipe_flush(struct pipe *pipe)');
  expect(text).toContain(`[${lineOf('flush-line')}]`);
  expect(text).toMatch(/Calls `sink_drain` at .*through -\\>drain of sink\\_ops _\(typed/);
  expect(text).toMatch(/Inlined here, as far as the source tells:\n- `drain_one`/);
  expect(text).toMatch(/Reached from `pipe_sync`/);
});

test('of a frame that the kernel does not vouch for, and that the tree lacks', () => {
  const text = hoverOf(OOPS, 'old_junk');
  expect(text).toContain('**old\\_junk**');
  expect(text).toContain('left over from an earlier call');
  expect(text).toContain('_not in this tree_');
});

test('of a member in prose, what stands in it, and how it was found', () => {
  expect(hoverOf('then pipe->ops->drain(pipe) in pipe_flush()', 'drain')).toContain('sink_drain');
  expect(hoverOf('is ->drain() ever NULL?', 'drain')).toContain('by member name alone');
});

test('a member that the struct lacks is said to be gone, with those of a name like it', () => {
  const gone = 'pipe_flush() calls pipe->ops->drain_all(pipe)';
  expect(hoverOf(gone, 'drain_all')).toMatch(/pipe_operations.* has no member `drain_all` in this tree/);
  expect(hoverOf(gone, 'drain_all')).toMatch(/name like it: \[`drain`\]/);
});

test('of the header of a hunk, over its whole line; of its other lines and of plain words nothing', () => {
  const header = traceHover(requestOf(PATCH), ...placeIn(PATCH, '@@ -30'));
  expect(saidBy(header)).toMatch(/^applies \d+ lines further up/);
  expect(header?.range?.start.character).toBe(0);
  expect(hoverOf(PATCH, 'return 0')).toBe('');
  expect(hoverOf(OOPS, 'noise')).toBe('');
});

test('what is partial is said below', () => {
  const request = { ...requestOf(OOPS), partial: 'Still indexing.' };
  expect(saidBy(traceHover(request, ...placeIn(OOPS, 'pipe_sync')))).toMatch(/\n_Still indexing\._$/);
});
