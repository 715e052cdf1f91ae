/** Dispatch sites, installs and direct calls, tree-wide: `kerntrail dump sites|installs|calls`. */
import { callsIn } from '../../facts/calls.ts';
import type { FileFacts } from '../../facts/types.ts';
import { dispatchesOf } from '../../index/link/calls.ts';
import { type End, endKey, type SlotEnd } from '../../index/link/ends.ts';
import { flowsOf, type NewFlow } from '../../index/link/flows.ts';
import { holderName, listOf } from '../../index/link/holders.ts';
import { registrationsOf } from '../../index/link/link.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind, slotKey } from '../../index/store/postings.ts';
import type { TypeSource } from '../../index/types/source.ts';
import { resolveType, typeOfExpression } from '../../index/types/typing.ts';
import { functionFrom } from '../names/scope.ts';

/** A dispatch site, a call of a pointer, or a function that is put into, or taken out of, a slot by a statement. */
export interface SiteRow {
  /**
   * `call`: through a member; `pointer`: through a parameter, local or global pointer; `assign`: a function put into a
   * member; `pass`: a member's function handed to another function; `read`: one stored elsewhere
   */
  kind: 'call' | 'pointer' | 'assign' | 'pass' | 'read';
  /** relative to the tree */
  file: string;
  /** 1-based, of the member's or variable's name; the column counts bytes */
  line: number;
  column: number;
  function: string;
  /** nearest named struct that owns the member, null where it isn't known */
  struct: string | null;
  member: string | null;
  /** of a pointer call, the pointer */
  variable: string | null;
  /** of a pointer call, the slots (`struct.member`) and functions that flow into the pointer */
  sources: string[] | null;
  evidence: string;
  /** it stands in a macro's body */
  macro: boolean;
}

/** A table's address that a statement puts into a pointer; the line is 1-based. */
interface InstallRow {
  file: string;
  line: number;
  function: string;
  struct: string | null;
  member: string | null;
  /** the table whose address is put there */
  variable: string;
}

/** A direct call; the line is 1-based. */
interface CallRow {
  caller: string;
  file: string;
  line: number;
  callee: string;
  /** where the callee is defined; null where the tree only declares it */
  calleeFile: string | null;
}

function* allFacts(index: IndexReader): Iterable<FileFacts> {
  for (const { path } of index.files()) {
    const facts = index.facts(path);
    if (facts) yield facts;
  }
}

/** Every dispatch site, pointer call and runtime registration. */
export function* siteRows(index: IndexReader): Iterable<SiteRow> {
  for (const facts of allFacts(index)) {
    const types = index.typesFor(facts);
    for (const d of dispatchesOf(facts, types)) {
      const { owner, member, ...site } = d;
      yield { kind: 'call', file: facts.path, ...site, struct: owner || null, member, variable: null, sources: null };
    }
    const { flows, dispatches } = flowsOf(facts, types);
    const into = new Map<string, End[]>();
    const add = (at: { line: number; column: number }, source: End) => {
      const key = `${at.line}:${at.column}`;
      (into.get(key) ?? into.set(key, []).get(key))?.push(source);
    };
    for (const d of dispatches) add(d, { kind: 'slot', owner: d.owner, member: d.member });
    for (const flow of flows) {
      if (flow.to.kind === 'called') add(flow, flow.from);
      else if (!flow.table) yield* readRows(facts.path, flow);
    }
    for (const { kind, name, function: f, line, column, macro } of facts.sites)
      if (kind === 'pointer')
        yield {
          kind,
          file: facts.path,
          line,
          column,
          function: facts.functions[f]?.name ?? '',
          struct: null,
          member: null,
          variable: name,
          sources: originsOf(index, into.get(`${line}:${column}`) ?? []),
          evidence: 'flow',
          macro,
        };
    yield* globalPointerCalls(index, facts, types);
    yield* assignRows(facts, types);
  }
}

/** A slot whose function goes elsewhere without being called here: it is handed on, or kept. */
function* readRows(file: string, { from, to, line, column, macro, function: name }: NewFlow): Iterable<SiteRow> {
  if (from.kind !== 'slot') return;
  yield {
    kind: to.kind === 'parameter' ? 'pass' : 'read',
    file,
    line,
    column,
    function: name,
    struct: from.owner,
    member: from.member,
    variable: null,
    sources: null,
    evidence: 'typed',
    macro,
  };
}

/** More steps back than anyone reads. */
const MAX_ORIGINS = 200;

