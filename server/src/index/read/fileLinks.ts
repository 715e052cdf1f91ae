/** What one file's facts answer by themselves. Only what a question needs is linked: a whole file's names lead far. */
import type { AssignmentFact, Expression, FileFacts, InitFact, ValueFact } from '../../facts/types.ts';
import { dispatchesOf, eachCaller } from '../link/calls.ts';
import { type End, endKey } from '../link/ends.ts';
import { flowsOf, type NewFlow } from '../link/flows.ts';
import { isHolder, isTracepoint } from '../link/holders.ts';
import { type NewRegistration, registrationsOf, slotOfRegistration, tablesOf } from '../link/link.ts';
import { type NamedPosting, namesOf } from '../link/names.ts';
import { probesOf } from '../link/tracepoints.ts';
import type { Caller } from '../store/postings.ts';
import type { TypeSource } from '../types/source.ts';
import type { FileQuestions } from './questions.ts';

/** One file's answers. */
export interface FileLinks extends FileQuestions {
  /** see `IndexReader` */
  ownersOf(member: string): string[];
}

/** Links a file part by part; `types` are as the file sees them. */
export function fileLinks(facts: FileFacts, types: TypeSource): FileLinks {
  const tables = once(() => tablesOf(facts, registrationsOf({ ...facts, assignments: [] }, types), types));
  const flows = once(() => flowsOf(facts, types).flows);
  const byPointer = once(
    () => flowsOf({ ...facts, flows: facts.flows.filter((f) => f.argument < 0) }, types).dispatches,
  );
  const callers = once(() => {
    const byName = new Map<string, Omit<Caller, 'file'>[]>();
    eachCaller(facts, (callee, caller, index, macro, lines) => {
      const one = { function: caller, index, macro, lines: [...lines] };
      const known = byName.get(callee);
      if (known) known.push(one);
      else byName.set(callee, [one]);
    });
    return byName;
  });
  const named = once(() => {
    const byName = new Map<string, NamedPosting[]>();
    for (const n of namesOf(facts)) {
      const known = byName.get(n.name);
      if (known) known.push(n);
      else byName.set(n.name, [n]);
    }
    return byName;
  });
  const ofMember = (member: string): NewRegistration[] => {
    if (isTracepoint(member)) return probesOf(facts, types).filter((r) => r.holder === member);
    if (isHolder(member)) return registrationsOf(facts, types).filter((r) => r.holder === member);
    const mayFill = (i: InitFact) => i.path.some((s) => !('member' in s) || s.member === member);
    return registrationsOf(facts, types, {
      init: mayFill,
      assignment: (a) => (a.inits.length ? a.inits.some(mayFill) : mayAssign(a, member)),
    }).filter((r) => !r.holder && r.member === member);
  };
  return {
    names: (name) => named().get(name) ?? [],
    registrationsOfSlot: (owner, member) => ofMember(member).filter((r) => slotOfRegistration(r).owner === owner),
    ownersOf: (member) => [...new Set(ofMember(member).map((r) => r.owner))].filter(Boolean),
    registrationsOfTarget(name) {
      // `&raid_class.class` is a target, too
      const mayBe = (v: ValueFact) => v.name === name || (v.member !== '' && name.startsWith(v.name));
      const found = registrationsOf(facts, types, {
        init: (i) => mayBe(i.value),
        assignment: (a) => a.values.some(mayBe) || a.inits.some((i) => mayBe(i.value)),
      });
      return [...found, ...probesOf(facts, types)].filter((r) => r.target === name);
    },
    tablesOfRecord: (tag) => tables().filter((t) => t.tag === tag),
    dispatchesOfSlot: (owner, member) =>
      [
        ...dispatchesOf({ ...facts, sites: facts.sites.filter((s) => s.name === member) }, types),
        ...byPointer(),
      ].filter((d) => d.owner === owner && d.member === member),
    // facts don't tell: its text does
    filesOfWord: () => [{}],
    callersOf: (name) => callers().get(name) ?? [],
    flowsFrom: (end) => flowsWith(flows(), 'from', end),
    flowsTo: (end) => flowsWith(flows(), 'to', end),
  };
}

/** The steps that have an end on one side. */
function flowsWith(flows: readonly NewFlow[], side: 'from' | 'to', end: End): NewFlow[] {
  const key = endKey(end);
  return flows.filter((f) => endKey(f[side]) === key);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** May an assignment's slot be this member? `x->f = …`, and `x->tbl[i] = …`, whose slot is the member it indexes. */
function mayAssign(a: AssignmentFact, member: string): boolean {
  let at: Expression = a.target;
  while (at[0] === '[]') at = at[1];
  return a.member === member || ((at[0] === '.' || at[0] === '->') && at[2] === member);
}
