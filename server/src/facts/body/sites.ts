/**
 * The calls in a function's body: direct ones, those through a member (dispatch sites) and those through a pointer. Found
 * by their `(`, with what stands in front of it: no tree is needed, so that every body of a kernel can be looked at.
 */

import { isStaticCall, registers, UPDATES_STATIC_CALL } from '../../kernel/idioms.ts';
import { argumentsAt, closing, opening } from '../../syntax/brackets.ts';
import { readDeclaration } from '../../syntax/declarations.ts';
import { postfixStart, readExpression } from '../../syntax/expressions.ts';
import type { MacroDefinition } from '../../syntax/macros/definitions.ts';
import { expand } from '../../syntax/macros/expand.ts';
import { expandedSource, placeOf, posOf, type Source, sliceToks } from '../../syntax/source.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  COMMA,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  STAR,
  tokenText,
} from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { callsNothing, isAsm, isHeadWord, isTypeWord, isValueWord, standsBeforeValue } from '../../syntax/words.ts';
import type { CallsFact, Expression, SiteFact } from '../types.ts';
import { type Body, back, isCounted, lineOf, lookUp, noteNames } from './bodyTokens.ts';
import { addArguments, addLocalFlows, addMemberFlow, isCallbackType, isFunctionLocal, leavesOf } from './flows.ts';
import { callsOfMacro, holdsMember, isMember, isSelfContained, NO_CALLS } from './macroCalls.ts';
import { addStaticUpdate, isPatched, listedCalls, operandCalled } from './patched.ts';

/** The direct calls seen so far. */
interface Calls {
  names: string[];
  lines: number[];
  /** where the uses of macros end that are being read: those in their arguments show in their expansion, too */
  uses: number[];
}

/** Uses of macros in each other that are expanded each by itself. */
const MAX_USES = 10;

/** Adds the calls in tokens [from, to) of a body to the facts, and the function pointers that it hands on. */
export function readSites(body: Body): void {
  const { facts } = body.visit;
  const calls: Calls = { names: [], lines: [], uses: [] };
  const first = facts.sites.length;
  scan(body, calls);
  if (calls.names.length) facts.calls.push(callsFact(body.function, calls));
  const called = new Set(body.pointers);
  for (let i = first; i < facts.sites.length; i++)
    if (facts.sites[i].kind === 'pointer') called.add(facts.sites[i].name);
  const results = new Set(called);
  for (const p of body.params) if (p.name && isCallbackType(p.type)) called.add(p.name);
  if (called.size) addLocalFlows(body, called, results);
}

function scan(body: Body, calls: Calls): void {
  const { source, from, to } = body;
  const { tokens, conditions } = source;
  const { kind } = tokens;
  for (let i = from; i < to; i++) {
    const k = kind[i];
    if (k === ASSIGN) addMemberFlow(body, i);
    if (k === Kind.Directive && source.templates.has(i))
      for (const name of listedCalls(body, i)) noteCall(body, calls, name, i);
    if (k !== PAREN_OPEN || conditions.arms[conditions.arm[i]].dead) continue;
    const p = back(source, i, from);
    if (p < from) continue;
    if (kind[p] === Kind.Identifier) i = addNamedCall(body, calls, p, i);
    else if (!isCounted(body, i)) continue;
    else if (kind[p] === PAREN_CLOSE) addParenthesizedCall(body, p);
    else if (kind[p] === BRACKET_CLOSE) addIndexedCall(body, p);
  }
}

