import { expect, test } from 'vitest';
import { chainRoots, chainRootsNamed, mayBegin } from '../../../../../server/src/features/source/chains/roots.ts';
import { chainTree } from '../../../support/chainTree.ts';

const { world, request } = await chainTree();

const at = (file: string, text: string, n = 1, notYet: string | null = null) => {
  const { line, column } = world.at(file, text, n);
  return chainRoots({ ...request(file), notYet }, line, column);
};
const shown = ({ roots }: ReturnType<typeof at>) => roots.map(({ node, how }) => `${how} ${node.name}`.trim());

test('a function, a macro, a slot at its dispatch and at its designator', () => {
  expect(shown(at('mm/space.c', 'shared_fill'))).toEqual(['shared_fill']);
  expect(shown(at('mm/space.c', 'fill_twice'))).toEqual(['fill_twice']);
  expect(shown(at('mm/space.c', 'fill(1)'))).toEqual(['->fill']);
  expect(shown(at('fs/one/file.c', 'fill = one_fill'))).toEqual(['->fill']);
  expect(at('mm/space.c', 'fill(1)').roots[0].node).toMatchObject({
    kind: 'slot',
    owner: 'space_ops',
    file: 'include/linux/space.h',
    group: 'include/linux',
  });
});

test('of a table its functions with their members, of a struct its slots with how many they have', () => {
  const table = at('fs/one/file.c', 'one_ops');
  expect(table.of).toMatchObject({ kind: 'table', name: 'one_ops', location: { range: { start: { line: 2 } } } });
  expect(shown(table)).toEqual(['.fill one_fill', '.drain shared_fill']);
  const struct = at('include/linux/space.h', 'space_ops');
  expect(struct.of).toMatchObject({ kind: 'struct', name: 'space_ops' });
  expect(shown(struct)).toEqual(['3 functions ->fill', '1 function ->drain']);
});

test('a member that points to a table is as good as the struct of that', () => {
  expect(at('mm/space.c', 'ops->fill').of).toMatchObject({ kind: 'struct', name: 'space_ops' });
});

test('whether there is anything to begin at is told as the beginning itself would', () => {
  const places: [file: string, text: string][] = [
    ['mm/space.c', 'shared_fill'],
    ['mm/space.c', 'fill_twice'],
    ['mm/space.c', 'fill(1)'],
    ['mm/space.c', 'ops->fill'],
    ['mm/space.c', 'fn(1)'],
    ['mm/space.c', 's->ops'],
    ['mm/space.c', 'n; }'],
    ['mm/space.c', '{'],
    ['fs/one/file.c', 'fill = one_fill'],
    ['fs/one/file.c', 'one_ops'],
    ['include/linux/space.h', 'space_ops'],
    ['include/linux/space.h', 'count'],
  ];
  const told = places.map(([file, text]) => {
    const { line, column } = world.at(file, text);
    return [text, mayBegin(request(file), line, column)];
  });
  expect(told).toEqual(places.map(([file, text]) => [text, at(file, text).roots.length > 0]));
});

test('what is none of these, with words', () => {
  expect(at('include/linux/space.h', 'count')).toEqual({
    roots: [],
    of: null,
    message: 'count is no function, slot, table or struct of functions.',
  });
  expect(at('mm/space.c', '{').message).toBe('There is no function, slot, table or struct here.');
  expect(at('include/linux/space.h', 'count', 1, 'not indexed yet').message).toMatch(/ Much is not indexed yet\.$/);
});

test('by name: a function, one of a file, a slot, a table, a struct; and none', () => {
  const named = (name: string) => chainRootsNamed(request('mm/space.c'), name);
  expect(shown(named('shared_fill'))).toEqual(['shared_fill']);
  expect(shown(named('fs/two/file.c:two_fill'))).toEqual(['two_fill']);
  expect(shown(named('space_ops.fill'))).toEqual(['->fill']);
  expect(named('space_ops.fill').roots[0].node.id).toBe(at('mm/space.c', 'fill(1)').roots[0].node.id);
  expect(named('two_ops').of).toMatchObject({ kind: 'table', name: 'two_ops' });
  expect(named('space_ops').of).toMatchObject({ kind: 'struct', name: 'space_ops' });
  // a macro without some option, a table with it
  expect(named('own_filler').of).toMatchObject({ kind: 'table', name: 'own_filler' });
  expect(named('nobody').message).toMatch(/^There is no function nobody in this tree\./);
});
