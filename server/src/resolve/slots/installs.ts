/** Tables on their way through parameters and copies: which get into a pointer member, and where one ends up. */

import { RETURNED } from '../../index/link/flows.ts';
import { type Flow, NameKind } from '../../index/store/postings.ts';
import { inDomain } from '../../kernel/proximity.ts';
import { type Definition, definitionsFrom, functionFrom } from '../names/scope.ts';
import type { World } from '../world.ts';
import { type Registered, slotAnswer, usesOf } from './slots.ts';

/** More ends than this nobody follows. */
const MAX_ENDS = 300;
const MAX_DEPTH = 8;
/** A table that is handed to what a slot holds goes to each of these. */
const MAX_TARGETS = 20;

interface StepAt extends Flow {
  path: string;
}

/** An install by way of a call: `cdev_init(&c, &fops)`. The place is that of the table's name in the call. */
const handedOver = (flow: StepAt, target: string, owner: string, member: string): Registered => ({
  file: flow.file,
  filePath: flow.path,
  owner,
  member,
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
  by: flow.to.slice(0, Math.max(0, flow.to.lastIndexOf('#'))),
});

/**
 * Installs of tables that get into the pointer `owner.member` otherwise than by their own name: handed to a function that
 * puts its parameter there, or copied from another member. As far as code of the file `from` can see.
 */
export function tablesHanded(world: World, owner: string, member: string, from: string): Registered[] {
  const out: Registered[] = [];
  const seen = new Set<string>();
  const queue: { end: string; file: string }[] = [{ end: `${owner}.${member}`, file: '' }];
  for (const { end, file } of queue) {
    const key = `${end} ${file}`;
    if (seen.has(key) || seen.size > MAX_ENDS) continue;
    seen.add(key);
    for (const flow of stepsTo(world, end, file, from)) {
      if (flow.from.includes('#')) queue.push({ end: flow.from, file: flow.path });
      else if (flow.from.includes('.')) {
        const dot = flow.from.indexOf('.');
        out.push(...installsInto(world, flow.from.slice(0, dot), flow.from.slice(dot + 1), from));
        queue.push({ end: flow.from, file: '' });
      } else out.push(handedOver(flow, flow.from, owner, member));
    }
    for (const slot of slotsOfParameter(world, end, file)) queue.push({ end: slot, file: '' });
  }
  return out;
}

/** The same parameter of the slots that its function stands in: whoever calls those hands it over, too. */
function slotsOfParameter(world: World, end: string, file: string): string[] {
  const hash = end.lastIndexOf('#');
  const name = end.slice(0, hash);
  if (hash < 0 || name.includes('.')) return [];
  const fn = functionFrom(world, name, file);
  if (!fn) return [];
  const slots = new Set<string>();
  for (const r of usesOf(world, fn, file).registrations)
    if (r.owner && r.kind !== 'install') slots.add(`${r.owner}.${r.member}`);
  return [...slots].filter((slot) => isNarrow(world, slot, file)).map((slot) => slot + end.slice(hash));
}

/** Do few functions stand in a slot? Of a slot with many nothing is said by one that calls it. */
function isNarrow(world: World, slot: string, file: string): boolean {
  const dot = slot.indexOf('.');
  const { implementations } = slotAnswer(world, slot.slice(0, dot), slot.slice(dot + 1), file);
  return implementations.length <= MAX_TARGETS;
}

/** Steps that lead to an end, of the function of that name which the file `file` means, where the end is its parameter. */
function stepsTo(world: World, end: string, file: string, from: string): StepAt[] {
  const { index, architecture } = world;
  const steps = index.flowsTo(end).map((f) => ({ ...f, path: index.pathOf(f.file) }));
  const { seen } = inDomain(steps, (f) => f.path, from, architecture);
  const hash = end.lastIndexOf('#');
  const name = end.slice(0, hash);
  if (hash < 0 || name.includes('.')) return seen;
  const own = functionFrom(world, name, file);
  return own ? seen.filter((f) => functionFrom(world, name, f.path)?.file === own.file) : seen;
}

function installsInto(world: World, owner: string, member: string, from: string): Registered[] {
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
  const steps = index.flowsFrom(table.name).map((f) => ({ ...f, path: index.pathOf(f.file) }));
  const isMeant = (file: string): boolean => {
    if (file === table.file) return true;
    const [first] = definitionsFrom(world, table.name, file, [NameKind.Variable]);
    return first ? first.file === table.file : !table.static;
  };
  const out: Registered[] = [];
  for (const flow of inDomain(steps, (f) => f.path, from, architecture).seen)
    if (isMeant(flow.path))
      for (const slot of slotsBehind(world, flow.to, flow.path, new Set(), 0)) {
        const dot = slot.indexOf('.');
        out.push(handedOver(flow, table.name, slot.slice(0, dot), slot.slice(dot + 1)));
      }
  return out;
}

/** Where the table that a registration stands in is put into a pointer, by its name or handed over; the nearest first. */
export function installsOf(world: World, r: Registered, from: string): Registered[] {
  if (r.kind !== 'init' || r.function || !r.variable) return [];
  const [table] = definitionsFrom(world, r.variable, r.filePath, [NameKind.Variable]);
  if (!table) return [];
  const named = usesOf(world, table, from).registrations.filter((u) => u.kind === 'install' && u.owner);
  return [...named, ...slotsHanded(world, table, from)];
}

/** The pointer members that what is put into an end gets to. */
function slotsBehind(world: World, end: string, file: string, seen: Set<string>, depth: number): Set<string> {
  const { index } = world;
  const hash = end.lastIndexOf('#');
  if (hash < 0) return new Set(end.includes('.') ? [end] : []);
  const key = `${end} ${file}`;
  const out = new Set<string>();
  const argument = Number(end.slice(hash + 1));
  if (seen.has(key) || depth > MAX_DEPTH || argument === RETURNED) return out;
  seen.add(key);
  for (const fn of functionsNamed(world, end.slice(0, hash), file))
    for (const flow of index.flowsFrom(`${fn.name}#${argument}`))
      if (index.pathOf(flow.file) === fn.file)
        for (const slot of slotsBehind(world, flow.to, fn.file, seen, depth + 1)) out.add(slot);
  return out;
}

/** The function that a name means, or those that stand in a slot. */
function functionsNamed(world: World, name: string, file: string): Definition[] {
  const dot = name.indexOf('.');
  if (dot < 0) {
    const fn = functionFrom(world, name, file);
    return fn ? [fn] : [];
  }
  const { implementations } = slotAnswer(world, name.slice(0, dot), name.slice(dot + 1), file);
  return implementations.length > MAX_TARGETS ? [] : implementations.map((i) => i.definition);
}
