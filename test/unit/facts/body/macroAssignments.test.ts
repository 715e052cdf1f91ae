import { expect, test } from 'vitest';
import { factsOf, show } from '../factsOf.ts';

const assigned = (body: string, head = '') =>
  factsOf(`${head}void f(struct a *p)\n{\n${body}\n}\n`).assignments.map(
    (a) =>
      `${show(a.target)} = ${a.values.map((v) => `${v.address ? '&' : ''}${v.name}`).join()}${a.inits.map((v) => v.value.name).join()}${a.macro ? ' macro' : ''}`,
  );

test('by a macro that assigns what it is given', () => {
  const head = `#define __INIT(w, fn) do { (w)->key = 0; (w)->func = (fn); } while (0)
#define INIT(w, fn) __INIT((w), fn)
#define LOG(w, fn) printk("%p", fn)
`;
  expect(assigned('  INIT(&p->work, handler);', head)).toEqual(['&p->work->func = handler macro']);
  expect(assigned('  LOG(&p->work, handler);', head)).toEqual([]);
  expect(assigned('  int handler;\n  INIT(&p->work, handler);', head)).toEqual([]);
  // what a local holds is a function, too: where it comes from is for the linking to say
  const local = '  void (*handler)(int);\n  INIT(&p->work, handler);';
  expect(assigned(local, head)).toEqual(['&p->work->func = handler macro']);
});

test('by a macro that assigns a list', () => {
  const head = `#define CSD_INIT(f, i) (csd_t){ .func = (f), .info = (i) }
#define INIT_CSD(csd, f, i) do { *(csd) = CSD_INIT((f), (i)); } while (0)
`;
  expect(assigned('  INIT_CSD(&p->csd, kick, p);', head)).toEqual([expect.stringContaining('= kick')]);
});

test('what macros put behind an argument: by a volatile cast, by way of a local of their own', () => {
  const { assignments: put } = factsOf(`#define RCU_INITIALIZER(v) (typeof(*(v)) __force __rcu *)(v)
#define WRITE_ONCE(x, val) do { *(volatile typeof(x) *)&(x) = (val); } while (0)
#define RCU_INIT_POINTER(p, v) do { WRITE_ONCE(p, RCU_INITIALIZER(v)); } while (0)
#define smp_store_release(p, v) do { WRITE_ONCE(*p, v); } while (0)
#define rcu_assign_pointer(p, v) do { \\
	uintptr_t _r = (uintptr_t)(v); \\
	if (__builtin_constant_p(v) && (_r) == 0) WRITE_ONCE((p), (typeof(p))(_r)); \\
	else smp_store_release(&p, RCU_INITIALIZER((typeof(*p) *)_r)); \\
} while (0)
int f(struct nf *help, int n)
{
	RCU_INIT_POINTER(help->helper, &h245);
	rcu_assign_pointer(help->hooks, &hooks);
	WRITE_ONCE(help->af_ops, &ipv6);
	WRITE_ONCE(help->count, n);
}
`);
  expect(put.map((a) => `${a.member} = ${a.values.map((v) => v.name)} @${a.line}:${a.column}`)).toEqual([
    'helper = h245 @12:25',
    'hooks = hooks @13:27',
    'af_ops = ipv6 @14:19',
  ]);
});

test('a function that the macro itself names: of its text, or handed to a macro that puts it', () => {
  const head = `struct work { void (*func)(int); int private; };
#define INIT(w, fn) do { (w)->func = (fn); } while (0)
#define init_nap(w) do { (w)->private = me; (w)->func = wake_nap; (w)->flags = 0; } while (0)
#define queue_call(id) ({ if (!ready) goto out; INIT(&call.work, run_call); call.id = id; out: call.status; })
#define INIT_IT(w, fn) __INIT_IT((w), (fn), 0)
#define __INIT_IT(w, fn, n) do { (w)->private = n; (w)->func = (fn); } while (0)
#define queue_it(id) ({ INIT_IT(&call.work, run_it); call.status; })
#define copy_call(w, x) do { int __n = x; (w)->func = __n; (w)->private = other_; } while (0)
`;
  expect(assigned('  init_nap(&p->nap);', head)).toEqual(['&p->nap->func = wake_nap macro']);
  expect(assigned('  int err;\n  err = queue_call(3);', head)).toEqual(['&call.work->func = run_call macro']);
  expect(assigned('  int err;\n  err = queue_it(3);', head)).toEqual(['&call.work->func = run_it macro']);
  expect(assigned('  copy_call(p, 1);', head)).toEqual([]);
});
