/**
 * References: every place where a thing is used, by its word; of a slot also the registrations that don't name it. Beside
 * another server for plain C only what function pointers need: the calls and registrations of a slot, installs of tables.
 */
import type { Location } from 'vscode-languageserver';
import { dispatchesSeen } from '../../resolve/dispatch/dispatches.ts';
import { findReferences, type Reference } from '../../resolve/references/references.ts';
import { soughtAt } from '../../resolve/references/sought.ts';
import { slotAnswer } from '../../resolve/slots/slots.ts';
import type { Steps } from '../../resolve/steps.ts';
import { entityOf, located, type NamedPlace, type Request, uriOf } from '../request.ts';
import { registrationPlace } from './implementation.ts';

/** Where a search's finds go to while it goes on: LSP's partial results. */
export type Report = (locations: Location[]) => void;

/**
 * Locations that an answer holds where it can't be told in parts: to make one text of half a million takes hundreds of
 * megabytes here, and no editor can show them.
 */
export const MOST_LOCATIONS = 50_000;

/** Finds wait for each other so long: a message for each of thousands of files would take longer than the search. */
const REPORT_EVERY_MS = 100;

/**
 * Places where the thing at a place (1-based line, byte column) is used, nearest first, those of a file together. With
 * `report`, they are handed to it as they are found, and the answer itself is empty; without, there are MOST_LOCATIONS at
 * the most.
 */
export function* references(
  request: Request,
  line: number,
  column: number,
  includeDeclaration: boolean,
  report: Report | null = null,
): Steps<Location[]> {
  if (request.besideOther) return yield* slotReferences(request, line, column, includeDeclaration);
  const sought = soughtAt(request, request.file, line, column);
  if (!sought) return [];
  const out: Location[] = [];
  let waiting: Location[] = [];
  let reported = 0;
  const tell = (isLast: boolean): void => {
    // what is first seen is told at once
    if (!report || waiting.length === 0 || (!isLast && performance.now() - reported < REPORT_EVERY_MS)) return;
    report(waiting);
    waiting = [];
    reported = performance.now();
  };
  const search = findReferences(request, sought, {
    read: (path) => request.bytes(path),
    found(uses) {
      const wanted = uses.filter((u) => includeDeclaration || u.use !== 'declaration');
      const uri = uriOf(request.root, uses[0].file);
      for (const use of wanted) (report ? waiting : out).push(locationAt(uri, use));
      tell(false);
    },
  });
  while (out.length < MOST_LOCATIONS && !search.next().done) yield;
  tell(true);
  return out.slice(0, MOST_LOCATIONS);
}

function locationAt(uri: string, { line, character, length }: Reference): Location {
  const start = { line: line - 1, character };
  return { uri, range: { start, end: { line: start.line, character: character + length } } };
}

/** What function pointers need of references: calls and registrations of a slot, and installs of its tables. */
function* slotReferences(
  request: Request,
  line: number,
  column: number,
  includeDeclaration: boolean,
): Steps<Location[]> {
  const entity = entityOf(request, line, column);
  if (entity?.kind !== 'slot') return [];
  const { implementations, installs } = slotAnswer(request, entity.owner, entity.member, request.file.path);
  const all = [...implementations.flatMap((i) => i.registrations), ...installs];
  const places: NamedPlace[] = [];
  if (includeDeclaration && entity.field) {
    const { file, field } = entity.field;
    places.push({ at: { file, line: field.line, column: field.column }, length: entity.member.length });
  }
  const { sites } = dispatchesSeen(request, entity.owner, entity.member, request.file.path);
  for (const d of sites) places.push({ at: { ...d, file: d.filePath }, length: d.macro ? 0 : entity.member.length });
  for (const r of all) places.push({ at: registrationPlace(r), length: r.target.length });
  return yield* located(request, places);
}
