/**
 * The context that chains are looked at in, "as ext4": a folder, a subsystem, a table or a module. It tells what of a
 * dispatch's functions, and of a slot's callers, is meant; chains.ts shows the rest folded.
 */

import { filesOfModule } from '../../../backtrace/modules.ts';
import type { IndexReader } from '../../../index/read/reader.ts';
import { NameKind } from '../../../index/store/postings.ts';
import { isSharedPart, partOf } from '../../../kernel/layout.ts';
import { keptByReader } from '../../../resolve/kept.ts';
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

/** Contexts by the names that they were asked for: a subsystem's files are looked for among all. */
const contextsOf = keptByReader(() => new Map<string, ChainContext | null>());

/** The context of a name; null where the tree has nothing of that name. */
export function contextNamed({ index }: Pick<World, 'index'>, name: string): ChainContext | null {
  const known = contextsOf(index);
  const written = name.trim().replace(/^&|\/+$/g, '');
  let context = known.get(written);
  if (context === undefined) {
    context = written === '' ? null : find(index, written);
    known.set(written, context);
  }
  return context;
}

function find(index: IndexReader, name: string): ChainContext | null {
  const tables = index.names(name).filter((p) => p.kind === NameKind.Variable);
  if (tables.length > 0) {
    const files = tables.map((p) => index.pathOf(p.file));
    const folders = files.map((file) => file.slice(0, file.lastIndexOf('/') + 1));
    const holds = (file: string): boolean => folders.some((folder) => file.startsWith(folder));
    return { name, table: name, holds, parts: partsOf(files) };
  }
  const folder = folderTest(index, name);
  if (folder) return { name, table: '', ...folder };
  const module = filesOfModule(index, name.replace(/^\[|\]$/g, ''));
  if (!module || module.size === 0) return null;
  return { name, table: '', holds: (file) => module.has(file), parts: partsOf(module) };
}

/** Files in a folder of that path, or else in any folder of that name. */
function folderTest(index: IndexReader, name: string): Pick<ChainContext, 'holds' | 'parts'> | null {
  const atTop = `${name}/`;
  const anywhere = `/${name}/`;
  const top: string[] = [];
  const below: string[] = [];
  for (const { path } of index.files()) {
    if (path.startsWith(atTop) || path.startsWith(`[${name}]/`)) top.push(path);
    else if (path.includes(anywhere) && !path.startsWith('include/')) below.push(path);
  }
  if (top.length > 0)
    return { holds: (file) => file.startsWith(atTop) || file.startsWith(`[${name}]/`), parts: partsOf(top) };
  if (below.length > 0) return { holds: (file) => file.includes(anywhere), parts: partsOf(below) };
  return null;
}

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
