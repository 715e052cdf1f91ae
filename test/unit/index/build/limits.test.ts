import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { mostWorkers } from '../../../../server/src/index/build/limits.ts';
import { defaultWorkers } from '../../../../server/src/index/build/pool.ts';

test('as many workers as the machine bears, never none', () => {
  expect(mostWorkers()).toBeGreaterThanOrEqual(1);
  expect(mostWorkers()).toBeLessThanOrEqual(2 * availableParallelism());
  expect(defaultWorkers()).toBeLessThanOrEqual(2 * availableParallelism());
});
