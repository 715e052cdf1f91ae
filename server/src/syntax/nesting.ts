/**
 * How deep brackets may nest, and which belong together. What lies deeper is left out before anybody reads it: every
 * reader behind may then go down bracket by bracket, at a cost that the text's size bounds.
 */

import { STEP } from './brackets.ts';
import {
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  type Tokens,
} from './tokens.ts';

/** Twice what any file of a kernel has: a generated sum in curve25519-fiat32.c is 103 parentheses deep. */
export const MAX_NESTING = 200;

for (const kind of [PAREN_OPEN, BRACE_OPEN, BRACKET_OPEN]) STEP[kind] = 1;

for (const kind of [PAREN_CLOSE, BRACE_CLOSE, BRACKET_CLOSE]) STEP[kind] = -1;

/** What a preprocessor line does to an #if: 'i' for #if…, 'e' for #elif and #else, 'x' for #endif, '' for the rest. */
export function directiveWord(tokens: Tokens, i: number): 'i' | 'e' | 'x' | '' {
  let at = tokens.start[i] + 1;
  while (tokens.text.charCodeAt(at) === 32 || tokens.text.charCodeAt(at) === 9) at++;
  const c = tokens.text.charCodeAt(at);
  if (c === 105) return tokens.text.charCodeAt(at + 1) === 102 ? 'i' : '';
  if (c !== 101) return '';
  const next = tokens.text.charCodeAt(at + 1);
  return next === 108 ? 'e' : next === 110 ? 'x' : '';
}

/** The same tokens without those that stand too deep; preprocessor lines stay. Null where none does. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: flat: one pass that counts, one that takes out
export function withoutDepths(tokens: Tokens): Tokens | null {
  const { kind, count } = tokens;
  let deepest = 0;
  for (let i = 0, level = 0; i < count; i++) {
    level += STEP[kind[i]];
    if (level > deepest) deepest = level;
    else if (level < 0) level = 0;
  }
  if (deepest <= MAX_NESTING) return null;
  const kept = new Int32Array(count);
  let n = 0;
  let depth = 0;
  /** depth at each open #if, and at the end of its first arm: each arm goes on from where the #if stood */
  const arms: { at: number; first: number }[] = [];
  for (let i = 0; i < count; i++) {
    if (kind[i] === Kind.Directive) {
      const word = directiveWord(tokens, i);
      const top = arms.at(-1);
      if (word === 'i') arms.push({ at: depth, first: -1 });
      else if (word === 'e' && top) {
        if (top.first < 0) top.first = depth;
        depth = top.at;
      } else if (word === 'x' && top) {
        arms.pop();
        if (top.first >= 0) depth = top.first;
      }
      kept[n++] = i;
      continue;
    }
    const step = STEP[kind[i]];
    if (step < 0) depth = Math.max(0, depth - 1);
    if (depth < MAX_NESTING) kept[n++] = i;
    if (step > 0) depth++;
  }
  if (n === count) return null;
  const pick = (from: Int32Array): Int32Array => {
    const to = new Int32Array(n + 1);
    for (let j = 0; j < n; j++) to[j] = from[kept[j]];
    return to;
  };
  const kinds = new Uint8Array(n + 1);
  for (let j = 0; j < n; j++) kinds[j] = kind[kept[j]];
  return {
    ...tokens,
    count: n,
    kind: kinds,
    start: pick(tokens.start),
    end: pick(tokens.end),
    line: pick(tokens.line),
    hash: pick(tokens.hash),
  };
}

/** The same for a list of tokens, itself where none stands too deep. */
export function withoutDeepToks<T extends { kind: number }>(toks: T[]): T[] {
  let deepest = 0;
  if (toks.length > MAX_NESTING)
    for (let i = 0, level = 0; i < toks.length; i++) {
      level += STEP[toks[i].kind];
      if (level > deepest) deepest = level;
      else if (level < 0) level = 0;
    }
  if (deepest <= MAX_NESTING) return toks;
  let depth = 0;
  return toks.filter(({ kind }) => {
    const step = STEP[kind];
    if (step < 0) depth = Math.max(0, depth - 1);
    const kept = depth < MAX_NESTING;
    if (step > 0) depth++;
    return kept;
  });
}
