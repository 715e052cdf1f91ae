/** Registrations by way of a macro: `INIT_WORK(&p->work, fn)`, `init_csd(&rq->csd, fn, rq)`. */

import { stripAttributes } from '../../syntax/attributes.ts';
import { argumentsAt, openingIn, skipGroup } from '../../syntax/brackets.ts';
import { readExpression } from '../../syntax/expressions.ts';
import type { MacroDefinition } from '../../syntax/macros/definitions.ts';
import { expand } from '../../syntax/macros/expand.ts';
import { posOf, type Source, sliceToks } from '../../syntax/source.ts';
import type { Statement } from '../../syntax/statements.ts';
import {
  AMPERSAND,
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_OPEN,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  tokenText,
} from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { isValueWord } from '../../syntax/words.ts';
import { isConfigTest } from '../names.ts';
import type { Expression, FunctionFact } from '../types.ts';
import type { Visit } from '../visit.ts';
import { addAssignment, pushAssignment } from './assignments.ts';
import { isSelfContained } from './macroCalls.ts';
import { mayBeFunction, namesValue } from './macroUses.ts';

/** Does a macro put something into a member: `(_work)->func = (_func)`? */
function assignsMember(visit: Visit, name: string, pos: number, depth: number): boolean {
  const macro = visit.source.macros.lookup(name, pos);
  if (!macro?.params || depth > 6) return false;
  const { assigns } = visit.memos;
  const known = assigns.get(macro);
  if (known !== undefined) return known;
  assigns.set(macro, false);
  const body = visit.source.macros.body(macro);
  let member = false;
  let result = false;
  for (let i = 0; i < body.length && !result; i++) {
    const { kind, text } = body[i];
    if (kind === SEMICOLON || kind === BRACE_OPEN) member = false;
    // `*(volatile typeof(x) *)&(x) = (val)`: what a parameter names is put into
    else if (kind === Kind.Arrow || kind === DOT || (kind === Kind.Identifier && macro.params.includes(text)))
      member = true;
    else if (kind === ASSIGN) result = member && (body[i - 1]?.kind !== Kind.Identifier || isSelected(body, i));
    else if (kind === Kind.Identifier && body[i + 1]?.kind === PAREN_OPEN)
      result = assignsMember(visit, body[i].text, pos, depth + 1);
  }
  assigns.set(macro, result);
  return result;
}

/** Does a `->` or `.` stand before the name in front of token `assign`? */
const isSelected = (body: readonly Tok[], assign: number): boolean =>
  body[assign - 2]?.kind === Kind.Arrow || body[assign - 2]?.kind === DOT;

/**
 * Does a macro put a function that its own text names into a member: `(wait)->func = autoremove_wake_function`, or hand it
 * to a macro that does?
 */
function putsOwn(visit: Visit, name: string, pos: number, depth: number): boolean {
  const { macros } = visit.source;
  const macro = macros.lookup(name, pos);
  if (!macro?.params || depth > 4) return false;
  const { puts } = visit.memos;
  const known = puts.get(macro);
  if (known !== undefined) return known;
  puts.set(macro, false);
  const body = macros.body(macro);
  const { params } = macro;
  const isOwn = (tok: Tok | undefined) =>
    tok?.kind === Kind.Identifier &&
    mayBeFunction(tok.text) &&
    !params.includes(tok.text) &&
    !macros.lookup(tok.text, pos);
  let result = false;
  for (let i = 1; i < body.length && !result; i++) {
    const { kind, text } = body[i];
    if (kind === ASSIGN)
      result =
        isSelected(body, i) && isOwn(body[i + 1]) && endsValue(body[i + 2]) && macros.isCallback(body[i - 1].text);
    else if (kind === Kind.Identifier && body[i + 1]?.kind === PAREN_OPEN && !params.includes(text))
      result =
        (assignsMember(visit, text, pos, 0) &&
          argumentsAt(body, i + 1).some((arg, at) => at > 0 && arg.length === 1 && isOwn(arg[0]))) ||
        putsOwn(visit, text, pos, depth + 1);
  }
  puts.set(macro, result);
  return result;
}

const endsValue = (tok: Tok | undefined): boolean => !tok || tok.kind === SEMICOLON || tok.kind === PAREN_CLOSE;

/** Is a macro that puts its arguments into members given what may be a function? */
const isGiven = (visit: Visit, macro: MacroDefinition, args: Tok[][] | null): boolean =>
  args?.some((arg) => mayBeFunction(plainValue(arg)?.tok.text ?? '')) === true &&
  assignsMember(visit, macro.name, args[0]?.[0]?.pos ?? 0, 0);

/** The macro's name in `macro(…)` and in `x = macro(…)`; -1 in any other statement. */
function macroOf({ tokens: { kind } }: Source, { start }: Statement): number {
  const at = kind[start + 1] === ASSIGN ? start + 2 : start;
  return kind[at] === Kind.Identifier && kind[at + 1] === PAREN_OPEN ? at : -1;
}

/**
 * `INIT_WORK(&p->work, fn)`: does a macro put a function, named among its arguments or in its own text, into a member?
 */
export function assignsByMacro(
  visit: Visit,
  source: Source,
  statement: Statement,
  isLocal: (name: string) => boolean,
): boolean {
  const { tokens } = source;
  const at = macroOf(source, statement);
  if (at < 0) return false;
  const name = tokenText(tokens, at);
  const pos = posOf(source, at);
  if (putsOwn(visit, name, pos, 0)) return true;
  return (
    at === statement.start && namesValue(source, at + 2, statement.end, isLocal) && assignsMember(visit, name, pos, 0)
  );
}

