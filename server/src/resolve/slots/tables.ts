/** What a table holds, what it leaves unset, and where it is installed; which tables a struct has. */

import type { FileFacts, InitFact, RecordFact, VariableFact } from '../../facts/types.ts';
import { registrationsOf } from '../../index/link/link.ts';
import { NameFlag, NameKind, type TablePosting } from '../../index/store/postings.ts';
import type { RecordAt, TypeSource } from '../../index/types/source.ts';
import { findField, isFunctionPointer, recordOf } from '../../index/types/typing.ts';
import { inDomain, type LeftOut } from '../../kernel/proximity.ts';
import { type Definition, definitionsFrom, functionFrom } from '../names/scope.ts';
import type { World } from '../world.ts';
import { slotsHanded } from './installs.ts';
import { isNumber } from './sectionEntries.ts';
import { byNearness, type Registered, usesOf } from './slots.ts';

/** One value of a table. */
export interface TableSlot {
  /** path inside the table, `a.b`, `[3].probe` */
  path: string;
  owner: string;
  member: string;
  target: string;
  /** the function, or the object where the slot points to one; null where the tree has neither */
  definition: Definition | null;
  condition: string | null;
  line: number;
  column: number;
}

/** A table with all there is to say of it. */
export interface Table {
  name: string;
  file: string;
  line: number;
  column: number;
  type: string;
  /** tag of its struct, '' for an array of pointers or an unnamed one */
  struct: string;
  slots: TableSlot[];
  /** function-pointer members that are given nothing */
  unset: string[];
  /** pointers that its address is put into */
  installs: Registered[];
  /** lists it is named in otherwise, as an initialiser's value */
  leftOut: LeftOut;
  condition: string | null;
}

/** The table that a definition is, or null where that variable holds no functions and no struct of them. */
export function tableOf(world: World, facts: FileFacts, definition: Definition, from: string): Table | null {
  const { index } = world;
  const variable =
    facts.variables[definition.index] ??
    facts.variables.find((v) => v.name === definition.name && v.line === definition.line);
  if (!variable || variable.name !== definition.name) return null;
  const types = index.typesFor(facts);
  const type = { text: variable.type, file: facts.path };
  const record = recordOf(types, type);
  const slots: TableSlot[] = [];
  // only this variable's initialiser: linking a whole file for one hover is too much
  const only: FileFacts = { ...facts, variables: [variable], assignments: [] };
  for (const r of registrationsOf(only, types)) {
    const target =
      functionFrom(world, r.target, facts.path) ??
      definitionsFrom(world, r.target, facts.path, [NameKind.Variable, NameKind.Declaration])[0] ??
      null;
    slots.push({
      path: r.path,
      owner: r.owner,
      member: r.member,
      target: r.target,
      definition: target,
      condition: conditionWithin(r.condition, variable.condition),
      line: r.targetLine,
      column: r.targetColumn,
    });
  }
  const isArray = /\[/.test(variable.type);
  const unset = record && !isArray ? unsetSlots(types, record, slots) : [];
  if (slots.length === 0 && unset.length === 0) return null;
  const uses = usesOf(world, definition, from);
  return {
    name: variable.name,
    file: facts.path,
    line: variable.line,
    column: variable.column,
    type: variable.type,
    struct: record?.record.tag ?? '',
    slots,
    unset,
    installs: [...uses.registrations, ...slotsHanded(world, definition, from)],
    leftOut: uses.leftOut,
    condition: variable.condition,
  };
}

/**
 * Does a slot hold a function? Where what it names isn't known (yet), its member's type tells; an object that it points to
 * is none.
 */
export function holdsFunction({ index: { types } }: World, { definition, owner, member }: TableSlot): boolean {
  if (definition) return definition.kind !== NameKind.Variable;
  return types.recordsByTag(owner).some((record) => {
    const found = findField(types, record, member);
    return found !== null && isFunctionPointer(types, { text: found.field.type, file: found.file });
  });
}

/**
 * How many of a variable's values are functions that can be called: an id table (`pci_device_id`) holds numbers and
 * pointers to data, and is no table of functions. Counts up to `most`.
 */
export function functionsHeld(world: World, facts: FileFacts, variable: VariableFact, most: number): number {
  const types = world.index.typesFor(facts);
  const only: FileFacts = { ...facts, variables: [variable], assignments: [] };
  const known = new Map<string, boolean>();
  const isFunction = (name: string): boolean => {
    let is = known.get(name);
    if (is === undefined) {
      is = facts.functions.some((f) => f.name === name) || namesFunction(world, name, facts.path);
      known.set(name, is);
    }
    return is;
  };
  let found = 0;
  for (const init of variable.inits) {
    if (!isFunction(init.value.name)) continue;
    const wanted = { init: (i: InitFact) => i === init, assignment: () => false };
    const [r] = registrationsOf(only, types, wanted);
    if (r?.kind === 'init' && !(r.owner && isNumber(types, r.owner, r.member)) && ++found >= most) break;
  }
  return found;
}

/** Does a name mean a function in a file, if only by a prototype? */
const namesFunction = (world: World, name: string, file: string): boolean =>
  functionFrom(world, name, file) !== null ||
  world.index.names(name).some((p) => p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0);

/** A slot's own condition, without the one its whole table stands under. */
function conditionWithin(condition: string | null, outer: string | null): string | null {
  if (condition === null || outer === null) return condition;
  if (condition === outer) return null;
  return condition.startsWith(`${outer} && `) ? condition.slice(outer.length + 4) : condition;
}

/** Names of the members of a record that are function pointers, those of unnamed members included. */
export function functionMembers(types: TypeSource, at: RecordAt): string[] {
  const out: string[] = [];
  const visit = (record: RecordFact, depth: number) => {
    for (const field of record.fields) {
      if (field.name) {
        if (isFunctionPointer(types, { text: field.type, file: at.file })) out.push(field.name);
        continue;
      }
      const inner = types.recordAt(at.file, field.record);
      if (inner && depth < 8) visit(inner, depth + 1);
    }
  };
  visit(at.record, 0);
  return out;
}

function unsetSlots(types: TypeSource, record: RecordAt, slots: readonly TableSlot[]): string[] {
  const set = new Set(slots.map((s) => s.path));
  return functionMembers(types, record).filter((m) => !set.has(m));
}

/** A struct's table, as listed. */
interface ListedTable extends TablePosting {
  path: string;
}

/** Tables of a struct that code of `from` can see, nearest first. */
export function tablesOfStruct(world: World, tag: string, from: string): { tables: ListedTable[]; leftOut: LeftOut } {
  const { index, architecture } = world;
  const all = index.tablesOfRecord(tag).map((t) => ({ ...t, path: index.pathOf(t.file) }));
  const { seen, leftOut } = inDomain(all, (t) => t.path, from, architecture);
  const nearer = byNearness(from);
  seen.sort((a, b) => nearer(a.path, b.path) || a.line - b.line);
  return { tables: seen, leftOut };
}
