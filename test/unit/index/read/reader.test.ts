import { expect, test } from 'vitest';
import type { IndexReader } from '../../../../server/src/index/read/reader.ts';
import { indexTree } from '../../support/marked.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const FILES = {
  'include/linux/o.h': 'struct ops { int (*open)(int n); int (*close)(int n); };\n',
  'fs/a.c': `#include <linux/o.h>
#define begin(n) really_begin(n)
int really_begin(int n);
static int a_open(int n) { return begin(n); }
static const struct ops a_ops = { .open = a_open, .close = a_open };
int each(const struct ops *o, int (*fn)(int n)) { return o->open(1) + fn(2); }
int g(void) { return each(&a_ops, a_open); }
`,
};

/** What both tell of a row; the memory's rows are those of their file, which tell more. */
const TOLD = [
  ...['in', 'path', 'line', 'column', 'kind', 'flags', 'index', 'type', 'variable', 'target', 'targetLine'],
  ...['targetColumn', 'function', 'condition', 'evidence', 'own', 'macro'],
];

/** What a reader says, files by their paths. */
function said(index: IndexReader) {
  const of = <T extends { file: number }>(rows: readonly T[]) =>
    rows.map((row) => JSON.stringify({ ...row, in: index.pathOf(row.file) }, TOLD)).sort();
  const parameter = (n: number) => ({ kind: 'parameter', of: { kind: 'name', name: 'each' }, index: n }) as const;
  return {
    names: ['a_open', 'a_ops', 'ops', 'begin', 'really_begin'].flatMap((n) => of(index.names(n))),
    slots: ['open', 'close', 'none'].flatMap((m) => of(index.registrationsOfSlot('ops', m))),
    owners: index.ownersOf('open'),
    targets: of(index.registrationsOfTarget('a_open')),
    dispatches: of(index.dispatchesOfSlot('ops', 'open')),
    callers: ['each', 'begin', 'really_begin'].flatMap((n) =>
      index.callersOf(n).map((c) => `${c.function} ${c.macro} ${c.lines}`),
    ),
    from: index.flowsFrom({ kind: 'name', name: 'a_open' }).map((f) => `${JSON.stringify(f.to)} ${f.line}`),
    to: [0, 1].flatMap((n) => index.flowsTo(parameter(n)).map((f) => `${JSON.stringify(f.from)} ${f.line}`)),
    fields: index.types.recordsByTag('ops').map((r) => r.record.fields.map((f) => f.name)),
  };
}

test('an index on disk and one in memory say the same of the same files', async () => {
  const text = Object.entries(FILES)
    .map(([path, code]) => `//@ ${path}\n${code}`)
    .join('');
  const tree = await indexTree(text);
  const memory = await memoryIndex(FILES);
  expect(said(memory.index)).toEqual(said(tree.index));
  expect(said(memory.index).slots).toHaveLength(2);
  expect([...tree.index.files()].map((f) => f.path)).toContain('fs/a.c');
  expect(tree.index.fileId('fs/none.c')).toBeUndefined();
  expect(tree.index.facts('fs/none.c')).toBeNull();
});
