import { expect, test } from 'vitest';
import { answersBy, askOf, type RowQuestions } from '../../../../server/src/index/read/questions.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

test('every question of a reader is asked of what stands behind it, with its keys', async () => {
  const { index } = await memoryIndex({
    'fs/a.c': `
struct ops { int (*open)(int n); };
static int a_open(int n) { return n; }
static const struct ops a_ops = { .open = a_open };
int each(int (*fn)(int n)) { return fn(1); }
int g(struct ops *o) { return o->open(1) + each(a_open); }
`,
  });
  const asked: string[] = [];
  const through: RowQuestions = answersBy((question) => (...keys) => {
    asked.push(question);
    return askOf(index, question)(...keys);
  });
  const end = { kind: 'parameter', of: { kind: 'name', name: 'each' }, index: 0 } as const;
  expect([
    through.names('g').length,
    through.registrationsOfSlot('ops', 'open').length,
    through.registrationsOfTarget('a_open').length,
    through.tablesOfRecord('ops').length,
    through.dispatchesOfSlot('ops', 'open').length,
    through.callersOf('each').length,
    through.flowsFrom(end).length,
    through.flowsTo(end).length,
  ]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect(new Set(asked).size).toBe(8);
});
