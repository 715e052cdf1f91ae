/**
 * The ways of function pointers: one relation, read from a function to the calls that may run it, and from a call to the
 * functions that it may run. A step leads from one stop to the next: a registration, an argument, a store, a return.
 */

import type { End } from '../../index/link/ends.ts';
import type { Flow } from '../../index/read/questions.ts';
import { NameFlag } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { inDomain } from '../../kernel/proximity.ts';
import { alternativesFrom, type Definition, definitionOf, FUNCTION_KINDS } from '../names/scope.ts';
import {
  callableUses,
  type Implementation,
  isSameSlot,
  type Registered,
  type SlotSeen,
  slotAnswer,
  slotOfUse,
  slotSeen,
} from '../slots/slots.ts';
import type { TreePlace, World } from '../world.ts';

/** Where a pointer to a function may stand. */
export type Stop =
  | { kind: 'function'; definition: Definition }
  | SlotSeen
  /** parameter `index`, from 0, of a function; RESULT: what it returns */
  | { kind: 'parameter'; of: Definition; index: number }
  /** the same of whatever function stands in a slot */
  | { kind: 'slotParameter'; of: SlotSeen; index: number };

/** In the place of a parameter's number: what the function returns. */
const RESULT = -1;

/** A step from a stop, or into one. */
export interface Step {
  /** at its other end */
  stop: Stop;
  /** of the registration, the argument, the store */
  place: TreePlace;
  /** the function that it stands in, or the table */
  by: string;
  /** the registrations that it is; none for code that hands the pointer on */
  registrations: Registered[];
}

/** A question about ways: what names mean is looked up once for all its steps. */
export interface Ways extends World {
  /** the file that the question is asked from; '' where none is in view */
  file: string;
  /** by name: the one function that it can mean, and by name and file those that it may */
  unique: Map<string, Definition | null>;
  meanings: Map<string, Definition[]>;
  /** is little in a slot? By its key */
  narrow: Map<string, boolean>;
}

/** A question asked from a file: what other architectures and programs do is out of sight. */
export const openWays = ({ index, architecture }: World, file: string): Ways => ({
  index,
  architecture,
  file,
  unique: new Map(),
  meanings: new Map(),
  narrow: new Map(),
});

const keyOfDefinition = (d: Definition): string => `${d.name} ${d.file}:${d.line}`;

const keyOfSlot = ({ owner, member, file }: SlotSeen): string => `${owner}.${member}${file ? ` ${file}` : ''}`;

/** Text that tells stops apart. */
export function stopKey(stop: Stop): string {
  switch (stop.kind) {
    case 'function':
      return keyOfDefinition(stop.definition);
    case 'slot':
      return keyOfSlot(stop);
    case 'parameter':
      return `${keyOfDefinition(stop.of)}#${stop.index}`;
    case 'slotParameter':
      return `${keyOfSlot(stop.of)}#${stop.index}`;
  }
}

/** What is handed to a slot goes to each function that stands there; where there are more than this, it says nothing of any. */
const MAX_TARGETS = 40;

/** The functions that a name may mean in a file. */
function meanings(ways: Ways, name: string, file: string): readonly Definition[] {
  const { index } = ways;
  let only = ways.unique.get(name);
  if (only === undefined) {
    const [first, ...others] = index.names(name).filter((p) => FUNCTION_KINDS.includes(p.kind));
    const definition = first && others.length === 0 ? definitionOf(name, first, index.pathOf(first.file)) : null;
    const isGlobal = definition && (first.flags & NameFlag.Static) === 0 && domainOf(definition.file) === 'kernel/*';
    only = isGlobal ? definition : null;
    ways.unique.set(name, only);
  }
  if (only && domainOf(file).startsWith('kernel/')) return [only];
  const key = `${name}\0${file}`;
  let found = ways.meanings.get(key);
  if (!found) {
    found = alternativesFrom(ways, name, file);
    ways.meanings.set(key, found);
  }
  return found;
}

const isMeant = (ways: Ways, d: Definition, file: string): boolean =>
  meanings(ways, d.name, file).some((m) => m.file === d.file && m.line === d.line);

