/** Brackets in expanded tokens. */

import { BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, PAREN_CLOSE, PAREN_OPEN } from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';

/** Index of the `)` of the `(` at `open`; the number of tokens where it is not closed. Other brackets don't count. */
export function closing(toks: readonly Tok[], open: number): number {
  let depth = 0;
  for (let i = open; i < toks.length; i++) {
    if (toks[i].kind === PAREN_OPEN) depth++;
    else if (toks[i].kind === PAREN_CLOSE && --depth === 0) return i;
  }
  return toks.length;
}

/** Index of the `(` or `[` that the bracket at `close` closes; -1 where there is none. */
export function openingOf(toks: readonly Tok[], close: number): number {
  const [open, shut] = toks[close].kind === PAREN_CLOSE ? [PAREN_OPEN, PAREN_CLOSE] : [BRACKET_OPEN, BRACKET_CLOSE];
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    if (toks[i].kind === shut) depth++;
    else if (toks[i].kind === open && --depth === 0) return i;
  }
  return -1;
}

/** Index of the `}` of the first `{` from `open` on; the number of tokens where it is not closed. */
export function closingBrace(toks: readonly Tok[], open: number): number {
  let depth = 0;
  for (let i = open; i < toks.length; i++) {
    if (toks[i].kind === BRACE_OPEN) depth++;
    else if (toks[i].kind === BRACE_CLOSE && --depth === 0) return i;
  }
  return toks.length;
}
