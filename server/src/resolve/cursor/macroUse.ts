/** Uses of macros: what one stands for at its place, and what it makes of its arguments. */

import type { FileFacts, FunctionFact, VariableFact } from '../../facts/types.ts';
import { before, closing } from '../../syntax/brackets.ts';
import type { MacroDefinition } from '../../syntax/macros/definitions.ts';
import { expand } from '../../syntax/macros/expand.ts';
import { BRACE_CLOSE, BRACE_OPEN, Kind, PAREN_CLOSE, PAREN_OPEN, SEMICOLON, tokenText } from '../../syntax/tokens.ts';
import { type Tok, toksBetween } from '../../syntax/toks.ts';
import { sourcesOf } from '../sourceFiles.ts';
import type { World } from '../world.ts';
import type { FileView } from './fileView.ts';
import { functionAt } from './localScope.ts';
import { placeAt, type TextView } from './textView.ts';

/** A use of a macro in a text: its tokens from the name on, the end excluded. */
export interface MacroUse {
  macro: MacroDefinition;
  from: number;
  to: number;
}

/** Tokens between a word and the macro around it. */
const MAX_BACK = 400;

/** The use of a macro whose name is the token `at`; null where it names none there, or has no arguments that it needs. */
export function macroUseAt(world: World, file: FileView, at: number): MacroUse | null {
  const { tokens } = file.text;
  const macro = sourcesOf(world.index).macros(file.path, world.architecture).lookup(tokenText(tokens, at), 0);
  if (!macro) return null;
  if (macro.params === null) return { macro, from: at, to: at + 1 };
  return tokens.kind[at + 1] === PAREN_OPEN
    ? { macro, from: at, to: Math.min(closing(tokens, at + 1) + 1, tokens.count) }
    : null;
}

/** The use of a macro outside of functions among whose arguments a token stands, the innermost; null without one. */
function macroAround(world: World, file: FileView, at: number): MacroUse | null {
  const { tokens } = file.text;
  let depth = 0;
  for (let i = at - 1; i > Math.max(0, at - MAX_BACK); i--) {
    const kind = tokens.kind[i];
    if (kind === SEMICOLON || kind === BRACE_OPEN || kind === BRACE_CLOSE) return null;
    if (kind === PAREN_CLOSE) depth++;
    else if (kind === PAREN_OPEN && --depth < 0) {
      depth = 0;
      const name = before(tokens, i);
      const use = name >= 0 && tokens.kind[name] === Kind.Identifier ? macroUseAt(world, file, name) : null;
      if (use) return use;
    }
  }
  return null;
}

/** What a use of a macro comes to: all macros seen through, or this one alone. A limit may leave some as they stand. */
export function expansionOf(world: World, file: FileView, { macro, from, to }: MacroUse, full: boolean): Tok[] {
  const macros = sourcesOf(world.index).macros(file.path, world.architecture);
  const input = toksBetween(file.text.tokens, from, to);
  return expand(input, full ? { macros } : { macros, keep: (other) => other.name !== macro.name }).toks;
}

/** Functions and objects of a file that a use of a macro makes, by their index among the facts. */
export interface Made {
  functions: number[];
  variables: number[];
}

/** What a use of a macro makes: names that it puts together, and those that it is given. */
export function madeBy(facts: FileFacts, text: TextView, { from, to }: MacroUse): Made {
  const { tokens } = text;
  const start = placeAt(text, tokens.start[from]);
  const end = placeAt(text, tokens.end[to - 1]);
  const isWithin = (p: { line: number; column: number }): boolean =>
    (p.line > start.line || (p.line === start.line && p.column >= start.column)) &&
    (p.line < end.line || (p.line === end.line && p.column < end.column));
  const indexes = (list: readonly (FunctionFact | VariableFact)[]): number[] =>
    list.flatMap((p, n) => (p.name && isWithin(p) ? [n] : []));
  return { functions: indexes(facts.functions), variables: indexes(facts.variables) };
}

/**
 * What the argument of a macro becomes, where the macro puts a name together from it: the function whose body stands
 * there, else an object, else a function. `fair` of DEFINE_SCHED_CLASS(fair) is fair_sched_class. Null where it makes
 * nothing of it.
 */
export function madeOfArgument(
  world: World,
  file: FileView,
  line: number,
  at: number,
): { kind: 'function' | 'variable'; index: number } | null {
  const { facts, text } = file;
  if (!facts) return null;
  const around = functionAt(facts, line);
  // the line of a SYSCALL_DEFINE is its function's, too
  if (around && around.line !== line) return null;
  const word = tokenText(text.tokens, at);
  const use = macroAround(world, file, at);
  if (!use) return null;
  const { functions, variables } = madeBy(facts, text, use);
  const isOf = ({ name }: { name: string }): boolean => name !== word && new RegExp(`(?:^|_)${word}(?:_|$)`).test(name);
  const own = functions.filter((n) => isOf(facts.functions[n]));
  const body = own.find((n) => facts.functions[n].endLine > facts.functions[n].line);
  if (body !== undefined) return { kind: 'function', index: body };
  const held = variables.filter((n) => isOf(facts.variables[n]));
  const table = held.find((n) => facts.variables[n].inits.length > 0) ?? held[0];
  if (table !== undefined) return { kind: 'variable', index: table };
  return own.length > 0 ? { kind: 'function', index: own[0] } : null;
}
