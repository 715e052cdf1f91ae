/** Paths as traces, patches and mails print them -> files of this tree. */
import type { IndexReader } from '../../index/read/reader.ts';
import { statTreeFile } from '../../index/treeFiles.ts';

/** Does a path of the tree end as a printed one does? `../fs/ext4/inode.c`, `/build/linux-6.1/fs/ext4/inode.c` */
export function isPrintedAs(file: string, printed: string): boolean {
  const clean = printed.replace(/^(?:\.\.?\/)+/, '');
  const path = plainPath(file);
  return clean === path || clean.endsWith(`/${path}`) || (!clean.includes('/') && path.endsWith(`/${clean}`));
}

/** Is a file of the tree in the index, or, while that is being built, on disk? */
const has = (index: IndexReader, path: string): boolean =>
  index.fileId(path) !== undefined || (!index.isWhole() && statTreeFile(index.root, path) !== null);

/** A module's files are compiled by their full paths: `[myfs]/file.c` is printed `/home/me/myfs/file.c`. */
const plainPath = (file: string): string => file.replace(/^\[([^\]~]*)(?:~\d+)?\]/, '$1');

/** The file of the tree that a printed path means: the longest end of it that the tree has. */
export function fileOfTree(index: IndexReader, printed: string): string | null {
  const parts = printed.split('/').filter((p) => p !== '..' && p !== '.' && p !== '');
  for (let i = 0; i < parts.length; i++) {
    const [first, ...rest] = parts.slice(i);
    for (const path of [[first, ...rest].join('/'), [`[${first}]`, ...rest].join('/')])
      if (has(index, path)) return path;
  }
  return null;
}

/** The one file that a name alone can mean (`inode.c`); of a path with folders, its longest end that the tree has. */
export function fileNamed(index: IndexReader, printed: string): string | null {
  const clean = printed.replace(/^(?:\.{0,2}\/)+/, '');
  const path = fileOfTree(index, clean);
  if (path !== null || clean.includes('/')) return path;
  const named = [...index.files()].filter((f) => isPrintedAs(f.path, printed)).map((f) => f.path);
  return named.length === 1 ? named[0] : null;
}
