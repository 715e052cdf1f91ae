/**
 * The calls in a function's body: direct ones, those through a member (dispatch sites) and those through a pointer. Found
 * by their `(`, with what stands in front of it: no tree is needed, so that every body of a kernel can be looked at.
 */
import { isStatementWord, isTypeWord } from '../syntax/declarations.ts';
import { expand } from '../syntax/expand.ts';
import type { MacroDefinition, Tok } from '../syntax/macros.ts';
import { placeOf, type Source } from '../syntax/source.ts';
import { BRACKET_CLOSE, BRACKET_OPEN, DOT, Kind, PAREN_CLOSE, PAREN_OPEN, STAR, tokenText } from '../syntax/tokens.ts';
import { expressionOfToks } from './expressions.ts';
import type { Visit } from './fileFacts.ts';
import type { CallsFact, Expression, SiteFact } from './types.ts';

/** Words before a `(` that call nothing. */
const NOT_CALLED = new Set([
  'if',
  'while',
  'for',
  'switch',
  'return',
  'sizeof',
  'typeof',
  '__typeof__',
  '__typeof',
  '__alignof__',
  '_Alignof',
  'offsetof',
  '__builtin_offsetof',
  '__builtin_constant_p',
  '__builtin_types_compatible_p',
  '__builtin_choose_expr',
  '__builtin_expect',
  '__attribute__',
  '__attribute',
  'asm',
  '__asm__',
  '__asm',
  'defined',
  'case',
  'else',
  'do',
  'goto',
  '_Static_assert',
  '_Generic',
  '__extension__',
  '__label__',
]);

/** A body as the scan sees it: its tokens, dead #if arms passed over. */
interface Body {
  visit: Visit;
  source: Source;
  from: number;
  to: number;
  /** index of the function in the file's facts */
  function: number;
  isLocal(name: string): boolean;
  /** told of each name whose type somebody will ask for */
  name(name: string): void;
}

/** Adds the calls in tokens [from, to) of a body to the facts. */
export function readSites(body: Body): void {
  const { source, from, to } = body;
  const { tokens, conditions } = source;
  const { kind } = tokens;
  const names: string[] = [];
  const lines: number[] = [];
  for (let i = from; i < to; i++) {
    if (kind[i] !== PAREN_OPEN || conditions.arms[conditions.arm[i]].dead) continue;
    const p = back(source, i, from);
    if (p < from) continue;
    if (kind[p] === Kind.Identifier) {
      const q = back(source, p, from);
      const before = q >= from ? kind[q] : 0;
      const word = tokenText(tokens, p);
      if (before === Kind.Arrow || before === DOT) addMemberCall(body, p, q);
      else if (NOT_CALLED.has(word)) {
        // operands of an asm are no calls
        if (word.includes('asm')) i = closing(source, i, to);
      } else if (isTypeWord(word) || isStatementWord(word)) continue;
      else if (body.isLocal(word)) addPointerCall(body, word, p, null);
      else {
        names.push(word);
        lines.push(lineOf(body, p));
      }
    } else if (kind[p] === PAREN_CLOSE) addParenthesizedCall(body, p);
    else if (kind[p] === BRACKET_CLOSE) addIndexedCall(body, p);
  }
  if (names.length) body.visit.facts.calls.push(callsFact(body.function, names, lines));
}

/** Names in one text and lines as steps: half of what a list of objects would take. */
function callsFact(fn: number, names: string[], lines: number[]): CallsFact {
  let last = 0;
  const steps = lines.map((line) => {
    const step = line - last;
    last = line;
    return step;
  });
  return { function: fn, names: names.join(' '), steps };
}

/** The token before `i`, preprocessor lines and dead arms left out; `from - 1` where there is none. */
function back(source: Source, i: number, from: number): number {
  const { kind } = source.tokens;
  const { arms, arm } = source.conditions;
  let at = i - 1;
  while (at >= from && (kind[at] === Kind.Directive || arms[arm[at]].dead)) at--;
  return at;
}

function closing(source: Source, open: number, to: number): number {
  const { kind } = source.tokens;
  let depth = 0;
  for (let i = open; i < to; i++) {
    if (kind[i] === PAREN_OPEN) depth++;
    else if (kind[i] === PAREN_CLOSE && --depth === 0) return i;
  }
  return to;
}

/** The bracket that `close` closes, or -1. */
function opening(source: Source, close: number, from: number): number {
  const { kind } = source.tokens;
  const [open, shut] = kind[close] === PAREN_CLOSE ? [PAREN_OPEN, PAREN_CLOSE] : [BRACKET_OPEN, BRACKET_CLOSE];
  let depth = 0;
  for (let i = close; i >= from; i--) {
    if (kind[i] === shut) depth++;
    else if (kind[i] === open && --depth === 0) return i;
  }
  return -1;
}

/** First token of the postfix expression that ends at token `end`: `container_of(x, struct y, m)->ops[3]`. */
function postfixStart(source: Source, end: number, from: number): number {
  const { kind } = source.tokens;
  let at = end;
  for (;;) {
    if (kind[at] === BRACKET_CLOSE || kind[at] === PAREN_CLOSE) {
      const open = opening(source, at, from);
      if (open < 0) return at;
      const before = back(source, open, from);
      const isCall =
        before >= from &&
        ((kind[before] === Kind.Identifier && !NOT_VALUES.has(tokenText(source.tokens, before))) ||
          kind[before] === BRACKET_CLOSE ||
          kind[before] === PAREN_CLOSE);
      if (kind[at] === PAREN_CLOSE && !isCall) return open;
      if (before < from) return open;
      at = before;
      continue;
    }
    if (kind[at] !== Kind.Identifier) return at;
    const before = back(source, at, from);
    if (before < from || (kind[before] !== Kind.Arrow && kind[before] !== DOT)) return at;
    const inner = back(source, before, from);
    if (inner < from) return at;
    at = inner;
  }
}

