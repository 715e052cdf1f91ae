/**
 * What the macros of a tree are, learned from the tree's own #defines: no list of names. A definition is kept only
 * where it can matter to the parser: object-like macros that stand for plain constants (register headers have
 * millions) are left out by a look at their first byte.
 */

import { architectureOf, domainOf, folderOf } from '../../kernel/domain.ts';
import { isSyscallTable } from '../../kernel/layout.ts';
import { hashName } from '../tokens.ts';
import { addCallbacks, type Callbacks, newCallbacks } from './callbacks.ts';
import type { MacroDefinition } from './definitions.ts';
import type { Rereading } from './rereading.ts';
import type { HeaderMacros } from './scan.ts';
import { madeHeaders } from './syscallTables.ts';

/** Macro knowledge of a whole tree: every definition of every header by name. Plain data behind two functions. */
export interface MacroKnowledge {
  byName: Map<string, MacroDefinition[]>;
  /** headers a file names, resolved to paths in the tree */
  includesOf: Map<string, string[]>;
  /** texts of template headers by path */
  templates: Map<string, string>;
  /** names, without folders, of headers that #include what a macro names; see `rereaders` */
  rereaderNames: Set<string>;
  /** by header: what its lines do, where names change their meaning on the way, and what it reads again; see rereading.ts */
  steps: Map<string, readonly HeaderStep[]>;
  rereadings: Map<string, Rereading[]>;
  /** what the headers declare as pointers to functions, and to tables of them */
  callbacks: Callbacks;
  /** their names without folders */
  templateNames: Set<string>;
  /** by domain: the definition that a name has there, where only global headers define it; null: none in sight */
  globals: Map<string, Map<string, MacroDefinition | null>>;
  /** by architecture: headers of asm-generic that it has its own in place of; see `isReplaced` */
  replaced: Map<string, Set<string>>;
  /** by domain: what is worked out once about the global headers' macros, whatever a file defines of its own */
  shared: Map<string, SharedMacros>;
  /** a bit for the hash of every name that some header defines */
  bits: Uint8Array;
  architecture: string;
  /** folders that a file looks for headers in, before and behind the kernel's own; none for the tree's files */
  searchPaths: (file: string) => SearchPaths;
}

/** A line of a header that names change by: a #define, an #undef, an #include as written. */
type HeaderStep = { macro: MacroDefinition } | { undef: string } | { include: string };

/** Folders to search for headers, relative to the tree. */
export interface SearchPaths {
  first: readonly string[];
  last: readonly string[];
}

const NO_PATHS: SearchPaths = { first: [], last: [] };

/** The global headers' macros as a domain sees them. */
export interface SharedMacros {
  /** the definition of a name there; null where it is no macro */
  lookup(name: string): MacroDefinition | null;
  /** what each calls, once worked out; the values are facts/'s own */
  calls: Map<MacroDefinition, unknown>;
}

/** Bits of a hash that tell where in `bits` a name has its own. */
export const BITS = 21;
const setBit = (bits: Uint8Array, hash: number) => {
  const at = hash >>> (32 - BITS);
  bits[at >> 3] |= 1 << (at & 7);
};

/** Knowledge of no header yet, for a tree that is read as this architecture has it. */
export function newMacroKnowledge(architecture: string): MacroKnowledge {
  return {
    byName: new Map(),
    includesOf: new Map(),
    rereaderNames: new Set(),
    steps: new Map(),
    rereadings: new Map(),
    templates: new Map(),
    callbacks: newCallbacks(),
    templateNames: new Set(),
    globals: new Map(),
    replaced: new Map(),
    shared: new Map(),
    bits: new Uint8Array(1 << (BITS - 3)),
    architecture,
    searchPaths: () => NO_PATHS,
  };
}

/** `#define if(…)` counts branches for a profiler: what is written there stays an `if`. */
const CONTROL_WORDS = new Set(['if', 'else', 'for', 'while', 'do', 'switch', 'case', 'return', 'goto']);

/**
 * Adds what a scan has found in one header. What was worked out for views is dropped: add all headers before the
 * first view.
 */
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
  if (header.steps)
    knowledge.steps.set(
      header.file,
      header.steps.map((s) => ('define' in s ? { macro: header.macros[s.define] } : s)),
    );
  knowledge.rereadings.clear();
  if (header.includes.some(isNamedByMacro)) knowledge.rereaderNames.add(baseName(header.file));
  knowledge.globals.clear();
  knowledge.replaced.clear();
  knowledge.shared.clear();
  if (header.template === null) return;
  const templates = isSyscallTable(header.file)
    ? madeHeaders(header.template)
    : [{ path: header.file, text: header.template }];
  for (const { path, text } of templates) {
    knowledge.templates.set(path, text);
    knowledge.templateNames.add(baseName(path));
  }
}

