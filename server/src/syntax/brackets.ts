/**
 * Brackets: which belong together, what stands in them and beside them, over a file's tokens and over lists of expanded
 * ones. Nobody else counts them, but for who minds something else on the way: the first column, a list's `=`.
 */

import type { Conditions } from './conditions.ts';
import {
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COMMA,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  type Tokens,
} from './tokens.ts';

/** By the kind of a token: 1 for a bracket that opens, -1 for one that closes, 0 for all else. */
export const STEP = new Int8Array(256);
for (const kind of [PAREN_OPEN, BRACE_OPEN, BRACKET_OPEN]) STEP[kind] = 1;
for (const kind of [PAREN_CLOSE, BRACE_CLOSE, BRACKET_CLOSE]) STEP[kind] = -1;

/** An expanded token, as far as its brackets go. */
interface Kinded {
  kind: number;
}

/**
 * Of a list of tokens: index just behind the bracket that closes the one at `i`; the end where it never closes. Brackets
 * of all kinds count alike.
 */
export function skipGroup(toks: readonly Kinded[], i: number): number {
  let depth = 0;
  for (; i < toks.length; i++) {
    const step = STEP[toks[i].kind];
    if (step > 0) depth++;
    else if (step < 0 && --depth <= 0) return i + 1;
  }
  return toks.length;
}

const CLOSES: Readonly<Record<number, number>> = {
  [PAREN_OPEN]: PAREN_CLOSE,
  [BRACKET_OPEN]: BRACKET_CLOSE,
  [BRACE_OPEN]: BRACE_CLOSE,
};
const OPENS: Readonly<Record<number, number>> = {
  [PAREN_CLOSE]: PAREN_OPEN,
  [BRACKET_CLOSE]: BRACKET_OPEN,
  [BRACE_CLOSE]: BRACE_OPEN,
};

/**
 * Of a list of tokens: the bracket that closes the one at `open`; their number where none does. Brackets of other kinds
 * don't count: what macros leave open of them is no matter.
 */
export function closingIn(toks: readonly Kinded[], open: number): number {
  const opens = toks[open]?.kind ?? 0;
  const closes = CLOSES[opens];
  let depth = 0;
  for (let i = open; i < toks.length; i++) {
    const { kind } = toks[i];
    if (kind === opens) depth++;
    else if (kind === closes && --depth === 0) return i;
  }
  return toks.length;
}

/** Of a list of tokens: the bracket that the one at `close` closes; -1 where none does. Other kinds don't count. */
export function openingIn(toks: readonly Kinded[], close: number): number {
  const closes = toks[close].kind;
  const opens = OPENS[closes];
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    const { kind } = toks[i];
    if (kind === closes) depth++;
    else if (kind === opens && --depth === 0) return i;
  }
  return -1;
}

/** Do the braces and parentheses of a list of tokens close each other? */
export function isBalanced(toks: readonly Kinded[]): boolean {
  let depth = 0;
  for (const { kind } of toks) {
    if (kind === BRACE_OPEN || kind === PAREN_OPEN) depth++;
    else if ((kind === BRACE_CLOSE || kind === PAREN_CLOSE) && --depth < 0) return false;
  }
  return depth === 0;
}

/** Splits a list of tokens at commas outside any brackets; a comma at the end makes an empty part. */
export function splitCommas<T extends Kinded>(toks: readonly T[]): T[][] {
  const parts: T[][] = [];
  let from = 0;
  for (let i = 0; i < toks.length; ) {
    const k = toks[i].kind;
    if (k === COMMA) {
      parts.push(toks.slice(from, i));
      from = ++i;
    } else if (STEP[k] > 0) i = skipGroup(toks, i);
    else i++;
  }
  if (from < toks.length || parts.length) parts.push(toks.slice(from));
  return parts;
}

/**
 * Tokens of each argument of the call whose `(` is token `open` of a list. As the preprocessor has it: braces and square
 * brackets protect no comma.
 */
export function argumentsAt<T extends Kinded>(toks: readonly T[], open: number): T[][] {
  const args: T[][] = [[]];
  let depth = 0;
  for (let i = open; i < toks.length; i++) {
    const { kind } = toks[i];
    if (kind === PAREN_OPEN && depth++ === 0) continue;
    if (kind === PAREN_CLOSE && --depth === 0) break;
    if (kind === COMMA && depth === 1) args.push([]);
    else args[args.length - 1].push(toks[i]);
  }
  return args;
}

const partnersOf = new WeakMap<Tokens, Int32Array>();

/**
 * For each bracket of a file's tokens the one that belongs to it, of its own kind alone; -1 where there is none. Worked
 * out once: whoever counts brackets from each call of a nest anew takes the square of its depth.
 */
export function bracketPartners(tokens: Tokens): Int32Array {
  let partners = partnersOf.get(tokens);
  if (partners) return partners;
  const { kind, count } = tokens;
  partners = new Int32Array(count + 1).fill(-1);
  const parens: number[] = [];
  const brackets: number[] = [];
  const braces: number[] = [];
  for (let i = 0; i < count; i++) {
    const k = kind[i];
    const step = STEP[k];
    if (step === 0) continue;
    const open =
      k === PAREN_OPEN || k === PAREN_CLOSE ? parens : k === BRACE_OPEN || k === BRACE_CLOSE ? braces : brackets;
    if (step > 0) {
      open.push(i);
      continue;
    }
    const partner = open.pop();
    if (partner === undefined) continue;
    partners[partner] = i;
    partners[i] = partner;
  }
  partnersOf.set(tokens, partners);
  return partners;
}

/** Of a file's tokens: the bracket that closes the one at `open`; `to` where none before does. */
export function closing(tokens: Tokens, open: number, to: number = tokens.count): number {
  const close = bracketPartners(tokens)[open];
  return close > open && close < to ? close : to;
}

/** Of a file's tokens: the bracket that the one at `close` closes; -1 where none from `from` on does. */
export function opening(tokens: Tokens, close: number, from = 0): number {
  const open = bracketPartners(tokens)[close];
  return open >= from && open < close ? open : -1;
}

/** The token before `i` that is no preprocessor line; -1 at the start. */
export function before(tokens: Tokens, i: number): number {
  do i--;
  while (i >= 0 && tokens.kind[i] === Kind.Directive);
  return i;
}

/** The token behind `i` that is no preprocessor line; `count`, or more, at the end. */
export function behind(tokens: Tokens, i: number): number {
  do i++;
  while (i < tokens.count && tokens.kind[i] === Kind.Directive);
  return i;
}

/**
 * The token before `i` that is no preprocessor line and stands in no arm that `conditions` say is dead; `from - 1` where
 * there is none from `from` on.
 */
export function liveBefore(tokens: Tokens, i: number, from: number, conditions: Conditions | null): number {
  const { kind } = tokens;
  let at = i - 1;
  if (!conditions) {
    while (at >= from && kind[at] === Kind.Directive) at--;
    return at;
  }
  const { arms, arm } = conditions;
  while (at >= from && (kind[at] === Kind.Directive || arms[arm[at]].dead)) at--;
  return at;
}