/** The flow's file, where it is in sight. */
function fileOf(ways: Ways, flow: Flow): string | null {
  const file = ways.index.pathOf(flow.file);
  return sameDomain(domainOf(ways.file), domainOf(file), ways.architecture) ? file : null;
}

/** Does an end belong to the function whose body the step is in? A parameter that something comes from, a result that is given. */
const isOwn = (end: End, isFrom: boolean): boolean => (end.kind === 'parameter') === isFrom;

/** The stops that an end of a step in a file stands for. */
function stopsOf(ways: Ways, end: End, file: string, isFrom: boolean): Stop[] {
  switch (end.kind) {
    case 'name':
      return meanings(ways, end.name, file).map((definition) => ({ kind: 'function', definition }));
    case 'slot':
      return [slotSeen(ways, end, file)];
    case 'called':
      return [];
  }
  const index = end.kind === 'parameter' ? end.index : RESULT;
  if (end.of.kind === 'slot') return [{ kind: 'slotParameter', of: slotSeen(ways, end.of, file), index }];
  const all = meanings(ways, end.of.name, file);
  const own = isOwn(end, isFrom) ? all.filter((d) => d.file === file) : all;
  return own.map((of) => ({ kind: 'parameter', of, index }));
}

/** The stops where what is called at a place of a file comes from. */
export const stopsFrom = (ways: Ways, end: End, file: string): Stop[] => stopsOf(ways, end, file, true);

const endOfStop = (stop: Stop): End => {
  switch (stop.kind) {
    case 'function':
      return { kind: 'name', name: stop.definition.name };
    case 'slot':
      return stop;
    case 'parameter': {
      const of = { kind: 'name' as const, name: stop.of.name };
      return stop.index === RESULT ? { kind: 'result', of } : { kind: 'parameter', of, index: stop.index };
    }
    case 'slotParameter': {
      const { of } = stop;
      return stop.index === RESULT ? { kind: 'result', of } : { kind: 'parameter', of, index: stop.index };
    }
  }
};

/** Is a step in `file`, found under a stop's key, one of that very stop's? */
function isOf(ways: Ways, stop: Stop, end: End, file: string, isFrom: boolean): boolean {
  if (stop.kind === 'function') return isMeant(ways, stop.definition, file);
  if (stop.kind !== 'parameter') return isSameSlot(ways, stop.kind === 'slot' ? stop : stop.of, file);
  return isOwn(end, isFrom) ? stop.of.file === file : isMeant(ways, stop.of, file);
}

function stepOf(flow: Flow, file: string, stop: Stop): Step {
  return { stop, place: { file, line: flow.line, column: flow.column }, by: flow.function, registrations: [] };
}

const stepBy = (registrations: Registered[], stop: Stop): Step => {
  const [r] = registrations;
  const place = { file: r.filePath, line: r.targetLine, column: r.targetColumn };
  return { stop, place, by: r.kind === 'init' ? r.variable : r.function || r.variable, registrations };
};

/** Registrations of a function by the slots, among those that are known. */
function slotsOf(ways: Ways, d: Definition): { slot: SlotSeen; registrations: Registered[] }[] {
  const slots = new Map<string, { slot: SlotSeen; registrations: Registered[] }>();
  for (const r of callableUses(ways, d, ways.file)) {
    if (r.owner === '' && r.holder === '') continue;
    const slot = slotOfUse(ways, r);
    const key = keyOfSlot(slot);
    const known = slots.get(key);
    if (known) known.registrations.push(r);
    else slots.set(key, { slot, registrations: [r] });
  }
  return [...slots.values()];
}

/** Do few functions stand in a slot? */
function isNarrow(ways: Ways, slot: SlotSeen): boolean {
  const { owner, member } = slot;
  const key = keyOfSlot(slot);
  let known = ways.narrow.get(key);
  if (known === undefined) {
    const names = new Set<string>();
    const { index, architecture } = ways;
    for (const r of inDomain(
      index.registrationsOfSlot(owner, member),
      (r) => index.pathOf(r.file),
      ways.file,
      architecture,
    ).seen)
      names.add(r.target);
    known = names.size <= MAX_TARGETS;
    ways.narrow.set(key, known);
  }
  return known;
}

