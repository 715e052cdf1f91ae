/**
 * Lists whose head has a name: `register_pm_notifier(&nb)` puts nb on `pm_chain_head`, and what calls through that head
 * gets to the functions of the objects on it, of hundreds that stand in the slot. Both ends are calls that hand over the
 * head: one beside an object, one to a function that goes on to the slot's dispatch.
 */

import type { Expression, FileFacts } from '../../facts/types.ts';
import { NameKind } from '../../index/store/postings.ts';
import type { TypeSource } from '../../index/types/source.ts';
import { recordTag } from '../../index/types/typeText.ts';
import { isFunctionPointer, recordOf, remembered, resolveType } from '../../index/types/typing.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { takesBack } from '../../kernel/idioms.ts';
import { keptByReader } from '../kept.ts';
import { type Definition, definitionsFrom, functionFrom } from '../names/scope.ts';
import { type Registered, slotAnswer } from '../slots/slots.ts';
import type { TreePlace, World } from '../world.ts';
import { type CallInText, callsOn, callsWith } from './callsInText.ts';

/** An object on a list, or one that a function puts there. */
interface OnList {
  /** its name, or the member that it is of another object: `nb` of `&host->nb` */
  name: string;
  member: boolean;
  /** where it is handed over, by which function */
  place: TreePlace;
  by: string;
}

/** A call through a head. */
export interface HeadCall {
  place: TreePlace;
  /** the function that hands over the head, and the one that it hands it to */
  function: string;
  callee: string;
  /** functions from there to the one that calls what the objects hold, each with the call that leads to it */
  through: { definition: Definition; place: TreePlace }[];
  slot: string;
}

/** A list by its head. */
export interface NamedList {
  head: Definition;
  /** tag of the objects on it */
  struct: string;
  objects: OnList[];
  calls: HeadCall[];
  /** by the slot: see `functionsOn` */
  functions: Map<string, OnListFunction[]>;
}

/** What kind of objects a head leads to, by its type: a member points to such an object, which points to the next. */
function structOnList(types: TypeSource, type: { text: string; file: string }): ListedStruct | null {
  const at = recordOf(types, type);
  if (!at || resolveType(types, type).shape.ops.length > 0) return null;
  for (const field of at.record.fields) {
    const { shape } = resolveType(types, { text: field.type, file: at.file });
    const tag = recordTag(shape.base);
    if (!tag || shape.ops.length !== 1 || shape.ops[0] !== '*') continue;
    const slots = listedSlots(types, tag, at.file);
    if (slots.length > 0) return { tag, slots };
  }
  return null;
}

/** Objects that are put on lists: the tag of their struct, its members that hold functions. */
interface ListedStruct {
  tag: string;
  slots: string[];
}

/** The members of a struct that hold functions, where its objects lead from one to the next; else none. */
function listedSlots(types: TypeSource, tag: string, file: string): string[] {
  const object = recordOf(types, { text: `struct ${tag}`, file });
  if (!object?.record.fields.some((f) => pointsTo(types, { text: f.type, file: object.file }, tag))) return [];
  return object.record.fields
    .filter((f) => isFunctionPointer(types, { text: f.type, file: object.file }))
    .map((f) => f.name);
}

/** Are objects of a struct put on lists of their own kind? */
export const isListed = ({ index: { types } }: World, struct: string): boolean =>
  remembered(types, `listed ${struct}`, () => listedSlots(types, struct, '').length > 0);

/** Is a type that of a list's head, whoever declares it? */
const isHead = ({ index: { types } }: World, text: string): boolean =>
  /^(?:static )?struct \w+$/.test(text) &&
  remembered(types, `head ${text}`, () => structOnList(types, { text, file: '' }) !== null);

function pointsTo(types: TypeSource, type: { text: string; file: string }, tag: string): boolean {
  const { shape } = resolveType(types, type);
  return recordTag(shape.base) === tag && shape.ops.length > 0 && shape.ops.every((op) => op === '*');
}

const isAddressOf = (e: Expression, name: string): boolean => e[0] === '&' && e[1][0] === 'id' && e[1][1] === name;

/** `&host->nb` */
const isPart = (e: Expression, member: string): boolean =>
  e[0] === '&' && (e[1][0] === '->' || e[1][0] === '.') && e[1][2] === member;

/** How often an object is handed on before it gets to its list. */
const MAX_DEPTH = 4;
const MAX_OBJECTS = 5000;