/** `name(`, name at token `p`: a member, a pointer, a function or a macro. The token behind which to go on. */
function addNamedCall(body: Body, calls: Calls, p: number, open: number): number {
  const { source, from } = body;
  const { tokens } = source;
  const q = back(source, p, from);
  const before = q >= from ? tokens.kind[q] : 0;
  const word = tokenText(tokens, p);
  if (before === Kind.Arrow || before === DOT) {
    if (isCounted(body, open)) addMemberCall(body, p, q, open);
  } else if (word === 'volatile' && isAsm(before ? tokenText(tokens, q) : '')) return addAssembly(body, open);
  else if (callsNothing(word)) {
    // operands of an asm are no calls
    if (word.includes('asm')) return addAssembly(body, open);
  } else if (!body.isLocal(word)) addDirectCall(body, calls, word, p, open);
  else if (isCounted(body, open)) {
    const alias = body.aliases.get(word);
    if (alias) addAliasCall(body, alias, p);
    else addPointerCall(body, word, p, null);
  }
  return open;
}

/** The parentheses of an asm, which a macro has made: what it calls is an operand. Behind them. */
function addAssembly(body: Body, open: number): number {
  const end = closing(body.source.tokens, open, body.to);
  if (!body.expansion) return end;
  const { name, receiver, token } = operandCalled(body, open, end) ?? {};
  if (name !== undefined && receiver && token !== undefined) add(body, 'call', name, receiver, token);
  return end;
}

/** `word(`: a function, or a macro, whose use is expanded where it calls what only the expansion shows. */
function addDirectCall(body: Body, calls: Calls, word: string, token: number, open: number): void {
  const { source } = body;
  const macro = lookUp(body, token);
  if (word === UPDATES_STATIC_CALL && isCounted(body, token)) addStaticUpdate(body, argumentsOf(body, open), token);
  if (body.expansion && !isCounted(body, open)) return;
  if (macro && !body.expansion) {
    addMacroUse(body, calls, macro, token, open);
    return;
  }
  // what a macro's own text calls is known of the macro
  if (!body.expansion || (!source.origin?.[token].macro && !macro)) noteCall(body, calls, word, token);
  addArguments(body, () => ['id', word], open);
}

/** The use of a macro in a body as written. */
function addMacroUse(body: Body, calls: Calls, macro: MacroDefinition, token: number, open: number): void {
  const { source } = body;
  const inside = callsOfMacro(body.visit.memos, source.macros, macro, posOf(source, token));
  // a stand-in of one configuration: in others it is a function
  if (inside === NO_CALLS && macro.condition === null) return;
  noteCall(body, calls, macro.name, token);
  if (macro.condition !== null) addArguments(body, () => ['id', macro.name], open);
  let hidden = inside.members;
  if (inside.params.length > 0) {
    const args = argumentsOf(body, open);
    for (const p of inside.params) {
      const arg = args[p] ?? [];
      if (arg.length !== 1) hidden ||= arg.length > 0 && isMember(arg);
      else if (arg[0].kind === Kind.Identifier && !isTypeWord(arg[0].text)) {
        if (body.isLocal(arg[0].text)) hidden = true;
        else noteCall(body, calls, arg[0].text, token);
      }
    }
  }
  const hands = inside.direct && (registers(macro.name) || namesPointer(body, open));
  if (hidden || hands) scanExpansion(body, calls, token, open);
}

/** The arguments of the call at `open`. */
const argumentsOf = ({ source, to }: Body, open: number): Tok[][] =>
  argumentsAt(sliceToks(source, open, closing(source.tokens, open, to) + 1), 0);

function noteCall(body: Body, calls: Calls, word: string, token: number): void {
  calls.names.push(word);
  calls.lines.push(lineOf(body, token));
}

/** Is an argument of the call at `open`, in front of any message, a plain name that may be a function, or a pointer to one? */
function namesPointer(body: Body, open: number): boolean {
  const { tokens } = body.source;
  const { kind } = tokens;
  const end = closing(tokens, open, body.to);
  let depth = 0;
  let found = false;
  for (let i = open; i < end; i++) {
    const k = kind[i];
    if (k === PAREN_OPEN) depth++;
    else if (k === PAREN_CLOSE) depth--;
    else if (k === Kind.Identifier) found ||= depth === 1 && isPointerArgument(body, i);
    // what stands behind a message is printed: `kthread_run(fn, data, "flush-%d", n)` hands on what stands in front
    else if (k === Kind.String && /[ %\\]/.test(tokenText(tokens, i))) break;
  }
  return found;
}