/** The assignments in what a macro makes, each by itself. */
export function addMacroAssignments(
  visit: Visit,
  source: Source,
  statement: Statement,
  fact: FunctionFact,
  named: Set<string>,
): void {
  const input = sliceToks(source, macroOf(source, statement), statement.end);
  const toks = stripAttributes(
    expand(input, {
      macros: source.macros,
      used: visit.used,
      keep: (macro, args, use) =>
        isConfigTest(args) ||
        (isSelfContained(macro, args, use) && !putsOwn(visit, macro.name, use.pos, 0) && !isGiven(visit, macro, args)),
    }).toks,
  );
  let from = 0;
  const aliases = new Map<string, { tok: Tok; address: boolean }>();
  // one value, though several arms of the macro put it there
  const pushed = new Set<string>();
  for (let i = 0; i <= toks.length; i++) {
    const k = toks[i]?.kind;
    if (k !== undefined && k !== SEMICOLON && k !== BRACE_OPEN && k !== BRACE_CLOSE) continue;
    // `*(csd) = (struct csd){ .func = fn }`
    const end = literalEnd(toks, from, i);
    if (end > 0) {
      addAssignment(visit, withoutControl(toks.slice(from, end)), fact, named);
      from = end;
      i = end - 1;
      continue;
    }
    const assignment = plainAssignment(withoutControl(toks.slice(from, i)));
    from = i + 1;
    if (!assignment) continue;
    const { left, found } = assignment;
    const last = left[left.length - 1];
    // a local of the macro's own, by way of which the value goes on
    if (last.kind === Kind.Identifier && last.macro && isTypeWordOrName(left)) {
      if (!found.tok.macro) aliases.set(last.text, found);
      continue;
    }
    const value = found.tok.macro ? (aliases.get(found.tok.text) ?? found) : found;
    const target = readExpression(left);
    const member = memberOf(target, left);
    // of the values of the macro's own text those that may be functions: what is data is the same for everybody
    const isOwn = value.tok.macro && value.tok.pos === input[0].pos;
    if (isOwn && !(member && mayBeFunction(value.tok.text) && source.macros.isCallback(member.text))) continue;
    const key = `${member?.text} ${value.tok.pos}`;
    if (!member || pushed.has(key)) continue;
    pushed.add(key);
    pushAssignment(visit, target, member, value.tok, value.address, fact, named);
  }
}

/** The token of the member that an expression, made of the tokens `left`, ends in; undefined for what is none. */
const memberOf = (target: Expression, left: readonly Tok[]): Tok | undefined =>
  target[0] === '->' || target[0] === '.'
    ? left.findLast((t) => t.text === target[2] && t.kind === Kind.Identifier)
    : undefined;

/** The token behind the list that opens at `brace`, where tokens [from, brace) end in `= (T)`; 0 for any other token. */
function literalEnd(toks: readonly Tok[], from: number, brace: number): number {
  if (toks[brace]?.kind !== BRACE_OPEN || toks[brace - 1]?.kind !== PAREN_CLOSE) return 0;
  const open = openingIn(toks, brace - 1);
  return open > from && toks[open - 1].kind === ASSIGN ? skipGroup(toks, brace) : 0;
}

/** `… = f`, `… = &t`: the left side and the name on the right; null for any other statement. */
function plainAssignment(part: readonly Tok[]): { left: Tok[]; found: { tok: Tok; address: boolean } } | null {
  const assign = part.findIndex((t) => t.kind === ASSIGN);
  const found = assign > 1 ? plainValue(part.slice(assign + 1)) : null;
  return found && { left: part.slice(0, assign), found };
}

/** `uintptr_t p`, `typeof(x) p`: a declaration's words in front of a name. */
const isTypeWordOrName = (left: readonly Tok[]): boolean =>
  left.length > 1 && left.every((t) => t.kind !== Kind.Arrow && t.kind !== DOT && t.kind !== BRACKET_OPEN);

/** `if (x) a = b`, `do a = b`: the statement alone. */
function withoutControl(toks: Tok[]): Tok[] {
  let i = 0;
  while (toks[i]?.kind === Kind.Identifier) {
    const word = toks[i].text;
    if (word === 'do' || word === 'else') i++;
    else if ((word === 'if' || word === 'while' || word === 'for') && toks[i + 1]?.kind === PAREN_OPEN)
      i = skipGroup(toks, i + 1);
    else break;
  }
  return toks.slice(i);
}

/** `f`, `&t`, `((T)(f))`: the name that a value comes to, or null. */
function plainValue(toks: readonly Tok[]): { tok: Tok; address: boolean } | null {
  let rest = toks;
  let address = false;
  for (let n = 0; n < 12 && rest.length > 1; n++) {
    if (rest[0].kind === AMPERSAND && !address) {
      address = true;
      rest = rest.slice(1);
    } else if (rest[0].kind === PAREN_OPEN) {
      const end = skipGroup(rest, 0);
      // parentheses around it all, or a cast in front
      rest = end === rest.length ? rest.slice(1, -1) : rest.slice(end);
    } else return null;
  }
  const [tok] = rest;
  return rest.length === 1 && tok.kind === Kind.Identifier && isValueWord(tok.text) ? { tok, address } : null;
}