/** The objects that an argument of a call is, where the call puts them somewhere. */
function addObjects(world: World, struct: string, call: CallInText, at: number, out: OnList[], depth: number): void {
  const arg = call.args[at];
  const { place, fn } = call;
  if (!arg || out.length > MAX_OBJECTS) return;
  const inner = arg[0] === '&' ? arg[1] : null;
  if (inner?.[0] === 'id') out.push({ name: inner[1], member: false, place, by: fn.name });
  else if (inner?.[0] === '->' || inner?.[0] === '.') out.push({ name: inner[2], member: true, place, by: fn.name });
  if (arg[0] !== 'id' || depth >= MAX_DEPTH) return;
  const parameter = fn.params.findIndex((p) => p.name === arg[1] && p.type.includes(`struct ${struct}`));
  if (parameter < 0) return;
  addObjectsOfCallers(world, struct, call, parameter, out, depth);
}

/** The objects that the callers of a function hand over as its parameter. */
function addObjectsOfCallers(
  world: World,
  struct: string,
  { fn, place }: CallInText,
  parameter: number,
  out: OnList[],
  depth: number,
): void {
  const { index } = world;
  const isOf = (file: string): boolean =>
    isSeen(world, place.file, file) && functionFrom(world, fn.name, file)?.file === place.file;
  // an object by its name is known of the index; what is a part of another one, or handed on, is told by the text
  const named = new Set<string>();
  for (const flow of index.flowsTo({ kind: 'parameter', of: { kind: 'name', name: fn.name }, index: parameter })) {
    const file = index.pathOf(flow.file);
    if (flow.from.kind !== 'name' || !isOf(file)) continue;
    const { line, column } = flow;
    out.push({ name: flow.from.name, member: false, place: { file, line, column }, by: flow.function });
    for (let n = 0; n <= MAX_LINES; n++) named.add(`${file}:${line - n}`);
  }
  for (const caller of index.callersOf(fn.name)) {
    const file = index.pathOf(caller.file);
    const lines = caller.macro ? [] : caller.lines.filter((line) => !named.has(`${file}:${line}`));
    if (lines.length === 0 || !isOf(file)) continue;
    for (const line of lines)
      for (const next of callsOn(world, file, line, fn.name))
        addObjects(world, struct, next, parameter, out, depth + 1);
  }
}

const isSeen = ({ architecture }: World, from: string, file: string): boolean =>
  sameDomain(domainOf(from), domainOf(file), architecture);

/** The argument beside the head that is an object of the list, by its position; -1 where there is none. */
function objectBeside(world: World, head: string, struct: string, { fn, args, place }: CallInText): number {
  const facts = world.index.facts(place.file);
  const types = world.index.typesFor(facts);
  return args.findIndex((arg) => {
    if (isAddressOf(arg, head)) return false;
    if (arg[0] === 'id')
      return fn.params.some((p) => p.name === arg[1] && pointsTo(types, { text: p.type, file: place.file }, struct));
    return arg[0] === '&' && arg[1][0] === 'id' && isOfStruct(world, arg[1][1], struct, place.file);
  });
}

function isOfStruct(world: World, name: string, struct: string, from: string): boolean {
  const [d] = definitionsFrom(world, name, from, [NameKind.Variable]);
  const facts = d && world.index.facts(d.file);
  const variable = facts?.variables.find((v) => v.name === name && v.function === null);
  return variable !== undefined && new RegExp(`^(?:const )?struct ${struct}(?:$| \\[|\\[)`).test(variable.type);
}

/** Functions between a call through a head and the dispatch. */
const MAX_STEPS = 4;

/** The way from a function that is handed a list to a call of what the objects in one of the slots hold. */
function wayToDispatch(
  world: World,
  struct: string,
  slots: readonly string[],
  start: Definition,
  place: TreePlace,
): Pick<HeadCall, 'through' | 'slot'> | null {
  const { index } = world;
  const dispatching = new Map<string, { slot: string; line: number; column: number }>();
  for (const slot of slots)
    for (const d of index.dispatchesOfSlot(struct, slot))
      dispatching.set(`${d.function} ${index.pathOf(d.file)}`, { slot, line: d.line, column: d.column });
  let now: HeadCall['through'][] = [[{ definition: start, place }]];
  const seen = new Set<string>();
  for (let step = 0; step < MAX_STEPS && now.length > 0; step++) {
    const next: HeadCall['through'][] = [];
    for (const way of now) {
      const { definition } = way[way.length - 1];
      const found = dispatching.get(`${definition.name} ${definition.file}`);
      if (found) return { slot: found.slot, through: way };
      const key = `${definition.name} ${definition.file}`;
      if (seen.has(key)) continue;
      seen.add(key);
      for (const [callee, line] of calleesOf(world, definition)) {
        const to = functionFrom(world, callee, definition.file);
        if (to && takesList(world, to, struct))
          next.push([...way, { definition: to, place: { file: definition.file, line, column: 0 } }]);
      }
    }
    now = next;
  }
  return null;
}