/** Is the name at token `i` an argument by itself, and may it be a function, or a pointer to one? */
function isPointerArgument(body: Body, i: number): boolean {
  const { tokens } = body.source;
  const { kind } = tokens;
  if (kind[i + 1] !== COMMA && kind[i + 1] !== PAREN_CLOSE) return false;
  if (kind[i - 1] !== COMMA && kind[i - 1] !== PAREN_OPEN) return false;
  const word = tokenText(tokens, i);
  if (body.isLocal(word)) return isFunctionLocal(body, word);
  return word.length > 2 && isValueWord(word) && /^[a-z_]/.test(word) && !lookUp(body, i);
}

/** Reads the calls that a macro's use stands for: tokens from its name to the `)` that closes its arguments. */
function scanExpansion(body: Body, calls: Calls, token: number, open: number): void {
  const { source, visit } = body;
  const { macros } = source;
  const { uses } = calls;
  const end = Math.min(closing(source.tokens, open, body.to) + 1, body.to);
  while (uses.length > 0 && uses[uses.length - 1] <= token) uses.pop();
  if (uses.length >= MAX_USES) return;
  uses.push(end);
  const input = sliceToks(body.source, token, end);
  const toks = expand(input, {
    macros,
    used: visit.used,
    keep(macro, args, use) {
      if (isPatched(macro)) return true;
      const inside = callsOfMacro(visit.memos, macros, macro, posOf(source, token));
      if (inside === NO_CALLS) return true;
      const known =
        !inside.members &&
        !inside.params.length &&
        !inside.hands &&
        args !== null &&
        isSelfContained(macro, args, use) &&
        !holdsMember(args);
      if (known) visit.used.add(macro.name);
      return known;
    },
  }).toks;
  const inner = expandedSource(source, toks);
  const declared = new Map<string, string>();
  const asked = new Set<string>();
  const aliases = new Map(body.aliases);
  const first = visit.facts.sites.length;
  for (const local of declaredIn(toks)) {
    declared.set(local.name, local.type);
    if (local.init) aliases.set(local.name, local.init);
  }
  scan(
    {
      ...body,
      source: inner,
      expansion: true,
      from: 0,
      to: toks.length,
      isLocal: (name) => declared.has(name) || body.isLocal(name),
      aliases,
      name(name) {
        asked.add(name);
        body.name(name);
      },
    },
    calls,
  );
  const line = lineOf(body, token);
  const fn = visit.facts.functions[body.function]?.name ?? '';
  for (const [name, type] of declared)
    if (asked.has(name)) visit.facts.locals.push({ function: fn, name, type, line, endLine: line });
  dropRepeated(visit.facts.sites, first);
}

/** The locals that a macro declares for itself: `do { struct x *p; … } while (0)`. */
function declaredIn(toks: readonly Tok[]): { name: string; type: string; init: Tok[] | null }[] {
  const out: { name: string; type: string; init: Tok[] | null }[] = [];
  let from = 0;
  for (let i = 0; i < toks.length; i++) {
    const k = toks[i].kind;
    if (k !== SEMICOLON && k !== BRACE_OPEN && k !== BRACE_CLOSE) continue;
    const first = toks[from];
    if (k === SEMICOLON && first?.kind === Kind.Identifier && i - from > 1 && i - from < 60 && isTypeWord(first.text))
      for (const d of readDeclaration(toks.slice(from, i))?.declarators ?? [])
        if (d.name && !d.params) out.push({ name: d.name, type: d.type, init: d.init?.length ? d.init : null });
    from = i + 1;
  }
  return out;
}

