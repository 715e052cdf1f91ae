/**
 * Initialisers: lists, designators and plain names are read by their brackets; only what is a real expression goes to
 * the parser. What can't name a function or an object is passed over.
 */

import { skipGroup, splitCommas } from '../../syntax/brackets.ts';
import { both } from '../../syntax/macros/expand.ts';
import { addGlue, addTok, MAX_PARSED } from '../../syntax/parseText.ts';
import { conditionOf, placeOf } from '../../syntax/source.ts';
import {
  AMPERSAND,
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_OPEN,
  COLON,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  STAR,
} from '../../syntax/tokens.ts';
import { joinToks, type Tok } from '../../syntax/toks.ts';
import { isValueWord } from '../../syntax/words.ts';
import { mayNameValue, namesMeant } from '../names.ts';
import type { InitFact, PathStep, ValueFact } from '../types.ts';
import type { Visit } from '../visit.ts';
import { simpleValues } from './simpleValues.ts';
import { valuesOf } from './values.ts';

/** Where an element's designators end: `.a.b =`, `[1] =`, `a:`. 0 without. */
function designatorEnd(element: readonly Tok[], from = 0): number {
  const first = element[from]?.kind;
  if (first === Kind.Identifier && element[from + 1]?.kind === COLON) return from + 2;
  if (first !== DOT && first !== BRACKET_OPEN) return from;
  let i = from;
  while (i < element.length) {
    if (element[i].kind === DOT) i += 2;
    else if (element[i].kind === BRACKET_OPEN) i = skipGroup(element, i);
    else break;
  }
  return element[i]?.kind === ASSIGN ? i + 1 : i;
}

function designatorSteps(element: readonly Tok[], end: number): PathStep[] {
  if (element[0].kind === Kind.Identifier) return [{ member: element[0].text }];
  const steps: PathStep[] = [];
  for (let i = 0; i < end; ) {
    if (element[i].kind === DOT) {
      steps.push({ member: element[i + 1]?.text ?? '' });
      i += 2;
    } else if (element[i].kind === BRACKET_OPEN) {
      const close = skipGroup(element, i);
      steps.push({ index: joinToks(element.slice(i + 1, close - 1)) });
      i = close;
    } else i++;
  }
  return steps;
}

/** What leads to a value: its path, the compound literal around it, the condition of its designator. */
interface Context {
  path: PathStep[];
  literalType: string;
  literalDepth: number;
  condition: string | null;
}

/** Values in the order of the text: one, or the list that a parse will fill. */
type Values = (InitFact | InitFact[])[];

/** Reads an initialiser. Some values need the parser: all are added to `inits`, in their order, when it has run. */
export function readInitialiser(visit: Visit, toks: readonly Tok[], inits: InitFact[]): void {
  const values: Values = [];
  readValue(visit, toks, { path: [], literalType: '', literalDepth: 0, condition: null }, values);
  visit.finish.push(() => {
    for (const init of values.flat()) inits.push(init);
  });
}

function readValue(visit: Visit, toks: readonly Tok[], context: Context, out: Values): void {
  if (toks.length === 0) return;
  if (toks[0].kind === BRACE_OPEN) {
    const end = skipGroup(toks, 0);
    if (end >= toks.length)
      readList(visit, toks.slice(1, toks.length - (toks.at(-1)?.kind === BRACE_CLOSE ? 1 : 0)), context, out);
    return;
  }
  if (addName(visit, toks, context, out) || !mayNameValue(toks)) return;
  const bare = withoutCasts(toks);
  if (bare.length < toks.length) {
    // a number or a constant, whatever it is cast to
    if (addName(visit, bare, withCondition(context, toks[0]), out) || bare.length === 1) return;
  }
  const literal = compoundLiteral(toks);
  if (literal) {
    readList(visit, literal.list, { ...context, literalType: literal.type, literalDepth: context.path.length }, out);
    return;
  }
  const values = simpleValues(visit.source, toks, context.condition);
  if (values) for (const value of values) out.push(valueFact(value, toks[0].macro, context));
  else parseLater(visit, toks, context, out);
}

/** Adds `f` or `&f`, where it may be a function or an object; false where the tokens are no name. */
function addName(visit: Visit, toks: readonly Tok[], context: Context, out: Values): boolean {
  const name = toks.length <= 2 ? plainName(toks) : null;
  if (!name) return false;
  if (isValueWord(name.text)) out.push(...initFacts(visit, name, toks.length === 2, context));
  return true;
}

const valueFact = (value: ValueFact, macro: boolean, { path, literalType, literalDepth }: Context): InitFact => ({
  path,
  value,
  macro,
  literalType,
  literalDepth,
});

const withCondition = (context: Context, opening: Tok): Context =>
  opening.condition === null ? context : { ...context, condition: both(context.condition, opening.condition) };

/** `((void *)&f)` -> `&f`: outer parentheses and casts in front of a name or a constant. */
function withoutCasts(toks: readonly Tok[]): readonly Tok[] {
  let from = 0;
  let to = toks.length;
  while (from < to && toks[from].kind === PAREN_OPEN) {
    const end = skipGroup(toks, from);
    if (end === to) {
      from++;
      to--;
    } else if (isTypeGroup(toks, from + 1, end - 1)) from = end;
    else return toks;
  }
  return toks.slice(from, to);
}

