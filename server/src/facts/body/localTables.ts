/** Tables that a body declares: by themselves, or by a macro whose body declares an object. */

import { stripAttributes } from '../../syntax/attributes.ts';
import { argumentsAt, skipGroup } from '../../syntax/brackets.ts';
import { readDeclaration } from '../../syntax/declarations.ts';
import type { MacroDefinition } from '../../syntax/macros/definitions.ts';
import { expand } from '../../syntax/macros/expand.ts';
import { posOf, type Source, sliceToks } from '../../syntax/source.ts';
import type { Statement } from '../../syntax/statements.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  tokenText,
} from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { isTagWord } from '../../syntax/words.ts';
import { addRecord } from '../records.ts';
import type { FunctionFact } from '../types.ts';
import { addVariable } from '../variables.ts';
import type { Visit } from '../visit.ts';
import { isSelfContained } from './macroCalls.ts';
import { mayBeFunction, namesValue } from './macroUses.ts';

/** A local object with an initialiser list: `static const struct x_ops ops = { … }`, `struct ctx c = { .actor = f }`. */
export function holdsTable(source: Source, statement: Statement): boolean {
  const { kind } = source.tokens;
  for (let i = statement.start; i < statement.end; i++)
    if (kind[i] === ASSIGN)
      return (
        kind[i + 1] === BRACE_OPEN ||
        tokenText(source.tokens, statement.start) === 'static' ||
        braceFollows(source, i, statement.end)
      );
  return false;
}

function braceFollows(source: Source, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (source.tokens.kind[i] === BRACE_OPEN) return true;
  return false;
}

/** `DECLARE_WORK(w, fn)`, `hotplug_memory_notifier(fn, 0)`: a macro whose body declares an object, given a name that is no local. */
export function isMacroDefinition(
  visit: Visit,
  source: Source,
  statement: Statement,
  isLocal: (name: string) => boolean,
): boolean {
  const { tokens } = source;
  let at = statement.start;
  if (tokens.kind[at] !== Kind.Identifier) return false;
  if (
    tokens.kind[at + 1] === Kind.Identifier &&
    tokens.kind[at + 2] === PAREN_OPEN &&
    tokenText(tokens, at) === 'static'
  )
    at++;
  if (tokens.kind[at + 1] !== PAREN_OPEN) {
    // `err = macro(…)`
    if (tokens.kind[at + 1] !== ASSIGN || tokens.kind[at + 2] !== Kind.Identifier || tokens.kind[at + 3] !== PAREN_OPEN)
      return false;
    at += 2;
  }
  const pos = posOf(source, at);
  const macro = source.macros.lookup(tokenText(tokens, at), pos);
  if (!macro?.params) return false;
  return namesValue(source, at + 2, statement.end, isLocal)
    ? declaresObject(visit, macro.name, pos, 0)
    : declaresOwn(visit, macro, pos);
}

/** Does a macro declare an object by another one, with a function that its own text names: `DEFINE_WAIT_FUNC(wait_, wake)`? */
function declaresOwn(visit: Visit, macro: MacroDefinition, pos: number): boolean {
  const { makes } = visit.memos;
  const known = makes.get(macro);
  if (known !== undefined) return known;
  const { macros } = visit.source;
  const body = macros.body(macro);
  const isOwn = ([tok, ...more]: readonly Tok[]): boolean =>
    more.length === 0 &&
    tok?.kind === Kind.Identifier &&
    mayBeFunction(tok.text) &&
    macro.params?.includes(tok.text) === false &&
    !macros.lookup(tok.text, pos);
  const result = body.some(
    ({ kind, text }, i) =>
      kind === Kind.Identifier &&
      body[i + 1]?.kind === PAREN_OPEN &&
      argumentsAt(body, i + 1).some((arg, n) => n > 0 && isOwn(arg)) &&
      declaresObject(visit, text, pos, 0),
  );
  makes.set(macro, result);
  return result;
}

