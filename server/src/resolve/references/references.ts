/**
 * All uses of a thing, by the words of the sources: the files that hold its word are read, the nearest first, and each
 * time that it stands outside comments and strings is told apart from what else has that word.
 */
import type { FileFacts } from '../../facts/types.ts';
import { NameFlag, NameKind } from '../../index/store/postings.ts';
import { domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { assemblyComments, commonness, isGlobalHeader } from '../../kernel/layout.ts';
import { type LeftOut, nearnessTo } from '../../kernel/proximity.ts';
import { type Occurrence, occurrencesOf } from '../../syntax/text/occurrences.ts';
import { type Role, roleOf } from '../../syntax/text/role.ts';
import type { FileView } from '../cursor/fileView.ts';
import { functionAt } from '../cursor/localScope.ts';
import { viewOfBytes } from '../cursor/textView.ts';
import type { Steps } from '../steps.ts';
import type { TreePlace, World } from '../world.ts';
import { type ImpliedUse, impliedUses } from './implied.ts';
import { localRegions } from './locals.ts';
import { mayBeMember } from './memberSigns.ts';
import { memberUse, type Use } from './members.ts';
import type { Meaning, Sought } from './sought.ts';
import { isMeantIn, type Visibility, visibilityOf } from './visible.ts';

/** One use of a thing: the word itself. */
export interface Reference extends TreePlace {
  /** UTF-16 code units before it on its line */
  character: number;
  /** of what stands there, in characters */
  length: number;
  use: Use;
  /** its line, without the blanks around it */
  text: string;
}

/** What a search asks of, and tells while it goes on. */
export interface Search {
  /** bytes of a file as it is now, open in an editor or on disk; null where it can't be read */
  read(path: string): Buffer | null;
  /** hears of each file's uses, in the order of its lines */
  found(uses: Reference[]): void;
}

/** What a search did not look at. */
export interface SearchEnd {
  /** files that hold the word, in other architectures and programs */
  leftOut: LeftOut;
}

/** Finds the uses of a thing, file by file, the nearest to the asking file first; uses that are but possible come last. */
export function* findReferences(world: World, sought: Sought, search: Search): Steps<SearchEnd> {
  const { files, leftOut } = candidates(world, sought);
  const possible: Reference[][] = [];
  const tell = (uses: Reference[]): void => {
    const sure = uses.filter((u) => u.use !== 'possible');
    if (sure.length) search.found(sure);
    if (sure.length < uses.length) possible.push(uses.filter((u) => u.use === 'possible'));
  };
  const { meaning } = sought;
  const implied = byFile(impliedUses(world, sought));
  const visibility = seenBy(world, sought, files, search);
  for (const path of files) {
    yield;
    const bytes = search.read(path);
    if (!bytes) continue;
    const file = openFile(world, sought, path, bytes);
    const uses = file.occurrences.length === 0 ? [] : usesIn(world, file, meaning, visibility);
    tell(withImplied(file, uses, implied.get(path)));
    implied.delete(path);
  }
  for (const [path, more] of implied) {
    yield;
    const bytes = search.read(path);
    if (bytes) tell(withImplied(openFile(world, sought, path, bytes), [], more));
  }
  for (const uses of possible) search.found(uses);
  return { leftOut };
}

function usesIn(world: World, file: WordFile, meaning: Meaning, visibility: Visibility | null): Reference[] {
  if (meaning.kind === 'local') return localUses(file, meaning);
  if (meaning.kind === 'member') return memberUses(world, file, meaning);
  return visibility ? nameUses(world, file, meaning.kind, visibility) : [];
}

/** Paths of the files to read, nearest first. */
function candidates(
  { index, architecture }: World,
  { word, from, meaning }: Sought,
): { files: string[]; leftOut: LeftOut } {
  const leftOut: LeftOut = { architectures: 0, programs: 0 };
  if (meaning.kind === 'local') return { files: [from], leftOut };
  const domain = domainOf(from);
  const near = nearnessTo(from);
  // a struct of a .c file is seen there, and where that file is #included
  const field = meaning.kind === 'member' ? meaning.field : null;
  const ownFolder = field && !field.file.endsWith('.h') ? folderOf(field.file) : null;
  const seen: { path: string; near: number; common: number }[] = [];
  for (const path of new Set(index.filesOfWord(word).map(({ file }) => index.pathOf(file)))) {
    const other = domainOf(path);
    if (ownFolder !== null && folderOf(path) !== ownFolder) continue;
    if (sameDomain(domain, other, architecture)) seen.push({ path, near: near(path), common: commonness(path) });
    else if (other.startsWith('kernel/') && domain.startsWith('kernel/')) leftOut.architectures++;
    else leftOut.programs++;
  }
  seen.sort((a, b) => b.near - a.near || a.common - b.common || (a.path < b.path ? -1 : 1));
  return { files: seen.map(({ path }) => path), leftOut };
}

/** A file with the word in it. */
interface WordFile {
  path: string;
  bytes: Buffer;
  word: string;
  occurrences: Occurrence[];
  role(at: Occurrence): Role;
  /** its tokens and facts, made when they are asked for */
  view(): FileView;
}

function openFile(world: World, { word }: Sought, path: string, bytes: Buffer): WordFile {
  const isAssembly = path.endsWith('.S');
  const length = Buffer.byteLength(word);
  let view: FileView | null = null;
  return {
    path,
    bytes,
    word,
    occurrences: occurrencesOf(bytes, word, assemblyComments(path)),
    role: (at) => roleOf(bytes, at, length, isAssembly),
    view() {
      view ??= { path, text: viewOfBytes(bytes), facts: world.index.facts(path, true) };
      return view;
    },
  };
}

const byFile = (uses: readonly ImpliedUse[]): Map<string, ImpliedUse[]> => {
  const out = new Map<string, ImpliedUse[]>();
  for (const use of uses) {
    const known = out.get(use.file);
    if (known) known.push(use);
    else out.set(use.file, [use]);
  }
  return out;
};

/** A file's uses with those that don't spell the name, but for lines on which it stands. */
function withImplied(file: WordFile, uses: Reference[], implied: readonly ImpliedUse[] = []): Reference[] {
  const lines = new Set(uses.map((u) => u.line));
  const more = implied.filter(({ line }) => !lines.has(line) && lines.add(line));
  if (more.length === 0) return uses;
  const starts = lineStarts(file.bytes);
  const added = more.flatMap(({ line, column, length }) => {
    const offset = (starts[line - 1] ?? Number.NaN) + column - 1;
    if (!(offset <= file.bytes.length)) return [];
    return [{ ...referenceAt(file, { offset, line, column, directive: -1 }, 'implied'), length }];
  });
  return [...uses, ...added].sort((a, b) => a.line - b.line || a.column - b.column);
}

function lineStarts(bytes: Buffer): number[] {
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  return starts;
}

const MOST_TEXT = 300;

/** A use at an occurrence. */
function referenceAt({ path, bytes, word }: WordFile, { offset, line, column }: Occurrence, use: Use): Reference {
  const start = offset - column + 1;
  const eol = bytes.indexOf(10, offset);
  const end = Math.min(eol < 0 ? bytes.length : eol, offset + MOST_TEXT);
  return {
    file: path,
    line,
    column,
    character: bytes.toString('utf8', start, offset).length,
    length: word.length,
    use,
    text: bytes.toString('utf8', start, end).trim(),
  };
}

function localUses(file: WordFile, meaning: Meaning & { kind: 'local' }): Reference[] {
  const { role: wanted, start, end, hidden } = meaning;
  return file.occurrences
    .filter((o) => {
      if (o.offset < start || o.offset >= end || hidden.some(([a, b]) => a <= o.offset && o.offset < b)) return false;
      const role = file.role(o);
      return role === wanted || (wanted === 'plain' && role === 'declarator');
    })
    .map((o, n) => referenceAt(file, o, n === 0 && wanted !== 'label' ? 'declaration' : 'use'));
}

/** May a file know the struct of a member, where nothing tells its objects' types? */
function mayBeSeen(field: TreePlace | null, path: string): boolean {
  if (!field || isGlobalHeader(field.file)) return true;
  return field.file.endsWith('.h') ? path.startsWith(`${folderOf(field.file)}/`) : path === field.file;
}

function memberUses(world: World, file: WordFile, meaning: Meaning & { kind: 'member' }): Reference[] {
  const { path, bytes, word } = file;
  const isField = fieldPlaces(world, path, word);
  return file.occurrences.flatMap((o) => {
    const role = file.role(o);
    if (role === 'path' || role === 'label' || role === 'tag' || role === 'macro') return [];
    // most are plain words: to read the file as C for each of these takes a hundred times as long
    const mayBe = role === 'member' || o.directive >= 0 || isField(o) || mayBeMember(world, bytes, o, word.length);
    const use = mayBe ? memberUse(world, file.view, o, role, meaning) : null;
    if (use === 'possible' && !mayBeSeen(meaning.field, file.path)) return [];
    return use ? [referenceAt(file, o, use)] : [];
  });
}

/** Tells whether a struct's member of that name is declared at an occurrence of a file. */
function fieldPlaces({ index }: World, path: string, word: string): (o: Occurrence) => boolean {
  let places: Set<string> | null = null;
  const read = (): Set<string> => {
    const out = new Set<string>();
    const id = index.fileId(path);
    for (let n = 0; id !== undefined; n++) {
      const record = index.record(id, n);
      if (!record) break;
      for (const f of record.fields) if (f.name === word) out.add(`${f.line}:${f.column}`);
    }
    return out;
  };
  return ({ line, column }) => {
    places ??= read();
    return places.has(`${line}:${column}`);
  };
}

/** What is known of a name that is sought, before its files are read. */
function seenBy(world: World, sought: Sought, files: readonly string[], search: Search): Visibility | null {
  const { word, from, meaning } = sought;
  if (meaning.kind !== 'name' && meaning.kind !== 'tag') return null;
  return visibilityOf(world, {
    word,
    from,
    definitions: meaning.definitions,
    isTag: meaning.kind === 'tag',
    files,
    text: from ? search.read(from) : null,
    definesMacro(path) {
      const bytes = search.read(path);
      return bytes !== null && definesMacro(openFile(world, sought, path, bytes));
    },
  });
}

const definesMacro = (file: WordFile): boolean =>
  file.occurrences.some((o) => o.directive >= 0 && file.role(o) === 'macro');

/** Uses of a name in a file. */
function nameUses(world: World, file: WordFile, kind: 'name' | 'tag', v: Visibility): Reference[] {
  const { path, bytes, occurrences } = file;
  if (!isMeantIn(v, path, bytes)) return [];
  const roles = occurrences.map((o) => file.role(o));
  // a .c file with a #define of its own means that
  if (kind === 'name' && !path.endsWith('.h') && v.onlyIn !== path && !v.own.get(path) && roles.includes('macro'))
    return [];
  const declared = declaredIn(world, path, file.word, kind);
  const isOther = kind === 'name' && roles.includes('declarator') ? otherMeanings(file, declared) : () => false;
  return occurrences.flatMap((o, n) => {
    const role = roles[n];
    const isDeclared = declared.has(`${o.line}:${o.column}`);
    if (kind === 'tag' ? role !== 'tag' : role !== 'plain' && role !== 'declarator' && role !== 'macro') return [];
    if (!isDeclared && isOther(o, role)) return [];
    return [referenceAt(file, o, isDeclared || role === 'macro' ? 'declaration' : 'use')];
  });
}

/** `line:column` of what a file defines and declares under a name. */
function declaredIn({ index }: World, path: string, word: string, kind: 'name' | 'tag'): Set<string> {
  const out = new Set<string>();
  for (const p of index.names(word)) {
    if ((p.kind === NameKind.Record) !== (kind === 'tag') || index.pathOf(p.file) !== path) continue;
    if ((p.flags & NameFlag.Local) === 0 || p.kind !== NameKind.Variable) out.add(`${p.line}:${p.column}`);
  }
  return out;
}

/** Tells which plain words of a file are locals, parameters or members: only asked of files that may have such. */
function otherMeanings(file: WordFile, declared: ReadonlySet<string>): (o: Occurrence, role: Role) => boolean {
  const { text, facts } = file.view();
  if (!facts) return () => false;
  const fields = fieldsOf(facts, file.word);
  const regions = new Map<number, ReturnType<typeof localRegions>>();
  return (o, role) => {
    if (fields.has(`${o.line}:${o.column}`)) return true;
    const fn = functionAt(facts, o.line);
    if (!fn) return role === 'declarator' && !declared.has(`${o.line}:${o.column}`);
    let known = regions.get(fn.line);
    if (!known) {
      known = localRegions({ path: file.path, text, facts }, fn, file.word);
      regions.set(fn.line, known);
    }
    return known.some((r) => r.start <= o.offset && o.offset < r.end);
  };
}

const fieldsOf = (facts: FileFacts, word: string): Set<string> =>
  new Set(facts.records.flatMap((r) => r.fields.flatMap((f) => (f.name === word ? [`${f.line}:${f.column}`] : []))));
