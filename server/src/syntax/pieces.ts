/**
 * The top-level pieces of a file: declarations and definitions, one after the other, found by brackets alone. A fault
 * inside one piece never reaches the next one, which is what keeps broken C readable.
 */

import { closing } from './brackets.ts';
import type { Conditions } from './conditions.ts';
import { directiveWord } from './nesting.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  COLON,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  type Tokens,
  tokenText,
} from './tokens.ts';
import { isTagWord } from './words.ts';

/** A run of tokens, [start, end), directives inside it included. */
export interface Piece {
  start: number;
  end: number;
  /** `{` of a function's body, or -1 */
  body: number;
  /** `=` of the first initialiser, or -1 */
  assign: number;
  /** the piece has no end of its own: the file ended, or the text is broken there */
  open: boolean;
}

/** What a macro call without `;` behind it is: a definition of its own, a prefix to what follows, or not known. */
export type MacroRole = 'whole' | 'prefix' | 'unknown';

interface Depths {
  brace: number;
  paren: number;
  assign: number;
  body: number;
}

/** Two words or a `void` after each other: a parameter with its type. */
const isPair = (tokens: Tokens, i: number): boolean =>
  tokens.kind[i] === Kind.Identifier && (tokens.kind[i + 1] === Kind.Identifier || tokenText(tokens, i) === 'void');

/** Does the `{` at `at` open a record's or an enum's body? Looks back over the tag and attributes like `__aligned(8)`. */
function opensRecord(tokens: Tokens, from: number, at: number): boolean {
  let parens = 0;
  for (let i = at - 1, words = 0; i >= from && words < 8; i--) {
    const kind = tokens.kind[i];
    if (kind === Kind.Directive) continue;
    if (kind === PAREN_CLOSE) parens++;
    else if (kind === PAREN_OPEN) {
      // a function's parameters, not an attribute's arguments
      if (--parens > 0) continue;
      if (tokens.kind[i - 1] !== Kind.Identifier || !tokenText(tokens, i - 1).startsWith('__') || isPair(tokens, i + 1))
        return false;
    } else if (parens === 0 && kind !== COLON) {
      if (kind !== Kind.Identifier) return false;
      if (isTagWord(tokenText(tokens, i))) return true;
    }
    if (parens === 0) words++;
    if (parens < 0) return false;
  }
  return false;
}

const isColumnZero = (tokens: Tokens, i: number) =>
  tokens.start[i] === 0 || tokens.text.charCodeAt(tokens.start[i] - 1) === 10;

