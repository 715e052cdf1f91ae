import { expect, test, vi } from 'vitest';
import { emptyFacts } from '../../../../server/src/facts/visit.ts';
import {
  blocksOf,
  directiveFacts,
  factsResult,
  lostResult,
  reasonOf,
} from '../../../../server/src/index/build/fileResult.ts';
import { IndexDamage } from '../../../../server/src/index/store/checked.ts';
import { decodeFacts } from '../../../../server/src/index/store/codec.ts';
import { scanMacros } from '../../../../server/src/syntax/macros/scan.ts';

const FILE = { path: 'include/a.h', id: 5 };

test('of a header that is all #defines, function-like macros have places', () => {
  const bytes = Buffer.from('#include <linux/b.h>\n#define A 1\n#  define RUN(x) do_run(x)\n');
  const facts = directiveFacts(FILE.path, bytes, scanMacros(FILE.path, bytes));
  expect(facts.includes).toEqual(['<linux/b.h>']);
  expect(facts.macros).toEqual([{ name: 'RUN', params: ['x'], calls: 'do_run', line: 3, column: 11 }]);
});

test('a file that is lost is kept as one: it is not read again until it changes', () => {
  const result = lostResult(FILE, Buffer.from('int a;'), 12, 'too deep');
  expect(result).toMatchObject({ id: 5, size: 6, mtime: 12, lost: 'too deep', errorBytes: 6, records: null });
  expect(decodeFacts(result.facts).partial).toBe(true);
});

test('damage of the index is no fault of the file', () => {
  vi.stubEnv('KERNTRAIL_DEBUG', '');
  expect(reasonOf('fs/a.c', new Error('too deep'))).toBe('too deep');
  expect(() => reasonOf('fs/a.c', new IndexDamage('a page is gone', '/s'))).toThrow('a page is gone');
  vi.unstubAllEnvs();
});

test('the bytes of many files change hands in one block', () => {
  const files = [1, 2].map((id) =>
    factsResult({ path: `fs/${id}.c`, id }, Buffer.from('x'), 0, emptyFacts(`fs/${id}.c`)),
  );
  const before = files.map((f) => Buffer.from(f.facts));
  const reply = {
    kind: 'scan',
    files: files.map((facts) => ({ path: '', macros: Buffer.alloc(0), facts })),
    unreadable: [],
  } as const;
  const [block] = blocksOf({ ...reply, files: [...reply.files], unreadable: [] });
  expect(files.map((f) => f.facts.buffer)).toEqual([block, block]);
  expect(files.map((f) => Buffer.from(f.facts))).toEqual(before);
});
