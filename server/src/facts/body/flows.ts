/** Pointers to functions and to tables on their way through a body: passed on as arguments, put into variables and members. */

import { bracketPartners, closing, opening, STEP } from '../../syntax/brackets.ts';
import { postfixStart, readExpression } from '../../syntax/expressions.ts';
import { expand } from '../../syntax/macros/expand.ts';
import { placeOf, posOf, type Source, sliceToks } from '../../syntax/source.ts';
import {
  AMPERSAND,
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  COMMA,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  QUESTION,
  SEMICOLON,
  STAR,
  tokenText,
} from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { isTypeWord, isValueWord } from '../../syntax/words.ts';
import type { Expression } from '../types.ts';
import { type Body, back, lookUp, noteNames } from './bodyTokens.ts';

/** Adds what the call whose `(` is token `open` hands to `callee`. */
export function addArguments(body: Body, callee: () => Expression, open: number): void {
  const { kind } = body.source.tokens;
  const partners = bracketPartners(body.source.tokens);
  let depth = 0;
  let start = open + 1;
  let argument = 0;
  for (let i = open; i < body.to; i++) {
    const k = kind[i];
    // a call among the arguments has its own turn
    if (k === PAREN_OPEN && depth > 0 && partners[i] > i && partners[i] < body.to) i = partners[i];
    else if (k === PAREN_OPEN || k === BRACKET_OPEN || k === BRACE_OPEN) depth++;
    else if (k === PAREN_CLOSE || k === BRACKET_CLOSE || k === BRACE_CLOSE) {
      if (--depth > 0) continue;
      if (i > start) addArgument(body, callee, argument, start, i);
      return;
    } else if (k === COMMA && depth === 1) {
      addArgument(body, callee, argument, start, i);
      argument++;
      start = i + 1;
    }
  }
}

function addArgument(body: Body, callee: () => Expression, argument: number, from: number, to: number): void {
  for (const value of pointerValues(body, from, to)) add(body, value.from, callee(), argument, value.token);
}

/** A value that may be a function's address, and the token of its name. */
interface PointerValue {
  from: Expression;
  token: number;
}

/** Tokens of a choice that is looked into. */
const MAX_CHOICE = 40;

/** What tokens [from, to) may be, where that may be a function's address: of `a ? f : g` both. */
function pointerValues(body: Body, from: number, to: number): PointerValue[] {
  const { kind } = body.source.tokens;
  let choice = -1;
  if (to - from <= MAX_CHOICE) for (let i = from; i < to; i++) if (kind[i] === QUESTION) choice = i;
  const colon = choice < 0 ? -1 : kind.subarray(choice, to).indexOf(COLON) + choice;
  const values =
    colon > choice
      ? [pointerValue(body, choice + 1, colon), pointerValue(body, colon + 1, to)]
      : [pointerValue(body, from, to)];
  return values.filter((v) => v !== null);
}

/** The value of tokens [from, to), where it may be a function's address: a name or a member, perhaps cast, or one of an array. */
function pointerValue(body: Body, from: number, to: number): PointerValue | null {
  const { source } = body;
  const { kind } = source.tokens;
  const inner = withoutCasts(body, from, to);
  if (!inner) return null;
  let [a, b] = inner;
  const isAddress = kind[a] === AMPERSAND;
  if (isAddress) {
    // `&(drv)`, as macros write it
    const object = kind[a + 1] === PAREN_OPEN ? withoutCasts(body, a + 1, b) : null;
    [a, b] = object ?? [a + 1, b];
  }
  let last = b - 1;
  // `callbacks[i]`
  if (last > a && kind[last] === BRACKET_CLOSE) last = opening(source.tokens, last, a) - 1;
  if (last < a || kind[last] !== Kind.Identifier) return null;
  const word = tokenText(source.tokens, last);
  if (last === a) return isNameOfFunction(body, last, b - a > 1) ? { from: ['id', word], token: last } : null;
  // a lock's address is none of a function, whatever else has that name
  if (isAddress || (kind[last - 1] !== Kind.Arrow && kind[last - 1] !== DOT) || !mayHold(source, word)) return null;
  if (postfixStart(source.tokens, last, a, source.conditions) !== a) return null;
  const receiver = expression(body, a, last - 1);
  return { from: [kind[last - 1] === DOT ? '.' : '->', receiver, word], token: last };
}