/** The functions that stand in a slot. */
const heldIn = (ways: Ways, { owner, member, file }: SlotSeen): Implementation[] =>
  slotAnswer(ways, owner, member, file || ways.file).implementations;

/** A call of what stands at a stop: of a parameter or local that holds it. */
export interface CalledAt {
  place: TreePlace;
  /** the function that calls */
  caller: string;
}

/** Where what stands at a stop gets next, and where it is called by a name of its own. */
export function stepsFrom(ways: Ways, stop: Stop): { steps: Step[]; calls: CalledAt[] } {
  const steps: Step[] = [];
  const calls: CalledAt[] = [];
  if (stop.kind === 'function')
    for (const { slot, registrations } of slotsOf(ways, stop.definition)) steps.push(stepBy(registrations, slot));
  const end = endOfStop(stop);
  for (const flow of ways.index.flowsFrom(end)) {
    const file = fileOf(ways, flow);
    if (file === null || !isOf(ways, stop, end, file, true)) continue;
    const place = { file, line: flow.line, column: flow.column };
    if (flow.to.kind === 'called') calls.push({ place, caller: flow.function });
    else for (const next of stopsOf(ways, flow.to, file, false)) steps.push(stepOf(flow, file, next));
  }
  if (stop.kind === 'slotParameter' && isNarrow(ways, stop.of))
    for (const { definition, registrations } of heldIn(ways, stop.of))
      steps.push(stepBy(registrations, { kind: 'parameter', of: definition, index: stop.index }));
  return { steps, calls };
}

/** Where what stands at a stop comes from; `handed`: of a slot not what is registered there, which is known already. */
export function stepsInto(ways: Ways, stop: Stop, handed = false): Step[] {
  const steps: Step[] = [];
  if (stop.kind === 'function') return steps;
  if (stop.kind === 'slot' && !handed)
    for (const { definition, registrations } of heldIn(ways, stop))
      steps.push(stepBy(registrations, { kind: 'function', definition }));
  const end = endOfStop(stop);
  for (const flow of ways.index.flowsTo(end)) {
    const file = fileOf(ways, flow);
    if (file === null || !isOf(ways, stop, end, file, false)) continue;
    for (const next of stopsOf(ways, flow.from, file, true)) steps.push(stepOf(flow, file, next));
  }
  if (stop.kind === 'parameter' && stop.index !== RESULT)
    for (const { slot: of, registrations } of slotsOf(ways, stop.of))
      if (isNarrow(ways, of)) steps.push(stepBy(registrations, { kind: 'slotParameter', of, index: stop.index }));
  return steps;
}

/** A stop that a walk came to. */
export interface Visited {
  stop: Stop;
  /** the step that led here, and from which stop; null at the start */
  step: Step | null;
  from: Visited | null;
}

/** Steps that a way may have, and stops that one question looks at: a slot that holds thousands is copied to others. */
const MAX_STEPS = 16;
const MAX_STOPS = 6000;

/**
 * Every stop that can be got to from some, the nearest first, each once: by `next`, the steps from a stop or into it. The
 * same bound both ways: a way of so many steps is found from either end.
 */
export function* walk(
  starts: readonly Stop[],
  next: (stop: Stop, isStart: boolean) => readonly Step[],
): Generator<Visited, void> {
  const seen = new Set(starts.map(stopKey));
  let now: Visited[] = starts.map((stop) => ({ stop, step: null, from: null }));
  for (let n = 0; now.length > 0 && n <= MAX_STEPS; n++) {
    const then: Visited[] = [];
    for (const at of now) {
      yield at;
      if (at.stop.kind === 'function' && at.from !== null) continue;
      for (const step of next(at.stop, at.from === null)) {
        const key = stopKey(step.stop);
        if (seen.has(key)) continue;
        seen.add(key);
        if (step.stop.kind === 'function' || seen.size <= MAX_STOPS) then.push({ stop: step.stop, step, from: at });
      }
    }
    now = then;
  }
}

/** The steps on the way to a stop, from where the walk began. */
export function wayTo(at: Visited): Step[] {
  const steps: Step[] = [];
  for (let v: Visited | null = at; v?.step; v = v.from) steps.push(v.step);
  return steps.reverse();
}
