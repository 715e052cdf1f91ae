/** Facts of one file -> the ways of function pointers between functions, slots and parameters. */
import type { Expression, FileFacts, FlowFact } from '../../facts/types.ts';
import { slotKey } from '../store/postings.ts';
import {
  findField,
  isFunctionPointer,
  recordOf,
  resolveType,
  type Scope,
  type Type,
  type TypeSource,
  typeOfExpression,
} from '../types/typing.ts';
import { localScopes, type NewDispatch } from './link.ts';

/** A step of a pointer to a function or a table, on its way into the index. See `Flow` in postings.ts for the keys. */
export interface NewFlow {
  from: string;
  to: string;
  line: number;
  column: number;
  macro: boolean;
  /** enclosing function */
  function: string;
  /** what is on its way is a table */
  table: boolean;
}

export interface Flows {
  flows: NewFlow[];
  /** calls of locals that hold what a slot held: `fn = ops->fn; fn(x)` */
  dispatches: NewDispatch[];
}

const MAX_LOCALS = 4;
const MAX_SOURCES = 20;
const MAX_LOOKS = 200;

/** In the place of a parameter's number: what the function returns. */
export const RETURNED = -1;

/** Key of parameter `index` of a function (or of what a slot holds), or of what it returns. */
export const paramKey = (callee: string, index: number): string => `${callee}#${index}`;

/** Every step of a pointer to a function or a table in a file. */
export function flowsOf(facts: FileFacts, types: TypeSource): Flows {
  const out: Flows = { flows: [], dispatches: [] };
  if (facts.flows.length === 0 && !facts.sites.some((s) => s.kind === 'pointer')) return out;
  const scopes = localScopes(facts);
  const own = new Set(facts.functions.map((f) => f.name));
  const locals = new Map<string, FlowFact[]>();
  for (const flow of facts.flows) {
    if (flow.argument !== -1 || flow.to[0] !== 'id') continue;
    const key = `${flow.function} ${flow.to[1]}`;
    const list = locals.get(key);
    if (list) list.push(flow);
    else locals.set(key, [flow]);
  }
  /** looks that one question may still take: locals put into each other have ways without number */
  let looks = 0;
  /** Keys of what an expression in function `f` may hold. */
  const sourcesOf = (e: Expression, f: number, scope: Scope, depth = 0): string[] => {
    if (depth === 0) looks = MAX_LOOKS;
    if (looks-- <= 0) return [];
    if (e[0] === 'id') {
      const fn = facts.functions[f];
      const index = fn?.params.findIndex((p) => p.name === e[1]) ?? -1;
      const put = depth < MAX_LOCALS ? (locals.get(`${f} ${e[1]}`) ?? []) : [];
      const inner: string[] = [];
      for (const flow of put) {
        if (inner.length >= MAX_SOURCES || looks <= 0) break;
        inner.push(...sourcesOf(flow.from, f, scope, depth + 1));
      }
      inner.length = Math.min(inner.length, MAX_SOURCES);
      if (index >= 0) {
        const type = { text: fn.params[index].type, file: facts.path };
        const held = heldBy(types, type);
        return held ? [keyOf(paramKey(fn.name, index), held), ...inner] : inner;
      }
      if (inner.length || put.length || scope.local(e[1])) return inner;
      if (own.has(e[1]) || types.returns(e[1]).length) return [e[1]];
      return isTable(e[1]) ? [keyOf(e[1], 'table')] : [];
    }
    if (e[0] === 'call') {
      const returned = e[1][0] === 'id' ? types.returns(e[1][1]) : [];
      const held = returned.map((type) => heldBy(types, type)).find((kind) => kind !== null);
      return held && e[1][0] === 'id' ? [keyOf(paramKey(e[1][1], RETURNED), held)] : [];
    }
    const slot = slotOf(e, scope, types);
    return slot ? [keyOf(slot.key, slot.held)] : [];
  };
  /** ends that hold tables */
  const ofTables = new Set<string>();
  const keyOf = (key: string, held: Held): string => {
    if (held === 'table') ofTables.add(key);
    return key;
  };
  const tables = new Map<string, boolean>();
  // most of what is handed over by its address: locks, lists, counters
  const bare = new Set(facts.variables.filter((v) => !v.function && v.inits.length === 0).map((v) => v.name));
  const isTable = (name: string): boolean => {
    let known = tables.get(name);
    if (known === undefined && bare.has(name)) known = false;
    if (known === undefined) {
      const type = typeOfExpression(types, { file: facts.path, local: () => null }, ['id', name]);
      known = type !== null && isTableOf(types, type);
      tables.set(name, known);
    }
    return known;
  };
  const returnsAny = (f: number): boolean =>
    heldBy(types, { text: facts.functions[f]?.returnType ?? '', file: facts.path }) !== null;
  for (const flow of facts.flows) {
    if (flow.argument === -1 && flow.to[0] === 'id') continue;
    const name = facts.functions[flow.function]?.name ?? '';
    const scope = scopes(name, flow.line);
    if (flow.argument === -2 && !returnsAny(flow.function)) continue;
    const from = sourcesOf(flow.from, flow.function, scope);
    if (from.length === 0) continue;
    const into = flow.to[0] === 'id' ? null : slotOf(flow.to, scope, types);
    const target = flow.to[0] === 'id' ? flow.to[1] : into?.key;
    if (!target) continue;
    const to = flow.argument === -1 ? target : paramKey(target, flow.argument < 0 ? RETURNED : flow.argument);
    const { line, column, macro } = flow;
    for (const key of new Set(from)) {
      const table = ofTables.has(key);
      if (key === to || (flow.argument === -1 && into && (into.held === 'table') !== table)) continue;
      out.flows.push({ from: key, to, line, column, macro, function: name, table });
    }
  }
  for (const site of facts.sites) {
    if (site.kind !== 'pointer') continue;
    const { line, column, macro } = site;
    const name = facts.functions[site.function]?.name ?? '';
    for (const key of new Set(sourcesOf(['id', site.name], site.function, scopes(name, line)))) {
      const dot = key.indexOf('.');
      if (dot < 0) out.flows.push({ from: key, to: '', line, column, macro, function: name, table: false });
      else
        out.dispatches.push({
          owner: key.slice(0, dot),
          member: key.slice(dot + 1),
          line,
          column,
          evidence: 'flow',
          macro,
          function: name,
        });
    }
  }
  return out;
}

