/** Where a path inside an object leads: designators, positions and brace elision, as C has them. */

import type { PathStep } from '../../facts/types.ts';
import type { RecordAt, Type, TypeSource } from './source.ts';
import { recordTag, type TypeShape } from './typeText.ts';
import { findField, findRecord, membersOf, recordOf, remembered, resolveType, textOf } from './typing.ts';

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

/** On the way along a path. */
interface Walk {
  source: TypeSource;
  at: Type | null;
  owner: string;
  member: string;
  text: string;
}

/**
 * Follows a path from a type. Positions count members of records and elements of arrays, with C's brace elision: a
 * value for an aggregate that has no braces of its own fills its members one after the other.
 */
export function followPath(source: TypeSource, type: Type, path: readonly PathStep[]): Slot {
  const walk: Walk = { source, at: type, owner: '', member: '', text: '' };
  const last = path.length - 1;
  for (let s = 0; s <= last; s++) {
    const step = path[s];
    if ('member' in step) toMember(walk, step.member);
    else if (!walk.at) walk.text += 'index' in step ? `[${step.index}]` : `[${step.position}]`;
    else if ('index' in step) toIndex(walk, walk.at, step.index);
    else toPosition(walk, walk.at, step.position, s === last);
  }
  const { at, owner, member, text } = walk;
  // a value for a record that has no braces of its own goes to its first member
  const leaf = at && path.length > 0 && !('position' in path[last]) ? firstLeaf(source, at) : null;
  if (leaf) return { owner: leaf.owner || owner, member: leaf.member, path: `${text}.${leaf.path}`, type: leaf.type };
  return { owner, member, path: text, type: at };
}

function firstLeaf(source: TypeSource, at: Type): Slot | null {
  const { shape, file } = resolveType(source, at);
  if (shape.ops.length > 0 || !recordTag(shape.base)) return null;
  return leavesOf(source, { text: shape.base, file })?.[0] ?? null;
}

function toMember(walk: Walk, name: string): void {
  const { source } = walk;
  const record = walk.at && recordOf(source, walk.at);
  const found = record && findField(source, record, name, walk.owner);
  walk.text += walk.text ? `.${name}` : name;
  walk.member = name;
  walk.owner = found ? found.owner : '';
  walk.at = found ? { text: found.field.type, file: found.file } : null;
}

function toIndex(walk: Walk, at: Type, index: string): void {
  const { shape, file } = resolveType(walk.source, at);
  const element = strip(shape, '[]');
  walk.text += `[${index}]`;
  walk.at = element ? { text: shapeText(element), file } : null;
}

function toPosition(walk: Walk, at: Type, position: number, last: boolean): void {
  const { shape, file } = resolveType(walk.source, at);
  const element = strip(shape, '[]');
  if (element) {
    toElement(walk, { text: shapeText(element), file }, position, last);
    return;
  }
  const record = shape.ops.length === 0 ? findRecord(walk.source, shape.base, file) : null;
  if (record) toField(walk, record, { text: shape.base, file }, position, last);
  else if (shape.ops.length > 0 || position > 0) walk.at = null;
}

function toElement(walk: Walk, element: Type, position: number, last: boolean): void {
  // a leaf for an array of records: the braces of the elements were left out
  const leaves = last ? leavesOf(walk.source, element) : null;
  if (leaves && leaves.length > 1) {
    const leaf = leaves[position % leaves.length];
    walk.text += `[${Math.floor(position / leaves.length)}]${leaf.path ? `.${leaf.path}` : ''}`;
    toLeaf(walk, leaf);
    return;
  }
  walk.text += `[${position}]`;
  walk.at = element;
}

function toField(walk: Walk, { record, file }: RecordAt, type: Type, position: number, last: boolean): void {
  const { fields } = record;
  const field = record.keyword !== 'union' || position === 0 ? fields[position] : undefined;
  const leaf =
    last && field && field.record >= 0 && membersOf(record).hasRecords
      ? leavesOf(walk.source, type)?.[position]
      : undefined;
  if (leaf) {
    walk.text += walk.text ? `.${leaf.path}` : leaf.path;
    toLeaf(walk, leaf);
    return;
  }
  if (!field) {
    walk.at = null;
    walk.owner = '';
    return;
  }
  if (field.name) {
    walk.text += walk.text ? `.${field.name}` : field.name;
    walk.member = field.name;
    walk.owner = record.tag || walk.owner;
  }
  walk.at = { text: field.type, file };
}

function toLeaf(walk: Walk, leaf: Slot): void {
  walk.owner = leaf.owner;
  walk.member = leaf.member;
  walk.at = leaf.type;
}

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
