import { expect, test } from 'vitest';
import { namesOf, ownTargets } from '../../../../server/src/index/link/names.ts';
import { NameFlag, NameKind } from '../../../../server/src/index/store/postings.ts';
import { factsOfFiles } from '../../support/memoryIndex.ts';

const [facts] = await factsOfFiles({
  'fs/a.c': `
#define TWICE(x) ((x) + (x))
struct ops { int (*open)(int n); };
extern int elsewhere(int n);
static int a_open(int n) { return n; }
static const struct ops a_ops = { .open = a_open };
`,
});

test('what a file defines, by kind, with what is to be known of it at once', () => {
  const flagged = (flag: number) => namesOf(facts).flatMap((n) => (n.flags & flag ? [n.name] : []));
  expect(namesOf(facts).map((n) => `${n.name} ${n.kind}`)).toEqual([
    `a_open ${NameKind.Function}`,
    `elsewhere ${NameKind.Declaration}`,
    `ops ${NameKind.Record}`,
    `a_ops ${NameKind.Variable}`,
    `TWICE ${NameKind.Macro}`,
  ]);
  expect(flagged(NameFlag.Static)).toEqual(['a_open', 'a_ops']);
  expect(flagged(NameFlag.Table)).toEqual(['a_ops']);
  expect(flagged(NameFlag.Function)).toEqual(['elsewhere', 'TWICE']);
  expect(namesOf(facts, 'ops').map((n) => n.line)).toEqual([3]);
});

test('what a registration of the file may name', () => {
  expect([...ownTargets(facts).keys()]).toEqual(['a_open', 'a_ops']);
});
