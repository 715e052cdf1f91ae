import { beforeAll, expect, test } from 'vitest';
import { slotOf, targetsAt } from '../../../../server/src/resolve/dispatch/targets.ts';
import { edgesInto } from '../../../../server/src/resolve/graph/graph.ts';
import { nodesNamed } from '../../../../server/src/resolve/graph/named.ts';
import { type GraphEdge, macroNode, nodeName, openGraph } from '../../../../server/src/resolve/graph/nodes.ts';
import { findPaths } from '../../../../server/src/resolve/graph/paths.ts';
import { findRoots } from '../../../../server/src/resolve/graph/roots.ts';
import { definitionOf } from '../../../../server/src/resolve/names/scope.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/ops.h
struct page;
typedef void (*work_func_t)(struct work_struct *work);
struct work_struct { work_func_t func; };
struct aops {
	int (*read_folio)(struct page *p);
	int (*walk)(struct page *p, int (*each)(struct page *p));
};
struct mapping { const struct aops *a_ops; };
#define INIT_WORK(w, f) do { (w)->func = (f); } while (0)
#define call_op(m, op, args...) ((m)->a_ops->op ? (m)->a_ops->op(args) : 0)
#define indirect(f, known, ...) ({ typeof(f) __f = (f); __f == known ? known(__VA_ARGS__) : __f(__VA_ARGS__); })
#define begin(p) really_begin(p, 1)
int really_begin(struct page *p, int n);
typedef int filler_t(struct page *p);
int read_it(struct page *p, filler_t filler);
//@ mm/filemap.c
#include <linux/ops.h>
int read_it(struct page *p, filler_t filler)
{
	return filler(p);
	//     ^filler
}
int read_mapped(struct mapping *m, struct page *p)
{
	return read_it(p, m->a_ops->read_folio);
}
int read_cached(struct mapping *m, struct page *p, filler_t *filler)
{
	if (!filler)
		filler = m->a_ops->read_folio;
	return read_it(p, filler);
}
int read_plain(struct mapping *m, struct page *p)
{
	return m->a_ops->read_folio(p);
	//               ^dispatch
}
int really_begin(struct page *p, int n) { return 0; }
int starts(struct page *p) { return begin(p); }
//@ fs/ext4/inode.c
#include <linux/ops.h>
static int ext4_read_folio(struct page *p)
{
	return starts(p);
}
static int each_page(struct page *p) { return 0; }
static int ext4_walk(struct page *p, int (*each)(struct page *p)) { return each(p); }
static const struct aops ext4_aops = { .read_folio = ext4_read_folio, .walk = ext4_walk };
int walks(struct mapping *m, struct page *p) { return m->a_ops->walk(p, each_page); }
int by_macro(struct mapping *m, struct page *p) { return call_op(m, read_folio, p); }
int by_choice(struct mapping *m, struct page *p) { return indirect(m->a_ops->read_folio, ext4_read_folio, p); }
//                                                                           ^choice
int by_name(struct page *p) { return ext4_aops.read_folio(p); }
//                                             ^own-table
int by_local(struct mapping *m, struct page *p)
{
	int (*fn)(struct page *p) = m->a_ops->read_folio;
	return fn(p);
}
//@ fs/xfs/inode.c
#include <linux/ops.h>
static int xfs_read_folio(struct page *p) { return 0; }
static const struct aops xfs_aops = { .read_folio = xfs_read_folio };
static int direct(struct page *p) { return read_it(p, xfs_read_folio); }
static void xfs_work(struct work_struct *work) { direct(0); }
void xfs_init(struct work_struct *w) { INIT_WORK(w, xfs_work); }
//@ drivers/one/irq.c
#include <linux/ops.h>
typedef int (*handler_t)(struct page *p);
struct chip { int (*handle)(struct page *p); };
static int edge_handler(struct page *p) { return 1; }
static int level_handler(struct page *p) { return 2; }
static handler_t pick_handler(int level)
{
	return level ? level_handler : edge_handler;
}
static handler_t pick_any(int n) { if (n) return &edge_handler; return pick_handler(n); }
static int handle_now(struct page *p)
{
	handler_t handle = pick_handler(1);
	return handle(p);
	//     ^picked
}
static int handle_chip(struct chip *c, struct page *p)
{
	c->handle = pick_handler(0);
	return c->handle(p);
	//        ^picked-slot
}
//@ mm/slab.c
#include <linux/ops.h>
#ifndef CONFIG_SLOB
void release(struct page *p) { }
#endif
//@ mm/slob.c
#include <linux/ops.h>
void release(struct page *p) { }
//@ drivers/one/frees.c
#include <linux/ops.h>
int frees(struct page *p) { release(p); return 0; }
//@ drivers/two/frees.c
#include <linux/ops.h>
static void release(struct page *p) { }
int frees_own(struct page *p) { release(p); return 0; }
//@ drivers/one/own.h
#define only_here(x) ((x) + 1)
//@ kernel/workqueue.c
#include <linux/ops.h>
void process_one_work(struct work_struct *work) { work->func(work); }
void queue_later(struct work_struct *w, work_func_t func) { w->func = func; }
void later(struct work_struct *w, struct page *p) { queue_later(w, flush); }
void flush(struct work_struct *work) { }
`);
});

const graph = () => openGraph({ index: tree.index, architecture: 'x86' });
const node = (name: string) => {
  const found = nodesNamed({ index: tree.index, architecture: 'x86' }, name)[0];
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const show = (e: GraphEdge) =>
  `${nodeName(e.from)} ${e.kind}${e.through.length ? ` through ${e.through.map((t) => t.definition.name).join(', ')}` : ''}`;
const into = (name: string) => edgesInto(graph(), node(name)).map(show).sort();
const path = (from: string, to: string) =>
  findPaths(graph(), [node(from)], [node(to)], { max: 1, context: [], timeLimit: 5000 }).found[0]?.edges.map((e) =>
    nodeName(e.to),
  );

test('a function: by its name, by its slot, as an argument that is called', () => {
  expect(into('xfs_read_folio')).toEqual(['aops.read_folio registered', 'direct argument through read_it']);
  expect(into('really_begin')).toEqual(['begin macro']);
  expect(edgesInto(graph(), edgesInto(graph(), node('really_begin'))[0].from).map(show)).toEqual(['starts call']);
});

test('a slot: members, macros, locals, and what hands it on', () => {
  expect(into('aops.read_folio')).toEqual([
    'by_choice dispatch',
    'by_local dispatch',
    'by_macro dispatch',
    'by_name dispatch',
    'read_cached argument through read_it',
    'read_mapped argument through read_it',
    'read_plain dispatch',
  ]);
});

test('a dispatch of a table that is named leads to the functions of that table only', () => {
  expect(path('by_name', 'ext4_read_folio')).toEqual(['aops.read_folio', 'ext4_read_folio']);
  expect(path('by_name', 'xfs_read_folio')).toBeUndefined();
  expect(path('read_plain', 'xfs_read_folio')).toEqual(['aops.read_folio', 'xfs_read_folio']);
});

test('what is handed to a slot is handed to the functions there', () => {
  expect(into('each_page')).toEqual(['walks argument through ext4_walk']);
});

test('what a parameter is put into: a slot', () => {
  expect(into('flush')).toEqual(['work_struct.func registered through queue_later']);
  expect(into('xfs_work')).toEqual(['work_struct.func registered']);
});

test('a call that a macro makes of its argument stands where the argument does', () => {
  const { line, column } = tree.at('choice');
  expect(
    edgesInto(graph(), node('aops.read_folio')).find((e) => nodeName(e.from) === 'by_choice')?.place,
  ).toMatchObject({
    line,
    column,
  });
});

test('chains', () => {
  expect(path('read_mapped', 'ext4_read_folio')).toEqual(['aops.read_folio', 'ext4_read_folio']);
  expect(path('process_one_work', 'xfs_read_folio')).toEqual([
    'work_struct.func',
    'xfs_work',
    'direct',
    'xfs_read_folio',
  ]);
  expect(path('read_plain', 'really_begin')).toEqual([
    'aops.read_folio',
    'ext4_read_folio',
    'starts',
    'begin',
    'really_begin',
  ]);
  expect(path('xfs_read_folio', 'ext4_read_folio')).toBeUndefined();
});

test('no chain: how much was looked at, and where it ended', () => {
  const result = findPaths(graph(), [node('xfs_read_folio')], [node('flush')], {
    max: 1,
    context: [],
    timeLimit: 5000,
  });
  expect(result).toMatchObject({ found: [], complete: true });
  expect(result.openEnds.map(nodeName)).toContain('process_one_work');
});

test('a search that is cancelled says so', () => {
  const options = { max: 1, context: [], timeLimit: -1 };
  const result = findPaths(graph(), [node('read_plain')], [node('really_begin')], options);
  expect(result.found.length > 0 || !result.complete).toBe(true);
});

test('roots: a work item', () => {
  const { found } = findRoots(graph(), node('direct'), { max: 5, context: [], timeLimit: 5000 });
  expect(found.map((r) => `${r.kind} ${nodeName(r.node)}`)).toEqual(['work work_struct.func']);
});

const targets = (mark: string) => {
  const { file, line, column } = tree.at(mark);
  const facts = tree.index.facts(file);
  if (!facts) throw new Error(file);
  return targetsAt({ index: tree.index, architecture: 'x86' }, facts, line, column).map((s) => ({
    slot: slotOf(s),
    targets: s.targets.map((t) => `${t.definition.name} ${t.evidence}`).sort(),
    narrowed: s.narrowed,
  }));
};

test('targets of a slot, and of the table itself', () => {
  expect(targets('dispatch')).toEqual([
    { slot: 'aops.read_folio', targets: ['ext4_read_folio typed', 'xfs_read_folio typed'], narrowed: null },
  ]);
  expect(targets('own-table')).toMatchObject([
    { targets: ['ext4_read_folio typed'], narrowed: expect.stringContaining('ext4_aops') },
  ]);
});

test('targets of a parameter: what it is handed, a slot among it', () => {
  expect(targets('filler')).toEqual([
    { slot: 'filler', targets: ['ext4_read_folio flow', 'xfs_read_folio flow'], narrowed: null },
  ]);
});

test('a macro of a folder that the file is not in is none of its own', () => {
  expect(macroNode({ index: tree.index, architecture: 'x86' }, 'begin', 'mm/filemap.c')).toMatchObject({
    kind: 'macro',
  });
  expect(macroNode({ index: tree.index, architecture: 'x86' }, 'only_here', 'drivers/one/a.c')).toMatchObject({
    kind: 'macro',
  });
  expect(macroNode({ index: tree.index, architecture: 'x86' }, 'only_here', 'mm/filemap.c')).toBeNull();
});

test('what a function returns is called where its result is, and stands in the slot that holds it', () => {
  expect(into('level_handler')).toEqual([
    'chip.handle registered through pick_handler',
    'handle_now pointer through pick_handler',
  ]);
  for (const mark of ['picked', 'picked-slot'])
    expect(targets(mark)).toMatchObject([{ targets: ['edge_handler flow', 'level_handler flow'] }]);
});

test('a function that each configuration has a definition of: its callers call either', () => {
  for (const file of ['mm/slab.c', 'mm/slob.c']) {
    const definition = tree.index.names('release').find((p) => tree.index.pathOf(p.file) === file);
    if (!definition) throw new Error(file);
    const node = { kind: 'function' as const, definition: definitionOf('release', definition, file) };
    expect(edgesInto(graph(), node).map(show)).toEqual(['frees call']);
  }
});
