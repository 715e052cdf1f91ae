/** Types across files: records and typedefs by name, members, the owner of a path, the type of an expression. */

import type { Expression, FieldFact, PathStep, RecordFact } from '../../facts/types.ts';
import { architectureOf, domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { isGlobalHeader } from '../../kernel/layout.ts';
import { recordTag, type TypeShape, typeShape } from './typeText.ts';

/** A type text and the file it stands in: `struct @3` means something only there. */
export interface Type {
  text: string;
  file: string;
}

export interface RecordAt {
  record: RecordFact;
  file: string;
}

/** What typing needs to know of other files. */
export interface TypeSource {
  architecture: string;
  /** what was found out before, until another file comes into view or the index changes; null where that can't be told */
  memo: Map<string, unknown> | null;
  /** all records with a tag */
  recordsByTag(tag: string): RecordAt[];
  /** record `n` of a file */
  recordAt(file: string, n: number): RecordFact | null;
  typedefs(name: string): Type[];
  /** types of global variables and return types of functions by name */
  variables(name: string): Type[];
  returns(name: string): Type[];
  /** what the file in view #includes: `linux/fs.h`, `own.h`; of any other file nothing is said */
  includes(file: string): readonly string[];
}

/**
 * Which of several definitions of one name a file means: its own, one that it #includes, one of its folder, one of its
 * domain; of equals the one whose path has more in common.
 */
export function nearest<T>(
  source: Pick<TypeSource, 'architecture' | 'includes'>,
  list: readonly T[],
  fileOf: (item: T) => string,
  from: string,
): T | null {
  if (list.length === 1 && fileOf(list[0]) === from) return list[0];
  let best: T | null = null;
  let bestScore = -1;
  const domain = domainOf(from);
  const arch = architectureOf(domain) ?? source.architecture;
  const includes = list.length > 1 ? source.includes(from) : [];
  for (const item of list) {
    const file = fileOf(item);
    let score = file === from ? 10 : nearScore(file, from, domain, arch);
    if (score > 0 && score < 9 && includes.some((name) => file.endsWith(name) && isTail(file, name))) score = 9;
    if (list.length > 1) score += sharedFolders(file, from) / 100;
    if (score > bestScore) {
      best = item;
      bestScore = score;
    }
  }
  return best;
}

/** `<linux/fs.h>`, `"../own.h"` -> `linux/fs.h`, `own.h` */
export const includedNames = (includes: readonly string[]): string[] =>
  includes.map((name) => name.replace(/^["<](?:\.{1,2}\/)*|[">].*$/g, '')).filter(Boolean);

/** Is the name all of the path, or what stands behind one of its slashes? */
const isTail = (path: string, name: string): boolean =>
  path.length === name.length || path[path.length - name.length - 1] === '/';

/** How many folders two paths begin with. */
function sharedFolders(a: string, b: string): number {
  let folders = 0;
  for (let i = 0; i < a.length && a[i] === b[i]; i++) if (a[i] === '/') folders++;
  return folders;
}

function nearScore(file: string, from: string, domain: string, architecture: string): number {
  const other = domainOf(file);
  if (!sameDomain(domain, other, architecture)) return 0;
  const folder = folderOf(from);
  if (folderOf(file) === folder) return 8;
  if (file.endsWith('.h')) {
    if (folder.startsWith(folderOf(file)) && folderOf(file) !== '') return 7;
    if (file.startsWith('include/linux/')) return 6;
    return isGlobalHeader(file) ? 5 : 3;
  }
  return 2;
}

/** The answer to a question asked before: a file's registrations ask the same ones a thousand times. */
function remembered<T>(source: TypeSource, question: string, answer: () => T): T {
  const { memo } = source;
  if (!memo) return answer();
  const known = memo.get(question);
  if (known !== undefined) return known as T;
  const value = answer();
  memo.set(question, value);
  return value;
}

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
export interface ResolvedType {
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
    if (shape.base.includes(' ') || BASE_WORDS.has(shape.base)) break;
    const found = nearest(source, source.typedefs(shape.base), (t) => t.file, file);
    if (!found) break;
    const inner = typeShape(found.text);
    shape = { base: inner.base, ops: [...shape.ops, ...inner.ops], params: inner.params || shape.params };
    file = found.file;
  }
  return { shape, file };
}

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

interface Members {
  /** null for a record with few */
  byName: Map<string, FieldFact> | null;
  unnamed: readonly FieldFact[];
  /** some are records of their own */
  hasRecords: boolean;
}

const membersByRecord = new WeakMap<RecordFact, Members>();

