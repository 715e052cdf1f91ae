/** Facts of one file -> what it is looked up by: names, registrations with the slot each belongs to, tables. */
import { calleesOfMacro, eachCall } from '../../facts/calls.ts';
import type {
  AssignmentFact,
  FileFacts,
  FunctionFact,
  InitFact,
  LocalFact,
  PathStep,
  SiteFact,
  VariableFact,
} from '../../facts/types.ts';
import {
  type Dispatch,
  NameFlag,
  NameKind,
  type NamePosting,
  type OwnTarget,
  type Registration,
} from '../store/postings.ts';
import { recordTag } from '../types/typeText.ts';
import {
  findField,
  followPath,
  isFunctionPointer,
  recordOf,
  resolveType,
  type Scope,
  type Slot,
  type Type,
  type TypeSource,
  typeOfExpression,
} from '../types/typing.ts';

export interface NamedPosting extends Omit<NamePosting, 'file'> {
  name: string;
}

export interface NamedTable {
  tag: string;
  variable: string;
  line: number;
  column: number;
  slots: number;
}

/** A registration on its way into the index: without the file's number. */
export type NewRegistration = Omit<Registration, 'file'>;

const MAX_ENUMERATORS = 1000;

const commonFlags = (f: { static?: boolean; macro?: boolean; condition?: string | null }): number =>
  (f.static ? NameFlag.Static : 0) | (f.macro ? NameFlag.Macro : 0) | (f.condition ? NameFlag.Conditional : 0);

/** Calls `take` with each name that a file defines: a kernel has two million, so none of them is made an object here. */
export function eachName(
  facts: FileFacts,
  take: (
    name: string,
    kind: NameKind,
    line: number,
    column: number,
    index: number,
    flags: number,
    type: string,
  ) => void,
): void {
  const each = <T extends { name: string; line: number; column: number }>(
    items: readonly T[],
    kind: NameKind,
    flags: (item: T) => number,
    type: (item: T) => string,
  ) => {
    for (let index = 0; index < items.length; index++) {
      const item = items[index];
      if (item.name) take(item.name, kind, item.line, item.column, index, flags(item), type(item));
    }
  };
  const noFlags = () => 0;
  const noType = () => '';
  each(facts.functions, NameKind.Function, commonFlags, (f) => f.returnType);
  each(
    facts.declarations,
    NameKind.Declaration,
    (d) => (d.function ? NameFlag.Function : 0),
    (d) => d.type,
  );
  facts.records.forEach((r, index) => {
    const flags = commonFlags(r) | (r.keyword === 'union' ? NameFlag.Union : 0);
    if (r.tag) take(r.tag, NameKind.Record, r.line, r.column, index, flags, '');
  });
  each(facts.typedefs, NameKind.Typedef, noFlags, (t) => t.type);
  // generated register headers list thousands, which nobody looks up by name
  if (facts.enumerators.length < MAX_ENUMERATORS) each(facts.enumerators, NameKind.Enumerator, noFlags, noType);
  each(
    facts.variables,
    NameKind.Variable,
    (v) => commonFlags(v) | (v.function ? NameFlag.Local : 0) | (v.inits.length ? NameFlag.Table : 0),
    (v) => v.type,
  );
  each(facts.macros, NameKind.Macro, (m) => (m.params ? NameFlag.Function : 0), noType);
  each(facts.labels, NameKind.Label, noFlags, noType);
}

/** The names a file defines, or what it defines under the one name that is given. */
export function namesOf(facts: FileFacts, only?: string): NamedPosting[] {
  const out: NamedPosting[] = [];
  eachName(facts, (name, kind, line, column, index, flags, type) => {
    if (only === undefined || name === only) out.push({ name, kind, line, column, index, flags, type });
  });
  return out;
}

/** Which of a file's values to link. */
export interface WantedValues {
  init(init: InitFact): boolean;
  assignment(assignment: AssignmentFact): boolean;
}

const ALL_VALUES: WantedValues = { init: () => true, assignment: () => true };

