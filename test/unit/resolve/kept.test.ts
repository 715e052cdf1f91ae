import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { traceEvents } from '../../../server/src/backtrace/events.ts';
import { filesOfModule } from '../../../server/src/backtrace/modules.ts';
import { withDocuments } from '../../../server/src/index/read/overlay.ts';
import type { IndexReader } from '../../../server/src/index/read/reader.ts';
import { keptByReader, keptByTree } from '../../../server/src/resolve/kept.ts';
import { sourcesOf } from '../../../server/src/resolve/sourceFiles.ts';
import { bundles } from '../support/bundles.ts';
import { type IndexedTree, indexTree } from '../support/marked.ts';

const TREE = `
//@ include/trace/events/one.h
TRACE_EVENT(first_event, int a);
//@ include/trace/events/two.h
TRACE_EVENT(second_event, int a);
//@ drivers/net/Makefile
obj-m += one.o
//@ drivers/net/one.c
int one;
`;

/** Indexes what has changed, in a process of its own as an editor's server does, and tells the reader. */
async function update({ root, storage, index }: IndexedTree): Promise<void> {
  const cli = join(bundles('cli', 'worker'), 'cli.cjs');
  execFileSync(process.execPath, [cli, 'index', '--tree', root, '--cache', storage, '--workers', '1'], {
    stdio: 'ignore',
  });
  // what is read in one turn of the loop is read as of its start
  await new Promise((resolve) => setTimeout(resolve, 50));
  index.refresh();
}

/** A reader as it is with an open document that isn't saved. */
const typedIn = (index: IndexReader): IndexReader => {
  const facts = index.facts('drivers/net/one.c');
  return withDocuments(index, facts ? [{ ...facts }] : []);
};

test('tracepoints and modules follow a save', { timeout: 30_000 }, async () => {
  const tree = await indexTree(TREE);
  const { index, root } = tree;
  expect([...traceEvents(index).events.keys()]).toEqual(['first_event', 'second_event']);
  expect(filesOfModule(index, 'two')).toBeNull();
  writeFileSync(join(root, 'include/trace/events/one.h'), 'TRACE_EVENT(other_event, int a);\n');
  writeFileSync(join(root, 'drivers/net/Makefile'), 'obj-m += one.o two.o\n');
  writeFileSync(join(root, 'drivers/net/two.c'), 'int two;\n');
  await update(tree);
  expect([...traceEvents(index).events.keys()]).toEqual(['other_event', 'second_event']);
  expect([...(filesOfModule(index, 'two') ?? [])]).toEqual(['drivers/net/two.c']);
  rmSync(join(root, 'include/trace/events/two.h'));
  await update(tree);
  expect([...traceEvents(index).events.keys()]).toEqual(['other_event']);
});

test('an unsaved document makes nothing to be read again', { timeout: 30_000 }, async () => {
  const { index } = await indexTree(TREE);
  let made = 0;
  const kept = keptByTree(() => ++made);
  for (let n = 0; n < 5; n++) expect(kept(typedIn(index))).toBe(1);
  expect(traceEvents(typedIn(index))).toBe(traceEvents(index));
});

test('what is read of sources is shared by all questions to one reader, until a save', {
  timeout: 30_000,
}, async () => {
  const tree = await indexTree(TREE);
  const { index } = tree;
  const before = sourcesOf(index);
  expect(sourcesOf(index)).toBe(before);
  expect(sourcesOf(typedIn(index))).not.toBe(before);
  let made = 0;
  const kept = keptByReader(() => ++made);
  for (let n = 0; n < 3; n++) expect(kept(index)).toBe(1);
  writeFileSync(join(tree.root, 'drivers/net/one.c'), 'int one, other;\n');
  await update(tree);
  expect(sourcesOf(index)).not.toBe(before);
  expect(kept(index)).toBe(2);
});

test('no more than a few trees are kept', () => {
  let made = 0;
  const kept = keptByTree(() => ++made);
  const reader = (root: string) =>
    ({ root, types: { architecture: 'x86' }, meta: () => undefined }) as unknown as IndexReader;
  for (let n = 0; n < 20; n++) kept(reader(`/tree/${n}`));
  expect(kept(reader('/tree/19'))).toBe(20);
  expect(kept(reader('/tree/0'))).toBe(21);
});
