import { expect, test } from 'vitest';
import { storeReader } from '../../../../server/src/index/read/storeReader.ts';
import { closeStore, openForReading } from '../../../../server/src/index/store/store.ts';
import { indexTree } from '../../support/marked.ts';

test('what the store has of a file is read by its number', async () => {
  const { storage, root } = await indexTree(`
//@ fs/a.c
struct one { int n; };
struct two { int n; };
int f(struct one *o) { return 1; }
int g(void) { return f(0); }
`);
  const store = openForReading(storage, root, 'x86');
  if (!store) throw new Error('no store');
  const reader = storeReader(store);
  const id = store.files.get('fs/a.c')?.id ?? -1;
  expect(reader.pathOf(id)).toBe('fs/a.c');
  expect(reader.factsOf(id)?.functions.map((f) => f.name)).toEqual(['f', 'g']);
  expect([reader.functionName(id, 1), reader.functionName(id, 9)]).toEqual(['g', '']);
  expect([reader.record(id, 1)?.tag, reader.record(id, 2)]).toEqual(['two', null]);
  expect(reader.names('g').map((p) => [p.file, p.line])).toEqual([[id, 4]]);
  expect(reader.rows((s) => s.callers, 'f')).toHaveLength(1);
  expect([reader.pathOf(9999), reader.factsOf(9999)]).toEqual(['', null]);
  reader.clear();
  expect(reader.names('f')).toHaveLength(1);
  await closeStore(store);
});