/** Every registration of a file's initialisers, in order of the variables; then those of its assignments. */
export function registrationsOf(facts: FileFacts, types: TypeSource, wanted = ALL_VALUES): NewRegistration[] {
  const out: NewRegistration[] = [];
  const scopes = localScopes(facts);
  for (const variable of facts.variables)
    for (const init of variable.inits) {
      if (!wanted.init(init)) continue;
      // `struct ctl c = { .fn = fn }` hands on what came in
      if (variable.function && scopes(variable.function, variable.line).local(init.value.name)) continue;
      const r = initRegistration(facts.path, variable, init, types);
      if (r) out.push(r);
    }
  for (const assignment of facts.assignments)
    if (wanted.assignment(assignment)) out.push(...assignmentRegistrations(facts, assignment, scopes, types));
  if (out.length) {
    const own = ownTargets(facts);
    for (const r of out) r.own = own.get(r.target) ?? null;
  }
  return out;
}

/** The functions and variables of a file that a registration may name, by name. */
export function ownTargets(facts: FileFacts): Map<string, OwnTarget> {
  const own = new Map<string, OwnTarget>();
  facts.functions.forEach((f, index) => {
    const { name, line, column } = f;
    if (!own.has(name)) own.set(name, { kind: NameKind.Function, line, column, index, flags: commonFlags(f) });
  });
  facts.variables.forEach((v, index) => {
    const { name, line, column } = v;
    if (!v.function && !own.has(name))
      own.set(name, { kind: NameKind.Variable, line, column, index, flags: commonFlags(v) });
  });
  return own;
}

function initRegistration(
  file: string,
  variable: VariableFact,
  init: InitFact,
  types: TypeSource,
): NewRegistration | null {
  let slot: Slot;
  let path: string;
  if (init.literalType) {
    // inside `.ops = &(struct x_ops){ … }`: the literal's own type leads on
    const head = followPath(types, { text: variable.type, file }, init.path.slice(0, init.literalDepth));
    slot = followPath(types, { text: init.literalType, file }, init.path.slice(init.literalDepth));
    const through = head.type && resolveType(types, head.type).shape.ops[0] === '*' ? '->' : '.';
    path =
      init.literalDepth === 0
        ? slot.path
        : slot.path
          ? `${head.path}${slot.path.startsWith('[') ? '' : through}${slot.path}`
          : head.path;
  } else {
    slot = followPath(types, { text: variable.type, file }, init.path);
    path = slot.path;
  }
  return registration(types, slot, init.value, {
    variable: variable.name,
    line: variable.line,
    path,
    kind: 'init',
    function: variable.function ?? '',
    condition: join(variable.condition, init.value.condition),
    member: slot.member || lastMember(init.path),
  });
}

function lastMember(path: readonly PathStep[]): string {
  for (let i = path.length - 1; i >= 0; i--) {
    const step = path[i];
    if ('member' in step) return step.member;
  }
  return '';
}

const join = (a: string | null, b: string | null): string | null =>
  a === null || a === b ? b : b === null || a.includes(b) ? a : `${a} && ${b}`;

function registration(
  types: TypeSource,
  slot: Slot,
  value: InitFact['value'],
  rest: Pick<Registration, 'variable' | 'line' | 'path' | 'kind' | 'function' | 'condition' | 'member'>,
): NewRegistration | null {
  const known = slot.type !== null;
  const callable = slot.type ? isFunctionPointer(types, slot.type) : false;
  const kind = known && !callable ? pointsToTable(types, slot.type as Type, value.address) : null;
  if (known && !callable && kind === null && !maybeAddress(types, slot.type as Type)) return null;
  // `&raid_class.class`: a part of an object may be a table, a part of a function is nothing
  if (value.member && kind !== 'install') return null;
  return {
    owner: slot.owner,
    member: rest.member,
    variable: rest.variable,
    line: rest.line,
    path: rest.path,
    target: value.member ? `${value.name}${value.member.startsWith('[') ? '' : '.'}${value.member}` : value.name,
    targetLine: value.line,
    targetColumn: value.column,
    kind: kind ?? rest.kind,
    function: rest.function,
    condition: rest.condition,
    evidence: known ? 'typed' : 'name',
    own: null,
  };
}

/** A pointer to a record: what is put there is an object, so this is an install. */
function pointsToTable(types: TypeSource, type: Type, address: boolean): 'install' | null {
  const { shape } = resolveType(types, type);
  if (shape.ops[0] === '*' && recordTag(shape.base)) return 'install';
  return address && shape.ops[0] === '*' && shape.base !== 'char' && shape.base !== 'void' ? 'install' : null;
}

