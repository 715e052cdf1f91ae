/** Every registration of a function in an object, tree-wide: `kerntrail dump ops`. */

import type { FileFacts } from '../../facts/types.ts';
import { type NewRegistration, registrationsOf } from '../../index/link/link.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind } from '../../index/store/postings.ts';
import type { TypeSource } from '../../index/types/source.ts';
import { findField, findRecord, isFunctionPointer, recordOf, resolveType } from '../../index/types/typing.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { functionFrom } from '../names/scope.ts';
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
  /** path inside the variable; stops at a union that is nothing but function pointers, which share one place */
  path: string;
  /** the slot's name, also where the path stops at such a union */
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
    const types = index.typesFor(facts);
    for (const r of registrationsOf(facts, types)) {
      if (r.kind !== 'init') continue;
      const row = opsRow(world, types, facts, r);
      if (!row) continue;
      yield row;
      yield* weakRows(world, row);
      yield* unionRows(types, row);
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

/** The other function pointers of the union that a slot is a member of: a dispatch through them reads the same place. */
function* unionRows(types: TypeSource, row: OpsRow): Iterable<OpsRow> {
  const { struct, member, path } = row;
  if (!struct || !member || path.slice(path.lastIndexOf('.') + 1) !== member) return;
  const record = findRecord(types, `struct ${struct}`, row.file);
  const found = record && findField(types, record, member);
  if (found?.record.keyword !== 'union') return;
  for (const field of found.record.fields) {
    if (field.name === '' || field.name === member || !isFunctionPointer(types, { text: field.type, file: found.file }))
      continue;
    yield {
      ...row,
      path: path.slice(0, path.length - member.length) + field.name,
      member: field.name,
      evidence: 'name',
    };
  }
}

function opsRow(world: World, types: TypeSource, facts: FileFacts, r: NewRegistration): OpsRow | null {
  const { index } = world;
  const target = functionFrom(world, r.target, facts.path);
  const declared = target
    ? null
    : index.names(r.target).find((p) => p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0);
  if (!target && !declared) return null;
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
    path: collapseUnion(types, { text: variable.type, file: facts.path }, r.path),
    member: r.member || null,
    target: r.target,
    targetFile: target?.file ?? null,
    targetLine: target?.line ?? null,
    condition: r.condition,
    evidence: r.evidence,
  };
}

/** Cuts a path off at a union whose members all are function pointers: they are one place under many names. */
function collapseUnion(types: TypeSource, type: { text: string; file: string }, path: string): string {
  const dot = path.lastIndexOf('.');
  if (dot < 0) return path;
  let at = type;
  for (const step of path.slice(0, dot).matchAll(/[\w@]+|\[[^\]]*\]/g)) {
    const { shape, file } = resolveType(types, at);
    if (step[0].startsWith('[')) {
      if (shape.ops[0] !== '[]') return path;
      continue;
    }
    const record = recordOf(types, { text: shape.base, file });
    const field = record?.record.fields.find((f) => f.name === step[0]);
    if (!record || !field) return path;
    at = { text: field.type, file: record.file };
  }
  const { shape, file } = resolveType(types, at);
  if (shape.ops.some((o) => o !== '[]')) return path;
  const union = recordOf(types, { text: shape.base, file });
  if (union?.record.keyword !== 'union' || union.record.fields.length < 2) return path;
  return union.record.fields.every((f) => isFunctionPointer(types, { text: f.type, file: union.file }))
    ? path.slice(0, dot)
    : path;
}