/** Only words and stars, as a cast has them: `struct x *`, `T`. */
function isTypeGroup(toks: readonly Tok[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (toks[i].kind !== Kind.Identifier && toks[i].kind !== STAR) return false;
  return to > from && toks[from].kind === Kind.Identifier;
}

/** `f` or `&f`. */
function plainName(toks: readonly Tok[]): Tok | null {
  if (toks.length === 1) return toks[0].kind === Kind.Identifier ? toks[0] : null;
  return toks[0].kind === AMPERSAND && toks[1].kind === Kind.Identifier ? toks[1] : null;
}

function initFacts(visit: Visit, tok: Tok, address: boolean, context: Context): InitFact[] {
  const { line, column } = placeOf(visit.source, tok.pos);
  return namesMeant(visit, tok, both(context.condition, conditionOf(visit.source, tok))).map(({ name, condition }) => ({
    path: context.path,
    value: { name, line, column, address, member: '', condition },
    macro: tok.macro,
    literalType: context.literalType,
    literalDepth: context.literalDepth,
  }));
}

/** Values of one object that are told: each takes half a kilobyte on its way into the index. */
const MAX_VALUES = 200_000;

function readList(visit: Visit, body: readonly Tok[], context: Context, out: Values): void {
  let position = 0;
  for (const raw of splitCommas(body)) {
    if (raw.length === 0) continue;
    if (out.length > MAX_VALUES) {
      visit.facts.partial = true;
      return;
    }
    // `SOME_OPS(x) .remove = f`: a macro without its comma leaves two elements in one
    for (const element of splitMissingCommas(raw)) {
      const end = designatorEnd(element);
      if (end === 0) {
        readValue(visit, element, { ...context, path: [...context.path, { position }] }, out);
        position++;
        continue;
      }
      const steps = designatorSteps(element, end);
      // `of_match_ptr(x)`: the parenthesis that the macro brought has the macro's condition, `x` itself has none
      const opening = element[end]?.kind === PAREN_OPEN ? element[end].condition : null;
      const condition = both(both(context.condition, conditionOf(visit.source, element[0])), opening);
      readValue(visit, element.slice(end), { ...context, path: [...context.path, ...steps], condition }, out);
      const first = steps[0];
      position = first && 'index' in first && /^\d+$/.test(first.index) ? Number(first.index) + 1 : position + 1;
    }
  }
}

function splitMissingCommas(element: Tok[]): Tok[][] {
  const parts: Tok[][] = [];
  let from = 0;
  for (let i = 0; i < element.length; i++) {
    const k = element[i].kind;
    if (k === PAREN_OPEN || k === BRACE_OPEN || k === BRACKET_OPEN) {
      i = skipGroup(element, i) - 1;
      continue;
    }
    if (i === 0 || k !== DOT || element[i + 1]?.kind !== Kind.Identifier) continue;
    const before = element[i - 1].kind;
    if (
      before !== BRACE_CLOSE &&
      before !== PAREN_CLOSE &&
      before !== Kind.Identifier &&
      before !== Kind.Number &&
      before !== Kind.String
    )
      continue;
    const then = element[i + 2]?.kind;
    if (then !== ASSIGN && !(then === DOT && before !== Kind.Identifier)) continue;
    if (i > from && designatorEnd(element, from) < i) {
      parts.push(element.slice(from, i));
      from = i;
    }
  }
  if (parts.length === 0) return [element];
  parts.push(element.slice(from));
  return parts;
}

/** The type and the list of `(T){ … }`, `&(T){ … }`, `((U)&(T){ … })`, casts and parentheses aside. */
function compoundLiteral(toks: readonly Tok[]): { type: string; list: Tok[] } | null {
  let from = 0;
  let to = toks.length;
  for (;;) {
    const first = toks[from];
    if (!first || from >= to) return null;
    if (first.kind === AMPERSAND) {
      from++;
      continue;
    }
    if (first.kind !== PAREN_OPEN) return null;
    const end = skipGroup(toks, from);
    if (end === to) {
      if (toks[from + 1]?.kind === BRACE_OPEN) return null;
      from++;
      to--;
    } else if (toks[end].kind === BRACE_OPEN)
      return skipGroup(toks, end) === to
        ? { type: joinToks(toks.slice(from + 1, end - 1)), list: toks.slice(end + 1, to - 1) }
        : null;
    else from = end;
  }
}

function parseLater(visit: Visit, toks: readonly Tok[], context: Context, out: Values): void {
  if (toks.length > MAX_PARSED) {
    visit.facts.partial = true;
    return;
  }
  const at = visit.text.length;
  addGlue(visit.text, 'int v=');
  for (const tok of toks) addTok(visit.text, tok);
  addGlue(visit.text, ';\n');
  const { macro } = toks[0];
  const values: InitFact[] = [];
  out.push(values);
  visit.pending.push({
    at,
    done(node) {
      const value = node.childForFieldName('declarator')?.childForFieldName('value');
      if (!value) return;
      for (const v of valuesOf({ source: visit.source, text: visit.text }, value, context.condition))
        values.push(valueFact(v, macro, context));
    },
  });
}
