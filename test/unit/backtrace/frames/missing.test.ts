import { beforeAll, expect, test } from 'vitest';
import { noteText } from '../../../../server/src/features/pasted/traceWords.ts';
import { framesOfText } from '../../support/frames.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

/** What is said of frames whose functions an index doesn't have: as long as it is being built, that it can't know. */
let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/late.h
int only_declared(int n);
//@ arch/arm64/mm/other.c
int other_only(int n) { return n; }
//@ mm/known.c
#include <linux/late.h>
int known_fault(int n) { return only_declared(n); }
int run(int n) { return n; }
int mod_run(int n) { return n; }
//@ mm/tables.c
struct page_ops { int (*fill)(int n); };
int shared_fill(int n) { return n; }
static int own_fill(int n) { return n; }
struct page_ops shared_ops = { .fill = shared_fill };
struct page_ops own_ops = { .fill = own_fill };
int fill_by(struct page_ops *ops)
{
	return ops->fill(1);
}
//@ drivers/own/Makefile
obj-m += own.o
//@ drivers/own/own.c
int own_probe(int n) { return n; }
`);
});

const TRACE = `Call Trace:
 nobody_knows+0x1/0x20
 other_only+0x1/0x20
 only_declared+0x1/0x20
 mod_run+0x1/0x20 [elsewhere]
 known_fault+0x1/0x20
`;

const notes = (isWhole: boolean, text = TRACE) =>
  framesOfText({ index: { ...tree.index, isWhole: () => isWhole } }, text).map((f) => (f.note ? noteText(f.note) : ''));

test('an index that is being built has not these functions yet', () => {
  expect(notes(false)).toEqual([
    'not indexed yet',
    'not indexed yet',
    'not indexed yet',
    'module elsewhere is not indexed yet: perhaps another function of that name',
    '',
  ]);
});

test('a whole one can say why', () => {
  expect(notes(true)).toEqual([
    'not in this tree',
    'not for x86: other architectures and programs have it',
    'only declared here',
    'module elsewhere is not in this tree: perhaps another function of that name',
    '',
  ]);
});

test('the Makefile beside a file tells its module before the index can', () => {
  expect(notes(false, 'Call Trace:\n own_probe+0x1/0x20 [own]\n')).toEqual(['']);
});

test('a table is named once no other can hold the function: a static one stands in those of its file', () => {
  const tableOf = (name: string, isWhole: boolean) => {
    const known = { ...tree.index, isWhole: () => isWhole };
    return framesOfText({ index: known }, `Call Trace:\n ${name}+0x1/0x2\n fill_by+0x8/0x10\n`)[1].via?.table;
  };
  expect([tableOf('shared_fill', true), tableOf('shared_fill', false)]).toEqual(['shared_ops', null]);
  expect([tableOf('own_fill', true), tableOf('own_fill', false)]).toEqual(['own_ops', 'own_ops']);
});

test('a printed place counts where the file is on disk, before it is in the index', () => {
  const text = '#0  0xffffffff81234567 in late_one (n=1) at mm/known.c:3\n';
  const known = { ...tree.index, isWhole: () => false, fileId: () => undefined };
  const [frame] = framesOfText({ index: known }, text);
  expect(frame.source).toEqual({ file: 'mm/known.c', line: 3, moved: false });
});
