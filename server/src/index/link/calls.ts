/** Facts of one file -> its calls, by name and through members. */

import { calleesOfMacro, eachCall } from '../../facts/calls.ts';
import type { FileFacts, SiteFact } from '../../facts/types.ts';
import type { Dispatch } from '../store/postings.ts';
import type { TypeSource } from '../types/source.ts';
import { findField, recordOf, type Scope, typeOfExpression } from '../types/typing.ts';
import { localScopes } from './localScopes.ts';

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
