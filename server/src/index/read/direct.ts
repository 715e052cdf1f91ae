/**
 * Answers with no index at all: the file in view, the headers it reaches and the files beside it, read on demand. It
 * knows nothing of the rest of the tree, and what it finds is a subset of what the index will find.
 */

import { assemblyFacts } from '../../facts/assembly.ts';
import { fileFacts } from '../../facts/fileFacts.ts';
import { type Outline, openOutline } from '../../facts/outline.ts';
import type { FileFacts } from '../../facts/types.ts';
import { domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import {
  addHeaderMacros,
  candidatesOf,
  type MacroKnowledge,
  newMacroKnowledge,
} from '../../syntax/macros/knowledge.ts';
import { scanMacros } from '../../syntax/macros/scan.ts';
import { type CParser, createParser } from '../../syntax/parser.ts';
import { ASSIGN, BRACKET_OPEN, SEMICOLON, STAR } from '../../syntax/tokens.ts';
import { type NamedPosting, namesOf } from '../link/names.ts';
import { modulePaths, searchPathsIn } from '../modules/includePaths.ts';
import { siblingsOf } from '../siblings.ts';
import type { NamePosting } from '../store/postings.ts';
import { namesInFolder, readTreeFile } from '../treeFiles.ts';
import { openTypes } from '../types/indexTypes.ts';
import { fileLinks } from './fileLinks.ts';
import { answersBy, askOf, type FileQuestions } from './questions.ts';
import type { IndexReader } from './reader.ts';

/** A tree that is read on demand. */
export interface DirectReader {
  /** Facts of a text that need not be on disk. Its macros are learned from the headers that it includes. */
  factsOfText(path: string, text: string): Promise<FileFacts>;
  /** What can be asked without an index, from the point of view of one file. */
  reader(path: string): IndexReader;
  /** Forgets all but the headers' macros: the index answers now, and texts are only read for their facts. */
  forget(): void;
}

/** A closure larger than this is cut off: the answer has to come within a second. */
const MAX_HEADERS = 2500;
/** Files beside the one in view that are searched. */
const MAX_SIBLINGS = 250;
/** Files parsed for one name: the likeliest first. */
const MAX_PARSED = 6;

interface Direct {
  root: string;
  knowledge: MacroKnowledge;
  parser: CParser | null;
  /** contents of files by path; null where there is none */
  bytes: Map<string, Buffer | null>;
  /** of the files in view */
  facts: Map<string, FileFacts>;
  /** of others: what they define, as far as it was asked for */
  outlines: Map<string, Outline>;
  /** by the file in view; made anew when any file's facts are */
  readers: Map<string, IndexReader>;
  closures: Map<string, string[]>;
  ids: Map<string, number>;
  paths: string[];
}

function bytesOf(direct: Direct, path: string): Buffer | null {
  let bytes = direct.bytes.get(path);
  if (bytes === undefined) {
    bytes = readTreeFile(direct.root, path)?.bytes ?? null;
    direct.bytes.set(path, bytes);
  }
  return bytes;
}

/** What a file #includes, as written. */
function includesOf(direct: Direct, path: string): readonly string[] {
  const facts = direct.facts.get(path);
  if (facts) return facts.includes;
  const known = direct.knowledge.includesOf.get(path);
  if (known) return known;
  const bytes = bytesOf(direct, path);
  return bytes ? scanMacros(path, bytes).includes : [];
}

/** The headers that a file reaches, nearest first; learns their macros on the way. */
function closureOf(direct: Direct, path: string, bytes: Buffer): string[] {
  const known = direct.closures.get(path);
  if (known) return known;
  const { knowledge } = direct;
  const seen = new Set<string>();
  const queue: [string, readonly string[]][] = [[path, scanMacros(path, bytes).includes]];
  for (const [from, includes] of queue) {
    for (const include of includes) {
      if (seen.size >= MAX_HEADERS) break;
      for (const candidate of candidatesOf(knowledge, from, include)) {
        if (seen.has(candidate)) break;
        let next = knowledge.includesOf.get(candidate);
        if (!next) {
          const header = bytesOf(direct, candidate);
          if (!header) continue;
          const scanned = scanMacros(candidate, header);
          addHeaderMacros(knowledge, scanned);
          next = scanned.includes;
        }
        seen.add(candidate);
        queue.push([candidate, next]);
        break;
      }
    }
  }
  const list = [...seen];
  direct.closures.set(path, list);
  return list;
}

/** Reads a file that is in view, bodies included. */
function readWhole(direct: Direct, parser: CParser, path: string, bytes: Buffer): FileFacts {
  const facts = path.endsWith('.S')
    ? assemblyFacts(path, bytes)
    : fileFacts(path, bytes, direct.knowledge, parser, () => siblingsOf(direct.root, path));
  direct.facts.set(path, facts);
  direct.outlines.delete(path);
  direct.readers.clear();
  return facts;
}

function outlineOf(direct: Direct, path: string): Outline | null {
  const known = direct.outlines.get(path);
  if (known) return known;
  const bytes = bytesOf(direct, path);
  if (!bytes || !direct.parser) return null;
  const outline = path.endsWith('.S')
    ? { facts: assemblyFacts(path, bytes), read() {}, readAll() {} }
    : openOutline(path, bytes, direct.knowledge, direct.parser);
  direct.outlines.set(path, outline);
  return outline;
}

/** Facts of a file: all of them where it has been in view, else those of what it defines. */
function factsOf(direct: Direct, path: string): FileFacts | null {
  const known = direct.facts.get(path);
  if (known) return known;
  const outline = outlineOf(direct, path);
  outline?.readAll();
  return outline?.facts ?? null;
}

/** The same, of which only what a name means need be there. */
function factsFor(direct: Direct, path: string, name: string): FileFacts | null {
  const known = direct.facts.get(path);
  if (known) return known;
  const outline = outlineOf(direct, path);
  outline?.read(name);
  return outline?.facts ?? null;
}

function idOf(direct: Direct, path: string): number {
  let id = direct.ids.get(path);
  if (id === undefined) {
    id = direct.paths.length;
    direct.paths.push(path);
    direct.ids.set(path, id);
  }
  return id;
}

/** Opens a tree for answers without an index. Nothing is read yet. */
export function openDirect(root: string, architecture: string): DirectReader {
  const direct: Direct = {
    root,
    knowledge: { ...newMacroKnowledge(architecture), searchPaths: searchPathsIn(modulePaths(root)) },
    parser: null,
    bytes: new Map(),
    facts: new Map(),
    outlines: new Map(),
    readers: new Map(),
    closures: new Map(),
    ids: new Map(),
    paths: [''],
  };
  return {
    async factsOfText(path, text) {
      direct.parser ??= await createParser();
      const bytes = Buffer.from(text, 'utf8');
      direct.closures.delete(path);
      closureOf(direct, path, bytes);
      direct.bytes.set(path, bytes);
      return readWhole(direct, direct.parser, path, bytes);
    },
    reader(path) {
      const known = direct.readers.get(path);
      if (known) return known;
      const bytes = bytesOf(direct, path);
      if (bytes && direct.parser && !direct.facts.has(path)) {
        closureOf(direct, path, bytes);
        readWhole(direct, direct.parser, path, bytes);
      }
      const reader = directIndex(direct, path);
      direct.readers.set(path, reader);
      return reader;
    },
    forget() {
      // where there is no file, there is none: that costs nothing to know
      for (const [path, bytes] of direct.bytes) if (bytes) direct.bytes.delete(path);
      for (const known of [direct.facts, direct.outlines, direct.readers, direct.closures]) known.clear();
    },
  };
}

/** Files of the folder that `path` is in, `path` itself first. */
function siblings(direct: Direct, path: string): string[] {
  const folder = folderOf(path);
  const names = namesInFolder(direct.root, folder).filter((n) => n.endsWith('.c') || n.endsWith('.h'));
  return [path, ...names.map((n) => (folder ? `${folder}/${n}` : n)).filter((p) => p !== path)].slice(0, MAX_SIBLINGS);
}

/** Does a `{` come before the next `;`? Then it is a definition, not a prototype. */
function opensBody(bytes: Buffer, at: number): boolean {
  const brace = bytes.indexOf(123, at);
  const semicolon = bytes.indexOf(59, at);
  return brace >= 0 && (semicolon < 0 || brace < semicolon);
}

const isWord = (c: number): boolean =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === UNDERSCORE || (c >= 48 && c <= 57);
const UNDERSCORE = 95;
const BLANK = 32;
const TAB = 9;

/** Is another name declared with the one that ends at `end` as its type? Only an attribute (`__init`) is no such name. */
function typesAnother(bytes: Buffer, end: number): boolean {
  let at = end;
  while (bytes[at] === BLANK || bytes[at] === TAB) at++;
  if (bytes[at] === STAR) return true;
  return at > end && isWord(bytes[at]) && !(bytes[at] === UNDERSCORE && bytes[at + 1] === UNDERSCORE);
}

/** `struct udp_table udp_table;`, `int n[4]`, `int n = 1`, and not an extern one. */
function isObject(bytes: Buffer, before: string, end: number): boolean {
  let at = end;
  while (bytes[at] === BLANK) at++;
  return before !== '' && !before.startsWith('extern') && OBJECT_ENDS.has(bytes[at]);
}
const OBJECT_ENDS: ReadonlySet<number> = new Set([SEMICOLON, ASSIGN, BRACKET_OPEN, UNDERSCORE]);

/** How a line looks that may define a name; the more telling, the higher. */
function likelihood(bytes: Buffer, name: string): number {
  let best = 0;
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + name.length)) {
    const end = at + name.length;
    if (isWord(bytes[end]) || isWord(bytes[at - 1])) continue;
    best = Math.max(best, 1);
    if (typesAnother(bytes, end)) continue;
    const lineStart = bytes.lastIndexOf(10, at) + 1;
    const before = bytes.toString('latin1', lineStart, at);
    if (/\b(struct|union|enum)\s+$/.test(before)) {
      if (/^\s*\{/.test(bytes.toString('latin1', end, end + 3))) return 5;
      continue;
    }
    if (/\btypedef\b/.test(before) || /^\}\s*$/.test(before)) best = Math.max(best, 4);
    else if (/^\w/.test(before) || lineStart === at)
      best = Math.max(best, opensBody(bytes, at) || isObject(bytes, before, end) ? 4 : 3);
  }
  return best;
}

