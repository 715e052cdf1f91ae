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
  ])('%s: %s', (path, domain) => {
    expect(domainOf(path)).toBe(domain);
  });

  test('the architecture of a domain', () => {
    expect(['kernel/x86', 'kernel/*', 'tools'].map(architectureOf)).toEqual(['x86', null, null]);
  });

  test('who sees what', () => {
    expect(sameDomain('kernel/x86', 'kernel/*', 'arm64')).toBe(true);
    expect(sameDomain('kernel/x86', 'kernel/arm64', 'arm64')).toBe(false);
    expect(sameDomain('kernel/*', 'kernel/arm64', 'arm64')).toBe(true);
    expect(sameDomain('kernel/*', 'kernel/arm64', 'x86')).toBe(false);
    expect(sameDomain('tools', 'kernel/*', 'x86')).toBe(false);
    expect(sameDomain('kernel/*', 'samples', 'x86')).toBe(false);
    expect(sameDomain('tools', 'tools', 'x86')).toBe(true);
  });

  test('folders', () => {
    expect(['a/b/c.c', 'c.c'].map(folderOf)).toEqual(['a/b', '']);
  });
});
