/** Which table is meant by a name, which get into a pointer member, by name, through parameters and by copies, and where one ends up. */

import { type End, endKey, type Holder, type SlotEnd } from '../../index/link/ends.ts';
import type { Flow } from '../../index/read/questions.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameKind } from '../../index/store/postings.ts';
import { takesBack } from '../../kernel/idioms.ts';
import { inDomain, nearnessTo } from '../../kernel/proximity.ts';
import { opening } from '../../syntax/brackets.ts';
import {
  BRACE_CLOSE,
  BRACE_OPEN,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  type Tokens,
  tokenText,
} from '../../syntax/tokens.ts';
import { type Test, testsAround } from '../cursor/branches.ts';
import { readView } from '../cursor/fileView.ts';
import { type Definition, definitionsFrom, functionFrom } from '../names/scope.ts';
import { firstTokenOf, sourcesOf } from '../sourceFiles.ts';
import type { TreePlace, World } from '../world.ts';
import { type Registered, slotAnswer, usesOf } from './slots.ts';

/** More ends than this nobody follows. */
const MAX_ENDS = 300;
const MAX_DEPTH = 8;
/** A table that is handed to what a slot holds goes to each of these. */
const MAX_TARGETS = 20;

interface StepAt extends Flow {
  path: string;
}

/**
 * An install by way of a call: `cdev_init(&c, &fops)`. The place is that of the table's name in the call. Without `into`
 * nobody knows which pointer the table gets into: `platform_driver_register(&drv)` puts it on a list.
 */
const handedOver = (flow: StepAt, target: string, into: SlotEnd | null): Registered => ({
  file: flow.file,
  filePath: flow.path,
  owner: into?.owner ?? '',
  member: into?.member ?? '',
  variable: '',
  line: flow.line,
  path: '',
  target,
  targetLine: flow.line,
  targetColumn: flow.column,
  kind: 'install',
  function: flow.function,
  condition: null,
  evidence: 'flow',
  own: null,
  holder: '',
  by: flow.to.kind === 'parameter' || flow.to.kind === 'result' ? endKey(flow.to.of) : '',
});

/**
 * Installs of tables that get into the pointer `owner.member` otherwise than by their own name: handed to a function that
 * puts its parameter there, or copied from another member. As far as code of the file `from` can see.
 */
export function tablesHanded(world: World, owner: string, member: string, from: string): Registered[] {
  const out: Registered[] = [];
  const into: SlotEnd = { kind: 'slot', owner, member };
  const seen = new Set<string>();
  const queue: { end: End; file: string }[] = [{ end: into, file: '' }];
  for (const { end, file } of queue) {
    const key = `${endKey(end)} ${file}`;
    if (seen.has(key) || seen.size > MAX_ENDS) continue;
    seen.add(key);
    for (const flow of stepsTo(world, end, file, from)) {
      const { from: source } = flow;
      if (source.kind === 'name') out.push(handedOver(flow, source.name, into));
      else if (source.kind === 'slot') {
        out.push(...installsInto(world, source, from));
        queue.push({ end: source, file: '' });
      } else queue.push({ end: source, file: flow.path });
    }
    for (const parameter of sameOfSlots(world, end, file)) queue.push({ end: parameter, file: '' });
  }
  return out;
}

/** The same parameter of the slots that its function stands in: whoever calls those hands it over, too. */
function sameOfSlots(world: World, end: End, file: string): End[] {
  if ((end.kind !== 'parameter' && end.kind !== 'result') || end.of.kind !== 'name') return [];
  const fn = functionFrom(world, end.of.name, file);
  if (!fn) return [];
  const slots = new Map<string, SlotEnd>();
  for (const { owner, member, kind } of usesOf(world, fn, file).registrations)
    if (owner && kind !== 'install') slots.set(`${owner}.${member}`, { kind: 'slot', owner, member });
  return [...slots.values()].filter((slot) => isNarrow(world, slot, file)).map((of) => ({ ...end, of }));
}

/** Do few functions stand in a slot? Of a slot with many nothing is said by one that calls it. */
const isNarrow = (world: World, { owner, member }: SlotEnd, file: string): boolean =>
  slotAnswer(world, owner, member, file).implementations.length <= MAX_TARGETS;

