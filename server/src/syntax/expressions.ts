/**
 * Expressions by their tokens, as far as the type of a receiver can depend on them: postfix chains, casts, `*` and `&`,
 * choices, statement expressions, `typeof`. The parser proper would do, at thirty times the cost, and there are a
 * million receivers in a kernel; a cursor's question must be answered in microseconds, too.
 */

import { liveBefore, opening, skipGroup, splitCommas } from './brackets.ts';
import type { Conditions } from './conditions.ts';
import { readTypeName } from './declarations.ts';
import type { Tokens } from './tokens.ts';
import {
  AMPERSAND,
  BANG,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  COMMA,
  DOT,
  Kind,
  MINUS,
  PAREN_CLOSE,
  PAREN_OPEN,
  PLUS,
  QUESTION,
  SEMICOLON,
  STAR,
  TILDE,
  tokenText,
} from './tokens.ts';
import type { Tok } from './toks.ts';
import { joinToks } from './toks.ts';
import { isHeadWord, isTagWord, isTypeWord, standsBeforeValue } from './words.ts';

/** An expression, as far as its type may be asked for. */
export type Expression =
  | ['id', string]
  | ['.', Expression, string]
  | ['->', Expression, string]
  | ['[]', Expression]
  | ['*', Expression]
  | ['&', Expression]
  | ['call', Expression, Expression[]]
  | ['cast', string, Expression]
  | ['?', Expression, Expression]
  | ['other', string];

const NOTHING: Expression = ['other', ''];
/** A null pointer, as some write it: what it is put into holds nothing. */
const ZERO: Expression = ['other', '0'];

/** Operators and parentheses in each other that are read. */
const MAX_DEPTH = 60;

/** Members, calls and indices in a row; each of them is a receiver of its own, which begins at the first. */
const MAX_CHAIN = 30;

/** Parts in each other that an expression may have, a member of a member of a member too: of more nothing is known. */
export const MAX_EXPRESSION = 200;
const TYPEOF = new Set(['typeof', '__typeof__', '__typeof', '__unqual_scalar_typeof']);

interface Reader {
  toks: readonly Tok[];
  at: number;
  depth: number;
}

/**
 * The expression that the tokens are. Never fails: what can't be read is `other`, whose type nobody knows. Of operators
 * the left side counts, of `a, b` the last; a call that is given a type (`container_of(p, struct x, m)`) is a cast.
 */
export function readExpression(toks: readonly Tok[]): Expression {
  const value = readAll(toks, 0);
  return isDeeper(value, MAX_EXPRESSION) ? NOTHING : value;
}

/** Has an expression more parts in each other than so many? */
function isDeeper(e: Expression, than: number): boolean {
  if (than < 0) return true;
  switch (e[0]) {
    case 'id':
    case 'other':
      return false;
    case 'cast':
      return isDeeper(e[2], than - 1);
    case 'call':
      return isDeeper(e[1], than - 1) || e[2].some((arg) => isDeeper(arg, than - 1));
    case '?':
      return isDeeper(e[1], than - 1) || isDeeper(e[2], than - 1);
    default:
      return isDeeper(e[1], than - 1);
  }
}

function readAll(toks: readonly Tok[], depth: number): Expression {
  if (toks.length === 0 || depth > MAX_DEPTH) return NOTHING;
  const reader: Reader = { toks, at: 0, depth };
  let value = readChoice(reader);
  // `a, b` is worth b, `p = q` is worth p
  while (reader.toks[reader.at]?.kind === COMMA) {
    reader.at++;
    value = readChoice(reader);
  }
  return value;
}

const kindAt = (r: Reader, ahead = 0): number => r.toks[r.at + ahead]?.kind ?? 0;

const STOPS: ReadonlySet<number> = new Set([COMMA, QUESTION, COLON, SEMICOLON, Kind.End]);