function calleesOf(world: World, { file, name }: Definition): Map<string, number> {
  const facts = world.index.facts(file);
  const n = facts?.functions.findIndex((f) => f.name === name) ?? -1;
  const out = new Map<string, number>();
  for (const calls of facts?.calls ?? []) {
    if (calls.function !== n) continue;
    let line = 0;
    calls.names.split(' ').forEach((callee, i) => {
      line += calls.steps[i];
      if (!out.has(callee)) out.set(callee, line);
    });
  }
  return out;
}

/** Does a parameter of a function lead to objects of a struct: the object, its head, a pointer to either? */
function takesList(world: World, { file, name }: Definition, struct: string): boolean {
  const facts = world.index.facts(file);
  const fn = facts?.functions.find((f) => f.name === name);
  if (!facts || !fn) return false;
  const types = world.index.typesFor(facts);
  return fn.params.some(({ type: text }) => {
    const type = { text, file };
    if (pointsTo(types, type, struct)) return true;
    const tag = recordTag(resolveType(types, type).shape.base);
    return tag !== '' && structOnList(types, { text: `struct ${tag}`, file })?.tag === struct;
  });
}

const known = keptByReader(() => new Map<string, NamedList | null>());

/** The list that a variable is the head of; null where it is none. */
export function listOfHead(world: World, head: Definition): NamedList | null {
  const lists = known(world.index);
  const key = `${head.name} ${head.file} ${world.architecture}`;
  let list = lists.get(key);
  if (list === undefined) {
    list = findList(world, head);
    lists.set(key, list);
  }
  return list;
}

function findList(world: World, head: Definition): NamedList | null {
  const { index } = world;
  const facts = index.facts(head.file);
  const variable = facts?.variables.find((v) => v.name === head.name && v.function === null);
  const type = variable && { text: variable.type, file: head.file };
  const kind = type && structOnList(index.typesFor(facts), type);
  if (!kind) return null;
  const { tag: struct, slots } = kind;
  const list: NamedList = { head, struct, objects: [], calls: [], functions: new Map() };
  const files = new Set(index.filesOfWord(head.name).map((row) => index.pathOf(row.file)));
  for (const path of files) {
    if (!isSeen(world, head.file, path)) continue;
    if (definitionsFrom(world, head.name, path, [NameKind.Variable])[0]?.file !== head.file) continue;
    for (const call of callsWith(world, path, head.name, true)) addCall(world, list, slots, call);
  }
  return list;
}

/** Adds what a call that hands over a list's head does to it. */
function addCall(world: World, list: NamedList, slots: readonly string[], call: CallInText): void {
  const { head, struct } = list;
  if (takesBack(call.callee)) return;
  const beside = objectBeside(world, head.name, struct, call);
  if (beside >= 0) {
    addObjects(world, struct, call, beside, list.objects, 0);
    return;
  }
  const start = functionFrom(world, call.callee, call.place.file);
  const way = start && takesList(world, start, struct) ? wayToDispatch(world, struct, slots, start, call.place) : null;
  if (way) list.calls.push({ place: call.place, function: call.fn.name, callee: call.callee, ...way });
}

/** A function of an object on a list. */
interface OnListFunction {
  definition: Definition;
  registrations: Registered[];
  on: OnList;
}

/** The functions in one slot of a list's objects, with what puts the object there. */
export function functionsOn(world: World, list: NamedList, slot: string): OnListFunction[] {
  const known = list.functions.get(slot);
  if (known) return known;
  const { implementations } = slotAnswer(world, list.struct, slot, list.head.file);
  const objects = new Map<string, OnList>();
  for (const on of list.objects) objects.set(`${on.member ? '.' : ''}${on.name} ${on.place.file}`, on);
  const found = implementations.flatMap(({ definition, registrations }) => {
    const listed = registrations.filter((r) => onList(objects, r));
    const on = listed[0] && onList(objects, listed[0]);
    return on ? [{ definition, registrations: listed, on }] : [];
  });
  list.functions.set(slot, found);
  return found;
}

/** The object on the list that a registration fills, by its file and name. */
function onList(objects: ReadonlyMap<string, OnList>, r: Registered): OnList | undefined {
  const [object, part] = namesOf(r);
  const whole = part === null ? objects.get(`${object} ${r.filePath}`) : undefined;
  return whole ?? objects.get(`.${part ?? object} ${r.filePath}`);
}

/**
 * The object that a registration fills, and the member of it that is an object of its own: of `host->nb.call = f` and
 * `static struct host h = { .nb = { .call = f } }` both, of `nb.call = f` and `nb->call = f` the one.
 */
