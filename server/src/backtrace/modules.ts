/** Which source files make a module, as the tree's Makefiles and Kbuild files say. */
import { modulesOf } from '../index/modules/mounts.ts';
import type { IndexReader } from '../index/read/reader.ts';
import { readTreeText } from '../index/treeFiles.ts';
import { folderOf } from '../kernel/domain.ts';
import { keptByTree } from '../resolve/kept.ts';

/** A module name as the kernel prints it: `-` is written `_`. */
const plain = (name: string): string => name.replaceAll('-', '_');

/** Where modules and their parts are listed, by plain name. */
interface Objects {
  /** folders whose Makefile has `obj-… += name.o` */
  folders: Map<string, string[]>;
  /** parts of `name-y`, `name-objs`, as `folder/name` -> objects without `.o`, relative to the folder */
  parts: Map<string, string[]>;
}

const MAKEFILES = ['Makefile', 'Kbuild'];

const objectsOf = keptByTree(readObjects);

/**
 * Files that may be linked into a module, conditional parts included; null where no Makefile makes such a module, and no
 * folder beside the tree is called so. The Makefiles are read when this is first asked.
 */
export function filesOfModule(index: IndexReader, module: string): ReadonlySet<string> | null {
  const objects = objectsOf(index);
  const known = objects.folders.get(plain(module));
  if (!known) return filesBeside(index, module);
  // who names a module beside the tree means that one, and not the tree's of the same name
  const beside = known.filter(isBeside);
  const folders = beside.length > 0 ? beside : known;
  const files = new Set<string>();
  for (const folder of folders) addFiles(index, objects, folder, plain(module), files, 0);
  return files;
}

/** Does a Makefile of a file's folder, or of one above it, make such a module? For an index that lacks folders as yet. */
export function isMadeNear(index: IndexReader, module: string, file: string): boolean {
  for (let folder = folderOf(file); folder; folder = folderOf(folder)) {
    const objects: Objects = { folders: new Map(), parts: new Map() };
    for (const name of MAKEFILES) {
      const text = readTreeText(index.root, `${folder}/${name}`, 'latin1');
      if (text !== null) readMakefile(text, folder, objects);
    }
    if (objects.folders.has(plain(module))) return true;
  }
  return false;
}

/** Where no Makefile makes it: the files of a folder beside the tree that is called as the module is; else null. */
function filesBeside(index: IndexReader, module: string): ReadonlySet<string> | null {
  const called = modulesOf(index.root).find(({ name }) => plain(name) === `[${plain(module)}]`);
  if (!called) return null;
  const inside = [...index.files()].map((f) => f.path).filter((path) => path.startsWith(`${called.name}/`));
  return new Set(inside);
}

function addFiles(
  index: IndexReader,
  objects: Objects,
  folder: string,
  name: string,
  files: Set<string>,
  depth: number,
): void {
  const parts = objects.parts.get(`${folder}/${name}`);
  for (const part of parts ?? [name]) {
    if (depth < 4 && plain(part) !== name && objects.parts.has(`${folder}/${plain(part)}`))
      addFiles(index, objects, folder, plain(part), files, depth + 1);
    for (const written of [part, part.replaceAll('_', '-')])
      for (const extension of ['.c', '.S', '.rs']) {
        const path = `${folder}/${written}${extension}`;
        if (index.fileId(path) !== undefined) files.add(path);
      }
  }
}

function readObjects(index: IndexReader): Objects {
  const objects: Objects = { folders: new Map(), parts: new Map() };
  const folders = new Set<string>();
  for (const { path } of index.files()) if (/\.[cS]$/.test(path)) folders.add(folderOf(path));
  // a Makefile may name objects of folders below it
  for (const folder of [...folders])
    for (let up = folderOf(folder); up && !folders.has(up); up = folderOf(up)) folders.add(up);
  for (const folder of folders)
    for (const name of MAKEFILES) {
      const text = readTreeText(index.root, `${folder}/${name}`, 'latin1');
      if (text !== null) readMakefile(text, folder, objects);
    }
  return objects;
}

const isBeside = (folder: string): boolean => folder.startsWith('[');

const OBJECTS = /^\s*(?:obj|([\w-]+?))-(?:y|m|objs|\$[({][^)}]*[)}])\s*[+:]?=\s*(.*)$/;

function readMakefile(text: string, folder: string, objects: Objects): void {
  const variables = new Map<string, string>();
  for (const written of text.replace(/\\\r?\n/g, ' ').split('\n')) {
    // modules of one's own are often called by a variable: obj-m := $(NAME).o
    const line = isBeside(folder)
      ? written.replace(/\$[({](\w+)[)}]/g, (all, name) => variables.get(name) ?? all)
      : written;
    const set = /^\s*(\w+)\s*[:?]*=\s*([\w.-]+)\s*$/.exec(line);
    if (set) variables.set(set[1], set[2]);
    const m = OBJECTS.exec(line);
    if (!m) continue;
    const names = [...m[2].matchAll(/(?:^|\s)([\w/.+-]+)\.o(?=\s|$)/g)].map((o) => o[1]);
    if (m[1] === undefined) for (const name of names) add(objects.folders, plain(name), folder);
    else if (names.length) add(objects.parts, `${folder}/${plain(m[1])}`, ...names);
  }
}

function add(map: Map<string, string[]>, key: string, ...values: string[]): void {
  const list = map.get(key);
  if (list) list.push(...values);
  else map.set(key, values);
}
