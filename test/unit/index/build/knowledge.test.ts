import { expect, test } from 'vitest';
import { differing } from '../../../../server/src/index/build/knowledge.ts';
import { encodeMacros } from '../../../../server/src/index/store/codec.ts';
import { scanMacros } from '../../../../server/src/syntax/macros/scan.ts';
import { scannedTable } from '../../../../server/src/syntax/macros/syscallTables.ts';

const scanned = (text: string) => encodeMacros(scanMacros('include/linux/x.h', Buffer.from(text)));

test('names that a header defines otherwise than before', () => {
  const before = scanned('#define a(x) f(x)\n#define b(x) g(x)\nint n;\n');
  const now = scanned('#define a(x) f(x)\n#define b(x) h(x)\n#define c(x) i(x)\nint n;\n');
  expect([...differing('include/linux/x.h', before, now)]).toEqual(['b', 'c']);
  expect([...differing('include/linux/x.h', before, undefined)]).toEqual(['x.h', 'a', 'b']);
});

test('a list of calls counts by its own name, a table of system calls by those of the headers made of it', () => {
  expect([...differing('include/linux/x.h', scanned('A(b)\nA(c)\n'), scanned('A(b)\nA(d)\n'))]).toEqual(['x.h']);
  const makefile = 'out := arch/$(SRCARCH)/include/generated/asm\n$(out)/calls.h: $(src)/syscall.tbl $(systbl)\n';
  const path = 'arch/x86/entry/syscall.tbl';
  const table = (text: string) => encodeMacros(scannedTable(path, Buffer.from(text), () => makefile, []));
  expect([...differing(path, table('0 common a sys_a\n'), table('0 common a sys_b\n'))]).toEqual([
    'syscall.tbl',
    'calls.h',
  ]);
});