/** `a ? b : c`, and of operators the left side: `p + 1` has the type of `p`. */
function readChoice(r: Reader): Expression {
  const from = r.at;
  const value = readUnary(r);
  let compared = false;
  while (!STOPS.has(kindAt(r))) {
    const k = kindAt(r);
    compared ||= k === Kind.Compare || k === Kind.LogicalAnd || k === Kind.LogicalOr;
    const before = r.at;
    r.at++;
    readUnary(r);
    if (r.at === before) r.at++;
  }
  if (kindAt(r) !== QUESTION) return compared ? NOTHING : value;
  r.at++;
  if (r.depth > MAX_DEPTH) {
    r.at = r.toks.length;
    return NOTHING;
  }
  r.depth++;
  // `a ?: b`
  const yes = kindAt(r) === COLON ? value : readChoice(r);
  if (kindAt(r) === COLON) r.at++;
  const no = r.at > from ? readChoice(r) : NOTHING;
  r.depth--;
  return ['?', yes, no];
}

function readUnary(r: Reader): Expression {
  if (++r.depth > MAX_DEPTH) return NOTHING;
  try {
    const k = kindAt(r);
    if (k === STAR || k === AMPERSAND) {
      r.at++;
      const of = readUnary(r);
      // `&*p` and `*&x` are p and x
      if (k === AMPERSAND && of[0] === '*') return of[1];
      if (k === STAR && of[0] === '&') return of[1];
      return [k === STAR ? '*' : '&', of];
    }
    if (k === Kind.Increment || k === Kind.Decrement) {
      r.at++;
      return readUnary(r);
    }
    if (k === BANG || k === TILDE || k === MINUS || k === PLUS || k === Kind.LogicalAnd) {
      r.at++;
      readUnary(r);
      return NOTHING;
    }
    if (k === PAREN_OPEN) {
      const end = skipGroup(r.toks, r.at);
      const next = r.toks[end];
      if (startsOperand(next) && (isTypeName(r.toks, r.at + 1, end - 1) || isCastByName(r.toks, r.at, end))) {
        const inner = r.toks.slice(r.at + 1, end - 1);
        r.at = end;
        if (next?.kind === BRACE_OPEN) {
          r.at = skipGroup(r.toks, end);
          return readPostfix(r, castTo(inner, NOTHING, r.depth));
        }
        return castTo(inner, readUnary(r), r.depth);
      }
    }
    return readPostfix(r, readPrimary(r));
  } finally {
    r.depth--;
  }
}

/** Can a value start here? Then `(name)` before it may be a cast. */
function startsOperand(tok: Tok | undefined): boolean {
  if (!tok) return false;
  const { kind } = tok;
  return (
    kind === Kind.Identifier ||
    kind === Kind.Number ||
    kind === Kind.String ||
    kind === Kind.Character ||
    kind === PAREN_OPEN ||
    kind === BRACE_OPEN ||
    kind === STAR ||
    kind === AMPERSAND ||
    kind === TILDE ||
    kind === BANG ||
    kind === MINUS
  );
}

/** `struct x *`, `u32`, `typeof(x) *`, `my_t **`: words, then stars. */
function isTypeName(toks: readonly Tok[], from = 0, to = toks.length): boolean {
  const first = from < to ? toks[from] : undefined;
  if (first?.kind !== Kind.Identifier) return false;
  if (isTypeWord(first.text) || TYPEOF.has(first.text)) return true;
  let i = from;
  while (i < to && toks[i].kind === Kind.Identifier) i++;
  const words = i - from;
  if (words > 2) return false;
  while (i < to && toks[i].kind === STAR) i++;
  if (i < to) return false;
  // `(x)` alone is a value as often as a type
  return i - from > words || words === 2 || /_t$|^__?[us](8|16|32|64)$|^[us](8|16|32|64)$/.test(first.text);
}

/** `(name)x`: a typedef's name, whatever it looks like, as a value has no other behind it. */
const isCastByName = (toks: readonly Tok[], open: number, end: number): boolean =>
  end === open + 3 && toks[open + 1].kind === Kind.Identifier && toks[end].kind === Kind.Identifier;

