/** Pointers to functions and to tables on their way through a body: passed on as arguments, put into variables and members. */

import { bracketPartners, closing } from '../../syntax/brackets.ts';
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
  const value = pointerValue(body, from, to);
  if (value) add(body, value.from, callee(), argument, value.token);
}

/** The value of tokens [from, to), where it may be a function's address: a name or a member, perhaps cast. */
function pointerValue(body: Body, from: number, to: number): { from: Expression; token: number } | null {
  const { source } = body;
  const { kind } = source.tokens;
  let a = from;
  let b = to;
  for (let n = 0; n < 8 && kind[a] === PAREN_OPEN; n++) {
    const close = closing(source.tokens, a, b);
    if (close >= b) return null;
    if (close === b - 1) {
      a++;
      b--;
    } else a = close + 1;
  }
  const isAddress = kind[a] === AMPERSAND;
  if (isAddress) a++;
  const last = b - 1;
  if (last < a || kind[last] !== Kind.Identifier) return null;
  const word = tokenText(source.tokens, last);
  if (last === a) {
    // a name of the macro's own: the same wherever it is used
    if (source.origin?.[last].macro && body.expansion) return null;
    const known = body.isLocal(word)
      ? mayPoint(body, word)
      : word.length > 2 && isValueWord(word) && /^[a-z_]/.test(word) && !lookUp(body, last);
    return known ? { from: ['id', word], token: last } : null;
  }
  // a lock's address is none of a function, whatever else has that name
  if (isAddress || (kind[last - 1] !== Kind.Arrow && kind[last - 1] !== DOT) || !mayHold(source, word)) return null;
  if (postfixStart(source.tokens, last, a, source.conditions) !== a) return null;
  const receiver = expression(body, a, last - 1);
  return { from: [kind[last - 1] === DOT ? '.' : '->', receiver, word], token: last };
}

/** May a member of this name hold the address of a function, or of a table? */
const mayHold = ({ macros }: Source, member: string): boolean =>
  macros.isCallback(member) || macros.isTablePointer(member);

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
  const { kind } = body.source.tokens;
  if (to - from > 40 || to <= from) return;
  let choice = -1;
  for (let i = from; i < to; i++) if (kind[i] === QUESTION) choice = i;
  const parts: [number, number][] = [];
  const colon = choice < 0 ? -1 : kind.subarray(choice, to).indexOf(COLON) + choice;
  if (colon > choice) parts.push([choice + 1, colon], [colon + 1, to]);
  else parts.push([from, to]);
  for (const [start, end] of parts) {
    const value = pointerValue(body, start, end);
    if (value) add(body, value.from, ['id', name], -2, value.token);
  }
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
      k !== Kind.Number
    )
      return;
    end++;
  }
  if (kind[end] !== SEMICOLON || end === assign + 1) return;
  const name = tokenText(source.tokens, member);
  const plain = pointerValue(body, assign + 1, end) ?? resultOf(body, name, assign + 1, end);
  const values = plain ? [plain.from] : behindMacro(body, name, assign + 1, end);
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
    let assign = i + 1;
    // `int (*fn)(int) = …`
    if (kind[assign] === PAREN_CLOSE && kind[assign + 1] === PAREN_OPEN)
      assign = closing(source.tokens, assign + 1, to) + 1;
    if (kind[assign] !== ASSIGN) continue;
    const end = valueEnd(body, assign + 1);
    if (end < 0) continue;
    const toks = sliceToks(body.source, assign + 1, end);
    if (toks.length === 0 || toks.length > 60 || toks[0].kind === BRACE_OPEN) continue;
    const value = readExpression(expandedToks(body, toks));
    noteNames(value, body);
    const name = tokenText(tokens, i);
    for (const leaf of leavesOf(value)) add(body, leaf, ['id', name], -1, i);
    // what a function gives back is worth knowing where it is called
    if (value[0] === 'call' && value[1][0] === 'id' && results.has(name) && !body.isLocal(value[1][1]))
      add(body, ['call', value[1], []], ['id', name], -1, i);
  }
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
