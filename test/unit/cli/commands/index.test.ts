import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kerntrailIn, rowsOf } from '../../support/kerntrail.ts';
import { writeTree } from '../../support/marked.ts';

test('what the index holds, as JSON and as text; a second run finds nothing changed', () => {
  const tree = writeTree(`
//@ fs/a.c
struct ops { int (*run)(void); };
static int a_run(void) { return 0; }
static const struct ops a_ops = { .run = a_run };
`);
  const [first] = rowsOf(kerntrailIn(tree, ['index', '--json']).out);
  expect(first).toMatchObject({ tree: tree.root, release: '6.1.0', files: 1, tables: 1, registrations: 1, changed: 1 });
  const { code, out } = kerntrailIn(tree, ['index']);
  expect(code).toBe(0);
  expect(out).toContain('up to date: 0 files read, 0 gone');
  expect(out).toContain('1 files, 1 tables, 1 registrations');
});

test.skipIf(process.platform !== 'linux')('a name that is no text is told, and left out', () => {
  const tree = writeTree('//@ fs/a.c\nint a;\n');
  writeFileSync(Buffer.concat([Buffer.from(join(tree.root, 'fs/')), Buffer.from([0xff]), Buffer.from('.c')]), 'int b;');
  const { out, err } = kerntrailIn(tree, ['index', '--json']);
  expect(rowsOf(out)[0]).toMatchObject({ files: 1, unreadable: 1 });
  expect(err).toContain('1 name is left out of the index:');
});