/** Tokens [from, to) without casts and the parentheses around them; null where these are not closed. */
function withoutCasts({ source: { tokens } }: Body, from: number, to: number): [number, number] | null {
  let a = from;
  let b = to;
  for (let n = 0; n < 8 && tokens.kind[a] === PAREN_OPEN; n++) {
    const close = closing(tokens, a, b);
    if (close >= b) return null;
    if (close === b - 1) {
      a++;
      b--;
    } else a = close + 1;
  }
  return [a, b];
}

/** May the name at a token be a function's, or that of a local which holds one? `element`: one of an array of that name. */
function isNameOfFunction(body: Body, token: number, element: boolean): boolean {
  const { source } = body;
  // a name of the macro's own: the same wherever it is used
  if (source.origin?.[token].macro && body.expansion) return false;
  const word = tokenText(source.tokens, token);
  if (body.isLocal(word)) return mayPoint(body, word);
  return !element && word.length > 2 && isValueWord(word) && /^[a-z_]/.test(word) && !lookUp(body, token);
}

/** May a member of this name hold the address of a function, or of a table? */
const mayHold = ({ macros }: Source, member: string): boolean =>
  macros.isCallback(member) || macros.isTablePointer(member);

/** Does a parameter or local hold the address of a function, by its type's words? */
export function isFunctionLocal(
  { pointers, params, source }: Pick<Body, 'pointers' | 'params' | 'source'>,
  name: string,
): boolean {
  if (pointers.has(name)) return true;
  const type = params.find((p) => p.name === name)?.type;
  return (
    type !== undefined && (type.includes('(') || source.macros.isCallback(/\w+(?=[ *[\]]*$)/.exec(type)?.[0] ?? ''))
  );
}

/** May a parameter or local hold the address of a function or a table, by its type's words? */
function mayPoint(body: Body, name: string): boolean {
  if (body.pointers.has(name)) return true;
  const type = body.params.find((p) => p.name === name)?.type;
  return type !== undefined && (isCallbackType(type) || isTableType(type));
}

/** `const struct x_ops *`; old kernels have no `const` there. */
export const isTableType = (type: string): boolean =>
  /^(?:const struct \w+|struct \w+_op(?:s|erations)(?:_struct)?) \*(?: ?const)?$/.test(type);

const PLAIN_TYPE =
  /^(const )?(struct|union|enum|unsigned|signed|int|char|short|long|void|bool|_Bool|float|double|[us](8|16|32|64)|__\w+|u_?int\w*|uint\w*_t|int\w*_t|s?size_t|l?off_t|gfp_t|dma_addr_t|phys_addr_t|pgoff_t|pid_t|dev_t|umode_t|fmode_t|sector_t|pgprot_t|pte_t|pmd_t|pud_t|spinlock_t|ktime_t|cpumask_t|atomic\w*_t|uid_t|gid_t|k[ug]id_t|va_list)\b/;

/** May a parameter of this type hold a function's address? */
export const isCallbackType = (type: string): boolean => type.includes('(') || !PLAIN_TYPE.test(type);

function expression(body: Body, from: number, to: number): Expression {
  if (to - from > MAX_VALUE) return ['other', ''];
  const toks = sliceToks(body.source, from, to);
  const e = readExpression(expandedToks(body, toks));
  noteNames(e, body);
  return e;
}

/** Tokens with their macros expanded. */
export const expandedToks = (body: Body, toks: Tok[]): Tok[] =>
  toks.some((t) => t.kind === Kind.Identifier && !t.plain && body.source.macros.lookup(t.text, t.pos) !== null)
    ? expand(toks, { macros: body.source.macros, used: body.visit.used }).toks
    : toks;

function add(body: Body, from: Expression, to: Expression, argument: number, token: number): void {
  if (from[0] === 'id') body.name(from[1]);
  const { source, visit } = body;
  visit.facts.flows.push({
    function: body.function,
    from,
    to,
    argument,
    macro: source.origin?.[token].macro ?? false,
    ...placeOf(source, posOf(source, token)),
  });
}

