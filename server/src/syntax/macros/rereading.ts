/**
 * Headers that read the file which #includes them over again, several times, each time with other meanings of its macros:
 * trace/define_trace.h makes a tracepoint's functions, struct, events and tables of one TRACE_EVENT(…).
 */

import type { MacroDefinition } from './definitions.ts';
import { candidatesOf, type MacroKnowledge, rereaders } from './knowledge.ts';
import { informative } from './nearness.ts';

/** What names mean while a file is read again: what is in force at that #include; null: no macro any more. */
export type Rereading = ReadonlyMap<string, MacroDefinition | null>;

/** #includes in each other that are followed, and readings of one file; a kernel has ten. */
const MAX_DEPTH = 8;
const MAX_READINGS = 40;

/** Every reading of a file after its own, in their order. `includes` are the file's, as written. */
export const rereadings = (knowledge: MacroKnowledge, file: string, includes: readonly string[]): Rereading[] =>
  rereaders(knowledge, file, includes).flatMap((header) => readingsBy(knowledge, header));

/** The readings that one header does: the same for every file that #includes it. */
function readingsBy(knowledge: MacroKnowledge, header: string): Rereading[] {
  const known = knowledge.rereadings.get(header);
  if (known) return known;
  const out: Rereading[] = [];
  follow(knowledge, header, new Map(), out, 0);
  knowledge.rereadings.set(header, out);
  return out;
}

/** Goes through a header, and what it #includes on the way, as cpp does. */
function follow(
  knowledge: MacroKnowledge,
  header: string,
  meanings: Map<string, MacroDefinition | null>,
  out: Rereading[],
  depth: number,
): void {
  for (const step of knowledge.steps.get(header) ?? []) {
    if ('undef' in step) meanings.set(step.undef, null);
    else if ('macro' in step) define(meanings, step.macro);
    else if (/^\w/.test(step.include)) {
      if (out.length < MAX_READINGS) out.push(new Map(meanings));
    } else if (depth < MAX_DEPTH) {
      const path = candidatesOf(knowledge, header, step.include).find((p) => knowledge.includesOf.has(p));
      if (path !== undefined && path !== header) follow(knowledge, path, meanings, out, depth + 1);
    }
  }
}

/** Of several #if arms that define a name, the one that tells more counts. */
function define(meanings: Map<string, MacroDefinition | null>, macro: MacroDefinition): void {
  const before = meanings.get(macro.name);
  if (!before || macro.condition === null || informative(macro) >= informative(before)) meanings.set(macro.name, macro);
}
