/** What a pointer variable is ever given, read off the tokens that can see it. */

import type { Expression } from '../../facts/types.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameKind } from '../../index/store/postings.ts';
import { READERS, WRITERS } from '../../kernel/idioms.ts';
import { before, behind, closing, opening } from '../../syntax/brackets.ts';
import { parseDirective } from '../../syntax/conditions.ts';
import { readExpression } from '../../syntax/expressions.ts';
import type { MacroView } from '../../syntax/macros/view.ts';
import {
  AMPERSAND,
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COMMA,
  DOT,
  hashName,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  type Tokens,
  tokenize,
} from '../../syntax/tokens.ts';
import { toksBetween } from '../../syntax/toks.ts';
import { type Span, word } from '../cursor/branches.ts';

/** One value that a variable is given, and the token it stands at. */
export interface GivenValue {
  value: Expression;
  at: number;
}

/** What is done to a variable at one place of it. */
type Use =
  | { kind: 'read' | 'address' | 'unclear' }
  | { kind: 'assigned'; from: number }
  /** it stands alone as an argument; of a function that is a copy, a macro may do anything */
  | { kind: 'argument'; callee: string; position: number; open: number };

/** Says whether a macro (or something unknown) may write to its argument at a position. */
type WritesArgument = (callee: string, position: number) => boolean;

const WORDS = /^(?:if|while|for|switch|return|sizeof|typeof|__typeof__|case)$/;

/**
 * Every value that the variable `name` is given among some tokens, declarations included; null where something else may
 * be done to it: its address is taken, a macro writes to it, an #if splits a value. Of variables that share the name,
 * all count.
 */
export function valuesGiven(tokens: Tokens, span: Span, name: string, writes: WritesArgument): GivenValue[] | null {
  const out: GivenValue[] = [];
  const hash = hashName(name);
  for (let i = span.from; i < span.to; i++) {
    if (tokens.hash[i] !== hash || word(tokens, i) !== name) continue;
    const use = useAt(tokens, i, span.from);
    switch (use.kind) {
      case 'read':
        continue;
      case 'assigned': {
        const value = valueFrom(tokens, use.from, span.to);
        if (!value) return null;
        out.push(value);
        continue;
      }
      case 'argument': {
        const { callee, position, open } = use;
        if (READERS.test(callee)) continue;
        if (WRITERS.test(callee) && position === 0) {
          const value = valueFrom(tokens, behind(tokens, behind(tokens, i)), closing(tokens, open));
          if (!value) return null;
          out.push(value);
          continue;
        }
        if (!writes(callee, position)) continue;
        return null;
      }
      default:
        return null;
    }
  }
  return out;
}

/** What is done to the variable whose name stands at token `i`. */
function useAt(tokens: Tokens, i: number, from: number): Use {
  let first = i;
  let last = i;
  const prevKind = () => (first > from ? tokens.kind[before(tokens, first)] : 0);
  if (prevKind() === Kind.Arrow || prevKind() === DOT || /^(?:struct|union|enum|goto)$/.test(word(tokens, i - 1)))
    return { kind: 'read' };
  let next = behind(tokens, last);
  // `(ops) = …`, `&(ops)`; the parentheses of a call are none of that
  while (prevKind() === PAREN_OPEN && tokens.kind[next] === PAREN_CLOSE) {
    const open = before(tokens, first);
    const callee = before(tokens, open);
    if (callee >= from && tokens.kind[callee] === Kind.String) return { kind: 'unclear' };
    if (
      callee >= from &&
      tokens.kind[callee] === Kind.Identifier &&
      !/^(?:return|case|else)$/.test(word(tokens, callee))
    )
      break;
    first = open;
    last = next;
    next = behind(tokens, last);
  }
  const k = tokens.kind[next];
  if (k === Kind.Paste || prevKind() === Kind.Paste) return { kind: 'unclear' };
  if (k === ASSIGN) return { kind: 'assigned', from: next + 1 };
  // a step within the same array leaves the table what it is
  if (prevKind() === AMPERSAND && k !== Kind.Arrow && k !== BRACKET_OPEN) return { kind: 'address' };
  const opens = prevKind() === PAREN_OPEN || prevKind() === COMMA;
  if (!opens || (k !== PAREN_CLOSE && k !== COMMA)) return { kind: 'read' };
  return argumentAt(tokens, first, from);
}

