import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Progress } from '../../../../server/src/index/build/buildOptions.ts';
import { contents, newTree, type Tree } from '../tree.ts';

let tree: Tree;
beforeEach(() => {
  tree = newTree({
    'include/linux/ops.h': 'struct ops { int (*run)(void); };\n#define RUN run_a\n',
    'fs/a.c':
      '#include <linux/ops.h>\nstatic int run_a(void) { return 0; }\nstatic int run_b(void) { return 1; }\nstruct ops a_ops = { .run = RUN };\n',
  });
});
afterEach(() => tree.remove());

const slots = async (): Promise<string[]> =>
  (await contents(tree))
    .filter((line) => line.startsWith('slot '))
    .map((line) => /"target":"(\w+)"/.exec(line)?.[1] ?? '');

test('headers come first, and each phase is told', async () => {
  const seen: Progress['phase'][] = [];
  await tree.index({ progress: ({ phase }) => void (seen.at(-1) === phase || seen.push(phase)) });
  // where all links are made as files are read, none is left for later
  expect(seen.filter((phase) => phase !== 'linking')).toEqual(['listing', 'scanning', 'indexing', 'writing', 'ready']);
  expect(await slots()).toEqual(['run_a']);
});

test('a #define that changes has those read again who use it', async () => {
  await tree.index();
  tree.write({ 'include/linux/ops.h': 'struct ops { int (*run)(void); };\n#define RUN run_b\n' });
  const { changed } = await tree.index();
  expect(changed).toBe(1);
  expect(await slots()).toEqual(['run_b']);
});

test('a member that goes leaves its slots to no one', async () => {
  await tree.index();
  tree.write({ 'include/linux/ops.h': 'struct ops { int (*go)(void); };\n#define RUN run_a\n' });
  await tree.index();
  expect((await contents(tree)).filter((line) => line.startsWith('slot ops.run'))).toEqual([]);
});

test('what is stopped is incomplete, and the next build ends it', async () => {
  const abort = new AbortController();
  const stopped = await tree.index({
    signal: abort.signal,
    progress: ({ phase }) => phase === 'scanning' && abort.abort(),
  });
  expect(stopped.cancelled).toBe(true);
  expect((await tree.index()).cancelled).toBe(false);
  expect(await slots()).toEqual(['run_a']);
});
