import { beforeAll, expect, test } from 'vitest';
import { calleeBefore } from '../../../../server/src/backtrace/bodies/callees.ts';
import { bodiesIn, type TreeOfBodies, toksOf } from '../../support/bodies.ts';

let tree: TreeOfBodies;

beforeAll(async () => {
  tree = await bodiesIn(`
//@ include/linux/defs.h
int drain(int n);
#define FULL(n) ((n) > 8)
`);
});

/** What the last `(` of a text calls, and the text that it starts with. */
function called(text: string): string | null {
  const toks = toksOf(text);
  const open = toks.findLastIndex((t) => t.text === '(');
  const callee = calleeBefore(tree.reader, toks, open, new Set(['fn']));
  return callee && `${callee.kind} ${callee.name} from ${toks[callee.start].text}`;
}

test('a function of the tree is called by its name, a macro and a word of the language are not', () => {
  expect(called('drain(1)')).toBe('call drain from drain');
  expect(called('FULL(1)')).toBeNull();
  expect(called('nobody_has_it(1)')).toBeNull();
  expect(called('sizeof(n)')).toBeNull();
  expect(called('if (n)')).toBeNull();
});

test('a member is called from where its object begins', () => {
  expect(called('r = pipe->ops->drain(1)')).toBe('member drain from pipe');
  expect(called('r = pipe_of(n)->ops.drain(1)')).toBe('member drain from pipe_of');
  expect(called('r = pipes[n].drain(1)')).toBe('member drain from pipes');
});

test('a pointer is called by its name, through its star, and out of a list', () => {
  expect(called('fn(1)')).toBe('pointer fn from fn');
  expect(called('(*hook)(1)')).toBe('pointer hook from hook');
  expect(called('(pipe->drain)(1)')).toBe('member drain from pipe');
  expect(called('handlers[n](1)')).toBe('pointer handlers from handlers');
  expect(called('static_call(pipe_drain)(1)')).toBe('pointer pipe_drain from static_call');
});

test('a cast, a condition and a call of what was returned are no call of a name', () => {
  expect(called('(unsigned long)(n)')).toBeNull();
  expect(called('(size_t)(n)')).toBeNull();
  expect(called('if (fn) (m)')).toBeNull();
  expect(called('drain(fn)(m)')).toBeNull();
  expect(called('(n)(m)')).toBeNull();
});
