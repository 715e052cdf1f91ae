/** A body as its readers see it: its tokens, dead #if arms passed over, and the steps from one to the next. */

import { opening } from '../../syntax/brackets.ts';
import type { MacroDefinition } from '../../syntax/macros/macros.ts';
import { placeOf, posOf, type Source } from '../../syntax/source.ts';
import { BRACKET_CLOSE, DOT, Kind, PAREN_CLOSE, tokenText } from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { isHeadWord, standsBeforeValue } from '../../syntax/words.ts';
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
export function back(source: Source, i: number, from: number): number {
  const { kind } = source.tokens;
  const { arms, arm } = source.conditions;
  let at = i - 1;
  while (at >= from && (kind[at] === Kind.Directive || arms[arm[at]].dead)) at--;
  return at;
}

/** Members, calls and indices in a row; each of them is a receiver of its own, which begins at the first. */
const MAX_CHAIN = 30;

/** First token of the postfix expression that ends at token `end`: `container_of(x, struct y, m)->ops[3]`. */
export function postfixStart(source: Source, end: number, from: number): number {
  const { kind } = source.tokens;
  let at = end;
  for (let n = 0; ; n++) {
    // the front of a longer chain is not known, and neither is its type
    if (n > MAX_CHAIN) return at;
    if (kind[at] === BRACKET_CLOSE || kind[at] === PAREN_CLOSE) {
      const open = opening(source.tokens, at, from);
      if (open < 0) return at;
      const before = back(source, open, from);
      const isCall =
        before >= from &&
        ((kind[before] === Kind.Identifier && !standsBeforeValue(tokenText(source.tokens, before))) ||
          kind[before] === BRACKET_CLOSE ||
          (kind[before] === PAREN_CLOSE && !closesHeader(source, before, from)));
      if (kind[at] === PAREN_CLOSE && !isCall) return open;
      if (before < from) return open;
      at = before;
      continue;
    }
    if (kind[at] !== Kind.Identifier) return at;
    const before = back(source, at, from);
    if (before < from || (kind[before] !== Kind.Arrow && kind[before] !== DOT)) return at;
    const inner = back(source, before, from);
    if (inner < from) return at;
    at = inner;
  }
}

/** `if (x) (p)->f()`: is the `)` the end of a test, rather than of a value that is called? */
function closesHeader(source: Source, close: number, from: number): boolean {
  const open = opening(source.tokens, close, from);
  const word = open < 0 ? -1 : back(source, open, from);
  return word >= from && source.tokens.kind[word] === Kind.Identifier && isHeadWord(tokenText(source.tokens, word));
}

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

export const lineOf = (body: Body, token: number): number => placeOf(body.source, posOf(body.source, token)).line;
