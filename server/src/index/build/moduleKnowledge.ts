/** What an out-of-tree module's index rests on: the tree's index, and of its macros those that the module's files reach. */
import { candidatesOf, newMacroKnowledge } from '../../syntax/macros/knowledge.ts';
import { scanMacros } from '../../syntax/macros/scan.ts';
import { filesOfFolder } from '../modules/find.ts';
import { modulePaths, searchPathsIn } from '../modules/includePaths.ts';
import { decodeMacros } from '../store/codec.ts';
import { closeStore, openForReading, type Store, storeFolder, storeIdentity } from '../store/store.ts';
import { TreeError } from '../tree.ts';
import { readTreeFile } from '../treeFiles.ts';
import type { IndexOf } from './buildOptions.ts';

/** What every file of the kernel is compiled with, whatever it includes. */
const ALWAYS = ['<linux/kconfig.h>', '<linux/compiler_types.h>'];

/**
 * The state of what lies below a module's index. Where it is another than before, the module's files are to be linked
 * anew. Throws a TreeError where the tree has no index.
 */
export async function stateBelow(of: IndexOf): Promise<string> {
  const tree = treeStore(of);
  const { nextFile, complete } = tree.meta.get('meta') ?? { nextFile: 0, complete: 0 };
  const identity = storeIdentity(storeFolder(of.storage, of.root, of.architecture));
  await closeStore(tree);
  return JSON.stringify([identity, nextFile, complete > 0, [...modulePaths(of.root)]]);
}

/** #defines (encoded) of the tree's headers that the module's files include, and of those that these include. */
export async function macrosBelow(of: IndexOf): Promise<Buffer[]> {
  const tree = treeStore(of);
  try {
    return reached(tree, of);
  } finally {
    await closeStore(tree);
  }
}

function reached(tree: Store, { root, architecture, module }: IndexOf): Buffer[] {
  const knowledge = { ...newMacroKnowledge(architecture), searchPaths: searchPathsIn(modulePaths(root)) };
  const queue: [string, readonly string[]][] = [['', ALWAYS]];
  const own = new Set(module ? filesOfFolder(module.root).map((path) => `${module.name}/${path}`) : []);
  for (const file of own) {
    const bytes = file.endsWith('.S') ? undefined : readTreeFile(root, file)?.bytes;
    if (bytes) queue.push([file, scanMacros(file, bytes).includes]);
  }
  const seen = new Set<string>();
  const out: Buffer[] = [];
  for (const [from, includes] of queue)
    for (const include of includes)
      for (const path of candidatesOf(knowledge, from, include)) {
        if (own.has(path) || seen.has(path)) break;
        const bytes = tree.macros.get(path);
        if (!bytes) continue;
        seen.add(path);
        // a copy: what the store gave lies in its own memory
        out.push(Buffer.from(bytes));
        queue.push([path, decodeMacros(bytes).includes]);
        break;
      }
  return out;
}

function treeStore({ storage, root, architecture }: IndexOf): Store {
  const store = openForReading(storage, root, architecture);
  if (!store) throw new TreeError(`there is no index of ${root} yet, which a module beside it needs.`);
  return store;
}
