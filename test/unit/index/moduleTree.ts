/** A tree with out-of-tree modules beside it, each indexed over the tree's index. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuildOptions } from '../../../server/src/index/build/buildOptions.ts';
import { modulesIn } from '../../../server/src/index/modules/find.ts';
import { type Module, modulesOf, mountModules } from '../../../server/src/index/modules/mounts.ts';
import { type IndexReader, openReader } from '../../../server/src/index/read/reader.ts';
import { withModules } from '../../../server/src/index/read/withModules.ts';
import { newTree, type Tree } from './tree.ts';

export interface ModuleTree extends Tree {
  /** writes files of a module in a folder of that name beside the tree (null removes one), and mounts it */
  module(name: string, files: Record<string, string | null>): Module;
  /** indexes the tree and all modules, and opens them as one */
  open(options?: Partial<BuildOptions>): Promise<IndexReader>;
}

export function newModuleTree(files: Record<string, string> = {}): ModuleTree {
  const tree = newTree(files);
  const folderOf = (name: string) => join(dirname(tree.root), name);
  const opened: IndexReader[] = [];
  return {
    ...tree,
    module(name, written) {
      const folder = folderOf(name);
      for (const [path, text] of Object.entries(written)) {
        const full = join(folder, path);
        mkdirSync(dirname(full), { recursive: true });
        if (text === null) rmSync(full);
        else writeFileSync(full, text, 'latin1');
      }
      const folders = [...modulesOf(tree.root).map((m) => m.folder), folder];
      mountModules(tree.root, modulesIn(tree.root, folders));
      return modulesOf(tree.root).find((m) => m.folder === folder) as Module;
    },
    async open(options = {}) {
      // who writes an index in this process has it open alone
      await Promise.all(opened.splice(0).map((reader) => reader.close()));
      await tree.index(options);
      for (const module of modulesOf(tree.root)) await tree.index({ ...options, module });
      const read = (module?: Module) => {
        const reader = openReader(tree.storage, tree.root, 'x86', module);
        if (!reader) throw new Error('there is no index');
        opened.push(reader);
        return reader;
      };
      return withModules(read(), modulesOf(tree.root).map(read));
    },
    remove() {
      for (const reader of opened) void reader.close();
      mountModules(tree.root, []);
      tree.remove();
    },
  };
}
