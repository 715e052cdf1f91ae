/** Where a name is a local or a parameter of a function, and no longer what the rest of the tree means by it. */
import type { FunctionFact } from '../../facts/types.ts';
import { stripAttributes } from '../../syntax/attributes.ts';
import { readDeclaration } from '../../syntax/declarations.ts';
import type { Occurrence } from '../../syntax/text/occurrences.ts';
import { Kind, SEMICOLON, tokenText } from '../../syntax/tokens.ts';
import { toksBetween } from '../../syntax/toks.ts';
import { isTypeWord } from '../../syntax/words.ts';
import type { FileView } from '../cursor/fileView.ts';
import { bodyOf, functionAt, statementsOf } from '../cursor/localScope.ts';
import { offsetOf } from '../cursor/textView.ts';

/** Byte offsets [start, end) of a file in which a word is one local or parameter. */
export interface Region {
  start: number;
  end: number;
}

/** All regions of a function in which a word is local to it, outer ones first. */
export function localRegions({ text }: FileView, fn: FunctionFact, word: string): Region[] {
  const { tokens } = text;
  const body = bodyOf(text, fn);
  if (!body) return [];
  const out: Region[] = [];
  const endOf = (token: number): number => (token < tokens.count ? tokens.start[token] : tokens.text.length);
  if (fn.name !== word && fn.params.some((p) => p.name === word))
    out.push({ start: offsetOf(text, fn.line, fn.column), end: endOf(body.to) });
  for (const s of statementsOf(text, fn)) {
    if (s.kind !== 'declaration' && !(s.kind === 'control' && isTypeWord(tokenText(tokens, s.start)))) continue;
    let end = s.start;
    let isNamed = false;
    for (; end < s.end && tokens.kind[end] !== SEMICOLON; end++)
      isNamed ||= tokens.kind[end] === Kind.Identifier && tokenText(tokens, end) === word;
    if (!isNamed) continue;
    const declared = readDeclaration(stripAttributes(toksBetween(tokens, s.start, end)));
    // `extern int x;` in a body is the x of all others
    if (!declared?.declarators.some((d) => d.name === word) || tokenText(tokens, s.start) === 'extern') continue;
    out.push({ start: tokens.start[s.start], end: endOf(s.scopeEnd) });
  }
  return out;
}

/** The region of the local that an occurrence names, and those inside it where another one hides it; null for no local. */
export function localRegion(
  file: FileView,
  word: string,
  at: Occurrence,
): { start: number; end: number; hidden: [number, number][] } | null {
  const fn = file.facts && functionAt(file.facts, at.line);
  if (!fn) return null;
  const regions = localRegions(file, fn, word);
  const around = regions.filter((r) => r.start <= at.offset && at.offset < r.end);
  const own = around.at(-1);
  if (!own) return null;
  const hidden = regions.filter((r) => r !== own && r.start > own.start && r.end <= own.end);
  return { ...own, hidden: hidden.map((r): [number, number] => [r.start, r.end]) };
}