/** Steps that lead to an end, of the function of that name which the file `file` means, where the end is its parameter. */
function stepsTo(world: World, end: End, file: string, from: string): StepAt[] {
  const { index, architecture } = world;
  const steps = index.flowsTo(end).map((f) => ({ ...f, path: index.pathOf(f.file) }));
  const { seen } = inDomain(steps, (f) => f.path, from, architecture);
  if ((end.kind !== 'parameter' && end.kind !== 'result') || end.of.kind !== 'name') return seen;
  const { name } = end.of;
  const own = functionFrom(world, name, file);
  return own ? seen.filter((f) => functionFrom(world, name, f.path)?.file === own.file) : seen;
}

function installsInto(world: World, { owner, member }: SlotEnd, from: string): Registered[] {
  const { index, architecture } = world;
  const all = index
    .registrationsOfSlot(owner, member)
    .filter((r) => r.kind === 'install')
    .map((r) => Object.assign(r, { filePath: index.pathOf(r.file) }));
  return inDomain(all, (r) => r.filePath, from, architecture).seen;
}

/** Where a table gets to by being handed to functions, as far as code of the file `from` can see. */
export function slotsHanded(world: World, table: Definition, from: string): Registered[] {
  const { index, architecture } = world;
  const steps = index.flowsFrom({ kind: 'name', name: table.name }).map((f) => ({ ...f, path: index.pathOf(f.file) }));
  const isMeant = (file: string): boolean => {
    if (file === table.file) return true;
    const [first] = definitionsFrom(world, table.name, file, [NameKind.Variable]);
    return first ? first.file === table.file : !table.static;
  };
  const out: Registered[] = [];
  const registered: Registered[] = [];
  for (const flow of inDomain(steps, (f) => f.path, from, architecture).seen) {
    if (!isMeant(flow.path)) continue;
    const slots = slotsBehind(world, flow.to, flow.path, new Set(), 0);
    for (const slot of slots.values()) out.push(handedOver(flow, table.name, slot));
    if (slots.size === 0) registered.push(...registeredBy(world, flow, table.name));
  }
  return [...out, ...registered];
}

/** The call that a table is handed over in, by the name that the source says: of `module_platform_driver(drv)` the macro's. */
function registeredBy({ index }: World, flow: StepAt, table: string): Registered[] {
  if (flow.to.kind !== 'parameter') return [];
  const source = sourcesOf(index).file(flow.path);
  const callee = (source && calleeAt(source.tokens, flow.line, table)) || endKey(flow.to.of);
  return takesBack(callee) || takesBack(endKey(flow.to.of)) ? [] : [{ ...handedOver(flow, table, null), by: callee }];
}

/** The name before the parentheses that a word of a line stands in; null where it stands in none of a call. */
function calleeAt(tokens: Tokens, line: number, word: string): string | null {
  for (let i = firstTokenOf(tokens, line); i < tokens.count && tokens.line[i] === line; i++) {
    if (tokens.kind[i] !== Kind.Identifier || tokenText(tokens, i) !== word) continue;
    for (let at = i - 1; at >= 0 && i - at < MAX_ARGUMENTS; at--) {
      const k = tokens.kind[at];
      if (k === PAREN_CLOSE) at = opening(tokens, at);
      else if (k === PAREN_OPEN) return tokens.kind[at - 1] === Kind.Identifier ? tokenText(tokens, at - 1) : null;
      else if (k === SEMICOLON || k === BRACE_OPEN || k === BRACE_CLOSE) break;
    }
  }
  return null;
}

/** Tokens of a call in front of an argument. */
const MAX_ARGUMENTS = 200;

/** Where the table that a registration stands in is put into a pointer, by its name or handed over; the nearest first. */
export function installsOf(world: World, r: Registered, from: string): Registered[] {
  if (r.kind !== 'init' || r.function || !r.variable) return [];
  const [table] = definitionsFrom(world, r.variable, r.filePath, [NameKind.Variable]);
  if (!table) return [];
  const named = usesOf(world, table, from).registrations.filter((u) => u.kind === 'install' && u.owner);
  return [...named, ...slotsHanded(world, table, from)];
}

