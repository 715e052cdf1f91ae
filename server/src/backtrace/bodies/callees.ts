/** What a `(` calls, read from the tokens in front of it. */

import { openingIn } from '../../syntax/brackets.ts';
import { BRACKET_CLOSE, DOT, Kind, PAREN_CLOSE, STAR } from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { isStatementWord, isTypeWord } from '../../syntax/words.ts';
import type { BodyReader } from './bodyReader.ts';
import { isFunction, NOT_CALLED } from './macroCalls.ts';

/** One call in a body. */
export interface BodyCall {
  /**
   * `argument`: a function handed to the call that it stands in; `event`: a tracepoint fires; `syscall`: the build puts
   * a call of every system call here
   */
  kind: 'call' | 'member' | 'pointer' | 'argument' | 'event' | 'syscall';
  /** the function, the member or the pointer */
  name: string;
  /** of a member: the struct that owns it, '' where it isn't known */
  owner: string;
  /** as a compiler's line table has it: a macro's tokens stand where the macro is used */
  line: number;
  /** share of the body that stands in front of it, 0 to 1 */
  at: number;
  /** nothing is done behind it: a compiler may jump instead of calling */
  tail: boolean;
  /** it stands where control seldom comes: behind `unlikely(…)` */
  cold: boolean;
  /** its block leaves the function early */
  leaves: boolean;
  /** of a pointer that is given a member's value in this body: that member */
  member: string;
  /** a pointer that is patched into the code: `static_call(name)(…)` */
  patched: boolean;
  /** arguments that are a name alone, '' for the others */
  args: string[];
}

/** What is called, its line, and the token that the call's text starts with. */
export type Callee = Pick<BodyCall, 'kind' | 'name' | 'line'> & { start: number };

/** What is called by the `(` at `open`; null where it is no call. */
export function calleeBefore(
  reader: BodyReader,
  toks: readonly Tok[],
  open: number,
  pointers: ReadonlySet<string>,
): Callee | null {
  const { kind } = toks[open - 1];
  if (kind === BRACKET_CLOSE) {
    const p = openingIn(toks, open - 1) - 1;
    return p < 0 || toks[p].kind !== Kind.Identifier ? null : throughName(toks, p);
  }
  if (kind === PAREN_CLOSE) return calleeInParens(toks, open - 1, pointers);
  return kind === Kind.Identifier ? calleeNamed(reader, toks, open - 1, pointers) : null;
}

/** `(*fn)(…)`, `(ops->fn)(…)`, `static_call(name)(…)`: what is called in the parentheses that close at `close`. */
function calleeInParens(toks: readonly Tok[], close: number, pointers: ReadonlySet<string>): Callee | null {
  const inner = openingIn(toks, close);
  if (inner < 0) return null;
  const before = toks[inner - 1];
  if (before && /^static_call(?:_cond|_mod)?$/.test(before.text) && toks[inner + 1].kind === Kind.Identifier)
    return { kind: 'pointer', name: toks[inner + 1].text, line: before.pos, start: inner - 1 };
  // `if (x) (…)`, `f(x)(y)`; a cast has a type in it
  if (before?.kind === Kind.Identifier) return null;
  let last = close - 1;
  while (last > inner && toks[last].kind === PAREN_CLOSE) last--;
  const { kind, text } = toks[last];
  if (kind !== Kind.Identifier || isTypeWord(text) || text.endsWith('_t') || isTypeWord(toks[inner + 1].text))
    return null;
  const named = toks[last - 1].kind;
  const isPointer = named === Kind.Arrow || named === DOT || named === STAR || pointers.has(text);
  return isPointer ? throughName(toks, last) : null;
}

/** Words that have a `(` behind them and are no function, whatever the tree says. */
const BUILT_IN =
  /^(?:__builtin_(?:expect|constant|choose|types|offset)\w*|__?asm\w*|asm|__attribute\w*|if|while|for|switch)$/;

function calleeNamed(
  reader: BodyReader,
  toks: readonly Tok[],
  p: number,
  pointers: ReadonlySet<string>,
): Callee | null {
  const { text } = toks[p];
  if (isTypeWord(text) || isStatementWord(text) || NOT_CALLED.has(text) || BUILT_IN.test(text)) return null;
  const before = toks[p - 1]?.kind;
  if (before === Kind.Arrow || before === DOT || pointers.has(text)) return throughName(toks, p);
  return isFunction(reader, text) ? { kind: 'call', name: text, line: toks[p].pos, start: p } : null;
}

function throughName(toks: readonly Tok[], p: number): Callee {
  const before = toks[p - 1]?.kind;
  let start = p;
  while (start > 1 && (toks[start - 1].kind === Kind.Arrow || toks[start - 1].kind === DOT)) {
    let q = start - 2;
    if (toks[q].kind === PAREN_CLOSE || toks[q].kind === BRACKET_CLOSE) {
      q = openingIn(toks, q);
      if (q > 0 && toks[q - 1].kind === Kind.Identifier) q--;
    }
    if (q < 0) break;
    start = q;
  }
  const place = { name: toks[p].text, line: toks[start].pos, start };
  return { kind: before === Kind.Arrow || before === DOT ? 'member' : 'pointer', ...place };
}
