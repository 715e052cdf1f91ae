/** What names mean inside one function, at one token of it. */

import type { Expression, FileFacts, FunctionFact } from '../../facts/types.ts';
import { localScopes } from '../../index/link/localScopes.ts';
import type { Type, TypeSource } from '../../index/types/source.ts';
import { type Scope, typeOfExpression } from '../../index/types/typing.ts';
import { stripAttributes } from '../../syntax/attributes.ts';
import { closing } from '../../syntax/brackets.ts';
import { readDeclaration } from '../../syntax/declarations.ts';
import { readExpression } from '../../syntax/expressions.ts';
import { findStatements, type Statement } from '../../syntax/statements.ts';
import { BRACE_OPEN, Kind, SEMICOLON, type Tokens, tokenize, tokenText } from '../../syntax/tokens.ts';
import { toksBetween } from '../../syntax/toks.ts';
import { isTypeWord } from '../../syntax/words.ts';
import { offsetOf, type TextView } from './textView.ts';

/** The function whose text holds a line, or null. */
export function functionAt(facts: FileFacts, line: number): FunctionFact | null {
  let best: FunctionFact | null = null;
  for (const f of facts.functions) if (f.line <= line && line <= f.endLine && (!best || f.line >= best.line)) best = f;
  return best;
}

/** Types of parameters and locals as token `at` sees them, block scope and shadowing included. */
export function scopeAt(view: TextView, facts: FileFacts, types: TypeSource, line: number, at: number): Scope {
  const fn = functionAt(facts, line);
  if (!fn) return { file: facts.path, local: () => null };
  const noted = notedLocals(facts)(fn.name, line);
  const statements = statementsOf(view, fn);
  const known = new Map<string, Type | null>();
  const declared = (name: string): Type | null => {
    let best: string | null = null;
    for (const s of statements) {
      if (s.start > at || s.scopeEnd < at || (s.kind !== 'declaration' && s.kind !== 'control')) continue;
      if (s.kind === 'control' && !isTypeWord(tokenText(view.tokens, s.start))) continue;
      if (!mentions(view, s.start, s.end, name)) continue;
      // of `for (struct x *p = a; …; …)` the first part declares
      let end = s.start;
      while (end < s.end && view.tokens.kind[end] !== SEMICOLON) end++;
      const found = readDeclaration(stripAttributes(toksBetween(view.tokens, s.start, end)))?.declarators.find(
        (d) => d.name === name,
      );
      if (found) best = found.type;
    }
    return best === null ? null : typeOfText(types, scope, best);
  };
  const scope: Scope = {
    file: facts.path,
    local(name) {
      if (!known.has(name)) {
        known.set(name, null);
        known.set(name, declared(name) ?? noted.local(name));
      }
      return known.get(name) ?? null;
    },
  };
  return scope;
}

/** One that asks about each word of a file asks the same again and again: what is known goes with the facts and tokens. */
const noted = new WeakMap<FileFacts, ReturnType<typeof localScopes>>();
const statements = new WeakMap<Tokens, Map<number, Statement[]>>();

function notedLocals(facts: FileFacts): ReturnType<typeof localScopes> {
  let known = noted.get(facts);
  if (!known) {
    known = localScopes(facts);
    noted.set(facts, known);
  }
  return known;
}

/** The statements of a function's body; none where it can't be found. */
export function statementsOf(view: TextView, fn: FunctionFact): Statement[] {
  const body = bodyOf(view, fn);
  if (!body) return [];
  let known = statements.get(view.tokens);
  if (!known) {
    known = new Map();
    statements.set(view.tokens, known);
  }
  let found = known.get(body.from);
  if (!found) {
    found = findStatements(view.tokens, body.from, body.to);
    known.set(body.from, found);
  }
  return found;
}

/** Tokens [from, to) between the braces of a function; null where they can't be found. */
export function bodyOf(view: TextView, fn: FunctionFact): { from: number; to: number } | null {
  const { tokens } = view;
  const offset = offsetOf(view, fn.line, fn.column);
  let i = 0;
  let high = tokens.count;
  while (i < high) {
    const mid = (i + high) >> 1;
    if (tokens.start[mid] < offset) i = mid + 1;
    else high = mid;
  }
  for (; i < tokens.count && tokens.line[i] <= fn.endLine; i++)
    if (tokens.kind[i] === BRACE_OPEN) return { from: i + 1, to: closing(tokens, i) };
  return null;
}

function mentions(view: TextView, from: number, to: number, name: string): boolean {
  for (let i = from; i < to; i++)
    if (view.tokens.kind[i] === Kind.Identifier && tokenText(view.tokens, i) === name) return true;
  return false;
}

/** A declared type; `typeof(expression) *` is looked into. */
function typeOfText(types: TypeSource, scope: Scope, text: string): Type {
  const m = /^(?:const )?typeof\((.*)\)( \*+)?$/.exec(text);
  if (!m) return { text, file: scope.file };
  const inner = typeOf(types, scope, readExpression(toksBetween(tokensOf(m[1]), 0, tokensOf(m[1]).count)));
  return inner ? { text: inner.text + (m[2] ?? ''), file: inner.file } : { text, file: scope.file };
}

const tokensOf = (text: string) => tokenize(Buffer.from(text, 'latin1'));

/**
 * Type of an expression; null where the source doesn't tell. A call of a name that is no function is taken for a
 * macro: one that is given a type (`container_of`) makes a pointer to it, another (`READ_ONCE`) hands its argument on.
 * `declared` tells what a function returns of which there is but a prototype.
 */
export function typeOf(
  types: TypeSource,
  scope: Scope,
  e: Expression,
  declared: (name: string) => string | null = () => null,
): Type | null {
  return typeOfExpression(types, scope, withoutMacros(types, scope, e, declared, 0));
}

function withoutMacros(
  types: TypeSource,
  scope: Scope,
  e: Expression,
  declared: (name: string) => string | null,
  depth: number,
): Expression {
  if (depth > 30) return e;
  const inner = (x: Expression) => withoutMacros(types, scope, x, declared, depth + 1);
  switch (e[0]) {
    case '.':
    case '->':
      return [e[0], inner(e[1]), e[2]];
    case '[]':
    case '*':
    case '&':
      return [e[0], inner(e[1])];
    case '?':
      return ['?', inner(e[1]), inner(e[2])];
    case 'call': {
      const [, callee, args] = e;
      if (
        callee[0] !== 'id' ||
        scope.local(callee[1]) ||
        types.returns(callee[1]).length ||
        types.variables(callee[1]).length
      )
        return ['call', inner(callee), args];
      const returned = declared(callee[1]);
      if (returned) return ['cast', returned, e];
      const named = args.find((a) => a[0] === 'cast' && a[2][0] === 'other' && /^(struct|union) /.test(a[1]));
      if (named?.[0] === 'cast') return ['cast', named[1].endsWith('*') ? named[1] : `${named[1]} *`, named[2]];
      return args[0] ? inner(args[0]) : e;
    }
    default:
      return e;
  }
}