/** `#include TRACE_INCLUDE(x)` */
const isNamedByMacro = (include: string): boolean => /^\w/.test(include);

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `<a/b.h>` -> `a/b.h` */
const nameIn = (include: string): string => include.replace(/^["<]\s*|\s*[">].*$/g, '');

/** Paths that an #include may mean, most likely first: those of the architecture of `from`, or of the one in view. */
export function includeCandidates(from: string, include: string, architecture: string): string[] {
  const name = nameIn(include);
  const arch = architectureOf(domainOf(from)) ?? architecture;
  const global = name.startsWith('asm/') ? asmCandidates(name.slice(4), arch) : globalCandidates(name, arch);
  if (!include.startsWith('"')) return global;
  return [normalize(`${folderOf(from)}/${name}`), ...global];
}

function globalCandidates(name: string, arch: string): string[] {
  const all = [
    `include/${name}`,
    `arch/${arch}/include/${name}`,
    `include/uapi/${name}`,
    `arch/${arch}/include/uapi/${name}`,
  ];
  return arch === 'um' ? [...all, `arch/um/include/shared/${name}`, `arch/x86/um/shared/${name}`] : all;
}

/**
 * `<asm/…>`: the architecture's own header, else the one of asm-generic that a generated wrapper leads to. Kbuild lists
 * those (generic-y, mandatory-y); an architecture that has its own never is among them.
 */
function asmCandidates(name: string, arch: string): string[] {
  const own = [`arch/${arch}/include/asm/${name}`, `arch/${arch}/include/uapi/asm/${name}`];
  // user mode Linux has the headers of the processor below it
  if (arch === 'um') own.push(`arch/x86/um/asm/${name}`, ...asmCandidates(name, 'x86').slice(0, 2));
  return [...own, `include/asm-generic/${name}`, `include/uapi/asm-generic/${name}`, `include/asm-${arch}/${name}`];
}

/** The same for a file that may be of a module, which has search paths of its own. */
export function candidatesOf(knowledge: MacroKnowledge, from: string, include: string): string[] {
  const found = includeCandidates(from, include, knowledge.architecture);
  const { first, last } = knowledge.searchPaths(from);
  if (first.length === 0 && last.length === 0) return found;
  const below = (folder: string): string => normalize(`${folder}/${nameIn(include)}`);
  // a file beside the one that includes it goes before all others
  const beside = include.startsWith('"') ? found.splice(0, 1) : [];
  return [...beside, ...first.map(below), ...found, ...last.map(below)];
}

/** A path without `.`, `..` and doubled slashes: `a/b/../c` is `a/c`. What leads out at the top is dropped. */
export function normalize(path: string): string {
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') out.pop();
    else if (part !== '.' && part !== '') out.push(part);
  }
  return out.join('/');
}

/** A template header as an #include gets to it. */
export interface TemplateHeader {
  text: string;
  /** the headers that lead to it, of which each #includes the next: `<asm/unistd.h>` to that of asm-generic */
  through: readonly string[];
}

/** Headers of one name that #include each other. */
const MAX_THROUGH = 4;

/** The template header that an #include names, itself or by way of others of the same name; null where it names none. */
export function templateOf(
  knowledge: MacroKnowledge,
  from: string,
  include: string,
  through: readonly string[] = [],
): TemplateHeader | null {
  const name = /([^/<"\s]+)\s*[">]/.exec(include)?.[1];
  if (name === undefined || !knowledge.templateNames.has(name)) return null;
  const candidates = candidatesOf(knowledge, from, include);
  const path = candidates.find((p) => knowledge.includesOf.has(p)) ?? generated(knowledge, from, include);
  const text = knowledge.templates.get(path);
  if (text !== undefined) return { text, through };
  if (through.length >= MAX_THROUGH || through.includes(path)) return null;
  for (const inner of knowledge.includesOf.get(path) ?? []) {
    const found = templateOf(knowledge, path, inner, [...through, path]);
    if (found) return found;
  }
  return null;
}

/** Where a build puts the header that it makes for an #include; user mode Linux has those of the processor below it. */
function generated({ architecture }: MacroKnowledge, from: string, include: string): string {
  const arch = architectureOf(domainOf(from)) ?? architecture;
  return `arch/${arch === 'um' ? 'x86' : arch}/include/generated/${nameIn(include)}`;
}

/**
 * Headers that read the file over again, with some of its macros defined anew: they #include what a macro names, as
 * trace/define_trace.h does with its TRACE_INCLUDE.
 */
export function rereaders(knowledge: MacroKnowledge, file: string, includes: readonly string[]): string[] {
  const out = new Set<string>();
  for (const include of includes) {
    if (!knowledge.rereaderNames.has(baseName(nameIn(include)))) continue;
    for (const path of candidatesOf(knowledge, file, include))
      if (path !== file && knowledge.includesOf.get(path)?.some(isNamedByMacro)) out.add(path);
  }
  return [...out];
}
