import { beforeAll, expect, test } from 'vitest';
import { callsOn, callsWith } from '../../../../server/src/resolve/dispatch/callsInText.ts';
import { show } from '../../../unit/facts/factsOf.ts';
import { type IndexedTree, writtenTree } from '../../support/marked.ts';

let tree: IndexedTree;
const world = () => ({ index: tree.index, architecture: 'x86' });

beforeAll(async () => {
  tree = await writtenTree(`
//@ kernel/list.c
static struct bells bells;
int add(struct bells *list, int n, void *what);
int ring(struct host *host, struct bells *other)
{
	add(&bells, count(1, 2), other);
	add(bells.first, 1,
	    &host->bells);
	return other->lock ? add(other, 3, &bells) : 0;
}
`);
});

const text = (calls: Iterable<ReturnType<typeof callsOn>[number]>) =>
  [...calls].map(
    ({ fn, callee, args, place }) => `${fn.name} ${place.line}:${place.column} ${callee}(${args.map(show).join('; ')})`,
  );

test('calls that are handed the address of an object, or of a member of its name', () => {
  expect(text(callsWith(world(), 'kernel/list.c', 'bells', true))).toEqual([
    'ring 5:2 add(&bells; count(…,…); other)',
    'ring 6:2 add(bells.first; …; &host->bells)',
    'ring 8:23 add(other; …; &bells)',
  ]);
  expect(text(callsWith(world(), 'kernel/list.c', 'other', false))).toEqual([
    'ring 5:2 add(&bells; count(…,…); other)',
    'ring 8:23 add(other; …; &bells)',
  ]);
  expect(text(callsWith(world(), 'kernel/none.c', 'other', false))).toEqual([]);
});

test('the calls of a function on a line', () => {
  expect(text(callsOn(world(), 'kernel/list.c', 8, 'add'))).toEqual(['ring 8:23 add(other; …; &bells)']);
  expect(text(callsOn(world(), 'kernel/list.c', 7, 'add'))).toEqual([]);
});
