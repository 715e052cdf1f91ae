/** Initialisers: what is cut away before the parse, and what a parsed one says. */
import type { Tok } from '../syntax/macros.ts';
import { addGlue, addTok, type ParseText, tokAt } from '../syntax/parseText.ts';
import type { SyntaxNode } from '../syntax/parser.ts';
import { ASSIGN, BRACE_CLOSE, BRACE_OPEN, BRACKET_OPEN, COLON, DOT, Kind, PAREN_OPEN } from '../syntax/tokens.ts';
import { isTypeWord, skipGroup, splitCommas } from '../syntax/declarations.ts';
import { both } from '../syntax/expand.ts';
import { conditionOf } from '../syntax/source.ts';
import type { InitFact, PathStep } from './types.ts';
import { type ParsedText, plainText, valuesOf } from './values.ts';

const NOT_A_VALUE = new Set(['NULL', '__func__', '__FUNCTION__', '__PRETTY_FUNCTION__', '__builtin_constant_p', 'true', 'false', 'sizeof', 'offsetof', '__builtin_offsetof', '__alignof__']);

/**
 * May the tokens name a function or an object? A name in capitals is a constant, a called name is a macro or a type,
 * a name behind `.` or `->` a member.
 */
export function mayNameValue(toks: readonly Tok[], skip?: (name: string) => boolean): boolean {
  for (let i = 0; i < toks.length; i++) {
    const tok = toks[i];
    if (tok.kind !== Kind.Identifier) continue;
    const before = toks[i - 1]?.kind;
    if (before === DOT || before === Kind.Arrow) continue;
    const word = tok.text;
    if (NOT_A_VALUE.has(word) && toks[i + 1]?.kind === PAREN_OPEN) {
      i = skipGroup(toks, i + 1) - 1;
      continue;
    }
    if (word === 'struct' || word === 'union' || word === 'enum') {
      i++;
      continue;
    }
    if (NOT_A_VALUE.has(word) || isTypeWord(word) || !/[a-z]/.test(word) || skip?.(word)) continue;
    if (toks[i + 1]?.kind === PAREN_OPEN && toks[i + 2]?.kind !== undefined && before !== 0x26) {
      // a call in an initialiser: a macro that nobody defined; its arguments may still be values
      continue;
    }
    return true;
  }
  return false;
}

/** Where an element's designators end: `.a.b =`, `[1] =`, `a:`. 0 without. */
function designatorEnd(element: readonly Tok[]): number {
  const first = element[0]?.kind;
  if (first === Kind.Identifier && element[1]?.kind === COLON) return 2;
  if (first !== DOT && first !== BRACKET_OPEN) return 0;
  let i = 0;
  while (i < element.length) {
    if (element[i].kind === DOT) i += 2;
    else if (element[i].kind === BRACKET_OPEN) i = skipGroup(element, i);
    else break;
  }
  return element[i]?.kind === ASSIGN ? i + 1 : i;
}

/**
 * Adds an initialiser to the parse text with everything that can't name a function replaced by `0`, or left out where
 * its place doesn't count. Returns whether anything is left; if not, nothing was added.
 */
export function addInitialiser(text: ParseText, toks: readonly Tok[]): boolean {
  const pruned = prune(toks);
  if (!pruned) return false;
  for (const item of pruned) if (typeof item === 'string') addGlue(text, item);
  else addTok(text, item);
  return true;
}

type Pruned = (Tok | string)[];

function prune(toks: readonly Tok[]): Pruned | null {
  if (!mayNameValue(toks)) return null;
  const open = toks.findIndex((t) => t.kind === BRACE_OPEN);
  // `{ … }`, or a compound literal's `(T){ … }`, `&(T){ … }`; statement expressions stay whole
  if (open < 0 || toks.at(-1)?.kind !== BRACE_CLOSE || toks[open - 1]?.kind === PAREN_OPEN) return [...toks];
  const out: Pruned = toks.slice(0, open + 1);
  const elements = splitCommas(toks.slice(open + 1, toks.length - 1));
  for (let i = 0; i < elements.length; i++) {
    let element = elements[i];
    if (element.length === 0) continue;
    // `SOME_OPS(x) .remove = f`: a macro without its comma leaves two elements in one
    const parts = splitMissingCommas(element);
    for (let p = 0; p < parts.length; p++) {
      element = parts[p];
      const value = designatorEnd(element);
      const inner = prune(element.slice(value));
      if (inner) out.push(...element.slice(0, value), ...inner, ',');
      else if (element[0].kind === DOT || element[1]?.kind === COLON) {
        const next = parts[p + 1] ?? elements[i + 1];
        if (next?.length && next[0].kind !== DOT && next[1]?.kind !== COLON && next[0].kind !== BRACKET_OPEN) out.push(...element.slice(0, value), '0,');
      } else out.push(...element.slice(0, value), '0,');
    }
  }
  out.push('}');
  return out;
}