/** Adds what a static call is given, at token `token`. */
export const addStaticFlow = (body: Body, from: Expression, name: string, token: number): void =>
  add(body, from, ['call', ['id', 'static_call'], [['id', name]]], -1, token);

/** Adds the functions that a `return` of tokens [from, to) may give back: `return mode ? fast_read : slow_read;`. */
export function addReturnFlow(body: Body, name: string, from: number, to: number): void {
  if (to - from > MAX_CHOICE || to <= from) return;
  for (const value of pointerValues(body, from, to)) add(body, value.from, ['id', name], -2, value.token);
}

/** Adds `x->f = fn` and `x->f = y->g` at the `=`, token `assign`, where the right side may be a function's address. */
export function addMemberFlow(body: Body, assign: number): void {
  const { source, from, to } = body;
  const { kind } = source.tokens;
  const member = back(source, assign, from);
  if (member < from || kind[member] !== Kind.Identifier) return;
  const dot = back(source, member, from);
  if (dot < from || (kind[dot] !== Kind.Arrow && kind[dot] !== DOT)) return;
  let end = assign + 1;
  while (end < to && kind[end] !== SEMICOLON && end - assign < 40) {
    const k = kind[end];
    if (
      k !== Kind.Identifier &&
      k !== Kind.Arrow &&
      k !== DOT &&
      k !== PAREN_OPEN &&
      k !== PAREN_CLOSE &&
      k !== STAR &&
      k !== COMMA &&
      k !== QUESTION &&
      k !== COLON &&
      k !== BRACKET_OPEN &&
      k !== BRACKET_CLOSE &&
      k !== Kind.Number
    )
      return;
    end++;
  }
  if (kind[end] !== SEMICOLON || end === assign + 1) return;
  const name = tokenText(source.tokens, member);
  const plain = pointerValues(body, assign + 1, end).map((v) => v.from);
  const result = plain.length > 0 ? null : resultOf(body, name, assign + 1, end);
  const values = plain.length > 0 ? plain : result ? [result.from] : behindMacro(body, name, assign + 1, end);
  // a function by its name is a registration
  const held = values.filter((v) => v[0] !== 'id' || body.isLocal(v[1]));
  const last = back(source, dot, from);
  if (held.length === 0 || last < from) return;
  const receiver = expression(body, postfixStart(source.tokens, last, from, source.conditions), last + 1);
  for (const value of held) add(body, value, [kind[dot] === DOT ? '.' : '->', receiver, name], -1, member);
}

/** `f->f_op = fops_get(inode->i_fop)`: what a macro hands through. */
function behindMacro(body: Body, member: string, from: number, end: number): Expression[] {
  const { kind } = body.source.tokens;
  if (kind[from] !== Kind.Identifier || kind[from + 1] !== PAREN_OPEN || !mayHold(body.source, member)) return [];
  if (closing(body.source.tokens, from + 1, end) !== end - 1 || !lookUp(body, from)) return [];
  const value = expression(body, from, end);
  const leaves = new Map(leavesOf(value).map((leaf) => [JSON.stringify(leaf), leaf]));
  return [...leaves.values()].filter((leaf) => leaf[0] !== 'id' || mayPoint(body, leaf[1]));
}

/** `x->handler = pick_handler(dev)`: the function whose result is put into a member that holds functions. */
function resultOf(body: Body, member: string, from: number, end: number): { from: Expression; token: number } | null {
  const { source } = body;
  const { kind } = source.tokens;
  if (
    kind[from] !== Kind.Identifier ||
    kind[from + 1] !== PAREN_OPEN ||
    closing(source.tokens, from + 1, end) !== end - 1
  )
    return null;
  const callee = tokenText(source.tokens, from);
  if (!mayHold(source, member) || body.isLocal(callee) || lookUp(body, from)) return null;
  return { from: ['call', ['id', callee], []], token: from };
}

/**
 * Adds what is put into the locals of a body that are called, or are declared as pointers to functions. `results` are
 * those of them of which it matters which function's result they hold.
 */
