/** What a parameter or local holds, put into a member by a list or a macro: `struct ctl c = { .fn = fn }`, `INIT_WORK(w, fn)`. */

import type { AssignmentFact, FileFacts, ValueFact } from '../../facts/types.ts';
import type { Slot } from '../types/objectPath.ts';
import type { TypeSource } from '../types/source.ts';
import { isFunctionPointer, type Scope, typeOfExpression } from '../types/typing.ts';
import type { SlotEnd } from './ends.ts';
import { slotOfInit, targetSlot } from './link.ts';

/** A local's value on its way into a member. */
export interface HeldValue {
  /** whose body it is in, and a line there that the local is seen from */
  function: string;
  line: number;
  /** the local's name */
  value: ValueFact;
  slot: SlotEnd;
  macro: boolean;
}

type Scopes = (name: string, line: number) => Scope;

/** Every such value of a file that gets into a member which holds a function. */
export function* heldValues(facts: FileFacts, scopes: Scopes, types: TypeSource): Iterable<HeldValue> {
  for (const v of facts.variables) {
    if (v.function === null || v.inits.length === 0) continue;
    const scope = scopes(v.function, v.line);
    for (const { value, macro, ...init } of v.inits) {
      if (!isHeld(scope, value)) continue;
      const end = endOf(types, slotOfInit(facts.path, v, { ...init, value, macro }, types).slot);
      if (end) yield { function: v.function, line: v.line, value, slot: end, macro };
    }
  }
  for (const a of facts.assignments) yield* ofAssignment(facts, a, scopes(a.function, a.line), types);
}

function* ofAssignment(facts: FileFacts, a: AssignmentFact, scope: Scope, types: TypeSource): Iterable<HeldValue> {
  const { function: name, line, macro } = a;
  for (const value of a.values) {
    const slot = isHeld(scope, value) ? targetSlot(a, scope, types) : null;
    const end = endOf(types, slot && { ...slot, member: a.member || slot.member });
    if (end) yield { function: name, line, value, slot: end, macro };
  }
  for (const init of a.inits) {
    if (!isHeld(scope, init.value)) continue;
    const type = a.literalType || typeOfExpression(types, scope, a.target)?.text;
    const { slot } = type ? slotOfInit(facts.path, { type }, { ...init, literalType: '' }, types) : { slot: null };
    const end = endOf(types, slot);
    if (end) yield { function: name, line, value: init.value, slot: end, macro };
  }
}

const isHeld = (scope: Scope, value: ValueFact): boolean =>
  !value.member && !value.address && scope.local(value.name) !== null;

const endOf = (types: TypeSource, slot: Slot | null): SlotEnd | null =>
  slot?.owner && slot.type && isFunctionPointer(types, slot.type)
    ? { kind: 'slot', owner: slot.owner, member: slot.member }
    : null;
