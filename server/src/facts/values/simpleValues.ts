/**
 * The values of an initialiser by its tokens, where that is plain enough: three of four need no parser then. Says the same
 * as `valuesOf`, which is for the rest.
 */
import { skipGroup } from '../../syntax/brackets.ts';
import { conditionOf, placeOf, type Source } from '../../syntax/source.ts';
import {
  AMPERSAND,
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  CARET,
  COLON,
  COMMA,
  DOT,
  Kind,
  MINUS,
  PAREN_CLOSE,
  PAREN_OPEN,
  PERCENT,
  PIPE,
  PLUS,
  QUESTION,
  SLASH,
  STAR,
} from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { isValueWord } from '../../syntax/words.ts';
import type { ValueFact } from '../types.ts';
import { choiceValues, conjoin } from './values.ts';

/** The values that the tokens may be worth; null where only the parser can tell. */
export function simpleValues(source: Source, toks: readonly Tok[], condition: string | null): ValueFact[] | null {
  const { from, to } = withoutParentheses(toks);
  const inner = from > 0 ? toks.slice(from, to) : toks;
  if (inner.length === 0) return null;
  const shape = shapeOf(inner);
  if (shape === 'other') return null;
  if (shape === 'nothing') return [];
  if (shape === 'choice') return ofChoice(source, inner, condition);
  const address = inner[0].kind === AMPERSAND;
  const value = ofObject(source, address ? inner.slice(1) : inner, condition);
  return value && [address ? { ...value, address: true } : value];
}

function withoutParentheses(toks: readonly Tok[]): { from: number; to: number } {
  let from = 0;
  let to = toks.length;
  while (to - from > 2 && toks[from].kind === PAREN_OPEN && skipGroup(toks, from) === to) {
    from++;
    to--;
  }
  return { from, to };
}

type Shape = 'object' | 'choice' | 'nothing' | 'other';

const OPERATORS: ReadonlySet<number> = new Set([PLUS, MINUS, SLASH, PERCENT, PIPE, CARET, Kind.Shift, Kind.Compare]);

/** What the operators outside brackets make of it. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: flat: one case for each kind of token
function shapeOf(toks: readonly Tok[]): Shape {
  let depth = 0;
  let shape: Shape = 'object';
  for (let i = 0; i < toks.length; i++) {
    const k = toks[i].kind;
    if (k === PAREN_OPEN || k === BRACKET_OPEN) depth++;
    else if (k === PAREN_CLOSE || k === BRACKET_CLOSE) depth--;
    // a statement expression or a literal, a string: not for here
    else if (k === BRACE_OPEN || k === BRACE_CLOSE || k === Kind.String || k === Kind.Directive) return 'other';
    else if (depth > 0) continue;
    else if (k === QUESTION) return 'choice';
    else if (k === COMMA || k === ASSIGN || k === STAR || k === COLON || (k === AMPERSAND && i > 0)) return 'other';
    // a member of what a pointer leads to: nobody knows of what
    else if (k === Kind.Arrow) shape = 'nothing';
    // behind a `)`, which may end a cast, a sign may be one of what follows
    else if (OPERATORS.has(k)) {
      const isSign = k === PLUS || k === MINUS;
      if (i === 0 || (isSign && shape !== 'nothing' && toks[i - 1].kind === PAREN_CLOSE)) return 'other';
      shape = 'nothing';
    }
  }
  return shape;
}

/** `a`, `(a)`, `a.b`, `a[i].b`, with their own parentheses. */
function ofObject(source: Source, toks: readonly Tok[], condition: string | null): ValueFact | null {
  const { from, to } = withoutParentheses(toks);
  let i = from;
  let value: ValueFact | null;
  if (toks[i]?.kind === PAREN_OPEN) {
    const end = skipGroup(toks, i);
    value = end < to && isSelected(toks[end]) ? ofObject(source, toks.slice(i + 1, end - 1), condition) : null;
    i = end;
  } else {
    const name = toks[i++];
    value = name?.kind === Kind.Identifier && isValueWord(name.text) ? ofName(source, name, condition) : null;
  }
  while (value && i < to) {
    if (toks[i].kind === DOT && toks[i + 1]?.kind === Kind.Identifier) {
      const field: string = toks[i + 1].text;
      value = { ...value, member: value.member ? `${value.member}.${field}` : field };
      i += 2;
    } else if (toks[i].kind === BRACKET_OPEN) {
      value = { ...value, member: `${value.member}[]` };
      i = skipGroup(toks, i);
    } else return null;
  }
  return value;
}

const isSelected = (tok: Tok): boolean => tok.kind === DOT || tok.kind === BRACKET_OPEN;

function ofName(source: Source, tok: Tok, condition: string | null): ValueFact {
  const { line, column } = placeOf(source, tok.pos);
  const own = conditionOf(source, tok);
  return { name: tok.text, line, column, address: false, member: '', condition: conjoin(own, condition) };
}

/** `test ? f : NULL` */
function ofChoice(source: Source, toks: readonly Tok[], condition: string | null): ValueFact[] | null {
  let depth = 0;
  let question = -1;
  let colon = -1;
  for (let i = 0; i < toks.length; i++) {
    const k = toks[i].kind;
    if (k === PAREN_OPEN || k === BRACKET_OPEN) depth++;
    else if (k === PAREN_CLOSE || k === BRACKET_CLOSE) depth--;
    else if (depth > 0) continue;
    else if (k === QUESTION) {
      // one in another
      if (question >= 0) return null;
      question = i;
    } else if (k === COLON) colon = i;
    else if (k === COMMA || k === ASSIGN) return null;
  }
  if (question < 1 || colon < question + 2) return null;
  const test = toks.slice(0, question).map((t) => t.text);
  return choiceValues(
    test.join(' '),
    (within) => ofArm(source, toks.slice(question + 1, colon), within),
    (within) => ofArm(source, toks.slice(colon + 1), within),
    condition,
  );
}

const ofArm = (source: Source, toks: readonly Tok[], condition: string | null): ValueFact[] | null => {
  const { from, to } = withoutParentheses(toks);
  if (to - from === 1 && (toks[from].text === 'NULL' || toks[from].kind === Kind.Number)) return [];
  return simpleValues(source, toks, condition);
};
