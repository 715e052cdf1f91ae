/** What the names of parameters and locals mean where they stand, as far as facts noted them. */

import type { FileFacts, FunctionFact, LocalFact } from '../../facts/types.ts';
import type { Scope } from '../types/typing.ts';

/** Types of parameters and noted locals, per function. Worked out for a function when it is first asked about. */
export function localScopes(facts: FileFacts): (name: string, line: number) => Scope {
  let functions: Map<string, FunctionFact> | null = null;
  let locals: Map<string, Meanings> | null = null;
  const functionOf = (name: string): FunctionFact | undefined => {
    functions ??= new Map(facts.functions.map((f) => [f.name, f]));
    return functions.get(name);
  };
  const meaningsOf = (name: string, local: string): Meanings | undefined => {
    if (!locals) {
      locals = new Map();
      for (const l of facts.locals) {
        const key = `${l.function} ${l.name}`;
        const known = locals.get(key);
        if (known) known.list.push(l);
        else locals.set(key, { list: [l], around: null });
      }
    }
    return locals.get(`${name} ${local}`);
  };
  return (name, line) => ({
    file: facts.path,
    local(wanted) {
      const meanings = meaningsOf(name, wanted);
      const text =
        (meanings && typeAt(meanings, line)) ?? functionOf(name)?.params.find((p) => p.name === wanted)?.type;
      return text ? { text, file: facts.path } : null;
    },
  });
}

/** The meanings of one name in a function. */
interface Meanings {
  list: LocalFact[];
  /** once they are in order of their lines: for each the last one before it that may go on behind it, or -1 */
  around: Int32Array | null;
}

/** The type of the innermost meaning at a line; of those of one line the last one counts. */
function typeAt(meanings: Meanings, line: number): string | undefined {
  if (!meanings.around) {
    meanings.list.sort((a, b) => a.line - b.line);
    meanings.around = new Int32Array(meanings.list.length);
    const open: number[] = [];
    meanings.list.forEach((l, i) => {
      while (open.length > 0 && meanings.list[open[open.length - 1]].endLine < l.line) open.pop();
      if (meanings.around) meanings.around[i] = open.at(-1) ?? -1;
      open.push(i);
    });
  }
  const { list, around } = meanings;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (list[mid].line <= line) low = mid + 1;
    else high = mid;
  }
  let at = low - 1;
  while (at >= 0 && list[at].endLine < line) at = around[at];
  return at < 0 ? undefined : list[at].type;
}
