import { expect, test } from 'vitest';
import { functionAt, scopeAt, typeOf } from '../../../../server/src/resolve/cursor/localScope.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'fs/a.c': `
struct one { int n; };
struct two { struct one *one; };
struct one *find(int n);
int a(struct one *p)
{
	struct two *q = 0;
	if (q) {
		struct two *p = q;
		typeof(p->one) r = 0;
		use(r, p);
	}
	return p->n;
}
`,
});
const { text, facts } = world.view('fs/a.c');
if (!facts) throw new Error('no facts');
const types = world.index.typesFor(facts);

const local = (at: string, name: string) => {
  const offset = text.tokens.text.indexOf(at);
  let token = 0;
  while (text.tokens.start[token] < offset) token++;
  return scopeAt(text, facts, types, text.tokens.line[token], token).local(name)?.text;
};

test('a block sees its own names, then those around it', () => {
  expect(local('use(r', 'p')).toBe('struct two *');
  expect(local('use(r', 'r')).toBe('struct one *');
  expect(local('return p', 'p')).toBe('struct one *');
  expect(local('return p', 'q')).toBe('struct two *');
  expect(local('return p', 'r')).toBeUndefined();
});

test('the function around a line', () => {
  expect(functionAt(facts, 9)?.name).toBe('a');
  expect(functionAt(facts, 4)).toBeNull();
});

test('a call of no function is a macro: it hands on, or makes what it is given a type of', () => {
  const scope = scopeAt(text, facts, types, 12, 0);
  const of = (e: Parameters<typeof typeOf>[2]) => typeOf(types, scope, e)?.text;
  expect(of(['call', ['id', 'READ_ONCE'], [['id', 'p']]])).toBe('struct one *');
  expect(
    of([
      'call',
      ['id', 'entry'],
      [
        ['id', 'p'],
        ['cast', 'struct two', ['other', '']],
      ],
    ]),
  ).toBe('struct two *');
  expect(of(['id', 'current'])).toBe('struct task_struct *');
});
