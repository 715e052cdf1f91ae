/** What references are sought of: the thing at a place, or of a name, in the words that the search goes by. */
import type { FileFacts } from '../../facts/types.ts';
import { NameKind } from '../../index/store/postings.ts';
import { findField } from '../../index/types/typing.ts';
import { assemblyComments } from '../../kernel/layout.ts';
import { type Occurrence, occurrencesOf } from '../../syntax/text/occurrences.ts';
import { type Role, roleOf } from '../../syntax/text/role.ts';
import { isKeyword } from '../../syntax/words.ts';
import { type Entity, entityAt } from '../cursor/cursor.ts';
import type { FileView } from '../cursor/fileView.ts';
import { functionAt } from '../cursor/localScope.ts';
import { offsetOf } from '../cursor/textView.ts';
import { isConstant } from '../names/constants.ts';
import { type Definition, definitionOf, definitionsFrom } from '../names/scope.ts';
import type { TreePlace, World } from '../world.ts';
import { localRegion } from './locals.ts';

/** A thing by its word, and what tells its uses from those of other things of the same word. */
export interface Sought {
  word: string;
  /** path of the file that asks; '' for none */
  from: string;
  meaning: Meaning;
}

/** What a word means. */
export type Meaning =
  /** a function, variable, type, enumerator or macro; its definitions where the index has any, the likeliest first */
  | { kind: 'name' | 'tag'; definitions: readonly Definition[] }
  /** a member; the tag of its struct, and where it is declared, as far as known */
  | { kind: 'member'; owner: string; field: TreePlace | null }
  /** a local, a label, a parameter: what has this role between two byte offsets of the asking file, but for some parts */
  | { kind: 'local'; role: Role; start: number; end: number; hidden: readonly (readonly [number, number])[] };

/** Kinds of what plain names stand for. */
export const PLAIN_KINDS: readonly NameKind[] = [
  NameKind.Function,
  NameKind.Label,
  NameKind.Variable,
  NameKind.Macro,
  NameKind.Enumerator,
  NameKind.Typedef,
  NameKind.Declaration,
];

/** Is a definition of no use outside of its own .c file? */
export const isOfFile = (d: Definition): boolean =>
  !d.file.endsWith('.h') &&
  (d.static ||
    d.kind === NameKind.Macro ||
    d.kind === NameKind.Typedef ||
    d.kind === NameKind.Enumerator ||
    d.kind === NameKind.Record);

/** The word at a place of a file (1-based line and byte column), by what it is there; null for none. */
function occurrenceAt(
  file: FileView,
  line: number,
  column: number,
): { word: string; at: Occurrence; bytes: Buffer } | null {
  const { text } = file.text.tokens;
  let start = offsetOf(file.text, line, column);
  let end = start;
  while (start > 0 && /\w/.test(text[start - 1])) start--;
  while (/\w/.test(text[end] ?? '')) end++;
  const word = text.slice(start, end);
  if (!/^[A-Za-z_]/.test(word)) return null;
  const bytes = Buffer.from(text, 'latin1');
  const at = occurrencesOf(bytes, word, assemblyComments(file.path)).find((o) => o.offset === start);
  return at ? { word, at, bytes } : null;
}

/** What stands at a place of a file, for a search of its uses; null in comments, on keywords and the like. */
export function soughtAt(world: World, file: FileView, line: number, column: number): Sought | null {
  const found = occurrenceAt(file, line, column);
  if (!found) return null;
  const { word, at, bytes } = found;
  const role = roleOf(bytes, at, word.length, file.path.endsWith('.S'));
  const meaning = meaningAt(world, file, { word, role, bytes, at, entity: entityAt(world, file, line, at.column) });
  return meaning && { word, from: file.path, meaning };
}

/** What a file means by a name: where it defines it, else where it first stands; null where it doesn't hold it. */
export function soughtIn(world: World, file: FileView, word: string): Sought | null {
  const id = world.index.fileId(file.path);
  const own = world.index.names(word).find((p) => p.file === id && p.kind !== NameKind.Declaration);
  if (own) return soughtAt(world, file, own.line, own.column);
  const bytes = Buffer.from(file.text.tokens.text, 'latin1');
  const first = occurrencesOf(bytes, word, assemblyComments(file.path))[0];
  return first ? soughtAt(world, file, first.line, first.column) : null;
}

/** A word at a place. */
interface Found {
  word: string;
  role: Role;
  bytes: Buffer;
  at: Occurrence;
  entity: Entity | null;
}

