/** Where a call stands in its body: at its end, behind unlikely(), in a block that leaves early. */

import { closingIn } from '../../syntax/brackets.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  COLON,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  QUESTION,
  SEMICOLON,
} from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';

/**
 * Is nothing done behind the call? `return f(x);`, `r = f(x); … return r;` with only other arms in between, or a last
 * statement of a function that returns nothing.
 */
export function isTail(
  toks: readonly Tok[],
  start: number,
  open: number,
  isVoid: boolean,
  isNothing: (name: string) => boolean,
): boolean {
  const close = closingIn(toks, open);
  if (endsReturn(toks, start, close)) return true;
  if (toks[close + 1]?.kind !== SEMICOLON) return false;
  const before = toks[start - 1];
  if (before?.kind === Kind.Identifier && before.text === 'return') return true;
  const result = before?.kind === ASSIGN && toks[start - 2]?.kind === Kind.Identifier ? toks[start - 2].text : null;
  const statement = before === undefined || STATEMENT_STARTS.has(before.kind) || before.text === 'else';
  if (result === null && !(isVoid && statement)) return false;
  const i = behindNothing(toks, close + 2, isNothing);
  if (i >= toks.length) return result === null;
  if (toks[i].text !== 'return') return false;
  return result === null || (toks[i + 1]?.text === result && toks[i + 2]?.kind === SEMICOLON);
}

/** Passes over what does nothing: ends of blocks, labels, other arms, macros that come to nothing. */
function behindNothing(toks: readonly Tok[], from: number, isNothing: (name: string) => boolean): number {
  let i = from;
  while (i < toks.length) {
    if (toks[i].kind === BRACE_CLOSE) i++;
    else if (toks[i].kind === Kind.Identifier && toks[i + 1]?.kind === COLON) i += 2;
    else if (toks[i].text === 'else') i = behindStatement(toks, i + 1);
    else if (toks[i].kind === Kind.Identifier && toks[i + 1]?.kind === PAREN_OPEN && isNothing(toks[i].text))
      i = behindStatement(toks, i);
    else break;
  }
  return i;
}

/** `return a ? f(x) : g(x);`: either call is the last. */
function endsReturn(toks: readonly Tok[], start: number, close: number): boolean {
  const after = toks[close + 1]?.kind;
  if (after !== SEMICOLON && after !== COLON) return false;
  const before = toks[start - 1];
  if (before?.kind !== COLON && before?.kind !== QUESTION) return false;
  for (let i = start - 1; i >= 0 && i > start - 40; i--) {
    if (toks[i].kind === SEMICOLON || toks[i].kind === BRACE_OPEN || toks[i].kind === BRACE_CLOSE) return false;
    if (toks[i].text === 'return') return true;
  }
  return false;
}

const STATEMENT_STARTS = new Set<number>([SEMICOLON, BRACE_OPEN, BRACE_CLOSE, PAREN_CLOSE]);

/** Index behind the statement that starts at `i`, as far as braces, `if` and `;` tell. */
function behindStatement(toks: readonly Tok[], i: number): number {
  if (toks[i]?.kind === BRACE_OPEN) return closingIn(toks, i) + 1;
  if (toks[i]?.text === 'if' && toks[i + 1]?.kind === PAREN_OPEN) {
    const end = behindStatement(toks, closingIn(toks, i + 1) + 1);
    return toks[end]?.text === 'else' ? behindStatement(toks, end + 1) : end;
  }
  while (i < toks.length && toks[i].kind !== SEMICOLON) i++;
  return i + 1;
}

/** What each token stands in, 1 or 0. */
export interface Spans {
  /** seldom run: behind `if (unlikely(…))` */
  cold: Uint8Array;
  /** operands of assembly */
  asm: Uint8Array;
  /** a block that leaves the function before its end */
  leaves: Uint8Array;
}

/** Marks tokens behind `if (unlikely(…))`, operands of assembly, and blocks that leave the function before its end. */
export function spansOf(toks: readonly Tok[]): Spans {
  const cold = new Uint8Array(toks.length);
  const asm = new Uint8Array(toks.length);
  const leaves = new Uint8Array(toks.length);
  const spans = { cold, asm, leaves };
  for (let i = 0; i + 1 < toks.length; i++) {
    const { text } = toks[i];
    if (text === 'asm' || text === '__asm__' || text === '__asm') markAssembly(toks, i, asm);
    else if (text === 'case' || text === 'default') markLeaving(toks, i, leaves);
    else if (text === 'if' && toks[i + 1].kind === PAREN_OPEN) markArm(toks, i, spans);
  }
  return spans;
}

function markAssembly(toks: readonly Tok[], at: number, asm: Uint8Array): void {
  let open = at + 1;
  while (toks[open]?.kind === Kind.Identifier) open++;
  if (toks[open]?.kind === PAREN_OPEN) asm.fill(1, open, closingIn(toks, open));
}

/** The arm of the `if` at `at`: is it seldom taken, does it leave the function? */
function markArm(toks: readonly Tok[], at: number, { cold, leaves }: Spans): void {
  const close = closingIn(toks, at + 1);
  const hint = toks[at + 2]?.text;
  const isUnlikely = hint === 'unlikely' || (hint === '__builtin_expect' && toks[close - 2]?.text === '0');
  let end = close + 1;
  if (toks[end]?.kind === BRACE_OPEN) end = closingIn(toks, end);
  else while (end < toks.length && toks[end].kind !== SEMICOLON) end++;
  if (isUnlikely) cold.fill(1, close, end);
  if (hint !== 'likely' && leavesAtEnd(toks, close + 1, end) && end + 3 < toks.length) leaves.fill(1, close, end);
}

/** Does the last statement of [from, end) return or jump away? */
function leavesAtEnd(toks: readonly Tok[], from: number, end: number): boolean {
  let i = end - 1;
  if (toks[i]?.kind === SEMICOLON) i--;
  for (; i >= from; i--) {
    const { kind, text } = toks[i];
    if (text === 'return' || text === 'goto') return true;
    if (kind === SEMICOLON || kind === BRACE_OPEN || kind === BRACE_CLOSE) return false;
  }
  return false;
}

function markLeaving(toks: readonly Tok[], from: number, leaves: Uint8Array): void {
  let depth = 0;
  for (let i = from + 1; i < toks.length && depth >= 0; i++) {
    const { kind, text } = toks[i];
    if (kind === BRACE_OPEN) depth++;
    else if (kind === BRACE_CLOSE) depth--;
    else if (depth === 0 && (text === 'case' || text === 'default' || text === 'break')) return;
    else if (depth === 0 && text === 'goto') {
      leaves.fill(1, from, i);
      return;
    }
  }
}
