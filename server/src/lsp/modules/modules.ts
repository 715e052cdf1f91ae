/** The out-of-tree modules beside one tree: their indexes, laid over the tree's. What builds them is in tree.ts. */
import { type Module, modulesOf } from '../../index/modules/mounts.ts';
import { type IndexReader, openReader } from '../../index/read/reader.ts';
import { withModules } from '../../index/read/withModules.ts';
import { IndexDamage } from '../../index/store/checked.ts';

/** A module, and how far its index is. */
export interface ModuleIndex {
  module: Module;
  /** null where there is none yet */
  reader: IndexReader | null;
  /** it holds the module as it is on disk, as far as anybody knows */
  isReady: boolean;
  /** why it could not be built */
  problem: string | null;
}

/** The modules of a tree. */
export interface Modules {
  list: ModuleIndex[];
  /** the tree's index with theirs over it; made anew when one of them changes */
  over: { tree: IndexReader; index: IndexReader } | null;
}

/** The modules that were mounted beside a tree; nothing is read yet. */
export const newModules = (root: string): Modules => ({
  list: modulesOf(root).map((module) => ({ module, reader: null, isReady: false, problem: null })),
  over: null,
});

/** What answers for a tree and its modules, given what answers for the tree. */
export function overModules(modules: Modules, tree: IndexReader | null): IndexReader | null {
  if (!tree || modules.list.length === 0) return tree;
  if (modules.over?.tree !== tree) {
    const readers = modules.list.flatMap((m) => m.reader ?? []);
    modules.over = { tree, index: withModules(tree, readers) };
  }
  return modules.over.index;
}

/** Looks at the indexes as they are now, `of` one architecture. One that is damaged counts as none: it is built anew. */
export function lookAtModules(modules: Modules, storage: string, root: string, architecture: string): void {
  modules.over = null;
  for (const m of modules.list)
    try {
      if (m.reader) m.reader.refresh();
      else m.reader = openReader(storage, root, architecture, m.module);
    } catch (error) {
      if (!(error instanceof IndexDamage)) throw error;
      m.reader = null;
    }
}

/** Closes the indexes. */
export async function closeModules(modules: Modules): Promise<void> {
  const readers = modules.list.flatMap((m) => m.reader ?? []);
  modules.over = null;
  for (const m of modules.list) {
    m.reader = null;
    m.isReady = false;
  }
  await Promise.all(readers.map((reader) => reader.close()));
}

/** Is a module still without an index that is on its way? */
export const isBuilding = ({ list }: Modules): boolean => list.some((m) => !isIn(m) && m.problem === null);

/** An index is there before it holds anything. */
const isIn = ({ reader }: ModuleIndex): boolean => reader?.isWhole() === true;

/** What the status says of modules that could not be indexed; '' for none. */
export const faultOf = ({ list }: Modules): string =>
  list.flatMap((m) => (m.problem === null ? [] : `Module ${m.module.name}: ${m.problem}`)).join(' ');

/** What to say beside an answer while a module isn't indexed, else null. */
export function modulesNote({ list }: Modules): string | null {
  const waiting = list.find((m) => !isIn(m));
  if (!waiting) return null;
  const { module, problem } = waiting;
  return problem !== null
    ? `The module ${module.name} is not indexed (${problem}). This answer may be partial.`
    : `The module ${module.name} is being indexed. This answer may be partial.`;
}

/** Changed paths by what they are of: the tree, or one of its modules. */
export function byModule(modules: Modules, paths: Iterable<string>): { module: ModuleIndex | null; paths: string[] }[] {
  const out: { module: ModuleIndex | null; paths: string[] }[] = [];
  for (const path of paths) {
    const module = modules.list.find((m) => path.startsWith(`${m.module.name}/`)) ?? null;
    const known = out.find((o) => o.module === module);
    if (known) known.paths.push(path);
    else out.push({ module, paths: [path] });
  }
  return out;
}