/** What a pointer leads to: a function, or an object with functions in it. */
type Held = 'function' | 'table';

/**
 * What a pointer of a type leads to; null for what is neither. A parameter of a function type is a pointer to one, as C
 * has it: `filler_t *fn` and `filler_t fn` are the same.
 */
function heldBy(types: TypeSource, type: Type): Held | null {
  if (isFunctionPointer(types, type)) return 'function';
  const { ops } = resolveType(types, type).shape;
  if (ops[0] === '()') return 'function';
  return ops.length === 1 && ops[0] === '*' && isTableOf(types, type) ? 'table' : null;
}

/**
 * Is an object of this type (or what a pointer to it leads to) a table? A struct that is mostly functions is, and one
 * that nobody may write to and that has some; a device with its release function is not.
 */
function isTableOf(types: TypeSource, type: Type): boolean {
  const at = recordOf(types, type);
  if (!at) return false;
  const key = `table ${at.file} ${at.record.tag} ${at.record.line}`;
  let functions = types.memo?.get(key) as number | undefined;
  if (functions === undefined) {
    const { fields } = at.record;
    const found = fields.filter((f) => isFunctionPointer(types, { text: f.type, file: at.file })).length;
    functions = found === 0 ? 0 : found * MIN_FUNCTIONS >= fields.length ? 2 : 1;
    types.memo?.set(key, functions);
  }
  return functions === 2 || (functions === 1 && /\bconst\b/.test(type.text));
}

/** One in so many members of a table is a function. */
const MIN_FUNCTIONS = 3;

/** Key of the slot that a member expression names, and what it holds; null where it is none, or its struct can't be told. */
function slotOf(e: Expression, scope: Scope, types: TypeSource): { key: string; held: Held } | null {
  if (e[0] !== '.' && e[0] !== '->') return null;
  const of = typeOfExpression(types, scope, e[1]);
  const record = of && recordOf(types, of);
  const found = record && findField(types, record, e[2]);
  if (!found?.owner) return null;
  const type = { text: found.field.type, file: found.file };
  const ops = resolveType(types, type).shape.ops.filter((op) => op !== '[]');
  const key = slotKey(found.owner, e[2]);
  if (ops[0] === '*' && ops[1] === '()') return { key, held: 'function' };
  return ops.length === 1 && ops[0] === '*' && isTableOf(types, type) ? { key, held: 'table' } : null;
}
