import { expect, test } from 'vitest';
import { tablesSaid } from '../../../../server/src/backtrace/frames/tables.ts';
import { newTraceContext } from '../../../../server/src/backtrace/resolvedTrace.ts';
import { parseTrace } from '../../../../server/src/trace/parse.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const table = (name: string) => `static const struct ops ${name} = { .fill = shared_fill };`;
const world = await memoryIndex({
  'include/linux/o.h': 'struct ops { int (*fill)(int n); };\nint shared_fill(int n);\n',
  'mm/fill.c': `#include <linux/o.h>\nint shared_fill(int n) { return n; }\n${table('mm_ops')}`,
  'fs/one/a.c': `#include <linux/o.h>\n${table('one_ops')}\nvoid one_read(void) {}`,
  'fs/two/a.c': `#include <linux/o.h>\n${table('two_ops')}\n${table('two_more_ops')}\nvoid two_read(void) {}`,
  'arch/arm/mm/a.c': `#include <linux/o.h>\n${table('arm_ops')}`,
});
const holders = world.index.registrationsOfTarget('shared_fill');
const said = (frames: string[], of = holders) =>
  tablesSaid(
    newTraceContext(world, parseTrace(`Call Trace:\n${frames.map((f) => ` ${f}+0x1/0x2`).join('\n')}`)),
    'mm/memory.c',
    of,
  );

test('where several tables hold a function, their number, and the one that the trace tells of', () => {
  expect(said(['shared_fill', 'fault'])).toEqual({ table: null, tables: 4, why: null });
  expect(said(['shared_fill', 'fault', 'one_read'])).toEqual({
    table: 'one_ops',
    tables: 4,
    why: 'fs/one is in the trace',
  });
  expect(said(['shared_fill', 'fault', 'two_read'])).toEqual({
    table: null,
    tables: 4,
    why: '2 of fs/two, which is in the trace',
  });
  expect(said(['shared_fill', 'one_read', 'two_read'])).toEqual({ table: null, tables: 4, why: null });
});

test('one table is the one, and none is none', () => {
  const one = holders.filter((r) => r.variable === 'one_ops');
  expect(said(['shared_fill'], one)).toEqual({ table: 'one_ops', tables: 1, why: null });
  expect(said(['shared_fill'], [])).toEqual({ table: null, tables: 0, why: null });
});
