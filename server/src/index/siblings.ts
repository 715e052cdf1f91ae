/** The C files beside a header, for one that takes parameters of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf } from '../syntax/domain.ts';
import type { Sibling } from '../syntax/parameters.ts';

/** C files of the folder that `path` (relative to `root`) is in, in order of their names. What can't be read is left out. */
export function* siblingsOf(root: string, path: string): Iterable<Sibling> {
  const folder = folderOf(path);
  for (const name of namesIn(join(root, folder)).sort()) {
    if (!name.endsWith('.c')) continue;
    try {
      yield { path: folder ? `${folder}/${name}` : name, bytes: readFileSync(join(root, folder, name)) };
    } catch {
      // gone, or not ours to read
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
