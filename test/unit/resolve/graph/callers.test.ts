import { expect, test } from 'vitest';
import { targetsAt } from '../../../../server/src/resolve/dispatch/targets.ts';
import { callersOf } from '../../../../server/src/resolve/graph/callers.ts';
import { graphOf, nodeName } from '../../../../server/src/resolve/graph/nodes.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../../../server/src/resolve/names/scope.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';
import { waysTree } from '../../support/waysTree.ts';

const world = await waysTree();

const definitionOf = (name: string) => {
  const found =
    definitionsFrom(world, name, 'mm/daemon.c', FUNCTION_KINDS)[0] ??
    definitionsFrom(world, name, 'kernel/work.c', FUNCTION_KINDS)[0];
  if (!found) throw new Error(`no ${name}`);
  return found;
};

const callers = (name: string) => {
  const node = { kind: 'function' as const, definition: definitionOf(name) };
  return callersOf(graphOf(world, node), node);
};

const shown = (name: string) =>
  callers(name).map(
    (e) =>
      `${nodeName(e.from)} ${e.place.file}:${e.place.line} ${e.kind}, by ${e.through.map((t) => t.definition.name).join(', ')}`,
  );

test('each answer is the call, with the places on the way there', () => {
  expect(shown('daemon')).toEqual(['thread kernel/thread.c:5 dispatch, by start, create_thread']);
  expect(shown('flush')).toEqual(['process kernel/work.c:6 dispatch, by start, queue_later, process']);
  expect(shown('nap')).toEqual(['wait_for kernel/thread.c:12 pointer, by wait_nap']);
  expect(shown('drain')).toEqual(['ring kernel/work.c:12 dispatch, by start, setup_all, ring_ops, ring_setup']);
  expect(shown('ring_busy')).toEqual(['probe kernel/work.c:16 dispatch, by ring_ops']);
  expect(shown('unused')).toEqual([]);
});

test('callers and targets are one relation', () => {
  const names = ['daemon', 'flush', 'drain', 'nap', 'unused', 'ring_setup', 'ring_busy'];
  const fromFunctions = names.flatMap((name) =>
    callers(name).flatMap(({ kind, place: p }) =>
      kind === 'call' ? [] : [`${name} at ${p.file}:${p.line}:${p.column}`],
    ),
  );
  const fromCalls = Object.keys(world.files).flatMap((file) => {
    const facts = world.index.facts(file);
    return (facts?.sites ?? []).flatMap((site) =>
      targetsAt(world, facts as NonNullable<typeof facts>, site.line, site.column).flatMap((s) =>
        s.targets.map((t) => `${t.definition.name} at ${file}:${site.line}:${site.column}`),
      ),
    );
  });
  expect([...new Set(fromFunctions)].sort()).toEqual([...new Set(fromCalls)].sort());
  expect(fromCalls.length).toBeGreaterThan(5);
});

test('a call of a pointer variable by its plain name gets to what is put there, also in the same function', async () => {
  const hooks = await memoryIndex({
    'kernel/nap.c': `static void (*nap_hook)(int n);
static void light(int n) { }
static void deep(int n) { }
void nap(int n) { nap_hook(n); }
void choose(int n) { nap_hook = n ? light : deep; nap_hook(n); }
`,
  });
  const [definition] = definitionsFrom(hooks, 'deep', 'kernel/nap.c', FUNCTION_KINDS);
  const node = { kind: 'function' as const, definition };
  expect(callersOf(graphOf(hooks, node), node).map((e) => `${nodeName(e.from)}:${e.place.line} by ${e.by}`)).toEqual([
    'nap:4 by nap_hook',
    'choose:5 by nap_hook',
  ]);
  const facts = hooks.index.facts('kernel/nap.c');
  const [site] = facts ? targetsAt(hooks, facts, 4, 0) : [];
  expect(site?.targets.map((t) => t.definition.name).sort()).toEqual(['deep', 'light']);
});