/** Types that may hold any address: `void *`, `unsigned long`, and what nobody knows. */
function maybeAddress(types: TypeSource, type: Type): boolean {
  const { shape } = resolveType(types, type);
  if (shape.ops[0] === '*') return shape.base === 'void' || shape.base === 'char' || shape.base === '';
  if (shape.ops.length > 0) return shape.ops[0] === '()';
  return (
    /^(unsigned )?long|^u?intptr_t$|^kernel_ulong_t$|^(u|__u|s)64$|^unsigned$|^u?int$/.test(shape.base) ||
    !/ |^(char|short|bool|_Bool)$/.test(shape.base)
  );
}

/** Types of parameters and noted locals, per function. Worked out for a function when it is first asked about. */
export function localScopes(facts: FileFacts): (name: string, line: number) => Scope {
  let functions: Map<string, FunctionFact> | null = null;
  let locals: Map<string, Meanings> | null = null;
  const functionOf = (name: string): FunctionFact | undefined => {
    functions ??= new Map(facts.functions.map((f) => [f.name, f]));
    return functions.get(name);
  };
  const meaningsOf = (name: string, local: string): Meanings | undefined => {
    if (!locals) {
      locals = new Map();
      for (const l of facts.locals) {
        const key = `${l.function} ${l.name}`;
        const known = locals.get(key);
        if (known) known.list.push(l);
        else locals.set(key, { list: [l], around: null });
      }
    }
    return locals.get(`${name} ${local}`);
  };
  return (name, line) => ({
    file: facts.path,
    local(wanted) {
      const meanings = meaningsOf(name, wanted);
      const text =
        (meanings && typeAt(meanings, line)) ?? functionOf(name)?.params.find((p) => p.name === wanted)?.type;
      return text ? { text, file: facts.path } : null;
    },
  });
}

/** The meanings of one name in a function. */
interface Meanings {
  list: LocalFact[];
  /** once they are in order of their lines: for each the last one before it that may go on behind it, or -1 */
  around: Int32Array | null;
}

/** The type of the innermost meaning at a line; of those of one line the last one counts. */
function typeAt(meanings: Meanings, line: number): string | undefined {
  if (!meanings.around) {
    meanings.list.sort((a, b) => a.line - b.line);
    meanings.around = new Int32Array(meanings.list.length);
    const open: number[] = [];
    meanings.list.forEach((l, i) => {
      while (open.length > 0 && meanings.list[open[open.length - 1]].endLine < l.line) open.pop();
      if (meanings.around) meanings.around[i] = open.at(-1) ?? -1;
      open.push(i);
    });
  }
  const { list, around } = meanings;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (list[mid].line <= line) low = mid + 1;
    else high = mid;
  }
  let at = low - 1;
  while (at >= 0 && list[at].endLine < line) at = around[at];
  return at < 0 ? undefined : list[at].type;
}

function assignmentRegistrations(
  facts: FileFacts,
  a: AssignmentFact,
  scopes: (name: string, line: number) => Scope,
  types: TypeSource,
): NewRegistration[] {
  const scope = scopes(a.function, a.line);
  const out: NewRegistration[] = [];
  const variable = describe(a.target);
  if (a.inits.length) {
    const type = a.literalType ? { text: a.literalType, file: facts.path } : typeOfExpression(types, scope, a.target);
    for (const init of a.inits) {
      const slot: Slot = type
        ? followPath(types, type, init.path)
        : { owner: '', member: lastMember(init.path), path: '', type: null };
      const r = registration(types, slot, init.value, {
        variable,
        line: a.line,
        path: slot.path,
        kind: 'assign',
        function: a.function,
        condition: join(a.condition, init.value.condition),
        member: slot.member || lastMember(init.path),
      });
      if (r) out.push(r);
    }
    return out;
  }
  const slot = targetSlot(a, scope, types);
  if (!slot) return out;
  for (const value of a.values) {
    if (scope.local(value.name)) continue;
    const r = registration(types, slot, value, {
      variable,
      line: a.line,
      path: '',
      kind: 'assign',
      function: a.function,
      condition: join(a.condition, value.condition),
      member: a.member || slot.member,
    });
    if (r) out.push(r);
  }
  return out;
}

