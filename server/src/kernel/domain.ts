/** Which program and architecture a file belongs to: same names in different domains are different things. */

/**
 * `kernel/x86`, `kernel/*` (every architecture); `tools`, `samples`, `scripts`, `Documentation`, `usr`; and what is built
 * from the kernel's sources and is not the kernel: `program/x86/boot/compressed`
 */
type Domain = string;

const PROGRAMS = new Set(['tools', 'samples', 'scripts', 'Documentation', 'usr']);
/** folders of an architecture outside arch/: `drivers/…` never tells, these names do */
const ARCH_INCLUDE = /^include\/asm-(\w+)\//;
/** The EFI stub: linked into the decompressor, or into the image under names of its own. */
const EFI_STUB = 'drivers/firmware/efi/libstub/';
/** In a folder for the vdso, what belongs to the kernel: it maps the image, mends faults in it, or takes it in whole. */
const MAPS_VDSO = /^(?:vma\.c|extable\.[ch]|vdso\.S|.*[-_]setup\.c|.*[-_]wrapper\.S)$/;

/** Domain of a file by its path, relative to the tree. `include/asm-i386` (before 2.6.25) belongs to that architecture. */
export function domainOf(path: string): Domain {
  const slash = path.indexOf('/');
  const top = slash < 0 ? '' : path.slice(0, slash);
  if (top === 'arch') return archDomain(path, slash + 1);
  if (PROGRAMS.has(top)) return top;
  if (top === 'include') {
    const m = ARCH_INCLUDE.exec(path);
    if (m && m[1] !== 'generic') return `kernel/${m[1]}`;
  }
  if (top === 'drivers' && path.startsWith(EFI_STUB)) return 'program/*/efi/libstub';
  return 'kernel/*';
}

function archDomain(path: string, start: number): Domain {
  const end = path.indexOf('/', start);
  if (end < 0) return 'kernel/*';
  const arch = path.slice(start, end);
  // user mode Linux runs on x86 by what lies there
  if (arch === 'x86' && path.startsWith('um/', end + 1)) return 'kernel/um';
  const program = programIn(path.slice(end + 1));
  return program === null ? `kernel/${arch}` : `program/${arch}/${program}`;
}

/**
 * The program of its own that a file of an architecture (`boot/compressed/misc.c`) belongs to; null for the kernel. Every
 * architecture goes by the same folders: boot/ holds what starts the kernel or unpacks it, a folder of boot/ another
 * such program; purgatory/ runs between two kernels; realmode/rm/ below the kernel; vdso/, vdso32/ and their like in user space; tools/ when
 * the kernel is built.
 */
function programIn(path: string): string | null {
  const [top, second = '', third] = path.split('/', 3);
  switch (top) {
    case 'include':
      return null;
    case 'boot':
      return third === undefined || second === 'dts' ? 'boot' : `boot/${second}`;
    case 'purgatory':
    case 'tools':
      return top;
    case 'realmode':
      return second === 'rm' && third !== undefined ? 'realmode/rm' : null;
  }
  const vdso = /^(?:[^/]+\/)?(?:compat_)?vdso\d*\/(?:.*\/)?([^/]+)$/.exec(path);
  return vdso && !MAPS_VDSO.test(vdso[1]) ? 'vdso' : null;
}

/** The architecture of a domain, or null where it has none of its own. */
export function architectureOf(domain: Domain): string | null {
  if (domain === 'kernel/*' || domain.startsWith('program/*')) return null;
  if (domain.startsWith('kernel/')) return domain.slice(7);
  return domain.startsWith('program/') ? domain.slice(8, domain.indexOf('/', 8)) : null;
}

/**
 * May code of domain `from` see a thing of domain `to`? `architecture` is the one chosen by the user: it decides for
 * code that belongs to every architecture. arch/um and arch/xtensa are architectures like any other. A program sees the
 * kernel of its architecture, whose headers it includes; the kernel sees none of the programs.
 */
export function sameDomain(from: Domain, to: Domain, architecture: string): boolean {
  if (from === to) return true;
  if (!to.startsWith('kernel/') || !(from.startsWith('kernel/') || from.startsWith('program/'))) return false;
  if (to === 'kernel/*') return true;
  return to === `kernel/${architectureOf(from) ?? architecture}`;
}

/** Folder of a path, without the last slash; '' for the top. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