function argumentAt(tokens: Tokens, i: number, from: number): Use {
  let position = 0;
  for (let at = i - 1; at >= from; at--) {
    const k = tokens.kind[at];
    if (k === PAREN_CLOSE || k === BRACE_CLOSE || k === BRACKET_CLOSE) {
      at = opening(tokens, at);
      if (at < 0) break;
    } else if (k === COMMA) position++;
    else if (k === SEMICOLON || k === BRACE_OPEN || k === BRACKET_OPEN) break;
    else if (k === PAREN_OPEN) {
      const callee = before(tokens, at);
      if (callee < from) break;
      if (tokens.kind[callee] === Kind.String) return { kind: 'unclear' };
      const name = word(tokens, callee);
      const through = tokens.kind[before(tokens, callee)];
      if (!name || WORDS.test(name) || through === Kind.Arrow || through === DOT) break;
      return { kind: 'argument', callee: name, position, open: at };
    }
  }
  return { kind: 'read' };
}

/** The value that starts at a token; null for a list, and where an #if stands in it. */
function valueFrom(tokens: Tokens, from: number, to: number): GivenValue | null {
  let start = from;
  let i = from;
  for (; i < to; i++) {
    const k = tokens.kind[i];
    if (k === SEMICOLON || k === COMMA || k === PAREN_CLOSE || k === BRACE_CLOSE) break;
    if (k === Kind.Directive || k === BRACE_OPEN) return null;
    // of `a = b = &ops` the last
    if (k === ASSIGN) start = i + 1;
    if (k === PAREN_OPEN || k === BRACKET_OPEN) {
      const close = closing(tokens, i);
      for (; i < close; i++) if (tokens.kind[i] === Kind.Directive) return null;
    }
  }
  return start < i ? { value: readExpression(toksBetween(tokens, start, i)), at: start } : null;
}

/** Does a macro that the file itself defines assign to a variable of the name, without being handed it? */
export function assignedByMacros(tokens: Tokens, name: string): boolean {
  const assigns = new RegExp(`(?:^|[^\\w.>])${name}\\s*=[^=]`);
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.kind[i] !== Kind.Directive) continue;
    const directive = parseDirective(tokens.text.slice(tokens.start[i], tokens.end[i]));
    if (directive?.name === 'define' && assigns.test(directive.rest)) return true;
  }
  return false;
}

const MAX_DEPTH = 6;

/** What is known of callees. */
interface Callees {
  index: IndexReader;
  macros: () => MacroView;
}

/** Tells of callees whether they may write to an argument, by the bodies of macros. */
export function argumentWriters(index: IndexReader, macros: () => MacroView): WritesArgument {
  const callees = { index, macros };
  return (callee, position) => mayWrite(callees, callee, position, 0);
}

function mayWrite(callees: Callees, callee: string, position: number, depth: number): boolean {
  if (READERS.test(callee) || WORDS.test(callee) || callee.startsWith('__builtin_')) return false;
  if (depth >= MAX_DEPTH) return true;
  const macro = callees.macros().lookup(callee, 0);
  // a function gets a copy; a name that nobody knows may be a macro out of sight
  if (!macro) return !callees.index.names(callee).some((p) => FUNCTIONS.has(p.kind));
  const tokens = tokenize(Buffer.from(macro.body, 'latin1'));
  // `#define get_it really_get_it`
  if (!macro.params)
    return tokens.count !== 1 || word(tokens, 0) === callee || mayWrite(callees, word(tokens, 0), position, depth + 1);
  const name = macro.params[position];
  if (!name || (macro.variadic && position === macro.params.length - 1)) return true;
  for (let i = 0; i < tokens.count; i++)
    if (word(tokens, i) === name && isWrite(callees, useAt(tokens, i, 0), depth)) return true;
  return false;
}

const FUNCTIONS: ReadonlySet<NameKind> = new Set([NameKind.Function, NameKind.Declaration]);

const isWrite = (callees: Callees, use: Use, depth: number): boolean =>
  use.kind === 'argument' ? mayWrite(callees, use.callee, use.position, depth + 1) : use.kind !== 'read';
