/** Which files mean the same thing by a plain name or a tag, where several things have that name. */
import { NameFlag, NameKind } from '../../index/store/postings.ts';
import { domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { isGlobalHeader } from '../../kernel/layout.ts';
import { nearnessTo } from '../../kernel/proximity.ts';
import { sightOf } from '../names/includes.ts';
import { type Definition, definitionOf, definitionsFrom, type Meaning, meaningsFrom } from '../names/scope.ts';
import type { World } from '../world.ts';
import { isOfFile, PLAIN_KINDS } from './sought.ts';

/** What is known of a name before its uses are told apart. */
export interface Visibility {
  world: World;
  word: string;
  kinds: readonly NameKind[];
  /** the one .c file that can mean it, but for those that #include that file; '' where any may */
  onlyIn: string;
  /** `file:line` of its definitions */
  same: ReadonlySet<string>;
  /** files with a definition of their own of that name, and whether it is the thing */
  own: ReadonlyMap<string, boolean>;
  /** other things have that name that are neither of one .c file nor of a local header */
  hasRivals: boolean;
  /** local headers that define the name: those of a driver or a file system, which nobody else #includes */
  headers: LocalHeaders;
  /** local headers, one of which a file must see to mean the thing; none where it is the whole kernel's */
  home: readonly string[];
}

/** Local headers that hold the word, by folder and by name, and which of them define it. */
interface LocalHeaders {
  byFolder: ReadonlyMap<string, string[]>;
  byName: ReadonlyMap<string, string[]>;
  define(path: string): boolean;
  /** all that do; none where they are too many to be looked at */
  defining(): readonly string[];
  /** may one of them define it? Where they are few, they are looked at for that */
  mayDefine(): boolean;
}

const placeOf = (d: { file: string; line: number }): string => `${d.file}:${d.line}`;

const isLocalHeader = (path: string): boolean => path.endsWith('.h') && !isGlobalHeader(path);

/** Is it seen only where such a header is #included? A prototype in one is that of the function. */
const isOfLocalHeader = (d: Definition): boolean => d.kind !== NameKind.Declaration && isLocalHeader(d.file);

/** What a search asks of a name: who asks, what it means there, and the files that hold its word. */
export interface Asked {
  word: string;
  from: string;
  definitions: readonly Definition[];
  isTag: boolean;
  files: readonly string[];
  /** has a file a #define of the name? */
  definesMacro(path: string): boolean;
  /** the asking file's text; null for none */
  text: Buffer | null;
}

/** What is known of a name, as far as the index and local headers tell. */
export function visibilityOf(world: World, asked: Asked): Visibility {
  const { word, from, definitions, isTag } = asked;
  const kinds = isTag ? [NameKind.Record] : PLAIN_KINDS;
  const all = seenFrom(world, word, from, kinds);
  const first = definitions[0] ?? null;
  const onlyIn = first && isOfFile(first) ? first.file : '';
  const shared = all.filter((d) => !isOfFile(d));
  const group = onlyIn ? all.filter((d) => d.file === onlyIn) : groupOf(first, shared);
  const same = new Set(group.map(placeOf));
  const own = new Map<string, boolean>();
  for (const d of all)
    if (d.kind !== NameKind.Declaration) own.set(d.file, own.get(d.file) === true || same.has(placeOf(d)));
  const hasRivals = shared.some((d) => d.kind !== NameKind.Declaration && !isOfLocalHeader(d) && !same.has(placeOf(d)));
  const headers = localHeaders(asked, own);
  const v: Visibility = { world, word, kinds, onlyIn, same, own, hasRivals, headers, home: [] };
  if (onlyIn) return v;
  // the asking file's own #define: no other file can mean that
  if (!isTag && !from.endsWith('.h') && asked.text && asked.definesMacro(from)) return { ...v, onlyIn: from };
  const home = homeOf(v, first, asked);
  // a constant of local headers, which the index has no names of: what it has of that name are other things
  if (!first && home.length > 0)
    return { ...v, home, same: new Set(), own: new Map([...own.keys()].map((f) => [f, false])) };
  return { ...v, home };
}

function homeOf(v: Visibility, first: Definition | null, { from, text }: Asked): readonly string[] {
  if (first) return isOfLocalHeader(first) ? [...v.own].flatMap(([file, isSame]) => (isSame ? [file] : [])) : [];
  return text ? headersSeen(v.headers, from, text) : [];
}

function seenFrom(world: World, word: string, from: string, kinds: readonly NameKind[]): Definition[] {
  const { index, architecture } = world;
  const domain = domainOf(from);
  return index.names(word).flatMap((p) => {
    if (!kinds.includes(p.kind) || ((p.flags & NameFlag.Local) !== 0 && p.kind === NameKind.Variable)) return [];
    const file = index.pathOf(p.file);
    return sameDomain(domain, domainOf(file), architecture) ? [definitionOf(word, p, file)] : [];
  });
}

/** What is the same thing in other configurations: all that the whole kernel sees, or what one folder's headers say. */
function groupOf(first: Definition | null, shared: readonly Definition[]): Definition[] {
  if (!first || !isOfLocalHeader(first)) return shared.filter((d) => !isOfLocalHeader(d));
  const folder = folderOf(first.file);
  return shared.filter((d) => folderOf(d.file) === folder);
}

function localHeaders({ files, isTag, definesMacro }: Asked, own: ReadonlyMap<string, boolean>): LocalHeaders {
  const byFolder = new Map<string, string[]>();
  const byName = new Map<string, string[]>();
  const put = (map: Map<string, string[]>, key: string, path: string) => {
    const known = map.get(key);
    if (known) known.push(path);
    else map.set(key, [path]);
  };
  for (const path of files) {
    if (!isLocalHeader(path)) continue;
    put(byFolder, folderOf(path), path);
    put(byName, nameOf(path), path);
  }
  const known = new Map<string, boolean>();
  const define = (path: string): boolean => {
    let defines = known.get(path);
    if (defines === undefined) {
      defines = own.has(path) || (!isTag && definesMacro(path));
      known.set(path, defines);
    }
    return defines;
  };
  const all = [...byName.values()].flat();
  let may: boolean | null = all.length > MOST_LOOKED_AT ? true : null;
  let defining: readonly string[] | null = all.length > MOST_LOOKED_AT ? [] : null;
  return {
    byFolder,
    byName,
    define,
    defining() {
      defining ??= all.filter(define);
      return defining;
    },
    mayDefine() {
      may ??= all.some(define);
      return may;
    },
  };
}

/** Local headers that are all read to know whether one defines a name: for more, each file's own #includes are. */
const MOST_LOOKED_AT = 300;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Local headers with a definition of the name that a file sees: itself, those it #includes, else its folder's only one. */
function headersSeen({ byFolder, byName, define, mayDefine }: LocalHeaders, file: string, text: Buffer): string[] {
  if (!mayDefine()) return [];
  if (isLocalHeader(file) && define(file)) return [file];
  const included = includedIn(text).flatMap((name) => {
    const tail = name.replace(/^(?:\.{1,2}\/)+/, '');
    const all = (byName.get(nameOf(tail)) ?? []).filter((path) => path === tail || path.endsWith(`/${tail}`));
    const beside = all.filter((path) => folderOf(path) === folderOf(file));
    return (beside.length ? beside : all).filter(define);
  });
  if (included.length > 0) return included;
  const beside = (byFolder.get(folderOf(file)) ?? []).filter(define);
  return beside.length === 1 ? beside : [];
}

/** What a text #includes, as written between its quotes or angles. */
function includedIn(text: Buffer): string[] {
  const out: string[] = [];
  for (let at = text.indexOf('include'); at >= 0; at = text.indexOf('include', at + 7)) {
    const line = text.toString('latin1', Math.max(0, at - 12), at + 160);
    const m = /#[ \t]*include[ \t]*["<]([^">\n]+)[">]/.exec(line);
    if (m) out.push(m[1]);
  }
  return out;
}

/** Does the name mean the thing in a file? `text` is the file's. */
export function isMeantIn(v: Visibility, file: string, text: Buffer): boolean {
  const { onlyIn, own, home } = v;
  if (onlyIn)
    return file === onlyIn || (folderOf(file) === folderOf(onlyIn) && includedIn(text).includes(nameOf(onlyIn)));
  const isOwn = own.get(file);
  if (isOwn !== undefined) return isOwn;
  const seen = headersSeen(v.headers, file, text);
  if (home.length > 0) {
    if (seen.length > 0) return seen.some((h) => home.includes(h));
    // by way of other headers, or of folders that a Makefile names
    return home.some(sightOf(v.world, file)) || isNearest(v, file);
  }
  if (seen.some((h) => own.get(h) !== true)) return false;
  return !v.hasRivals || meansByIndex(v, file);
}

/** Is the thing's header nearer to a file than all others that define the name, and nothing else in its sight? */
function isNearest({ world, word, kinds, same, headers, home }: Visibility, file: string): boolean {
  const isOther = (m: Meaning) => m.sighting !== 'near' && !same.has(placeOf(m.definition));
  if (meaningsFrom(world, word, file, kinds).some(isOther)) return false;
  const near = nearnessTo(file);
  const best = (paths: readonly string[]): number => Math.max(0, ...paths.map(near));
  const own = best(home);
  return own >= SAME_PART && own > best(headers.defining().filter((h) => !home.includes(h)));
}

/** Folders that paths have in common, from which on they are of one driver or file system. */
const SAME_PART = 2;

function meansByIndex({ world, word, kinds, same }: Visibility, file: string): boolean {
  const all = definitionsFrom(world, word, file, kinds).filter((d) => d.kind !== NameKind.Declaration);
  const best = all.find((d) => !isOfLocalHeader(d));
  return !best || same.has(placeOf(best));
}
