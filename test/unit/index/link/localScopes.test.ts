import { expect, test } from 'vitest';
import { localScopes } from '../../../../server/src/index/link/localScopes.ts';
import { factsOfFiles } from '../../support/memoryIndex.ts';

const [facts] = await factsOfFiles({
  'fs/a.c': `
struct one { int (*f)(void); };
struct two { int (*f)(void); };
int a(struct one *p)
{
	p->f();
	{
		struct two *p = 0;
		p->f();
	}
	return p->f();
}
`,
});

test('a name means what the innermost block around a line says', () => {
  const at = (line: number) => localScopes(facts)('a', line).local('p')?.text;
  expect([6, 9, 11].map(at)).toEqual(['struct one *', 'struct two *', 'struct one *']);
  expect(localScopes(facts)('a', 6).local('q')).toBeNull();
  expect(localScopes(facts)('b', 6).local('p')).toBeNull();
});
