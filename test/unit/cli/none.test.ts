import { realpathSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { closeStore, openForWriting } from '../../../server/src/index/store/store.ts';
import { claim, transact } from '../../../server/src/index/store/transactions.ts';
import { kerntrailIn } from '../support/kerntrail.ts';
import { type Tree, writeTree } from '../support/marked.ts';

/** What the shell says of nothing: of an index that was not built to its end, that this is so as yet. */
let tree: Tree;

beforeAll(async () => {
  tree = writeTree(`
//@ include/linux/ops.h
struct page_ops { int (*fill)(int n); };
//@ mm/fill.c
#include <linux/ops.h>
int fill_page(int n) { return n; }
int other(int n) { return n; }
`);
  kerntrailIn(tree, ['index']);
  // as a build leaves it that was stopped
  const store = openForWriting(tree.storage, realpathSync(tree.root), 'x86', () => {});
  const meta = store.meta.get('meta');
  if (!meta) throw new Error('there is no index');
  claim(store, 'test', meta);
  transact(store, 'test', () => store.meta.put('meta', { ...meta, writer: 'test', complete: 0 }));
  await closeStore(store);
});

const said = (...args: string[]) => kerntrailIn(tree, [...args, '--no-update']);

describe('an index that is not complete', () => {
  test.each([
    [['symbol', 'zzz'], 'so far nothing is called zzz'],
    [['implementations', 'page_ops.fill'], 'so far no function is put into page_ops.fill'],
    [['implementations', 'page_ops'], 'so far struct page_ops has no tables'],
    [['ops', 'zzz'], 'so far no table and no struct with tables is called zzz'],
    [['callers', 'zzz'], 'so far there is no function zzz'],
    [['callers', 'fill_page'], 'so far nothing is known to call fill_page'],
    [['path', 'fill_page', 'other'], 'so far no path from fill_page to other'],
    [['roots', 'fill_page'], 'so far no path from any entry to fill_page'],
    [['targets', 'mm/fill.c:2'], 'so far no call through a pointer is known'],
  ])('%j', (args, text) => {
    const { code, err } = said(...args);
    expect(err).toContain('is not complete (--no-update leaves it so)');
    expect(err).toContain(`not indexed yet (99 %): ${text}`);
    expect(code).toBe(1);
  });

  test('frames of a backtrace', () => {
    const { out } = kerntrailIn(
      tree,
      ['backtrace', '-', '--no-update'],
      'Call Trace:\n nobody+0x1/0x2\n fill_page+0x1/0x2\n',
    );
    expect(out).toContain('not indexed yet');
    expect(out).not.toContain('not in this tree');
  });
});

test('a complete one knows', () => {
  const { err } = kerntrailIn(tree, ['symbol', 'zzz']);
  expect(err).toBe('kerntrail: nothing is called zzz, and no name comes near it.\n');
});