/** The pointer members that what is put into an end gets to, by their keys. */
function slotsBehind(world: World, end: End, file: string, seen: Set<string>, depth: number): Map<string, SlotEnd> {
  const { index } = world;
  if (end.kind === 'slot') return new Map([[endKey(end), end]]);
  const out = new Map<string, SlotEnd>();
  const key = `${endKey(end)} ${file}`;
  if (end.kind !== 'parameter' || seen.has(key) || depth > MAX_DEPTH) return out;
  seen.add(key);
  for (const fn of functionsOf(world, end.of, file))
    for (const flow of index.flowsFrom({ ...end, of: { kind: 'name', name: fn.name } }))
      if (index.pathOf(flow.file) === fn.file)
        for (const [slot, found] of slotsBehind(world, flow.to, fn.file, seen, depth + 1)) out.set(slot, found);
  return out;
}

/** The function that a name means, or those that stand in a slot. */
function functionsOf(world: World, of: Holder, file: string): Definition[] {
  if (of.kind === 'name') {
    const fn = functionFrom(world, of.name, file);
    return fn ? [fn] : [];
  }
  const { implementations } = slotAnswer(world, of.owner, of.member, file);
  return implementations.length > MAX_TARGETS ? [] : implementations.map((i) => i.definition);
}

/** A table apart from all others: statics of one name stand in several files, and in several functions of one. */
export const tableKey = (name: string, file: string, inFunction = ''): string => `${name} ${file} ${inFunction}`;

/** The objects with static storage that a name may mean in a file: one, or one of each configuration. */
export function objectsNamed(world: World, name: string, from: string): Definition[] {
  const [first, ...others] = definitionsFrom(world, name, from, [NameKind.Variable]);
  if (!first) return [];
  if (first.static) return [first, ...others.filter((d) => d.static && d.file === first.file)];
  return [first, ...others.filter((d) => !d.static)];
}

/** Finds the keys of the tables that registrations stand in; what a name means is looked up once a file. */
export function tableKeys(world: World): (r: Registered) => string[] {
  const named = keysOfNames(world);
  return (r) => {
    if (r.kind === 'init') return [tableKey(r.variable, r.filePath, r.function)];
    // `foo_ops.f = g` goes into foo_ops, `ops->f = g` into nobody knows which
    const name = /^(\w+)(?:[.[]|$)/.exec(r.variable)?.[1];
    return name ? named(name, r.filePath, r.function) : [];
  };
}

function keysOfNames(world: World) {
  const known = new Map<string, string[]>();
  return (name: string, file: string, inFunction: string): string[] => {
    const question = `${name} ${file}`;
    let keys = known.get(question);
    if (!keys) {
      const files = new Set(objectsNamed(world, name, file).map((d) => d.file));
      keys = [...files].map((f) => tableKey(name, f));
      known.set(question, keys);
    }
    // a static of the function itself; where there is none, no table has that key
    return inFunction ? [...keys, tableKey(name, file, inFunction)] : keys;
  };
}

/**
 * The tables that get into the pointer `owner.member`, by key, with what puts each there, the nearest first; as far as
 * code of the file `from` can see.
 */
export function tablesInto(world: World, owner: string, member: string, from: string): Map<string, Registered[]> {
  const { index, architecture } = world;
  const out = new Map<string, Registered[]>();
  const named = keysOfNames(world);
  const installs: Registered[] = tablesHanded(world, owner, member, from);
  for (const r of index.registrationsOfSlot(owner, member))
    if (r.kind === 'install') installs.push(Object.assign(r, { filePath: index.pathOf(r.file) }));
  const near = nearnessTo(from);
  const { seen } = inDomain(installs, (i) => i.filePath, from, architecture);
  for (const r of seen.sort((a, b) => near(b.filePath) - near(a.filePath))) {
    // of `&foo.ops` and `tbl[3]` the object
    const name = /^\w+/.exec(r.target)?.[0];
    if (!name) continue;
    const keys = r.own?.kind === NameKind.Variable ? [tableKey(name, r.filePath)] : named(name, r.filePath, r.function);
    for (const key of keys) {
      const list = out.get(key);
      if (list) list.push(r);
      else out.set(key, [r]);
    }
  }
  return out;
}

/** The runtime tests under which a statement runs, the innermost first. The place is 1-based, the column counts bytes. */
export function testsOf(index: IndexReader, at: TreePlace): Test[] {
  const view = readView(index, at.file);
  const fn = view?.facts?.functions.find((f) => f.line <= at.line && at.line <= f.endLine);
  return view && fn ? testsAround(view.text.tokens, fn, at.line, at.column) : [];
}