/** Definitions of one kind in order of lines: an outline may have read the later one first. */
const inOrder = (list: readonly NamedPosting[]): NamedPosting[] =>
  [...new Set(list.map((n) => n.kind))].flatMap((kind) =>
    list.filter((n) => n.kind === kind).sort((a, b) => a.line - b.line),
  );

function directIndex(direct: Direct, path: string): IndexReader {
  const { architecture } = direct.knowledge;
  const own = bytesOf(direct, path);
  const searched = [...new Set([path, ...(own ? closureOf(direct, path, own) : []), ...siblings(direct, path)])].filter(
    (p) => sameDomain(domainOf(path), domainOf(p), architecture),
  );
  // the struct of a slot that isn't known has no name, and no name stands everywhere in a text
  const found = new Map<string, NamePosting[]>([['', []]]);
  const names = (name: string): NamePosting[] => {
    const known = found.get(name);
    if (known) return known;
    const likely: { path: string; score: number }[] = [];
    const needle = Buffer.from(name, 'latin1');
    for (const candidate of searched) {
      if (candidate === path) continue;
      const bytes = bytesOf(direct, candidate);
      if (!bytes?.includes(needle)) continue;
      const score = likelihood(bytes, name);
      if (score > 1) likely.push({ path: candidate, score });
    }
    likely.sort((a, b) => b.score - a.score);
    // a sure definition, or any use in the file itself, makes the doubtful ones not worth their parse
    const sure = likely.filter((l) => l.score >= 4);
    const others = sure.length || own?.includes(needle) ? sure : likely;
    const out: NamePosting[] = [];
    // what the file's own macros make of names is not in its text
    for (const candidate of [path, ...others.slice(0, MAX_PARSED).map((l) => l.path)]) {
      const facts = factsFor(direct, candidate, name);
      if (!facts) continue;
      const file = idOf(direct, candidate);
      for (const n of inOrder(namesOf(facts, name))) out.push({ ...n, file });
    }
    found.set(name, out);
    return out;
  };
  const pathOf = (file: number) => direct.paths[file] ?? '';
  const fileId = (p: string) => (bytesOf(direct, p) ? idOf(direct, p) : undefined);
  const record = (file: number, n: number) => {
    const p = pathOf(file);
    return (direct.facts.get(p) ?? direct.outlines.get(p)?.facts)?.records[n] ?? null;
  };
  const { types, typesFor } = openTypes(
    { factsOf: (file) => factsOf(direct, pathOf(file)), pathOf, names, record },
    fileId,
    architecture,
  );
  let linked: { facts: FileFacts; links: FileQuestions } | null = null;
  /** What the file's own facts say. */
  const ofFile = <T extends object>(ask: (links: FileQuestions) => T[]): (T & { file: number })[] => {
    const facts = factsOf(direct, path);
    if (!facts) return [];
    if (linked?.facts !== facts) linked = { facts, links: fileLinks(facts, typesFor(facts)) };
    const file = idOf(direct, path);
    return ask(linked.links).map((x) => ({ ...x, file }));
  };
  return {
    root: direct.root,
    meta: () => undefined,
    isWhole: () => false,
    pathOf,
    fileId,
    facts: (p) => factsOf(direct, p),
    record,
    includes: (p) => includesOf(direct, p),
    ...answersBy(
      (question) =>
        (...keys) =>
          ofFile((links) => askOf(links, question)(...keys)),
    ),
    names,
    callerCount: (name) => ofFile((links) => links.callersOf(name)).length,
    ownersOf: () => [],
    searchNames: () => [],
    files: () => searched.map((p) => ({ path: p, id: idOf(direct, p) })),
    types,
    typesFor,
    refresh() {},
    close: () => Promise.resolve(),
  };
}
