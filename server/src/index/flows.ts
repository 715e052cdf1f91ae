/** Facts of one file -> the ways of function pointers between functions, slots and parameters. */
import type { Expression, FileFacts, FlowFact } from '../facts/types.ts';
import { localScopes, type NewDispatch } from './link.ts';
import { slotKey } from './postings.ts';
import {
  findField,
  isFunctionPointer,
  recordOf,
  resolveType,
  type Scope,
  type Type,
  type TypeSource,
  typeOfExpression,
} from './typing.ts';

/** A step of a function pointer, on its way into the index. See `Flow` in postings.ts for the keys. */
export interface NewFlow {
  from: string;
  to: string;
  line: number;
  column: number;
  macro: boolean;
  /** enclosing function */
  function: string;
}

export interface Flows {
  flows: NewFlow[];
  /** calls of locals that hold what a slot held: `fn = ops->fn; fn(x)` */
  dispatches: NewDispatch[];
}

const MAX_LOCALS = 4;
const MAX_SOURCES = 20;

/** In the place of a parameter's number: what the function returns. */
export const RETURNED = -1;

/** Key of parameter `index` of a function (or of what a slot holds), or of what it returns. */
export const paramKey = (callee: string, index: number): string => `${callee}#${index}`;

/** Every step of a function pointer in a file. */
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
  /** Keys of what an expression in function `f` may hold. */
  const sourcesOf = (e: Expression, f: number, scope: Scope, depth = 0): string[] => {
    if (e[0] === 'id') {
      const fn = facts.functions[f];
      const index = fn?.params.findIndex((p) => p.name === e[1]) ?? -1;
      const put = depth < MAX_LOCALS ? (locals.get(`${f} ${e[1]}`) ?? []) : [];
      const inner = put.flatMap((flow) => sourcesOf(flow.from, f, scope, depth + 1)).slice(0, MAX_SOURCES);
      if (index >= 0) {
        const type = { text: fn.params[index].type, file: facts.path };
        return holdsFunction(types, type) ? [paramKey(fn.name, index), ...inner] : inner;
      }
      if (inner.length || put.length || scope.local(e[1])) return inner;
      return own.has(e[1]) || types.returns(e[1]).length ? [e[1]] : [];
    }
    if (e[0] === 'call')
      return e[1][0] === 'id' && types.returns(e[1][1]).some((type) => holdsFunction(types, type))
        ? [paramKey(e[1][1], RETURNED)]
        : [];
    const slot = slotOf(e, scope, types);
    return slot ? [slot] : [];
  };
  const returnsFunction = (f: number): boolean =>
    holdsFunction(types, { text: facts.functions[f]?.returnType ?? '', file: facts.path });
  for (const flow of facts.flows) {
    if (flow.argument === -1 && flow.to[0] === 'id') continue;
    const name = facts.functions[flow.function]?.name ?? '';
    const scope = scopes(name, flow.line);
    if (flow.argument === -2 && !returnsFunction(flow.function)) continue;
    const from = sourcesOf(flow.from, flow.function, scope);
    if (from.length === 0) continue;
    const target = flow.to[0] === 'id' ? flow.to[1] : slotOf(flow.to, scope, types);
    if (!target) continue;
    const to = flow.argument === -1 ? target : paramKey(target, flow.argument < 0 ? RETURNED : flow.argument);
    const { line, column, macro } = flow;
    for (const key of new Set(from))
      if (key !== to) out.flows.push({ from: key, to, line, column, macro, function: name });
  }
  for (const site of facts.sites) {
    if (site.kind !== 'pointer') continue;
    const { line, column, macro } = site;
    const name = facts.functions[site.function]?.name ?? '';
    for (const key of new Set(sourcesOf(['id', site.name], site.function, scopes(name, line)))) {
      const dot = key.indexOf('.');
      if (dot < 0) out.flows.push({ from: key, to: '', line, column, macro, function: name });
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

/** A parameter of a function type is a pointer to one, as C has it: `filler_t *fn` and `filler_t fn` are the same. */
const holdsFunction = (types: TypeSource, type: Type): boolean =>
  isFunctionPointer(types, type) || resolveType(types, type).shape.ops[0] === '()';

/** Key of the slot that a member expression names; null where it is none, or its struct can't be told. */
function slotOf(e: Expression, scope: Scope, types: TypeSource): string | null {
  if (e[0] !== '.' && e[0] !== '->') return null;
  const of = typeOfExpression(types, scope, e[1]);
  const record = of && recordOf(types, of);
  const found = record && findField(types, record, e[2]);
  if (!found?.owner) return null;
  const { shape } = resolveType(types, { text: found.field.type, file: found.file });
  const ops = shape.ops.filter((op) => op !== '[]');
  return ops[0] === '*' && ops[1] === '()' ? slotKey(found.owner, e[2]) : null;
}
