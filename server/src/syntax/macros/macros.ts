/**
 * What the macros of a tree are, learned from the tree's own #defines: no list of names. A definition is kept only
 * where it can matter to the parser: object-like macros that stand for plain constants (register headers have
 * millions) are left out by a look at their first byte.
 */

import { architectureOf, domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { isGlobalHeader } from '../../kernel/layout.ts';
import { addCallbacks, type Callbacks, callbackNames, mayPointToTable, newCallbacks } from '../callbacks.ts';
import {
  armCondition,
  type Directive,
  isIncludeGuard,
  newConditionTracker,
  parseDirective,
  trackCondition,
} from '../conditions.ts';
import { withoutDeepToks } from '../nesting.ts';
import { COMMA, directiveEnd, hashName, Kind, PAREN_CLOSE, PAREN_OPEN, SEMICOLON, tokenize } from '../tokens.ts';
import { type Tok, toksOf } from '../toks.ts';

export interface MacroDefinition {
  name: string;
  /** null for an object-like macro */
  params: string[] | null;
  variadic: boolean;
  /** replacement text, one line */
  body: string;
  /** the #if condition the #define stands under, without the include guard */
  condition: string | null;
  /** defining file, relative to the tree */
  file: string;
  /** byte offset of the #define for macros of the file in view, else 0 */
  pos: number;
  /** see `replacementOf` */
  replacement?: Replacement;
  /** of a header's: where it stands, worked out once */
  home?: Home;
}

/** A macro's replacement text, read once. */
export interface Replacement {
  toks: Tok[];
  /** hash of each identifier among the tokens, as `hashName` makes it; else 0 */
  hashes: Int32Array;
  /** number of the parameter that each token names, or -1 */
  params: Int32Array;
}

/** A #define or an #undef of the file in view. */
export type OwnDefinition = MacroDefinition | { name: string; undef: true; pos: number };

/** A macro with more parameters or a longer body is not read; a kernel has 41 and 30,000 characters at most. */
const MAX_PARAMS = 500;

const MAX_BODY = 100_000;

/** An #include is no longer than a path can be: what is longer names no file. */
export const MAX_INCLUDE = 1000;

const DEFINE = /^([A-Za-z_$][\w$]*)(\(([^)]*)\))?/;

/** A #define's parts; null where it isn't one. `rest` is the text behind `#define`. */
export function parseDefine(rest: string): Pick<MacroDefinition, 'name' | 'params' | 'variadic' | 'body'> | null {
  const m = DEFINE.exec(rest);
  if (!m) return null;
  let params: string[] | null = null;
  let variadic = false;
  if (m[2] !== undefined) {
    params = m[3].trim() === '' ? [] : m[3].split(',').map((p) => p.trim());
    if (params.length > MAX_PARAMS) return null;
    const last = params.at(-1);
    if (last?.endsWith('...')) {
      variadic = true;
      params[params.length - 1] = last.slice(0, -3).trim() || '__VA_ARGS__';
    }
  }
  const body = rest.slice(m[0].length).trim();
  return body.length > MAX_BODY ? null : { name: m[1], params, variadic, body };
}

/** A body that is only a number, a string or arithmetic on constants tells the parser nothing. */
const OPERATORS_AND_WORDS = /^[\w\s()+\-*/|&~<>^,%?:!=]*$/;

const CONSTANT_WORD = /^(?:[A-Z_][A-Z0-9_]*|\d\w*)$/;

const HAS_DIGIT = /\d/;

/** Only numbers, names in capitals and operators: arithmetic on constants, which tells the parser nothing. */
function isConstantArithmetic(body: string): boolean {
  if (body.length > 400 || !OPERATORS_AND_WORDS.test(body)) return false;
  if (!HAS_DIGIT.test(body) && !body.includes('(')) return false;
  for (const [word] of body.matchAll(/\w+/g)) if (!CONSTANT_WORD.test(word)) return false;
  return true;
}

