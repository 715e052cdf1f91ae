import { expect, test, vi } from 'vitest';
import { newTraceFrames, sameRow } from '../../../../client/src/backtrace/traceFrames.ts';
import type { TraceFramesAnswer } from '../../../../server/src/lsp/protocol.ts';
import { placed, row } from '../../support/frameItems.ts';

test('rows are renewed where they are known; those there are stay until the answer has come', async () => {
  const answers: TraceFramesAnswer[] = [{ frames: [row('f')], remark: null, partial: 'at 15 %' }];
  const ask = vi.fn(async () => answers[0]);
  const changed = vi.fn();
  const frames = newTraceFrames(ask, changed);
  await frames.renew(() => {});
  expect(ask).not.toHaveBeenCalled();
  await frames.rows(0);
  answers[0] = { frames: [placed('f')], remark: 'of another version', partial: 'at 30 %' };
  const replaced = vi.fn();
  const renewed = frames.renew(replaced);
  expect(frames.known(0)).toEqual([row('f')]);
  await renewed;
  expect([frames.known(0), frames.partial(), frames.version()]).toEqual([[placed('f')], 'at 30 %', 1]);
  expect([frames.remark(0), frames.remark(1)]).toEqual(['of another version', null]);
  expect(replaced).toHaveBeenCalledWith(0, [row('f')], [placed('f')]);
  await frames.renew(replaced);
  expect(frames.version()).toBe(1);
});

test('news that comes while rows are asked for has them asked once more', async () => {
  const ask = vi.fn(async () => ({ frames: [row('f')], remark: null, partial: null }));
  const frames = newTraceFrames(ask, () => {});
  await frames.rows(0);
  await Promise.all([frames.renew(() => {}), frames.renew(() => {}), frames.renew(() => {})]);
  expect(ask).toHaveBeenCalledTimes(3);
});

test('a row is found again where inlined ones have come between', () => {
  const now = [row('g', { inlined: true }), row('f'), row('h', { frame: 1 })];
  expect([sameRow(row('f'), now), sameRow(row('h', { frame: 1 }), now), sameRow(undefined, now)]).toEqual([1, 2, -1]);
});