/** A cast, also one to `typeof(e) *`: that is the type of e's address. */
function castTo(type: readonly Tok[], value: Expression, depth: number): Expression {
  const at = type.findIndex((t) => t.kind === Kind.Identifier && TYPEOF.has(t.text));
  if (at >= 0 && type[at + 1]?.kind === PAREN_OPEN) {
    const end = skipGroup(type, at + 1);
    const inner = type.slice(at + 2, end - 1);
    let of: Expression = isTypeName(inner) ? ['cast', textOf(inner), value] : readAll(inner, depth + 1);
    for (const tok of type.slice(end)) if (tok.kind === STAR) of = of[0] === '*' ? of[1] : ['&', of];
    return of;
  }
  return ['cast', textOf(type), value];
}

const textOf = (type: readonly Tok[]): string => readTypeName(type) ?? joinToks(type);

function readPrimary(r: Reader): Expression {
  const tok = r.toks[r.at];
  if (!tok) return NOTHING;
  if (tok.kind === PAREN_OPEN) {
    const end = skipGroup(r.toks, r.at);
    const inner = r.toks.slice(r.at + 1, end - 1);
    r.at = end;
    return inner[0]?.kind === BRACE_OPEN ? statementValue(inner, r.depth + 1) : readAll(inner, r.depth + 1);
  }
  if (tok.kind !== Kind.Identifier) {
    if (STOPS.has(tok.kind) || tok.kind === PAREN_CLOSE) return NOTHING;
    r.at++;
    return tok.kind === Kind.Number && tok.text === '0' ? ZERO : NOTHING;
  }
  if ((tok.text === 'sizeof' || tok.text === '__alignof__') && kindAt(r, 1) === PAREN_OPEN) {
    r.at = skipGroup(r.toks, r.at + 1);
    return NOTHING;
  }
  r.at++;
  return ['id', tok.text];
}

/** `({ …; last; })` is worth its last statement; a name that only it declares, what it was declared as. */
function statementValue(toks: readonly Tok[], depth: number): Expression {
  const statements: Tok[][] = [[]];
  let nesting = 0;
  for (const tok of toks.slice(1, toks.at(-1)?.kind === BRACE_CLOSE ? -1 : undefined)) {
    if (tok.kind === BRACE_OPEN || tok.kind === PAREN_OPEN) nesting++;
    else if (tok.kind === BRACE_CLOSE || tok.kind === PAREN_CLOSE) nesting--;
    if (tok.kind === SEMICOLON && nesting === 0) statements.push([]);
    else statements[statements.length - 1].push(tok);
  }
  const last = statements.filter((s) => s.length > 0).at(-1) ?? [];
  const value = readAll(last, depth);
  if (value[0] !== 'id') return value;
  for (const statement of statements) {
    const name = statement.findIndex(
      (t, i) => t.text === value[1] && (statement[i + 1]?.text === '=' || i === statement.length - 1),
    );
    if (name > 0 && isTypeName(statement.slice(0, name))) {
      const declared = castTo(statement.slice(0, name), NOTHING, depth);
      // `__auto_type x = e` and the like
      return declared[0] === 'cast' && declared[1].includes('auto')
        ? readAll(statement.slice(name + 2), depth)
        : declared;
    }
  }
  return value;
}

function readPostfix(r: Reader, start: Expression): Expression {
  let value = start;
  for (let n = 0; ; n++) {
    if (n >= MAX_EXPRESSION) value = NOTHING;
    const k = kindAt(r);
    if ((k === Kind.Arrow || k === DOT) && kindAt(r, 1) === Kind.Identifier) {
      value = [k === DOT ? '.' : '->', value, r.toks[r.at + 1].text];
      r.at += 2;
    } else if (k === BRACKET_OPEN) {
      r.at = skipGroup(r.toks, r.at);
      value = ['[]', value];
    } else if (k === PAREN_OPEN) {
      const end = skipGroup(r.toks, r.at);
      value = callOf(value, r.toks.slice(r.at + 1, end - 1), r.depth + 1);
      r.at = end;
    } else if (k === Kind.Increment || k === Kind.Decrement) r.at++;
    else return value;
  }
}

