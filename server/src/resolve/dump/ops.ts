/** Every registration of a function in an object, tree-wide: `kerntrail dump ops`. */

import type { FileFacts } from '../../facts/types.ts';
import { type NewRegistration, registrationsOf } from '../../index/link/link.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind } from '../../index/store/postings.ts';
import type { TypeSource } from '../../index/types/source.ts';
import { findField, findRecord, isFunctionPointer } from '../../index/types/typing.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { functionFrom } from '../names/scope.ts';
import { isSectionEntry } from '../slots/sectionEntries.ts';
import type { World } from '../world.ts';

/** A registration of a function in an object. */
interface OpsRow {
  variable: string;
  /** relative to the tree */
  file: string;
  /** 1-based, of the variable's declaration */
  line: number;
  /** enclosing function of a local, else null */
  function: string | null;
  /** nearest named struct that owns the slot, null for a bare pointer */
  struct: string | null;
  /** path inside the variable; of a union's members, which share one place, the one that the initialiser names */
  path: string;
  /** the slot's name */
  member: string | null;
  target: string;
  targetFile: string | null;
  targetLine: number | null;
  condition: string | null;
  evidence: string;
}

/** Registrations of objects, with the functions they name. What names no function of the tree is left out. */
export function* opsRows(index: IndexReader): Iterable<OpsRow> {
  const world = { index, architecture: index.meta()?.architecture ?? 'x86' };
  for (const { path } of index.files()) {
    const facts = index.facts(path);
    if (!facts?.variables.some((v) => v.inits.length)) continue;
    const file = index.fileId(path) ?? -1;
    const types = index.typesFor(facts);
    for (const r of registrationsOf(facts, types)) {
      if (r.kind !== 'init' || isSectionEntry(index, { ...r, file })) continue;
      const row = opsRow(world, facts, r);
      if (!row) continue;
      yield row;
      yield* weakRows(world, row);
      const other = readThrough(types, row);
      if (other) yield other;
    }
  }
}

/**
 * `struct x ops __weak;` in another file, without an initialiser: the linker puts this object there, so a reader who
 * stands at that declaration sees the same functions.
 */
function* weakRows(world: World, row: OpsRow): Iterable<OpsRow> {
  const { index, architecture } = world;
  if (row.function) return;
  for (const p of index.names(row.variable)) {
    if (
      p.kind !== NameKind.Variable ||
      (p.flags & (NameFlag.Static | NameFlag.Table | NameFlag.Local | NameFlag.Macro)) !== 0
    )
      continue;
    const file = index.pathOf(p.file);
    if (file !== row.file && sameDomain(domainOf(file), domainOf(row.file), architecture))
      yield { ...row, file, line: p.line };
  }
}

/**
 * The other pointer of an unnamed union, or of one that holds data, too: code that knows which of the two is meant reads
 * the same place through either. What a union of many holds is told by the name that is written, and so is what one
 * holds that is nothing but function pointers.
 */
function readThrough(types: TypeSource, row: OpsRow): OpsRow | null {
  const { struct, member, path } = row;
  const record = struct && member ? findRecord(types, `struct ${struct}`, row.file) : null;
  const found = record && findField(types, record, member ?? '');
  if (!record || !found || found.record.keyword !== 'union' || !path.endsWith(member ?? '')) return null;
  const pointers = found.record.fields.filter((f) => isFunctionPointer(types, { text: f.type, file: found.file }));
  const others = pointers.filter((f) => f.name !== '' && f.name !== member);
  const isNamed = record.record.keyword === 'union';
  if (others.length !== 1 || (isNamed && pointers.length === found.record.fields.length)) return null;
  const [{ name }] = others;
  return { ...row, path: path.slice(0, path.length - (member ?? '').length) + name, member: name, evidence: 'name' };
}

function opsRow(world: World, facts: FileFacts, r: NewRegistration): OpsRow | null {
  const { index } = world;
  const target = functionFrom(world, r.target, facts.path);
  const declared = target
    ? null
    : index.names(r.target).find((p) => p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0);
  if (!target && !declared) return null;
  // another name of a function: what runs is that one
  const alias = target && index.facts(target.file)?.functions[target.index]?.alias;
  const meant = (alias && functionFrom(world, alias, target.file)) || target;
  const variable = facts.variables.find((v) => v.name === r.variable && v.line === r.line);
  if (!variable) return null;
  // an object with automatic storage is no table
  if (variable.function && !variable.static) return null;
  return {
    variable: r.variable,
    file: facts.path,
    line: r.line,
    function: r.function || null,
    struct: r.owner || null,
    path: r.path,
    member: r.member || null,
    target: meant?.name ?? r.target,
    targetFile: meant?.file ?? null,
    targetLine: meant?.line ?? null,
    condition: r.condition,
    evidence: r.evidence,
  };
}
