import { expect, test } from 'vitest';
import {
  definedIn,
  definitionsInText,
  filesInTurn,
  wantedNames,
} from '../../../../server/src/index/read/definitionScan.ts';
import { writeTree } from '../../support/marked.ts';

const found = (text: string, ...names: string[]) => definedIn(Buffer.from(text), wantedNames(names));

test('definitions as kernels write them', () => {
  const text = `
int plain(int n)
{
}
static inline struct page *
on_its_line(struct page *p)
{
}
int __init __attribute__((cold)) with_attribute(void) { return 0; }
	indented(1);
`;
  const names = ['plain', 'on_its_line', 'with_attribute', 'indented'];
  expect(found(text, ...names)).toEqual(['plain', 'on_its_line', 'with_attribute']);
});

test('what only declares, calls or holds a name defines nothing', () => {
  const text = `
int declared(int n);
extern int declared(int n);
int (*pointer)(void) = declared;
struct ops o = { .run = declared };
#define declared(x) other(x)
`;
  expect(found(text, 'declared', 'pointer', 'other')).toEqual([]);
});

test('what macros make of their arguments, and labels of assembly', () => {
  expect(found('SYSCALL_DEFINE3(read, unsigned int, fd)\n{\n}\n', '__x64_sys_read', 'SyS_read', 'vfs_read')).toEqual([
    '__x64_sys_read',
    'SyS_read',
  ]);
  expect(found('COMPAT_SYSCALL_DEFINE2(stat, int, a)\n{\n}\n', '__do_compat_sys_stat')).toEqual([
    '__do_compat_sys_stat',
  ]);
  expect(found('DEFINE_IDTENTRY_RAW_ERRORCODE(exc_fault)\n{\n}\n', 'exc_fault')).toEqual(['exc_fault']);
  expect(
    found('SYM_INNER_LABEL(entry_after, SYM_L_GLOBAL)\nother_entry:\n\tnop\n', 'entry_after', 'other_entry'),
  ).toEqual(['entry_after', 'other_entry']);
});

test('bytes of any kind are gone through', () => {
  for (const text of ['', '\n', 'a', 'f(', 'F(', 'F(a', 'f(\n\n', '\xff\xfe(', 'a:'.repeat(1000)])
    found(text, 'f', 'a');
  expect(found('x(', 'x')).toEqual([]);
});

test('files of the core come first, other architectures last, other programs not at all; it ends with the last name', () => {
  const { root } = writeTree(`
//@ arch/x86/k.c
int in_x86(void) { return 0; }
//@ arch/arm64/k.c
int in_x86(void) { return 0; }
//@ drivers/net/d.c
int in_driver(void) { return 0; }
//@ fs/own/o.c
int in_own(void) { return 0; }
//@ mm/m.c
int in_mm(void) { return 0; }
//@ tools/t.c
int in_own(void) { return 0; }
//@ include/linux/i.h
static int in_mm(void) { return 0; }
`);
  expect([...filesInTurn(root, 'x86', ['fs/own'])]).toEqual([
    'fs/own/o.c',
    'mm/m.c',
    'arch/x86/k.c',
    'drivers/net/d.c',
    'arch/arm64/k.c',
  ]);
  expect([...definitionsInText(root, 'x86', ['in_x86', 'in_mm'], [])]).toEqual([
    { path: 'mm/m.c', names: ['in_mm'] },
    { path: 'arch/x86/k.c', names: ['in_x86'] },
  ]);
});
