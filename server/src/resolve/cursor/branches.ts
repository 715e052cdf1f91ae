/** The runtime tests of a function's body, read off its tokens: under which test a place runs. */
import { BRACE_OPEN, Kind, PAREN_OPEN, SEMICOLON, type Tokens, tokenText } from '../../syntax/tokens.ts';
import { firstTokenOf } from '../sourceFiles.ts';
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

/** Tokens [from, to). */
export interface Span {
  from: number;
  to: number;
}

/** An `if` with its parts; `no` is the `else`. */
interface Branch {
  test: Span;
  yes: Span;
  no: Span | null;
}

const MAX_DEPTH = 100;
const MAX_TEXT = 80;

/** The word at `i`; '' where none stands there. */
export const word = (tokens: Tokens, i: number): string =>
  i < tokens.count && tokens.kind[i] === Kind.Identifier ? tokenText(tokens, i) : '';

/** Token behind the statement that starts at `i`. */
export function statementEnd(tokens: Tokens, i: number, to: number, depth = 0): number {
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

/** The `if`s among some tokens, in the order of the text. */
export function branchesIn(tokens: Tokens, { from, to }: Span): Branch[] {
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
export function textOf(tokens: Tokens, { from, to }: Span): string {
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
export function plainTest(tokens: Tokens, test: Span): Span {
  const hint = /^(?:un)?likely$/.test(word(tokens, test.from)) && tokens.kind[test.from + 1] === PAREN_OPEN;
  return hint && closingOf(tokens, test.from + 1) === test.to - 1 ? { from: test.from + 2, to: test.to - 1 } : test;
}

/** The tokens of a function. */
export const bodyOf = (tokens: Tokens, { line, endLine }: { line: number; endLine: number }): Span => ({
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
