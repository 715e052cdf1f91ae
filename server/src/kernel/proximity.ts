/** How near two files are, and which answers belong to the domain in view. */
import { domainOf, folderOf, sameDomain } from './domain.ts';

/** `fs/ext4` of `fs/ext4/file.c`, `drivers/net` of anything below it: what people call a subsystem. */
export function subsystemOf(path: string): string {
  const parts = path.split('/');
  parts.pop();
  return parts.slice(0, 2).join('/');
}

/** How near files are to `from`. 4: the same file, 3: its folder, 2: its subsystem, 1: the same top folder, 0: elsewhere. */
export function nearnessTo(from: string): (file: string) => number {
  const folder = `${folderOf(from)}/`;
  const subsystem = subsystemOf(from);
  const top = `${from.split('/', 1)[0]}/`;
  // asked for thousands of files: most are told apart by their first letters
  return (file) => {
    if (file === from) return 4;
    if (folder === '/' ? !file.includes('/') : file.startsWith(folder) && file.lastIndexOf('/') === folder.length - 1)
      return 3;
    if (!file.startsWith(top)) return subsystem === '' && !file.includes('/') ? 2 : 0;
    return subsystemOf(file) === subsystem ? 2 : 1;
  };
}

/** The same for one file. */
export const nearness = (file: string, from: string): number => nearnessTo(from)(file);

/** What a reader of one file is not shown, by why. */
export interface LeftOut {
  /** in other architectures */
  architectures: number;
  /** in other programs: tools, samples, … */
  programs: number;
}

/**
 * Splits items into those that code of `from` can see and a count of the rest. `from` may be '' where no file is in
 * view: then kernel code of the chosen architecture is.
 */
export function inDomain<T>(
  items: readonly T[],
  fileOf: (item: T) => string,
  from: string,
  architecture: string,
): { seen: T[]; leftOut: LeftOut } {
  const domain = domainOf(from);
  const seen: T[] = [];
  const leftOut: LeftOut = { architectures: 0, programs: 0 };
  for (const item of items) {
    const other = domainOf(fileOf(item));
    if (sameDomain(domain, other, architecture)) seen.push(item);
    else if (other.startsWith('kernel/') && domain.startsWith('kernel/')) leftOut.architectures++;
    else leftOut.programs++;
  }
  return { seen, leftOut };
}

/** Items grouped by the folder of their file, largest group first. */
export function byFolder<T>(items: readonly T[], fileOf: (item: T) => string): { folder: string; items: T[] }[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const folder = folderOf(fileOf(item));
    const group = groups.get(folder);
    if (group) group.push(item);
    else groups.set(folder, [item]);
  }
  return [...groups]
    .map(([folder, list]) => ({ folder, items: list }))
    .sort((a, b) => b.items.length - a.items.length || (a.folder < b.folder ? -1 : 1));
}
