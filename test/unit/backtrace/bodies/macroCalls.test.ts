import { beforeAll, expect, test } from 'vitest';
import { isBoring, isFunction } from '../../../../server/src/backtrace/bodies/macroCalls.ts';
import { bodiesIn, brief, type TreeOfBodies } from '../../support/bodies.ts';

let tree: TreeOfBodies;

beforeAll(async () => {
  tree = await bodiesIn(`
//@ include/linux/defs.h
int f(int n);
int g(int n);
int h(int n);
extern int level;
#define NOTHING(x) do { } while (0)
#define SUM(a, b) ((a) + sizeof(b))
#define THROUGH(n) BOTH(n)
#define AGAIN(n) AGAIN(n)
#define unlikely(x) __builtin_expect(!!(x), f(0))
#define OF_MEMBER(d) (d)->go(d)
#define shared(n) f(n)
//@ include/linux/wrap.h
#define CALL_IT(fn, ...) fn(__VA_ARGS__)
#define BOTH(n) do { f(n); g(n); } while (0)
//@ include/linux/debug.h
#ifdef CONFIG_DEBUG_IT
#define CHECKED(n) g(n)
#else
#define CHECKED(n) f(n)
#endif
//@ include/trace/events/pipes.h
TRACE_EVENT(drained, TP_PROTO(int n));
//@ lib/shared.c
int shared(int n) { return n; }
//@ tools/lib/only.c
int of_tools(int n) { return n; }
//@ arch/riscv/lib/only.c
int of_riscv(int n) { return n; }
//@ kernel/a.c
#include <linux/defs.h>
void macros(int n)
{
	BOTH(n);
	CALL_IT(h,
		n);
	CHECKED(n);
	NOTHING(n);
}
`);
});

/** Does a macro stay as it is? */
function boring(name: string): boolean {
  const macros = tree.reader.sources.macros('kernel/a.c', 'x86');
  const macro = macros.lookup(name, 0);
  if (!macro) throw new Error(`${name} is no macro`);
  return isBoring(tree.reader, macros, macro, 0);
}

test('a macro is expanded where it leads to a call, by way of others too', () => {
  expect(['BOTH', 'CALL_IT', 'THROUGH', 'OF_MEMBER'].filter(boring)).toEqual([]);
});

test('a macro without a call stays, as do one that ends in itself, a hint, and one in the place of a function', () => {
  const all = ['NOTHING', 'SUM', 'AGAIN', 'unlikely', 'shared'];
  expect(all.filter(boring)).toEqual(all);
});

test('a function is one of the kernel in view, declared or made by a tracepoint', () => {
  const names = ['f', 'shared', 'trace_drained', 'of_tools', 'of_riscv', 'level', 'BOTH', 'nobody_has_it'];
  expect(names.filter((name) => isFunction(tree.reader, name))).toEqual(['f', 'shared', 'trace_drained']);
});

test('through macros, those of headers that hold nothing else too; of two the one of usual kernels', () => {
  const { calls } = tree.body('macros');
  expect(calls.map(brief)).toEqual(['call f', 'call g', 'call h', 'call f tail']);
  expect(calls.map((c) => c.line)).toEqual([4, 4, 5, 7]);
});
