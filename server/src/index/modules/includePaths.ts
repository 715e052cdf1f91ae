/** Where code of an out-of-tree module looks for headers beside the kernel's own folders: what its Makefiles say. */
import { isAbsolute, join } from 'node:path';
import { folderOf } from '../../kernel/domain.ts';
import { readTreeText } from '../treeFiles.ts';
import { filesOfFolder } from './find.ts';
import { type Module, modulesOf, pathOfPlace } from './mounts.ts';

/**
 * Folders to search, as paths of the tree or of a module (`[myfs]/include`, `fs/xfs`): in front of the kernel's own
 * from NOSTDINC_FLAGS and LINUXINCLUDE, behind them from ccflags-y and its like.
 */
interface SearchPaths {
  first: string[];
  last: string[];
}

/** By the folder of a Makefile: what it says holds there and below. */
type ModulePaths = Map<string, SearchPaths>;

/** Reads the Makefiles and Kbuild files of all modules beside a tree. A folder that is in none of them is left out. */
export function modulePaths(root: string): ModulePaths {
  const out: ModulePaths = new Map();
  for (const module of modulesOf(root))
    for (const folder of foldersOf(module)) {
      const paths: SearchPaths = { first: [], last: [] };
      for (const name of ['Kbuild', 'Makefile']) {
        const text = readTreeText(root, `${folder}/${name}`, 'latin1');
        if (text !== null) addPaths(paths, root, module, folder, text);
      }
      if (paths.first.length || paths.last.length) out.set(folder, paths);
    }
  return out;
}

/** What holds for a file: what the Makefiles of its folder and of those above say, the nearest first. */
export const searchPathsIn =
  (paths: ModulePaths) =>
  (file: string): SearchPaths => {
    const out: SearchPaths = { first: [], last: [] };
    if (paths.size === 0 || !file.startsWith('[')) return out;
    for (let folder = folderOf(file); folder; folder = folderOf(folder)) {
      const here = paths.get(folder);
      if (!here) continue;
      out.first.push(...here.first);
      out.last.push(...here.last);
    }
    return out;
  };

/** Folders with sources, and those above them. */
function foldersOf(module: Module): Set<string> {
  const out = new Set([module.name]);
  for (const path of filesOfFolder(module.root))
    for (let folder = folderOf(path); folder; folder = folderOf(folder)) out.add(`${module.name}/${folder}`);
  return out;
}

/** `ccflags-y += …`, also with the `target-specific:` of one object in front; `export`, `override` say nothing here. */
const ASSIGNMENT = /^\s*(?:export\s+|override\s+)*(?:[^\s:=#]+\s*:\s+)?([\w.-]+(?:\$[({]\w+[)}])?)\s*[:+?]*=\s*(.*)$/;
const FLAGS =
  /^(?:(?:subdir-)?(?:cc|cpp|as)flags-\S+|EXTRA_(?:C|CPP|A)FLAGS|(?:CFLAGS|CFLAGS_MODULE|KCFLAGS|KCPPFLAGS|KBUILD_C\w*FLAGS)|CFLAGS_.*)$/;
const FIRST = /^(?:NOSTDINC_FLAGS|LINUXINCLUDE|USERINCLUDE)$/;

function addPaths(paths: SearchPaths, root: string, module: Module, folder: string, text: string): void {
  const inside = folder.slice(module.name.length + 1);
  const here = inside ? join(module.root, inside) : module.root;
  const variables = new Map<string, string>();
  for (const line of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    const m = ASSIGNMENT.exec(line.replace(/(^|\s)#.*$/, '$1'));
    if (!m) continue;
    const [, name, value] = m;
    const isFirst = FIRST.test(name);
    if (isFirst || FLAGS.test(name)) {
      const list = isFirst ? paths.first : paths.last;
      for (const written of directories(expand(value, variables, { root, module: module.root, here }))) {
        // a plain name is looked up where make runs: beside the Makefile, or in the tree
        const path = pathOfFolder(root, isAbsolute(written) ? written : join(here, written)) ?? plainPath(written);
        if (path !== null && !list.includes(path)) list.push(path);
      }
    }
    variables.set(name, value);
  }
}

/** `-Idir`, `-I dir`, `-isystem dir`, `-iquote dir`, quoted or not. */
function directories(flags: string): string[] {
  const found = flags.matchAll(/(?:^|\s)-(?:I|isystem|iquote|idirafter)\s*(?:"([^"]*)"|'([^']*)'|(\S+))/g);
  return [...found].map((m) => m[1] ?? m[2] ?? m[3]).filter(Boolean);
}

const plainPath = (written: string): string | null => (isAbsolute(written) ? null : written.replace(/^\.\//, ''));

/** A folder's path in answers: `[myfs]/include`; the module itself is `[myfs]`. */
function pathOfFolder(root: string, folder: string): string | null {
  const path = pathOfPlace(root, join(folder, 'x'));
  return path === null ? null : folderOf(path);
}

interface Folders {
  root: string;
  module: string;
  here: string;
}

const MOST_NESTED = 8;

/** A value with what kbuild and the Makefile itself call folders put in; what is unknown is left empty. */
function expand(value: string, variables: ReadonlyMap<string, string>, folders: Folders, depth = 0): string {
  if (depth > MOST_NESTED) return '';
  const { root, module, here } = folders;
  return (
    value
      // $(srctree)/$(src) is what in-tree Makefiles say; beside the tree, $(src) is a full path
      .replace(/\$[({]srctree[)}]\/(?=\$[({](?:src|obj)[)}])/g, '')
      .replace(
        /\$\((?:shell\s+pwd|dir\s+\$\(lastword\s+\$\(MAKEFILE_LIST\)\)|dir\s+\$\(abspath[^)]*\)+)\)/g,
        `${here}/`,
      )
      .replace(/\$\((?:realpath|abspath)\s+((?:[^()]|\([^()]*\))*)\)/g, '$1')
      .replace(/\$[({]([\w-]+)[)}]/g, (_all, name: string) => {
        if (['src', 'obj', 'PWD', 'CURDIR'].includes(name)) return here;
        if (['M', 'KBUILD_EXTMOD', 'SUBDIRS'].includes(name)) return module;
        if (['srctree', 'objtree', 'KERNELDIR', 'KDIR', 'KERNEL_SRC', 'KSRC', 'KERNEL_DIR'].includes(name)) return root;
        const known = variables.get(name);
        return known === undefined ? '' : expand(known, variables, folders, depth + 1);
      })
  );
}
