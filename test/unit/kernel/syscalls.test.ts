import { expect, test } from 'vitest';
import { entryOfSlot, isExceptionEntry, isInitcall } from '../../../server/src/kernel/entries.ts';
import { isCompat, isSyscallName, syscallNames, syscallParts } from '../../../server/src/kernel/syscalls.ts';

test('a system call goes by many names', () => {
  expect(syscallNames('sys_read', 'x86')).toContain('__x64_sys_read');
  expect(syscallNames('ksys_read', 'arm64')).toContain('__arm64_sys_read');
  expect(syscallNames('sysfs_kf_read', 'x86')).toEqual([]);
  expect(syscallParts('SYSC_read', 'x86')[0]).toBe('__do_sys_read');
  expect(syscallParts('SyS_read', 'x86')[0]).toBe('__se_sys_read');
});

test('names that the macro makes', () => {
  const names = ['__do_sys_read', '__se_compat_sys_read', '__x64_sys_read', 'sys_read', 'ksys_read', 'system_wq'];
  expect(names.map(isSyscallName)).toEqual([true, true, true, true, false, false]);
});

test('what is called from outside', () => {
  expect(entryOfSlot('work_struct', 'func')).toBe('work');
  expect(entryOfSlot('file_operations', 'open')).toBeNull();
  expect(['exc_page_fault', 'asm_exc_page_fault', 'sysvec_apic', 'do_exc'].map(isExceptionEntry)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(isInitcall('__initcall_ext4_init')).toBe(true);
});

test('ways in for programs of another word size', () => {
  const names = ['__do_compat_sys_read', 'do_syscall_x32', 'ia32_sys_call', 'do_syscall_64', 'incompatible'];
  expect(names.map(isCompat)).toEqual([true, true, true, false, false]);
});
