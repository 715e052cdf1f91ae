/** Sections that macros fill and a loop goes through: the macro that the source says, and which loop goes through which. */

import type { IndexReader } from '../../index/read/reader.ts';
import { Kind, PAREN_OPEN, type Tokens, tokenText } from '../../syntax/tokens.ts';
import { firstTokenOf, sourcesOf } from '../sourceFiles.ts';

/** The macro whose use a section's entry comes from, `fs_initcall` of `fs_initcall(inet_init)`; null where the text doesn't tell. */
export function entryMacro(index: IndexReader, at: { filePath: string; line: number }): string | null {
  const tokens = sourcesOf(index).file(at.filePath)?.tokens;
  const first = tokens ? firstTokenOf(tokens, at.line) : -1;
  if (!tokens || tokens.kind[first] !== Kind.Identifier || tokens.kind[first + 1] !== PAREN_OPEN) return null;
  return tokenText(tokens, first);
}

/** The linker's name for where a section begins: `__con_initcall_start`, `__initcall5_start`. */
const BEGINNING = /^__(\w*?)_?initcall\w*_start$/;

/**
 * The groups of initcalls that the function around a call goes through: one that names where a section begins goes through
 * that one, any other through the section of most, ''.
 */
export function groupsCalled(index: IndexReader, filePath: string, name: string): string[] {
  const tokens = sourcesOf(index).file(filePath)?.tokens;
  const fn = index.facts(filePath)?.functions.find((f) => f.name === name);
  const groups = tokens && fn ? beginningsIn(tokens, firstTokenOf(tokens, fn.line), fn.endLine) : null;
  return groups && groups.size > 0 ? [...groups] : [''];
}

/** Groups of the sections whose beginnings are named from a token on, up to a line. */
function beginningsIn(tokens: Tokens, from: number, endLine: number): Set<string> {
  const groups = new Set<string>();
  for (let i = from; i < tokens.count && tokens.line[i] <= endLine; i++) {
    if (tokens.kind[i] !== Kind.Identifier) continue;
    const group = BEGINNING.exec(tokenText(tokens, i))?.[1];
    if (group !== undefined) groups.add(group);
  }
  return groups;
}
