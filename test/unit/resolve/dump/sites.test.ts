import { beforeAll, expect, test } from 'vitest';
import { type SiteRow, siteRows } from '../../../../server/src/resolve/dump/sites.ts';
import { type IndexedTree, memoryTree } from '../../support/marked.ts';

let tree: IndexedTree;
let rows: SiteRow[];

beforeAll(async () => {
  tree = await memoryTree(`
//@ include/linux/ops.h
struct page;
struct aops { int (*read_folio)(struct page *p); };
struct mapping { const struct aops *a_ops; };
typedef int filler_t(struct page *p);
int read_it(struct page *p, filler_t filler);
//@ mm/filemap.c
#include <linux/ops.h>
int read_it(struct page *p, filler_t filler)
{
	return filler(p);
	//     ^filler
}
static int read_by(struct page *p, filler_t how)
{
	return read_it(p, how);
}
static int read_mapped(struct mapping *m, struct page *p)
{
	return read_by(p, m->a_ops->read_folio);
	//                          ^passed
}
static int plain_read(struct page *p) { return 0; }
static int read_plain(struct page *p)
{
	return read_it(p, plain_read);
}
struct saved { int (*last)(struct page *p); };
static void keep(struct saved *to, const struct aops *from)
{
	to->last = from->read_folio;
}
`);
  rows = [...siteRows(tree.index)];
});

const at = (marker: string) =>
  rows.filter((r) => r.line === tree.at(marker).line && r.column === tree.at(marker).column);

test('a call through a parameter tells what flows into it, from wherever it was handed on', () => {
  expect(at('filler')).toMatchObject([
    { kind: 'pointer', function: 'read_it', variable: 'filler', sources: ['aops.read_folio', 'plain_read'] },
  ]);
});

test('a slot that is handed on or kept is read, not called', () => {
  expect(at('passed')).toMatchObject([
    { kind: 'pass', function: 'read_mapped', struct: 'aops', member: 'read_folio', sources: null },
  ]);
  expect(rows.filter((r) => r.kind === 'read')).toMatchObject([
    { function: 'keep', struct: 'aops', member: 'read_folio' },
  ]);
  expect(rows.filter((r) => r.kind === 'call')).toEqual([]);
});
