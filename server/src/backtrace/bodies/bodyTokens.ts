/** A body's tokens, macros expanded, wherever the body stands: in the text or in a macro's expansion. */

import type { FunctionFact } from '../../facts/types.ts';
import { firstTokenOf, type SourceFile } from '../../resolve/sourceFiles.ts';
import { closingIn } from '../../syntax/brackets.ts';
import { expand } from '../../syntax/macros/expand.ts';
import type { MacroView } from '../../syntax/macros/view.ts';
import {
  BRACE_CLOSE,
  BRACE_OPEN,
  COMMA,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  type Tokens,
  tokenText,
} from '../../syntax/tokens.ts';
import { type Tok, toksBetween } from '../../syntax/toks.ts';
import type { BodyReader } from './bodyReader.ts';
import { isBoring } from './macroCalls.ts';

/** A body's tokens, macros expanded, and what stands in front of the function's name. */
interface BodyText {
  /** see `headWords` */
  head: Set<string>;
  toks: Tok[];
  open: number;
  /** tokens before expansion */
  size: number;
}

/** Does the function's name stand in the text as a definition has it, not as an argument of a macro? */
export function isWritten(tokens: Tokens, fact: FunctionFact): boolean {
  if (fact.macro) return false;
  const at = nameToken(tokens, fact);
  const before = tokens.kind[at - 1];
  return tokens.kind[at + 1] === PAREN_OPEN && before !== PAREN_OPEN && before !== COMMA;
}

/** The token of a function's name in its line; the first behind that line where the text has none. */
function nameToken(tokens: Tokens, fact: FunctionFact): number {
  let at = firstTokenOf(tokens, fact.line);
  while (at < tokens.count && tokens.line[at] === fact.line && tokenText(tokens, at) !== fact.name) at++;
  return at;
}

/** A function's body as it stands in the text; null where no `{` follows its name. */
export function writtenBody(
  reader: BodyReader,
  source: SourceFile,
  macros: MacroView,
  fact: FunctionFact,
): BodyText | null {
  const { tokens } = source;
  const span = spanOf(tokens, fact);
  if (!span) return null;
  const plain = plainToks(source, span.from, span.to);
  const size = plain.length;
  return {
    head: headWords(headToks(tokens, nameToken(tokens, fact)), macros),
    toks: expanded(reader, macros, plain),
    open: tokens.line[span.from - 1],
    size,
  };
}

/** A function that a macro makes: its body is in the macro's expansion, the last one's may be in the text behind. */
export function madeBody(
  reader: BodyReader,
  source: SourceFile,
  macros: MacroView,
  fact: FunctionFact,
): BodyText | null {
  const { tokens } = source;
  const from = firstTokenOf(tokens, fact.line);
  const to = madeEnd(tokens, from, fact.endLine);
  const toks = expanded(reader, macros, plainToks(source, from, Math.min(to + 1, tokens.count)));
  for (let i = 0; i + 1 < toks.length; i++) {
    if (toks[i].text !== fact.name || toks[i + 1].kind !== PAREN_OPEN) continue;
    let open = closingIn(toks, i + 1) + 1;
    while (toks[open]?.kind === Kind.Identifier) open++;
    if (toks[open]?.kind !== BRACE_OPEN) continue;
    const head = headWords(toks.slice(Math.max(0, i - MAX_HEAD), i), macros);
    const end = closingIn(toks, open);
    return { head, toks: toks.slice(open + 1, end), open: toks[open].pos, size: end - open };
  }
  return null;
}

/** The last token of a macro's use that makes a function, and of the text behind it that is its body. */
function madeEnd(tokens: Tokens, from: number, endLine: number): number {
  let depth = 0;
  for (let to = from; to < tokens.count; to++) {
    const k = tokens.kind[to];
    if (k === PAREN_OPEN || k === BRACE_OPEN) depth++;
    else if (k === PAREN_CLOSE || k === BRACE_CLOSE) {
      depth--;
      const isBodyNext = k === PAREN_CLOSE && tokens.kind[to + 1] === BRACE_OPEN;
      if (depth === 0 && tokens.line[to] >= endLine && !isBodyNext) return to;
    } else if (k === SEMICOLON && depth === 0) return to;
  }
  return tokens.count;
}