/** Does an object-like macro's body matter to the parser? Empty bodies do (attributes), constants don't. */
export function isConstantBody(body: string): boolean {
  if (body === '') return false;
  const c = body.charCodeAt(0);
  if (c >= 48 && c <= 57) return true;
  if (c === 34) return true;
  return isConstantArithmetic(body);
}

export interface HeaderMacros {
  file: string;
  macros: MacroDefinition[];
  /** files named by #include, as written: `"x.h"` or `<linux/x.h>` */
  includes: string[];
  /** names declared as pointers to functions: `int (*open)(struct inode *)` */
  callbacks: string[];
  /** the whole text, where the file is a list of macro calls to be #included with the macro defined anew each time */
  template: string | null;
}

const isBlank = (c: number) => c === 32 || c === 9;

/**
 * The #defines and #includes of one file, by a scan from `#` to `#`: no tokens, so that generated register headers
 * cost little more than reading them.
 */
export function scanMacros(file: string, bytes: Buffer): HeaderMacros {
  const macros: MacroDefinition[] = [];
  const includes: string[] = [];
  const tracker = newConditionTracker();
  let pendingGuard: Directive | null = null;
  let first = true;
  for (let at = bytes.indexOf(35); at >= 0; at = bytes.indexOf(35, at + 1)) {
    let before = at - 1;
    while (before >= 0 && isBlank(bytes[before])) before--;
    if (before >= 0 && bytes[before] !== 10) continue;
    let word = at + 1;
    while (isBlank(bytes[word])) word++;
    if (bytes[word] === 100 /* define */ && !pendingGuard && isPlainConstantDefine(bytes, word)) {
      first = false;
      continue;
    }
    const end = directiveEnd(bytes, at);
    const directive = parseDirective(bytes.toString('latin1', at, end));
    at = end - 1;
    if (!directive) continue;
    if (pendingGuard) {
      trackCondition(tracker, pendingGuard, isIncludeGuard(pendingGuard, directive));
      pendingGuard = null;
    }
    if (first && (directive.name === 'ifndef' || directive.name === 'if')) {
      pendingGuard = directive;
      first = false;
      continue;
    }
    first = false;
    if (directive.name === 'define') {
      const parsed = parseDefine(directive.rest);
      if (!parsed || tracker.arms[tracker.current].dead) continue;
      if (parsed.params === null && isConstantBody(parsed.body)) continue;
      const condition = armCondition(tracker.arms, tracker.current);
      if (!isBranchProfiling(condition))
        macros.push({ ...parsed, condition: conditionBesideProfiler(condition), file, pos: 0 });
    } else if (directive.name === 'include') {
      if (directive.rest.length < MAX_INCLUDE) includes.push(directive.rest);
    } else trackCondition(tracker, directive);
  }
  return {
    file,
    macros,
    includes,
    callbacks: [...callbackNames(bytes)],
    template: isTemplate(bytes) ? bytes.toString('latin1') : null,
  };
}

const MAX_TEMPLATE = 256 << 10;

/**
 * An "X-macro" header (linux/lsm_hook_defs.h, linux/bpf_types.h): no include guard, nothing but `NAME(…)`. Where it is
 * #included inside a struct, a table or a file, its text makes members, elements or definitions there.
 */
function isTemplate(bytes: Buffer): boolean {
  if (bytes.length > MAX_TEMPLATE) return false;
  // a guard, or #includes of its own: no bare list (trace/events headers are such)
  if (
    /^[ \t]*#[ \t]*(?:pragma[ \t]+once|if[ \t]+(?:![ \t]*)?defined\w*[ \t]*(?:\([ \t]*)?_|ifndef[ \t]+_|include\b)/m.test(
      bytes.toString('latin1'),
    )
  )
    return false;
  const tokens = tokenize(bytes);
  let depth = 0;
  let calls = 0;
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kind[i];
    if (kind === Kind.Directive) continue;
    if (kind === PAREN_OPEN) depth++;
    else if (kind === PAREN_CLOSE) {
      if (--depth === 0) calls++;
    } else if (depth === 0 && kind !== SEMICOLON && kind !== COMMA) {
      if (kind !== Kind.Identifier || tokens.kind[i + 1] !== PAREN_OPEN) return false;
    }
    if (calls === 0 && i > 2000) return false;
  }
  return calls > 1 && depth === 0;
}

