import { expect, test } from 'vitest';
import { dispatchesOf, eachCaller } from '../../../../server/src/index/link/calls.ts';
import { endKey } from '../../../../server/src/index/link/ends.ts';
import { flowsOf } from '../../../../server/src/index/link/flows.ts';
import { registrationsOf, tablesOf } from '../../../../server/src/index/link/link.ts';
import { fileLinks } from '../../../../server/src/index/read/fileLinks.ts';
import { factsOf } from '../../facts/factsOf.ts';
import { memoryTypes } from '../memoryTypes.ts';

const FACTS = factsOf(`struct pump { int (*start)(void); int (*stop)(void); int (*steps[4])(void); };
struct engine { const struct pump *pump; struct pump own; int (*hook)(int (*fn)(void)); };
static int a_start(void) { return 0; }
static int b_start(void) { return a_start(); }
static int run(int (*fn)(void)) { return fn(); }
static struct pump first = { .start = a_start, .stop = b_start };
static struct pump second = { a_start, b_start, { [2] = a_start } };
static struct engine engines[] = { { .pump = &first }, { .own = { .start = b_start }, .hook = run } };
static int setup(struct engine *e)
{
	int (*local)(void) = e->pump->start;

	e->pump = &second;
	e->own.steps[1] = b_start;
	*e = (struct engine){ .own.stop = a_start };
	run(e->pump->stop);
	run(a_start);
	return local() + e->pump->start() + e->own.steps[0]();
}
`);
const types = memoryTypes([FACTS]);
const links = fileLinks(FACTS, types);

test('each answer is what linking the whole file gives', () => {
  const all = registrationsOf(FACTS, types);
  expect(all.length).toBeGreaterThan(8);
  for (const r of all) {
    expect(links.registrationsOfSlot(r.owner, r.member)).toEqual(
      all.filter((x) => x.owner === r.owner && x.member === r.member),
    );
    expect(links.registrationsOfTarget(r.target)).toEqual(all.filter((x) => x.target === r.target));
  }
  expect(links.registrationsOfSlot('pump', 'none')).toEqual([]);
  expect(links.tablesOfRecord('pump')).toEqual(tablesOf(FACTS, all, types).filter((t) => t.tag === 'pump'));
  expect(links.tablesOfRecord('pump').map((t) => t.variable)).toEqual(['first', 'second']);
});

test('dispatches through a local are among those of its slot', () => {
  const { flows, dispatches } = flowsOf(FACTS, types);
  const all = [...dispatchesOf(FACTS, types), ...dispatches];
  for (const d of all)
    expect(links.dispatchesOfSlot(d.owner, d.member)).toEqual(
      all.filter((x) => x.owner === d.owner && x.member === d.member),
    );
  expect(links.dispatchesOfSlot('pump', 'start').map((d) => d.evidence)).toEqual(['typed', 'flow']);
  expect(flows.length).toBeGreaterThan(1);
  for (const f of flows) {
    expect(links.flowsFrom(f.from)).toEqual(flows.filter((x) => endKey(x.from) === endKey(f.from)));
    expect(links.flowsTo(f.to)).toEqual(flows.filter((x) => endKey(x.to) === endKey(f.to)));
  }
});

test('callers by name', () => {
  const wanted: unknown[] = [];
  eachCaller(FACTS, (callee, caller, index, macro, lines) => {
    if (callee === 'run') wanted.push({ function: caller, index, macro, lines: [...lines] });
  });
  expect(links.callersOf('run')).toEqual(wanted);
  expect(wanted.length).toBe(1);
  expect(links.callersOf('nobody')).toEqual([]);
});
