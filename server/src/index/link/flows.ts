/** Facts of one file -> the ways of function pointers between functions, slots and parameters. */
import type { Expression, FileFacts, FlowFact, Place, SiteFact } from '../../facts/types.ts';
import { isStaticCall, registers } from '../../kernel/idioms.ts';
import type { Type, TypeSource } from '../types/source.ts';
import {
  findField,
  isFunctionPointer,
  recordOf,
  resolveType,
  type Scope,
  textOf,
  typeOfExpression,
} from '../types/typing.ts';
import type { NewDispatch } from './calls.ts';
import { type End, endKey, type Holder, type SlotEnd } from './ends.ts';
import { heldValues } from './heldValues.ts';
import { holderOf, listHolder, staticCallHolder } from './holders.ts';
import { localScopes } from './localScopes.ts';
import { probesCalledBy, probeTaken } from './tracepoints.ts';

/** A step of a pointer to a function or a table, on its way into the index. */
export interface NewFlow {
  from: End;
  to: End;
  line: number;
  column: number;
  macro: boolean;
  /** enclosing function */
  function: string;
  /** what is on its way is a table */
  table: boolean;
}

/** What a file's function pointers do. */
interface Flows {
  flows: NewFlow[];
  /** calls of locals that hold what a slot held: `fn = ops->fn; fn(x)` */
  dispatches: NewDispatch[];
}

const MAX_LOCALS = 4;
const MAX_SOURCES = 20;
const MAX_LOOKS = 200;

/** What a pointer leads to: a function, or an object with functions in it. */
type Held = 'function' | 'table';

/** An end that a pointer comes from, and what the pointer leads to. */
interface Source {
  end: End;
  held: Held;
}

/** One file, on its way through. */
interface Linking {
  facts: FileFacts;
  types: TypeSource;
  scopes: ReturnType<typeof localScopes>;
  /** names of the functions that the file defines or declares */
  own: ReadonlySet<string>;
  /** what is put into a function's locals, by its index and the local's name */
  locals: ReadonlyMap<string, readonly FlowFact[]>;
  /** most of what is handed over by its address: locks, lists, counters */
  bare: ReadonlySet<string>;
  tables: Map<string, boolean>;
  /** objects of the file that are made with values */
  made: ReadonlySet<string>;
  /** the flow in hand goes into a function that registers what it gets: any object with a function in it counts */
  registered: boolean;
  /** by name: is it a pointer to a function, or an array of them? */
  holders: Map<string, boolean>;
  /** looks that one question may still take: locals put into each other have ways without number */
  looks: number;
}

/** Every step of a pointer to a function or a table in a file; `types` are as the file sees them. */
export function flowsOf(facts: FileFacts, types: TypeSource): Flows {
  const out: Flows = { flows: [], dispatches: [] };
  if (
    facts.flows.length === 0 &&
    facts.variables.every((v) => v.function === null) &&
    !facts.sites.some((s) => s.kind === 'pointer')
  )
    return out;
  const linking: Linking = {
    facts,
    types,
    scopes: localScopes(facts),
    own: new Set([...facts.functions, ...facts.declarations.filter((d) => d.function)].map((f) => f.name)),
    locals: putIntoLocals(facts),
    bare: new Set(facts.variables.filter((v) => !v.function && v.inits.length === 0).map((v) => v.name)),
    tables: new Map(),
    made: new Set(facts.variables.filter((v) => !v.function && v.inits.length > 0).map((v) => v.name)),
    registered: false,
    holders: new Map(),
    looks: 0,
  };
  for (const flow of facts.flows) addFlow(linking, flow, out);
  addHeldValues(linking, out);
  addPointerCalls(linking, out);
  return out;
}

/** Adds what parameters and locals hold, where a list or a macro puts it. */
function addHeldValues(linking: Linking, out: Flows): void {
  const { facts, types } = linking;
  for (const { function: name, line, value, slot, macro } of heldValues(facts, linking.scopes, types)) {
    const scope = linking.scopes(name, line);
    const f = facts.functions.findIndex((fn) => fn.name === name && fn.line <= line && line <= fn.endLine);
    for (const { end, held } of distinct(askSources(linking, ['id', value.name], f, scope)))
      if (held === 'function')
        out.flows.push({ from: end, to: slot, ...placeOf(value), macro, function: name, table: false });
  }
}

