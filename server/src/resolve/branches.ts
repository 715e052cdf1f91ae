/** The runtime tests of a function's body, read off its tokens: under which test a place runs, and what runs instead of a slot. */
import {
  BRACE_OPEN,
  COLON,
  DOT,
  Kind,
  PAREN_OPEN,
  QUESTION,
  SEMICOLON,
  type Tokens,
  tokenText,
} from '../syntax/tokens.ts';
import { firstTokenOf } from './sourceFiles.ts';
import { behind, closingOf } from './textView.ts';

/** A test that decides whether a place runs. */
export interface Test {
  /** the expression, blanks folded, `likely()` and `unlikely()` taken off */
  text: string;
  /** the place runs where the test holds; else where it does not */
  holds: boolean;
  /** 1-based */
  line: number;
}

/** What a function does where a slot is NULL. */
export interface Without {
  /** of the member's name in the test: 1-based line and byte column */
  line: number;
  column: number;
  /** the statement or value that takes the slot's place; '' where there is none */
  text: string;
}

/** Tokens [from, to). */
interface Span {
  from: number;
  to: number;
}

interface Branch {
  test: Span;
  yes: Span;
  no: Span | null;
}

const MAX_DEPTH = 100;
const MAX_TEXT = 80;

const word = (tokens: Tokens, i: number): string =>
  i < tokens.count && tokens.kind[i] === Kind.Identifier ? tokenText(tokens, i) : '';

/** Token behind the statement that starts at `i`. */
function statementEnd(tokens: Tokens, i: number, to: number, depth = 0): number {
  if (depth > MAX_DEPTH) return to;
  const kind = tokens.kind[i];
  if (kind === BRACE_OPEN) return Math.min(to, closingOf(tokens, i) + 1);
  const keyword = word(tokens, i);
  if (keyword === 'do')
    return statementEnd(tokens, statementEnd(tokens, behind(tokens, i), to, depth + 1), to, depth + 1);
  if (/^(?:if|for|while|switch)$/.test(keyword) && tokens.kind[behind(tokens, i)] === PAREN_OPEN) {
    const body = behind(tokens, closingOf(tokens, behind(tokens, i)));
    if (body >= to) return to;
    const end = statementEnd(tokens, body, to, depth + 1);
    const next = tokens.kind[end] === Kind.Directive ? behind(tokens, end) : end;
    if (keyword !== 'if' || word(tokens, next) !== 'else') return end;
    return statementEnd(tokens, behind(tokens, next), to, depth + 1);
  }
  for (let at = i; at < to; at = behind(tokens, at)) {
    const k = tokens.kind[at];
    if (k === SEMICOLON) return at + 1;
    // `list_for_each_entry(…) {`
    if (k === BRACE_OPEN) return Math.min(to, closingOf(tokens, at) + 1);
    if (k === PAREN_OPEN) at = closingOf(tokens, at);
  }
  return to;
}

function branchesIn(tokens: Tokens, { from, to }: Span): Branch[] {
  const out: Branch[] = [];
  for (let i = from; i < to; i++) {
    if (word(tokens, i) !== 'if') continue;
    const open = behind(tokens, i);
    if (tokens.kind[open] !== PAREN_OPEN) continue;
    const close = closingOf(tokens, open);
    const start = behind(tokens, close);
    if (start >= to) continue;
    const end = statementEnd(tokens, start, to);
    const next = tokens.kind[end] === Kind.Directive ? behind(tokens, end) : end;
    const otherFrom = word(tokens, next) === 'else' ? behind(tokens, next) : -1;
    out.push({
      test: { from: open + 1, to: close },
      yes: { from: start, to: end },
      no: otherFrom < 0 ? null : { from: otherFrom, to: statementEnd(tokens, otherFrom, to) },
    });
  }
  return out;
}