/** Words before a `(` that are not part of the value in it. */
const NOT_VALUES = new Set(['return', 'if', 'while', 'for', 'switch', 'case', 'else', 'do', 'sizeof']);

function toksOf(body: Body, from: number, to: number): Tok[] {
  const { source } = body;
  const { tokens, conditions, origin } = source;
  const out: Tok[] = [];
  for (let i = from; i < to; i++) {
    if (tokens.kind[i] === Kind.Directive || conditions.arms[conditions.arm[i]].dead) continue;
    if (origin) out.push(origin[i]);
    else
      out.push({
        kind: tokens.kind[i],
        text: tokenText(tokens, i),
        pos: tokens.start[i],
        macro: false,
        arm: conditions.arm[i],
        condition: null,
        plain: tokens.kind[i] === Kind.Identifier && !source.macros.mayBe(tokens.hash[i]),
      });
  }
  return out;
}

/** A type among the arguments tells what the call gives: no need to look into it. */
const takesType = (_: MacroDefinition, args: Tok[][] | null): boolean =>
  args?.some((arg, i) => i > 0 && arg[0]?.kind === Kind.Identifier && isTypeWord(arg[0].text)) ?? false;

function receiverOf(body: Body, toks: Tok[]): Expression {
  const { source, visit } = body;
  const isMacro = (t: Tok) => t.kind === Kind.Identifier && !t.plain && source.macros.lookup(t.text, t.pos) !== null;
  const expanded = toks.some(isMacro)
    ? expand(toks, { macros: source.macros, used: visit.used, keep: takesType }).toks
    : toks;
  const receiver = expressionOfToks(expanded);
  noteNames(receiver, body);
  return receiver;
}

/** Every name that the type of an expression may depend on. */
function noteNames(e: Expression, body: Body): void {
  switch (e[0]) {
    case 'id':
      body.name(e[1]);
      break;
    case 'cast':
    case 'other':
      break;
    case 'call':
      noteNames(e[1], body);
      break;
    case '?':
      noteNames(e[1], body);
      noteNames(e[2], body);
      break;
    default:
      noteNames(e[1], body);
  }
}

/** Name at token `p`, `->` or `.` at token `q`. */
function addMemberCall(body: Body, p: number, q: number): void {
  const end = back(body.source, q, body.from);
  if (end < body.from) return;
  const start = postfixStart(body.source, end, body.from);
  const receiver = receiverOf(body, toksOf(body, start, end + 1));
  const arrow = body.source.tokens.kind[q] === Kind.Arrow;
  add(body, 'call', tokenText(body.source.tokens, p), arrow ? ['*', receiver] : receiver, p);
}

function addPointerCall(body: Body, name: string, token: number, receiver: Expression | null): void {
  body.name(name);
  add(body, 'pointer', name, receiver, token);
}

/** `(*ops->fn)(x)`, `(fn)(x)`, `READ_ONCE(ops->fn)(x)`: `close` is the `)` before the call's `(`. */
function addParenthesizedCall(body: Body, close: number): void {
  const { source, from } = body;
  const open = opening(source, close, from);
  if (open < 0) return;
  const before = back(source, open, from);
  const { kind } = source.tokens;
  const called =
    before >= from && kind[before] === Kind.Identifier && !NOT_VALUES.has(tokenText(source.tokens, before));
  if (called) {
    // the result of a call, or a macro that stands for a callee
    const word = tokenText(source.tokens, before);
    if (NOT_CALLED.has(word) || !source.macros.lookup(word, posOf(source, before))) return;
    addCallee(body, receiverOf(body, toksOf(body, before, close + 1)), open + 1, close);
    return;
  }
  const inner = toksOf(body, open + 1, close);
  // `(type)(value)`
  if (inner.length === 0 || (inner.length === 1 && !body.isLocal(inner[0].text))) return;
  if (inner[0].kind === Kind.Identifier && (isTypeWord(inner[0].text) || inner.at(-1)?.kind === STAR)) return;
  addCallee(body, receiverOf(body, inner), open + 1, close);
}

/** `tbl[i](x)`, `ops->fn[i](x)` */
function addIndexedCall(body: Body, close: number): void {
  const start = postfixStart(body.source, close, body.from);
  addCallee(body, receiverOf(body, toksOf(body, start, close + 1)), start, close + 1);
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

const posOf = (source: Source, token: number): number =>
  source.origin ? source.origin[token].pos : source.tokens.start[token];

const lineOf = (body: Body, token: number): number => placeOf(body.source, posOf(body.source, token)).line;

function add(body: Body, kind: SiteFact['kind'], name: string, receiver: Expression | null, token: number): void {
  const { source } = body;
  body.visit.facts.sites.push({
    function: body.function,
    kind,
    name,
    receiver,
    macro: source.origin?.[token].macro ?? false,
    ...placeOf(source, posOf(source, token)),
  });
}
