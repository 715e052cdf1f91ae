import { describe, expect, test } from 'vitest';
import { targetsAt } from '../../../../server/src/resolve/dispatch/targets.ts';
import { callersOf as callsOf } from '../../../../server/src/resolve/graph/callers.ts';
import { onwardSteps, resolved } from '../../../../server/src/resolve/graph/forward.ts';
import { edgesInto } from '../../../../server/src/resolve/graph/graph.ts';
import { nodesNamed } from '../../../../server/src/resolve/graph/named.ts';
import { graphOf, nodeName } from '../../../../server/src/resolve/graph/nodes.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import type { World } from '../../../../server/src/resolve/world.ts';
import { indexTree } from '../../support/marked.ts';
import { type MemoryWorld, memoryIndex } from '../../support/memoryIndex.ts';

/** What the call at a place may get to, and why not more. */
function targetsOf(world: MemoryWorld, path: string, text: string): string {
  const { line } = world.at(path, text);
  const view = world.view(path);
  return targetsAt(world, view.facts as never, line, 0, () => view)
    .map((s) => `${s.targets.map((t) => t.definition.name).sort()}${s.narrowed ? ` (${s.narrowed})` : ''}`)
    .join('; ');
}

/** Who gets to a function, through what holds it. */
function callersOf(world: MemoryWorld, name: string): string[] {
  return nodesNamed(world, name).flatMap((node) => {
    const graph = graphOf(world, node);
    return edgesInto(graph, node).flatMap((e) =>
      e.from.kind === 'slot'
        ? edgesInto(graph, e.from).map((d) => `${nodeName(d.from)} through ${e.by}, line ${d.place.line}`)
        : [`${nodeName(e.from)} ${e.kind}`],
    );
  });
}

/** Where a function is called, by way of what holds it. */
const calls = (world: World, name: string): string[] =>
  nodesNamed(world, name).flatMap((node) =>
    callsOf(graphOf(world, node), node).map((e) => `${nodeName(e.from)}:${e.place.line} ${e.kind} ${e.by}`),
  );

/** What control gets to in two steps: through what holds functions. */
function getsTo(world: World, name: string): string[] {
  const [node] = nodesNamed(world, name);
  const graph = graphOf(world, node);
  const next = (from: typeof node) => toEnd(onwardSteps(graph, from)).flatMap((step) => resolved(graph, step));
  return next(node)
    .flatMap((e) => next(e.to).map((then) => `${nodeName(e.to)} -> ${nodeName(then.to)}`))
    .sort();
}

const EXITS = `
static int on_halt(struct vcpu *v) { return 0; }
static int on_read(struct vcpu *v) { return 0; }
enum why { HALT, READ, NUMBER };
static int (*exits[])(struct vcpu *v) = { [HALT] = on_halt, [READ] = on_read };
int run(struct vcpu *v, int why)
{
	return exits[why](v);
}
int halt(struct vcpu *v)
{
	return exits[HALT](v);
}
int later(struct vcpu *v, int why)
{
	int (*fn)(struct vcpu *v);

	fn = exits[why];
	return fn(v);
}
`;

