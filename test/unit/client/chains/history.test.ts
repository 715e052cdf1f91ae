import { expect, test } from 'vitest';
import { goOn, mapHistory, newHistory, step } from '../../../../client/src/chains/history.ts';

test('back and forward; going on forgets what was gone back from', () => {
  const third = goOn(goOn(newHistory(1), 2), 3);
  const back = step(step(third, -1), -1);
  expect(back).toEqual({ past: [], present: 1, future: [2, 3] });
  expect(step(back, -1)).toBe(back);
  expect(step(step(back, 1), 1)).toEqual(third);
  expect(step(third, 1)).toBe(third);
  expect(goOn(back, 9)).toEqual({ past: [1], present: 9, future: [] });
});

test('a change of what states hold is no step', () => {
  expect(mapHistory(step(goOn(newHistory(1), 2), -1), (n) => n * 10)).toEqual({ past: [], present: 10, future: [20] });
});

test('no more states are kept than anybody goes back', () => {
  let history = newHistory(0);
  for (let n = 1; n < 200; n++) history = goOn(history, n);
  expect([history.past.length, history.past[0]]).toEqual([50, 149]);
});
