import { describe, expect, test } from 'vitest';
import { factsOf, show } from '../factsOf.ts';

const HEADERS = {
  'include/linux/static_call.h':
    '#define static_call(name) __static_call(name)\n#define __static_call(name) (&__SCT__##name)\n#define static_call_cond(name) (void)__static_call(name)\n#define static_call_update(name, f) __static_call_update(&__SCK__##name, f)\n',
  'include/linux/list.h': 'OP(run)\nOP(stop)\n',
};

const factsIn = (body: string, head = '') =>
  factsOf(`${head}int f(struct a *p, int n)\n{\n${body}\n}\n`, { headers: HEADERS });

const sitesIn = (body: string, head = '') =>
  factsIn(body, head).sites.map(
    (s) => `${s.kind} ${s.name}${s.receiver ? ` of ${show(s.receiver)}` : ''} @${s.line}:${s.column}`,
  );

describe('static calls', () => {
  test.each([
    ['return static_call(vm_run)(n);', ['pointer vm_run of static_call(vm_run) @3:20']],
    ['static_call_cond(vm_run)(n);', ['pointer vm_run of static_call_cond(vm_run) @3:18']],
    [
      'x = static_call(vm_run)(static_call(vm_get)());',
      ['pointer vm_run of static_call(vm_run) @3:17', 'pointer vm_get of static_call(vm_get) @3:37'],
    ],
  ])('%s', (body, expected) => {
    expect(sitesIn(body)).toEqual(expected);
  });

  test('out of a macro that makes the name, and out of one that calls it', () => {
    const head = '#define vm_call(f) static_call(vm_##f)\n#define vm_run(n) static_call(vm_run_##n)(1)\n';
    expect(sitesIn('vm_call(stop)(n);', head)).toEqual(['pointer vm_stop of static_call(vm_stop) @5:9']);
    expect(sitesIn('vm_run(fast);', head)).toEqual(['pointer vm_run_fast of static_call(vm_run_fast) @5:8']);
  });

  test('what they are given, by name, out of a member, by a list', () => {
    const flows = (body: string, head = '') =>
      factsIn(body, head).flows.map((w) => `${show(w.from)} -> ${show(w.to)} @${w.line}`);
    expect(flows('static_call_update(vm_run, fast_run);')).toEqual(['fast_run -> static_call(vm_run) @3']);
    expect(flows('static_call_update(vm_run, (void *)p->run ? : (void *)nop);')).toEqual([
      'p->run -> static_call(vm_run) @3',
      'nop -> static_call(vm_run) @3',
    ]);
    expect(flows('#include <linux/list.h>\n', '#define OP(f) static_call_update(vm_##f, vm_ops.f);\n')).toEqual([
      'vm_ops.run -> static_call(vm_run) @4',
      'vm_ops.stop -> static_call(vm_stop) @4',
    ]);
  });
});

describe('assembly', () => {
  const PV =
    '#define CALL SAFE "call *%[ptr];"\n#define VCALL(op) asm volatile(CALL : : [ptr] "m" (pv.op) : "memory")\n';

  test('calls the operand that it names, out of a macro', () => {
    expect(sitesIn('VCALL(mmu.flush);', PV)).toEqual(['call flush of pv.mmu @5:11']);
  });

  test('that calls a symbol, or names none of its operands, calls no member', () => {
    expect(sitesIn('VCALL(mmu.flush);', PV.replace('*%[ptr]', 'handler'))).toEqual([]);
    expect(sitesIn('VCALL(mmu.flush);', PV.replace('*%[ptr]', '*%[other]'))).toEqual([]);
  });
});

test('a list that is read otherwise in each configuration', () => {
  const head = `#ifdef CONFIG_EMULATION
#define CALL2(nr, own, other) CALL(nr, other)
#else
#define CALL2(nr, own, other) CALL(nr, own)
#endif
#define CALL(nr, name) case nr: return my_##name(n);
`;
  const facts = factsOf(`${head}int f(int n)\n{\n\tswitch (n) {\n#include <linux/calls.h>\n\t}\n}\n`, {
    headers: { 'include/linux/calls.h': 'CALL(0, look)\nCALL2(1, poke, poke32)\n' },
  });
  expect(facts.calls[0].names).toBe('my_look my_poke32 my_poke');
});
