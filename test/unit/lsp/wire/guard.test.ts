import { expect, test } from 'vitest';
import { CancellationTokenSource, type Connection } from 'vscode-languageserver';
import { IndexDamage } from '../../../../server/src/index/store/checked.ts';
import { newGuards } from '../../../../server/src/lsp/wire/guard.ts';
import { inSlices } from '../../../../server/src/lsp/wire/slices.ts';
import { isSteps, type Steps, toEnd } from '../../../../server/src/resolve/steps.ts';

/** Work of so many steps, each of which takes at least 5 ms. */
function* work(count: number, done: { steps: number; ended: boolean }): Steps<string> {
  try {
    for (; done.steps < count; done.steps++) {
      for (const end = performance.now() + 5; performance.now() < end; );
      yield;
    }
    return 'done';
  } finally {
    done.ended = true;
  }
}

const newWork = () => ({ steps: 0, ended: false });

const fake = () => {
  const logged: string[] = [];
  const connection = { console: { error: (message: string) => logged.push(message) } } as unknown as Connection;
  return { connection, logged };
};

const host = (isStale = () => false, damaged = (_: IndexDamage) => {}) => ({ since: () => isStale, damaged });

test('work and answers are told apart', () => {
  expect(isSteps(work(1, newWork()))).toBe(true);
  for (const answer of [[], [1], null, 'x', {}, new Map()]) expect(isSteps(answer)).toBe(false);
  expect(toEnd(work(3, newWork()))).toBe('done');
});

test('others have their turn while long work goes on', async () => {
  const state = newWork();
  let turns = 0;
  let isOver = false;
  const other = (): void => {
    turns++;
    if (!isOver) setImmediate(other);
  };
  setImmediate(other);
  expect(await inSlices(work(40, state), () => {})).toBe('done');
  isOver = true;
  // 200 ms of work in slices of 25
  expect(turns).toBeGreaterThanOrEqual(3);
  expect(state).toEqual({ steps: 40, ended: true });
});

test('cancelled work stops, and lets go of what it holds', async () => {
  const { connection } = fake();
  const { guarded } = newGuards(connection, host());
  const state = newWork();
  const source = new CancellationTokenSource();
  const answer = guarded('search', () => work(10_000, state), '')({}, source.token);
  setTimeout(() => source.cancel(), 50);
  await expect(answer).rejects.toMatchObject({ code: -32800 });
  expect(state.steps).toBeLessThan(10_000);
  expect(state.ended).toBe(true);
});

test('work about an index that is closed meanwhile stops', async () => {
  const { connection } = fake();
  let isStale = false;
  const { guarded } = newGuards(
    connection,
    host(() => isStale),
  );
  setTimeout(() => {
    isStale = true;
  }, 50);
  const { token } = new CancellationTokenSource();
  await expect(guarded('search', () => work(10_000, newWork()), '')({}, token)).rejects.toMatchObject({ code: -32801 });
});

test('of fifty questions that were cancelled while they waited, none is worked on', async () => {
  const { connection, logged } = fake();
  const { guarded } = newGuards(connection, host());
  let asked = 0;
  const hover = guarded('hover', () => ++asked, 0);
  const sources = Array.from({ length: 50 }, () => new CancellationTokenSource());
  for (const source of sources.slice(0, 49)) source.cancel();
  const answers = await Promise.allSettled(sources.map((s) => hover({}, s.token)));
  expect(asked).toBe(1);
  expect(answers.filter((a) => a.status === 'rejected')).toHaveLength(49);
  expect(logged).toEqual([]);
});

test('a fault is logged with its name, and answered with nothing', async () => {
  const { connection, logged } = fake();
  const { guarded, owned } = newGuards(connection, host());
  const { token } = new CancellationTokenSource();
  const fails = () => {
    throw new Error('our fault');
  };
  expect(await guarded('hover', fails, null)({}, token)).toBeNull();
  expect(await guarded('hover', async () => fails(), null)({}, token)).toBeNull();
  const told: string[] = [];
  await owned(
    'save',
    () => Promise.reject(new Error('left alone')),
    (error) => told.push(error.message),
  );
  expect(logged.map((l) => l.split('\n')[0])).toEqual([
    'hover: Error: our fault',
    'hover: Error: our fault',
    'save: Error: left alone',
  ]);
  expect(told).toEqual(['left alone']);
});

test('a question that meets damage is asked once more, when the index is let go of', async () => {
  const { connection, logged } = fake();
  const found: string[] = [];
  const { guarded } = newGuards(
    connection,
    host(
      () => false,
      (damage) => found.push(damage.folder),
    ),
  );
  const { token } = new CancellationTokenSource();
  const hover = guarded(
    'hover',
    () => {
      if (found.length === 0) throw new IndexDamage('a page', '/cache/x');
      return 'from the sources';
    },
    '',
  );
  expect(await hover({}, token)).toBe('from the sources');
  expect(found).toEqual(['/cache/x']);
  expect(logged).toEqual([]);
});
