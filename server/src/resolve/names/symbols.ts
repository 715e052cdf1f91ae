/** A name as people say it -> where it is defined, system calls under all their names included. */

import { NameFlag, NameKind } from '../../index/store/postings.ts';
import { findField } from '../../index/types/typing.ts';
import { architectureOf, domainOf, sameDomain } from '../../kernel/domain.ts';
import { isNoMmu } from '../../kernel/layout.ts';
import { syscallNames } from '../../kernel/syscalls.ts';
import type { World } from '../world.ts';
import { constantsNamed } from './constants.ts';
import type { Definition } from './scope.ts';

/** A place a name is defined at. */
export interface SymbolPlace {
  name: string;
  kind: NameKind;
  file: string;
  /** 1-based; column counts bytes */
  line: number;
  column: number;
  static: boolean;
  union: boolean;
  /** the definition is a macro's work */
  macro: boolean;
  /** of a member: the struct or union that it was asked for in */
  owner?: string;
}

const DEFINING: ReadonlySet<NameKind> = new Set([
  NameKind.Function,
  NameKind.Label,
  NameKind.Variable,
  NameKind.Record,
  NameKind.Typedef,
  NameKind.Macro,
  NameKind.Enumerator,
]);

/** A name as people write it. */
export interface WrittenName {
  /** the end of a path that it is to stand in; '' where none is named */
  file: string;
  /** `struct`, `union` or `enum` in front of it */
  keyword: string;
  /** the struct of a member: `vm_operations_struct.fault`, `vm_operations_struct->fault` */
  owner: string;
  name: string;
}

/** Reads `name`, `name()`, `mm/memory.c:do_fault`, `struct page`, `struct vm_area_struct.vm_ops`. */
export function writtenName(text: string): WrittenName {
  const [, file = '', rest] = /^(?:(\S+\.[chS]):)?(?!\d)(.*)$/.exec(text.trim()) ?? ['', '', text.trim()];
  const [, keyword = '', whole] = /^(?:(struct|union|enum)\s+)?(.*)$/.exec(rest) as RegExpExecArray;
  const plain = whole.trim().replace(/\s*\(\)$/, '');
  const [, owner = '', name] = /^(?:(\w*)(?:\.|->))?(.*)$/.exec(plain) as RegExpExecArray;
  return { file, keyword, owner, name };
}

/** Does a path end in what the user named? */
const isIn = (file: string, named: string): boolean =>
  named === '' || file === named || (file.endsWith(named) && file[file.length - named.length - 1] === '/');

/**
 * Definitions of exactly this name as people write it (see `writtenName`), in the domain in view first. A system call's
 * other names count as its own; a declaration is an answer only where nothing else is.
 */
export function exactSymbols(world: World, text: string): SymbolPlace[] {
  const { file, keyword, owner, name } = writtenName(text);
  const all = owner ? membersNamed(world, owner, name) : symbolsNamed(world, name);
  const found = all.filter((p) => isIn(p.file, file) && (keyword === '' || owner !== '' || isTagged(p, keyword)));
  const isOfKernel = (p: SymbolPlace) => sameDomain('kernel/*', domainOf(p.file), world.architecture);
  if (owner || keyword || found.some(isOfKernel)) return found;
  return [...constantsNamed(world, name, (path) => isIn(path, file)).map(constantPlace), ...found];
}

const constantPlace = (d: Definition): SymbolPlace => ({ ...d, union: false });

const isTagged = (p: SymbolPlace, keyword: string): boolean =>
  p.kind === NameKind.Record && p.union === (keyword === 'union');

/** The members of a name in all structs of a tag, unnamed ones in them included. */
function membersNamed({ index }: World, owner: string, name: string): SymbolPlace[] {
  const { types } = index;
  return types.recordsByTag(owner).flatMap((record): SymbolPlace[] => {
    const found = findField(types, record, name);
    if (!found) return [];
    const { line, column } = found.field;
    const union = found.record.keyword === 'union';
    const place = { name, kind: NameKind.Variable, file: found.file, line, column, static: false, union, macro: false };
    return [{ ...place, owner }];
  });
}