const placeOf = ({ line, column }: Place): Place => ({ line, column });

function putIntoLocals(facts: FileFacts): Map<string, FlowFact[]> {
  const locals = new Map<string, FlowFact[]>();
  for (const flow of facts.flows) {
    if (flow.argument !== -1 || flow.to[0] !== 'id') continue;
    const key = `${flow.function} ${flow.to[1]}`;
    const list = locals.get(key);
    if (list) list.push(flow);
    else locals.set(key, [flow]);
  }
  return locals;
}

function addFlow(linking: Linking, flow: FlowFact, out: Flows): void {
  const { facts, types } = linking;
  if (flow.argument === -1 && flow.to[0] === 'id') return;
  const patched = staticCallIn(flow.to) ?? probeTaken(facts, flow);
  const name = facts.functions[flow.function]?.name ?? '';
  const scope = linking.scopes(name, flow.line);
  if (flow.argument === -2 && !returnsAny(linking, flow.function)) return;
  linking.registered = flow.argument >= 0 && flow.to[0] === 'id' && registers(flow.to[1]);
  const sources = askSources(linking, flow.from, flow.function, scope);
  linking.registered = false;
  if (sources.length === 0) return;
  const into = flow.to[0] === 'id' ? null : slotOf(flow.to, scope, types);
  const to = patched
    ? patched
    : flow.to[0] === 'id'
      ? endOf(flow, { kind: 'name', name: flow.to[1] })
      : into && endOf(flow, into.end);
  if (!to) return;
  const toKey = endKey(to);
  const { line, column, macro } = flow;
  for (const { end, held } of distinct(sources)) {
    const table = held === 'table';
    if (endKey(end) === toKey || (flow.argument === -1 && into && (into.held === 'table') !== table)) continue;
    out.flows.push({ from: end, to, line, column, macro, function: name, table });
  }
}

/** The static call that an expression stands for: `static_call(name)`. */
const staticCallIn = (e: Expression | null): SlotEnd | null =>
  e?.[0] === 'call' && e[1][0] === 'id' && isStaticCall(e[1][1]) && e[2][0]?.[0] === 'id'
    ? staticCallHolder(e[2][0][1])
    : null;

/** What a flow's argument is of its target: that itself, one of its parameters, or what it returns. */
function endOf({ argument }: FlowFact, of: Holder): End {
  if (argument === -1) return of;
  return argument < 0 ? { kind: 'result', of } : { kind: 'parameter', of, index: argument };
}

/** Sources without repeats, in their order. */
function distinct(sources: readonly Source[]): Source[] {
  if (sources.length < 2) return [...sources];
  const seen = new Set<string>();
  return sources.filter(({ end }) => {
    const key = endKey(end);
    return seen.has(key) ? false : seen.add(key);
  });
}

const returnsAny = ({ facts, types }: Linking, f: number): boolean =>
  heldBy(types, { text: facts.functions[f]?.returnType ?? '', file: facts.path }) !== null;

/** Calls of pointers: of what came in from elsewhere, and of what a slot held. */
function addPointerCalls(linking: Linking, out: Flows): void {
  const { facts } = linking;
  for (const site of facts.sites) {
    if (site.kind !== 'pointer') continue;
    const { line, column, macro } = site;
    const name = facts.functions[site.function]?.name ?? '';
    const at = { line, column, macro, function: name };
    const patched = staticCallIn(site.receiver) ?? probesCalledBy(name);
    if (patched) {
      out.dispatches.push({ owner: '', member: patched.member, ...at, evidence: 'typed' });
      continue;
    }
    const scope = linking.scopes(name, line);
    const sources = askSources(linking, ['id', site.name], site.function, scope);
    // the variable itself, and no local that holds what a slot held
    const evidence = isHeldBy(linking, site.name, scope) ? 'typed' : 'flow';
    const listed = listHolder(scope.local(site.name)?.text ?? '');
    if (listed) out.dispatches.push({ owner: '', member: listed.member, ...at, evidence: 'flow' });
    for (const { end } of distinct(sources)) {
      if (end.kind === 'slot') out.dispatches.push({ owner: end.owner, member: end.member, ...at, evidence });
      else out.flows.push({ from: end, to: { kind: 'called' }, ...at, table: false });
    }
  }
}

