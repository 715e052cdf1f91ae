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

/** Tells of the name at a token, with something in parentheses and a name behind it, whether it makes a type. */
type IsType = (token: number) => boolean;

function isDeclaration({ tokens, to, isType }: Reading, i: number, word: string): boolean {
  if (isTypeWord(word)) return true;
  const k = tokens.kind;
  let j = i + 1;
  if (k[j] === Kind.Identifier) return true;
  if (k[j] === PAREN_OPEN) {
    const end = groupEnd(tokens, j, to);
    // `ssize_t (*write)(const char *buf, size_t bytes) = …;`
    if (k[j + 1] === STAR && k[j + 2] === Kind.Identifier && k[end] === PAREN_OPEN)
      return (k[j + 3] === PAREN_CLOSE && end === j + 4) || k[j + 3] === BRACKET_OPEN;
    // `typeof_member(struct proc_ops, proc_write) write;`
    return k[end] === Kind.Identifier && isType(i);
  }
  if (k[j] !== STAR) return false;
  while (k[j] === STAR) j++;
  if (k[j] !== Kind.Identifier) return false;
  if (isTypeWord(tokenText(tokens, j))) return true;
  const after = k[j + 1];
  return after === SEMICOLON || after === ASSIGN || after === COMMA || after === BRACKET_OPEN;
}

/** Where the reading of a body stands. */
interface Reading {
  tokens: Tokens;
  to: number;
  isType: IsType;
  out: Statement[];
  /** indices in `out` of the statements of each open block, to be told where it ends */
  blocks: number[][];
}

function add({ out, blocks, to }: Reading, start: number, end: number, kind: Statement['kind']): void {
  if (end <= start) return;
  blocks[blocks.length - 1].push(out.length);
  out.push({ start, end, kind, scopeEnd: to });
}

/** Statements in tokens [from, to), in order; `to` is the body's closing brace. `isType` knows the macros that make types. */
export function findStatements(tokens: Tokens, from: number, to: number, isType: IsType = () => false): Statement[] {
  const { kind } = tokens;
  const r: Reading = { tokens, to, isType, out: [], blocks: [[]] };
  for (let i = from; i < to; ) {
    const k = kind[i];
    if (k === BRACE_OPEN) {
      r.blocks.push([]);
      i++;
    } else if (k === BRACE_CLOSE) {
      if (r.blocks.length > 1) for (const s of r.blocks.pop() as number[]) r.out[s].scopeEnd = i;
      i++;
    } else if (k === SEMICOLON || k === Kind.Directive || k === COLON || k === PAREN_CLOSE) i++;
    else if (k === Kind.Identifier) i = readStatement(r, i);
    else {
      const end = statementEnd(tokens, i, to);
      add(r, i, end, 'expression');
      i = Math.max(end, i + 1);
    }
  }
  return r.out;
}

/** Reads the statement that opens with the word at `i`, of a control statement the head; where to go on. */
function readStatement(r: Reading, i: number): number {
  const { tokens, to } = r;
  const { kind } = tokens;
  const word = tokenText(tokens, i);
  const opens = kind[i + 1] === PAREN_OPEN;
  if (opens && isHeadWord(word)) {
    const end = groupEnd(tokens, i + 1, to);
    add(r, i + 2, end - 1, 'control');
    return end;
  }
  switch (word) {
    case 'else':
    case 'do':
      return i + 1;
    case 'case': {
      let end = i;
      while (end < to && kind[end] !== COLON && kind[end] !== SEMICOLON) end++;
      return end;
    }
    case 'goto':
    case 'break':
    case 'continue':
      return statementEnd(tokens, i, to);
    case 'return': {
      const end = statementEnd(tokens, i, to);
      add(r, i + 1, end, 'return');
      return Math.max(end, i + 1);
    }
  }
  // a label, `default` among them
  if (kind[i + 1] === COLON) return i + 2;
  if (opens) {
    const end = groupEnd(tokens, i + 1, to);
    const after = kind[end];
    // `for_each_x(…) {` or `for_each_x(…) statement`: a loop made by a macro
    if (after === BRACE_OPEN || (after === Kind.Identifier && tokens.line[end] !== tokens.line[end - 1])) {
      add(r, i, end, 'control');
      return end;
    }
  }
  const end = statementEnd(tokens, i, to);
  add(r, i, end, isDeclaration(r, i, word) ? 'declaration' : 'expression');
  return Math.max(end, i + 1);
}
