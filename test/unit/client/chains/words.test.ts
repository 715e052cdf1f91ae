import { expect, test } from 'vitest';
import {
  type Direction,
  heldRows,
  nextRows,
  pathRows,
  rootRow,
  type StepRow,
} from '../../../../client/src/chains/rows.ts';
import {
  evidenceText,
  groupWords,
  pathWords,
  rootIcon,
  rootWords,
  rowContext,
  stepDescription,
  stepIcon,
  stepLabel,
} from '../../../../client/src/chains/words.ts';
import type { ChainLink } from '../../../../server/src/lsp/protocol.ts';
import { chainNode, exploreRoot, foundChain, searchRoot, stepTo } from '../../support/chainRows.ts';

const top = chainNode('top', 'mm/m.c', 3);
const rowTo = (name: string, link: Partial<ChainLink> = {}, direction: Direction = 'targets'): StepRow => {
  const root = { ...exploreRoot(top, { direction }), id: 'r' };
  return nextRows(rootRow(root), {
    steps: [stepTo(top, chainNode(name, 'fs/one/a.c', 12), link)],
    folds: [],
    message: null,
  })[0] as StepRow;
};

test('a step says how it is got to, what is in doubt, and where', () => {
  expect(stepDescription(rowTo('f'))).toBe('m.c:7');
  expect(stepDescription(rowTo('f', { kind: 'member', evidence: 'typed', how: 'in one_ops' }))).toBe(
    'in one_ops · a.c:12',
  );
  expect(stepDescription(rowTo('->fault', { kind: 'dispatch', evidence: 'typed', how: '79 functions' }))).toBe(
    '79 functions · ops · m.c:7',
  );
  expect(stepDescription(rowTo('f', { kind: 'member', evidence: 'name', how: 'in x' }))).toBe('in x · (name) · a.c:12');
});

test('a screen reader hears the evidence and the whole path', () => {
  expect(stepLabel(rowTo('f'))).toBe('f, called by name, target, m.c:7, fs/one/a.c');
  expect(stepLabel(rowTo('->fault', { kind: 'dispatch', evidence: 'typed' }))).toContain('slot, of struct ops');
  expect(evidenceText('odd')).toBe('odd');
});

test('icons tell the evidence by their shape', () => {
  const kinds: [string, Partial<ChainLink>][] = [
    ['f', {}],
    ['f', { kind: 'member', evidence: 'typed' }],
    ['f', { kind: 'member', evidence: 'name' }],
    ['f', { kind: 'argument', evidence: 'flow' }],
    ['f', { kind: 'flow', evidence: 'flow' }],
    ['->f', { kind: 'dispatch', evidence: 'typed' }],
  ];
  expect(new Set(kinds.map(([name, link]) => stepIcon(rowTo(name, link), 'targets'))).size).toBe(kinds.length);
  expect(stepIcon(rowTo('f', {}, 'callers'), 'callers')).toBe('call-incoming');
  expect(stepIcon({ ...rowTo('f'), again: true }, 'targets')).toBe('sync');
});

test('groups count what the filter keeps', () => {
  const steps = [stepTo(top, top), stepTo(top, top)];
  const group = {
    ...{ kind: 'group' as const, id: '', parent: null, root: exploreRoot(top), title: 'fs/one', steps },
    ...{ folds: [], fold: null },
  };
  expect(groupWords({ ...group, outside: false }, 2)).toEqual(['fs/one', '2']);
  expect(groupWords({ ...group, outside: false }, 1)).toEqual(['fs/one', '1 of 2']);
  expect(groupWords({ ...group, title: 'outside ext4', outside: true }, 2)).toEqual(['+ 2 outside ext4', '']);
});

test('paths say how long they are, through which slots, and where they leave the first', () => {
  const [a, slot, b, c] = ['a', '->run', 'b', 'c'].map((n) => chainNode(n));
  const root = { ...searchRoot([foundChain(a, slot, b), foundChain(a, c, b)]), id: 's' };
  expect(pathRows(rootRow(root), root).map(pathWords)).toEqual([
    ['Path 1', '2 steps · through ->run'],
    ['Path 2', '2 steps · after a by c'],
  ]);
  const entry = searchRoot([{ ...foundChain(a, b), kind: 'syscall' }]);
  expect(pathRows(rootRow(entry), entry).map(pathWords)).toEqual([['a', 'syscall · 1 step']]);
});

test('roots say what they are of', () => {
  expect(rootWords(exploreRoot(top, { context: 'ext4', pinned: true }))).toEqual([
    'top',
    'targets · as ext4 · m.c:3 · pinned',
  ]);
  const of = { kind: 'table' as const, name: 'one_ops', location: top.location };
  expect(rootWords(exploreRoot(top, { of }))).toEqual(['one_ops', 'targets · 1 function']);
  expect(rootWords(searchRoot([]))).toEqual(['a → b', '0 paths']);
  const long = { from: 'mm/a.c:f', to: 'ops.run', through: ['fs/b.c:g'], context: 'ext4' };
  expect(rootWords(searchRoot([], { question: long }))).toEqual(['f → g → ops.run', '0 paths · as ext4']);
  const question = { from: '', to: 'f', through: [], context: '' };
  expect(rootWords(searchRoot([foundChain(top)], { question }))).toEqual(['Entries that reach f', '1 entry']);
  expect(rootWords(searchRoot([], { busy: true }))[1]).toBe('searching …');
  expect(
    new Set(
      [exploreRoot(top), exploreRoot(top, { direction: 'callers' }), searchRoot([]), searchRoot([], { question })].map(
        rootIcon,
      ),
    ).size,
  ).toBe(4);
});

test('menus know what a row can do', () => {
  expect(rowContext(rootRow(exploreRoot(top, { context: 'x' })))).toBe(
    'root explore loose node function targets narrowed',
  );
  expect(rowContext(rootRow(searchRoot([])))).toBe('root search loose paths');
  expect(rowContext(rowTo('f'))).toBe('step node function explored linked');
  const [held] = heldRows(rootRow(exploreRoot(top)), [{ node: top, how: '' }]);
  expect(rowContext(held)).toBe('step node function explored');
});