function splitMissingCommas(element: Tok[]): Tok[][] {
  const parts: Tok[][] = [];
  let from = 0;
  for (let i = 1; i < element.length; i++) {
    const k = element[i].kind;
    if (k === PAREN_OPEN || k === BRACE_OPEN || k === BRACKET_OPEN) {
      i = skipGroup(element, i) - 1;
      continue;
    }
    const before = element[i - 1].kind;
    if (k === DOT && element[i + 1]?.kind === Kind.Identifier && (before === BRACE_CLOSE || before === 0x29 || before === Kind.Identifier || before === Kind.Number || before === Kind.String)) {
      const then = element[i + 2]?.kind;
      if (then === ASSIGN || (then === DOT && before !== Kind.Identifier)) {
        if (i > from && designatorEnd(element.slice(from)) + from < i) {
          parts.push(element.slice(from, i));
          from = i;
        }
      }
    }
  }
  parts.push(element.slice(from));
  return parts;
}

const named = (node: SyntaxNode): SyntaxNode[] => node.namedChildren.filter((c) => c.type !== 'comment');

/** Facts of one initialiser; `base` is the path of the list itself. */
export function initsOf(parsed: ParsedText, node: SyntaxNode, base: PathStep[] = [], literal: { type: string; depth: number } = { type: '', depth: 0 }): InitFact[] {
  if (node.type === 'initializer_list') {
    const out: InitFact[] = [];
    let position = 0;
    for (const child of named(node)) {
      if (child.type === 'initializer_pair') {
        const steps = designatorsOf(child);
        const value = child.childForFieldName('value');
        if (value) {
          // `SET_X_OPS(f)` brings the designator: its condition is the macro's, `f` itself has none
          const condition = conditionOf(parsed.source, tokAt(parsed.text, child.startIndex));
          for (const init of initsOf(parsed, value, [...base, ...steps], literal)) {
            init.value.condition = both(condition, init.value.condition);
            out.push(init);
          }
        }
        // what follows without a designator goes on behind this one; steps[0] tells from where
        const first = steps[0];
        position = first && 'index' in first && /^\d+$/.test(first.index) ? Number(first.index) + 1 : position + 1;
      } else {
        out.push(...initsOf(parsed, child, [...base, { position }], literal));
        position++;
      }
    }
    return out;
  }
  const compound = compoundLiteral(node);
  if (compound) {
    const type = compound.childForFieldName('type');
    const value = compound.childForFieldName('value');
    return value && type ? initsOf(parsed, value, base, { type: plainText(type), depth: base.length }) : [];
  }
  const values = valuesOf(parsed, node);
  return values.map((value) => ({
    path: base,
    value,
    macro: tokAt(parsed.text, node.startIndex).macro,
    literalType: literal.type,
    literalDepth: literal.depth,
  }));
}

/** The `(T){ … }` in `(T){ … }`, `&(T){ … }` or `(T[]){ … }`, casts and parentheses aside. */
function compoundLiteral(node: SyntaxNode): SyntaxNode | null {
  let at: SyntaxNode | null = node;
  while (at) {
    if (at.type === 'compound_literal_expression') return at;
    if (at.type === 'parenthesized_expression') at = named(at).at(-1) ?? null;
    else if (at.type === 'pointer_expression' && at.children[0]?.type === '&') at = at.childForFieldName('argument');
    else if (at.type === 'cast_expression') at = at.childForFieldName('value');
    else return null;
  }
  return null;
}

function designatorsOf(pair: SyntaxNode): PathStep[] {
  const steps: PathStep[] = [];
  for (const child of named(pair)) {
    if (child.type === 'field_designator') steps.push({ member: child.namedChildren[0]?.text ?? '' });
    else if (child.type === 'subscript_designator' || child.type === 'subscript_range_designator') steps.push({ index: plainText(child).replace(/^\[|\]$/g, '').trim() });
    else if (child.type === 'field_identifier') steps.push({ member: child.text });
    else break;
  }
  return steps;
}
