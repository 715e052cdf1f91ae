/** One function's body: runtime registrations, installs, tables of its own. Only statements that can carry a fact are parsed. */

import type { Declarator } from '../../syntax/declarations.ts';
import { type Source, sliceToks } from '../../syntax/source.ts';
import { findStatements, type Statement } from '../../syntax/statements.ts';
import type { FunctionFact } from '../types.ts';
import type { Visit } from '../visit.ts';
import { addAssignment, assignsFunction, partsOf, withModules } from './assignments.ts';
import type { Body } from './bodyTokens.ts';
import { addReturnFlow, isCallbackType, isFunctionLocal, isTableType } from './flows.ts';
import { addLocals, isStatic, type Locals, noteDeclared, pointersAmong } from './locals.ts';
import { addTables, holdsTable, isMacroDefinition } from './localTables.ts';
import { addMacroAssignments, assignsByMacro } from './macroAssignments.ts';
import { expanded, isTypeMacro, unlessInVain } from './macroUses.ts';
import { readSites } from './sites.ts';

/**
 * Adds what tokens [from, to) of a source, the inside of the body of `fact`, tell: tables, registrations, calls,
 * pointers on their way.
 */
export function readBody(visit: Visit, source: Source, from: number, to: number, fact: FunctionFact): void {
  const statements = findStatements(source.tokens, from, to, (token) => isTypeMacro(source, token));
  const locals: Locals = new Map();
  const named = new Set<string>();
  for (const statement of statements) if (statement.kind === 'declaration') noteDeclared(source, statement, locals);
  const isLocal = (name: string) => locals.has(name) || fact.params.some((p) => p.name === name);
  const isOnlyStatic = onlyStatic(source, locals);
  // a static one may be a table, whose address is worth as much as any other's
  const isPassing = (name: string) => isLocal(name) && !isOnlyStatic(name);
  const pointers = pointersAmong(source, locals);
  // one that holds a function is as good as that function's name
  const isPlain = (name: string) =>
    isPassing(name) && !isFunctionLocal({ pointers, params: fact.params, source }, name);
  for (const statement of statements) {
    addStatement(visit, source, statement, fact, { isLocal, isPassing, isPlain }, named);
    if (statement.kind === 'expression' && assignsByMacro(visit, source, statement, isPlain))
      unlessInVain(visit, source, statement, visit.facts.assignments, () =>
        addMacroAssignments(visit, source, statement, fact, named),
      );
  }
  const body: Body = {
    visit,
    source,
    from,
    to,
    expansion: false,
    function: visit.facts.functions.length - 1,
    params: fact.params,
    pointers,
    isLocal,
    aliases: new Map(),
    name: (name) => named.add(name),
  };
  readSites(body);
  if (isCallbackType(fact.returnType) || isTableType(fact.returnType))
    for (const { kind, start, end } of statements) if (kind === 'return') addReturnFlow(body, fact.name, start, end);
  // some names are known only when the parser has run
  visit.finish.push(() => {
    const read = new Map<Statement, Map<string, Declarator>>();
    for (const name of named) addLocals(visit, source, name, locals.get(name) ?? [], fact, read);
  });
}

/** Adds the table that a statement declares, or the registrations that it makes. */
function addStatement(
  visit: Visit,
  source: Source,
  statement: Statement,
  fact: FunctionFact,
  { isLocal, isPassing, isPlain }: Record<'isLocal' | 'isPassing' | 'isPlain', (name: string) => boolean>,
  named: Set<string>,
): void {
  const { kind } = statement;
  if (kind === 'declaration' && holdsTable(source, statement)) addTables(visit, source, statement, fact);
  else if (isMacroDefinition(visit, source, statement, isLocal))
    unlessInVain(visit, source, statement, visit.facts.variables, () => addTables(visit, source, statement, fact));
  else if (kind !== 'declaration' && kind !== 'return')
    for (const part of partsOf(source, statement))
      if (assignsFunction(source, part, isPassing, isPlain))
        addAssignment(
          visit,
          expanded(visit, source, withModules(sliceToks(source, part.start, part.end))),
          fact,
          named,
        );
}

/** Is a name declared as `static` wherever it is? Worked out once for each. */
function onlyStatic(source: Source, locals: Locals): (name: string) => boolean {
  const statics = new Map<string, boolean>();
  return (name) => {
    let known = statics.get(name);
    if (known === undefined) {
      known = locals.get(name)?.every((s) => isStatic(source, s)) ?? false;
      statics.set(name, known);
    }
    return known;
  };
}
