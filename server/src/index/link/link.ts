/** Facts of one file -> its registrations, with the slot each belongs to, and its tables. */
import type { AssignmentFact, FileFacts, InitFact, PathStep, VariableFact } from '../../facts/types.ts';
import { initcallGroup } from '../../kernel/entries.ts';
import { staticCallOf } from '../../kernel/idioms.ts';
import { NameFlag, type Registration } from '../store/postings.ts';
import { followPath, type Slot } from '../types/objectPath.ts';
import type { Type, TypeSource } from '../types/source.ts';
import { recordTag } from '../types/typeText.ts';
import { findField, isFunctionPointer, recordOf, resolveType, type Scope, typeOfExpression } from '../types/typing.ts';
import { holderOf, listHolder, staticCallHolder } from './holders.ts';
import { localScopes } from './localScopes.ts';
import { ownTargets } from './names.ts';

/** A table on its way into the index. */
interface NamedTable {
  tag: string;
  variable: string;
  line: number;
  column: number;
  slots: number;
}

/** A registration on its way into the index: without the file's number. */
export type NewRegistration = Omit<Registration, 'file'>;

/** The slot that a registration is kept under: its owner and member, or what holds the function otherwise. */
export const slotOfRegistration = ({ owner, member, holder }: NewRegistration): { owner: string; member: string } =>
  holder ? { owner: '', member: holder } : { owner, member };

/** Which of a file's values to link. */
interface WantedValues {
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
    const made = new Set(facts.variables.flatMap((v) => (v.macro && !v.function ? [`${v.name} ${v.line}`] : [])));
    if (made.size > 0) return out.filter((r) => !isOfOneUse(r, made));
  }
  return out;
}

/**
 * Is an install between two objects that one use of a macro makes? Nobody wrote either name: a tracepoint has half a dozen
 * such, a list's head leads to itself. `made` are the objects that macros make.
 */
const isOfOneUse = ({ kind, own, variable, line }: NewRegistration, made: ReadonlySet<string>): boolean =>
  kind === 'install' &&
  own !== null &&
  own.line === line &&
  (own.flags & NameFlag.Macro) !== 0 &&
  made.has(`${variable} ${line}`);

function initRegistration(
  file: string,
  variable: VariableFact,
  init: InitFact,
  types: TypeSource,
): NewRegistration | null {
  const { slot, path } = slotOfInit(file, variable, init, types);
  return registration(types, slot, init.value, {
    variable: variable.name,
    line: variable.line,
    path,
    kind: 'init',
    function: variable.function ?? '',
    condition: join(variable.condition, init.value.condition),
    member: slot.member || lastMember(init.path),
    holder: lastMember(init.path) && !slot.owner ? '' : holderOfInit(variable, init.value.name, slot),
  });
}

/** The slot that a value of an object's initialiser gets into, and its path from that object. */
export function slotOfInit(
  file: string,
  variable: Pick<VariableFact, 'type'>,
  init: InitFact,
  types: TypeSource,
): { slot: Slot; path: string } {
  if (!init.literalType) {
    const slot = followPath(types, { text: variable.type, file }, init.path);
    return { slot, path: slot.path };
  }
  // inside `.ops = &(struct x_ops){ … }`: the literal's own type leads on
  const head = followPath(types, { text: variable.type, file }, init.path.slice(0, init.literalDepth));
  const slot = followPath(types, { text: init.literalType, file }, init.path.slice(init.literalDepth));
  const through = head.type && resolveType(types, head.type).shape.ops[0] === '*' ? '->' : '.';
  if (init.literalDepth === 0) return { slot, path: slot.path };
  return { slot, path: slot.path ? `${head.path}${slot.path.startsWith('[') ? '' : through}${slot.path}` : head.path };
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
  rest: Pick<NewRegistration, 'variable' | 'line' | 'path' | 'kind' | 'function' | 'condition' | 'member'> & {
    holder?: string;
  },
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
    holder: kind === null ? rest.holder || '' : '',
  };
}

/** What holds a function that a file's variable is made with, where that is no member. */
function holderOfInit(variable: VariableFact, target: string, { owner, member }: Slot): string {
  const { name } = variable;
  const patched = owner && member === 'func' ? staticCallOf(name) : null;
  if (patched !== null) return staticCallHolder(patched).member;
  if (owner || member || variable.function !== null) return '';
  // nobody calls through a name that a macro makes: those of one type and section are called one after the other
  return (variable.macro && listHolder(variable.type, initcallGroup(name, target))?.member) || holderOf(name).member;
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
  const { target } = a;
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
      holder: a.member || slot.member ? '' : holderOfTarget(target, scope),
    });
    if (r) out.push(r);
  }
  return out;
}

/** Of `hook = f` and `tbl[i] = f`, where that is no local. */
function holderOfTarget(target: AssignmentFact['target'], scope: Scope): string {
  let at = target;
  while (at[0] === '[]') at = at[1];
  return at[0] === 'id' && !scope.local(at[1]) ? holderOf(at[1]).member : '';
}

/** The slot that an assignment puts its value into; null where its type isn't known, and it is no member. */
export function targetSlot(a: AssignmentFact, scope: Scope, types: TypeSource): Slot | null {
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
