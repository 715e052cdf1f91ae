/** What the source says about when a table is installed, and about slots that are NULL: read off the text when asked for. */

import type { IndexReader } from '../../index/read/reader.ts';
import { readTreeText } from '../../index/treeFiles.ts';
import { hashName, type Tokens } from '../../syntax/tokens.ts';
import { type Test, testsAround } from '../cursor/branches.ts';
import { entityAt, type FileView } from '../cursor/cursor.ts';
import { textView } from '../cursor/textView.ts';
import type { World } from '../world.ts';
import { type Without, withoutSlot } from './nullFallback.ts';

/** A file of the tree as it is on disk; null where it can't be read. */
export function viewOf(index: IndexReader, path: string): FileView | null {
  const text = readTreeText(index.root, path, 'utf8');
  return text === null ? null : { path, text: textView(text), facts: index.facts(path) };
}

/** The runtime tests under which a statement runs, the innermost first. The place is 1-based, the column counts bytes. */
export function testsOf(index: IndexReader, at: { file: string; line: number; column: number }): Test[] {
  const view = viewOf(index, at.file);
  const fn = view?.facts?.functions.find((f) => f.line <= at.line && at.line <= f.endLine);
  return view && fn ? testsAround(view.text.tokens, fn, at.line, at.column) : [];
}

/** A function that asks whether a slot is NULL. */
export interface NullCheck extends Without {
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
