/** An expression's tokens -> the Expression that typing understands. By hand, as it must answer in microseconds. */

import type { Expression } from '../../facts/types.ts';
import { before, opening, splitCommas } from '../../syntax/brackets.ts';
import { readTypeName } from '../../syntax/declarations.ts';
import {
  AMPERSAND,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  QUESTION,
  STAR,
  type Tokens,
  tokenText,
} from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { joinToks } from '../../syntax/toks.ts';
import { isTypeWord } from '../../syntax/words.ts';

const NOT_CALLED = new Set(['return', 'if', 'while', 'for', 'switch', 'sizeof', 'case', 'else', 'do', 'goto']);
const NOTHING: Expression = ['other', ''];

/** Members, calls and indices in a row, and operators and parentheses in each other, that are read. */
const MAX_PARTS = 60;

/** First token of the postfix expression that ends with token `last`: `file_inode(file)->i_sb` from its `i_sb`. */
export function postfixStart(tokens: Tokens, last: number): number {
  let i = last;
  for (let n = 0; ; n++) {
    // the front of a longer chain is not known, and neither is its type
    if (n > MAX_PARTS) return i;
    const k = tokens.kind[i];
    if (k === PAREN_CLOSE || k === BRACKET_CLOSE) {
      const open = opening(tokens, i);
      if (open < 0) return i;
      const prev = before(tokens, open);
      const kind = prev >= 0 ? tokens.kind[prev] : 0;
      if (kind === BRACKET_CLOSE || (kind === PAREN_CLOSE && !isHeader(tokens, prev))) i = prev;
      else if (kind === Kind.Identifier && !NOT_CALLED.has(tokenText(tokens, prev))) i = prev;
      else return open;
      continue;
    }
    if (k !== Kind.Identifier) return i;
    const prev = before(tokens, i);
    if (prev < 0 || (tokens.kind[prev] !== Kind.Arrow && tokens.kind[prev] !== DOT)) return i;
    const receiver = before(tokens, prev);
    const kind = receiver >= 0 ? tokens.kind[receiver] : 0;
    if (kind !== Kind.Identifier && kind !== PAREN_CLOSE && kind !== BRACKET_CLOSE) return i;
    i = receiver;
  }
}

/** Does the `)` close the parentheses of an `if` or a loop? */
function isHeader(tokens: Tokens, close: number): boolean {
  const word = before(tokens, opening(tokens, close));
  return word >= 0 && tokens.kind[word] === Kind.Identifier && /^(if|while|for|switch)$/.test(tokenText(tokens, word));
}

/** Reads an expression; what it can't read becomes `other`. */
export const readExpression = (toks: readonly Tok[]): Expression => readWithin(toks, 0);

const readWithin = (toks: readonly Tok[], depth: number): Expression =>
  depth > MAX_PARTS ? NOTHING : new Reader(toks, depth).choice();

/** A cursor over the tokens: recursive descent needs to share one. */
class Reader {
  private readonly toks: readonly Tok[];
  private at = 0;
  private depth: number;

  constructor(toks: readonly Tok[], depth: number) {
    this.toks = toks;
    this.depth = depth;
  }

  choice(): Expression {
    const test = this.binary();
    if (this.toks[this.at]?.kind !== QUESTION || ++this.depth > MAX_PARTS) return test;
    this.at++;
    const yes = this.toks[this.at]?.kind === COLON ? test : this.choice();
    if (this.toks[this.at]?.kind !== COLON) return yes;
    this.at++;
    return ['?', yes, this.choice()];
  }

  /** Of `a + 1` and the like the first operand has the type that counts. */
  private binary(): Expression {
    const left = this.unary();
    for (let tok = this.toks[this.at]; tok; tok = this.toks[this.at]) {
      if (tok.kind === QUESTION || tok.kind === COLON) break;
      this.at++;
      if (this.at < this.toks.length) this.unary();
    }
    return left;
  }

  private unary(): Expression {
    this.depth++;
    const e = this.depth > MAX_PARTS ? NOTHING : this.operand();
    this.depth--;
    return e;
  }

