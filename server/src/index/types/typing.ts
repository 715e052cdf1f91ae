/** Types across files: records and typedefs by name, members, the owner of a path, the type of an expression. */

import type { Expression, FieldFact, RecordFact } from '../../facts/types.ts';
import { TYPES_OF_NAMES } from '../../kernel/idioms.ts';
import { nearest } from './nearest.ts';
import type { RecordAt, Type, TypeSource } from './source.ts';
import { recordTag, type TypeShape, typeShape } from './typeText.ts';

/** The answer to a question asked before: a file's registrations ask the same ones a thousand times. */
export function remembered<T>(source: TypeSource, question: string, answer: () => T): T {
  const { memo } = source;
  if (!memo) return answer();
  const known = memo.get(question);
  if (known !== undefined) return known as T;
  const value = answer();
  memo.set(question, value);
  return value;
}

/** The record that `struct tag` or `struct @3` means in a file; null where the tree has none. */
export const findRecord = (source: TypeSource, base: string, file: string): RecordAt | null =>
  remembered(source, `record ${base}\0${file}`, () => lookUpRecord(source, base, file));

function lookUpRecord(source: TypeSource, base: string, file: string): RecordAt | null {
  const tag = recordTag(base);
  if (!tag) return null;
  if (tag.startsWith('@')) {
    const record = source.recordAt(file, Number(tag.slice(1)));
    return record ? { record, file } : null;
  }
  return nearest(source, source.recordsByTag(tag), (r) => r.file, file);
}

/** Types that no typedef defines. */
const BASE_WORDS = new Set([
  '',
  'void',
  'char',
  'short',
  'int',
  'long',
  'unsigned',
  'signed',
  'float',
  'double',
  '_Bool',
]);

/** A type with its typedefs seen through. */
interface ResolvedType {
  shape: TypeShape;
  file: string;
}

/** Looks through typedefs: the shape with a base that is no typedef (or an unknown one). */
export const resolveType = (source: TypeSource, type: Type): ResolvedType =>
  remembered(source, `type ${type.text}\0${type.file}`, () => lookThrough(source, type));

function lookThrough(source: TypeSource, type: Type): ResolvedType {
  let shape = typeShape(type.text);
  let file = type.file;
  for (let n = 0; n < 12; n++) {
    const isTypeof = shape.base.startsWith('typeof(') || shape.base.startsWith('__typeof__(');
    if (!isTypeof && (shape.base.includes(' ') || BASE_WORDS.has(shape.base))) break;
    const found = isTypeof
      ? typeOfOther(source, shape.base, file)
      : nearest(source, source.typedefs(shape.base), (t) => t.file, file);
    if (!found) break;
    const inner = typeShape(found.text);
    shape = { base: inner.base, ops: [...shape.ops, ...inner.ops], params: inner.params || shape.params };
    file = found.file;
  }
  return { shape, file };
}

/** `typeof(((struct proc_ops *)0)->proc_write)`: the type of a struct's member, as typeof_member() has it. */
const TYPEOF_MEMBER = /^(?:__)?typeof(?:__)?\(\(\((\w[\w ]*)\*\)0\)->(\w+)\)$/;
/** `typeof(pv_ops)`: the type of another object. */
const TYPEOF_OBJECT = /^(?:__)?typeof(?:__)?\((\w+)\)$/;

function typeOfOther(source: TypeSource, typeofText: string, file: string): Type | null {
  const text = typeofText.replace(/\s*([()*]|->)\s*/g, '$1');
  const object = TYPEOF_OBJECT.exec(text)?.[1];
  if (object) return nearest(source, source.variables(object), (v) => v.file, file);
  const m = TYPEOF_MEMBER.exec(text);
  const record = m && recordOf(source, { text: m[1].trim(), file });
  const found = record && findField(source, record, m[2]);
  return found ? { text: found.field.type, file: found.file } : null;
}

/** A member, and where it was found. */
export interface FoundField {
  field: FieldFact;
  /** the record that holds the member directly */
  record: RecordFact;
  file: string;
  /** nearest named record around the member */
  owner: string;
}

/** Tag of a record, or of the nearest one around it that has one; '' without. */
function namedOwner(source: TypeSource, { record, file }: RecordAt): string {
  let at: RecordFact | null = record;
  for (let n = 0; at && !at.tag && at.outer >= 0 && n < 20; n++) at = source.recordAt(file, at.outer);
  return at?.tag ?? '';
}

/** Members of a record with so many are looked up by name. */
const MANY = 40;

/** What is asked of a record's members again and again. */
export interface Members {
  /** null for a record with few */
  byName: Map<string, FieldFact> | null;
  unnamed: readonly FieldFact[];
  /** some are records of their own */
  hasRecords: boolean;
}

const membersByRecord = new WeakMap<RecordFact, Members>();

/** The same of one record, worked out once. */
export function membersOf(record: RecordFact): Members {
  let members = membersByRecord.get(record);
  if (!members) {
    const { fields } = record;
    members = {
      // of two of one name the first counts
      byName: fields.length > MANY ? new Map([...fields].reverse().map((f) => [f.name, f])) : null,
      unnamed: fields.filter((f) => f.name === ''),
      hasRecords: fields.some((f) => f.record >= 0),
    };
    membersByRecord.set(record, members);
  }
  return members;
}