/**
 * The member that a called pointer is taken out of, as a dispatch that stands where that is done: `open = f->f_op->open; …
 * open(inode, f)`. Null where it is taken out of none, or of several slots.
 */
export function memberTaken(facts: FileFacts, types: TypeSource, site: SiteFact): SiteFact | null {
  const locals = putIntoLocals(facts);
  const scope = localScopes(facts)(facts.functions[site.function]?.name ?? '', site.line);
  const names = new Set([site.name]);
  const taken = new Map<string, SiteFact>();
  for (const name of names)
    for (const { from, line, column, macro } of locals.get(`${site.function} ${name}`) ?? []) {
      if (from[0] === 'id' && names.size < MAX_LOCALS) names.add(from[1]);
      const slot = slotOf(from, scope, types);
      if (!slot || (from[0] !== '->' && from[0] !== '.')) continue;
      const receiver: Expression = from[0] === '->' ? ['*', from[1]] : from[1];
      const { function: f } = site;
      taken.set(endKey(slot.end), { function: f, kind: 'call', name: slot.end.member, receiver, macro, line, column });
    }
  return taken.size === 1 ? [...taken.values()][0] : null;
}

/** What an expression in function `f` may hold. */
function askSources(linking: Linking, e: Expression, f: number, scope: Scope): Source[] {
  linking.looks = MAX_LOOKS;
  return sourcesOf(linking, e, f, scope, 0);
}

function sourcesOf(linking: Linking, e: Expression, f: number, scope: Scope, depth: number): Source[] {
  if (linking.looks-- <= 0) return [];
  if (e[0] === 'id') return sourcesOfName(linking, e[1], f, scope, depth);
  if (e[0] === 'call') return resultOf(linking, e[1]);
  const slot = slotOf(e, scope, linking.types);
  return slot ? [slot] : [];
}

function sourcesOfName(linking: Linking, name: string, f: number, scope: Scope, depth: number): Source[] {
  const { facts, types } = linking;
  const put = depth < MAX_LOCALS ? (linking.locals.get(`${f} ${name}`) ?? []) : [];
  const inner: Source[] = [];
  for (const flow of put) {
    if (inner.length >= MAX_SOURCES || linking.looks <= 0) break;
    inner.push(...sourcesOf(linking, flow.from, f, scope, depth + 1));
  }
  inner.length = Math.min(inner.length, MAX_SOURCES);
  const fn = facts.functions[f];
  const index = fn?.params.findIndex((p) => p.name === name) ?? -1;
  if (index >= 0) {
    const held = heldBy(types, { text: fn.params[index].type, file: facts.path });
    const end: End = { kind: 'parameter', of: { kind: 'name', name: fn.name }, index };
    return held ? [{ end, held }, ...inner] : inner;
  }
  if (inner.length || put.length || scope.local(name)) return inner;
  if (linking.own.has(name) || types.returns(name).length) return [{ end: { kind: 'name', name }, held: 'function' }];
  if (isTable(linking, name)) return [{ end: { kind: 'name', name }, held: 'table' }];
  return isHeldBy(linking, name, scope) ? [{ end: holderOf(name), held: 'function' }] : [];
}

/** Is a name a pointer to a function, or an array of them, that every function of the file sees? */
function isHeldBy(linking: Linking, name: string, scope: Scope): boolean {
  const { facts, types, holders } = linking;
  if (scope.local(name)) return false;
  let known = holders.get(name);
  if (known === undefined) {
    const type = typeOfExpression(types, { file: facts.path, local: () => null }, ['id', name]);
    known = type !== null && isFunctionPointer(types, element(types, type));
    holders.set(name, known);
  }
  return known;
}