function targetSlot(a: AssignmentFact, scope: Scope, types: TypeSource): Slot | null {
  const { target } = a;
  // `ops->handlers[i] = f`: the member is the slot, as it is where it is called
  let at = target;
  while (at[0] === '[]') at = at[1];
  if ((a.member || at !== target) && (at[0] === '.' || at[0] === '->')) {
    const member = at[2];
    const of = typeOfExpression(types, scope, at[1]);
    const record = of && recordOf(types, of);
    const found = record && findField(types, record, member);
    if (!found) return { owner: '', member, path: '', type: null };
    const whole = { text: found.field.type, file: found.file };
    const type = at === target ? whole : typeOfExpression(types, scope, target);
    return { owner: found.owner, member, path: '', type };
  }
  const type = typeOfExpression(types, scope, target);
  // `tbl[i].f` is a member; `tbl[i] = f` and `hook = f` are bare pointers
  return type ? { owner: '', member: '', path: '', type } : null;
}

/** An expression as C text, for display. */
export function describe(e: AssignmentFact['target']): string {
  switch (e[0]) {
    case 'id':
      return e[1];
    case '.':
    case '->':
      return `${describe(e[1])}${e[0]}${e[2]}`;
    case '[]':
      return `${describe(e[1])}[]`;
    case '*':
    case '&':
      return `${e[0]}${describe(e[1])}`;
    case 'call':
      return `${describe(e[1])}(${e[2].map(describe).join(', ')})`;
    case 'cast':
      return describe(e[2]);
    case '?':
      return describe(e[1]);
    default:
      return '…';
  }
}

/** A dispatch site on its way into the index, with the slot that it calls through. */
export interface NewDispatch extends Omit<Dispatch, 'file'> {
  /** nearest named struct that owns the member; '' for one without a name, and where it isn't known */
  owner: string;
  member: string;
}

/** Every dispatch site of a file, in order. */
export function dispatchesOf(facts: FileFacts, types: TypeSource): NewDispatch[] {
  const out: NewDispatch[] = [];
  const scopes = localScopes(facts);
  for (const site of facts.sites) {
    if (site.kind !== 'call') continue;
    const fn = facts.functions[site.function]?.name ?? '';
    const owner = ownerOf(site, scopes(fn, site.line), types);
    out.push({
      owner: owner ?? '',
      member: site.name,
      line: site.line,
      column: site.column,
      evidence: owner === null ? 'name' : 'typed',
      macro: site.macro,
      function: fn,
    });
  }
  return out;
}

/** The struct that a call's member belongs to; '' is one without a name, null not known. */
function ownerOf(site: SiteFact, scope: Scope, types: TypeSource): string | null {
  const of = site.receiver && typeOfExpression(types, scope, site.receiver);
  const record = of && recordOf(types, of);
  const found = record && findField(types, record, site.name);
  return found ? found.owner : null;
}

/**
 * Calls `take` with the direct calls of a file, those of one callee in one function together; `index` is the caller's
 * among the file's functions.
 */
export function eachCaller(
  facts: FileFacts,
  take: (callee: string, caller: string, index: number, macro: boolean, lines: readonly number[]) => void,
): void {
  for (const calls of facts.calls) {
    const caller = facts.functions[calls.function]?.name ?? '';
    const byName = new Map<string, number[]>();
    eachCall(calls, (name, line) => {
      const lines = byName.get(name);
      if (!lines) byName.set(name, [line]);
      else if (lines[lines.length - 1] !== line) lines.push(line);
    });
    for (const [name, lines] of byName) take(name, caller, calls.function, false, lines);
  }
  for (const macro of facts.macros)
    if (macro.calls) for (const callee of calleesOfMacro(macro)) take(callee, macro.name, 0, true, [macro.line]);
}

/** Tables of a file: variables of a record type with at least one registration. */
export function tablesOf(facts: FileFacts, registrations: readonly NewRegistration[], types: TypeSource): NamedTable[] {
  const counts = new Map<string, number>();
  for (const r of registrations)
    if (r.kind === 'init') counts.set(`${r.variable}:${r.line}`, (counts.get(`${r.variable}:${r.line}`) ?? 0) + 1);
  const out: NamedTable[] = [];
  for (const v of facts.variables) {
    const slots = counts.get(`${v.name}:${v.line}`);
    if (!slots) continue;
    const { shape } = resolveType(types, { text: v.type, file: facts.path });
    const tag = recordTag(shape.base);
    if (tag && !tag.startsWith('@')) out.push({ tag, variable: v.name, line: v.line, column: v.column, slots });
  }
  return out;
}
