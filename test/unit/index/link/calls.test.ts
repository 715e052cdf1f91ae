import { expect, test } from 'vitest';
import { dispatchesOf, eachCaller } from '../../../../server/src/index/link/calls.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const { index } = await memoryIndex({
  'fs/a.c': `
struct ops { int (*open)(int n); };
#define begin(n) really_begin(n)
int really_begin(int n);
int a(struct ops *o, void *p)
{
	really_begin(1); really_begin(2);
	really_begin(3);
	return o->open(1) + whose(p)->close(2);
}
`,
});
const facts = index.facts('fs/a.c');
if (!facts) throw new Error('no facts');

test('calls of one callee in a function are one, with their lines; a macro calls, too', () => {
  const out: string[] = [];
  eachCaller(facts, (callee, caller, _n, macro, lines) => {
    out.push(`${caller}${macro ? ' (macro)' : ''} calls ${callee} at ${lines.join()}`);
  });
  expect(out).toEqual(['a calls really_begin at 7,8', 'a calls whose at 9', 'begin (macro) calls really_begin at 3']);
});

test('a dispatch has the struct of its member, or says that it is not known', () => {
  expect(dispatchesOf(facts, index.typesFor(facts)).map((d) => `${d.owner}.${d.member} ${d.evidence}`)).toEqual([
    'ops.open typed',
    '.close name',
  ]);
});
