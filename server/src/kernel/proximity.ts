/** How near two files are, and which answers belong to the domain in view. */
import { domainOf, folderOf, sameDomain } from './domain.ts';
import { commonness } from './layout.ts';

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

/** Things grouped by folder. */
export interface FolderGroup<T> {
  /** without a slash at its end; of a subsystem with one, as it holds what is in the folders below */
  folder: string;
  items: T[];
}

/** More groups than this are put together by subsystem. */
const MANY_FOLDERS = 20;

/**
 * Items grouped by the folder of their file, or by its subsystem where there are many folders. First what is near to the
 * file `from`, then what every kernel has before drivers, then the largest group.
 */
export function byFolder<T>(items: readonly T[], fileOf: (item: T) => string, from = ''): FolderGroup<T>[] {
  const folders = groupBy(items, (item) => folderOf(fileOf(item)));
  const groups = folders.size <= MANY_FOLDERS ? folders : groupBy(items, (item) => `${subsystemOf(fileOf(item))}/`);
  const near = nearnessTo(from);
  return [...groups]
    .map(([folder, list]) => {
      const files = list.map(fileOf);
      return {
        group: { folder, items: list },
        near: Math.max(...files.map(near)),
        common: Math.min(...files.map(commonness)),
      };
    })
    .sort(
      (a, b) =>
        b.near - a.near ||
        a.common - b.common ||
        b.group.items.length - a.group.items.length ||
        (a.group.folder < b.group.folder ? -1 : 1),
    )
    .map(({ group }) => group);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** Does a group's folder hold a file? */
export const isInFolder = (file: string, folder: string): boolean =>
  folder.endsWith('/') ? `${subsystemOf(file)}/` === folder : folderOf(file) === folder;