function declaresObject(visit: Visit, name: string, pos: number, depth: number): boolean {
  const macro = visit.source.macros.lookup(name, pos);
  if (!macro || depth > 6) return false;
  const { declares } = visit.memos;
  const known = declares.get(macro);
  if (known !== undefined) return known;
  declares.set(macro, false);
  const body = visit.source.macros.body(macro);
  const hasWords = body.some((t) => t.text === 'struct' || t.text === 'static');
  let result = false;
  for (let i = 0; i < body.length && !result; i++) {
    const tok = body[i];
    if (i === 0 && tok.kind === BRACE_OPEN) result = true;
    else if (
      tok.kind === ASSIGN &&
      (body[i + 1]?.kind === BRACE_OPEN || body[i + 1]?.kind === Kind.Identifier) &&
      hasWords
    )
      result = true;
    else if (
      tok.kind === Kind.Identifier &&
      body[i + 1]?.kind === PAREN_OPEN &&
      declaresObject(visit, tok.text, pos, depth + 1)
    )
      result = true;
  }
  declares.set(macro, result);
  return result;
}

/** Expands only what can declare an object: min() and its like would make thousands of tokens for nothing. */
function expandedDefinitions(visit: Visit, source: Source, toks: Tok[]): Tok[] {
  const keep = (macro: MacroDefinition, args: Tok[][] | null, use: Tok) =>
    args !== null &&
    !isAttribute(macro) &&
    ((isSelfContained(macro, args, use) && !isValue(macro)) || !declaresObject(visit, macro.name, toks[0].pos, 0));
  return stripAttributes(expand(toks, { macros: source.macros, used: visit.used, keep }).toks);
}

/** `({ … })`: what it is worth may stand in a list. */
const isValue = (macro: MacroDefinition): boolean => macro.body.startsWith('(');

/** `__section(x)`: nothing is left of it once attributes are dropped. */
const isAttribute = (macro: MacroDefinition): boolean => macro.body === '' || macro.body.startsWith('__attribute__');

/** Adds the tables declared by one statement, wherever in its expansion the declarations stand. */
export function addTables(visit: Visit, source: Source, statement: Statement, fact: FunctionFact): void {
  const toks = expandedDefinitions(visit, source, sliceToks(source, statement.start, statement.end));
  for (const part of declarationParts(toks)) {
    const declaration = readDeclaration(part);
    if (!declaration || declaration.typedef) continue;
    let record = -1;
    for (const d of declaration.declarators) {
      if (!d.nameTok || !d.init?.length) continue;
      if (d.init[0].kind !== BRACE_OPEN && !declaration.static && !d.init.some((t) => t.kind === BRACE_OPEN)) continue;
      if (declaration.record && record < 0) record = addRecord(visit, declaration.record);
      const type = declaration.record && !declaration.record.tag ? d.type.replace('@', `@${record}`) : d.type;
      addVariable(visit, d, type, declaration.static, fact.name, part.at(-1)?.pos ?? d.nameTok.pos);
    }
  }
}

/** The statement itself, or the declarations inside a macro's `({ … })` or `do { … } while (0)`. */
function declarationParts(toks: Tok[]): Tok[][] {
  const parts: Tok[][] = [];
  let from = 0;
  let initialiser = 0;
  for (let i = 0; i <= toks.length; i++) {
    const k = toks[i]?.kind;
    if (k === BRACE_OPEN && opensRecordBody(toks, i)) i = skipGroup(toks, i) - 1;
    else if (
      k === BRACE_OPEN &&
      (initialiser > 0 ||
        toks[i - 1]?.kind === ASSIGN ||
        (toks[i - 1]?.kind === PAREN_CLOSE && holdsAssign(toks, from, i)))
    )
      initialiser++;
    else if (k === BRACE_CLOSE && initialiser > 0) initialiser--;
    else if (initialiser === 0 && (k === undefined || k === SEMICOLON || k === BRACE_OPEN || k === BRACE_CLOSE)) {
      const part = toks.slice(from, i);
      if (part.some((t) => t.kind === ASSIGN)) parts.push(part);
      from = i + 1;
    }
  }
  return parts;
}

/** `struct {`, `struct tag {` */
const opensRecordBody = (toks: readonly Tok[], i: number): boolean =>
  [toks[i - 1], toks[i - 2]].some((t) => t !== undefined && isTagWord(t.text));

function holdsAssign(toks: readonly Tok[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (toks[i].kind === ASSIGN) return true;
  return false;
}