describe('calls of an element of an array of functions', () => {
  test('may get to each of them, one of a constant index to its own', async () => {
    const world = await memoryIndex({ 'virt/exits.c': EXITS });
    expect(targetsOf(world, 'virt/exits.c', 'return exits[why]')).toBe('on_halt,on_read');
    expect(targetsOf(world, 'virt/exits.c', 'return exits[HALT]')).toBe('on_halt (element [HALT])');
    expect(targetsOf(world, 'virt/exits.c', 'return fn(v)')).toBe('on_halt,on_read');
  });

  test('are told of each function at the call, and of each caller', async () => {
    const { index } = await indexTree(`
//@ virt/exits.c
${EXITS.trim()}
//@ virt/other.c
static int other(void) { return 0; }
static int (*exits[])(void) = { other };
`);
    const tree = { index, architecture: 'x86' };
    expect(calls(tree, 'on_halt')).toEqual([
      'run:7 dispatch exits',
      'halt:11 dispatch exits',
      'later:18 dispatch exits',
    ]);
    expect(calls(tree, 'on_read')).toEqual(['run:7 dispatch exits', 'later:18 dispatch exits']);
    // another array of the same name, which nothing calls
    expect(calls(tree, 'other')).toEqual(['exits:2 registered exits[0]']);
    expect(getsTo(tree, 'run')).toEqual(['exits -> on_halt', 'exits -> on_read']);
  });

  test('are callers of each', async () => {
    const world = await memoryIndex({ 'virt/exits.c': EXITS });
    expect(callersOf(world, 'on_read')).toEqual([
      'run through exits[READ], line 8',
      'halt through exits[READ], line 12',
      'later through exits[READ], line 19',
    ]);
  });

  test('a static array is another one in each file, any other the same', async () => {
    const world = await memoryIndex({
      'fs/a.c':
        'static int in_a(int n) { return n; }\nstatic int (*ways[2])(int) = { in_a };\nint fa(int n) { return ways[n](n); }\n',
      'fs/b.c':
        'static int in_b(int n) { return n; }\nstatic int (*ways[2])(int) = { in_b };\nint fb(int n) { return ways[n](n); }\n',
      'fs/c.c': 'int in_c(int n) { return n; }\nint (*doors[2])(int) = { in_c };\n',
      'fs/d.c': 'extern int (*doors[2])(int);\nint fd(int n) { return doors[n](n); }\n',
    });
    expect(targetsOf(world, 'fs/a.c', 'ways[n]')).toBe('in_a');
    expect(callersOf(world, 'in_b')).toEqual(['fb through ways[0], line 3']);
    expect(targetsOf(world, 'fs/d.c', 'doors[n]')).toBe('in_c');
    expect(callersOf(world, 'in_c')).toEqual(['fd through doors[0], line 2']);
  });

  test('an array that is handed to a function is called there', async () => {
    const world = await memoryIndex({
      'arch/x86/entry/calls.c': `typedef long (*call_t)(int);
long sys_look(int n) { return n; }
const call_t table[] = { [0] = sys_look };
static long invoke(int nr, const call_t calls[])
{
	call_t call = calls[nr];

	return call(nr);
}
long enter(int nr) { return invoke(nr, table); }
`,
    });
    expect(targetsOf(world, 'arch/x86/entry/calls.c', 'return call(nr)')).toBe('sys_look');
  });
});

const PATCHED = {
  'include/linux/static_call.h': `#define static_call(name) __static_call(name)
#define __static_call(name) (&__SCT__##name)
#define static_call_update(name, func) __static_call_update(&__SCK__##name, func)
#define DECLARE_STATIC_CALL(name, func) extern struct static_call_key __SCK__##name; extern typeof(func) __SCT__##name
#define DEFINE_STATIC_CALL(name, _func) DECLARE_STATIC_CALL(name, _func); struct static_call_key __SCK__##name = { .func = _func, }
struct static_call_key { void *func; };
`,
  'include/linux/vm.h':
    'struct vm_ops { int (*run)(int n); int (*stop)(int n); };\nextern struct vm_ops vm_ops;\n#define vm_call(f) static_call(vm_##f)\n',
  'virt/vm.c': `#include <linux/vm.h>
static int first(int n) { return n; }
DEFINE_STATIC_CALL(vm_run, first);
DEFINE_STATIC_CALL(vm_stop, first);
struct vm_ops vm_ops;
void update(void)
{
#define VM_OP(f) static_call_update(vm_##f, vm_ops.f);
#include <linux/vm-list.h>
#undef VM_OP
}
int go(int n) { return static_call(vm_run)(n); }
int halt(int n) { return vm_call(stop)(n); }
`,
  'include/linux/vm-list.h': 'VM_OP(run)\nVM_OP(stop)\n',
  'virt/fast.c': `#include <linux/vm.h>
static int fast_run(int n) { return n; }
static int fast_stop(int n) { return n; }
struct vm_ops fast_ops = { .run = fast_run, .stop = fast_stop };
static int odd_run(int n) { return n; }
void odd(void) { static_call_update(vm_run, odd_run); }
`,
};

