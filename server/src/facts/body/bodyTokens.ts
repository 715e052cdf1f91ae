/** A body as its readers see it: its tokens, dead #if arms passed over, and the steps from one to the next. */

import { liveBefore } from '../../syntax/brackets.ts';
import type { MacroDefinition } from '../../syntax/macros/definitions.ts';
import { placeOf, posOf, type Source } from '../../syntax/source.ts';
import { tokenText } from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import type { Expression, ParamFact } from '../types.ts';
import type { Visit } from '../visit.ts';

/** A body as the scan sees it: its tokens, dead #if arms passed over. */
export interface Body {
  visit: Visit;
  source: Source;
  from: number;
  to: number;
  /** it is the expansion of a macro that the body uses: only what the macro's own text calls is new */
  expansion: boolean;
  /** index of the function in the file's facts */
  function: number;
  params: readonly ParamFact[];
  /** locals that are declared as pointers to functions */
  pointers: ReadonlySet<string>;
  isLocal(name: string): boolean;
  /** what the locals of an expanded macro are made with: `typeof(f) __f = (f);` */
  aliases: ReadonlyMap<string, Tok[]>;
  /** told of each name whose type somebody will ask for */
  name(name: string): void;
}

/** In the expansion of a macro, only what its body calls counts: the arguments have been looked at in the text. */
export const isCounted = ({ source, expansion }: Body, paren: number): boolean =>
  !expansion || (source.origin?.[paren].macro ?? true);

/** The macro that an identifier token names, or null. */
export function lookUp({ source }: Body, token: number): MacroDefinition | null {
  const { tokens, macros } = source;
  if (!source.origin && !macros.mayBe(tokens.hash[token])) return null;
  return macros.lookup(tokenText(tokens, token), posOf(source, token));
}

/** The token before `i`, preprocessor lines and dead arms left out; `from - 1` where there is none. */
export const back = ({ tokens, conditions }: Source, i: number, from: number): number =>
  liveBefore(tokens, i, from, conditions);

/** Every name that the type of an expression may depend on. */
export function noteNames(e: Expression, body: Body): void {
  switch (e[0]) {
    case 'id':
      body.name(e[1]);
      break;
    case 'cast':
    case 'other':
      break;
    case 'call':
      noteNames(e[1], body);
      break;
    case '?':
      noteNames(e[1], body);
      noteNames(e[2], body);
      break;
    default:
      noteNames(e[1], body);
  }
}

/** 1-based line of a token; of what a macro makes, that of the macro's use. */
export const lineOf = (body: Body, token: number): number => placeOf(body.source, posOf(body.source, token)).line;
