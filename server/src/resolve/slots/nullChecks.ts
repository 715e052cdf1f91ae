import { behind, closing, opening } from '../../syntax/brackets.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  COMMA,
  DOT,
  hashName,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  QUESTION,
  SEMICOLON,
  type Tokens,
  tokenText,
} from '../../syntax/tokens.ts';
import { bodyOf, branchesIn, plainTest, type Span, statementEnd, type Test, textOf, word } from '../cursor/branches.ts';
import { entityAt } from '../cursor/cursor.ts';
import type { FileView } from '../cursor/fileView.ts';
import type { World } from '../world.ts';

/** What a function does where a slot is NULL. */
export interface Without {
  /** of the member's name in the test: 1-based line and byte column */
  line: number;
  column: number;
  /** the statement or value that takes the slot's place; '' where the call is only left out */
  text: string;
  /** the whole test, where it asks for more than the slot, so that a NULL slot alone does not decide; else null */
  where: Test | null;
}

/** What a function does where the slot `member` is NULL, as far as it asks; null where it doesn't. */
export function withoutSlot(tokens: Tokens, fn: { line: number; endLine: number }, member: string): Without | null {
  const body = bodyOf(tokens, fn);
  for (const { test, yes, no } of branchesIn(tokens, body)) {
    const asked = whenNull(tokens, test, member);
    if (asked) {
      const missing = asked.way ? yes : (no ?? behindJump(tokens, yes, body.to));
      return answer(tokens, test, asked, missing && firstStatement(tokens, missing));
    }
  }
  for (let i = body.from; i < body.to; i++) {
    if (tokens.kind[i] !== QUESTION) continue;
    const test = { from: choiceStart(tokens, i, body.from), to: i };
    const asked = whenNull(tokens, test, member);
    if (!asked) continue;
    const colon = choiceEnd(tokens, i + 1, body.to, COLON);
    const part = asked.way
      ? { from: i + 1, to: colon }
      : { from: colon + 1, to: choiceEnd(tokens, colon + 1, body.to, SEMICOLON) };
    return answer(tokens, test, asked, part);
  }
  return null;
}

function answer(tokens: Tokens, test: Span, asked: Asked, missing: Span | null): Without {
  const { at, way, sure } = asked;
  return {
    line: tokens.line[at],
    column: tokens.start[at] - tokens.text.lastIndexOf('\n', tokens.start[at] - 1),
    text: missing ? textOf(tokens, missing) : '',
    where: sure ? null : { text: textOf(tokens, plainTest(tokens, test)), holds: way, line: tokens.line[test.from] },
  };
}

/** How a test comes out where a slot is NULL. */
interface Asked {
  /** token of the member's name */
  at: number;
  /** which way the slot's being NULL turns the test */
  way: boolean;
  /** it alone decides */
  sure: boolean;
}

/** How a test asks whether the slot is NULL; null where it doesn't: where it calls it, hands it over, or asks for more. */
function whenNull(tokens: Tokens, span: Span, member: string): Asked | null {
  const test = withoutParentheses(tokens, plainTest(tokens, span));
  for (const [kind, decides] of [
    [Kind.LogicalOr, true],
    [Kind.LogicalAnd, false],
  ] as const) {
    const terms = split(tokens, test, kind);
    if (terms.length < 2) continue;
    const asked = terms.map((t) => whenNull(tokens, t, member)).filter((t) => t !== null);
    if (asked.length === 0) return null;
    const [first] = asked;
    const sure =
      asked.some((t) => t.sure && t.way === decides) ||
      (asked.length === terms.length && asked.every((t) => t.sure && t.way === first.way));
    return { ...(asked.find((t) => t.way === decides) ?? first), sure };
  }
  if (tokenText(tokens, test.from) === '!') {
    const asked = whenNull(tokens, { from: test.from + 1, to: test.to }, member);
    return asked && { ...asked, way: !asked.way };
  }
  const compared = split(tokens, test, Kind.Compare);
  if (compared.length === 2) {
    const [left, right] = compared;
    const sign = tokenText(tokens, left.to);
    const other = isNull(tokens, right) ? left : isNull(tokens, left) ? right : null;
    const asked = other && /^[!=]=$/.test(sign) ? whenNull(tokens, other, member) : null;
    return asked && { ...asked, way: sign === '==' ? !asked.way : asked.way };
  }
  const at = memberAtEnd(tokens, test, member);
  return at < 0 ? null : { at, way: false, sure: true };
}

const isNull = (tokens: Tokens, { from, to }: Span): boolean =>
  to - from === 1 && /^(?:NULL|0)$/.test(tokenText(tokens, from));

function withoutParentheses(tokens: Tokens, { from, to }: Span): Span {
  while (to - from > 2 && tokens.kind[from] === PAREN_OPEN && closing(tokens, from) === to - 1) {
    from++;
    to--;
  }
  return { from, to };
}

