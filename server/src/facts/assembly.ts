/** Symbols of assembly files: where a backtrace's `entry_SYSCALL_64` or a table's `memcpy` is. */

import type { FileFacts, LabelFact } from './types.ts';
import { emptyFacts } from './visit.ts';

/**
 * `ENTRY(x)`, `SYM_FUNC_START(x)`, `SYM_CODE_START_LOCAL(x)` (linux/linkage.h), `idtentry vector asm_x x` (x86 entry
 * code), and any other upper-case macro that ends a name with START, ENTRY, BEGIN or PROC. Two words: macro, name.
 */
const MACRO =
  /^[ \t]*([A-Z_]*(?:ENTRY|START|BEGIN|PROC|WEAK|GLOBAL|LEAF|NESTED|ALIAS|LABEL)[A-Z_]*)[ \t]*\([ \t]*([A-Za-z_][\w.$]*)/;
const ENTRY_MACRO = /^[ \t]*(?:idtentry\w*|apicinterrupt\d?)[ \t]+(?:\S+[ \t]+)?(asm_\w+|\w+)/;
const LABEL = /^([A-Za-z_][\w$]*)[ \t]*:/;
const GLOBAL = /^[ \t]*\.(?:globl|global|weak)[ \t]+([\w$, ]+)/;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]+(\S+)/;

/** A symbol stands at the front of its line. */
const MAX_LINE = 1000;

/** Facts of a .S file: its global symbols with the line that defines them. */
export function assemblyFacts(path: string, bytes: Buffer): FileFacts {
  const facts = emptyFacts(path);
  const byName = new Map<string, LabelFact>();
  const globals = new Set<string>();
  const add = (name: string, line: number, column: number, sure: boolean) => {
    if (sure || !byName.has(name)) byName.set(name, { name, line, column });
    if (sure) globals.add(name);
  };
  const lines = bytes.toString('latin1').split('\n');
  for (let i = 0; i < lines.length; i++) {
    const text = lines[i].slice(0, MAX_LINE);
    const macro = MACRO.exec(text);
    if (macro && !/END/.test(macro[1])) {
      add(macro[2], i + 1, text.indexOf(macro[2], macro[1].length) + 1, true);
      continue;
    }
    const entry = ENTRY_MACRO.exec(text);
    if (entry) {
      add(entry[1], i + 1, text.indexOf(entry[1]) + 1, true);
      continue;
    }
    const label = LABEL.exec(text);
    if (label) {
      if (!byName.has(label[1])) byName.set(label[1], { name: label[1], line: i + 1, column: 1 });
      continue;
    }
    const global = GLOBAL.exec(text);
    if (global) for (const name of global[1].split(/[\s,]+/)) globals.add(name);
    const include = INCLUDE.exec(text);
    if (include) facts.includes.push(include[1]);
  }
  for (const label of byName.values()) if (globals.has(label.name)) facts.labels.push(label);
  return facts;
}
