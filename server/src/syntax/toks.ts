/**
 * Tokens with a text and a place of their own, as expansions make them: lists of them are what declarations and
 * expressions are read from.
 */

import {
  ASSIGN,
  COLON,
  COMMA,
  HASH,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  QUESTION,
  STAR,
  type Tokens,
  tokenize,
  tokenText,
} from './tokens.ts';

/** A token with a text and a place, as the expander and the piece builder handle it. */
export interface Tok {
  kind: number;
  text: string;
  /** byte offset in the file; for a token out of a macro's body: of the macro's use */
  pos: number;
  /** the token comes out of a macro's body, not out of the file's text */
  macro: boolean;
  /** arm of the file's #if structure it stands in */
  arm: number;
  /** condition of the #define it comes from, or null */
  condition: string | null;
  /** known to be no macro's name anywhere in the file; every token has all properties, so that reading them stays quick */
  plain: boolean;
  /** of the last token before `__attribute__((alias("f")))`: the function that the declaration gives another name */
  alias?: string;
}

/** Tokens of a stand-alone text; each `pos` counts from the text's start. */
export function toksOf(text: string): Tok[] {
  const tokens = tokenize(Buffer.from(text, 'latin1'));
  const out: Tok[] = [];
  for (let i = 0; i < tokens.count; i++)
    out.push({
      // a `#` that opens a replacement text is the stringify operator, not a directive
      kind: tokens.kind[i],
      text: tokenText(tokens, i),
      pos: tokens.start[i],
      macro: true,
      arm: 0,
      condition: null,
      plain: false,
    });
  if (out[0]?.kind === Kind.Directive) {
    const rest = toksOf(out[0].text.slice(1));
    return [{ ...out[0], kind: HASH, text: '#' }, ...rest, ...out.slice(1)];
  }
  return out;
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

const isWord = (tok: Tok) =>
  tok.kind === Kind.Identifier || tok.kind === Kind.Number || tok.kind === Kind.String || tok.kind === Kind.Character;

/** Tokens as one line of C in kernel style. */
export function joinToks(toks: readonly Tok[]): string {
  let text = '';
  for (let i = 0; i < toks.length; i++) {
    const tok = toks[i];
    if (i > 0) {
      const before = toks[i - 1];
      if (
        before.kind === COMMA ||
        (isWord(before) && isWord(tok)) ||
        (isWord(before) && tok.kind === STAR) ||
        (before.kind === PAREN_CLOSE && isWord(tok))
      )
        text += ' ';
      else if (isWord(before) && tok.kind === PAREN_OPEN && toks[i + 1]?.kind === STAR) text += ' ';
      else if (BINARY.has(tok.kind) || BINARY.has(before.kind)) text += ' ';
    }
    text += tok.text;
  }
  return text;
}

const BINARY: ReadonlySet<number> = new Set([
  ASSIGN,
  Kind.Compare,
  Kind.LogicalAnd,
  Kind.LogicalOr,
  Kind.Shift,
  Kind.CompoundAssign,
  QUESTION,
  COLON,
]);
