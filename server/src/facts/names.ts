/** What a name means where some configuration has a macro for it. */

import { skipGroup } from '../syntax/brackets.ts';
import { negate } from '../syntax/conditions.ts';
import type { MacroDefinition } from '../syntax/macros/definitions.ts';
import { both } from '../syntax/macros/expand.ts';
import { AMPERSAND, DOT, Kind, PAREN_OPEN } from '../syntax/tokens.ts';
import type { Tok } from '../syntax/toks.ts';
import { isNoValue, isTagWord, isTypeWord, isValueWord } from '../syntax/words.ts';
import type { Visit } from './visit.ts';

/** Kernel-configuration tests stay as written: their expansion says nothing, their text is a condition. */
export const isConfigTest = (args: Tok[][] | null) =>
  args !== null && args.length === 1 && args[0].length === 1 && args[0][0].text.startsWith('CONFIG_');

/** `#define f g` in one #if arm: the other arm has the function itself. See also `aliasOf`. */
export const isConditionalAlias = (macro: MacroDefinition) =>
  macro.condition !== null &&
  /^[a-z]\w*$/.test(macro.body) &&
  /[a-z]/.test(macro.name) &&
  !isTypeWord(macro.body) &&
  !macro.body.startsWith('__');

/** Does a macro stand for a null pointer? */
export const isNothing = (body: string) =>
  body === 'NULL' || body === '(NULL)' || body === '((void *)0)' || body === '0';

/**
 * May the tokens name a function or an object? A name in capitals is a constant, a called name is a macro or a type,
 * a name behind `.` or `->` a member.
 */
export function mayNameValue(toks: readonly Tok[]): boolean {
  for (let i = 0; i < toks.length; i++) {
    const tok = toks[i];
    if (tok.kind !== Kind.Identifier) continue;
    const before = toks[i - 1]?.kind;
    if (before === DOT || before === Kind.Arrow) continue;
    const word = tok.text;
    if (isNoValue(word) && toks[i + 1]?.kind === PAREN_OPEN) {
      i = skipGroup(toks, i + 1) - 1;
      continue;
    }
    if (isTagWord(word)) {
      i++;
      continue;
    }
    // a call in an initialiser is a macro that nobody defined; its arguments may still be values
    if (!isValueWord(word) || (toks[i + 1]?.kind === PAREN_OPEN && before !== AMPERSAND)) continue;
    return true;
  }
  return false;
}

/** What a name means: two names where one #if arm #defines it as another, each under its own condition. */
export function namesMeant(
  visit: Visit,
  tok: Tok,
  condition: string | null,
): { name: string; condition: string | null }[] {
  const alias = tok.plain ? null : visit.source.macros.lookup(tok.text, tok.pos);
  if (!alias?.condition || alias.params || !isConditionalAlias(alias)) return [{ name: tok.text, condition }];
  return [
    { name: tok.text, condition: both(condition, negate(alias.condition)) },
    { name: alias.body, condition: both(condition, alias.condition) },
  ];
}
