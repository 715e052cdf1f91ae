import { expect, test, vi } from 'vitest';
import { readFilter } from '../../../../client/src/chains/filter.ts';
import {
  addRoot,
  changeRoot,
  childrenOf,
  clearRoots,
  forget,
  goTo,
  graphBelow,
  keptOf,
  newChainsModel,
  outlineOf,
  removeRow,
  renewPartial,
  rootOf,
  rootsOf,
  setFilter,
} from '../../../../client/src/chains/model.ts';
import { nodeOfRow, type Row } from '../../../../client/src/chains/rows.ts';
import { CHAIN_NEXT, CHAIN_ROOTS, type ChainNext, type ChainNextParams } from '../../../../server/src/lsp/protocol.ts';
import { chainNode, exploreRoot, foundChain, searchRoot, stepTo } from '../../support/chainRows.ts';

const [top, one, two, leaf] = ['top', 'one', 'two', 'leaf'].map((name) => chainNode(name));
const TARGETS: Record<string, string[]> = { top: ['one', 'two'], one: ['leaf', 'top'] };

/** A model over a small graph. */
function made(answer?: (params: ChainNextParams) => ChainNext | null) {
  const ask = vi.fn(async (method: string, params: unknown): Promise<unknown> => {
    if (method !== CHAIN_NEXT)
      return { roots: [{ node: { ...top, file: 'moved.c' }, how: '' }], of: null, message: null };
    const next = params as ChainNextParams;
    if (answer) return answer(next);
    const steps = (TARGETS[next.node.name] ?? []).map((name) => stepTo(next.node, chainNode(name)));
    return { steps, folds: [], message: null };
  });
  const changed = vi.fn();
  const model = newChainsModel({ ask: ask as never, changed });
  const below = (row?: Row) => childrenOf(model, row);
  const names = async (row?: Row) =>
    (await below(row)).map((r) => nodeOfRow(r)?.name ?? (r.kind === 'note' ? r.text : r.kind));
  return { model, ask, changed, below, names };
}

test('rows are asked for once, as they are opened', async () => {
  const { model, ask, below, names } = made();
  const row = addRoot(model, exploreRoot(top));
  expect(await names(row)).toEqual(['one', 'two']);
  await names(row);
  expect(ask).toHaveBeenCalledTimes(1);
  const [first, second] = await below(row);
  expect(await names(first)).toEqual(['leaf', 'top']);
  expect(await names(second)).toEqual(['It calls nothing that is known.']);
  // what stands above already isn't asked again
  const [, again] = await below(first);
  expect([await names(again), ask.mock.calls.length]).toEqual([[], 3]);
});

test('several roots stand side by side; one that is there already is no second one', () => {
  const { model } = made();
  const row = addRoot(model, exploreRoot(top));
  addRoot(model, exploreRoot(top, { direction: 'callers' }));
  expect(addRoot(model, exploreRoot(top))).toBe(row);
  expect(rootsOf(model).map((r) => r.kind === 'explore' && r.direction)).toEqual(['callers', 'targets']);
});

test('back and forward; pins stay when all others go', () => {
  const { model } = made();
  const row = addRoot(model, exploreRoot(top));
  addRoot(model, exploreRoot(one));
  changeRoot(model, row.root.id, (root) => ({ ...root, pinned: true }), false);
  clearRoots(model);
  expect(rootsOf(model).map((r) => r.id)).toEqual([row.root.id]);
  goTo(model, -1);
  expect(rootsOf(model)).toHaveLength(2);
  goTo(model, 1);
  removeRow(model, row);
  expect(rootsOf(model)).toEqual([]);
});

test('a context is asked with, and what was known without it is forgotten', async () => {
  const { model, ask, names } = made();
  const row = addRoot(model, exploreRoot(top));
  await names(row);
  changeRoot(model, row.root.id, (root) => ({ ...root, context: 'ext4' }) as typeof root, true);
  const [now] = await childrenOf(model, undefined);
  await names(now);
  expect(ask).toHaveBeenLastCalledWith(CHAIN_NEXT, { node: top, direction: 'targets', context: 'ext4' });
});

test('the filter hides what neither fits nor holds what fits, and says how much', async () => {
  const { model, changed, below, names } = made();
  const row = addRoot(model, exploreRoot(top));
  const [first] = await below(row);
  await below(first);
  setFilter(model, readFilter('leaf'));
  expect(changed).toHaveBeenLastCalledWith(false);
  expect(await names(row)).toEqual(['one', '1 hidden by the filter']);
  expect(await names(first)).toEqual(['leaf', '1 hidden by the filter']);
  setFilter(model, null);
  expect(await names(row)).toEqual(['one', 'two']);
});