/** Text of some tokens, blanks and comments folded, cut where it gets long. */
function textOf(tokens: Tokens, { from, to }: Span): string {
  const parts: string[] = [];
  for (let i = from; i < to; i++) {
    if (tokens.kind[i] === Kind.Directive) continue;
    if (i > from && tokens.start[i] > tokens.end[i - 1]) parts.push(' ');
    parts.push(tokenText(tokens, i));
  }
  const text = parts.join('');
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 2)} …` : text;
}

/** The test without `likely(…)` around it. */
function plainTest(tokens: Tokens, test: Span): Span {
  const hint = /^(?:un)?likely$/.test(word(tokens, test.from)) && tokens.kind[test.from + 1] === PAREN_OPEN;
  return hint && closingOf(tokens, test.from + 1) === test.to - 1 ? { from: test.from + 2, to: test.to - 1 } : test;
}

const bodyOf = (tokens: Tokens, { line, endLine }: { line: number; endLine: number }): Span => ({
  from: firstTokenOf(tokens, line),
  to: firstTokenOf(tokens, endLine + 1),
});

/** The `if`s around a place (1-based line, byte column) of a function, the innermost first. */
export function testsAround(
  tokens: Tokens,
  fn: { line: number; endLine: number },
  line: number,
  column: number,
): Test[] {
  const body = bodyOf(tokens, fn);
  let at = firstTokenOf(tokens, line);
  const start = tokens.text.lastIndexOf('\n', tokens.start[at] - 1) + 1;
  while (at + 1 < body.to && tokens.start[at + 1] <= start + column - 1) at++;
  const within = (span: Span | null) => span !== null && at >= span.from && at < span.to;
  return branchesIn(tokens, body)
    .filter((b) => within(b.yes) || within(b.no))
    .map((b) => ({
      text: textOf(tokens, plainTest(tokens, b.test)),
      holds: within(b.yes),
      line: tokens.line[b.test.from],
    }))
    .reverse();
}

/** What a function does where the slot `member` is NULL, as far as it asks; null where it doesn't. */
export function withoutSlot(tokens: Tokens, fn: { line: number; endLine: number }, member: string): Without | null {
  const body = bodyOf(tokens, fn);
  for (const branch of branchesIn(tokens, body)) {
    const at = testedIn(tokens, branch.test, member);
    if (at < 0) continue;
    const missing = isNegated(tokens, branch.test, at) ? branch.yes : branch.no;
    return { ...placeOf(tokens, at), text: missing ? textOf(tokens, firstStatement(tokens, missing)) : '' };
  }
  for (let i = body.from; i < body.to; i++) {
    const end = isMember(tokens, i, member) ? behind(tokens, i) : -1;
    if (end < 0 || tokens.kind[end] !== QUESTION) continue;
    const colon = choiceEnd(tokens, end + 1, body.to, COLON);
    return {
      ...placeOf(tokens, i),
      text: textOf(tokens, { from: colon + 1, to: choiceEnd(tokens, colon + 1, body.to, SEMICOLON) }),
    };
  }
  return null;
}

const placeOf = (tokens: Tokens, i: number) => ({
  line: tokens.line[i],
  column: tokens.start[i] - tokens.text.lastIndexOf('\n', tokens.start[i] - 1),
});

/** The token of `->member` in a test that asks for it rather than calls it; -1 for none. */
function testedIn(tokens: Tokens, { from, to }: Span, member: string): number {
  for (let i = from; i < to; i++)
    if (isMember(tokens, i, member) && tokens.kind[behind(tokens, i)] !== PAREN_OPEN) return i;
  return -1;
}

const isMember = (tokens: Tokens, i: number, member: string): boolean =>
  (tokens.kind[i - 1] === Kind.Arrow || tokens.kind[i - 1] === DOT) && word(tokens, i) === member;

/** `!a->b->member`, `a->member == NULL`: the test holds where there is none. */
function isNegated(tokens: Tokens, { from, to }: Span, at: number): boolean {
  let start = at;
  while (
    start > from &&
    (tokens.kind[start - 1] === Kind.Identifier ||
      tokens.kind[start - 1] === DOT ||
      tokens.kind[start - 1] === Kind.Arrow)
  )
    start--;
  if (start > from && tokenText(tokens, start - 1) === '!') return true;
  return at + 2 < to + 1 && tokenText(tokens, at + 1) === '==' && word(tokens, at + 2) === 'NULL';
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
    if (k === stop || k === SEMICOLON || k === 0x29 || k === 0x7d || k === 0x2c) return i;
    if (k === PAREN_OPEN || k === BRACE_OPEN || k === 0x5b) i = closingOf(tokens, i);
  }
  return i;
}