/** `roleOf` is asked only about `name( … )` that opens a piece and is followed by a new line. */
export function findPieces(tokens: Tokens, conditions: Conditions, roleOf: (token: number) => MacroRole): Piece[] {
  const pieces: Piece[] = [];
  const { kind } = tokens;
  const { arms, arm } = conditions;
  const stack: { at: Depths; first: Depths | null; started: boolean; group: number }[] = [];
  let start = -1;
  let depths: Depths = { brace: 0, paren: 0, assign: -1, body: -1 };
  let lastColumnZeroClose = -1;
  let skipTo = -1;
  /** of a macro's call that holds statements: where its arguments end */
  let argumentsEnd = -1;
  const finish = (end: number, open = false) => {
    if (start >= 0) pieces.push({ start, end, body: depths.body, assign: depths.assign, open });
    start = -1;
    depths = { brace: 0, paren: 0, assign: -1, body: -1 };
    lastColumnZeroClose = -1;
    argumentsEnd = -1;
  };
  for (let i = 0; i < tokens.count; i++) {
    const k = kind[i];
    if (k === Kind.Directive) {
      // an #if arm that leaves brackets open: the next arm starts from where the #if stood
      const nextArm = i + 1 < tokens.count ? arm[i + 1] : 0;
      const word = directiveWord(tokens, i);
      if (word === 'i') stack.push({ at: { ...depths }, first: null, started: start >= 0, group: nextArm });
      else if (word === 'e') {
        const top = stack.at(-1);
        if (top) {
          // the arm before has ended the piece that was open at the #if: the other arms hold its other endings
          if (top.started && start < 0) skipTo = stack.length;
          top.first ??= { ...depths };
          if (start >= 0) depths = { ...top.at, body: top.at.body, assign: top.at.assign };
        }
      } else if (word === 'x') {
        if (skipTo === stack.length) skipTo = -1;
        const top = stack.pop();
        if (top?.first && start >= 0 && (top.started || top.first.brace > 0 || top.first.paren > 0)) {
          const { brace, paren, assign, body } = top.first;
          depths = {
            brace,
            paren,
            assign: assign >= 0 ? assign : depths.assign,
            body: body >= 0 ? body : depths.body,
          };
        }
      }
      continue;
    }
    if (skipTo >= 0 || arms[arm[i]].dead) continue;
    if (start < 0) {
      if (k === SEMICOLON) continue;
      if (k === BRACE_CLOSE) continue;
      start = i;
    }
    switch (k) {
      case BRACE_OPEN:
        if (depths.brace === 0 && depths.paren === 0) {
          if (depths.assign < 0 && depths.body < 0 && !opensRecord(tokens, start, i)) depths.body = i;
        } else if (depths.body >= 0 && isColumnZero(tokens, i) && lastColumnZeroClose >= 0) {
          // the braces of the function before do not balance: its end was the last `}` in the first column
          const resume = lastColumnZeroClose;
          pieces.push({ start, end: resume + 1, body: depths.body, assign: depths.assign, open: true });
          start = -1;
          depths = { brace: 0, paren: 0, assign: -1, body: -1 };
          lastColumnZeroClose = -1;
          argumentsEnd = -1;
          i = resume;
          continue;
        }
        depths.brace++;
        break;
      case BRACE_CLOSE:
        if (depths.brace > 0) depths.brace--;
        if (depths.brace === 0 && depths.paren === 0 && depths.body >= 0) finish(i + 1);
        else if (depths.body >= 0 && isColumnZero(tokens, i)) lastColumnZeroClose = i;
        break;
      case PAREN_OPEN:
        if (depths.brace === 0) depths.paren++;
        break;
      case PAREN_CLOSE:
        if (depths.brace === 0) {
          if (depths.paren > 0) depths.paren--;
          if (depths.paren === 0 && endsMacroCall(tokens, start, i, roleOf)) finish(i + 1);
        }
        break;
      case SEMICOLON:
        // statements among a macro's arguments: `TRACE_EVENT(…, TP_fast_assign(a = b; …), …)`
        if (depths.brace > 0 || i < argumentsEnd) break;
        argumentsEnd = depths.paren > 0 && isMacroCall(tokens, start) ? argumentsEndOf(tokens, i, depths.paren) : -1;
        if (argumentsEnd < 0) finish(i + 1);
        break;
      case ASSIGN:
        if (depths.brace === 0 && depths.paren === 0 && depths.assign < 0) depths.assign = i;
        break;
    }
  }
  if (start >= 0) {
    // an unbalanced last function still ends at its last `}` in the first column
    const resume = lastColumnZeroClose;
    finish(resume >= 0 ? resume + 1 : tokens.count, true);
  }
  return pieces;
}

const isMacroCall = ({ kind }: Tokens, start: number): boolean =>
  kind[start] === Kind.Identifier && kind[start + 1] === PAREN_OPEN;

const MAX_ARGUMENTS = 20_000;

/** Where the `open` brackets around token `from` are closed, before something starts in the first column; else -1. */
function argumentsEndOf(tokens: Tokens, from: number, open: number): number {
  const { kind } = tokens;
  let depth = open;
  for (let i = from; i < Math.min(tokens.count, from + MAX_ARGUMENTS); i++) {
    if (kind[i] === PAREN_OPEN) depth++;
    else if (kind[i] === PAREN_CLOSE && --depth === 0) return i;
    else if (kind[i] !== PAREN_CLOSE && kind[i] !== Kind.Directive && isColumnZero(tokens, i)) return -1;
  }
  return -1;
}

/** Is the piece from `start` to the `)` at `close` a macro call that stands for a whole definition, with no `;`? */
function endsMacroCall(tokens: Tokens, start: number, close: number, roleOf: (token: number) => MacroRole): boolean {
  const { kind } = tokens;
  let name = start;
  if (kind[name] === Kind.Identifier && kind[name + 1] === Kind.Identifier) name++;
  if (kind[name] !== Kind.Identifier || kind[name + 1] !== PAREN_OPEN) return false;
  const next = close + 1;
  if (next >= tokens.count) return true;
  const k = kind[next];
  if (tokens.line[next] === tokens.line[close]) return false;
  if (k !== Kind.Identifier && k !== Kind.Directive) return false;
  if (closing(tokens, name + 1, close) < close) return false;
  const role = roleOf(name);
  if (role === 'whole') return true;
  if (role === 'prefix') return false;
  return name === start && /^[A-Z][A-Z0-9_]+$/.test(tokenText(tokens, name));
}
