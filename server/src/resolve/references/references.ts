/**
 * All uses of a thing, by the words of the sources: the files that hold its word are read, the nearest first, and each
 * time that it stands outside comments and strings is told apart from what else has that word.
 */
import type { FileFacts } from '../../facts/types.ts';
import { NameFlag, NameKind } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { assemblyComments, commonness } from '../../kernel/layout.ts';
import { type LeftOut, nearnessTo } from '../../kernel/proximity.ts';
import { type Occurrence, occurrencesOf } from '../../syntax/text/occurrences.ts';
import { type Role, roleOf } from '../../syntax/text/role.ts';
import type { FileView } from '../cursor/fileView.ts';
import { functionAt } from '../cursor/localScope.ts';
import { viewOfBytes } from '../cursor/textView.ts';
import type { Steps } from '../steps.ts';
import type { TreePlace, World } from '../world.ts';
import { localRegions } from './locals.ts';
import { memberUse, type Use } from './members.ts';
import type { Meaning, Sought } from './sought.ts';
import { isMeantIn, type Visibility, visibilityOf, withHeaders } from './visible.ts';

/** One use of a thing: the word itself. */
export interface Reference extends TreePlace {
  /** UTF-16 code units before it on its line */
  character: number;
  /** `declaration`: it is defined or declared there; `possible`: a member of a struct that the source doesn't tell */
  use: 'declaration' | 'use' | 'possible';
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
  const visibility =
    meaning.kind === 'name' || meaning.kind === 'tag' ? yield* seenBy(world, sought, meaning, files, search) : null;
  for (const path of files) {
    yield;
    const bytes = search.read(path);
    if (!bytes) continue;
    const file = openFile(world, sought, path, bytes);
    if (file.occurrences.length === 0) continue;
    if (meaning.kind === 'local') tell(localUses(file, meaning));
    else if (meaning.kind === 'member') tell(memberUses(world, file, meaning));
    else if (visibility) tell(nameUses(world, file, meaning.kind, visibility));
  }
  for (const uses of possible) search.found(uses);
  return { leftOut };
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
  const seen: { path: string; near: number; common: number }[] = [];
  for (const path of new Set(index.filesOfWord(word).map(({ file }) => index.pathOf(file)))) {
    const other = domainOf(path);
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
      view ??= { path, text: viewOfBytes(bytes), facts: world.index.facts(path) };
      return view;
    },
  };
}

const MOST_TEXT = 300;

/** A use at an occurrence. */
function referenceAt({ path, bytes }: WordFile, { offset, line, column }: Occurrence, use: Use): Reference {
  const start = offset - column + 1;
  const eol = bytes.indexOf(10, offset);
  const end = Math.min(eol < 0 ? bytes.length : eol, offset + MOST_TEXT);
  return {
    file: path,
    line,
    column,
    character: bytes.toString('utf8', start, offset).length,
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

function memberUses(world: World, file: WordFile, meaning: Meaning & { kind: 'member' }): Reference[] {
  return file.occurrences.flatMap((o) => {
    const role = file.role(o);
    if (role === 'path' || role === 'label' || role === 'tag' || role === 'macro') return [];
    const use = memberUse(world, file.view(), o, role, meaning);
    return use ? [referenceAt(file, o, use)] : [];
  });
}

/** Learns from the local headers among the files which of them #define the name. */
function* seenBy(
  world: World,
  sought: Sought,
  meaning: Meaning & { kind: 'name' | 'tag' },
  files: readonly string[],
  search: Search,
): Steps<Visibility> {
  const { word, from } = sought;
  const v = visibilityOf(world, word, from, meaning.definitions, meaning.kind === 'tag');
  if (meaning.kind === 'tag' || v.onlyIn) return v;
  const text = from ? search.read(from) : null;
  // the asking file's own #define: no other file can mean that
  if (text && !from.endsWith('.h') && definesMacro(openFile(world, sought, from, text))) return { ...v, onlyIn: from };
  const defining: string[] = [];
  for (const path of files) {
    if (!path.endsWith('.h') || path.startsWith('include/')) continue;
    yield;
    const bytes = search.read(path);
    if (bytes && definesMacro(openFile(world, sought, path, bytes))) defining.push(path);
  }
  return withHeaders(v, from, defining, text);
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
  const id = index.fileId(path);
  const out = new Set<string>();
  for (const p of index.names(word)) {
    if (p.file !== id || (p.kind === NameKind.Record) !== (kind === 'tag')) continue;
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
