/** CodeLens over tables and over registered functions: made cheaply for a file, filled in when one comes into sight. */
import type { CodeLens } from 'vscode-languageserver';
import type { FileFacts, FunctionFact } from '../../facts/types.ts';
import { NameKind } from '../../index/store/postings.ts';
import type { Definition } from '../../resolve/names/scope.ts';
import { slotName, usesOf } from '../../resolve/slots/slots.ts';
import { tableOf } from '../../resolve/slots/tables.ts';
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

/** Lenses of a file, without their titles. */
export function* codeLenses(request: Request, on: { tables: boolean; functions: boolean }): Steps<CodeLens[]> {
  const { facts } = request.file;
  if (!facts) return [];
  const lens = (kind: LensData['kind'], at: { name: string; line: number; column: number }): CodeLens => ({
    range: rangeOf(request, { file: facts.path, line: at.line, column: at.column }, at.name.length),
    data: { path: facts.path, kind, name: at.name, line: at.line, column: at.column } satisfies LensData,
  });
  const out: CodeLens[] = [];
  for (const v of on.tables ? facts.variables : []) {
    yield;
    if (v.inits.length && v.name) out.push(lens('table', v));
  }
  // a lens without a title would leave a gap, so functions in no table get none
  if (on.functions) for (const f of yield* registeredFunctions(request, facts)) out.push(lens('function', f));
  return out.sort((a, b) => a.range.start.line - b.range.start.line);
}

/** Functions that are looked up for the lenses of one file. */
const MAX_LOOKS = 10_000;

/** A static function can be registered in its own file only, so that most need no look-up. */
function* registeredFunctions(request: Request, facts: FileFacts): Steps<FunctionFact[]> {
  const named = new Set<string>();
  for (const v of facts.variables) for (const i of v.inits) named.add(i.value.name);
  for (const a of facts.assignments) for (const v of [...a.values, ...a.inits.map((i) => i.value)]) named.add(v.name);
  const out: FunctionFact[] = [];
  let left = MAX_LOOKS;
  for (const f of facts.functions) {
    yield;
    if (!f.name) continue;
    const isNamed = named.has(f.name);
    if (isNamed || (!f.static && left-- > 0 && request.index.registrationsOfTarget(f.name).length > 0)) out.push(f);
  }
  return out;
}

/** A lens with its title, and the peek view that a click opens. */
export function resolveCodeLens(request: Request, lens: CodeLens, data: LensData, commands: LensCommands): CodeLens {
  const facts = request.index.facts(data.path);
  const command =
    facts &&
    (data.kind === 'table'
      ? tableCommand(request, facts, data, commands)
      : functionCommand(request, facts, data, commands));
  const [found, name, locations] = command ?? ['no slots', commands.references, []];
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
  const index = facts.variables.findIndex(
    (v) => v.name === data.name && v.line === data.line && v.column === data.column,
  );
  const variable = facts.variables[index];
  if (!variable) return null;
  const definition: Definition = {
    ...data,
    kind: NameKind.Variable,
    file: facts.path,
    static: variable.static,
    macro: variable.macro,
    index,
  };
  const table = tableOf(request, facts, definition, facts.path);
  if (!table) return null;
  const slots = count(table.slots.length, 'slot');
  if (table.installs.length)
    return [
      `${slots} · installed in ${count(table.installs.length, 'place')}`,
      commands.references,
      distinct(table.installs.map((r) => locationOf(request, registrationPlace(r), r.target.length))),
    ];
  return [
    slots,
    commands.implementations,
    distinct(table.slots.flatMap((s) => (s.definition ? [locationOf(request, s.definition, s.target.length)] : []))),
  ];
}

function functionCommand(
  request: Request,
  facts: FileFacts,
  data: LensData,
  commands: LensCommands,
): LensCommand | null {
  const index = facts.functions.findIndex((f) => f.name === data.name && f.line === data.line);
  const fn = facts.functions[index];
  if (!fn) return null;
  const definition: Definition = {
    ...data,
    kind: NameKind.Function,
    file: facts.path,
    static: fn.static,
    macro: fn.macro,
    index,
  };
  const { registrations } = usesOf(request, definition, facts.path);
  if (registrations.length === 0) return ['in no table in view', commands.references, []];
  const slots = [...new Set(registrations.map((r) => slotName(r) || r.variable))];
  const holders = new Set(registrations.map((r) => `${r.filePath}:${r.variable}`)).size;
  const title =
    slots.length === 1
      ? `${slots[0]} in ${count(holders, 'table')}`
      : slots.length === 2
        ? `${slots.join(', ')} in ${count(holders, 'table')}`
        : `${count(slots.length, 'slot')} in ${count(holders, 'table')}`;
  return [
    title,
    commands.references,
    distinct(registrations.map((r) => locationOf(request, registrationPlace(r), r.target.length))),
  ];
}
