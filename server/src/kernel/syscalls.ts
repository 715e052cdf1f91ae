/** The names that SYSCALL_DEFINEn gives one system call, in all versions and architectures. */

/** `sys_read`, `ksys_read`, `__x64_sys_read`, `__do_compat_sys_read`, `SyS_read`, `SYSC_read` */
const ANY_NAME = /^(?:__[a-z0-9_]+?_)?(?:compat_)?(?:k?sys|SyS|SYSC)_(\w+)$/;

/** Those that the macro makes: a helper such as ksys_read() is none of them. */
const MADE_NAME = /^(?:__\w+?_(?:compat_)?sys_|sys_|SyS_)\w+$/;

/** Is it a name that SYSCALL_DEFINEn makes? Only of a function that a macro defines this tells anything. */
export const isSyscallName = (name: string): boolean => MADE_NAME.test(name);

/** What SYSCALL_DEFINEn gets as its name: `read` of `__x64_sys_read`; null where the name is no system call's. */
export const syscallBase = (name: string): string | null => ANY_NAME.exec(name)?.[1] ?? null;

/** Other names one system call goes by; none where the name is no system call's. `architecture` is a folder of arch/. */
export function syscallNames(name: string, architecture: string): string[] {
  const base = syscallBase(name);
  if (base === null) return [];
  const arch = architecture === 'x86' ? 'x64' : architecture;
  const prefixes = [
    '__do_sys_',
    `__${arch}_sys_`,
    '__se_sys_',
    'sys_',
    'SyS_',
    'SYSC_',
    '__do_compat_sys_',
    'compat_sys_',
  ];
  return prefixes.map((p) => p + base).filter((n) => n !== name);
}

/** The same, the part that the name stands for first: `SYSC_read` was what `__do_sys_read` is, `SyS_read` `__se_sys_read`. */
export function syscallParts(name: string, architecture: string): string[] {
  const first = name.startsWith('SYSC_') ? '__do_sys_' : '__se_sys_';
  return syscallNames(name, architecture).sort((a, b) => Number(b.startsWith(first)) - Number(a.startsWith(first)));
}

/** Does a function serve programs of another word size than the kernel's own: `__do_compat_sys_read`, `do_syscall_x32`? */
export const isCompat = (name: string): boolean => /(?:^|_)(?:compat|x32|ia32)(?:_|$)/.test(name);
