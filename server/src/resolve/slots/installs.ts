/** Tables on their way through parameters and copies: which get into a pointer member, and where one ends up. */
import { RETURNED } from '../../index/link/flows.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { type Flow, NameKind } from '../../index/store/postings.ts';
import { inDomain } from '../../kernel/proximity.ts';
import { type Definition, definitionsFrom, functionFrom } from '../names/scope.ts';
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
export function tablesHanded(
  index: IndexReader,
  owner: string,
  member: string,
  from: string,
  architecture: string,
): Registered[] {
  const out: Registered[] = [];
  const seen = new Set<string>();
  const queue: { end: string; file: string }[] = [{ end: `${owner}.${member}`, file: '' }];
  for (const { end, file } of queue) {
    const key = `${end} ${file}`;
    if (seen.has(key) || seen.size > MAX_ENDS) continue;
    seen.add(key);
    for (const flow of stepsTo(index, end, file, from, architecture)) {
      if (flow.from.includes('#')) queue.push({ end: flow.from, file: flow.path });
      else if (flow.from.includes('.')) {
        const dot = flow.from.indexOf('.');
        out.push(...installsInto(index, flow.from.slice(0, dot), flow.from.slice(dot + 1), from, architecture));
        queue.push({ end: flow.from, file: '' });
      } else out.push(handedOver(flow, flow.from, owner, member));
    }
    for (const slot of slotsOfParameter(index, end, file, architecture)) queue.push({ end: slot, file: '' });
  }
  return out;
}

/** The same parameter of the slots that its function stands in: whoever calls those hands it over, too. */
function slotsOfParameter(index: IndexReader, end: string, file: string, architecture: string): string[] {
  const hash = end.lastIndexOf('#');
  const name = end.slice(0, hash);
  if (hash < 0 || name.includes('.')) return [];
  const fn = functionFrom(index, name, file, architecture);
  if (!fn) return [];
  const slots = new Set<string>();
  for (const r of usesOf(index, fn, file, architecture).registrations)
    if (r.owner && r.kind !== 'install') slots.add(`${r.owner}.${r.member}`);
  return [...slots].filter((slot) => isNarrow(index, slot, file, architecture)).map((slot) => slot + end.slice(hash));
}

/** Do few functions stand in a slot? Of a slot with many nothing is said by one that calls it. */
function isNarrow(index: IndexReader, slot: string, file: string, architecture: string): boolean {
  const dot = slot.indexOf('.');
  const { implementations } = slotAnswer(index, slot.slice(0, dot), slot.slice(dot + 1), file, architecture);
  return implementations.length <= MAX_TARGETS;
}

/** Steps that lead to an end, of the function of that name which the file `file` means, where the end is its parameter. */
function stepsTo(index: IndexReader, end: string, file: string, from: string, architecture: string): StepAt[] {
  const steps = index.flowsTo(end).map((f) => ({ ...f, path: index.pathOf(f.file) }));
  const { seen } = inDomain(steps, (f) => f.path, from, architecture);
  const hash = end.lastIndexOf('#');
  const name = end.slice(0, hash);
  if (hash < 0 || name.includes('.')) return seen;
  const own = functionFrom(index, name, file, architecture);
  return own ? seen.filter((f) => functionFrom(index, name, f.path, architecture)?.file === own.file) : seen;
}

function installsInto(
  index: IndexReader,
  owner: string,
  member: string,
  from: string,
  architecture: string,
): Registered[] {
  const all = index
    .registrationsOfSlot(owner, member)
    .filter((r) => r.kind === 'install')
    .map((r) => Object.assign(r, { filePath: index.pathOf(r.file) }));
  return inDomain(all, (r) => r.filePath, from, architecture).seen;
}

/** Where a table gets to by being handed to functions, as far as code of the file `from` can see. */
export function slotsHanded(index: IndexReader, table: Definition, from: string, architecture: string): Registered[] {
  const steps = index.flowsFrom(table.name).map((f) => ({ ...f, path: index.pathOf(f.file) }));
  const isMeant = (file: string): boolean => {
    if (file === table.file) return true;
    const [first] = definitionsFrom(index, table.name, file, [NameKind.Variable], architecture);
    return first ? first.file === table.file : !table.static;
  };
  const out: Registered[] = [];
  for (const flow of inDomain(steps, (f) => f.path, from, architecture).seen)
    if (isMeant(flow.path))
      for (const slot of slotsBehind(index, flow.to, flow.path, architecture, new Set(), 0)) {
        const dot = slot.indexOf('.');
        out.push(handedOver(flow, table.name, slot.slice(0, dot), slot.slice(dot + 1)));
      }
  return out;
}

/** Where the table that a registration stands in is put into a pointer, by its name or handed over; the nearest first. */
export function installsOf(index: IndexReader, r: Registered, from: string, architecture: string): Registered[] {
  if (r.kind !== 'init' || r.function || !r.variable) return [];
  const [table] = definitionsFrom(index, r.variable, r.filePath, [NameKind.Variable], architecture);
  if (!table) return [];
  const named = usesOf(index, table, from, architecture).registrations.filter((u) => u.kind === 'install' && u.owner);
  return [...named, ...slotsHanded(index, table, from, architecture)];
}

/** The pointer members that what is put into an end gets to. */
function slotsBehind(
  index: IndexReader,
  end: string,
  file: string,
  architecture: string,
  seen: Set<string>,
  depth: number,
): Set<string> {
  const hash = end.lastIndexOf('#');
  if (hash < 0) return new Set(end.includes('.') ? [end] : []);
  const key = `${end} ${file}`;
  const out = new Set<string>();
  const argument = Number(end.slice(hash + 1));
  if (seen.has(key) || depth > MAX_DEPTH || argument === RETURNED) return out;
  seen.add(key);
  for (const fn of functionsNamed(index, end.slice(0, hash), file, architecture))
    for (const flow of index.flowsFrom(`${fn.name}#${argument}`))
      if (index.pathOf(flow.file) === fn.file)
        for (const slot of slotsBehind(index, flow.to, fn.file, architecture, seen, depth + 1)) out.add(slot);
  return out;
}

/** The function that a name means, or those that stand in a slot. */
function functionsNamed(index: IndexReader, name: string, file: string, architecture: string): Definition[] {
  const dot = name.indexOf('.');
  if (dot < 0) {
    const fn = functionFrom(index, name, file, architecture);
    return fn ? [fn] : [];
  }
  const { implementations } = slotAnswer(index, name.slice(0, dot), name.slice(dot + 1), file, architecture);
  return implementations.length > MAX_TARGETS ? [] : implementations.map((i) => i.definition);
}