  private operand(): Expression {
    const tok = this.toks[this.at];
    if (!tok) return NOTHING;
    if (tok.kind === STAR || tok.kind === AMPERSAND) {
      this.at++;
      return [tok.kind === STAR ? '*' : '&', this.unary()];
    }
    if (tok.kind === Kind.Increment || tok.kind === Kind.Decrement) {
      this.at++;
      return this.unary();
    }
    if (tok.kind === PAREN_OPEN) {
      const end = this.groupEnd(this.at);
      const type = castType(this.toks.slice(this.at + 1, end - 1), this.toks[end]);
      if (type !== null) {
        this.at = end;
        return ['cast', type, this.toks[end]?.kind === BRACE_OPEN ? NOTHING : this.unary()];
      }
    }
    return this.postfix();
  }

  private postfix(): Expression {
    let e = this.primary();
    let parts = 0;
    for (let tok = this.toks[this.at]; tok; tok = this.toks[this.at]) {
      if (++parts > MAX_PARTS) e = NOTHING;
      if (tok.kind === Kind.Arrow || tok.kind === DOT) {
        const name = this.toks[this.at + 1];
        if (name?.kind !== Kind.Identifier) break;
        e = [tok.kind === DOT ? '.' : '->', e, name.text];
        this.at += 2;
      } else if (tok.kind === BRACKET_OPEN) {
        e = ['[]', e];
        this.at = this.groupEnd(this.at);
      } else if (tok.kind === PAREN_OPEN) {
        const end = this.groupEnd(this.at);
        e = ['call', e, splitCommas(this.toks.slice(this.at + 1, end - 1)).map((a) => readArgument(a, this.depth))];
        this.at = end;
      } else if (tok.kind === Kind.Increment || tok.kind === Kind.Decrement) this.at++;
      else break;
    }
    return e;
  }

  private primary(): Expression {
    const tok = this.toks[this.at];
    if (!tok) return NOTHING;
    if (tok.kind === Kind.Identifier) {
      this.at++;
      return ['id', tok.text];
    }
    if (tok.kind === PAREN_OPEN) {
      const end = this.groupEnd(this.at);
      const inner = this.toks.slice(this.at + 1, end - 1);
      this.at = end;
      // the last of `(a, b)` counts
      return inner[0]?.kind === BRACE_OPEN ? NOTHING : readWithin(splitCommas(inner).at(-1) ?? [], this.depth + 1);
    }
    this.at++;
    return ['other', tok.text];
  }

  private groupEnd(open: number): number {
    let depth = 0;
    for (let i = open; i < this.toks.length; i++) {
      const k = this.toks[i].kind;
      if (k === PAREN_OPEN || k === BRACKET_OPEN || k === BRACE_OPEN) depth++;
      else if (k === PAREN_CLOSE || k === BRACKET_CLOSE || k === BRACE_CLOSE) {
        if (--depth === 0) return i + 1;
      }
    }
    return this.toks.length;
  }
}

/** An argument; a type as an argument, as in `container_of(p, struct x, m)`, is a cast of nothing. */
function readArgument(toks: Tok[], depth: number): Expression {
  const word = toks[0]?.text;
  return word === 'struct' || word === 'union' ? ['cast', joinToks(toks), NOTHING] : readWithin(toks, depth + 1);
}

/** Type named by `( … )` where that is a cast or a compound literal, else null; `next` is the token behind it. */
export function castType(inner: readonly Tok[], next: Tok | undefined): string | null {
  const first = inner[0];
  if (first?.kind !== Kind.Identifier) return null;
  const isType =
    isTypeWord(first.text) ||
    (inner.length > 1 && inner.slice(1).every((t) => t.kind === STAR)) ||
    (inner.length === 1 && (/_t$/.test(first.text) || next?.kind === Kind.Identifier));
  if (!isType || !next) return null;
  const opens =
    next.kind === Kind.Identifier ||
    next.kind === PAREN_OPEN ||
    next.kind === BRACE_OPEN ||
    next.kind === STAR ||
    next.kind === AMPERSAND;
  return opens || next.kind === Kind.Number ? readTypeName(inner) : null;
}
