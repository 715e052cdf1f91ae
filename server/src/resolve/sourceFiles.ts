/** Source files of a tree as tokens, read when asked for: what a function's body holds beyond its facts. */

import { newCache } from '../index/cache.ts';
import type { IndexReader } from '../index/read/reader.ts';
import { NameKind } from '../index/store/postings.ts';
import { readTreeFile } from '../index/treeFiles.ts';
import { domainOf, folderOf, sameDomain } from '../kernel/domain.ts';
import { isForDebugging, isForModules } from '../kernel/idioms.ts';
import { isGlobalHeader, isUniprocessor } from '../kernel/layout.ts';
import { armCondition, type Conditions, findConditions, parseDirective } from '../syntax/conditions.ts';
import { type MacroDefinition, macroBody, parseDefine } from '../syntax/macros/definitions.ts';
import type { MacroView } from '../syntax/macros/view.ts';
import { Kind, type Tokens, tokenize } from '../syntax/tokens.ts';
import { keptByReader } from './kept.ts';

/** A file's tokens and the #if arm of each. */
export interface SourceFile {
  path: string;
  tokens: Tokens;
  conditions: Conditions;
}

/** Files and macros that were read already. */
export interface SourceFiles {
  /** null where the file can't be read */
  file(path: string): SourceFile | null;
  /** macros as code of `path` sees them */
  macros(path: string, architecture: string): MacroView;
}

/** Bytes of the texts and tokens that are kept. */
const MAX_BYTES = 12 << 20;
const sizeOfSource = (file: SourceFile | null): number =>
  file ? file.tokens.text.length + TOKEN_BYTES * file.tokens.count : 100;
const TOKEN_BYTES = 21;

/** Opens the files of an index's tree; nothing is read yet. */
export function openSources(index: IndexReader): SourceFiles {
  const files = newCache<string, SourceFile | null>(MAX_BYTES, sizeOfSource);
  const file = (path: string) => files.get(path, () => readSourceFile(index.root, path));
  const views = newCache<string, MacroView>(200);
  const places = newCache<string, DefinePlace[]>(5000);
  const definitions = newCache<string, MacroDefinition | null>(5000);
  const defines: Defines = {
    places: (name) => places.get(name, () => placesOfMacro(index, name)),
    read: (name, place) =>
      definitions.get(`${name}\0${place.file}\0${place.line}`, () => readDefine(file(place.file), name, place)),
  };
  return {
    file,
    macros: (path, architecture) => views.get(`${path}\0${architecture}`, () => viewFrom(path, architecture, defines)),
  };
}

/** The files of an index's tree for short questions, which share what they read. */
export const sourcesOf = keptByReader(openSources);

/** Where a `#define` stands. */
interface DefinePlace {
  file: string;
  line: number;
}

/** The tree's macros; what a `#define` says is read when it may be the one that counts. */
interface Defines {
  places(name: string): DefinePlace[];
  read(name: string, place: DefinePlace): MacroDefinition | null;
}

const placesOfMacro = (index: IndexReader, name: string): DefinePlace[] =>
  index.names(name).flatMap((p) => (p.kind === NameKind.Macro ? [{ file: index.pathOf(p.file), line: p.line }] : []));

function readSourceFile(root: string, path: string): SourceFile | null {
  const file = readTreeFile(root, path);
  if (!file) return null;
  const tokens = tokenize(file.bytes);
  return { path, tokens, conditions: findConditions(tokens, () => {}) };
}

function readDefine(source: SourceFile | null, name: string, { file, line }: DefinePlace): MacroDefinition | null {
  const at = source ? directiveAt(source.tokens, line) : -1;
  if (!source || at < 0) return null;
  const { tokens } = source;
  const directive = parseDirective(tokens.text.slice(tokens.start[at], tokens.end[at]));
  const parsed = directive?.name === 'define' ? parseDefine(directive.rest) : null;
  const condition = armCondition(source.conditions.arms, source.conditions.arm[at]);
  return parsed?.name === name ? { ...parsed, condition, file, pos: 0 } : null;
}

/** The preprocessor line that starts at a line; -1 where none does. */
function directiveAt(tokens: Tokens, line: number): number {
  let at = firstTokenOf(tokens, line);
  while (at < tokens.count && tokens.line[at] === line && tokens.kind[at] !== Kind.Directive) at++;
  return at < tokens.count && tokens.line[at] === line ? at : -1;
}

/** Index of the first token at or behind the start of a line. */
export function firstTokenOf(tokens: Tokens, line: number): number {
  let low = 0;
  let high = tokens.count;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (tokens.line[mid] < line) low = mid + 1;
    else high = mid;
  }
  return low;
}

/** Which of several definitions of a macro code of `path` most likely sees; one with a body tells more. */
function viewFrom(path: string, architecture: string, defines: Defines): MacroView {
  const domain = domainOf(path);
  const folder = folderOf(path);
  const known = new Map<string, MacroDefinition | null>();
  /** how near a file is, whatever it says: 0 for one that code of `path` doesn't see */
  const nearOf = (file: string): number => {
    if (file === path) return 100;
    if (folderOf(file) === folder) return sameDomain(domain, domainOf(file), architecture) ? 40 : 0;
    if (!isGlobalHeader(file) || !sameDomain(domain, domainOf(file), architecture)) return 0;
    return file.startsWith('arch/') ? 30 : file.startsWith('include/uapi/') ? 24 : 25;
  };
  const score = (m: MacroDefinition, near: number): number => {
    if (m.file === path) return near;
    const empty = m.body === '' || /^do *\{ *\} *while *\(0\)$/.test(m.body) || /^\(?[\d()]+\)?$/.test(m.body);
    const rare = isForModules(m.condition) || isUniprocessor(m.file);
    const less = (isForDebugging(m.condition) ? 10 : 0) + (empty ? 20 : 0) + (rare ? 1 : 0);
    return near - less - (m.file.includes('asm-generic/') ? 2 : 0);
  };
  const lookup = (name: string): MacroDefinition | null => {
    let best = known.get(name);
    if (best !== undefined) return best;
    best = null;
    let most = 0;
    for (const place of defines.places(name)) {
      const near = nearOf(place.file);
      const m = near > most ? defines.read(name, place) : null;
      const s = m ? score(m, near) : 0;
      if (s > most) {
        most = s;
        best = m;
      }
    }
    known.set(name, best);
    return best;
  };
  return {
    mayBe: () => true,
    // outlives any file: each expansion has its own bound
    work: { left: Number.POSITIVE_INFINITY },
    sharedFor: () => null,
    lookup,
    find: (tok) => (tok.plain ? null : lookup(tok.text)),
    own: () => [],
    isCallback: () => false,
    isTablePointer: () => false,
    body: macroBody,
  };
}
