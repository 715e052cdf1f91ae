/** Facts of one file -> the names that it is looked up by. */

import type { FileFacts } from '../../facts/types.ts';
import { NameFlag, NameKind, type NamePosting, type OwnTarget } from '../store/postings.ts';

/** A name on its way into the index: without the file's number. */
export interface NamedPosting extends Omit<NamePosting, 'file'> {
  name: string;
}

const MAX_ENUMERATORS = 1000;

const commonFlags = (f: { static?: boolean; macro?: boolean; condition?: string | null }): number =>
  (f.static ? NameFlag.Static : 0) | (f.macro ? NameFlag.Macro : 0) | (f.condition ? NameFlag.Conditional : 0);

/** Calls `take` with each name that a file defines: a kernel has two million, so none of them is made an object here. */
export function eachName(
  facts: FileFacts,
  take: (
    name: string,
    kind: NameKind,
    line: number,
    column: number,
    index: number,
    flags: number,
    type: string,
  ) => void,
): void {
  const each = <T extends { name: string; line: number; column: number }>(
    items: readonly T[],
    kind: NameKind,
    flags: (item: T) => number,
    type: (item: T) => string,
  ) => {
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (item.name) take(item.name, kind, item.line, item.column, index, flags(item), type(item));
    }
  };
  const noFlags = () => 0;
  const noType = () => '';
  each(facts.functions, NameKind.Function, commonFlags, (f) => f.returnType);
  each(
    facts.declarations,
    NameKind.Declaration,
    (d) => (d.function ? NameFlag.Function : 0),
    (d) => d.type,
  );
  facts.records.forEach((r, index) => {
    const flags = commonFlags(r) | (r.keyword === 'union' ? NameFlag.Union : 0);
    if (r.tag) take(r.tag, NameKind.Record, r.line, r.column, index, flags, '');
  });
  each(facts.typedefs, NameKind.Typedef, noFlags, (t) => t.type);
  // generated register headers list thousands, which nobody looks up by name
  if (facts.enumerators.length < MAX_ENUMERATORS) each(facts.enumerators, NameKind.Enumerator, noFlags, noType);
  each(
    facts.variables,
    NameKind.Variable,
    (v) => commonFlags(v) | (v.function ? NameFlag.Local : 0) | (v.inits.length ? NameFlag.Table : 0),
    (v) => v.type,
  );
  each(facts.macros, NameKind.Macro, (m) => (m.params ? NameFlag.Function : 0), noType);
  each(facts.labels, NameKind.Label, noFlags, noType);
}

/** The names a file defines, or what it defines under the one name that is given. */
export function namesOf(facts: FileFacts, only?: string): NamedPosting[] {
  const out: NamedPosting[] = [];
  eachName(facts, (name, kind, line, column, index, flags, type) => {
    if (only === undefined || name === only) out.push({ name, kind, line, column, index, flags, type });
  });
  return out;
}

/** The functions and variables of a file that a registration may name, by name. */
export function ownTargets(facts: FileFacts): Map<string, OwnTarget> {
  const own = new Map<string, OwnTarget>();
  facts.functions.forEach((f, index) => {
    const { name, line, column } = f;
    if (!own.has(name)) own.set(name, { kind: NameKind.Function, line, column, index, flags: commonFlags(f) });
  });
  facts.variables.forEach((v, index) => {
    const { name, line, column } = v;
    if (!v.function && !own.has(name))
      own.set(name, { kind: NameKind.Variable, line, column, index, flags: commonFlags(v) });
  });
  return own;
}
