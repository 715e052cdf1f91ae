import { beforeAll, expect, test } from 'vitest';
import type { PathStep } from '../../../../server/src/facts/types.ts';
import { followPath } from '../../../../server/src/index/types/objectPath.ts';
import { type MemoryWorld, memoryIndex } from '../../support/memoryIndex.ts';

let world: MemoryWorld;

beforeAll(async () => {
  world = await memoryIndex({
    'include/linux/a.h': `
struct pair { int (*first)(void); int (*second)(void); };
struct ops {
	const char *name;
	struct pair pair;
	struct pair many[2];
	union { int (*old)(void); int (*young)(void); };
};
`,
  });
});

const follow = (type: string, ...path: PathStep[]) => {
  const { owner, member, path: text } = followPath(world.index.types, { text: type, file: 'include/linux/a.h' }, path);
  return `${owner}.${member} at ${text}`;
};

test('designators lead through members and elements', () => {
  expect(follow('struct ops', { member: 'pair' }, { member: 'second' })).toBe('pair.second at pair.second');
  expect(follow('struct ops', { member: 'many' }, { index: '1' }, { member: 'first' })).toBe(
    'pair.first at many[1].first',
  );
  expect(follow('struct ops', { member: 'young' })).toBe('ops.young at young');
});

test('positions count members; braces that are left out fill the members of members', () => {
  expect(follow('struct pair', { position: 1 })).toBe('pair.second at second');
  expect(follow('struct pair []', { position: 3 })).toBe('pair.second at [1].second');
  // a value for a record without braces goes to its first member
  expect(follow('struct ops', { member: 'pair' })).toBe('pair.first at pair.first');
});

test('what is not there has no owner, and keeps its path', () => {
  expect(follow('struct ops', { member: 'gone' }, { member: 'first' })).toBe('.first at gone.first');
  expect(follow('struct pair', { position: 9 })).toBe('. at ');
});
