import { beforeAll, expect, test } from 'vitest';
import { definition } from '../../../../server/src/features/source/definition.ts';
import { hover } from '../../../../server/src/features/source/hover/hover.ts';
import { constantsNamed } from '../../../../server/src/resolve/names/constants.ts';
import { exactSymbols } from '../../../../server/src/resolve/names/symbols.ts';
import { askIn, type IndexedTree, indexTree, placesOf } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/magic.h
/* told apart by these */
#define SUPER_MAGIC	0x51
//      ^magic
#define ROOM	(4 * 1024)
//      ^shared-room

//@ fs/one/one.h
#define ROOM 7
//      ^own-room
enum { COUNTED };

//@ fs/one/a.c
#include <linux/magic.h>
#include "one.h"
int a(void)
{
	return ROOM +
	//     ^use-of-own
		SUPER_MAGIC +
		//^use
		SUPER_MAGICAL;
		//^nothing
}

//@ fs/two.c
#include <linux/magic.h>
#define COUNTED 3
//      ^own-constant
int two = ROOM + COUNTED;
//        ^use-of-shared
//               ^use-of-own-constant

//@ arch/arm/mm/b.c
#define ONLY_ARM 1
`);
});

const ask = (mark: string) => {
  const { file, line, column } = tree.at(mark);
  return [askIn(tree, file), line, column] as const;
};
const definitionAt = (mark: string): string[] => placesOf(tree, definition(...ask(mark)));
const placeOf = (mark: string): string => {
  const { file, line, column } = tree.at(mark);
  return `${file}:${line}:${column}`;
};

test('a constant leads to the #define that the file sees: its own, else what it #includes', () => {
  expect(definitionAt('use')).toEqual([placeOf('magic')]);
  expect(definitionAt('use-of-shared')).toEqual([placeOf('shared-room')]);
  expect(definitionAt('use-of-own')[0]).toBe(placeOf('own-room'));
  expect(definitionAt('nothing')).toEqual([]);
  // an enumerator that only lies near is another thing
  expect(definitionAt('use-of-own-constant')).toEqual([placeOf('own-constant')]);
});

test('its hover has the line, as there is nothing to expand', () => {
  const { value: text } = (hover(...ask('use')) as { contents: { value: string } }).contents;
  expect(text).toContain('**SUPER\\_MAGIC** · macro');
  expect(text).toContain('#define SUPER_MAGIC\t0x51');
});

test('it is found by its name, in the architecture in view and in the file that is named', () => {
  const world = { index: tree.index, architecture: 'x86' };
  const found = (name: string) => exactSymbols(world, name).map((p) => `${p.file}:${p.line}`);
  expect(found('SUPER_MAGIC')).toEqual(['include/linux/magic.h:2']);
  expect(found('fs/one/one.h:ROOM')).toEqual(['fs/one/one.h:1']);
  expect(found('ROOM').sort()).toEqual(['fs/one/one.h:1', expect.stringContaining('include/linux/magic.h:')]);
  expect(found('ONLY_ARM')).toEqual([]);
  expect(constantsNamed(world, 'SUPER', () => true)).toEqual([]);
});
