import { beforeAll, expect, test } from 'vitest';
import { functionPlaces } from '../../../../server/src/backtrace/functions/candidates.ts';
import { hiddenPlaces } from '../../../../server/src/backtrace/functions/hiddenPlaces.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ arch/arm64/kernel/entry.S
	.macro gate_handler lvl:req, ht:req, regsize:req, label:req
SYM_CODE_START_LOCAL(gl\\lvl\\ht\\()_\\regsize\\()_\\label)
	bl	gl\\lvl\\ht\\()_\\regsize\\()_\\label\\()_handler
SYM_CODE_END(gl\\lvl\\ht\\()_\\regsize\\()_\\label)
	.endm

	gate_handler	1, t, 64, sync
	gate_handler	0, t, 64, sync	// from programs
//@ arch/powerpc/kernel/gates.S
.macro mill_vectored name trapnr
	.globl mill_vectored_\\name
mill_vectored_\\name:
.endm
	mill_vectored common 0x3000
again_here:
	nop
//@ kernel/locking/slow.c
#define slow_wait native_slow_wait
void slow_wait(int n)
{
}
//@ include/linux/slow.h
void native_slow_wait(int n);
//@ fs/open.c
#define SYSCALL_DEFINE1(name, t, a) long __se_sys_##name(long a); long __se_sys_##name(long a)
SYSCALL_DEFINE1(shut, int, fd)
{
	return 0;
}
//@ tools/testing/shut.c
long sys_shut(int fd)
{
	return 0;
}
`);
});

const at = (name: string) => hiddenPlaces(tree.index, name).map((p) => `${p.name} ${p.kind} ${p.file}:${p.line}`);

test('labels that an assembler’s macro makes stand where it is used', () => {
  expect(at('gl0t_64_sync')).toEqual(['gl0t_64_sync assembly arch/arm64/kernel/entry.S:8']);
  expect(at('gl1t_64_sync')).toEqual(['gl1t_64_sync assembly arch/arm64/kernel/entry.S:7']);
  expect(at('mill_vectored_common')).toEqual(['mill_vectored_common assembly arch/powerpc/kernel/gates.S:5']);
  expect(at('gl2t_64_sync')).toEqual([]);
});

test('a local label', () => {
  expect(at('again_here')).toEqual(['again_here assembly arch/powerpc/kernel/gates.S:6']);
});

test('a function that a #define renames is not only declared', () => {
  const { places } = functionPlaces(tree.index, {
    ...{ name: 'native_slow_wait', file: null, moduleFiles: null, inModule: false, near: [], architecture: 'x86' },
  });
  expect(places.map((p) => [p.file, p.line, p.kind])).toEqual([['kernel/locking/slow.c', 2, 'function']]);
});

test('a system call of an architecture without wrappers, beside a program that has its own', () => {
  const { places } = functionPlaces(tree.index, {
    ...{ name: 'sys_shut', file: null, moduleFiles: null, inModule: false, near: [], architecture: 'mips' },
  });
  expect(places.map((p) => p.file)).toEqual(['fs/open.c']);
});
