/** The C files beside a header, for one that takes parameters of them. */
import { folderOf } from '../kernel/domain.ts';
import type { Sibling } from '../syntax/macros/parameters.ts';
import { namesInFolder, readTreeFile } from './treeFiles.ts';

/** C files of the folder that `path` (relative to `root`) is in, in order of their names. What can't be read is left out. */
export function* siblingsOf(root: string, path: string): Iterable<Sibling> {
  const folder = folderOf(path);
  for (const name of namesInFolder(root, folder).sort()) {
    if (!name.endsWith('.c')) continue;
    const beside = folder ? `${folder}/${name}` : name;
    const file = readTreeFile(root, beside);
    if (file) yield { path: beside, bytes: file.bytes };
  }
}