/** What is asked of a record's members again and again, worked out once. */
function membersOf(record: RecordFact): Members {
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

/** Where a path inside an object leads. */
export interface Slot {
  /** nearest named record that owns the last member; '' for a bare array or pointer */
  owner: string;
  /** last member's name; '' for a bare one */
  member: string;
  /** `a.b`, `[3].probe` */
  path: string;
  /** type at the end; null where it isn't known */
  type: Type | null;
}

const strip = (shape: TypeShape, op: string): TypeShape | null =>
  shape.ops[0] === op ? { ...shape, ops: shape.ops.slice(1) } : null;

function shapeText(shape: TypeShape): string {
  return textOf(shape.base, shape.ops, shape.params);
}

function textOf(base: string, ops: readonly string[], params: string): string {
  // rebuilt from the inside out: the text is what facts would hold
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

/**
 * Follows a path from a type. Positions count members of records and elements of arrays, with C's brace elision: a
 * value for an aggregate that has no braces of its own fills its members one after the other.
 */
export function followPath(source: TypeSource, type: Type, path: readonly PathStep[]): Slot {
  let at: Type | null = type;
  let owner = '';
  let member = '';
  let text = '';
  for (let s = 0; s < path.length; s++) {
    const step = path[s];
    const last = s === path.length - 1;
    if ('member' in step) {
      const record: RecordAt | null = at && recordOf(source, at);
      const found: FoundField | null = record && findField(source, record, step.member, owner);
      text += text ? `.${step.member}` : step.member;
      member = step.member;
      if (!found) {
        at = null;
        owner = '';
        continue;
      }
      owner = found.owner;
      at = { text: found.field.type, file: found.file };
      continue;
    }
    if (!at) {
      text += 'index' in step ? `[${step.index}]` : `[${step.position}]`;
      continue;
    }
    const { shape, file }: { shape: TypeShape; file: string } = resolveType(source, at);
    const element = strip(shape, '[]');
    if ('index' in step) {
      text += `[${step.index}]`;
      at = element ? { text: shapeText(element), file } : null;
      continue;
    }
    if (element) {
      const elementType = { text: shapeText(element), file };
      if (last) {
        // a leaf for an array of records: the braces of the elements were left out
        const leaves = leavesOf(source, elementType);
        if (leaves && leaves.length > 1) {
          const leaf = leaves[step.position % leaves.length];
          text += `[${Math.floor(step.position / leaves.length)}]${leaf.path ? `.${leaf.path}` : ''}`;
          owner = leaf.owner;
          member = leaf.member;
          at = leaf.type;
          continue;
        }
      }
      text += `[${step.position}]`;
      at = elementType;
      continue;
    }
    const record = shape.ops.length === 0 ? findRecord(source, shape.base, file) : null;
    if (!record) {
      at = shape.ops.length === 0 && step.position === 0 ? at : null;
      continue;
    }
    const fields = positionalFields(record.record);
    let field =
      record.record.keyword === 'union' ? (step.position === 0 ? fields[0] : undefined) : fields[step.position];
    let leafPath = '';
    if (last && membersOf(record.record).hasRecords) {
      const leaves = leavesOf(source, { text: shape.base, file });
      const leaf = leaves?.[step.position];
      if (leaf && field && field.record >= 0) {
        leafPath = leaf.path;
        owner = leaf.owner;
        member = leaf.member;
        at = leaf.type;
        field = undefined;
        text += text ? `.${leafPath}` : leafPath;
        continue;
      }
    }
    if (!field) {
      at = null;
      owner = '';
      continue;
    }
    if (field.name) {
      text += text ? `.${field.name}` : field.name;
      member = field.name;
      owner = record.record.tag || owner;
    }
    at = { text: field.type, file: record.file };
  }
  // a value for a record that has no braces of its own goes to its first member
  if (at && path.length && !('position' in path[path.length - 1])) {
    const { shape, file } = resolveType(source, at);
    if (shape.ops.length === 0 && recordTag(shape.base)) {
      const leaves = leavesOf(source, { text: shape.base, file });
      const leaf = leaves?.[0];
      if (leaf)
        return { owner: leaf.owner || owner, member: leaf.member, path: `${text}.${leaf.path}`, type: leaf.type };
    }
  }
  return { owner, member, path: text, type: at };
}

const positionalFields = (record: RecordFact): FieldFact[] => record.fields;

/** Scalar members of one aggregate that are counted: structs of structs have them by powers. */
const MAX_LEAVES = 20_000;

/** The scalar members of an aggregate in order, as brace elision fills them; null where that can't be told. */
const leavesOf = (source: TypeSource, type: Type): Slot[] | null =>
  remembered(source, `leaves ${type.text}\0${type.file}`, () => scalarLeaves(source, type, 0));

function scalarLeaves(source: TypeSource, type: Type, depth: number): Slot[] | null {
  const { shape, file } = resolveType(source, type);
  if (shape.ops.length > 0) return shape.ops[0] === '[]' ? null : [{ owner: '', member: '', path: '', type }];
  const at = findRecord(source, shape.base, file);
  if (!at) return recordTag(shape.base) ? null : [{ owner: '', member: '', path: '', type }];
  if (depth > 6) return null;
  const out: Slot[] = [];
  for (const field of at.record.keyword === 'union' ? at.record.fields.slice(0, 1) : at.record.fields) {
    const inner = scalarLeaves(source, { text: field.type, file: at.file }, depth + 1);
    if (!inner || out.length + inner.length > MAX_LEAVES) return null;
    for (const leaf of inner)
      out.push({
        owner: leaf.owner || at.record.tag,
        member: leaf.member || field.name,
        path: [field.name, leaf.path].filter(Boolean).join('.'),
        type: leaf.type,
      });
  }
  return out;
}

/** What an expression's names mean where it stands. */
export interface Scope {
  file: string;
  /** type of a parameter or local, or null */
  local(name: string): Type | null;
}

/** Type of an expression; null where the source doesn't tell. */
export function typeOfExpression(source: TypeSource, scope: Scope, e: Expression): Type | null {
  switch (e[0]) {
    case 'id': {
      const local = scope.local(e[1]);
      if (local) return local;
      return remembered(source, `variable ${e[1]}\0${scope.file}`, () =>
        nearest(source, source.variables(e[1]), (t) => t.file, scope.file),
      );
    }
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