/** `#define NAME 0x…` on one line: skipped without making a string. `at` is where `define` starts. */
function isPlainConstantDefine(bytes: Buffer, at: number): boolean {
  let i = at + 6;
  while (isBlank(bytes[i])) i++;
  while (i < bytes.length && !isBlank(bytes[i]) && bytes[i] !== 10 && bytes[i] !== 40) i++;
  if (!isBlank(bytes[i])) return false;
  while (isBlank(bytes[i])) i++;
  return bytes[i] >= 48 && bytes[i] <= 57;
}

/** Does a file hold anything besides comments and preprocessor lines? Register headers, hundreds of megabytes, do not. */
export function isOnlyDirectives(bytes: Buffer): boolean {
  const n = bytes.length;
  for (let i = 0; i < n; ) {
    const c = bytes[i];
    if (c === 32 || (c >= 9 && c <= 13)) i++;
    else if (c === 35) {
      if (bytes[i + 1] === 100 && isPlainConstantDefine(bytes, i + 1)) {
        const eol = bytes.indexOf(10, i);
        // a comment may go on behind the line, a continuation too: rare, and then the slow way tells
        if (eol < 0) return true;
        if (bytes[eol - 1] !== 92 && !hasComment(bytes, i, eol)) {
          i = eol;
          continue;
        }
      }
      i = directiveEnd(bytes, i);
    } else if (c === 47 && bytes[i + 1] === 42) {
      const end = bytes.indexOf('*/', i + 2, 'latin1');
      if (end < 0) return true;
      i = end + 2;
    } else if (c === 47 && bytes[i + 1] === 47) {
      const eol = bytes.indexOf(10, i);
      if (eol < 0) return true;
      i = eol;
    } else return false;
  }
  return true;
}

function hasComment(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] === 47) return true;
  return false;
}

/** Macro knowledge of a whole tree: every definition of every header by name. Plain data behind two functions. */
export interface MacroKnowledge {
  byName: Map<string, MacroDefinition[]>;
  /** headers a file names, resolved to paths in the tree */
  includesOf: Map<string, string[]>;
  /** texts of template headers by path */
  templates: Map<string, string>;
  /** names, without folders, of headers that #include what a macro names; see `rereaders` */
  rereaderNames: Set<string>;
  /** what the headers declare as pointers to functions, and to tables of them */
  callbacks: Callbacks;
  /** their names without folders */
  templateNames: Set<string>;
  /** by domain: the definition that a name has there, where only global headers define it; null: none in sight */
  globals: Map<string, Map<string, MacroDefinition | null>>;
  /** by domain: what is worked out once about the global headers' macros, whatever a file defines of its own */
  shared: Map<string, SharedMacros>;
  /** a bit for the hash of every name that some header defines */
  bits: Uint8Array;
  architecture: string;
}

/** The global headers' macros as a domain sees them. */
export interface SharedMacros {
  /** the definition of a name there; null where it is no macro */
  lookup(name: string): MacroDefinition | null;
  /** what each calls; see facts/macroCalls.ts */
  calls: Map<MacroDefinition, unknown>;
}

const BITS = 21;
const setBit = (bits: Uint8Array, hash: number) => {
  const at = hash >>> (32 - BITS);
  bits[at >> 3] |= 1 << (at & 7);
};

export function newMacroKnowledge(architecture: string): MacroKnowledge {
  return {
    byName: new Map(),
    includesOf: new Map(),
    rereaderNames: new Set(),
    templates: new Map(),
    callbacks: newCallbacks(),
    templateNames: new Set(),
    globals: new Map(),
    shared: new Map(),
    bits: new Uint8Array(1 << (BITS - 3)),
    architecture,
  };
}

