/** The statements of a function's body, by brackets and keywords alone: enough to tell which of them deserve a parse. */

import { closing, STEP } from './brackets.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_OPEN,
  COLON,
  COMMA,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  STAR,
  type Tokens,
  tokenText,
} from './tokens.ts';
import { isHeadWord, isTypeWord } from './words.ts';

/** A statement, or what stands in the parentheses of a control statement. */
export interface Statement {
  /** tokens [start, end): without the `;`, of a control statement only what stands in its parentheses */
  start: number;
  end: number;
  kind: 'declaration' | 'expression' | 'return' | 'control';
  /** token at which the enclosing block ends */
  scopeEnd: number;
}

/** Token behind the `)` that closes the `(` at `open`, `to` where none before does. */
const groupEnd = (tokens: Tokens, open: number, to: number): number => Math.min(closing(tokens, open, to) + 1, to);

/** End of the statement that opens at `from`: its `;`, or a `}` that closes the block around it. */
function statementEnd(tokens: Tokens, from: number, to: number): number {
  const { kind } = tokens;
  let depth = 0;
  for (let i = from; i < to; i++) {
    const step = STEP[kind[i]];
    if (step !== 0) {
      depth += step;
      if (depth < 0) return i;
    } else if (depth === 0 && kind[i] === SEMICOLON) return i;
  }
  return to;
}

function isDeclaration(tokens: Tokens, i: number, word: string): boolean {
  if (isTypeWord(word)) return true;
  const k = tokens.kind;
  let j = i + 1;
  if (k[j] === Kind.Identifier) return true;
  if (k[j] !== STAR) return false;
  while (k[j] === STAR) j++;
  if (k[j] !== Kind.Identifier) return false;
  if (isTypeWord(tokenText(tokens, j))) return true;
  const after = k[j + 1];
  return after === SEMICOLON || after === ASSIGN || after === COMMA || after === BRACKET_OPEN;
}

/** Statements in tokens [from, to), in order; `to` is the body's closing brace. */
export function findStatements(tokens: Tokens, from: number, to: number): Statement[] {
  const out: Statement[] = [];
  const { kind } = tokens;
  /** indices in `out` of the statements of each open block, to be told where it ends */
  const blocks: number[][] = [[]];
  const add = (start: number, end: number, what: Statement['kind']) => {
    if (end <= start) return;
    blocks[blocks.length - 1].push(out.length);
    out.push({ start, end, kind: what, scopeEnd: to });
  };
  for (let i = from; i < to; ) {
    const k = kind[i];
    if (k === BRACE_OPEN) {
      blocks.push([]);
      i++;
    } else if (k === BRACE_CLOSE) {
      if (blocks.length > 1) for (const s of blocks.pop() as number[]) out[s].scopeEnd = i;
      i++;
    } else if (k === SEMICOLON || k === Kind.Directive || k === COLON || k === PAREN_CLOSE) i++;
    else if (k !== Kind.Identifier) {
      const end = statementEnd(tokens, i, to);
      add(i, end, 'expression');
      i = Math.max(end, i + 1);
    } else {
      const word = tokenText(tokens, i);
      if (isHeadWord(word) && kind[i + 1] === PAREN_OPEN) {
        const end = groupEnd(tokens, i + 1, to);
        add(i + 2, end - 1, 'control');
        i = end;
      } else if (word === 'else' || word === 'do') i++;
      else if (word === 'case') {
        while (i < to && kind[i] !== COLON && kind[i] !== SEMICOLON) i++;
      } else if (word === 'default' && kind[i + 1] === COLON) i += 2;
      else if (word === 'goto' || word === 'break' || word === 'continue') i = statementEnd(tokens, i, to);
      else if (word === 'return') {
        const end = statementEnd(tokens, i, to);
        add(i + 1, end, 'return');
        i = Math.max(end, i + 1);
      } else if (kind[i + 1] === COLON) i += 2;
      else {
        if (kind[i + 1] === PAREN_OPEN) {
          const end = groupEnd(tokens, i + 1, to);
          const after = kind[end];
          // `for_each_x(…) {` or `for_each_x(…) statement`: a loop made by a macro
          if (after === BRACE_OPEN || (after === Kind.Identifier && tokens.line[end] !== tokens.line[end - 1])) {
            add(i, end, 'control');
            i = end;
            continue;
          }
        }
        const end = statementEnd(tokens, i, to);
        add(i, end, isDeclaration(tokens, i, word) ? 'declaration' : 'expression');
        i = Math.max(end, i + 1);
      }
    }
  }
  return out;
}
