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
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: hot: a step back from each brace
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

/** An #if that is open while pieces are cut. */
interface OpenIf {
  /** depths at the #if */
  at: Depths;
  /** depths at the end of its first arm */
  first: Depths | null;
  /** a piece was open at the #if */
  started: boolean;
}

/** Where the cutting stands. */
interface Cutting {
  tokens: Tokens;
  pieces: Piece[];
  /** first token of the open piece, or -1 */
  start: number;
  depths: Depths;
  open: OpenIf[];
  /** number of the #ifs whose further arms are passed over, or -1 */
  skipTo: number;
  /** the last `}` in the first column inside the open function, or -1 */
  lastColumnZeroClose: number;
  /** of a macro's call that holds statements: where its arguments end */
  argumentsEnd: number;
}

const noDepths = (): Depths => ({ brace: 0, paren: 0, assign: -1, body: -1 });

/** Ends the open piece, where there is one, before token `end`. */
function endPiece(c: Cutting, end: number, open = false): void {
  if (c.start >= 0) c.pieces.push({ start: c.start, end, body: c.depths.body, assign: c.depths.assign, open });
  c.start = -1;
  c.depths = noDepths();
  c.lastColumnZeroClose = -1;
  c.argumentsEnd = -1;
}

/** Goes over a preprocessor line: an arm that leaves brackets open has the next one start from where the #if stood. */
function crossDirective(c: Cutting, i: number): void {
  const word = directiveWord(c.tokens, i);
  if (word === 'i') {
    c.open.push({ at: { ...c.depths }, first: null, started: c.start >= 0 });
    return;
  }
  const top = c.open.at(-1);
  if (word === 'e' && top) {
    // the arm before has ended the piece that was open at the #if: the other arms hold its other endings
    if (top.started && c.start < 0) c.skipTo = c.open.length;
    top.first ??= { ...c.depths };
    if (c.start >= 0) c.depths = { ...top.at };
  } else if (word === 'x') {
    if (c.skipTo === c.open.length) c.skipTo = -1;
    c.open.pop();
    if (!top?.first || c.start < 0 || !(top.started || top.first.brace > 0 || top.first.paren > 0)) return;
    const { brace, paren, assign, body } = top.first;
    c.depths = {
      brace,
      paren,
      assign: assign >= 0 ? assign : c.depths.assign,
      body: body >= 0 ? body : c.depths.body,
    };
  }
}

/** Takes the `{` at `i`; the token behind which to go on. */
function openBrace(c: Cutting, i: number): number {
  const { depths, tokens } = c;
  if (depths.brace === 0 && depths.paren === 0) {
    if (depths.assign < 0 && depths.body < 0 && !opensRecord(tokens, c.start, i)) depths.body = i;
  } else if (depths.body >= 0 && c.lastColumnZeroClose >= 0 && isColumnZero(tokens, i)) {
    // the braces of the function before do not balance: its end was the last `}` in the first column
    const resume = c.lastColumnZeroClose;
    endPiece(c, resume + 1, true);
    return resume;
  }
  depths.brace++;
  return i;
}

function closeBrace(c: Cutting, i: number): void {
  const { depths, tokens } = c;
  if (depths.brace > 0) depths.brace--;
  if (depths.body < 0) return;
  if (depths.brace === 0 && depths.paren === 0) endPiece(c, i + 1);
  else if (isColumnZero(tokens, i)) c.lastColumnZeroClose = i;
}

/** Takes the `;` at `i`. Statements may stand among a macro's arguments: `TRACE_EVENT(…, TP_fast_assign(a = b; …), …)`. */
function endStatement(c: Cutting, i: number): void {
  const { depths, tokens } = c;
  if (depths.brace > 0 || i < c.argumentsEnd) return;
  c.argumentsEnd = depths.paren > 0 && isMacroCall(tokens, c.start) ? argumentsEndOf(tokens, i, depths.paren) : -1;
  if (c.argumentsEnd < 0) endPiece(c, i + 1);
}

/**
 * The top-level pieces of a file, in order; what stands in dead arms is in none. `roleOf` is asked only about a name or
 * `name( … )` that opens a piece and is followed by a new line.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: hot, flat: one case for each kind of token
export function findPieces(tokens: Tokens, conditions: Conditions, roleOf: (token: number) => MacroRole): Piece[] {
  const { kind } = tokens;
  const { arms, arm } = conditions;
  const c: Cutting = {
    tokens,
    pieces: [],
    start: -1,
    depths: noDepths(),
    open: [],
    skipTo: -1,
    lastColumnZeroClose: -1,
    argumentsEnd: -1,
  };
  for (let i = 0; i < tokens.count; i++) {
    const k = kind[i];
    if (k === Kind.Directive) {
      crossDirective(c, i);
      continue;
    }
    if (c.skipTo >= 0 || arms[arm[i]].dead) continue;
    if (c.start < 0) {
      if (k === SEMICOLON || k === BRACE_CLOSE) continue;
      c.start = i;
      if (k === Kind.Identifier && isWhole(tokens, i, roleOf)) {
        endPiece(c, i + 1);
        continue;
      }
    }
    const { depths } = c;
    if (k === BRACE_OPEN) i = openBrace(c, i);
    else if (k === BRACE_CLOSE) closeBrace(c, i);
    else if (k === SEMICOLON) endStatement(c, i);
    else if (depths.brace > 0) continue;
    else if (k === PAREN_OPEN) depths.paren++;
    else if (k === PAREN_CLOSE) {
      if (depths.paren > 0) depths.paren--;
      if (depths.paren === 0 && endsMacroCall(tokens, c.start, i, roleOf)) endPiece(c, i + 1);
    } else if (k === ASSIGN && depths.paren === 0 && depths.assign < 0) depths.assign = i;
  }
  if (c.start >= 0) {
    // an unbalanced last function still ends at its last `}` in the first column
    const resume = c.lastColumnZeroClose;
    endPiece(c, resume >= 0 ? resume + 1 : tokens.count, true);
  }
  return c.pieces;
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

/** The token behind the other arms of the #if whose arm ends at a preprocessor line, or behind the lines that stand there. */
function behindArms(tokens: Tokens, directive: number): number {
  let depth = directiveWord(tokens, directive) === 'e' ? 1 : 0;
  for (let i = directive + 1; i < tokens.count; i++) {
    if (tokens.kind[i] === Kind.Directive) {
      const word = directiveWord(tokens, i);
      if (word === 'i') depth++;
      else if (word === 'x') depth--;
      else if (word === 'e' && depth <= 0) depth = 1;
    } else if (depth <= 0) return i;
  }
  return tokens.count;
}

/** Is the name at `i`, alone on its line, a macro that stands for whole definitions: `SOFTIRQ_NAME_LIST`? */
function isWhole(tokens: Tokens, i: number, roleOf: (token: number) => MacroRole): boolean {
  const next = i + 1;
  if (next >= tokens.count || tokens.line[next] === tokens.line[i] || tokens.kind[next] === PAREN_OPEN) return false;
  return /^[A-Z][A-Z0-9_]+$/.test(tokenText(tokens, i)) && roleOf(i) === 'whole';
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
  // the body of a head in each arm stands behind the #endif
  if (k === Kind.Directive && kind[behindArms(tokens, next)] === BRACE_OPEN) return false;
  const role = roleOf(name);
  if (role === 'whole') return true;
  if (role === 'prefix') return false;
  return name === start && /^[A-Z][A-Z0-9_]+$/.test(tokenText(tokens, name));
}
