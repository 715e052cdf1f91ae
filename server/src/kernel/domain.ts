/** Which program and architecture a file belongs to: same names in different domains are different things. */

/** `kernel/x86`, `kernel/*` (every architecture), `tools`, `samples`, `scripts`, `Documentation`, `usr` */
type Domain = string;

const PROGRAMS = new Set(['tools', 'samples', 'scripts', 'Documentation', 'usr']);
/** folders of an architecture outside arch/: `drivers/…` never tells, these names do */
const ARCH_INCLUDE = /^include\/asm-(\w+)\//;

/** Domain of a file by its path, relative to the tree. `include/asm-i386` (before 2.6.25) belongs to that architecture. */
export function domainOf(path: string): Domain {
  const slash = path.indexOf('/');
  const top = slash < 0 ? '' : path.slice(0, slash);
  if (top === 'arch') {
    const end = path.indexOf('/', slash + 1);
    return end < 0 ? 'kernel/*' : `kernel/${path.slice(slash + 1, end)}`;
  }
  if (PROGRAMS.has(top)) return top;
  if (top === 'include') {
    const m = ARCH_INCLUDE.exec(path);
    if (m && m[1] !== 'generic') return `kernel/${m[1]}`;
  }
  return 'kernel/*';
}

/** The architecture of a domain, or null where it has none of its own. */
export function architectureOf(domain: Domain): string | null {
  return domain.startsWith('kernel/') && domain !== 'kernel/*' ? domain.slice(7) : null;
}

/**
 * May code of domain `from` see a thing of domain `to`? `architecture` is the one chosen by the user: it decides for
 * code that belongs to every architecture. arch/um and arch/xtensa are architectures like any other; arch/x86/um
 * counts as x86.
 */
export function sameDomain(from: Domain, to: Domain, architecture: string): boolean {
  if (from === to) return true;
  if (!from.startsWith('kernel/') || !to.startsWith('kernel/')) return false;
  if (to === 'kernel/*') return true;
  return from === 'kernel/*' && to === `kernel/${architecture}`;
}

/** Folder of a path, without the last slash; '' for the top. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
