import { describe, expect, test } from 'vitest';
import { architectureOf, domainOf, folderOf, sameDomain } from '../../../server/src/kernel/domain.ts';

describe('domains', () => {
  test.each([
    ['mm/memory.c', 'kernel/*'],
    ['arch/x86/mm/fault.c', 'kernel/x86'],
    ['arch/arm64/include/asm/page.h', 'kernel/arm64'],
    ['arch/Kconfig.c', 'kernel/*'],
    ['include/linux/fs.h', 'kernel/*'],
    ['include/asm-generic/io.h', 'kernel/*'],
    ['include/asm-i386/io.h', 'kernel/i386'],
    ['tools/perf/builtin.c', 'tools'],
    ['samples/bpf/x.c', 'samples'],
    ['scripts/mod/modpost.c', 'scripts'],
    ['Documentation/x.c', 'Documentation'],
    ['usr/gen_init_cpio.c', 'usr'],
    ['top.c', 'kernel/*'],
    ['arch/x86/boot/main.c', 'program/x86/boot'],
    ['arch/x86/boot/compressed/misc.c', 'program/x86/boot/compressed'],
    ['arch/arm/boot/compressed/string.c', 'program/arm/boot/compressed'],
    ['arch/s390/purgatory/purgatory.c', 'program/s390/purgatory'],
    ['arch/x86/realmode/init.c', 'kernel/x86'],
    ['arch/x86/realmode/rm/wakemain.c', 'program/x86/realmode/rm'],
    ['arch/x86/entry/vdso/vclock_gettime.c', 'program/x86/vdso'],
    ['arch/x86/entry/vdso/vdso32/sigreturn.S', 'program/x86/vdso'],
    ['arch/x86/entry/vdso/vma.c', 'kernel/x86'],
    ['arch/x86/entry/vdso/vdso32-setup.c', 'kernel/x86'],
    ['arch/arm64/kernel/vdso/vgettimeofday.c', 'program/arm64/vdso'],
    ['arch/s390/kernel/vdso64/vdso64_wrapper.S', 'kernel/s390'],
    ['arch/mips/vdso/vgettimeofday.c', 'program/mips/vdso'],
    ['arch/x86/include/asm/vdso/processor.h', 'kernel/x86'],
    ['arch/x86/um/asm/processor.h', 'kernel/um'],
    ['drivers/firmware/efi/libstub/efi-stub.c', 'program/*/efi/libstub'],
    ['arch/x86/tools/relocs.c', 'program/x86/tools'],
  ])('%s: %s', (path, domain) => {
    expect(domainOf(path)).toBe(domain);
  });

  test('the architecture of a domain', () => {
    expect(['kernel/x86', 'kernel/*', 'tools'].map(architectureOf)).toEqual(['x86', null, null]);
    expect(['program/arm/boot/compressed', 'program/*/efi/libstub'].map(architectureOf)).toEqual(['arm', null]);
  });

  test('who sees what', () => {
    expect(sameDomain('kernel/x86', 'kernel/*', 'arm64')).toBe(true);
    expect(sameDomain('kernel/x86', 'kernel/arm64', 'arm64')).toBe(false);
    expect(sameDomain('kernel/*', 'kernel/arm64', 'arm64')).toBe(true);
    expect(sameDomain('kernel/*', 'kernel/arm64', 'x86')).toBe(false);
    expect(sameDomain('tools', 'kernel/*', 'x86')).toBe(false);
    expect(sameDomain('kernel/*', 'samples', 'x86')).toBe(false);
    expect(sameDomain('tools', 'tools', 'x86')).toBe(true);
    expect(sameDomain('program/arm/boot', 'kernel/arm', 'x86')).toBe(true);
    expect(sameDomain('program/arm/boot', 'kernel/x86', 'x86')).toBe(false);
    expect(sameDomain('program/*/efi/libstub', 'kernel/x86', 'x86')).toBe(true);
    expect(sameDomain('kernel/x86', 'program/x86/boot', 'x86')).toBe(false);
  });

  test('folders', () => {
    expect(['a/b/c.c', 'c.c'].map(folderOf)).toEqual(['a/b', '']);
  });
});
