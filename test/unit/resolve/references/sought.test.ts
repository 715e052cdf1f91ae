import { beforeAll, expect, test } from 'vitest';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { isOfFile, soughtAt, soughtByName, soughtIn } from '../../../../server/src/resolve/references/sought.ts';
import { type MemoryWorld, memoryIndex } from '../../support/memoryIndex.ts';

let world: MemoryWorld;

beforeAll(async () => {
  world = await memoryIndex({
    'include/linux/pot.h':
      'struct pot { int size; };\nextern int pot_new(int n);\n#define POT(n) (n)\n#define inline inline __used\n',
    'lib/pot.c': `#include <linux/pot.h>
/* pot_new */
int pot_new(int n)
{
	struct pot p = { .size = n };

again:
	if (p.size > POT(n))
		goto again;
	return p.size;
}
static inline int own(void) { return 0; }
`,
    'fs/pot.c': 'static int own(void) { return 1; }\nint x = pot_new(1);\n',
  });
});

const kindAt = (path: string, text: string, skip = 0) => {
  const { line, column } = world.at(path, text);
  return soughtAt(world, world.view(path), line, column + skip)?.meaning;
};

test('what stands at a place', () => {
  expect(kindAt('lib/pot.c', 'pot_new */')).toBeUndefined();
  expect(kindAt('lib/pot.c', 'linux/pot.h', 6)).toBeUndefined();
  expect(kindAt('lib/pot.c', 'int pot_new', 4)).toMatchObject({
    kind: 'name',
    definitions: expect.arrayContaining([expect.objectContaining({ file: 'lib/pot.c', line: 3 })]),
  });
  expect(kindAt('lib/pot.c', 'struct pot p', 7)).toMatchObject({ kind: 'tag', definitions: [{ line: 1 }] });
  expect(kindAt('lib/pot.c', '.size', 1)).toMatchObject({
    kind: 'member',
    owner: 'pot',
    field: { line: 1, column: 18 },
  });
  expect(kindAt('lib/pot.c', 'p.size')).toMatchObject({ kind: 'local', role: 'plain' });
  expect(kindAt('lib/pot.c', 'again:')).toMatchObject({ kind: 'local', role: 'label' });
  expect(kindAt('include/linux/pot.h', 'POT(n)', 4)).toMatchObject({ kind: 'local', role: 'parameter' });
  expect(kindAt('lib/pot.c', 'POT(n)')).toMatchObject({ kind: 'name' });
  // a prototype leads to the function
  expect(kindAt('include/linux/pot.h', 'pot_new')).toMatchObject({
    definitions: expect.arrayContaining([expect.objectContaining({ file: 'lib/pot.c', line: 3 })]),
  });
});

test('what a file means by a name, and what a name means to who names no file', () => {
  expect(soughtIn(world, world.view('fs/pot.c'), 'own')?.meaning).toMatchObject({
    definitions: [{ file: 'fs/pot.c' }],
  });
  expect(soughtIn(world, world.view('fs/pot.c'), 'nowhere')).toBeNull();
  expect(soughtByName(world, 'own').map((s) => s.from)).toEqual(['lib/pot.c', 'fs/pot.c']);
  expect(soughtByName(world, 'pot_new').map((s) => s.meaning.kind)).toEqual(['name']);
  expect(soughtByName(world, 'struct pot').map((s) => s.meaning.kind)).toEqual(['tag']);
  expect(soughtByName(world, 'pot').map((s) => s.meaning.kind)).toEqual(['tag']);
  expect(soughtByName(world, 'pot.size')).toMatchObject([{ word: 'size', meaning: { kind: 'member', owner: 'pot' } }]);
  expect(soughtByName(world, 'pot.nothing')).toEqual([]);
  expect(soughtByName(world, 'no_such')).toMatchObject([{ meaning: { definitions: [] } }]);
});

test('keywords and directives name nothing, but for a macro of that name', () => {
  expect(kindAt('lib/pot.c', 'return', 2)).toBeUndefined();
  expect(kindAt('lib/pot.c', 'include', 2)).toBeUndefined();
  expect(kindAt('lib/pot.c', 'inline')).toMatchObject({ kind: 'name', definitions: [{ kind: NameKind.Macro }] });
  expect(soughtByName(world, 'return')).toEqual([]);
  expect(soughtByName(world, 'inline')).toHaveLength(1);
});

test('a static of a .c file is of use there alone', () => {
  const [d] = soughtByName(world, 'own').flatMap((s) => ('definitions' in s.meaning ? s.meaning.definitions : []));
  expect([isOfFile(d), isOfFile({ ...d, static: false }), isOfFile({ ...d, file: 'a.h' })]).toEqual([
    true,
    false,
    false,
  ]);
});
