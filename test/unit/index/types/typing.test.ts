import { describe, expect, test } from 'vitest';
import { includedNames, nearest } from '../../../../server/src/index/types/nearest.ts';
import {
  findField,
  isFunctionPointer,
  recordOf,
  resolveType,
  typeOfExpression,
} from '../../../../server/src/index/types/typing.ts';
import { factsOf } from '../../facts/factsOf.ts';
import { memoryTypes } from '../memoryTypes.ts';

const HEADER = factsOf(
  `typedef int (*handler_t)(int);
typedef int fn_t(int);
typedef struct { int a; } anon_t;
typedef anon_t chain_t;
typedef loop_t loop_t;
struct s { int x; struct { union { int deep; }; } ; struct t *next; struct t list[3]; handler_t h; };
struct t { struct s *back; };
extern struct s *global;
struct s table[4];
`,
  { path: 'include/linux/s.h' },
);
const SOURCE = factsOf('struct t *get_t(int n) { return 0; }\n', { path: 'mm/s.c' });
const types = memoryTypes([HEADER, SOURCE]);
const type = (text: string, file = 'mm/s.c') => ({ text, file });

describe('types', () => {
  test('function pointers, also by typedefs', () => {
    const is = (text: string) => isFunctionPointer(types, type(text));
    expect(
      ['int (*)(void)', 'handler_t', 'fn_t *', 'fn_t', 'int *', 'struct s', 'handler_t *', 'unknown_t'].map(is),
    ).toEqual([...[true, true, true, false, false, false, false, false]]);
  });

  test('typedefs are looked through, a loop of them ends', () => {
    expect(resolveType(types, type('chain_t *'))).toMatchObject({
      shape: { base: 'struct @0', ops: ['*'] },
      file: 'include/linux/s.h',
    });
    expect(resolveType(types, type('loop_t')).shape.base).toBe('loop_t');
  });

  test('records of pointers, arrays and typedefs', () => {
    expect(recordOf(types, type('struct s *'))?.record.tag).toBe('s');
    expect(recordOf(types, type('struct s[4]'))?.record.tag).toBe('s');
    expect(recordOf(types, type('chain_t'))?.record.fields[0].name).toBe('a');
    expect(recordOf(types, type('struct s *(*)(void)'))).toBeNull();
    expect(recordOf(types, type('int'))).toBeNull();
  });

  test('a member through unnamed ones', () => {
    const at = recordOf(types, type('struct s'));
    expect(at && findField(types, at, 'deep')).toMatchObject({ owner: 's', field: { name: 'deep', type: 'int' } });
    expect(at && findField(types, at, 'none')).toBeNull();
  });

  test('the running task, which no variable of the tree is; a local of that name is itself', () => {
    const scope = (local: string | null) => ({ file: 'mm/s.c', local: () => (local ? type(local) : null) });
    expect(typeOfExpression(types, scope(null), ['id', 'current'])).toEqual(type('struct task_struct *'));
    expect(typeOfExpression(types, scope('int'), ['id', 'current'])).toEqual(type('int'));
    expect(typeOfExpression(types, scope(null), ['id', 'nobody'])).toBeNull();
  });

  test('of several definitions the nearest', () => {
    const from = (file: string, includes: string[] = []) =>
      nearest(
        { architecture: 'x86', includes: () => includedNames(includes) },
        ['include/linux/a.h', 'include/linux/mtd/a.h', 'arch/arm64/a.h', 'tools/a.h', 'drivers/x/a.h', 'drivers/x/b.h'],
        (f) => f,
        file,
      );
    expect(from('drivers/x/b.c')).toBe('drivers/x/a.h');
    expect(from('mm/b.c')).toBe('include/linux/a.h');
    expect(from('tools/b.c')).toBe('tools/a.h');
    expect(from('arch/arm64/b.c')).toBe('arch/arm64/a.h');
    // what a file includes comes before what is near it; an #include by a path of its own means the nearest of that name
    expect(from('drivers/mtd/b.c', ['<linux/mtd/a.h>'])).toBe('include/linux/mtd/a.h');
    expect(from('drivers/x/b.c', ['"b.h"'])).toBe('drivers/x/b.h');
    expect(from('drivers/x/deep/b.c', ['"../b.h"'])).toBe('drivers/x/b.h');
    expect(from('drivers/x/deep/b.c')).toBe('drivers/x/a.h');
  });

  test('of expressions', () => {
    const locals: Record<string, string> = { p: 'struct s *', arr: 'struct s[2]', fp: 'struct t *(*)(int)' };
    const scope = { file: 'mm/s.c', local: (name: string) => (locals[name] ? type(locals[name]) : null) };
    const of = (e: Parameters<typeof typeOfExpression>[2]) => typeOfExpression(types, scope, e)?.text ?? null;
    expect(of(['->', ['id', 'p'], 'next'])).toBe('struct t *');
    expect(of(['->', ['->', ['id', 'p'], 'next'], 'back'])).toBe('struct s *');
    expect(of(['[]', ['id', 'arr']])).toBe('struct s');
    expect(of(['*', ['id', 'p']])).toBe('struct s');
    expect(of(['&', ['id', 'p']])).toBe('struct s **');
    expect(of(['.', ['[]', ['id', 'table']], 'x'])).toBe('int');
    expect(of(['->', ['id', 'global'], 'next'])).toBe('struct t *');
    expect(of(['call', ['id', 'get_t'], []])).toBe('struct t *');
    expect(of(['call', ['*', ['id', 'fp']], []])).toBe('struct t *');
    expect(of(['cast', 'struct t *', ['id', 'p']])).toBe('struct t *');
    expect(of(['?', ['id', 'unknown'], ['id', 'p']])).toBe('struct s *');
    expect(of(['id', 'unknown'])).toBeNull();
    expect(of(['->', ['id', 'p'], 'none'])).toBeNull();
    expect(of(['other', ''])).toBeNull();
  });
});