test('what an unfinished index left out is asked for again; what is known stays', async () => {
  let message: string | null = 'The rest is not indexed yet.';
  const { model, ask, names } = made(() => ({ steps: [stepTo(top, one)], folds: [], message }));
  const row = addRoot(model, exploreRoot(top));
  expect(await names(row)).toEqual(['one', 'The rest is not indexed yet.']);
  message = null;
  expect(renewPartial(model)).toBe(true);
  expect(await names(row)).toEqual(['one']);
  expect(renewPartial(model)).toBe(false);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('without an answer that is said, and asked anew the next time', async () => {
  const { model, ask, names } = made(() => null);
  const row = addRoot(model, exploreRoot(top));
  expect(await names(row)).toEqual(['There is no answer: the output channel Kerntrail tells why.']);
  forget(model, row.id);
  await names(row);
  expect(ask).toHaveBeenCalledTimes(2);
});

test('a root of another session is looked up by its name first', async () => {
  const { model, ask, names } = made();
  const row = addRoot(model, exploreRoot(top, { stale: true }));
  await names(row);
  expect(ask.mock.calls.map(([method, params]) => [method, (params as { name?: string }).name])).toEqual([
    [CHAIN_ROOTS, 'fs/one/a.c:top'],
    [CHAIN_NEXT, undefined],
  ]);
  expect(rootOf(model, row)).toMatchObject({ stale: false, roots: [{ node: { file: 'moved.c' } }] });
});

test('a search: its chains with their steps, one of which can be dropped', async () => {
  const { model, ask, below } = made();
  const row = addRoot(model, searchRoot([foundChain(top, one, leaf), foundChain(top, two, leaf)]));
  const [first, second] = await below(row);
  expect((await below(first)).map((r) => nodeOfRow(r)?.name)).toEqual(['top', 'one', 'leaf']);
  removeRow(model, first);
  const [now] = await below();
  expect((await below(now)).map((r) => r.id)).toEqual([second.id]);
  expect(ask).not.toHaveBeenCalled();
});

test('what a search has to say stands below its chains', async () => {
  const { model, names } = made();
  const message = 'a is that of fs/a.c:1, one of 2.';
  expect(await names(addRoot(model, searchRoot([foundChain(top)], { message })))).toEqual(['path', message]);
});

test('the outline is what is open; the graph is all that is known, each thing once', async () => {
  const { model, below } = made();
  const row = addRoot(model, exploreRoot(top));
  const [first] = await below(row);
  await below(first);
  const names = ({ row: r, below: rows }: ReturnType<typeof outlineOf>): unknown[] => [
    nodeOfRow(r)?.name,
    ...rows.map(names),
  ];
  expect(names(outlineOf(model, row))).toEqual(['top', ['one'], ['two']]);
  model.open.add(first.id);
  expect(names(outlineOf(model, row))).toEqual(['top', ['one', ['leaf'], ['top']], ['two']]);
  const graph = graphBelow(model, row, 'top');
  expect(graph.nodes.map((n) => n.name)).toEqual(['top', 'one', 'leaf', 'two']);
  expect(graph.links.map((l) => `${l.from} > ${l.to}`)).toEqual([
    'function top > function one',
    'function one > function leaf',
    'function one > function top',
    'function top > function two',
  ]);
  const search = addRoot(model, searchRoot([foundChain(top, one), foundChain(top, two, one)]));
  const found = graphBelow(model, search, '');
  expect(found.nodes.map((n) => n.name)).toEqual(['top', 'one', 'two']);
  expect([found.chosen, graph.chosen]).toEqual([[[top.id, one.id]], []]);
});

test('a folded group is part of the graph, and counts what the filter keeps', async () => {
  const many = Array.from({ length: 50 }, (_, n) => stepTo(top, chainNode(`f${n}`, n < 40 ? 'fs/a/x.c' : 'fs/b/x.c')));
  const { model, below } = made(() => ({ steps: many, folds: [], message: null }));
  const row = addRoot(model, exploreRoot(top));
  const [group] = await below(row);
  expect(graphBelow(model, row, '').nodes).toHaveLength(51);
  setFilter(model, readFilter('f1'));
  expect(group.kind === 'group' && keptOf(model, group)).toBe(11);
});

test('a fold is asked for when it is opened', async () => {
  const { model, ask, below, names } = made(({ within }) =>
    within
      ? { steps: [stepTo(top, two)], folds: [], message: null }
      : { steps: [stepTo(top, one)], folds: [{ within: 'drivers/net/', count: 5000 }], message: null },
  );
  const row = addRoot(model, exploreRoot(top));
  const [, fold] = await below(row);
  expect(fold.kind === 'group' && keptOf(model, fold)).toBe(5000);
  expect(await names(fold)).toEqual(['two']);
  expect(ask).toHaveBeenLastCalledWith(CHAIN_NEXT, {
    ...{ node: top, direction: 'targets', within: 'drivers/net/', outside: false },
  });
});

test('what nobody can go back to is forgotten', async () => {
  const { model, below } = made();
  const row = addRoot(model, exploreRoot(top));
  await below(row);
  removeRow(model, row);
  expect(model.known.size).toBe(1);
  for (let n = 0; n < 60; n++) removeRow(model, addRoot(model, exploreRoot(chainNode(`f${n}`))));
  expect([model.known.size, model.rows.has(row.id)]).toEqual([0, false]);
});
