/** References: every call and every registration of a slot, every registration of a function, every install of a table. */
import type { Location } from 'vscode-languageserver';
import { dispatchesOf } from '../resolve/dispatches.ts';
import { slotAnswer, usesOf } from '../resolve/slots.ts';
import { tablesOfStruct } from '../resolve/tables.ts';
import { type Ask, distinct, locationOf, thingOf } from './ask.ts';
import { registrationPlace } from './implementation.ts';

/** Places where the thing at a place (1-based line, byte column) is put to use, nearest first. */
export function references(ask: Ask, line: number, column: number, includeDeclaration: boolean): Location[] {
  const thing = thingOf(ask, line, column);
  if (!thing) return [];
  if (thing.kind === 'slot') {
    const { implementations, installs } = slotAnswer(
      ask.index,
      thing.owner,
      thing.member,
      ask.file.path,
      ask.architecture,
    );
    const all = [...implementations.flatMap((i) => i.registrations), ...installs];
    const own =
      includeDeclaration && thing.field
        ? [
            locationOf(
              ask,
              { file: thing.field.file, line: thing.field.field.line, column: thing.field.field.column },
              thing.member.length,
            ),
          ]
        : [];
    const { sites } = dispatchesOf(ask.index, thing.owner, thing.member, ask.file.path, ask.architecture);
    return distinct([
      ...own,
      ...sites.map((d) =>
        locationOf(ask, { file: d.filePath, line: d.line, column: d.column }, d.macro ? 0 : thing.member.length),
      ),
      ...all.map((r) => locationOf(ask, registrationPlace(r), r.target.length)),
    ]);
  }
  if (ask.besideOther) return [];
  if (thing.kind === 'function' || thing.kind === 'variable') {
    const { registrations } = usesOf(ask.index, thing.definition, ask.file.path, ask.architecture);
    const own = includeDeclaration ? [locationOf(ask, thing.definition, thing.word.length)] : [];
    return distinct([...own, ...registrations.map((r) => locationOf(ask, registrationPlace(r), r.target.length))]);
  }
  if (thing.kind === 'record') {
    const { tables } = tablesOfStruct(ask.index, thing.tag, ask.file.path, ask.architecture);
    return distinct(
      tables.map((t) => locationOf(ask, { file: t.path, line: t.line, column: t.column }, t.variable.length)),
    );
  }
  return [];
}