/** A macro in another one's argument shows in both expansions: of the sites from `first` on, those that are new stay. */
function dropRepeated(sites: SiteFact[], first: number): void {
  if (sites.length === first) return;
  const seen = new Set<string>();
  let kept = first;
  for (let i = Math.max(0, first - 8); i < sites.length; i++) {
    const { line, column, name, kind, receiver } = sites[i];
    const key = `${line}:${column} ${kind} ${name} ${JSON.stringify(receiver)}`;
    if (i >= first && !seen.has(key)) sites[kept++] = sites[i];
    seen.add(key);
  }
  sites.length = kept;
}

/** Names in one text and lines as steps: half of what a list of objects would take. */
function callsFact(fn: number, { names, lines }: Calls): CallsFact {
  let last = 0;
  const steps = lines.map((line) => {
    const step = line - last;
    last = line;
    return step;
  });
  return { function: fn, names: names.join(' '), steps };
}

/** A type among the arguments tells what the call gives: no need to look into it. A static call is told by its name. */
const takesType = (macro: MacroDefinition, args: Tok[][] | null): boolean =>
  isStaticCall(macro.name) ||
  (args?.some((arg, i) => i > 0 && arg[0]?.kind === Kind.Identifier && isTypeWord(arg[0].text)) ?? false);

/** Tokens that a receiver may have: of one with more nothing is known. */
const MAX_RECEIVER = 600;

function receiverOf(body: Body, from: number, to: number): Expression {
  const { source, visit } = body;
  if (to - from > MAX_RECEIVER) {
    visit.facts.partial = true;
    return ['other', ''];
  }
  const toks = sliceToks(body.source, from, to);
  const isMacro = (t: Tok) => t.kind === Kind.Identifier && !t.plain && source.macros.lookup(t.text, t.pos) !== null;
  const expanded = toks.some(isMacro)
    ? expand(toks, { macros: source.macros, used: visit.used, keep: takesType }).toks
    : toks;
  const receiver = readExpression(expanded);
  noteNames(receiver, body);
  return receiver;
}

/** Name at token `p`, `->` or `.` at token `q`, the call's `(` at token `open`. */
function addMemberCall(body: Body, p: number, q: number, open: number): void {
  const end = back(body.source, q, body.from);
  if (end < body.from) return;
  const last = body.source.tokens.kind[end];
  // `.long (x)` in what an asm statement is made of
  if (last !== Kind.Identifier && last !== PAREN_CLOSE && last !== BRACKET_CLOSE) return;
  const start = postfixStart(body.source.tokens, end, body.from, body.source.conditions);
  const receiver = receiverOf(body, start, end + 1);
  const arrow = body.source.tokens.kind[q] === Kind.Arrow;
  const name = tokenText(body.source.tokens, p);
  add(body, 'call', name, arrow ? ['*', receiver] : receiver, p);
  addArguments(body, () => [arrow ? '->' : '.', receiver, name], open);
}

function addPointerCall(body: Body, name: string, token: number, receiver: Expression | null): void {
  body.name(name);
  add(body, 'pointer', name, receiver, token);
}

/** A call of a macro's own local: it is one of what the local was made with. */
function addAliasCall(body: Body, value: readonly Tok[], token: number, depth = 0): void {
  const leaf = leavesOf(readExpression(value))[0];
  if (!leaf || depth > 8) return;
  const name = leaf[0] === 'id' ? leaf[1] : (leaf[2] as string);
  const inner = leaf[0] === 'id' ? body.aliases.get(name) : undefined;
  if (inner) {
    addAliasCall(body, inner, token, depth + 1);
    return;
  }
  noteNames(leaf, body);
  const at = value.findLast((t) => t.text === name);
  const pos = at?.pos ?? posOf(body.source, token);
  const macro = at?.macro ?? true;
  if (leaf[0] === '->' || leaf[0] === '.') {
    const of = leaf[1] as Expression;
    addSite(body, 'call', name, leaf[0] === '->' ? ['*', of] : of, pos, macro);
  } else if (body.isLocal(name)) addSite(body, 'pointer', name, null, pos, macro);
}

