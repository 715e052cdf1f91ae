import { describe, expect, test } from 'vitest';
import {
  decodeFacts,
  decodeMacros,
  encodeFacts,
  encodeMacros,
  encodeRecords,
  recordIn,
  recordsIn,
  resetCodec,
} from '../../../../server/src/index/store/codec.ts';
import {
  decodeName,
  decodeRegistration,
  decodeTable,
  encodeName,
  encodeRegistration,
  encodeTable,
  fileOfValue,
  NameKind,
  type Registration,
  slotKey,
} from '../../../../server/src/index/store/postings.ts';
import { MAX_KEY } from '../../../../server/src/index/store/rows.ts';
import { scanMacros } from '../../../../server/src/syntax/macros/scan.ts';
import { factsOf } from '../../facts/factsOf.ts';

const REGISTRATION: Registration = {
  file: 70_000,
  owner: 'x_ops',
  member: 'open',
  variable: 'my_ops',
  line: 12,
  path: '[3].open',
  target: 'my_open',
  targetLine: 14,
  targetColumn: 9,
  kind: 'init',
  function: '',
  condition: 'defined(CONFIG_A)',
  evidence: 'typed',
  own: { kind: NameKind.Function, line: 300_000, column: 12, index: 9, flags: 3 },
  holder: '',
};

describe('what the index stores', () => {
  test('names', () => {
    const place = [NameKind.Variable, 123_456, 80, 7, 255] as const;
    for (const type of ['', 'int', 'struct file *', `struct ${'x'.repeat(9000)}`])
      expect(decodeName(encodeName(56_749, ...place, type))).toEqual({
        file: 56_749,
        kind: NameKind.Variable,
        line: 123_456,
        column: 80,
        index: 7,
        flags: 255,
        type,
      });
    expect(decodeName(encodeName(1, NameKind.Record, 0x2000000, 100_000, 70_000, 0, ''))).toMatchObject({
      line: 0xffffff,
      column: 0xffff,
      index: 0xffff,
    });
  });

  test('registrations', () => {
    const key = slotKey('x_ops', 'open');
    const bytes = encodeRegistration(REGISTRATION);
    expect(fileOfValue(bytes)).toBe(70_000);
    expect(decodeRegistration(key, bytes)).toEqual(REGISTRATION);
    for (const changes of [
      { condition: null },
      { own: null },
      { kind: 'install' },
      { evidence: 'name', owner: '' },
      { owner: '', member: '' },
    ] as Partial<Registration>[]) {
      const r = { ...REGISTRATION, ...changes };
      expect(decodeRegistration(slotKey(r.owner, r.member), encodeRegistration(r))).toEqual(r);
    }
  });

  test('a registration that is too long for the store is cut, not lost', () => {
    const bytes = encodeRegistration({
      ...REGISTRATION,
      condition: 'x'.repeat(6000),
      path: 'p'.repeat(300),
      variable: 'v'.repeat(300),
    });
    expect(bytes.length).toBeLessThanOrEqual(4000);
    expect(decodeRegistration('x_ops.open', bytes)).toMatchObject({
      target: 'my_open',
      condition: `${'x'.repeat(1000)}…`,
      path: 'p'.repeat(300),
    });
  });

  test('keys', () => {
    expect([slotKey('a', 'b'), slotKey('', 'b'), slotKey('', '')]).toEqual(['a.b', '?.b', '.']);
    expect(slotKey('a'.repeat(500), 'b').length).toBe(MAX_KEY);
  });

  test('tables', () => {
    const table = { file: 3, variable: 'my_ops', line: 5, column: 6, slots: 7 };
    expect(decodeTable(encodeTable(table))).toEqual(table);
  });

  test('facts, records and macros, the same bytes in every process', () => {
    const facts = factsOf(
      `struct s { int a; };\nunion u { long b; };\nstatic struct s v = { .f = g, [1] = h, k };\nvoid f(struct s *p) { struct s *q = p; q->x = y; *p = (struct s){ .b = c }; }\n#define m(x) x\n`,
    );
    const bytes = encodeFacts(facts);
    const macros = scanMacros('a.h', Buffer.from('#define f(x) x\n#ifdef A\n#define g\n#endif\n'));
    const encoded = [bytes, encodeRecords(facts.records), encodeMacros(macros)];
    resetCodec();
    expect(decodeFacts(bytes)).toEqual({ ...facts, records: [] });
    expect(recordsIn(encoded[1])).toEqual(facts.records);
    expect([recordIn(encoded[1], 1), recordIn(encoded[1], 2), recordIn(encoded[1], -1)]).toEqual([
      facts.records[1],
      null,
      null,
    ]);
    expect(decodeMacros(encoded[2])).toEqual(macros);
    resetCodec();
    const again = [encodeFacts(facts), encodeRecords(facts.records), encodeMacros(macros)];
    expect(again.map((b) => b.toString('hex'))).toEqual(encoded.map((b) => b.toString('hex')));
  });
});
