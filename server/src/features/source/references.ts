/** References: every call and every registration of a slot, every registration of a function, every install of a table. */
import type { Location } from 'vscode-languageserver';
import { dispatchesOf } from '../../resolve/dispatch/dispatches.ts';
import { slotAnswer, usesOf } from '../../resolve/slots/slots.ts';
import { tablesOfStruct } from '../../resolve/slots/tables.ts';
import type { Steps } from '../../resolve/steps.ts';
import { type Ask, located, type NamedPlace, thingOf } from '../request.ts';
import { registrationPlace } from './implementation.ts';

/** Places where the thing at a place (1-based line, byte column) is put to use, nearest first. */
export function* references(ask: Ask, line: number, column: number, includeDeclaration: boolean): Steps<Location[]> {
  const thing = thingOf(ask, line, column);
  if (!thing) return [];
  if (thing.kind === 'slot') {
    const { implementations, installs } = slotAnswer(ask, thing.owner, thing.member, ask.file.path);
    const all = [...implementations.flatMap((i) => i.registrations), ...installs];
    const places: NamedPlace[] = [];
    if (includeDeclaration && thing.field) {
      const { file, field } = thing.field;
      places.push({ at: { file, line: field.line, column: field.column }, length: thing.member.length });
    }
    const { sites } = dispatchesOf(ask, thing.owner, thing.member, ask.file.path);
    for (const d of sites) places.push({ at: { ...d, file: d.filePath }, length: d.macro ? 0 : thing.member.length });
    for (const r of all) places.push({ at: registrationPlace(r), length: r.target.length });
    return yield* located(ask, places);
  }
  if (ask.besideOther) return [];
  if (thing.kind === 'function' || thing.kind === 'variable') {
    const { registrations } = usesOf(ask, thing.definition, ask.file.path);
    const own = includeDeclaration ? [{ at: thing.definition, length: thing.word.length }] : [];
    return yield* located(ask, [
      ...own,
      ...registrations.map((r) => ({ at: registrationPlace(r), length: r.target.length })),
    ]);
  }
  if (thing.kind === 'record') {
    const { tables } = tablesOfStruct(ask, thing.tag, ask.file.path);
    return yield* located(
      ask,
      tables.map((t) => ({ at: { ...t, file: t.path }, length: t.variable.length })),
    );
  }
  return [];
}
