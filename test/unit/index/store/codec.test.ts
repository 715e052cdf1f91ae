import { expect, test } from 'vitest';
import type { RecordFact } from '../../../../server/src/facts/types.ts';
import { emptyFacts } from '../../../../server/src/facts/visit.ts';
import {
  decodeFacts,
  encodeFacts,
  encodeRecords,
  recordIn,
  recordsIn,
  resetCodec,
} from '../../../../server/src/index/store/codec.ts';

test('facts come back as they were, in a process that has seen none; their records go elsewhere', () => {
  const facts = { ...emptyFacts('fs/a.c'), includes: ['<linux/mm.h>'], macrosUsed: [7, -3], partial: true };
  const bytes = encodeFacts(facts);
  resetCodec();
  expect(decodeFacts(bytes)).toMatchObject({
    path: 'fs/a.c',
    includes: ['<linux/mm.h>'],
    macrosUsed: [7, -3],
    partial: true,
  });
});

test('large facts are deflated', () => {
  const facts = { ...emptyFacts('fs/a.c'), includes: Array.from({ length: 2000 }, (_, n) => `<linux/header_${n}.h>`) };
  const bytes = encodeFacts(facts);
  expect(bytes.length).toBeLessThan(20_000);
  expect(decodeFacts(bytes).includes).toEqual(facts.includes);
});

test('one record of a block is read without the others', () => {
  const records = ['a', 'b', 'c'].map((tag) => ({ tag, keyword: 'struct', fields: [] }) as unknown as RecordFact);
  const block = encodeRecords(records);
  expect(recordIn(block, 1)?.tag).toBe('b');
  expect([recordIn(block, 3), recordIn(block, -1)]).toEqual([null, null]);
  expect(recordsIn(block).map((r) => r.tag)).toEqual(['a', 'b', 'c']);
});
