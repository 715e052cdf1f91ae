import { expect, test } from 'vitest';
import {
  groupRows,
  heldRows,
  nameOfNode,
  nextRows,
  nodeOfRow,
  ownNode,
  parting,
  pathRows,
  pathStepRows,
  type Row,
  rootRow,
  sizeOf,
} from '../../../../client/src/chains/rows.ts';
import type { ChainFold, ChainStep } from '../../../../server/src/lsp/protocol.ts';
import { chainNode, exploreRoot, foundChain, searchRoot, stepTo } from '../../support/chainRows.ts';

const top = chainNode('top', 'mm/m.c');
const row = rootRow({ ...exploreRoot(top), id: 'r' });
const next = (parent: Row, list: ChainStep[], message: string | null = null, folds: ChainFold[] = []) =>
  nextRows(parent, { steps: list, folds, message });
const steps = (n: number, file: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => stepTo(top, chainNode(`f${i}`, file(i))));
const titles = (rows: readonly Row[]) =>
  rows.map((r) =>
    r.kind === 'group' ? `${r.title} ${r.steps.length}` : r.kind === 'note' ? r.text : nodeOfRow(r)?.name,
  );

test('few steps stand for themselves, each with an id that stays', () => {
  const rows = next(
    row,
    steps(3, () => 'fs/one/a.c'),
  );
  expect(titles(rows)).toEqual(['f0', 'f1', 'f2']);
  expect(
    next(
      row,
      steps(3, () => 'fs/one/a.c'),
    ).map((r) => r.id),
  ).toEqual(rows.map((r) => r.id));
});

test('many stand in groups, in the order of their first; one alone in none', () => {
  const rows = next(
    row,
    steps(45, (i) => (i === 3 ? 'mm/x.c' : i % 2 ? 'fs/two/a.c' : 'fs/one/a.c')),
  );
  expect(titles(rows)).toEqual(['fs/one 23', 'fs/two 21', 'f3']);
  const [one] = rows;
  expect(one.kind === 'group' && titles(groupRows(one)).slice(0, 2)).toEqual(['f0', 'f2']);
});

test('a great many groups stand below their first two folders', () => {
  const rows = next(
    row,
    steps(120, (i) => `drivers/${i % 2 ? 'net' : 'usb'}/d${i % 40}/a.c`),
  );
  expect(titles(rows)).toEqual(['drivers/usb/ 60', 'drivers/net/ 60']);
  const [usb] = rows;
  expect(usb.kind === 'group' && titles(groupRows(usb)).slice(0, 2)).toEqual(['drivers/usb/d0 3', 'drivers/usb/d2 3']);
  const small = next(
    row,
    steps(50, () => 'mm/m.c'),
  );
  expect(small).toHaveLength(50);
});

test('what lies outside of the context is counted and folded; what is to be said stands last', () => {
  const narrowed = rootRow({ ...exploreRoot(top, { context: 'one' }), id: 'r' });
  const all = [stepTo(top, chainNode('in')), stepTo(top, chainNode('out', 'fs/two/a.c'), { outside: true })];
  const rows = next(narrowed, all, 'The rest is not indexed yet.');
  expect(titles(rows)).toEqual(['in', 'outside one 1', 'The rest is not indexed yet.']);
  const [, outside] = rows;
  expect(outside.kind === 'group' && titles(groupRows(outside))).toEqual(['out']);
});

test('a list that is too long to be told: the nearest, then folds with what they hold; those outside behind', () => {
  const narrowed = rootRow({ ...exploreRoot(top, { context: 'one' }), id: 'r' });
  const folds: ChainFold[] = [
    { within: 'fs/one/', count: 900 },
    { within: 'drivers/net/', count: 1200, outside: true },
  ];
  const rows = next(
    narrowed,
    steps(45, (i) => (i % 2 ? 'fs/one/a.c' : 'mm/m.c')),
    null,
    folds,
  );
  expect(rows).toHaveLength(47);
  const [fold, outside] = rows.slice(-2);
  expect(fold).toMatchObject({ kind: 'group', title: 'fs/one/', fold: folds[0] });
  expect(outside.kind === 'group' && [sizeOf(outside), groupRows(outside)]).toMatchObject([1200, [{ fold: folds[1] }]]);
  const [below] = outside.kind === 'group' ? groupRows(outside) : [];
  // what is asked for of it stands outside already
  expect(next(below, [stepTo(top, chainNode('x'), { outside: true })])).toMatchObject([{ kind: 'step' }]);
});

test('what stands above already opens into nothing new', () => {
  const [below] = next(row, [stepTo(top, chainNode('next'))]);
  const [again, new_] = next(below, [stepTo(top, top), stepTo(top, chainNode('new'))]);
  expect([again, new_].map((r) => r.kind === 'step' && r.again)).toEqual([true, false]);
});

test('roots: one by itself, several below; a search has its chains', () => {
  expect(ownNode(exploreRoot(top))).toBe(top);
  const of = { kind: 'table' as const, name: 'ops', location: top.location };
  const held = exploreRoot(top, { of, roots: [{ node: top, how: '.fault' }] });
  expect(ownNode(held)).toBeNull();
  expect(heldRows(rootRow(held), held.roots)).toMatchObject([{ node: top, how: '.fault', link: null }]);
  const [a, b, c] = ['a', 'b', 'c'].map((n) => chainNode(n));
  const search = { ...searchRoot([foundChain(a, b, c), foundChain(a, c)]), id: 's' };
  const paths = pathRows(rootRow(search), search);
  expect(paths.map((p) => pathStepRows(p).map((s) => s.node.name))).toEqual([
    ['a', 'b', 'c'],
    ['a', 'c'],
  ]);
  expect(parting(search.chains[1], search.chains[0])).toEqual({ after: a, own: c });
  expect(parting(search.chains[0], search.chains[0])).toBeNull();
});

test('names that a server finds again', () => {
  expect(nameOfNode(chainNode('f', 'mm/m.c'))).toBe('mm/m.c:f');
  expect(nameOfNode(chainNode('->fault'))).toBe('ops.fault');
  expect(nameOfNode({ ...chainNode('->fault'), owner: '' })).toBeNull();
  expect(nameOfNode({ ...chainNode('f'), kind: 'pointer' })).toBeNull();
});