/** `(*ops->fn)(x)`, `(fn)(x)`, `READ_ONCE(ops->fn)(x)`: `close` is the `)` before the call's `(`. */
function addParenthesizedCall(body: Body, close: number): void {
  const { source, from } = body;
  const open = opening(source.tokens, close, from);
  if (open < 0) return;
  const before = back(source, open, from);
  const { kind } = source.tokens;
  const word = before >= from && kind[before] === Kind.Identifier ? tokenText(source.tokens, before) : '';
  // `if (x) (y)`
  if (isHeadWord(word)) return;
  if (word && !standsBeforeValue(word)) {
    // the result of a call, or a macro that stands for a callee
    const pos = posOf(source, before);
    const macro = callsNothing(word) ? null : source.macros.lookup(word, pos);
    // one that an expansion has left as it stands gives what a function gave it
    if (isStaticCall(word)) {
      addCallee(body, receiverOf(body, before, close + 1), open + 1, close);
      return;
    }
    if (!macro || (body.expansion && callsOfMacro(body.visit.memos, source.macros, macro, pos) !== NO_CALLS)) return;
    addCallee(body, receiverOf(body, before, close + 1), open + 1, close);
    return;
  }
  if (close - open > MAX_RECEIVER) return;
  const inner = sliceToks(body.source, open + 1, close);
  // `(type)(value)`
  if (inner.length === 0 || (inner.length === 1 && !body.isLocal(inner[0].text))) return;
  if (inner[0].kind === Kind.Identifier && (isTypeWord(inner[0].text) || inner.at(-1)?.kind === STAR)) return;
  addCallee(body, receiverOf(body, open + 1, close), open + 1, close);
}

/** `tbl[i](x)`, `ops->fn[i](x)` */
function addIndexedCall(body: Body, close: number): void {
  const start = postfixStart(body.source.tokens, close, body.from, body.source.conditions);
  addCallee(body, receiverOf(body, start, close + 1), start, close + 1);
}

/** A callee that is an expression: the member it ends with, or the variable it is. Its name stands in tokens [from, to). */
function addCallee(body: Body, callee: Expression, from: number, to: number): void {
  let at = callee;
  while (at[0] === '*' || at[0] === '&' || at[0] === '[]' || at[0] === 'cast') at = at[0] === 'cast' ? at[2] : at[1];
  if (at[0] === '?') {
    addCallee(body, at[1], from, to);
    addCallee(body, at[2], from, to);
    return;
  }
  if (at[0] === 'call' && at[1][0] === 'id' && isStaticCall(at[1][1]) && at[2][0]?.[0] === 'id') {
    const name = at[2][0][1];
    addPointerCall(body, name, tokenOf(body.source, name, from, to), ['call', at[1], [at[2][0]]]);
    return;
  }
  if (at[0] === '->' || at[0] === '.') {
    const receiver: Expression = at[0] === '->' ? ['*', at[1]] : at[1];
    add(body, 'call', at[2], receiver, tokenOf(body.source, at[2], from, to));
  } else if (at[0] === 'id' && (body.isLocal(at[1]) || callee !== at))
    addPointerCall(body, at[1], tokenOf(body.source, at[1], from, to), null);
}

/** The token that a name stands at, the last of several. */
function tokenOf(source: Source, name: string, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--)
    if (source.tokens.kind[i] === Kind.Identifier && tokenText(source.tokens, i) === name) return i;
  return from;
}

function add(body: Body, kind: SiteFact['kind'], name: string, receiver: Expression | null, token: number): void {
  addSite(body, kind, name, receiver, posOf(body.source, token), body.source.origin?.[token].macro ?? false);
}

function addSite(
  { visit, source, function: fn }: Body,
  kind: SiteFact['kind'],
  name: string,
  receiver: Expression | null,
  pos: number,
  macro: boolean,
): void {
  visit.facts.sites.push({ function: fn, kind, name, receiver, macro, ...placeOf(source, pos) });
}
