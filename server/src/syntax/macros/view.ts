/** Macros as one file sees them. */

import { hashName } from '../tokens.ts';
import type { Tok } from '../toks.ts';
import { addCallbacks, mayBeFunction, mayPointToTable, newCallbacks } from './callbacks.ts';
import { type Home, type MacroDefinition, macroBody, type OwnDefinition } from './definitions.ts';
import { BITS, type MacroKnowledge, type SharedMacros } from './knowledge.ts';
import { globalsOf, homeOf, informative, localIncludes, nearness } from './nearness.ts';
import type { Rereading } from './rereading.ts';

/**
 * Tokens that the macros of a file of some bytes may make. A short text can ask for any number of them, use by use; of a
 * kernel's files xfs_trace.h makes most, three million, which is 20 a byte.
 */
export const workFor = (bytes: number): number => 2_000_000 + 60 * bytes;

/** Macros as one file sees them. */
export interface MacroView {
  /** may a name of this hash be a macro? false is sure */
  mayBe(hash: number): boolean;
  /** tokens that expansions in the file may still make; see expand.ts */
  work: { left: number };
  /** the macros that all files of the domain see, where `macro` is one of them; else null */
  sharedFor(macro: MacroDefinition): SharedMacros | null;
  /** definition in force for `name` at byte offset `pos` of the file; null where it is no macro */
  lookup(name: string, pos: number): MacroDefinition | null;
  /** the file's own definitions of a name at a byte offset, one of each #if arm; none where the headers' counts */
  own(name: string, pos: number): MacroDefinition[];
  /** does some header, or the file itself, declare a pointer to a function under this name? */
  isCallback(name: string): boolean;
  /** or a member that may point to a table of them */
  isTablePointer(name: string): boolean;
  /** the same for an identifier, which remembers that it is no macro's name */
  find(tok: Tok): MacroDefinition | null;
  /** replacement tokens of a definition */
  body(macro: MacroDefinition): Tok[];
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
        const near = nearness(knowledge, home, macro, macroHome, false);
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

/** The same macros while the file is read again: what a header defines for that counts, before the file's own. */
export function redefinedBy(view: MacroView, reading: Rereading): MacroView {
  const lookup: MacroView['lookup'] = (name, pos) => {
    const known = reading.get(name);
    return known === undefined ? view.lookup(name, pos) : known;
  };
  return {
    ...view,
    lookup,
    find: (tok) => (tok.plain ? null : lookup(tok.text, tok.pos)),
    // what all files share is known of the first reading
    sharedFor: (macro) => (reading.has(macro.name) ? null : view.sharedFor(macro)),
  };
}

/** What a view knows, and has worked out. */
interface Names {
  knowledge: MacroKnowledge;
  file: string;
  home: Home;
  includes: readonly string[];
  /** headers near the file that it sees; null until somebody asks */
  local: ReadonlySet<string> | null;
  /** what each name asked for means: the file's own definitions, or the nearest header's one, or null */
  names: Map<string, OwnDefinition[] | MacroDefinition | null>;
  /** the headers' definitions of names that the file defines, too, as they stood before it did */
  outer: Map<string, MacroDefinition | null>;
  /** of each of a file's own definitions of a name: which one is in force behind it */
  inForce: Map<OwnDefinition[], (MacroDefinition | null)[]>;
  /** what the global headers define for all files of the domain; no header sees itself in there */
  globals: Map<string, MacroDefinition | null> | null;
}

/** The headers' definition of a name; null where none is in sight. */
function findOuter(view: Names, name: string): MacroDefinition | null {
  const { knowledge, file, home, globals } = view;
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
    if (!macroHome.global) view.local ??= localIncludes(knowledge, file, view.includes);
    const isLocal = !macroHome.global && view.local?.has(macro.file) === true;
    const near = nearness(knowledge, home, macro, macroHome, isLocal);
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
}

function inForceOf(view: Names, list: OwnDefinition[]): (MacroDefinition | null)[] {
  let known = view.inForce.get(list);
  if (known) return known;
  let best: MacroDefinition | null = null;
  known = list.map((def) => {
    // several arms of one #if define the same name: the one with a body tells more
    if ('undef' in def) best = null;
    else if (!best || def.condition === null || informative(def) >= informative(best)) best = def;
    return best;
  });
  view.inForce.set(list, known);
  return known;
}

/** Of a name that the file defines: its own definition before `pos`, else the headers'. */
function ownOrOuter(view: Names, list: OwnDefinition[], name: string, pos: number): MacroDefinition | null {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (list[mid].pos < pos) low = mid + 1;
    else high = mid;
  }
  if (low > 0) return inForceOf(view, list)[low - 1];
  let best = view.outer.get(name);
  if (best === undefined) {
    best = findOuter(view, name);
    view.outer.set(name, best);
  }
  return best;
}

