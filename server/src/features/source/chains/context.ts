/**
 * The context that chains are looked at in, "as ext4": a folder, a subsystem, a table or a module. It tells what of a
 * dispatch's functions, and of a slot's callers, is meant; chains.ts shows the rest folded.
 */

import { filesOfModule } from '../../../backtrace/modules.ts';
import { NameFlag, NameKind, type NamePosting } from '../../../index/store/postings.ts';
import { folderOf } from '../../../kernel/domain.ts';
import { isSharedPart, partOf } from '../../../kernel/layout.ts';
import { keptByTree } from '../../../resolve/kept.ts';
import { functionsHeld } from '../../../resolve/slots/tables.ts';
import type { Steps } from '../../../resolve/steps.ts';
import type { World } from '../../../resolve/world.ts';
import type { Held } from '../hierarchy/outgoing.ts';

/** What a name stands for as a context. */
export interface ChainContext {
  /** as it was asked for */
  name: string;
  /** a table of that name: of its slots its functions alone are meant */
  table: string;
  /** is a file of it? */
  holds(file: string): boolean;
  /** the parts of the tree that its files are of, as `partOf` gives them */
  parts: readonly string[];
}

/** All folders of a tree with sources: contexts are looked for among them. */
const foldersOf = keptByTree((index) => {
  const folders = new Set<string>();
  for (const { path } of index.files()) folders.add(folderOf(path));
  return folders;
});

/** Files by the end of their path, as it was asked for: to look among all takes a while. */
const filesCalled = keptByTree(() => new Map<string, string[]>());

/** The context of a name, `shmem.c` a file's; null where the tree has nothing of that name. */
export function* contextNamed(world: World, name: string): Steps<ChainContext | null> {
  const { index } = world;
  const written = name.trim().replace(/^&|\/+$/g, '');
  if (written === '') return null;
  yield;
  if (/\.[chS]$/.test(written)) {
    const holds = (file: string): boolean => file === written || file.endsWith(`/${written}`);
    const known = filesCalled(index);
    const files = known.get(written) ?? [...index.files()].map(({ path }) => path).filter(holds);
    known.set(written, files);
    return files.length > 0 ? { name: written, table: '', holds, parts: partsOf(files) } : null;
  }
  const folder = inFolder(foldersOf(index), written);
  if (folder) return { name: written, table: '', ...folder };
  const tables = index.names(written).filter((p) => isTable(world, p));
  if (tables.length > 0) {
    const folders = tables.map((p) => `${folderOf(index.pathOf(p.file))}/`);
    const holds = (file: string): boolean => folders.some((folder) => file.startsWith(folder));
    return { name: written, table: written, holds, parts: partsOf(folders) };
  }
  yield;
  const module = filesOfModule(index, written.replace(/^\[|\]$/g, ''));
  if (!module || module.size === 0) return null;
  return { name: written, table: '', holds: (file) => module.has(file), parts: partsOf(module) };
}

/** Is it a table of functions? Plain variables, and locals, are called as anything. */
function isTable(world: World, { kind, flags, file, index: n }: NamePosting): boolean {
  if (kind !== NameKind.Variable || (flags & NameFlag.Local) !== 0) return false;
  const facts = world.index.facts(world.index.pathOf(file));
  const variable = facts?.variables[n];
  return facts !== null && variable !== undefined && functionsHeld(world, facts, variable, 1) > 0;
}

/** Files in a folder of that path, or else in any folder of that name. */
function inFolder(folders: ReadonlySet<string>, name: string): Pick<ChainContext, 'holds' | 'parts'> | null {
  const starts = [`${name}/`, `[${name}]/`];
  const top = [...folders].filter((folder) => starts.some((start) => `${folder}/`.startsWith(start)));
  if (top.length > 0)
    return { holds: (file) => starts.some((start) => file.startsWith(start)), parts: partsOf(top.map(inside)) };
  const anywhere = `/${name}/`;
  // headers are grouped by who uses them, not by whose they are
  const below = [...folders].filter((folder) => `${folder}/`.includes(anywhere) && !folder.startsWith('include/'));
  if (below.length === 0) return null;
  return { holds: (file) => file.includes(anywhere), parts: partsOf(below.map(inside)) };
}

/** A path in a folder: parts are told by files. */
const inside = (folder: string): string => `${folder}/`;

const partsOf = (files: Iterable<string>): string[] => [...new Set([...files].map(partOf).filter(Boolean))];

/** Tells of a slot's functions whether they are of a context: by their own place, or by the tables that they stand in. */
export function heldWithin(context: ChainContext, held: readonly Held[]): (of: Held) => boolean {
  const { table, holds } = context;
  const inTable = ({ registrations }: Held): boolean => registrations.some((r) => r.variable === table);
  // other structs' slots have nothing of the table: there, its folder stands for it
  if (table && held.some(inTable)) return inTable;
  return ({ definition, registrations }) => holds(definition.file) || registrations.some((r) => holds(r.filePath));
}

/** May code of a file be on the way to a context: its own, or what everybody shares? */
export function isOnTheWay(context: ChainContext, file: string, architecture: string): boolean {
  const part = partOf(file);
  if (part === '' || context.holds(file) || part === `arch/${architecture}`) return true;
  return context.parts.some((own) => own.startsWith(`${part}/`)) || isSharedPart(part, context.parts);
}
