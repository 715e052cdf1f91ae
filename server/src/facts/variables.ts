/** Objects and what they are initialised with. */

import { typeArguments } from '../syntax/attributes.ts';
import type { Declarator } from '../syntax/declarations.ts';
import { conditionOf, placeOf } from '../syntax/source.ts';
import type { Tok } from '../syntax/toks.ts';
import type { VariableFact } from './types.ts';
import { readInitialiser } from './values/initialisers.ts';
import type { Visit } from './visit.ts';

/** The type of a pointer to a function, not of an array of them. */
const IS_POINTER = /\(\*(?: ?(?:const|volatile))?\) ?\(/;

/** A variable and, where it may hold functions, its initialiser. Also used for locals: `inFunction` names the function. */
export function addVariable(
  visit: Visit,
  d: Declarator,
  type: string,
  isStatic: boolean,
  inFunction: string | null,
  endPos: number,
): void {
  const tok = d.nameTok as Tok;
  const variable: VariableFact = {
    name: d.name,
    type,
    ...placeOf(visit.source, tok.pos),
    static: isStatic,
    function: inFunction,
    macro: tok.macro,
    condition: conditionOf(visit.source, tok),
    endLine: placeOf(visit.source, endPos).line,
    inits: [],
  };
  visit.facts.variables.push(variable);
  if (inFunction === null && IS_POINTER.test(type)) visit.hooks.add(d.name);
  if (d.init?.length) readInitialiser(visit, typeArguments(d.init), variable.inits);
}
