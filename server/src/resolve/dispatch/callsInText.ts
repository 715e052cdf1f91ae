/** Calls as a file's text has them, with all of their arguments: facts note those alone that may be functions. */

import type { Expression, FileFacts, FunctionFact } from '../../facts/types.ts';
import { argumentsAt, closing, opening } from '../../syntax/brackets.ts';
import { readExpression } from '../../syntax/expressions.ts';
import {
  AMPERSAND,
  BRACE_CLOSE,
  BRACE_OPEN,
  DOT,
  hashName,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  type Tokens,
  tokenText,
} from '../../syntax/tokens.ts';
import { toksBetween } from '../../syntax/toks.ts';
import { firstTokenOf, sourcesOf } from '../sourceFiles.ts';
import type { TreePlace, World } from '../world.ts';

/** A call with its arguments, as the text has it. */
export interface CallInText {
  /** of the callee's name */
  place: TreePlace;
  /** the function that it stands in */
  fn: FunctionFact;
  callee: string;
  args: Expression[];
}

/** Tokens of a call in front of an argument. */
const MAX_CALL = 200;

/** The calls in a file that a name is an argument of; where `address`, its address, or that of a member of that name. */
export function* callsWith(world: World, path: string, name: string, address: boolean): Iterable<CallInText> {
  const tokens = sourcesOf(world.index).file(path)?.tokens;
  const facts = world.index.facts(path);
  if (!tokens || !facts) return;
  const hash = hashName(name);
  for (let i = 1; i < tokens.count; i++) {
    if (tokens.hash[i] !== hash || tokens.kind[i] !== Kind.Identifier || tokenText(tokens, i) !== name) continue;
    const before = tokens.kind[i - 1];
    if (address && before !== AMPERSAND && before !== DOT && before !== Kind.Arrow) continue;
    const call = callAround(tokens, facts, i);
    if (call) yield call;
  }
}

/** The call that the argument at token `i` is handed to. */
function callAround(tokens: Tokens, facts: FileFacts, i: number): CallInText | null {
  for (let at = i - 1; at >= 0 && i - at < MAX_CALL; at--) {
    const k = tokens.kind[at];
    if (k === PAREN_CLOSE) at = opening(tokens, at);
    else if (k === SEMICOLON || k === BRACE_OPEN || k === BRACE_CLOSE) return null;
    else if (k === PAREN_OPEN) return tokens.kind[at - 1] === Kind.Identifier ? callAt(tokens, facts, at - 1) : null;
  }
  return null;
}

/** The call whose name is token `i`. */
function callAt(tokens: Tokens, facts: FileFacts, i: number): CallInText | null {
  const line = tokens.line[i];
  const fn = facts.functions.find((f) => f.line <= line && line <= f.endLine && !f.macro);
  // its own head is no call
  if (!fn || (line === fn.line && tokenText(tokens, i) === fn.name)) return null;
  const toks = toksBetween(tokens, i + 1, closing(tokens, i + 1) + 1);
  const lineStart = tokens.text.lastIndexOf('\n', tokens.start[i] - 1) + 1;
  const place = { file: facts.path, line, column: tokens.start[i] - lineStart + 1 };
  return { place, fn, callee: tokenText(tokens, i), args: argumentsAt(toks, 0).map(readExpression) };
}

/** The calls of a function on a line of a file. */
export function callsOn(world: World, path: string, line: number, callee: string): CallInText[] {
  const tokens = sourcesOf(world.index).file(path)?.tokens;
  const facts = world.index.facts(path);
  const out: CallInText[] = [];
  if (!tokens || !facts) return out;
  for (let i = firstTokenOf(tokens, line); i < tokens.count && tokens.line[i] === line; i++) {
    if (tokens.kind[i] !== Kind.Identifier || tokens.kind[i + 1] !== PAREN_OPEN || tokenText(tokens, i) !== callee)
      continue;
    const call = callAt(tokens, facts, i);
    if (call) out.push(call);
  }
  return out;
}