function symbolsNamed(world: World, name: string): SymbolPlace[] {
  const { architecture } = world;
  const own = placesOf(world, name);
  const definitions = own.filter((p) => DEFINING.has(p.kind));
  const seen = new Set(definitions.map((p) => `${p.file}:${p.line}`));
  const seenFrom = (p: SymbolPlace) => sameDomain('kernel/*', domainOf(p.file), architecture);
  const aliases = syscallNames(name, architecture)
    .flatMap((n) => placesOf(world, n))
    // the SYSCALL_DEFINE line makes all of them, so one place is enough
    .filter(
      (p) =>
        p.kind === NameKind.Function && p.macro && !seen.has(`${p.file}:${p.line}`) && seen.add(`${p.file}:${p.line}`),
    );
  const others = [...definitions, ...aliases].filter((p) => !seenFrom(p));
  const found = [...definitions.filter(seenFrom), ...aliases.filter(seenFrom), ...others];
  return found.length ? found : own;
}

function placesOf(world: World, name: string): SymbolPlace[] {
  const { index, architecture } = world;
  const rank = (p: SymbolPlace): number => {
    // a stub in a header, for kernels built without it, comes behind the thing itself
    const stub = p.static && p.kind === NameKind.Function && p.file.endsWith('.h');
    const minor = p.kind === NameKind.Macro || p.kind === NameKind.Declaration ? 0 : stub || isNoMmu(p.file) ? 1 : 2;
    const domain = domainOf(p.file);
    if (!sameDomain('kernel/*', domain, architecture)) return (domain.startsWith('kernel/') ? 3 : 0) + minor;
    // asm-generic is there for architectures that have nothing of their own
    const near = architectureOf(domain) ? 2 : p.file.startsWith('include/asm-generic/') ? 0 : 1;
    return 10 + minor * 3 + near;
  };
  return index
    .names(name)
    .map((p) => ({
      name,
      kind: p.kind,
      file: index.pathOf(p.file),
      line: p.line,
      column: p.column,
      static: (p.flags & NameFlag.Static) !== 0,
      union: (p.flags & NameFlag.Union) !== 0,
      macro: (p.flags & NameFlag.Macro) !== 0,
    }))
    .map((place) => ({ place, rank: rank(place) }))
    .sort(
      (a, b) =>
        b.rank - a.rank ||
        (a.place.file < b.place.file ? -1 : a.place.file > b.place.file ? 1 : a.place.line - b.place.line),
    )
    .map(({ place }) => place);
}

const WORTH: ReadonlySet<NameKind> = new Set([
  NameKind.Function,
  NameKind.Label,
  NameKind.Variable,
  NameKind.Record,
  NameKind.Typedef,
]);

/** Definitions whose names hold the query's letters in order, best first, at most `limit`. */
export function fuzzySymbols(world: World, query: string, limit: number): SymbolPlace[] {
  const { index } = world;
  const out: SymbolPlace[] = [];
  const seen = new Set<string>();
  const add = (p: SymbolPlace) => {
    const key = `${p.name} ${p.file}:${p.line}`;
    if (seen.has(key) || out.length >= limit) return;
    seen.add(key);
    out.push(p);
  };
  if (/^[\w./:>\s-]+$/.test(query)) for (const p of exactSymbols(world, query).slice(0, 20)) add(p);
  const rest: SymbolPlace[] = [];
  for (const { name } of index.searchNames(query, limit)) {
    if (out.length >= limit) break;
    const places = placesOf(world, name).filter((p) => WORTH.has(p.kind));
    // one name defined in forty drivers would push all others out
    for (const p of places.slice(0, 3)) add(p);
    rest.push(...places.slice(3));
  }
  for (const p of rest) add(p);
  return out;
}
