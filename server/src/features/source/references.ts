/** References: every call and every registration of a slot, every registration of a function, every install of a table. */
import type { Location } from 'vscode-languageserver';
import { dispatchesSeen } from '../../resolve/dispatch/dispatches.ts';
import { slotAnswer, usesOf } from '../../resolve/slots/slots.ts';
import { tablesOfStruct } from '../../resolve/slots/tables.ts';
import type { Steps } from '../../resolve/steps.ts';
import { entityOf, located, type NamedPlace, type Request } from '../request.ts';
import { registrationPlace } from './implementation.ts';

/** Places where the thing at a place (1-based line, byte column) is put to use, nearest first. */
export function* references(
  request: Request,
  line: number,
  column: number,
  includeDeclaration: boolean,
): Steps<Location[]> {
  const entity = entityOf(request, line, column);
  if (!entity) return [];
  if (entity.kind === 'slot') {
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
  if (request.besideOther) return [];
  if (entity.kind === 'function' || entity.kind === 'variable') {
    const { registrations, entries } = usesOf(request, entity.definition, request.file.path);
    const own = includeDeclaration ? [{ at: entity.definition, length: entity.word.length }] : [];
    return yield* located(request, [
      ...own,
      ...[...registrations, ...entries].map((r) => ({ at: registrationPlace(r), length: r.target.length })),
    ]);
  }
  if (entity.kind === 'record') {
    const { tables } = tablesOfStruct(request, entity.tag, request.file.path);
    return yield* located(
      request,
      tables.map((t) => ({ at: { ...t, file: t.path }, length: t.variable.length })),
    );
  }
  return [];
}
