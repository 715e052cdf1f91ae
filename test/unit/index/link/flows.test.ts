import { expect, test } from 'vitest';
import { endKey } from '../../../../server/src/index/link/ends.ts';
import { flowsOf } from '../../../../server/src/index/link/flows.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const flowsIn = async (text: string) => {
  const { index } = await memoryIndex({ 'fs/a.c': text });
  const facts = index.facts('fs/a.c');
  if (!facts) throw new Error('no facts');
  const { flows, dispatches } = flowsOf(facts, index.typesFor(facts));
  return [
    ...flows.map(
      (f) => `${endKey(f.from)} -> ${endKey(f.to) || 'called'} in ${f.function}${f.table ? ', a table' : ''}`,
    ),
    ...dispatches.map((d) => `${d.owner}.${d.member} called in ${d.function}`),
  ];
};

test('a function is handed over, kept in a slot, called', async () => {
  expect(
    await flowsIn(`
struct work { int (*func)(int n); };
static int job(int n) { return n; }
int later(struct work *w, int (*fn)(int n)) { w->func = fn; return 0; }
int soon(int (*fn)(int n)) { return fn(1); }
int both(struct work *w) { later(w, job); return soon(job); }
`),
  ).toEqual([
    'later#1 -> work.func in later',
    'job -> later#1 in both',
    'job -> soon#0 in both',
    'soon#0 -> called in soon',
  ]);
});

test('what a local holds comes from where it was taken; what a function returns is an end, too', async () => {
  expect(
    await flowsIn(`
typedef int (*job_t)(int n);
struct work { job_t func; };
static int job(int n) { return n; }
static job_t pick(void) { return job; }
int run(struct work *w) { job_t f = w->func; return f(1); }
int picked(void) { job_t f = pick(); return f(2); }
`),
  ).toEqual([
    'job -> pick#-1 in pick',
    'pick#-1 -> called in picked',
    // where macros make a list of such pointers, it may go through that
    '.(job_t) called in run',
    'work.func called in run',
    '.(job_t) called in picked',
  ]);
});

test('a table on its way is told from a function', async () => {
  expect(
    await flowsIn(`
struct ops { int (*open)(int n); };
struct dev { const struct ops *ops; };
static int a_open(int n) { return n; }
static const struct ops a_ops = { .open = a_open };
void setup(struct dev *d, const struct ops *ops) { d->ops = ops; }
void probe(struct dev *d) { setup(d, &a_ops); }
`),
  ).toEqual(['setup#1 -> dev.ops in setup, a table', 'a_ops -> setup#1 in probe, a table']);
});
