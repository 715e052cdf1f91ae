/** Which of several things of one name a file means, when its types are asked for. */

import { architectureOf, domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { isGlobalHeader, isUnseen } from '../../kernel/layout.ts';
import type { TypeSource } from './source.ts';

/**
 * Which of several definitions of one name a file means: its own, one that it #includes, one of its folder, one of its
 * domain; of equals the one whose path has more in common.
 */
export function nearest<T>(
  source: Pick<TypeSource, 'architecture' | 'includes'>,
  list: readonly T[],
  fileOf: (item: T) => string,
  from: string,
): T | null {
  if (list.length === 1 && fileOf(list[0]) === from) return list[0];
  let best: T | null = null;
  let bestScore = -1;
  const domain = domainOf(from);
  const arch = architectureOf(domain) ?? source.architecture;
  const includes = list.length > 1 ? source.includes(from) : [];
  for (const item of list) {
    const file = fileOf(item);
    let score = file === from ? 10 : nearScore(file, from, domain, arch);
    if (score > 0 && score < 9 && includes.some((name) => file.endsWith(name) && isTail(file, name))) score = 9;
    if (list.length > 1) score += sharedFolders(file, from) / 100;
    if (score > bestScore) {
      best = item;
      bestScore = score;
    }
  }
  return best;
}

/** `<linux/fs.h>`, `"../own.h"` -> `linux/fs.h`, `own.h` */
export const includedNames = (includes: readonly string[]): string[] =>
  includes.map((name) => name.replace(/^["<](?:\.{1,2}\/)*|[">].*$/g, '')).filter(Boolean);

/** Is the name all of the path, or what stands behind one of its slashes? */
const isTail = (path: string, name: string): boolean =>
  path.length === name.length || path[path.length - name.length - 1] === '/';

/** How many folders two paths begin with. */
function sharedFolders(a: string, b: string): number {
  let folders = 0;
  for (let i = 0; i < a.length && a[i] === b[i]; i++) if (a[i] === '/') folders++;
  return folders;
}

function nearScore(file: string, from: string, domain: string, architecture: string): number {
  const other = domainOf(file);
  if (!sameDomain(domain, other, architecture) || isUnseen(file, from)) return 0;
  const folder = folderOf(from);
  if (folderOf(file) === folder) return 8;
  if (file.endsWith('.h')) {
    if (folder.startsWith(folderOf(file)) && folderOf(file) !== '') return 7;
    if (file.startsWith('include/linux/')) return 6;
    return isGlobalHeader(file) ? 5 : 3;
  }
  return 2;
}
