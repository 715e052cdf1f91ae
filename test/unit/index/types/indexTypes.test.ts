import { expect, test } from 'vitest';
import type { FileFacts } from '../../../../server/src/facts/types.ts';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { openTypes } from '../../../../server/src/index/types/indexTypes.ts';
import { factsOfFiles } from '../../support/memoryIndex.ts';

const [indexed, newer] = await Promise.all(
  ['struct a { int old; };\ntypedef struct a a_t;\n', 'struct a { int young; };\nint count;\n'].map(
    async (text) => (await factsOfFiles({ 'fs/a.h': text }))[0],
  ),
);

const open = (facts: () => FileFacts) =>
  openTypes(
    {
      factsOf: facts,
      pathOf: () => 'fs/a.h',
      names: (name) =>
        [
          ...facts().records.map((r, index) => ({ ...r, name: r.tag, kind: NameKind.Record, index, type: '' })),
          ...facts().typedefs.map((t, index) => ({ ...t, kind: NameKind.Typedef, index })),
        ]
          .filter((p) => p.name === name)
          .map((p) => ({ ...p, file: 1, flags: 0 })),
      record: (_file, n) => facts().records[n] ?? null,
    },
    () => 1,
    'x86',
  );

const fieldsOf = (types: ReturnType<typeof open>['types']) =>
  types.recordsByTag('a').map((r) => r.record.fields.map((f) => f.name).join());

test("a file's own facts stand in for what the index has of it, for that file alone", () => {
  const { types, typesFor } = open(() => indexed);
  expect(fieldsOf(typesFor(newer))).toEqual(['young']);
  expect(typesFor(newer).variables('count')).toEqual([{ text: 'int', file: 'fs/a.h' }]);
  expect(fieldsOf(types)).toEqual(['old']);
  expect(typesFor(null)).toBe(types);
  expect(types.typedefs('a_t')).toEqual([{ text: 'struct a', file: 'fs/a.h' }]);
});

test('after a change nothing is known any more, to whoever held the types', () => {
  let now = indexed;
  const { types, typesFor, clear } = open(() => now);
  const view = typesFor(newer);
  view.memo?.set('question', 1);
  expect(fieldsOf(types)).toEqual(['old']);
  now = newer;
  clear();
  expect(fieldsOf(types)).toEqual(['young']);
  expect(view.memo?.has('question')).toBe(false);
});
