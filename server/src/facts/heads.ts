/** Heads of declarations and functions: how far their macros are expanded, and what comes of it. */

import { stripAttributes } from '../syntax/attributes.ts';
import { skipGroup } from '../syntax/brackets.ts';
import type { MacroDefinition } from '../syntax/macros/definitions.ts';
import { expand } from '../syntax/macros/expand.ts';
import type { Piece } from '../syntax/pieces.ts';
import type { Source } from '../syntax/source.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  COMMA,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  STAR,
} from '../syntax/tokens.ts';
import type { Tok } from '../syntax/toks.ts';
import { isConditionalAlias, isConfigTest, isNothing } from './names.ts';
import type { Visit } from './visit.ts';

const STORAGE = /^(?:static|extern|inline|__inline|__inline__|const|volatile|register)$/;

/**
 * A function's head whose name some configuration has a macro for (`#define remove_proc_entry(name, parent) …`): behind
 * a type it is the name all the same.
 */
export function withOwnName(source: Source, toks: Tok[]): Tok[] {
  const macroOf = (tok: Tok) =>
    tok.kind === Kind.Identifier && !tok.plain ? source.macros.lookup(tok.text, tok.pos) : null;
  const at = toks.findIndex((tok, i) => toks[i + 1]?.kind === PAREN_OPEN && (macroOf(tok)?.params ?? null) !== null);
  // `FNAME(walk)(int level)`: the macro makes the name
  if (at < 1 || toks[skipGroup(toks, at + 1)]?.kind === PAREN_OPEN) return toks;
  let p = at - 1;
  while (p >= 0 && macroOf(toks[p])?.params === null) p--;
  if (p < 0 || (toks[p].kind !== STAR && (toks[p].kind !== Kind.Identifier || STORAGE.test(toks[p].text)))) return toks;
  return toks.map((tok, i) => (i === at ? { ...tok, plain: true } : tok));
}

/** Does a preprocessor line stand among tokens [from, to)? */
export function hasArms(source: Source, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (source.tokens.kind[i] === Kind.Directive) return true;
  return false;
}

/**
 * The tokens of a head with its macros expanded, but for tests of the configuration and what one #if arm alone has;
 * bodies stay as they are.
 */
export function expandHead(visit: Visit, source: Source, input: Tok[]): Tok[] {
  const toks = expandWords(visit, source, input);
  if (!toks) return input;
  if (toks.calls === 0) return toks.list;
  const expansion = expand(toks.list, {
    macros: source.macros,
    used: visit.used,
    lazyBodies: true,
    // a macro for NULL in one #if arm names the function of the other arm
    keep: (macro, args) =>
      isConfigTest(args) || (macro.params === null && (isNothing(macro.body) || isConditionalAlias(macro))),
  });
  if (!expansion.complete) visit.facts.partial = true;
  return expansion.toks;
}

/**
 * Replaces object-like macros (`__init`, `inline`, `asmlinkage`), whose expansion is worked out once a file. Returns
 * null where there is no macro at all, and how many calls of function-like ones are left.
 */
function expandWords(visit: Visit, source: Source, toks: Tok[]): { list: Tok[]; calls: number } | null {
  let list: Tok[] | null = null;
  let calls = 0;
  for (let i = 0; i < toks.length; i++) {
    const tok = toks[i];
    const macro = tok.kind === Kind.Identifier && !tok.plain ? source.macros.lookup(tok.text, tok.pos) : null;
    if (!macro || (macro.params && toks[i + 1]?.kind !== PAREN_OPEN)) {
      list?.push(tok);
      continue;
    }
    if (macro.params) calls++;
    else if (!isNothing(macro.body) && !isConditionalAlias(macro)) {
      const words = wordsOf(visit, source, macro, tok);
      if (words) {
        list ??= toks.slice(0, i);
        for (const word of words) list.push({ ...word, pos: tok.pos, arm: tok.arm });
        continue;
      }
      calls++;
    }
    list?.push(tok);
  }
  return list || calls ? { list: list ?? toks, calls } : null;
}

/** What an object-like macro comes to without attributes; null where it names a function-like one, whose call is yet to come. */
function wordsOf(visit: Visit, source: Source, macro: MacroDefinition, use: Tok): Tok[] | null {
  const { words: memo } = visit.memos;
  const known = memo.get(macro);
  if (known !== undefined) return known;
  const toks = stripAttributes(expand([use], { macros: source.macros, used: visit.used }).toks);
  const last = toks.at(-1);
  const open = toks.length > 12 || (last?.kind === Kind.Identifier && source.macros.lookup(last.text, use.pos)?.params);
  const words = open || toks.some((t) => t.text === '__attribute__') ? null : toks;
  memo.set(macro, words);
  return words;
}

/** `MODULE_LICENSE("GPL");`: what a macro makes of strings alone names no function. */
export function isCallOfLiterals(toks: readonly Tok[]): boolean {
  if (toks[1]?.kind !== PAREN_OPEN || toks[0].kind !== Kind.Identifier) return false;
  const end = toks.at(-1)?.kind === SEMICOLON ? toks.length - 2 : toks.length - 1;
  if (toks[end]?.kind !== PAREN_CLOSE || end < 3) return false;
  for (let i = 2; i < end; i++) if (toks[i].kind !== Kind.String && toks[i].kind !== COMMA) return false;
  return true;
}

/** `EXPORT_SYMBOL(f);`: what is true of one name is true of the next; of a type (`DECLARE_PER_CPU(int, x)`) it is not. */
export const isCallOfName = (toks: readonly Tok[]): boolean =>
  toks[2]?.kind === Kind.Identifier && toks[3]?.kind === PAREN_CLOSE && toks.length <= 5;

/** `EXPORT_SYMBOL(f);`: nothing but externs and objects of the macro's own naming, none with a value. */
export function isQuiet(toks: readonly Tok[]): boolean {
  let extern = false;
  for (let i = 0; i < toks.length; i++) {
    const tok = toks[i];
    if (tok.kind === ASSIGN || tok.kind === BRACE_OPEN) return false;
    if (tok.kind === SEMICOLON) extern = false;
    else if (tok.kind !== Kind.Identifier) continue;
    else if (tok.text === 'extern') extern = true;
    else if (tok.text === 'typedef' || (!extern && !tok.macro)) return false;
    else if (extern && !tok.macro && toks[i - 1]?.kind !== PAREN_OPEN && toks[i + 1]?.kind !== SEMICOLON) return false;
  }
  return true;
}

/** Did the expansion make more than one declaration, or a function with its body? */
export function holdsDefinitions(toks: readonly Tok[], piece: Piece): boolean {
  let depth = 0;
  for (let i = 0; i < toks.length; i++) {
    const k = toks[i].kind;
    if (k === BRACE_OPEN || k === PAREN_OPEN) {
      if (k === BRACE_OPEN && depth === 0 && toks[i].macro && toks[i - 1]?.kind === PAREN_CLOSE) return true;
      depth++;
    } else if (k === BRACE_CLOSE || k === PAREN_CLOSE) depth--;
    else if (k === SEMICOLON && depth === 0 && (i < toks.length - 1 || piece.body >= 0)) return true;
  }
  return false;
}