/** `#define if(…)` counts branches for a profiler: what is written there stays an `if`. */
const CONTROL_WORDS = new Set(['if', 'else', 'for', 'while', 'do', 'switch', 'case', 'return', 'goto']);

/** The same profiler's arm of `likely` and its kin, where every test of the kernel calls the profiler. */
const BRANCH_PROFILING = /^\W*(?:defined\W+)?CONFIG_(?:TRACE_BRANCH_PROFILING|PROFILE_ALL_BRANCHES)\b/;

/** Is this the condition of that arm? Its definitions are left out: nobody reads a kernel as the profiler has it. */
export const isBranchProfiling = (condition: string | null): boolean =>
  condition !== null && !condition.startsWith('!') && BRANCH_PROFILING.test(condition);

/** The condition of a definition; the arm that is left beside the profiler's has none. */
const conditionBesideProfiler = (condition: string | null): string | null =>
  condition?.startsWith('!') && BRANCH_PROFILING.test(condition) ? null : condition;

export function addHeaderMacros(knowledge: MacroKnowledge, header: HeaderMacros): void {
  for (const macro of header.macros) {
    if (CONTROL_WORDS.has(macro.name)) continue;
    setBit(knowledge.bits, hashName(macro.name));
    const known = knowledge.byName.get(macro.name);
    if (known) known.push(macro);
    else knowledge.byName.set(macro.name, [macro]);
  }
  addCallbacks(knowledge.callbacks, header.callbacks);
  knowledge.includesOf.set(header.file, header.includes);
  if (header.includes.some(isNamedByMacro)) knowledge.rereaderNames.add(baseName(header.file));
  knowledge.globals.clear();
  knowledge.shared.clear();
  if (header.template === null) return;
  knowledge.templates.set(header.file, header.template);
  knowledge.templateNames.add(baseName(header.file));
}

/** `#include TRACE_INCLUDE(x)` */
const isNamedByMacro = (include: string): boolean => /^\w/.test(include);

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `<a/b.h>` -> `a/b.h` */
const nameIn = (include: string): string => include.replace(/^["<]\s*|\s*[">].*$/g, '');

/** Paths that an #include may mean, most likely first. */
export function includeCandidates(from: string, include: string, architecture: string): string[] {
  const name = nameIn(include);
  const arch = architectureOf(domainOf(from)) ?? architecture;
  const global = [
    `include/${name}`,
    `arch/${arch}/include/${name}`,
    `include/uapi/${name}`,
    `arch/${arch}/include/uapi/${name}`,
  ];
  if (name.startsWith('asm/'))
    global.push(`include/asm-generic/${name.slice(4)}`, `include/asm-${arch}/${name.slice(4)}`);
  if (!include.startsWith('"')) return global;
  return [normalize(`${folderOf(from)}/${name}`), ...global];
}

/** `a/b/../c` -> `a/c` */
export function normalize(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '.' && part !== '') out.push(part);
  }
  return out.join('/');
}

