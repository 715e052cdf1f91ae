/** Which files mean the same thing by a plain name or a tag, where several things have that name. */
import { NameFlag, NameKind } from '../../index/store/postings.ts';
import { domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { isGlobalHeader } from '../../kernel/layout.ts';
import { type Definition, definitionOf, definitionsFrom } from '../names/scope.ts';
import type { World } from '../world.ts';
import { isOfFile, PLAIN_KINDS } from './sought.ts';

/** What is known of a name before any file is read. */
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
  /** other things have that name, and not just in a .c file each */
  hasRivals: boolean;
  /** local headers that #define the name, as far as texts tell: those of the thing, and others */
  headers: { same: readonly string[]; others: readonly string[] };
}

const placeOf = (d: { file: string; line: number }): string => `${d.file}:${d.line}`;

/** Is it seen only where a header is #included that a driver or a file system has for itself? */
const isOfLocalHeader = (d: Definition): boolean =>
  d.file.endsWith('.h') && d.kind !== NameKind.Declaration && !isGlobalHeader(d.file);

/** What is known of a name that means `definitions`, the first of all, to the file `from`. */
export function visibilityOf(
  world: World,
  word: string,
  from: string,
  definitions: readonly Definition[],
  isTag: boolean,
): Visibility {
  const kinds = isTag ? [NameKind.Record] : PLAIN_KINDS;
  const all = seenFrom(world, word, from, kinds);
  const first = definitions[0] ?? null;
  const onlyIn = first && isOfFile(first) ? first.file : '';
  const shared = all.filter((d) => !isOfFile(d));
  const group = first === null ? shared : onlyIn ? all.filter((d) => d.file === onlyIn) : groupOf(first, shared);
  const same = new Set(group.map(placeOf));
  const own = new Map<string, boolean>();
  for (const d of all)
    if (d.kind !== NameKind.Declaration) own.set(d.file, own.get(d.file) === true || same.has(placeOf(d)));
  const hasRivals = shared.some((d) => d.kind !== NameKind.Declaration && !same.has(placeOf(d)));
  return { world, word, kinds, onlyIn, same, own, hasRivals, headers: { same: [], others: [] } };
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
function groupOf(first: Definition, shared: readonly Definition[]): Definition[] {
  if (!isOfLocalHeader(first)) return shared.filter((d) => !isOfLocalHeader(d) || d.file === first.file);
  const folder = folderOf(first.file);
  return shared.filter((d) => folderOf(d.file) === folder);
}

/** Tells of headers that #define the name, which only their texts say: a plain constant has no row in the index. */
export function withHeaders(v: Visibility, from: string, defining: readonly string[], text: Buffer | null): Visibility {
  const local = defining.filter((h) => !isGlobalHeader(h));
  const seen = local.filter((h) => h === from || v.own.get(h) || (text !== null && sees(text, from, h, local)));
  return { ...v, headers: { same: seen, others: local.filter((h) => !seen.includes(h)) } };
}

/** Does a file see a header: by its #includes, or as the only one of its folder that says something? */
function sees(text: Buffer, file: string, header: string, all: readonly string[]): boolean {
  if (includesName(text, header)) return true;
  const beside = all.filter((h) => folderOf(h) === folderOf(header));
  return (
    folderOf(file) === folderOf(header) &&
    !beside.some((h) => h !== header && includesName(text, h)) &&
    beside.length === 1
  );
}

/** Does a text #include a file of that name, wherever it lies? */
function includesName(text: Buffer, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const [before, after] = [text[at - 1], text[at + name.length]];
    if ((before === 34 || before === 47 || before === 60) && (after === 34 || after === 62)) return true;
  }
  return false;
}

/** Does the name mean the thing in a file? `text` is the file's. */
export function isMeantIn(v: Visibility, file: string, text: Buffer): boolean {
  if (v.onlyIn) return file === v.onlyIn || (folderOf(file) === folderOf(v.onlyIn) && includesName(text, v.onlyIn));
  const { same, others } = v.headers;
  if (same.includes(file)) return true;
  if (others.includes(file)) return v.own.get(file) === true;
  const own = v.own.get(file);
  if (own !== undefined) return own;
  if (same.length > 0 && v.same.size === 0) return same.some((h) => sees(text, file, h, [...same, ...others]));
  if (others.some((h) => sees(text, file, h, [...same, ...others]))) return false;
  return !v.hasRivals || meansByIndex(v, file);
}

function meansByIndex({ world, word, kinds, same }: Visibility, file: string): boolean {
  const all = definitionsFrom(world, word, file, kinds);
  const best = all.find((d) => d.kind !== NameKind.Declaration);
  // in one configuration the thing, in another a stand-in: both are seen from the same place
  return (
    !best ||
    same.has(placeOf(best)) ||
    (!best.static &&
      all.some((d) => !isOfFile(d) && same.has(placeOf(d)) && d.kind === best.kind && !isOfLocalHeader(best)))
  );
}