/** The parts between the operators `kind` that stand outside brackets. */
function split(tokens: Tokens, { from, to }: Span, kind: number): Span[] {
  const parts: Span[] = [];
  let start = from;
  for (let i = from; i < to; i++) {
    if (OPEN.has(tokens.kind[i])) i = closing(tokens, i);
    else if (tokens.kind[i] === kind) {
      parts.push({ from: start, to: i });
      start = i + 1;
    }
  }
  parts.push({ from: start, to });
  return parts;
}

const OPEN = new Set([PAREN_OPEN, BRACKET_OPEN, BRACE_OPEN]);

/** Token of `member` where the span is nothing but an expression that ends in `->member`; else -1. */
function memberAtEnd(tokens: Tokens, { from, to }: Span, member: string): number {
  const at = to - 1;
  if (at <= from || word(tokens, at) !== member) return -1;
  for (let i = from; i < at; i++) {
    const k = tokens.kind[i];
    if (k === PAREN_OPEN || k === BRACKET_OPEN) i = closing(tokens, i);
    else if (k !== Kind.Identifier && k !== Kind.Arrow && k !== DOT) return -1;
  }
  return tokens.kind[at - 1] === Kind.Arrow || tokens.kind[at - 1] === DOT ? at : -1;
}

/** The statement behind an `if` whose own statement leaves; null where it does not leave, or nothing follows. */
function behindJump(tokens: Tokens, yes: Span, to: number): Span | null {
  let last = tokens.kind[yes.from] === BRACE_OPEN ? behind(tokens, yes.from) : yes.from;
  const end = tokens.kind[yes.from] === BRACE_OPEN ? yes.to - 1 : yes.to;
  for (let next = last; next < end; next = statementEnd(tokens, next, end)) last = next;
  if (!/^(?:return|goto|break|continue)$/.test(word(tokens, last))) return null;
  const from = tokens.kind[yes.to] === Kind.Directive ? behind(tokens, yes.to) : yes.to;
  return from >= to || tokens.kind[from] === BRACE_CLOSE ? null : { from, to };
}

/** The only, or first, statement of a block, without its `;`. */
function firstStatement(tokens: Tokens, span: Span): Span {
  const from = tokens.kind[span.from] === BRACE_OPEN ? behind(tokens, span.from) : span.from;
  const to = statementEnd(tokens, from, span.to);
  return { from, to: tokens.kind[to - 1] === SEMICOLON ? to - 1 : to };
}

/** Where a part of `a ? b : c` ends: at `stop`, or at the bracket or comma behind it. */
function choiceEnd(tokens: Tokens, from: number, to: number, stop: number): number {
  let i = from;
  for (; i < to; i = behind(tokens, i)) {
    const k = tokens.kind[i];
    if (k === stop || k === SEMICOLON || k === PAREN_CLOSE || k === BRACE_CLOSE || k === COMMA) return i;
    if (k === PAREN_OPEN || k === BRACE_OPEN || k === BRACKET_OPEN) i = closing(tokens, i);
  }
  return i;
}

/** Where the test of `a ? b : c` starts, `?` at `i`. */
function choiceStart(tokens: Tokens, i: number, from: number): number {
  let start = i;
  while (start > from) {
    const k = tokens.kind[start - 1];
    if (k === PAREN_CLOSE || k === BRACKET_CLOSE) start = opening(tokens, start - 1);
    else if (STOPS.has(k) || word(tokens, start - 1) === 'return') break;
    else start--;
  }
  return start;
}

const STOPS = new Set([SEMICOLON, COMMA, COLON, QUESTION, ASSIGN, BRACE_OPEN, BRACE_CLOSE, PAREN_OPEN, BRACKET_OPEN]);

/** A function that asks whether a slot is NULL. */
interface NullCheck extends Without {
  function: string;
  file: string;
}

const MAX_CHECKS = 3;

/**
 * Functions of a file that ask whether the slot is NULL, and what they do then; `first` names the one that matters most,
 * the dispatch's own.
 */
export function nullChecks(
  world: World,
  view: FileView,
  slot: { owner: string; member: string },
  first: string,
): NullCheck[] {
  const out: NullCheck[] = [];
  if (!view.facts || !slot.owner) return out;
  const { tokens } = view.text;
  const lines = linesNaming(tokens, slot.member);
  const functions = view.facts.functions
    .filter((f) => lines.some((line) => line >= f.line && line <= f.endLine))
    .sort((a, b) => Number(b.name === first) - Number(a.name === first));
  for (const fn of functions) {
    if (out.length >= MAX_CHECKS) break;
    const found = withoutSlot(tokens, fn, slot.member);
    if (!found) continue;
    const entity = entityAt(world, view, found.line, found.column);
    if (entity?.kind === 'slot' && entity.owner === slot.owner)
      out.push({ ...found, function: fn.name, file: view.path });
  }
  return out;
}

/** Lines in which a word stands as an identifier. */
function linesNaming(tokens: Tokens, word: string): number[] {
  const hash = hashName(word);
  const lines: number[] = [];
  for (let i = 0; i < tokens.count; i++) if (tokens.hash[i] === hash) lines.push(tokens.line[i]);
  return lines;
}