function callOf(callee: Expression, args: readonly Tok[], depth: number): Expression {
  const list = args.length ? splitCommas(args) : [];
  if (callee[0] === 'id') {
    if (callee[1] === '__builtin_choose_expr' && list.length === 3) return readAll(list[1], depth);
    // which of its values it is goes by the type of the first: `__unqual_scalar_typeof(p)` is that of a pointer
    if (callee[1] === '_Generic' && list.length > 1) return readAll(list[0], depth);
    if (callee[1] === 'typeof' || callee[1] === 'offsetof') return NOTHING;
    // `container_of(p, struct y, m)`, `list_entry(…)`: a type behind the first argument is the result's
    for (let n = 1; n < list.length; n++) {
      const [first] = list[n];
      if (
        first?.kind !== Kind.Identifier ||
        !(isTypeWord(first.text) || TYPEOF.has(first.text)) ||
        !isTypeName(list[n])
      )
        continue;
      const given = castTo(list[n], readAll(list[0], depth), depth);
      return callee[1] === 'va_arg' ? given : withPointer(given);
    }
  }
  return ['call', callee, list.map((arg) => readArgument(arg, depth))];
}

/** An argument; a type, as in `alloc_percpu(struct x)`, is a cast of nothing. */
const readArgument = (toks: readonly Tok[], depth: number): Expression =>
  toks[0]?.kind === Kind.Identifier && isTagWord(toks[0].text) ? castTo(toks, NOTHING, depth) : readAll(toks, depth);

/** `container_of(…)` gives a pointer to the type it names. */
const withPointer = (of: Expression): Expression => (of[0] === 'cast' ? ['cast', `${of[1]} *`, of[2]] : ['&', of]);

/**
 * First token of the postfix expression that ends at token `end`: `container_of(x, struct y, m)->ops[3]`. Looks no
 * further than `from`, and passes over arms that `conditions` say are dead; without them over none.
 */
export function postfixStart(tokens: Tokens, end: number, from = 0, conditions: Conditions | null = null): number {
  const { kind } = tokens;
  let at = end;
  for (let n = 0; ; n++) {
    // the front of a longer chain is not known, and neither is its type
    if (n > MAX_CHAIN) return at;
    if (kind[at] === BRACKET_CLOSE || kind[at] === PAREN_CLOSE) {
      const open = opening(tokens, at, from);
      if (open < 0) return at;
      const callee = liveBefore(tokens, open, from, conditions);
      if (kind[at] === PAREN_CLOSE && !endsCallee(tokens, callee, from, conditions)) return open;
      if (callee < from) return open;
      at = callee;
      continue;
    }
    if (kind[at] !== Kind.Identifier) return at;
    const operator = liveBefore(tokens, at, from, conditions);
    if (operator < from || (kind[operator] !== Kind.Arrow && kind[operator] !== DOT)) return at;
    const inner = liveBefore(tokens, operator, from, conditions);
    if (inner < from) return at;
    at = inner;
  }
}

/** Is the token before a `(` the end of what is called, rather than a keyword or the end of a test? */
function endsCallee(tokens: Tokens, i: number, from: number, conditions: Conditions | null): boolean {
  if (i < from) return false;
  const k = tokens.kind[i];
  if (k === Kind.Identifier) return !standsBeforeValue(tokenText(tokens, i));
  return k === BRACKET_CLOSE || (k === PAREN_CLOSE && !closesHeader(tokens, i, from, conditions));
}

/** `if (x) (p)->f()`: is the `)` the end of a test, rather than of a value that is called? */
function closesHeader(tokens: Tokens, close: number, from: number, conditions: Conditions | null): boolean {
  const open = opening(tokens, close, from);
  const word = open < 0 ? -1 : liveBefore(tokens, open, from, conditions);
  return word >= from && tokens.kind[word] === Kind.Identifier && isHeadWord(tokenText(tokens, word));
}