describe('static calls', () => {
  test('get to what they are made with, updated with, and what stands in the slot that they are given', async () => {
    const world = await memoryIndex(PATCHED);
    expect(targetsOf(world, 'virt/vm.c', 'static_call(vm_run)')).toBe('fast_run,first,odd_run');
    expect(targetsOf(world, 'virt/vm.c', 'vm_call(stop)')).toBe('fast_stop,first');
  });

  test('are callers of all these', async () => {
    const world = await memoryIndex(PATCHED);
    expect(callersOf(world, 'odd_run')).toEqual(['go through odd, line 12']);
    expect(callersOf(world, 'first')).toEqual([
      'go through __SCK__vm_run, line 12',
      'halt through __SCK__vm_stop, line 13',
    ]);
    const slot = { kind: 'slot', owner: 'vm_ops', member: 'stop' } as const;
    const graph = graphOf(world, slot);
    expect(edgesInto(graph, slot).map((e) => nodeName(e.from))).toEqual(['static_call(vm_stop)']);
  });
});

describe('what macros put into a section', () => {
  const BOOT = {
    'include/linux/init.h': `typedef int (*initcall_t)(void);
#define __define_initcall(fn, id) static initcall_t __initcall_##fn##id __attribute__((__used__)) = fn;
#define fs_initcall(fn) __define_initcall(fn, 5)
#define late_initcall(fn) __define_initcall(fn, 7s)
#define console_initcall(fn) __define_initcall(fn, con)
`,
    'init/main.c': `int do_one(initcall_t fn)
{
	return fn();
}
`,
    'fs/x.c': 'static int x_init(void) { return 0; }\nfs_initcall(x_init);\n',
    'fs/y.c':
      'static int y_init(void) { return 0; }\nlate_initcall(y_init);\nstatic int z_init(void) { return 0; }\nconsole_initcall(z_init);\n',
  };

  test('is called where pointers of its type are, those of a section of its own apart', async () => {
    const world = await memoryIndex(BOOT);
    expect(targetsOf(world, 'init/main.c', 'return fn()')).toBe('x_init,y_init');
    expect(callersOf(world, 'x_init')).toEqual(['do_one through __initcall_x_init5, level 5, line 3']);
    expect(callersOf(world, 'z_init')).toEqual([]);
    expect(calls(world, 'y_init')).toEqual(['do_one:3 dispatch list of initcall_t']);
    expect(getsTo(world, 'do_one')).toEqual(['list of initcall_t -> x_init', 'list of initcall_t -> y_init']);
  });
});

test('assembly that calls an operand calls the member', async () => {
  const world = await memoryIndex({
    'arch/x86/include/asm/pv.h': `struct pv_mmu { void (*flush)(int n); };
struct pv_all { struct pv_mmu mmu; };
extern struct pv_all pv_all;
#define pv_type(op) [num] "i" (offsetof(struct pv_all, op)), [ptr] "m" (pv_all.op)
#define PV_CALL SAFE "call *%[ptr];"
#define PV_VCALL1(op, a) ({ ((void)pv_all.op); asm volatile(PV_CALL : "=a" (__r) : pv_type(op), "D" (a) : "memory"); })
static inline void flush(int n)
{
	PV_VCALL1(mmu.flush, n);
}
`,
    'arch/x86/kernel/pv.c':
      'static void native_flush(int n) { }\nstruct pv_all pv_all = { .mmu.flush = native_flush };\n',
  });
  expect(targetsOf(world, 'arch/x86/include/asm/pv.h', 'PV_VCALL1(mmu.flush')).toBe('native_flush');
});
