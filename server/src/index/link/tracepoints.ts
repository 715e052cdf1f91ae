/**
 * The probes of tracepoints: what a probe is registered with is no member that a call goes through, but an object of its own
 * name. So each tracepoint is a holder of its probes, see holders.ts.
 *
 * An event names its tracepoint, and holds its probes as `void *`, as they take what each tracepoint has: in itself
 * (`bpf_raw_event_map`) or in the class that it names (`trace_event_class`), which several events share. The code that
 * registers them does it when somebody asks for the event, by those pointers.
 */

import type { FileFacts, InitFact, VariableFact } from '../../facts/types.ts';
import { iteratedBy, takesProbe, tracepointOf } from '../../kernel/tracepoints.ts';
import { NameKind } from '../store/postings.ts';
import type { TypeSource } from '../types/source.ts';
import { resolveType } from '../types/typing.ts';
import type { SlotEnd } from './ends.ts';
import { tracepointHolder } from './holders.ts';
import { type NewRegistration, slotOfInit } from './link.ts';
import { ownTargets } from './names.ts';

/** The holder whose probes a function of this name calls through its pointer; null where it is none of those functions. */
export function probesCalledBy(fn: string): SlotEnd | null {
  const name = iteratedBy(fn);
  return name === null ? null : tracepointHolder(name);
}

/** The tracepoint that `tracepoint_probe_register(&__tracepoint_x, fn, data)` puts its flow into; null for other calls. */
export function probeTaken(facts: FileFacts, flow: FileFacts['flows'][number]): SlotEnd | null {
  const { to, argument } = flow;
  if (argument < 1 || to[0] !== 'id' || !takesProbe(to[1])) return null;
  const beside = facts.flows.findLast(
    (f) =>
      f.argument === 0 && f.function === flow.function && f.line <= flow.line && f.to[0] === 'id' && f.to[1] === to[1],
  );
  const name = beside?.from[0] === 'id' ? tracepointOf(beside.from[1]) : null;
  return name === null ? null : tracepointHolder(name);
}

/** A variable's own value of a tracepoint's object. */
const namesTracepoint = ({ value }: InitFact): boolean => value.address && tracepointOf(value.name) !== null;

/** The probes in the events of a file, each in its tracepoint. */
export function probesOf(facts: FileFacts, types: TypeSource): NewRegistration[] {
  const out: NewRegistration[] = [];
  const events = facts.variables.filter((v) => v.function === null && v.inits.some(namesTracepoint));
  if (events.length === 0) return out;
  const named = new Map(facts.variables.map((v) => [v.name, v]));
  const probes = new Map<VariableFact, InitFact[]>();
  const own = ownTargets(facts);
  for (const event of events) {
    const point = event.inits.find(namesTracepoint)?.value.name ?? '';
    const holder = tracepointHolder(tracepointOf(point) ?? '').member;
    for (const part of [event, ...event.inits.flatMap((i) => (i.value.address && named.get(i.value.name)) || [])]) {
      let held = probes.get(part);
      if (!held) {
        held = part.inits.filter((init) => isProbe(own, facts.path, part, init, types));
        probes.set(part, held);
      }
      for (const { value } of held)
        out.push({
          ...{ owner: '', member: '', variable: event.name, line: event.line, path: '', target: value.name },
          ...{ targetLine: event.line, targetColumn: event.column, kind: 'init', function: '', holder },
          ...{ condition: value.condition, evidence: 'typed', own: own.get(value.name) ?? null },
        });
    }
  }
  return out;
}

/** Is a value one of the file's own functions, kept as `void *`? */
function isProbe(
  own: ReturnType<typeof ownTargets>,
  file: string,
  variable: VariableFact,
  init: InitFact,
  types: TypeSource,
): boolean {
  const { value } = init;
  if (value.address || value.member || own.get(value.name)?.kind !== NameKind.Function) return false;
  const { type } = slotOfInit(file, variable, init, types).slot;
  const shape = type && resolveType(types, type).shape;
  return shape?.base === 'void' && shape.ops.length === 1 && shape.ops[0] === '*';
}
