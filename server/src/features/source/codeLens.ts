/** CodeLens over tables and over registered functions: made cheaply for a file, filled in when one comes into sight. */
import type { CodeLens } from 'vscode-languageserver';
import type { FileFacts, FunctionFact, VariableFact } from '../../facts/types.ts';
import { NameKind } from '../../index/store/postings.ts';
import type { Definition } from '../../resolve/names/scope.ts';
import { isRegistered, type Registered, slotName, usesOf } from '../../resolve/slots/slots.ts';
import { functionsHeld, holdsFunction, tableOf } from '../../resolve/slots/tables.ts';
import type { Steps } from '../../resolve/steps.ts';
import { count } from '../markdown.ts';
import { distinct, locationOf, type Request, rangeOf, uriOf } from '../request.ts';
import { registrationPlace } from './implementation.ts';

/** What a lens carries until it is resolved. */
export interface LensData {
  path: string;
  kind: 'table' | 'function';
  name: string;
  line: number;
  column: number;
}

/** The client's commands: the same peek view, under two titles. */
interface LensCommands {
  references: string;
  implementations: string;
}

/** Lenses of a file, without their titles: one for each line, and none where there would be nothing to say. */
export function* codeLenses(request: Request, on: { tables: boolean; functions: boolean }): Steps<CodeLens[]> {
  const { facts } = request.file;
  if (!facts) return [];
  const out: CodeLens[] = [];
  const lines = new Set<number>();
  const add = (kind: LensData['kind'], at: { name: string; line: number; column: number; macro: boolean }): void => {
    // what one use of a macro makes, half a dozen objects and functions of a SYSCALL_DEFINE, is one thing to its reader
    if (at.macro && lines.has(at.line)) return;
    lines.add(at.line);
    out.push({
      range: rangeOf(request, { file: facts.path, line: at.line, column: at.column }, at.macro ? 0 : at.name.length),
      data: { path: facts.path, kind, name: at.name, line: at.line, column: at.column } satisfies LensData,
    });
  };
  if (on.tables) for (const v of yield* tablesToSee(request, facts)) add('table', v);
  if (on.functions) for (const f of yield* registeredFunctions(request, facts)) add('function', f);
  return out.sort((a, b) => a.range.start.line - b.range.start.line);
}

/** Tables of functions. What a macro makes around one function (`__setup`) says nothing that the function's lens doesn't. */
function* tablesToSee(request: Request, facts: FileFacts): Steps<VariableFact[]> {
  const out: VariableFact[] = [];
  for (const [n, v] of facts.variables.entries()) {
    yield;
    if (v.inits.length === 0 || !v.name) continue;
    const held = functionsHeld(request, facts, v, v.macro ? 2 : 1);
    if (held === 0) continue;
    if (held > 1 || !v.macro || installsElsewhere(request, facts, v, n).length > 0) out.push(v);
  }
  return out;
}

/** Where a table is installed, but for what the same use of a macro makes. */
function installsElsewhere(request: Request, facts: FileFacts, v: VariableFact, index: number): Registered[] {
  const table = tableOf(request, facts, definitionOfFact(facts, v, NameKind.Variable, index), facts.path);
  return (table?.installs ?? []).filter((r) => !v.macro || r.filePath !== facts.path || r.targetLine !== v.line);
}

const definitionOfFact = (
  facts: FileFacts,
  { name, line, column, static: isStatic, macro }: VariableFact | FunctionFact,
  kind: NameKind,
  index: number,
): Definition => ({ name, kind, file: facts.path, line, column, static: isStatic, macro, index });

/** Functions that are looked up for the lenses of one file. */
const MAX_LOOKS = 10_000;

/** A static function can be registered in its own file only, so that most need no look-up. */
function* registeredFunctions(request: Request, facts: FileFacts): Steps<FunctionFact[]> {
  const named = new Set<string>();
  for (const v of facts.variables) for (const i of v.inits) named.add(i.value.name);
  for (const a of facts.assignments) for (const v of [...a.values, ...a.inits.map((i) => i.value)]) named.add(v.name);
  const out: FunctionFact[] = [];
  let left = MAX_LOOKS;
  for (const [n, f] of facts.functions.entries()) {
    yield;
    if (!f.name || (f.static && !named.has(f.name)) || left-- <= 0) continue;
    const isOne = f.macro
      ? usesElsewhere(request, facts, f, n).length > 0
      : isRegistered(request, definitionOfFact(facts, f, NameKind.Function, n), facts.path);
    if (isOne) out.push(f);
  }
  return out;
}

/** Where a function is registered, but for what the same use of a macro makes: a tracepoint's own objects. */
const usesElsewhere = (request: Request, facts: FileFacts, f: FunctionFact, index: number): Registered[] =>
  usesOf(request, definitionOfFact(facts, f, NameKind.Function, index), facts.path).registrations.filter(
    (r) => !f.macro || r.filePath !== facts.path || r.targetLine !== f.line,
  );

/** A lens with its title, and the peek view that a click opens. */
export function resolveCodeLens(request: Request, lens: CodeLens, data: LensData, commands: LensCommands): CodeLens {
  const facts = request.index.facts(data.path);
  const command =
    facts &&
    (data.kind === 'table'
      ? tableCommand(request, facts, data, commands)
      : functionCommand(request, facts, data, commands));
  // the file has changed since its lenses were made
  const [found, name, locations] = command ?? ['', commands.references, []];
  // what is not known yet is no "none"
  const title = locations.length ? found : (request.notYet ?? found);
  return {
    ...lens,
    command: locations.length
      ? { title, command: name, arguments: [uriOf(request.root, data.path), lens.range.start, locations] }
      : { title, command: '' },
  };
}

type LensCommand = [title: string, command: string, locations: ReturnType<typeof locationOf>[]];

function tableCommand(request: Request, facts: FileFacts, data: LensData, commands: LensCommands): LensCommand | null {
  const n = facts.variables.findIndex((v) => v.name === data.name && v.line === data.line && v.column === data.column);
  const variable = facts.variables[n];
  if (!variable) return null;
  const table = tableOf(request, facts, definitionOfFact(facts, variable, NameKind.Variable, n), facts.path);
  if (!table) return null;
  const functions = table.slots.filter((s) => (s.definition || request.notYet) && holdsFunction(request, s));
  const slots = count(functions.length, 'slot');
  const installs = installsElsewhere(request, facts, variable, n);
  if (installs.length)
    return [
      `${slots} · installed in ${count(installs.length, 'place')}`,
      commands.references,
      distinct(installs.map((r) => locationOf(request, registrationPlace(r), r.target.length))),
    ];
  return [
    slots,
    commands.implementations,
    distinct(functions.flatMap((s) => (s.definition ? [locationOf(request, s.definition, s.target.length)] : []))),
  ];
}

function functionCommand(
  request: Request,
  facts: FileFacts,
  data: LensData,
  commands: LensCommands,
): LensCommand | null {
  const uses = facts.functions.flatMap((f, n) =>
    f.line === data.line && (f.name === data.name || (f.macro && f.column === data.column))
      ? usesElsewhere(request, facts, f, n)
      : [],
  );
  if (uses.length === 0) return null;
  const slots = [...new Set(uses.map((r) => slotName(r) || r.variable))];
  const holders = new Set(uses.map((r) => `${r.filePath}:${r.variable}`)).size;
  const named = slots.length > 2 ? count(slots.length, 'slot') : slots.join(', ');
  return [
    `${named} in ${count(holders, 'table')}`,
    commands.references,
    distinct(uses.map((r) => locationOf(request, registrationPlace(r), r.target.length))),
  ];
}
