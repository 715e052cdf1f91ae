import { expect, test } from 'vitest';
import { nodeName, openGraph } from '../../../../server/src/resolve/graph/nodes.ts';
import { findRoots } from '../../../../server/src/resolve/graph/roots.ts';
import { functionFrom } from '../../../../server/src/resolve/names/scope.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/w.h': `
struct work_struct { void (*func)(struct work_struct *w); };
struct ops { void (*run)(void); };
#define SYSCALL_DEFINE1(name, t, a) long __do_sys_##name(t a); long __do_sys_##name(t a)
#define INIT_WORK(w, f) do { (w)->func = (f); } while (0)
`,
  'kernel/a.c': `#include <linux/w.h>
void deep(void) { }
SYSCALL_DEFINE1(go, int, n) { deep(); return 0; }
static void work(struct work_struct *w) { deep(); }
void queue(struct work_struct *w) { INIT_WORK(w, work); }
void exc_fault(void) { deep(); }
static void one(void) { deep(); }
static void two(void) { }
static const struct ops one_ops = { .run = one };
static const struct ops two_ops = { .run = two };
void sysvec_two(void) { two_ops.run(); }
`,
});

const roots = (max: number) => {
  const definition = functionFrom(world, 'deep', 'kernel/a.c');
  if (!definition) throw new Error('no deep');
  const node = { kind: 'function' as const, definition };
  const { found } = findRoots(openGraph(world), node, { max, context: [], timeLimit: 5000 });
  return found.map((r) => `${r.kind} ${nodeName(r.node)}`).sort();
};

test('system calls, exceptions and what the kernel calls of its own accord; no call of another table', () => {
  expect(roots(10)).toEqual(['exception exc_fault', 'syscall __do_sys_go', 'work work_struct.func']);
});

test('no more than are asked for', () => {
  expect(roots(2)).toHaveLength(2);
});