export function addLocalFlows(body: Body, locals: ReadonlySet<string>, results: ReadonlySet<string>): void {
  const { source, from, to } = body;
  const { tokens } = source;
  const { kind } = tokens;
  for (let i = from; i < to; i++) {
    if (kind[i] !== Kind.Identifier || !locals.has(tokenText(tokens, i))) continue;
    const before = back(source, i, from);
    if (before >= from && (kind[before] === Kind.Arrow || kind[before] === DOT)) continue;
    const assign = assignBehind(body, i);
    const end = assign < 0 ? -1 : valueEnd(body, assign + 1);
    if (end < 0) continue;
    for (const [start, stop] of kind[assign + 1] === BRACE_OPEN ? elementsOf(body, assign + 1) : [[assign + 1, end]])
      addLocalValue(body, i, start, stop, results);
  }
}

/** The `=` behind the name at token `i` of a local, or of an element of it; -1 where none follows. */
function assignBehind({ source: { tokens }, to }: Body, i: number): number {
  const { kind } = tokens;
  let assign = i + 1;
  if (kind[assign] === BRACKET_OPEN) assign = closing(tokens, assign, to) + 1;
  // `int (*fn)(int) = …`
  if (kind[assign] === PAREN_CLOSE && kind[assign + 1] === PAREN_OPEN) assign = closing(tokens, assign + 1, to) + 1;
  return kind[assign] === ASSIGN ? assign : -1;
}

/** The elements of a list that opens at token `open`, their designators aside. */
function elementsOf({ source: { tokens }, to }: Body, open: number): [number, number][] {
  const { kind } = tokens;
  const end = Math.min(closing(tokens, open, to), open + MAX_VALUE);
  const out: [number, number][] = [];
  let start = open + 1;
  let depth = 0;
  for (let i = start; i <= end; i++) {
    if (i === end || (kind[i] === COMMA && depth === 0)) {
      out.push([start, i]);
      start = i + 1;
    } else if (kind[i] === ASSIGN && depth === 0) start = i + 1;
    else depth += STEP[kind[i]];
  }
  return out;
}

/** Adds what the local whose name is token `i` is given by tokens [from, end). */
function addLocalValue(body: Body, i: number, from: number, end: number, results: ReadonlySet<string>): void {
  const toks = sliceToks(body.source, from, end);
  if (toks.length === 0 || toks.length > 60) return;
  const value = readExpression(expandedToks(body, toks));
  noteNames(value, body);
  const name = tokenText(body.source.tokens, i);
  for (const leaf of leavesOf(value)) add(body, leaf, ['id', name], -1, i);
  // what a function gives back is worth knowing where it is called
  if (value[0] === 'call' && value[1][0] === 'id' && results.has(name) && !body.isLocal(value[1][1]))
    add(body, ['call', value[1], []], ['id', name], -1, i);
}

/** Tokens of a value, dead arms and lists included, after which nobody looks for its end any more. */
const MAX_VALUE = 1000;

/** The `;` or `,` at which a value ends; -1 where it does not end soon. */
function valueEnd(body: Body, from: number): number {
  const { kind } = body.source.tokens;
  let depth = 0;
  for (let i = from; i < body.to; i++) {
    if (i - from > MAX_VALUE) return -1;
    const k = kind[i];
    if (k === PAREN_OPEN || k === BRACKET_OPEN || k === BRACE_OPEN) depth++;
    else if (k === PAREN_CLOSE || k === BRACKET_CLOSE || k === BRACE_CLOSE) {
      if (depth-- === 0) return i;
    } else if ((k === SEMICOLON || k === COMMA) && depth === 0) return i;
  }
  return body.to;
}

/** The names and members that a value may be. */
export function leavesOf(e: Expression): Expression[] {
  switch (e[0]) {
    case 'id':
      return isValueWord(e[1]) && !isTypeWord(e[1]) ? [e] : [];
    case '.':
    case '->':
      return [e];
    case '[]':
    case '&':
    case '*':
      return leavesOf(e[1]);
    case 'cast':
      return leavesOf(e[2]);
    case '?':
      return [...leavesOf(e[1]), ...leavesOf(e[2])];
    default:
      return [];
  }
}
