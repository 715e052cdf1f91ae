import { beforeAll, expect, test } from 'vitest';
import { hover } from '../../../../../server/src/features/source/hover/hover.ts';
import { askIn, type IndexedTree, indexTree } from '../../../support/marked.ts';

let tree: IndexedTree;

const at = (mark: string): string => {
  const { file, line, column } = tree.at(mark);
  const found = hover(askIn(tree, file), line, column)?.contents as { value: string } | undefined;
  // links as what they show
  return (found?.value ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
};

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/init.h
#define __section(s) __attribute__((__section__(s)))
typedef int (*initcall_t)(void);
#define fs_init(f) static initcall_t __section(".init5") __initcall_##f##5 = f;
#define NOPROBE(f) static unsigned long __section("list") _addr_##f = (unsigned long)f;
//@ fs/a.c
#include <linux/init.h>
struct ops { int (*run)(int n); };
static int a_run(int n) { return n; }
//         ^a_run
static const struct ops a_ops = { .run = a_run };
static const struct ops b_ops = { .run = a_run };
static int lonely(void) { return a_run(1); }
//         ^lonely
/**
 * start() - begin
 * @n: unused
 *
 * Begins with &struct ops.
 *
 * Return: %0.
 */
static int start(void) { return 0; }
//         ^start
NOPROBE(start)
fs_init(start);
static int many(int n) { return n; }
//         ^many
${Array.from({ length: 15 }, (_, n) => `static const struct ops m${n}_ops = { .run = many };`).join('\n')}
static int calls(void) { return many(1); }
`);
});

test('a function in tables: its head, its slots', () => {
  const text = at('a_run');
  expect(text).toContain('static int a_run(int n)');
  expect(text).toMatch(/ops\.run/);
  expect(text).toContain('a_ops');
  expect(text).toContain('b_ops');
});

test('one that stands in no table says nothing of slots', () => {
  expect(at('lonely')).not.toContain('ops');
});

test('what its comment says, in short, and the lists of the linker that it stands on', () => {
  expect(at('start').replace(/\n+/g, '\n').split('\n').slice(4)).toEqual([
    'Begin. Begins with `struct ops`.',
    '**Returns** `0`. more',
    '**Initcall** by `fs_init`  ',
    '**Listed** by `NOPROBE`',
  ]);
});

test('each count stands by what it counts', () => {
  const lines = at('many').split('\n');
  expect(lines.filter((l) => /place|function/.test(l))).toEqual([
    '**Registered** in 15 places ',
    '… and 3 more places: `fs` 3',
    '**Called** in 1 function: `calls`',
  ]);
});