/** Text of the template header that an #include names, or null. */
export function templateOf(knowledge: MacroKnowledge, from: string, include: string): string | null {
  const name = /([^/<"\s]+)\s*[">]/.exec(include)?.[1];
  if (name === undefined || !knowledge.templateNames.has(name)) return null;
  for (const path of includeCandidates(from, include, knowledge.architecture)) {
    const text = knowledge.templates.get(path);
    if (text !== undefined) return text;
  }
  return null;
}

/** What decides how near a definition is, worked out once. */
interface Home {
  folder: string;
  domain: string;
  global: boolean;
}

const homes = new Map<string, Home>();

function homeOf(file: string): Home {
  let home = homes.get(file);
  if (!home) {
    if (homes.size > 100_000) homes.clear();
    home = { folder: folderOf(file), domain: domainOf(file), global: isGlobalHeader(file) };
    homes.set(file, home);
  }
  return home;
}

/** The headers a file sees through its own and their `"…"` includes, outside the global include folders. */
function localIncludes(knowledge: MacroKnowledge, file: string, includes: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const queue: [string, readonly string[]][] = [[file, includes]];
  for (const [from, names] of queue) {
    for (const name of names) {
      // `<…>` leads to the global folders, which every file sees
      if (!name.startsWith('"')) continue;
      const path = includeCandidates(from, name, knowledge.architecture).find((p) => knowledge.includesOf.has(p));
      if (!path || seen.has(path) || isGlobalHeader(path) || queue.length > 400) continue;
      seen.add(path);
      queue.push([path, knowledge.includesOf.get(path) ?? []]);
    }
  }
  return seen;
}

/** How near a definition is to the file that uses it; 0: out of sight. `local`: in a header that the file includes. */
function nearness(architecture: string, own: Home, macro: MacroDefinition, home: Home, local: boolean): number {
  if (local) return 8;
  if (home.global) {
    if (!sameDomain(own.domain, home.domain, architecture)) return 0;
    return macro.file.startsWith('arch/') ? 6 : macro.file.startsWith('include/linux/') ? 5 : 4;
  }
  if (home.folder === own.folder) return 3;
  return own.domain === home.domain && !own.domain.startsWith('kernel/') ? 2 : 0;
}

/** What one domain sees of the global headers: the same for all its files. */
function globalsOf(knowledge: MacroKnowledge, domain: string): Map<string, MacroDefinition | null> {
  let globals = knowledge.globals.get(domain);
  if (!globals) {
    globals = new Map();
    knowledge.globals.set(domain, globals);
  }
  return globals;
}

/** Which of several definitions of one name the parser learns most from: one with a body, and not an asm one. */
function informative(macro: MacroDefinition): number {
  if (macro.body.length < 3) return macro.body === '' ? 1 : 3;
  return (macro.body === '' ? 0 : 2) + (/\basm\b|__asm__/.test(macro.body) ? 0 : 1);
}

/**
 * Tokens that the macros of a file of some bytes may make. A short text can ask for any number of them, use by use; of a
 * kernel's files xfs_trace.h makes most, three million, which is 20 a byte.
 */
export const workFor = (bytes: number): number => 2_000_000 + 60 * bytes;

/** Macros as one file sees them. */
export interface MacroView {
  /** may a name of this hash be a macro? false is sure */
  mayBe(hash: number): boolean;
  /** definitions that, called with a name, declare nothing worth a fact in this file; see fileFacts.ts */
  quiet: Set<MacroDefinition>;
  /** what an object-like macro comes to in this file, once worked out; see expand.ts */
  memo: Map<MacroDefinition, Tok[] | null>;
  /** macros that are known to name no function or object, with the macros their bodies lead to; null: they may */
  dry: Map<MacroDefinition, string[] | null>;
  /** does a macro declare an object, or put something into a member? By way of others, which each file may define anew */
  declares: Map<MacroDefinition, boolean>;
  assigns: Map<MacroDefinition, boolean>;
  /** what the file's own macros and those of headers near it call; see facts/macroCalls.ts */
  calls: Map<MacroDefinition, unknown>;
  /** tokens that expansions in the file may still make; see expand.ts */
  work: { left: number };
  /** the macros that all files of the domain see, where `macro` is one of them; else null */
  sharedFor(macro: MacroDefinition): SharedMacros | null;
  /** definition in force for `name` at byte offset `pos` of the file; null where it is no macro */
  lookup(name: string, pos: number): MacroDefinition | null;
  /** does some header, or the file itself, declare a pointer to a function under this name? */
  isCallback(name: string): boolean;
  /** or a member that may point to a table of them */
  isTablePointer(name: string): boolean;
  /** the same for an identifier, which remembers that it is no macro's name */
  find(tok: Tok): MacroDefinition | null;
  /** replacement tokens of a definition */
  body(macro: MacroDefinition): Tok[];
}

/** Replacement tokens of a macro; their `pos` is set by the expander. */
export const macroBody = (macro: MacroDefinition): Tok[] => replacementOf(macro).toks;

/** A macro's replacement, with what the expander asks of each of its tokens. */
export function replacementOf(macro: MacroDefinition): Replacement {
  if (macro.replacement) return macro.replacement;
  const toks = withoutDeepToks(toksOf(macro.body));
  const hashes = new Int32Array(toks.length);
  const params = new Int32Array(toks.length).fill(-1);
  for (let i = 0; i < toks.length; i++) {
    const tok = toks[i];
    tok.condition = macro.condition;
    if (tok.kind === Kind.Identifier) hashes[i] = hashName(tok.text);
    if (macro.params)
      params[i] = macro.params.indexOf(
        tok.text === '__VA_ARGS__' && macro.variadic ? (macro.params.at(-1) ?? '') : tok.text,
      );
  }
  macro.replacement = { toks, hashes, params };
  return macro.replacement;
}

function sharedMacros(knowledge: MacroKnowledge, domain: string): SharedMacros {
  const known = knowledge.shared.get(domain);
  if (known) return known;
  const home: Home = { folder: '', domain, global: true };
  const names = new Map<string, MacroDefinition | null>();
  const shared: SharedMacros = {
    calls: new Map(),
    lookup(name) {
      let best = names.get(name);
      if (best !== undefined) return best;
      best = null;
      let bestScore = 0;
      for (const macro of knowledge.byName.get(name) ?? []) {
        const macroHome = macro.home ?? homeOf(macro.file);
        if (!macroHome.global) continue;
        const near = nearness(knowledge.architecture, home, macro, macroHome, false);
        const score = near === 0 ? 0 : near * 4 + informative(macro);
        if (score <= bestScore) continue;
        best = macro;
        bestScore = score;
      }
      names.set(name, best);
      return best;
    },
  };
  knowledge.shared.set(domain, shared);
  return shared;
}

/**
 * Headers that read the file over again, with some of its macros defined anew: they #include what a macro names, as
 * trace/define_trace.h does with its TRACE_INCLUDE.
 */
export function rereaders(knowledge: MacroKnowledge, file: string, includes: readonly string[]): string[] {
  const out = new Set<string>();
  for (const include of includes) {
    if (!knowledge.rereaderNames.has(baseName(nameIn(include)))) continue;
    for (const path of includeCandidates(file, include, knowledge.architecture))
      if (path !== file && knowledge.includesOf.get(path)?.some(isNamedByMacro)) out.add(path);
  }
  return [...out];
}

/** The same macros, with those that `header` defines in the place of others of their names. */
export function redefinedBy(knowledge: MacroKnowledge, view: MacroView, header: string): MacroView {
  const lookup: MacroView['lookup'] = (name, pos) =>
    knowledge.byName.get(name)?.find((macro) => macro.file === header) ?? view.lookup(name, pos);
  return {
    ...view,
    quiet: new Set(),
    memo: new Map(),
    dry: new Map(),
    declares: new Map(),
    assigns: new Map(),
    calls: new Map(),
    lookup,
    find: (tok) => (tok.plain ? null : lookup(tok.text, tok.pos)),
  };
}

/**
 * The macros that `file` sees: its own #defines by position (the last one before the use), then the nearest header's.
 * `own` is in file order; an #undef is an entry whose body is null.
 */
export function macroView(
  knowledge: MacroKnowledge,
  file: string,
  own: readonly OwnDefinition[],
  includes: readonly string[],
  callbacks: Iterable<string> = [],
): MacroView {
  let local: Set<string> | undefined;
  const home = homeOf(file);
  /** what each name asked for means: the file's own definitions, or the nearest header's one, or null */
  const names = new Map<string, OwnDefinition[] | MacroDefinition | null>();
  for (const def of own) {
    const list = names.get(def.name) as OwnDefinition[] | undefined;
    if (list) list.push(def);
    else names.set(def.name, [def]);
  }
  /** the headers' definitions of names that the file defines, too, as they stood before it did */
  const outer = new Map<string, MacroDefinition | null>();
  // but no header sees itself in there
  const globals = home.global ? null : globalsOf(knowledge, home.domain);
  const findOuter = (name: string): MacroDefinition | null => {
    const known = globals?.get(name);
    if (known !== undefined) return known;
    const candidates = knowledge.byName.get(name);
    if (!candidates) return null;
    let onlyGlobal = true;
    let best: MacroDefinition | null = null;
    let bestScore = 0;
    for (const macro of candidates) {
      const macroHome = macro.home ?? homeOf(macro.file);
      if (!macroHome.global) onlyGlobal = false;
      if (macro.file === file) continue;
      if (!macroHome.global) local ??= localIncludes(knowledge, file, includes);
      const isLocal = !macroHome.global && local?.has(macro.file) === true;
      const near = nearness(knowledge.architecture, home, macro, macroHome, isLocal);
      // no more than 3 is to be had for what the body tells
      if (near === 0 || near * 4 + 3 <= bestScore) continue;
      const score = near * 4 + informative(macro);
      if (score > bestScore) {
        best = macro;
        bestScore = score;
      }
    }
    if (onlyGlobal) globals?.set(name, best);
    return best;
  };
  /** of each of a file's own definitions of a name: which one is in force behind it */
  const inForce = new Map<OwnDefinition[], (MacroDefinition | null)[]>();
  const inForceOf = (list: OwnDefinition[]): (MacroDefinition | null)[] => {
    let known = inForce.get(list);
    if (known) return known;
    let best: MacroDefinition | null = null;
    known = list.map((def) => {
      // several arms of one #if define the same name: the one with a body tells more
      if ('undef' in def) best = null;
      else if (!best || def.condition === null || informative(def) >= informative(best)) best = def;
      return best;
    });
    inForce.set(list, known);
    return known;
  };
  const ownOrOuter = (list: OwnDefinition[], name: string, pos: number): MacroDefinition | null => {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (list[mid].pos < pos) low = mid + 1;
      else high = mid;
    }
    if (low > 0) return inForceOf(list)[low - 1];
    let best = outer.get(name);
    if (best === undefined) {
      best = findOuter(name);
      outer.set(name, best);
    }
    return best;
  };
  const meaning = (name: string): OwnDefinition[] | MacroDefinition | null => {
    let known = names.get(name);
    if (known === undefined) {
      known = findOuter(name);
      names.set(name, known);
    }
    return known;
  };
  const ownCallbacks = newCallbacks();
  addCallbacks(ownCallbacks, callbacks);
  const tablePointers = new Map<string, boolean>();
  const { bits } = knowledge;
  const mine = new Uint8Array(1 << 9);
  for (const def of own) {
    const at = hashName(def.name) >>> 20;
    mine[at >> 3] |= 1 << (at & 7);
  }
  return {
    mayBe(hash) {
      const at = hash >>> (32 - BITS);
      if ((bits[at >> 3] & (1 << (at & 7))) !== 0) return true;
      const local = hash >>> 20;
      return (mine[local >> 3] & (1 << (local & 7))) !== 0;
    },
    quiet: new Set(),
    memo: new Map(),
    dry: new Map(),
    declares: new Map(),
    assigns: new Map(),
    calls: new Map(),
    work: { left: workFor(0) },
    sharedFor: (macro) =>
      macro.file !== file && (macro.home ?? homeOf(macro.file)).global ? sharedMacros(knowledge, home.domain) : null,
    lookup(name, pos) {
      const known = meaning(name);
      return Array.isArray(known) ? ownOrOuter(known, name, pos) : known;
    },
    find(tok) {
      if (tok.plain) return null;
      const known = meaning(tok.text);
      if (Array.isArray(known)) return ownOrOuter(known, tok.text, tok.pos);
      if (!known) tok.plain = true;
      return known;
    },
    isCallback: (name) => knowledge.callbacks.functions.has(name) || ownCallbacks.functions.has(name),
    isTablePointer(name) {
      let known = tablePointers.get(name);
      if (known === undefined) {
        known = mayPointToTable(name, ownCallbacks, knowledge.callbacks);
        tablePointers.set(name, known);
      }
      return known;
    },
    body: macroBody,
  };
}
