import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excluder, globProblems } from '../../../../server/src/lsp/indexing/globs.ts';

test.each<[string, string[], string[]]>([
  ['drivers/{gpu,net/wireless}/**', ['drivers/gpu/a.c', 'drivers/net/wireless/'], ['drivers/net/a.c', 'drivers/']],
  ['{fs,mm}/*.{c,S}', ['fs/a.c', 'mm/b.S'], ['fs/a.h', 'fs/x/a.c', '{fs,mm}/a.c']],
  ['{a,b{c,d}}.c', ['a.c', 'bc.c', 'bd.c'], ['b.c', 'ac.c']],
  ['{**/,}x.h', ['x.h', 'a/b/x.h'], ['ax.h']],
  ['arch/[!x]*/a.[ch]', ['arch/arm/a.c', 'arch/mips/a.h'], ['arch/x86/a.c', 'arch/arm/a.S']],
  ['[a-cx-z]?.c', ['a1.c', 'z_.c'], ['d1.c', 'a/.c', 'a.c']],
  ['[]a].c', ['].c', 'a.c'], ['[.c']],
  ['[^/].c', ['a.c'], ['/.c', 'ab.c']],
  ['a\\*\\{b.c', ['a*{b.c'], ['ab{b.c', 'a{b.c']],
  ['**/test/**', ['test/a.c', 'x/y/test/', 'test/test/b.c'], ['tests/a.c', 'x/atest/a.c']],
  ['a/**/b/*.c', ['a/b/x.c', 'a/x/y/b/z.c'], ['a/b/c/z.c', 'ab/x.c']],
  ['fs/*', ['fs/a.c'], ['fs/', 'fs/ext4/', 'fs/ext4/a.c']],
  ['a**b', ['ab', 'axxb'], ['a/b']],
  ['./fs/', ['fs/', 'fs/x.c', 'fs/ext4/y.h'], ['vfs/', 'fs']],
  ['**', ['a', 'a/b', 'a/'], []],
  ['fs/**', ['fs/', 'fs/x.c', 'fs/ext4/y.h'], ['vfs/', 'fs']],
  ['./', [], ['a.c', 'fs/']],
  ['fs/ä€😀.c', ['fs/ä€😀.c'], ['fs/a.c']],
  ['a}]b,c', ['a}]b,c'], ['a']],
])('%s', (glob, matching, others) => {
  expect(globProblems([glob])).toEqual([]);
  const test = excluder([glob]);
  expect(matching.filter((p) => !test(p))).toEqual([]);
  expect(others.filter(test)).toEqual([]);
});

describe('globs that are none', () => {
  test.each([
    ['drivers/{gpu,net/**', '}'],
    ['{a,{b,c}', '}'],
    ['drivers/[a-z', ']'],
    ['a[', ']'],
    ['x\\', '\\'],
    [`${'{'.repeat(900)}a${'}'.repeat(900)}`, 'nested too deep'],
    [`*${'a'.repeat(20_000)}`, '2000 characters'],
  ])('%#', (glob, why) => {
    expect(globProblems([glob, 'fs/*.c'])[0]).toContain(why);
    expect(globProblems([glob])[0].length).toBeLessThan(250);
    expect(excluder([glob])('drivers/gpu/x.c')).toBe(false);
    if (glob.length <= 2000) expect(excluder(['mm/*.c', glob, 'fs/*.c'])('fs/x.c')).toBe(true);
  });
});

describe('patterns that make a regular expression stall', () => {
  /** Long paths, no two with the same beginning, as a slow matcher likes them least. */
  const paths = (letter: string) =>
    Array.from({ length: 2000 }, (_, n) => `${n.toString(2)}/${letter.repeat(60)}/${n}`);

  test.each([
    [`${'**/'.repeat(25)}b`, 'a/'],
    ['*a*a*a*a*a*a*a*b', 'a'],
    [`{${'**/*a,'.repeat(20)}}b`, 'a'],
    [`${'{a,a}'.repeat(200)}b`, 'a'],
    [`${'{*,**}'.repeat(100)}/b/`, 'a'],
    [`**/*a${'?'.repeat(1900)}b`, 'a'],
  ])('%j', (glob, letter) => {
    expect(globProblems([glob])).toEqual([]);
    const test = excluder([glob]);
    expect(paths(letter).filter(test)).toEqual([]);
  });

  test('the same, as many as there may be at once', () => {
    const test = excluder(Array.from({ length: 50 }, (_, n) => `**/*a${'?'.repeat(n % 55)}a*a*b`));
    expect(paths('a').slice(0, 500).filter(test)).toEqual([]);
  });
});

type Picomatch = (glob: string, options: object) => (path: string) => boolean;
const picomatch = createRequire(import.meta.url)('picomatch') as Picomatch;

test('they mean what they mean elsewhere', () => {
  const name = fc.stringMatching(/^[a-c._]{1,3}$/).filter((s) => !/^\.|\.\./.test(s));
  const piece = fc.oneof(
    name,
    fc.constantFrom('*', '?', '[ab]', '[^a]', '[a-b_]'),
    fc.tuple(name, fc.constantFrom('b*', 'c?', 'a', '[bc]')).map(([a, b]) => `{${a},${b}}`),
  );
  // picomatch reads several stars in a row in ways of its own, and takes a folder's name for one of what is in it
  const last = fc.array(piece, { minLength: 1, maxLength: 3 }).map((p) => p.join('').replace(/\*+/g, '*'));
  const part = fc.oneof({ weight: 1, arbitrary: fc.constant('**') }, { weight: 3, arbitrary: last });
  const glob = fc.tuple(fc.array(part, { maxLength: 3 }), last).map(([p, l]) => [...p, l].join('/'));
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((p) => p.join('/'));
  fc.assert(
    fc.property(glob, fc.array(path, { minLength: 5, maxLength: 20 }), (g, candidates) => {
      const theirs = picomatch(g, { dot: true, strictSlashes: true, noextglob: true });
      const ours = excluder([g]);
      for (const p of candidates) expect(`${p} ${ours(p)}`).toBe(`${p} ${theirs(p)}`);
    }),
    { numRuns: 1500 },
  );
});
