import { expect, test } from 'vitest';
import {
  newPastedRequest,
  resolvedFrame,
  resolvedStack,
  resolvedStackSteps,
} from '../../../../server/src/features/pasted/request.ts';
import { newPastedText } from '../../../../server/src/trace/pastedText.ts';
import { askIn } from '../../support/marked.ts';
import { OOPS, PATCH, pipes } from '../../support/pipes.ts';

const { tree, requestOf, lineOf } = await pipes();

test('a pasted text belongs to no program, and its own words are what is asked about', () => {
  const request = newPastedRequest(newPastedText(OOPS), askIn(tree, 'fs/pipes.c', { besideOther: true }));
  expect(request.file).toMatchObject({ path: '', facts: null });
  expect(request.besideOther).toBe(false);
  expect(request.root).toBe(tree.root);
});

test('a stack is resolved once, and its frames are of it', () => {
  const request = requestOf(OOPS);
  expect(request.resolved.size).toBe(0);
  const stack = resolvedStack(request, 0);
  expect(resolvedStack(request, 0)).toBe(stack);
  const frame = resolvedFrame(request, { stack: 0, frame: 3 });
  expect(frame).toBe(stack.frames[3]);
  expect([frame.frame.function, `${frame.call?.file}:${frame.call?.line}`]).toEqual(['pipe_sync', lineOf('sync-line')]);
});

test('what was resolved while more became known is not kept', () => {
  const request = requestOf(OOPS);
  const steps = resolvedStackSteps(request, 0);
  let at = steps.next();
  expect(at.done).toBe(false);
  // what a vmlinux tells comes in between two steps
  request.context.exact = new Map();
  while (!at.done) at = steps.next();
  expect(at.value.frames).toHaveLength(4);
  expect(request.resolved.size).toBe(0);
  expect(resolvedStack(request, 0)).not.toBe(at.value);
  expect(request.resolved.size).toBe(1);
});

test('texts may share the bodies that are read of a tree; without any, each has its own', () => {
  const { bodies } = requestOf(OOPS).context;
  expect(newPastedRequest(newPastedText(PATCH), askIn(tree, ''), bodies).context.bodies).toBe(bodies);
  expect(requestOf(PATCH).context.bodies).not.toBe(bodies);
});

test('patches of the text are found in the same tree', () => {
  expect(
    requestOf(PATCH)
      .patches.patches()[0]
      .files.map((f) => f.path),
  ).toEqual(['fs/pipes.c', null]);
  expect(requestOf(OOPS).patches.patches()).toEqual([]);
});
