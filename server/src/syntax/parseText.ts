/**
 * The text that the parser gets to see: only what carries facts, macros expanded, with a map back to the file. (A
 * same-length mask was measured first: tree-sitter lexes blanks at 10 MB/s, so leaving them out is what makes it fast.)
 */

import { Kind } from './tokens.ts';
import type { Tok } from './toks.ts';

/** A text for the parser, with the token that each part of it comes from. */
export interface ParseText {
  parts: string[];
  length: number;
  /** start of each token in the text, and the token */
  starts: number[];
  toks: Tok[];
  /** where the text in the parser's hands starts, for a piece that is parsed alone */
  offset: number;
}

/** Tokens of one value or statement that go to the parser: more than any that a person wrote, macros expanded, has. */
export const MAX_PARSED = 10_000;

/** A text with nothing in it. */
export const newParseText = (): ParseText => ({ parts: [], length: 0, starts: [], toks: [], offset: 0 });

/** Adds text that stands for nothing in the file. */
export function addGlue(text: ParseText, glue: string): void {
  text.parts.push(glue);
  text.length += glue.length;
}

/** Adds a token, with a blank behind it. */
export function addTok(text: ParseText, tok: Tok): void {
  text.starts.push(text.length);
  text.toks.push(tok);
  // a string's contents never matter, and a raw one may hold anything
  const piece = tok.kind === Kind.String ? '""' : tok.text;
  text.parts.push(piece, ' ');
  text.length += piece.length + 1;
}

/** The token that stands at an offset of the text. */
export function tokAt(text: ParseText, offset: number): Tok {
  offset += text.offset;
  let low = 0;
  let high = text.starts.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (text.starts[mid] <= offset) low = mid;
    else high = mid - 1;
  }
  return text.toks[low];
}
