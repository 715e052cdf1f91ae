import { expect, test } from 'vitest';
import { subjectOf } from '../../../../server/src/resolve/graph/costs.ts';
import { meet } from '../../../../server/src/resolve/graph/meet.ts';
import { nodesNamed } from '../../../../server/src/resolve/graph/named.ts';
import { type GraphEdge, nodeName, openGraph } from '../../../../server/src/resolve/graph/nodes.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const helpers = Array.from({ length: 80 }, (_, i) => `void any${i}(void) { lock_it(); }`).join('\n');
const steps = Array.from({ length: 18 }, (_, i) => `void step${i + 1}(void) { step${i + 2}(); lock_it(); }`).join('\n');
const world = await memoryIndex({
  'kernel/a.c': `${helpers}
${steps}
void step19(void) { }
void start(void) { lock_it(); longer(); }
void longer(void) { longer_yet(); }
void longer_yet(void) { target(); }
void lock_it(void) { slow_path(); }
void slow_path(void) { target(); }
void target(void) { }
void far_off(void) { }
void each_one(void (*fn)(void)) { fn(); }
void hands_it(void) { each_one(target); }
void hands_other(void) { each_one(far_off); }
void before(void) { hands_other(); }
`,
});
const node = (name: string) => nodesNamed(world, name)[0];
const LIMITS = {
  timeLimit: 5000,
  improveLimit: 5000,
  refused: new Set<string>(),
  maxCost: Number.POSITIVE_INFINITY,
};
const search = (from: string, to: string, more: Partial<Parameters<typeof meet>[3]> = {}) =>
  toEnd(
    meet(openGraph(world), [node(from)], [node(to)], {
      ...LIMITS,
      subject: subjectOf([], [from, to].map(node)),
      ...more,
    }),
  );
const names = (edges: GraphEdge[] | null) => edges?.map((e) => nodeName(e.to)).join(' ') ?? null;

test('a longer way rather than one through what everybody calls', () => {
  expect(names(search('start', 'target').edges)).toBe('longer longer_yet target');
});

test('many steps, met from both ends', () => {
  const met = search('step1', 'step19');
  expect(met.edges).toHaveLength(18);
  expect(met.depth.from + met.depth.to).toBeGreaterThanOrEqual(16);
});

test('nothing: all that leads to the end was looked at', () => {
  expect(search('target', 'start')).toMatchObject({ edges: null, complete: true });
});

test('a chain is told as soon as there is one, and a limit is told', () => {
  const found: (string | null)[] = [];
  search('start', 'target', { found: (edges) => found.push(names(edges)) });
  expect(found.at(-1)).toBe('longer longer_yet target');
  expect(search('step1', 'step19', { timeLimit: -1 })).toMatchObject({ edges: null, complete: false });
  expect(search('step1', 'step19', { isCancelled: () => true })).toMatchObject({ edges: null, complete: false });
});

test('a function that calls its parameter begins a chain; from further back, who hands it over does', () => {
  const met = search('each_one', 'target');
  expect(met.edges?.map((e) => [e.kind, nodeName(e.from), nodeName(e.to)])).toEqual([
    ['pointer', 'each_one', 'target'],
  ]);
  expect(search('hands_it', 'target').edges?.map((e) => e.kind)).toEqual(['argument']);
  expect(search('before', 'target').edges).toBeNull();
});