/** The type of an array's elements; any other as it is. */
function element(types: TypeSource, type: Type): Type {
  const { shape, file } = resolveType(types, type);
  let arrays = 0;
  while (shape.ops[arrays] === '[]') arrays++;
  return arrays === 0 ? type : { text: textOf(shape.base, shape.ops.slice(arrays), shape.params), file };
}

/** What a call of a function by its name returns. */
function resultOf({ types }: Linking, callee: Expression): Source[] {
  if (callee[0] !== 'id') return [];
  const held = types
    .returns(callee[1])
    .map((type) => heldBy(types, type))
    .find((kind) => kind !== null);
  return held ? [{ end: { kind: 'result', of: { kind: 'name', name: callee[1] } }, held }] : [];
}

function isTable({ facts, types, bare, tables, made, registered }: Linking, name: string): boolean {
  if (bare.has(name)) return false;
  const isAny = registered && made.has(name);
  const key = isAny ? `${name} any` : name;
  let known = tables.get(key);
  if (known === undefined) {
    const type = typeOfExpression(types, { file: facts.path, local: () => null }, ['id', name]);
    known = type !== null && (isAny ? functionsIn(types, type) > 0 : isTableOf(types, type));
    tables.set(key, known);
  }
  return known;
}

/**
 * What a pointer of a type leads to; null for what is neither. A parameter of a function type is a pointer to one, as C
 * has it: `filler_t *fn` and `filler_t fn` are the same.
 */
function heldBy(types: TypeSource, type: Type): Held | null {
  const { ops } = resolveType(types, type).shape;
  // `vq_callback_t *callbacks[]`, `filler_t **fns`: any of them
  const arrays = ops.findIndex((op) => op !== '[]');
  const at = arrays > 0 || ops[0] !== '*' || ops[1] !== '*' ? Math.max(arrays, 0) : 1;
  if (ops[at] === '()' || (ops[at] === '*' && ops[at + 1] === '()')) return 'function';
  return ops.length === 1 && ops[0] === '*' && isTableOf(types, type) ? 'table' : null;
}

/**
 * Is an object of this type (or what a pointer to it leads to) a table? A struct that is mostly functions is, and one
 * that nobody may write to and that has some; a device with its release function is not.
 */
function isTableOf(types: TypeSource, type: Type): boolean {
  const functions = functionsIn(types, type);
  return functions === 2 || (functions === 1 && /\bconst\b/.test(type.text));
}

/** Are functions among the members of a record of this type: 0 none, 1 some, 2 so many that it is a table? */
function functionsIn(types: TypeSource, type: Type): number {
  const at = recordOf(types, type);
  if (!at) return 0;
  const key = `table ${at.file} ${at.record.tag} ${at.record.line}`;
  let functions = types.memo?.get(key) as number | undefined;
  if (functions === undefined) {
    const { fields } = at.record;
    const found = fields.filter((f) => isFunctionPointer(types, { text: f.type, file: at.file })).length;
    functions = found === 0 ? 0 : found * MIN_FUNCTIONS >= fields.length ? 2 : 1;
    types.memo?.set(key, functions);
  }
  return functions;
}

/** One in so many members of a table is a function. */
const MIN_FUNCTIONS = 3;

/** The slot that a member expression names, and what it holds; null where it is none, or its struct can't be told. */
function slotOf(e: Expression, scope: Scope, types: TypeSource): (Source & { end: SlotEnd }) | null {
  if (e[0] !== '.' && e[0] !== '->') return null;
  const of = typeOfExpression(types, scope, e[1]);
  const record = of && recordOf(types, of);
  const found = record && findField(types, record, e[2]);
  if (!found?.owner) return null;
  const type = { text: found.field.type, file: found.file };
  const ops = resolveType(types, type).shape.ops.filter((op) => op !== '[]');
  const end: SlotEnd = { kind: 'slot', owner: found.owner, member: e[2] };
  if (ops[0] === '*' && ops[1] === '()') return { end, held: 'function' };
  return ops.length === 1 && ops[0] === '*' && isTableOf(types, type) ? { end, held: 'table' } : null;
}