function namesOf({ kind, variable, path }: Registered): [object: string, part: string | null] {
  const words = variable.match(/\w+/g) ?? [''];
  // an assignment names the slot, too
  if (kind === 'assign') words.pop();
  return [words[0] ?? '', words.length > 1 ? words[words.length - 1] : (path.split('.').at(-2) ?? null)];
}

/** The name that an object of a registration is handed over by: its own, or that of the part which it is. */
export const nameOnList = (r: Registered): string => {
  const [object, part] = namesOf(r);
  return part ?? object;
};

/** The calls through heads of lists in a function, by its index in a file. */
export function headCallsIn(world: World, facts: FileFacts, n: number): { list: NamedList; call: HeadCall }[] {
  const out = new Map<string, { list: NamedList; call: HeadCall }>();
  for (const { function: f, from, argument, line } of facts.flows) {
    if (f !== n || argument < 0 || from[0] !== 'id') continue;
    const list = listNamed(world, from[1], facts.path);
    for (const call of list?.calls ?? []) {
      const { place } = call;
      // the argument may stand on a line of its own
      if (list && place.file === facts.path && place.line <= line && line - place.line <= MAX_LINES)
        out.set(`${list.head.name} ${place.line}`, { list, call });
    }
  }
  return [...out.values()];
}

/** Lines of a call up to an argument. */
const MAX_LINES = 3;

function listNamed(world: World, name: string, from: string): NamedList | null {
  if (!world.index.names(name).some((p) => p.kind === NameKind.Variable && isHead(world, p.type))) return null;
  const [head] = definitionsFrom(world, name, from, [NameKind.Variable]);
  return head ? listOfHead(world, head) : null;
}

/** The lists that an object of a struct is put on, by the calls that it is handed to and those that hand it on. */
export function listsOf(world: World, struct: string, variable: string, file: string): NamedList[] {
  const out = new Map<string, NamedList>();
  const facts = world.index.facts(file);
  const named = facts?.flows.filter((f) => f.argument >= 0 && f.from[0] === 'id' && f.from[1] === variable) ?? [];
  for (const { function: f, to, argument } of named) {
    if (to[0] !== 'id') continue;
    const beside = facts?.flows.filter((o) => o.function === f && o.to[0] === 'id' && o.to[1] === to[1]) ?? [];
    const others = beside.flatMap((o) => (o.argument !== argument && o.from[0] === 'id' ? [o.from[1]] : []));
    addHanded(world, struct, { path: file, callee: to[1], at: argument, others }, out, 0);
  }
  // a part of another object
  if (named.length === 0) follow(world, struct, { path: file, name: variable, within: null }, out, 0);
  return [...out.values()];
}

/** A call of a file that an object is handed to. */
interface Handed {
  path: string;
  callee: string;
  /** the object's position among the arguments */
  at: number;
  /** objects whose addresses are handed over beside it */
  others: readonly string[];
}

/** Adds the lists that a call puts its object on: by the head that stands beside it, else what the callee does with it. */
function addHanded(
  world: World,
  struct: string,
  { path, callee, at, others }: Handed,
  out: Map<string, NamedList>,
  depth: number,
): void {
  if (takesBack(callee)) return;
  for (const name of others) {
    const list = listNamed(world, name, path);
    if (list?.struct === struct) out.set(`${list.head.name} ${list.head.file}`, list);
  }
  const to = depth < MAX_DEPTH ? functionFrom(world, callee, path) : null;
  const name = to && world.index.facts(to.file)?.functions.find((f) => f.name === to.name)?.params[at]?.name;
  if (to && name && takesList(world, to, struct))
    follow(world, struct, { path: to.file, name, within: to.name }, out, depth + 1);
}

/** An object in a file by a name that it has there: the member that it is, or a function's parameter. */
interface NamedThere {
  path: string;
  name: string;
  /** the function whose parameter it is; null for a member */
  within: string | null;
}

function follow(
  world: World,
  struct: string,
  { path, name, within }: NamedThere,
  out: Map<string, NamedList>,
  depth: number,
): void {
  const isIt = (arg: Expression): boolean => (within === null ? isPart(arg, name) : arg[0] === 'id' && arg[1] === name);
  for (const { fn, callee, args } of callsWith(world, path, name, within === null)) {
    const at = within !== null && fn.name !== within ? -1 : args.findIndex(isIt);
    if (at < 0) continue;
    const others = args.flatMap((arg) => (arg[0] === '&' && arg[1][0] === 'id' ? [arg[1][1]] : []));
    addHanded(world, struct, { path, callee, at, others }, out, depth);
  }
}
