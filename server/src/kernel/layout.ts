/** What a kernel tree's folders are, as every version since 2.6 has them. */
import { folderOf } from './domain.ts';

/** Folders of what every kernel has. */
const COMMON: ReadonlySet<string> = new Set([
  'fs',
  'mm',
  'kernel',
  'ipc',
  'block',
  'lib',
  'net',
  'security',
  'virt',
  'crypto',
  'io_uring',
]);

/** Folders of drivers, and of other programs. */
const SPECIAL: ReadonlySet<string> = new Set(['drivers', 'sound', 'samples', 'tools']);

/** 0 for what every kernel has, 1 for architectures and subsystems, 2 for drivers: of equals, the common one first. */
export function commonness(file: string): number {
  const top = file.split('/', 1)[0];
  if (COMMON.has(top)) return 0;
  return SPECIAL.has(top) ? 2 : 1;
}

/** What people open first, in the order in which they do: the beginnings of paths. */
const FIRST_READ = [
  'include/',
  'mm/',
  'fs/',
  'kernel/',
  'block/',
  'net/core/',
  'init/',
  'ipc/',
  'lib/',
  'security/',
  'drivers/base/',
  'net/',
  'io_uring/',
  'crypto/',
  'virt/',
];

/** Is a file of the core: what is read first, and the architecture in view? */
export const isCore = (path: string, architecture: string): boolean => readingRank(path, architecture) <= 2;

/** How soon a file is likely to be asked for; lower comes first: the core folders, the rest, other architectures last. */
export function readingRank(path: string, architecture: string): number {
  const first = FIRST_READ.findIndex((c) => path.startsWith(c));
  if (first >= 0) return 1 + first / 100;
  if (path.startsWith(`arch/${architecture}/`)) return 2;
  if (path.startsWith('arch/')) return 8;
  if (path.startsWith('tools/') || path.startsWith('samples/') || path.startsWith('scripts/')) return 7;
  if (path.startsWith('drivers/gpu/') || path.startsWith('drivers/staging/')) return 6;
  return path.startsWith('drivers/') ? 5 : 4;
}

/** Is it a header that code of the whole kernel includes by `<…>`, or that of one architecture? */
export const isGlobalHeader = (path: string): boolean =>
  path.startsWith('include/') || /^arch\/\w+\/include\//.test(path);

/**
 * The out-of-tree module that a file belongs to, in brackets as the kernel prints it, `[myfs]` of `[myfs]/file.c`; '' for
 * the tree's own files.
 */
export const moduleOf = (path: string): string => (path.startsWith('[') ? path.slice(0, path.indexOf('/')) : '');

/** Does a file of the tree name nothing that `path` defines? The kernel gets to modules by pointers alone. */
export const isUnseen = (path: string, from: string): boolean =>
  path.startsWith('[') && from !== '' && !from.startsWith('[');

/** Folders below these belong to one filesystem, driver or protocol. */
const DIVIDED: ReadonlySet<string> = new Set([
  'fs',
  'drivers',
  'net',
  'sound',
  'arch',
  'samples',
  'tools',
  'security',
  'crypto',
]);

/** A file's own part of the tree, `fs/ext4`, `drivers/net/ethernet`; '' for what everybody shares. */
export function partOf(file: string): string {
  const module = moduleOf(file);
  if (module) return module;
  const parts = folderOf(file).split('/');
  return parts.length > 1 && DIVIDED.has(parts[0]) ? parts.slice(0, parts[0] === 'drivers' ? 3 : 2).join('/') : '';
}

/**
 * Is a part of the tree what a subsystem shares that one of `others` belongs to, net/core for drivers/net, drivers/base for
 * every driver, drivers/usb/core for drivers/usb/host? The kernel names such folders alike.
 */
export function isSharedPart(part: string, others: readonly string[]): boolean {
  const subsystem = /(?:^|\/)([^/]+)\/(?:[^/]*[-_])?(?:core|base|common|lib)$/.exec(part)?.[1];
  return subsystem !== undefined && others.some((o) => o.split('/').includes(subsystem));
}

/** Code for processors without an MMU: it stands in for what everybody else means. */
export const isNoMmu = (file: string): boolean => /(^|[/_-])nommu\b/.test(file);

/** Code for one processor alone, `srcutiny.h`, `spinlock_up.h`: it stands in for what everybody else means. */
export const isUniprocessor = (file: string): boolean => /(?:tiny|_up)\.[ch]$/.test(file);

/** Assembly in which `#` opens an immediate value, or nothing: comments are opened by these bytes instead. */
const COMMENTS_BY_ARCHITECTURE: Readonly<Record<string, string>> = {
  arm: '@',
  arm64: ' ',
  arc: ';',
  ia64: ' ',
  m68k: '|',
  parisc: ';',
  sh: '!',
  sparc: '!',
};

/** The bytes that open a comment up to the line's end in an assembly file; '' for a file of C. */
export function assemblyComments(path: string): string {
  if (!path.endsWith('.S')) return '';
  const architecture = /^arch\/(\w+)\//.exec(path)?.[1] ?? '';
  return COMMENTS_BY_ARCHITECTURE[architecture] ?? '#';
}

/**
 * Does a file list system calls for a build to make headers of: arch/x86/entry/syscalls/syscall_64.tbl, scripts/syscall.tbl?
 * tools/ has copies, of which nothing of the kernel is made.
 */
export const isSyscallTable = (path: string): boolean => /^(?:arch\/.*|scripts)\/syscall\w*\.tbl$/.test(path);

/** Is it read before what uses it: a header, or what a build makes headers of? */
export const isHeader = (path: string): boolean => path.endsWith('.h') || isSyscallTable(path);

/** Architectures whose every kernel has words of 32 bits. */
const NARROW: ReadonlySet<string> = new Set(
  'arc arm c6x cris csky h8300 hexagon m32r m68k metag microblaze nds32 nios2 openrisc score unicore32 xtensa'.split(
    ' ',
  ),
);

/** Is a file of an architecture that has words of 32 bits only? Of one that may have either, most have those of 64. */
export const isNarrow = (path: string): boolean => NARROW.has(/^arch\/(\w+)\//.exec(path)?.[1] ?? '');
