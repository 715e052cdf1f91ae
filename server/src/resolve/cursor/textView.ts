/** The tokens of one text and ways to walk them: what cursor questions stand on. */

import type { Tok } from '../../syntax/macros/macros.ts';
import { COMMA, Kind, type Tokens, tokenize, tokenText } from '../../syntax/tokens.ts';

/** A text as bytes see it: columns are 1-based bytes, as in facts. */
export interface TextView {
  tokens: Tokens;
  /** byte offset of each line's start */
  lineStarts: number[];
}

/** Cuts a text into tokens. Any text will do. */
export function textView(text: string): TextView {
  const tokens = tokenize(Buffer.from(text, 'utf8'));
  const lineStarts = [0];
  for (let at = tokens.text.indexOf('\n'); at >= 0; at = tokens.text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { tokens, lineStarts };
}

/** Byte offset of a place; one outside the text is moved to its end. */
export function offsetOf(view: TextView, line: number, column: number): number {
  const start = view.lineStarts[line - 1];
  return start === undefined ? view.tokens.text.length : Math.min(start + column - 1, view.tokens.text.length);
}

/** The place of a byte offset, 1-based. */
export function placeAt(view: TextView, offset: number): { line: number; column: number } {
  let low = 0;
  let high = view.lineStarts.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (view.lineStarts[mid] <= offset) low = mid;
    else high = mid - 1;
  }
  return { line: low + 1, column: offset - view.lineStarts[low] + 1 };
}

/** The token at an offset (or ending there), -1 in white space and comments. */
export function tokenAt({ tokens }: TextView, offset: number): number {
  let low = 0;
  let high = tokens.count;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (tokens.start[mid] <= offset) low = mid + 1;
    else high = mid;
  }
  const i = low - 1;
  if (i >= 0 && offset < tokens.end[i]) return i;
  // an editor's cursor stands between two characters: the word on its left counts too
  if (i >= 0 && offset === tokens.end[i] && tokens.kind[i] === Kind.Identifier) return i;
  return -1;
}

/** Next token before `i` that is no preprocessor line; -1 at the start. */
export function before(tokens: Tokens, i: number): number {
  do i--;
  while (i >= 0 && tokens.kind[i] === Kind.Directive);
  return i;
}

/** Next token behind `i` that is no preprocessor line; `count` at the end. */
export function behind(tokens: Tokens, i: number): number {
  do i++;
  while (i < tokens.count && tokens.kind[i] === Kind.Directive);
  return i;
}

const OPEN = new Set([0x28, 0x5b, 0x7b]);
const CLOSE = new Set([0x29, 0x5d, 0x7d]);

/** The bracket that opens what closes at `i`; -1 where none does. */
export function openingOf(tokens: Tokens, i: number): number {
  let depth = 0;
  for (; i >= 0; i--) {
    if (CLOSE.has(tokens.kind[i])) depth++;
    else if (OPEN.has(tokens.kind[i]) && --depth === 0) return i;
  }
  return -1;
}

/** The bracket that closes what opens at `i`; `count` where none does. */
export function closingOf(tokens: Tokens, i: number): number {
  let depth = 0;
  for (; i < tokens.count; i++) {
    if (OPEN.has(tokens.kind[i])) depth++;
    else if (CLOSE.has(tokens.kind[i]) && --depth === 0) return i;
  }
  return tokens.count;
}

/** Tokens [from, to) as the readers of declarations take them, preprocessor lines left out. */
export function toksBetween(tokens: Tokens, from: number, to: number): Tok[] {
  const out: Tok[] = [];
  for (let i = from; i < to; i++) {
    if (tokens.kind[i] === Kind.Directive) continue;
    out.push({
      kind: tokens.kind[i],
      text: tokenText(tokens, i),
      pos: tokens.start[i],
      macro: false,
      arm: 0,
      condition: null,
      plain: false,
    });
  }
  return out;
}

/** Splits tokens at commas outside brackets. */
export function splitArguments(toks: readonly Tok[]): Tok[][] {
  const parts: Tok[][] = [];
  let part: Tok[] = [];
  let depth = 0;
  for (const tok of toks) {
    if (OPEN.has(tok.kind)) depth++;
    else if (CLOSE.has(tok.kind)) depth--;
    if (tok.kind === COMMA && depth === 0) {
      parts.push(part);
      part = [];
    } else part.push(tok);
  }
  if (part.length || parts.length) parts.push(part);
  return parts;
}

export { PAREN_CLOSE, PAREN_OPEN } from '../../syntax/tokens.ts';