function meaningAt(world: World, file: FileView, found: Found): Meaning | null {
  const { word, role, at, entity } = found;
  switch (role) {
    case 'path':
      return null;
    case 'parameter':
      return { kind: 'local', role, start: at.directive, end: directiveEndOf(found), hidden: [] };
    case 'label':
      return labelOf(file, at.line, role);
    case 'tag':
      return { kind: 'tag', definitions: definitionsFrom(world, word, file.path, [NameKind.Record]) };
    default:
      break;
  }
  if (entity?.kind === 'slot') {
    const place = entity.field && { ...entity.field.field, file: entity.field.file };
    return { kind: 'member', owner: entity.owner, field: place };
  }
  if (role === 'member') return { kind: 'member', owner: '', field: null };
  const local = localRegion(file, word, at);
  if (local) return { kind: 'local', role: 'plain', ...local };
  const definitions = definitionsOf(world, file.path, found);
  return definitions.length === 0 && isKeyword(word) ? null : { kind: 'name', definitions };
}

/** Definitions of a plain name; one that stands right there comes first. */
function definitionsOf(world: World, path: string, { word, at, entity }: Found): Definition[] {
  // who sees a constant is told by the texts themselves, as the index has no such definitions
  if (entity?.kind === 'name' && entity.definitions.some(isConstant)) return [];
  const all = definitionsFrom(world, word, path, PLAIN_KINDS);
  const here = all.filter((d) => d.file === path && d.line === at.line);
  const bodies = all.filter((d) => d.kind !== NameKind.Declaration && !here.includes(d));
  const prototypes = all.filter((d) => d.kind === NameKind.Declaration && !here.includes(d));
  // a prototype leads to the body that it announces
  const isAnnounced = here.every((d) => d.kind === NameKind.Declaration);
  return isAnnounced ? [...bodies, ...here, ...prototypes] : [...here, ...bodies, ...prototypes];
}

function directiveEndOf({ bytes, at }: Found): number {
  let end = at.directive;
  do end = bytes.indexOf(10, end + 1);
  while (end >= 0 && (bytes[end - 1] === 92 || (bytes[end - 1] === 13 && bytes[end - 2] === 92)));
  return end < 0 ? bytes.length : end;
}

function labelOf({ facts, text }: FileView, line: number, role: Role): Meaning | null {
  const fn = facts && functionAt(facts as FileFacts, line);
  if (!fn) return null;
  return {
    kind: 'local',
    role,
    start: offsetOf(text, fn.line, 1),
    end: offsetOf(text, fn.endLine + 1, 1),
    hidden: [],
  };
}

/**
 * What a name may mean to who names no file: what all of the kernel sees, else each thing that one file has for itself.
 * `struct page` asks for the type, `vm_operations_struct.fault` for the member; a keyword for nothing.
 */
export function soughtByName(world: World, name: string): Sought[] {
  const tag = /^(?:struct|union|enum)\s+(\w+)$/.exec(name)?.[1];
  if (tag) return byDefinitions(world, tag, [NameKind.Record]).map((s) => s ?? soughtTag(tag));
  const [, owner, member] = /^(?:(?:struct|union)\s+)?(\w+)(?:\.|->)(\w+)$/.exec(name) ?? [];
  if (owner && member) return membersNamed(world, owner, member);
  const found = byDefinitions(world, name, PLAIN_KINDS);
  const sought = found[0] ? found : byDefinitions(world, name, [NameKind.Record]);
  if (!sought[0] && isKeyword(name)) return [];
  return sought.map((s) => s ?? { word: name, from: '', meaning: { kind: 'name', definitions: [] } });
}

const soughtTag = (word: string): Sought => ({ word, from: '', meaning: { kind: 'tag', definitions: [] } });

/** One for all that the kernel shares, or one for each file that has its own; null alone for what no file defines. */
function byDefinitions(world: World, word: string, kinds: readonly NameKind[]): (Sought | null)[] {
  const kind = kinds[0] === NameKind.Record ? 'tag' : 'name';
  const definitions = definitionsFrom(world, word, '', kinds);
  const shared = definitions.filter((d) => !isOfFile(d));
  if (shared.some((d) => d.kind !== NameKind.Declaration))
    return [{ word, from: '', meaning: { kind, definitions: shared } }];
  const files = new Set<string>();
  const own = world.index.names(word).flatMap((p): Sought[] => {
    const d = definitionOf(word, p, world.index.pathOf(p.file));
    if (!kinds.includes(d.kind) || d.kind === NameKind.Declaration || !isOfFile(d) || files.has(d.file)) return [];
    files.add(d.file);
    return [{ word, from: d.file, meaning: { kind, definitions: [d] } }];
  });
  return own.length ? own : shared.length ? [{ word, from: '', meaning: { kind, definitions: shared } }] : [null];
}

function membersNamed({ index }: World, owner: string, word: string): Sought[] {
  const seen = new Set<string>();
  return index.types.recordsByTag(owner).flatMap((record): Sought[] => {
    const found = findField(index.types, record, word);
    if (!found || seen.has(found.file)) return [];
    seen.add(found.file);
    const { file, field } = found;
    const from = file.endsWith('.h') ? '' : file;
    return [{ word, from, meaning: { kind: 'member', owner: found.owner, field: { ...field, file } } }];
  });
}