/** The slots and functions that some ends of flows lead back to, through what is handed from parameter to parameter. */
function originsOf(index: IndexReader, ends: readonly End[]): string[] {
  const origins = new Set<string>();
  const seen = new Map(ends.map((end) => [endKey(end), end]));
  for (const [key, end] of seen) {
    if (end.kind === 'name') origins.add(key);
    else if (end.kind === 'slot') addSlot(index, end, origins);
    else if (seen.size < MAX_ORIGINS) for (const flow of index.flowsTo(end)) seen.set(endKey(flow.from), flow.from);
  }
  return [...origins].sort();
}

/** Adds a slot as people read it. Pointers of a type are called in many places, and few types have lists of them. */
function addSlot(index: IndexReader, { owner, member }: SlotEnd, origins: Set<string>): void {
  if (!listOf(member) || index.registrationsOfSlot(owner, member).length > 0)
    origins.add(owner ? slotKey(owner, member) : holderName(member));
}

/** Calls of what turns out to be a variable, beside those that the file itself tells: `hook(x)` with a hook of a header. */
function* globalPointerCalls(index: IndexReader, facts: FileFacts, types: TypeSource): Iterable<SiteRow> {
  const pointers = new Map<string, boolean>();
  for (const { kind, name } of facts.sites) if (kind === 'pointer') pointers.set(name, false);
  for (const calls of facts.calls)
    for (const { name, line } of callsIn(calls)) {
      let pointer = pointers.get(name);
      if (pointer === undefined) {
        pointer = isPointerVariable(index, types, facts.path, name);
        pointers.set(name, pointer);
      }
      if (pointer)
        yield {
          kind: 'pointer',
          file: facts.path,
          line,
          column: 0,
          function: facts.functions[calls.function]?.name ?? '',
          struct: null,
          member: null,
          variable: name,
          sources: originsOf(
            index,
            index.flowsTo({ kind: 'name', name }).map((f) => f.from),
          ),
          evidence: 'flow',
          macro: false,
        };
    }
}

function isPointerVariable(index: IndexReader, types: TypeSource, path: string, name: string): boolean {
  const found = index.names(name);
  if (
    !found.some(
      (p) => p.kind === NameKind.Variable || (p.kind === NameKind.Declaration && !(p.flags & NameFlag.Function)),
    )
  )
    return false;
  if (found.some((p) => p.kind === NameKind.Function && index.pathOf(p.file) === path)) return false;
  const type = typeOfExpression(types, { file: path, local: () => null }, ['id', name]);
  const ops = type ? resolveType(types, type).shape.ops : [];
  return ops[0] === '*' && ops[1] === '()';
}

function* assignRows(facts: FileFacts, types: TypeSource): Iterable<SiteRow> {
  const places = new Map(facts.assignments.map((a) => [`${a.line} ${a.member}`, a]));
  const locals = new Set(facts.variables.filter((v) => v.function && !v.static).map((v) => `${v.name} ${v.line}`));
  for (const r of registrationsOf(facts, types)) {
    // an object with automatic storage is filled each time anew
    const local = r.kind === 'init' && locals.has(`${r.variable} ${r.line}`);
    if (r.kind !== 'assign' && !local) continue;
    const at = local ? undefined : places.get(`${r.line} ${r.member}`);
    yield {
      kind: 'assign',
      file: facts.path,
      line: at?.values.length ? r.line : r.targetLine,
      column: at?.column ?? r.targetColumn,
      function: r.function,
      struct: r.owner || null,
      member: r.member || null,
      variable: null,
      sources: null,
      evidence: r.evidence,
      macro: at?.macro ?? false,
    };
  }
}

/** Every table's address that a statement puts into a pointer. */
export function* installRows(index: IndexReader): Iterable<InstallRow> {
  for (const facts of allFacts(index))
    for (const r of registrationsOf(facts, index.typesFor(facts)))
      if (r.kind === 'install' && r.function)
        yield {
          file: facts.path,
          line: r.line,
          function: r.function,
          struct: r.owner || null,
          member: r.member || null,
          variable: r.target,
        };
}

/** Every direct call of a function of the tree; calls of macros are left out. */
export function* callRows(index: IndexReader): Iterable<CallRow> {
  const world = { index, architecture: index.meta()?.architecture ?? 'x86' };
  for (const facts of allFacts(index)) {
    const callees = new Map<string, string | null | undefined>();
    const fileOf = (name: string): string | null | undefined => {
      if (callees.has(name)) return callees.get(name);
      const found = functionFrom(world, name, facts.path);
      const declared = index
        .names(name)
        .some((p) => p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0);
      const file = found ? found.file : declared ? null : undefined;
      callees.set(name, file);
      return file;
    };
    for (const calls of facts.calls)
      for (const { name, line } of callsIn(calls)) {
        const calleeFile = fileOf(name);
        const caller = facts.functions[calls.function]?.name ?? '';
        if (calleeFile !== undefined) yield { caller, file: facts.path, line, callee: name, calleeFile };
      }
  }
}