/** A member of a record by name, through unnamed members. */
export function findField(
  source: TypeSource,
  at: RecordAt,
  name: string,
  owner = namedOwner(source, at),
  depth = 0,
): FoundField | null {
  const { byName, unnamed } = membersOf(at.record);
  const field = byName?.get(name) ?? (byName ? undefined : at.record.fields.find((f) => f.name === name));
  if (field) return { field, record: at.record, file: at.file, owner: at.record.tag || owner };
  if (depth > 8) return null;
  if (unnamed.length > MANY && depth === 0) {
    const inside = remembered(source, `inside ${at.record.line}:${at.record.column} ${owner}\0${at.file}`, () =>
      fieldsInside(source, at, owner, 1, new Map()),
    );
    return inside.get(name) ?? null;
  }
  for (const field of unnamed) {
    const inner = source.recordAt(at.file, field.record);
    const found = inner && findField(source, { record: inner, file: at.file }, name, at.record.tag || owner, depth + 1);
    if (found) return found;
  }
  return null;
}

/** Does the type hold a function's address: a pointer to a function, or a function typedef's pointer? */
export function isFunctionPointer(source: TypeSource, type: Type): boolean {
  const { shape } = resolveType(source, type);
  return shape.ops[0] === '*' && shape.ops[1] === '()';
}

/** The pointed-to or element record of a type, arrays and pointers aside. */
export function recordOf(source: TypeSource, type: Type): RecordAt | null {
  const { shape, file } = resolveType(source, type);
  if (shape.ops.includes('()')) return null;
  return findRecord(source, shape.base, file);
}

/** All members that the unnamed members of a record show, the first of each name, in the order of `findField`. */
function fieldsInside(
  source: TypeSource,
  at: RecordAt,
  owner: string,
  depth: number,
  found: Map<string, FoundField>,
): Map<string, FoundField> {
  const outer = at.record.tag || owner;
  for (const { record: n } of membersOf(at.record).unnamed) {
    const record = source.recordAt(at.file, n);
    if (!record) continue;
    for (const field of record.fields)
      if (!found.has(field.name)) found.set(field.name, { field, record, file: at.file, owner: record.tag || outer });
    if (depth <= 8) fieldsInside(source, { record, file: at.file }, outer, depth + 1, found);
  }
  return found;
}

/** A type's text, from its base and what is made of it; rebuilt from the inside out. */
export function textOf(base: string, ops: readonly string[], params: string): string {
  let inner = '';
  for (let i = 0; i < ops.length; i++) {
    const op = ops[i];
    if (op === '*') inner = `*${inner}`;
    else {
      if (inner.startsWith('*')) inner = `(${inner})`;
      inner += op === '[]' ? '[]' : `(${params})`;
    }
  }
  return inner ? `${base} ${inner}` : base;
}

/** What an expression's names mean where it stands. */
export interface Scope {
  file: string;
  /** type of a parameter or local, or null */
  local(name: string): Type | null;
}

/** Type of a variable of the tree, or of a name that all of the kernel uses for one. */
function typeOfName(source: TypeSource, name: string, file: string): Type | null {
  const variable = remembered(source, `variable ${name}\0${file}`, () =>
    nearest(source, source.variables(name), (t) => t.file, file),
  );
  const text = TYPES_OF_NAMES.get(name);
  return variable ?? (text ? { text, file } : null);
}

/** Type of an expression; null where the source doesn't tell. */
export function typeOfExpression(source: TypeSource, scope: Scope, e: Expression): Type | null {
  switch (e[0]) {
    case 'id':
      return scope.local(e[1]) ?? typeOfName(source, e[1], scope.file);
    case '.':
    case '->': {
      const of = typeOfExpression(source, scope, e[1]);
      const record = of && recordOf(source, of);
      const found = record && findField(source, record, e[2]);
      return found ? { text: found.field.type, file: found.file } : null;
    }
    case '[]':
    case '*': {
      const of = typeOfExpression(source, scope, e[1]);
      if (!of) return null;
      const { shape, file } = resolveType(source, of);
      if (shape.ops[0] === '*' || shape.ops[0] === '[]')
        return { text: textOf(shape.base, shape.ops.slice(1), shape.params), file };
      return shape.ops[0] === '()' ? of : null;
    }
    case '&': {
      const of = typeOfExpression(source, scope, e[1]);
      if (!of) return null;
      const { shape, file } = resolveType(source, of);
      return { text: textOf(shape.base, ['*', ...shape.ops], shape.params), file };
    }
    case 'cast':
      return { text: e[1], file: scope.file };
    case 'call': {
      if (e[1][0] === 'id') {
        const name = e[1][1];
        return remembered(source, `returned by ${name}\0${scope.file}`, () =>
          nearest(source, source.returns(name), (t) => t.file, scope.file),
        );
      }
      const of = typeOfExpression(source, scope, e[1]);
      if (!of) return null;
      const { shape, file } = resolveType(source, of);
      const at = shape.ops.indexOf('()');
      return at < 0 ? null : { text: textOf(shape.base, shape.ops.slice(at + 1), ''), file };
    }
    case '?':
      return typeOfExpression(source, scope, e[1]) ?? typeOfExpression(source, scope, e[2]);
    default:
      return null;
  }
}
