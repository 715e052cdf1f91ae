import { expect, test } from 'vitest';
import { assemblyFacts } from '../../../server/src/facts/assembly.ts';

const labels = (text: string) =>
  assemblyFacts('arch/x86/lib/x.S', Buffer.from(text, 'latin1')).labels.map((l) => `${l.line}:${l.column} ${l.name}`);

test('the macros of linux/linkage.h', () => {
  expect(
    labels(`#include <linux/linkage.h>
ENTRY(old_style)
	ret
ENDPROC(old_style)
SYM_FUNC_START(memcpy)
	ret
SYM_FUNC_END(memcpy)
SYM_CODE_START_LOCAL(common_entry)
SYM_CODE_END(common_entry)
 SYM_INNER_LABEL(inner, SYM_L_GLOBAL)
SYM_FUNC_ALIAS(__memcpy, memcpy)
WEAK(weak_one)
`),
  ).toEqual(['2:7 old_style', '5:16 memcpy', '8:22 common_entry', '10:18 inner', '11:16 __memcpy', '12:6 weak_one']);
});

test('entry code of x86', () => {
  expect(
    labels(`idtentry X86_TRAP_DE asm_exc_divide_error exc_divide_error has_error_code=0
idtentry_irq 0x20 common_interrupt
`),
  ).toEqual(['1:22 asm_exc_divide_error', '2:19 common_interrupt']);
});

test('labels, where they are global', () => {
  expect(
    labels(`.globl startup, second
startup:
	nop
local:
1:	jmp 1b
second : nop
	.weak third
third:
`),
  ).toEqual(['2:1 startup', '6:1 second', '8:1 third']);
});

test('includes', () => {
  expect(assemblyFacts('a.S', Buffer.from('#include <asm/a.h>\n # include "b.S"\n')).includes).toEqual([
    '<asm/a.h>',
    '"b.S"',
  ]);
});

test('an empty file, and bytes of any kind', () => {
  expect(labels('')).toEqual([]);
  expect(labels('\0\xff\x80ENTRY(\nENTRY(ok)\r\n')).toEqual(['2:7 ok']);
});
