/** Calls that are made of lists, and what static calls are given: `static_call_update(name, f)`. */

import { isStaticCall, UPDATES_STATIC_CALL } from '../../kernel/idioms.ts';
import { argumentsAt, closing } from '../../syntax/brackets.ts';
import { readExpression } from '../../syntax/expressions.ts';
import type { MacroDefinition } from '../../syntax/macros/definitions.ts';
import { expand } from '../../syntax/macros/expand.ts';
import type { MacroView } from '../../syntax/macros/view.ts';
import { sliceToks } from '../../syntax/source.ts';
import { BRACKET_CLOSE, DOT, Kind, PAREN_OPEN, tokenText } from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { callsNothing, isHeadWord, isTypeWord } from '../../syntax/words.ts';
import type { Expression } from '../types.ts';
import { type Body, noteNames } from './bodyTokens.ts';
import { addStaticFlow, expandedToks, leavesOf } from './flows.ts';

/** Is it a macro of static calls, whose uses say more than what they come to? */
export const isPatched = (macro: MacroDefinition): boolean =>
  macro.name === UPDATES_STATIC_CALL || isStaticCall(macro.name);

/**
 * The names that a list of macro calls, #included at token `directive`, makes calls of in a body: `case 0: return
 * __x64_sys_read(regs);`. What it gives static calls is added to the facts.
 */
export function listedCalls(body: Body, directive: number): string[] {
  const { source, visit } = body;
  const names = new Set<string>();
  if (source.origin || source.conditions.arms[source.conditions.arm[directive]].dead) return [];
  const list = sliceToks(source, directive, directive + 1);
  const readings = readingsOf(source.macros, list).map(
    (macros) => expand(list, { macros, used: visit.used, keep: isPatched }).toks,
  );
  for (const toks of readings)
    toks.forEach((tok, i) => {
      if (tok.kind !== Kind.Identifier || toks[i + 1]?.kind !== PAREN_OPEN) return;
      if (tok.text === UPDATES_STATIC_CALL) addStaticUpdate(body, argumentsAt(toks, i + 1), directive);
      else if (isCalled(toks, i) && !body.isLocal(tok.text)) names.add(tok.text);
    });
  return [...names];
}

/** The macros as a list is read by them: where the file defines one of the list's in two #if arms, once for each. */
function readingsOf(macros: MacroView, list: readonly Tok[]): MacroView[] {
  for (const name of new Set(list.map((t) => (t.kind === Kind.Identifier ? t.text : '')))) {
    const arms = name ? macros.own(name, list[0].pos) : [];
    if (arms.length === 2)
      return arms.map((arm) => ({ ...macros, find: (t) => (t.text === name ? arm : macros.find(t)) }));
  }
  return [macros];
}

/** A member that assembly calls, and the token of its name. */
interface CalledOperand {
  name: string;
  receiver: Expression;
  token: number;
}

/**
 * The member that an asm with parentheses at tokens `open` and `close` calls, `call *%[op]` with an operand `[op] "m"
 * (pv_ops.mmu.flush)`; null where it calls none.
 */
export function operandCalled(body: Body, open: number, close: number): CalledOperand | null {
  const { source } = body;
  const { tokens } = source;
  let called: string | null = null;
  for (let i = open + 1; i < close; i++) {
    if (tokens.kind[i] !== Kind.String) continue;
    called ??= CALLED.exec(tokenText(tokens, i))?.[1] ?? null;
    const named = tokens.kind[i - 1] === BRACKET_CLOSE ? tokenText(tokens, i - 2) : null;
    if (called === null || called !== named || tokens.kind[i + 1] !== PAREN_OPEN) continue;
    const end = closing(tokens, i + 1, close);
    const operand = readExpression(sliceToks(source, i + 2, end));
    if (operand[0] !== '.' && operand[0] !== '->') return null;
    noteNames(operand, body);
    return { name: operand[2], receiver: operand[0] === '->' ? ['*', operand[1]] : operand[1], token: end - 1 };
  }
  return null;
}

/** `call *%[op]`, in words of its own or behind others. */
const CALLED = /\bcall\w*\s+\*%\w*\[(\w+)\]/;

/** Is a name before a `(` that of a function? */
function isCalled(toks: readonly Tok[], i: number): boolean {
  const { text } = toks[i];
  const before = toks[i - 1];
  if (before?.kind === Kind.Arrow || before?.kind === DOT || (before && isTypeWord(before.text))) return false;
  return !isHeadWord(text) && !callsNothing(text);
}

/** Tokens that a value may have. */
const MAX_VALUE = 600;

/** Adds what `static_call_update(name, f)`, whose arguments these are, gives the static call at token `token`. */
export function addStaticUpdate(body: Body, [key, value]: readonly (readonly Tok[])[], token: number): void {
  if (!key || !value || value.length > MAX_VALUE) return;
  const [name, ...more] = expandedToks(body, [...key]);
  if (name?.kind !== Kind.Identifier || more.length > 0) return;
  const given = readExpression(expandedToks(body, [...value]));
  noteNames(given, body);
  for (const leaf of leavesOf(given)) addStaticFlow(body, leaf, name.text, token);
}
