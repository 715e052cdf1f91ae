/** What the opened folders are: kernel trees, parts of one, or modules beside one. */
import { dirname, isAbsolute, resolve } from 'node:path';
import { isTree, looksLikeModule } from '../../index/modules/find.ts';
import { pathWithin } from '../../index/modules/mounts.ts';

/** The trees to read, and the folders that may be modules beside the first of them. */
export interface Layout {
  trees: string[];
  modules: string[];
}

/**
 * The tree of the setting kerntrail.tree, else those around or in the folders. With the setting, every folder outside of
 * it is a module's; without it, one that kbuild has something to do in. A folder that is neither is told as a tree, where
 * there is no other: what is missing of one is what its user wants to know.
 */
export function layoutOf(folders: readonly string[], setting: string, log: (message: string) => void): Layout {
  const around = folders.map((folder) => ({ folder, tree: treeAround(folder) }));
  if (setting) {
    const tree = isAbsolute(setting) ? setting : resolve(folders[0] ?? '.', setting);
    const modules = around.filter((a) => a.tree === null && a.folder !== tree && pathWithin(tree, a.folder) === null);
    return { trees: [tree], modules: modules.map((a) => a.folder) };
  }
  const trees = [...new Set(around.flatMap((a) => a.tree ?? []))];
  if (trees.length === 0) return { trees: [...folders], modules: [] };
  const modules: string[] = [];
  for (const { folder, tree } of around) {
    if (tree !== null) continue;
    if (looksLikeModule(folder)) modules.push(folder);
    else log(`${folder} is neither a kernel tree nor a module (no Makefile or Kbuild in it names objects, obj-m).`);
  }
  return { trees, modules };
}

/** The kernel tree that a folder is, or lies in. */
function treeAround(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (isTree(at)) return at;
    if (dirname(at) === at) return null;
  }
}
