import { beforeAll, expect, test } from 'vitest';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { functionsOn, isListed, listOfHead, listsOf } from '../../../../server/src/resolve/dispatch/heads.ts';
import { targetsAt } from '../../../../server/src/resolve/dispatch/targets.ts';
import { callersOf } from '../../../../server/src/resolve/graph/callers.ts';
import { graphOf, nodeName } from '../../../../server/src/resolve/graph/nodes.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../../../server/src/resolve/names/scope.ts';
import { BELL_TREE } from '../../support/bellTree.ts';
import { type IndexedTree, writtenTree } from '../../support/marked.ts';

let tree: IndexedTree;
const world = () => ({ index: tree.index, architecture: 'x86' });

beforeAll(async () => {
  tree = await writtenTree(BELL_TREE);
});

const callers = (name: string, file: string) => {
  const [definition] = definitionsFrom(world(), name, file, FUNCTION_KINDS);
  if (!definition) throw new Error(`no ${name}`);
  const node = { kind: 'function' as const, definition };
  return callersOf(graphOf(world(), node), node)
    .filter((e) => e.kind === 'argument')
    .map(
      (e) =>
        `${nodeName(e.from)} ${e.place.file}:${e.place.line} by ${e.by}, ${e.through.map((t) => t.definition.name).join(', ')}`,
    );
};

const listNamed = (name: string) => {
  const [head] = definitionsFrom(world(), name, 'kernel/day.c', [NameKind.Variable]);
  return listOfHead(world(), head);
};

test('what is put on a list, by its name and as a part of another object; who calls through the head', () => {
  const list = listNamed('day_bells');
  expect(list?.struct).toBe('bell');
  expect(list?.objects.map((o) => `${o.name} by ${o.by} ${o.place.file}:${o.place.line}`)).toEqual([
    'cock by cock_start drivers/cock.c:4',
    'bell by tower_start drivers/tower.c:6',
  ]);
  expect(list?.calls.map((c) => `${c.function} ${c.through.map((t) => t.definition.name).join(' ')}`)).toEqual([
    'morning bell_ring_all ring_each',
  ]);
  expect(list && functionsOn(world(), list, 'ring').map((f) => f.definition.name)).toEqual(['cock_ring', 'tower_ring']);
});

test('the lists that an object is on', () => {
  const names = (variable: string, file: string) => listsOf(world(), 'bell', variable, file).map((l) => l.head.name);
  expect(names('cock', 'drivers/cock.c')).toEqual(['day_bells']);
  expect(names('bell', 'drivers/tower.c')).toEqual(['day_bells']);
  expect(names('owl', 'kernel/day.c')).toEqual(['night_bells']);
  expect([isListed(world(), 'bell'), isListed(world(), 'tower'), isListed(world(), 'bell_head')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a call through a head and the functions on it are one relation', () => {
  expect(callers('cock_ring', 'drivers/cock.c')).toEqual([
    'morning kernel/day.c:8 by day_bells, cock_start, bell_ring_all, ring_each',
  ]);
  expect(callers('tower_ring', 'drivers/tower.c')).toEqual([
    'morning kernel/day.c:8 by day_bells, tower_start, bell_ring_all, ring_each',
  ]);
  expect(callers('owl_ring', 'kernel/day.c')).toEqual([
    'midnight kernel/day.c:12 by night_bells, night_start, bell_ring_all, ring_each',
  ]);
  const facts = tree.index.facts('kernel/day.c');
  const targets = (line: number) =>
    facts
      ? targetsAt(world(), facts, line, 0).map(
          (s) => `${s.narrowed}: ${s.targets.map((t) => t.definition.name).join(', ')}`,
        )
      : [];
  expect(targets(8)).toEqual(['what is seen put on day_bells: cock_ring, tower_ring']);
  expect(targets(12)).toEqual(['what is seen put on night_bells: owl_ring']);
  expect(targets(4)).toEqual([]);
});