/** The definitions of a name's list that may be in force before `pos`: those behind the last one that always is. */
function ownBefore(list: readonly OwnDefinition[], pos: number): MacroDefinition[] {
  let out: MacroDefinition[] = [];
  for (const def of list) {
    if (def.pos >= pos) break;
    if ('undef' in def) out = [];
    else if (def.condition === null) out = [def];
    else out.push(def);
  }
  return out;
}

function meaningOf(view: Names, name: string): OwnDefinition[] | MacroDefinition | null {
  let known = view.names.get(name);
  if (known === undefined) {
    known = findOuter(view, name);
    view.names.set(name, known);
  }
  return known;
}

/** A file's own definitions by their names. */
function byName(own: readonly OwnDefinition[]): Names['names'] {
  const names = new Map<string, OwnDefinition[]>();
  for (const def of own) {
    const list = names.get(def.name);
    if (list) list.push(def);
    else names.set(def.name, [def]);
  }
  return names;
}

/** A bit for the hash of each name that the file itself defines. */
function ownBits(own: readonly OwnDefinition[]): Uint8Array {
  const bits = new Uint8Array(1 << 9);
  for (const def of own) {
    const at = hashName(def.name) >>> 20;
    bits[at >> 3] |= 1 << (at & 7);
  }
  return bits;
}

/**
 * The macros that `file` sees: its own #defines by position (the last one before the use), then the nearest header's.
 * `own` is in file order; an #undef is an entry without a body. `callbacks` are what `callbackNames` found in the file.
 */
export function macroView(
  knowledge: MacroKnowledge,
  file: string,
  own: readonly OwnDefinition[],
  includes: readonly string[],
  callbacks: Iterable<string> = [],
): MacroView {
  const home = homeOf(file);
  const view: Names = {
    knowledge,
    file,
    home,
    includes,
    local: null,
    names: byName(own),
    outer: new Map(),
    inForce: new Map(),
    globals: home.global ? null : globalsOf(knowledge, home.domain),
  };
  const ownCallbacks = newCallbacks();
  addCallbacks(ownCallbacks, callbacks);
  const tablePointers = new Map<string, boolean>();
  const { bits } = knowledge;
  const mine = ownBits(own);
  return {
    mayBe(hash) {
      const at = hash >>> (32 - BITS);
      if ((bits[at >> 3] & (1 << (at & 7))) !== 0) return true;
      const local = hash >>> 20;
      return (mine[local >> 3] & (1 << (local & 7))) !== 0;
    },
    work: { left: workFor(0) },
    sharedFor: (macro) =>
      macro.file !== file && (macro.home ?? homeOf(macro.file)).global ? sharedMacros(knowledge, home.domain) : null,
    lookup(name, pos) {
      const known = meaningOf(view, name);
      return Array.isArray(known) ? ownOrOuter(view, known, name, pos) : known;
    },
    find(tok) {
      if (tok.plain) return null;
      const known = meaningOf(view, tok.text);
      if (Array.isArray(known)) return ownOrOuter(view, known, tok.text, tok.pos);
      if (!known) tok.plain = true;
      return known;
    },
    own(name, pos) {
      const known = meaningOf(view, name);
      return Array.isArray(known) ? ownBefore(known, pos) : [];
    },
    isCallback: (name) => mayBeFunction(name, ownCallbacks, knowledge.callbacks),
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
