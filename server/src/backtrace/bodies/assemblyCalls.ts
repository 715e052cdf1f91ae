/** Calls in assembly: the line of a .S file from which a backtrace's next function is entered. */

import type { FunctionPlace } from '../functions/functionPlaces.ts';
import type { Bodies } from './bodies.ts';

/** Calls of a register's or a variable's value, on one architecture or another. */
const INDIRECT = /^\s*(?:call[lq]?\s+\*|CALL_NOSPEC\b|lretq?\b|blr\s|blx\s|bctrl\b|jalr\s|BASR\s|basr\s|jirl\s)/;
const ENDS = /^\s*(?:SYM_(?:CODE|FUNC)_END\w*|END(?:PROC)?)\s*\(/;
const MAX_LINES = 600;

/** The line that calls `name` behind a label; `named` is false where the call is one of a register's value. */
export function assemblyCall(
  bodies: Bodies,
  label: FunctionPlace,
  name: string,
): { line: number; named: boolean } | null {
  const source = bodies.sources.file(label.file);
  if (!source) return null;
  const lines = source.tokens.text.split('\n');
  const word = new RegExp(`^\\s*(?!SYM_|ENTRY|END|\\.)[\\w.]+\\s.*\\b${name.replace(/[^\w]/g, '\\$&')}\\b`);
  let indirect: number | null = null;
  for (let i = label.line; i < Math.min(lines.length, label.line + MAX_LINES); i++) {
    const text = lines[i].replace(/#.*|\/\/.*|\/\*.*?\*\//g, '');
    if (word.test(text)) return { line: i + 1, named: true };
    if (indirect === null && INDIRECT.test(text)) indirect = i + 1;
    if (ENDS.test(text)) break;
  }
  return indirect === null ? null : { line: indirect, named: false };
}