/** Tokens in front of a function's name that are looked at. */
const MAX_HEAD = 20;

/** The tokens in front of a function's name. */
function headToks(tokens: Tokens, at: number): Tok[] {
  let from = at;
  while (from > 0 && at - from < MAX_HEAD && tokens.kind[from - 1] !== Kind.Directive) from--;
  return toksBetween(tokens, from, at);
}

/**
 * What a function's head says in front of its name, down to the compiler's own words, without the `__` that may stand
 * around them, and its strings, which name sections.
 */
function headWords(toks: Tok[], macros: MacroView): Set<string> {
  const from = 1 + toks.findLastIndex(({ kind }) => kind === SEMICOLON || kind === BRACE_CLOSE);
  const words = new Set<string>();
  for (const { kind, text } of expand(toks.slice(from), { macros }).toks) {
    if (kind === SEMICOLON || kind === BRACE_CLOSE) words.clear();
    else if (kind === Kind.Identifier || kind === Kind.String) words.add(text.replace(/^__|__$/g, ''));
  }
  return words;
}

/** Tokens of the body between its braces; null where the text has none there. */
function spanOf(tokens: Tokens, fact: FunctionFact): { from: number; to: number } | null {
  let at = nameToken(tokens, fact);
  let depth = 0;
  for (; at < tokens.count && tokens.line[at] <= fact.endLine; at++) {
    const k = tokens.kind[at];
    if (k === PAREN_OPEN) depth++;
    else if (k === PAREN_CLOSE) depth--;
    else if (k === SEMICOLON && depth === 0) return null;
    else if (k === BRACE_OPEN && depth === 0) break;
  }
  if (at >= tokens.count || tokens.kind[at] !== BRACE_OPEN) return null;
  let to = at + 1;
  while (to < tokens.count && tokens.line[to] <= fact.endLine) to++;
  while (to > at + 1 && tokens.kind[to - 1] !== BRACE_CLOSE) to--;
  return { from: at + 1, to: to - 1 };
}

/** Tokens of a file's part. Here a token's place is its line: nothing else is asked of it. */
function plainToks({ tokens, conditions }: SourceFile, from: number, to: number): Tok[] {
  const toks: Tok[] = [];
  const tok = (kind: number, text: string, pos: number): Tok => ({
    kind,
    text,
    pos,
    macro: false,
    arm: 0,
    condition: null,
    plain: false,
  });
  for (let i = from; i < to; i++) {
    if (conditions.arms[conditions.arm[i]].dead) continue;
    if (tokens.kind[i] !== Kind.Directive) toks.push(tok(tokens.kind[i], tokenText(tokens, i), tokens.line[i]));
    else if (SYSTEM_CALL_LIST.test(tokens.text.slice(tokens.start[i], tokens.end[i])))
      // the build writes `case n: return __x64_sys_read(regs);` for every system call
      toks.push(tok(Kind.Identifier, SYSTEM_CALLS, tokens.line[i]));
  }
  return toks;
}
/** What a file includes where the build is to put a `case` for every system call. */
export const SYSTEM_CALL_LIST = /<asm\/syscalls?_\w+\.h>/;
/** The token that stands for those calls. */
export const SYSTEM_CALLS = '<system calls>';

function expanded(reader: BodyReader, macros: MacroView, toks: Tok[]): Tok[] {
  gatherMacroArguments(toks, macros);
  return expand(toks, { macros, keep: (macro) => isBoring(reader, macros, macro, 0) }).toks;
}

/** A macro's arguments stand, for a debugger, where the macro's name does. */
function gatherMacroArguments(toks: Tok[], macros: MacroView): void {
  for (let i = 0; i + 1 < toks.length; i++) {
    if (toks[i].kind !== Kind.Identifier || toks[i + 1].kind !== PAREN_OPEN) continue;
    const end = closingIn(toks, i + 1);
    if (toks[end] === undefined || toks[end].pos === toks[i].pos) continue;
    if (!macros.lookup(toks[i].text, 0)?.params) continue;
    for (let j = i + 1; j <= end; j++) toks[j].pos = toks[i].pos;
  }
}
