import { expect, test, vi } from 'vitest';
import type { FileFacts } from '../../../server/src/facts/types.ts';
import { dropRead, newReadahead, type ReadaheadHost, readAhead } from '../../../server/src/lsp/readahead.ts';
import { writeTree } from '../support/marked.ts';

const TREE = `
//@ mm/m.c
int in_mm(void) { return 0; }
//@ fs/a.c
int in_fs(void) { return 0; }
int second(void) { return 0; }
`;

function opened(more: Partial<ReadaheadHost> = {}) {
  const { root } = writeTree(TREE);
  const indexed = new Set<string>();
  const state = { isWanted: true };
  const read: string[] = [];
  const factsOf = vi.fn(async (path: string) => ({ path }) as FileFacts);
  const ahead = newReadahead({
    root,
    isWanted: () => state.isWanted,
    isDefined: () => false,
    isIndexed: (path) => indexed.has(path),
    factsOf,
    read: (paths) => void read.push(...paths),
    log() {},
    ...more,
  });
  return { ahead, indexed, state, read, factsOf };
}

test('files of functions that are asked for are read, each once, and told', async () => {
  const { ahead, read, factsOf } = opened();
  await readAhead(ahead, ['in_fs', 'second', 'nowhere'], 'x86');
  await readAhead(ahead, ['in_fs'], 'x86');
  expect([[...ahead.facts.keys()], read, factsOf.mock.calls.length]).toEqual([['fs/a.c'], ['fs/a.c'], 1]);
});

test('what is known already is not looked for, nor what the index has', async () => {
  const known = opened({ isDefined: (name) => name === 'in_mm' });
  await readAhead(known.ahead, ['in_mm'], 'x86');
  expect(known.read).toEqual([]);
  const { ahead, indexed, read } = opened();
  indexed.add('mm/m.c');
  await readAhead(ahead, ['in_mm', 'in_fs'], 'x86');
  expect(read).toEqual(['fs/a.c']);
});

test('what the index has by now is forgotten; all of it when that is whole', async () => {
  const { ahead, indexed, state } = opened();
  await readAhead(ahead, ['in_mm', 'in_fs'], 'x86');
  indexed.add('mm/m.c');
  dropRead(ahead);
  expect([...ahead.facts.keys()]).toEqual(['fs/a.c']);
  state.isWanted = false;
  dropRead(ahead);
  expect([ahead.facts.size, ahead.looked.size]).toEqual([0, 0]);
  await readAhead(ahead, ['in_mm'], 'x86');
  expect(ahead.facts.size).toBe(0);
});

test('a fault is logged, and leaves nobody waiting', async () => {
  const log = vi.fn();
  const { ahead } = opened({ log, factsOf: () => Promise.reject(new Error('no room')) });
  await readAhead(ahead, ['in_mm'], 'x86');
  expect(log).toHaveBeenCalledWith(expect.stringContaining('no room'));
});
