import { describe, expect, test } from 'vitest';
import type { FieldFact, FileFacts, LocalFact, RecordFact } from '../../../server/src/facts/types.ts';
import { emptyFacts } from '../../../server/src/facts/visit.ts';
import { flowsOf } from '../../../server/src/index/link/flows.ts';
import { localScopes } from '../../../server/src/index/link/localScopes.ts';
import { followPath } from '../../../server/src/index/types/objectPath.ts';
import type { TypeSource } from '../../../server/src/index/types/source.ts';
import { findField } from '../../../server/src/index/types/typing.ts';

const local = (name: string, type: string, line: number, endLine: number): LocalFact => ({
  ...{ function: 'f', name, type, line, endLine },
});

const factsWith = (parts: Partial<FileFacts>): FileFacts => ({ ...emptyFacts('x.c'), ...parts });

describe('what a local means at a line', () => {
  const typeAt = (locals: LocalFact[], line: number) =>
    localScopes(factsWith({ locals }))('f', line).local('p')?.text ?? null;

  test('the innermost block counts, behind it the one around', () => {
    const locals = [local('p', 'outer', 1, 90), local('p', 'inner', 10, 20), local('q', 'other', 12, 90)];
    expect([5, 10, 15, 20, 21, 91].map((line) => typeAt(locals, line))).toEqual([
      ...['outer', 'inner', 'inner', 'inner', 'outer', null],
    ]);
  });

  test('blocks side by side, of one line too, in any order', () => {
    const locals = [local('p', 'second', 3, 4), local('p', 'first', 1, 3), local('p', 'third', 3, 3)];
    expect([1, 2, 3, 4, 5].map((line) => typeAt(locals, line))).toEqual(['first', 'first', 'third', 'second', null]);
  });

  test('thousands of blocks are not gone through for each question', () => {
    let reads = 0;
    const locals = Array.from({ length: 4000 }, (_, i) => ({
      ...local('p', `t${i}`, 2 * i + 2, 2 * i + 2),
      get endLine() {
        reads++;
        return 2 * i + 2;
      },
    }));
    const scopes = localScopes(factsWith({ locals }));
    for (let i = 0; i < 4000; i++) expect(scopes('f', 2 * i + 2).local('p')?.text).toBe(`t${i}`);
    expect(reads).toBeLessThan(10 * 4000);
  });
});

const field = (name: string, type: string, record = -1): FieldFact => ({
  ...{ name, type, record, doc: '', condition: null, line: 1, column: 1 },
});

const recordOf = (tag: string, fields: FieldFact[], line = 1): RecordFact => ({
  ...{ keyword: 'struct' as const, tag, outer: -1, line, column: 1, endLine: line, condition: null, doc: '', fields },
});

function typesOf(records: RecordFact[]): TypeSource {
  return {
    architecture: 'x86',
    memo: new Map(),
    recordsByTag: (tag) => records.filter((r) => r.tag === tag).map((record) => ({ record, file: 'x.c' })),
    recordAt: (_, n) => records[n] ?? null,
    typedefs: () => [],
    variables: () => [],
    returns: () => [],
    includes: () => [],
  };
}

describe('records with very many members', () => {
  test('unnamed ones show theirs, the first of a name counts', () => {
    const inner = Array.from({ length: 60 }, (_, i) =>
      recordOf('', [field(`m${i}`, 'int'), field('same', `t${i}`)], i),
    );
    const outer = recordOf('big', [...inner.map((_, i) => field('', `struct @${i}`, i)), field('own', 'long')], 99);
    const types = typesOf([...inner, outer]);
    const find = (name: string) => findField(types, { record: outer, file: 'x.c' }, name);
    expect([find('m0'), find('m59'), find('own'), find('same')].map((f) => f?.field.type)).toEqual([
      ...['int', 'int', 'long', 't0'],
    ]);
    expect(find('m7')?.owner).toBe('big');
    expect(find('none')).toBeNull();
  });

  test('structs of structs by powers are not counted out', () => {
    const level = (n: number) =>
      recordOf(
        `s${n}`,
        Array.from({ length: 60 }, (_, i) => field(`m${i}`, n === 0 ? 'int' : `struct s${n - 1}`, n - 1)),
      );
    const records = Array.from({ length: 6 }, (_, n) => level(n));
    let looked = 0;
    const types = typesOf(records);
    const counted: TypeSource = {
      ...types,
      memo: null,
      recordsByTag(tag) {
        looked++;
        return types.recordsByTag(tag);
      },
    };
    followPath(counted, { text: 'struct s5', file: 'x.c' }, [{ position: 3 }]);
    expect(looked).toBeLessThan(5000);
  });
});

test('locals put into each other over and over have an end', () => {
  const flow = (from: string, to: string, line: number) => ({
    ...{ function: 0, argument: -1, macro: false, line, column: 1 },
    from: ['id', from] as ['id', string],
    to: ['id', to] as ['id', string],
  });
  const flows = Array.from({ length: 400 }, (_, i) => (i % 2 ? flow('a', 'b', i) : flow('b', 'a', i)));
  let asked = 0;
  const types: TypeSource = {
    ...typesOf([]),
    returns() {
      asked++;
      return [];
    },
  };
  const facts = factsWith({
    flows: [...flows, flow('run', 'a', 500)],
    sites: [{ ...{ function: 0, kind: 'pointer', name: 'a', receiver: null, macro: false, line: 600, column: 1 } }],
    locals: [local('a', 'int (*)(int)', 1, 900), local('b', 'int (*)(int)', 1, 900)],
  });
  flowsOf(facts, types);
  expect(asked).toBeLessThan(1000);
});
