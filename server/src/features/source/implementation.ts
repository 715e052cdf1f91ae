/** Go to implementations: the functions in a slot, the tables of a struct, the objects that a pointer is given. */

import type { Location } from 'vscode-languageserver';
import { NameKind } from '../../index/store/postings.ts';
import { recordTag, typeShape } from '../../index/types/typeText.ts';
import type { SlotEntity } from '../../resolve/cursor/cursor.ts';
import { dispatchAt, pointerAt } from '../../resolve/dispatch/targets.ts';
import { type Definition, definitionsFrom } from '../../resolve/names/scope.ts';
import { type Registered, slotAnswer } from '../../resolve/slots/slots.ts';
import { tableOf, tablesOfStruct } from '../../resolve/slots/tables.ts';
import type { Steps } from '../../resolve/steps.ts';
import type { World } from '../../resolve/world.ts';
import { distinct, entityOf, located, locationOf, type Request } from '../request.ts';

/** Places of the implementations of the thing at a place (1-based line, byte column), nearest first. */
export function* implementation(request: Request, line: number, column: number): Steps<Location[]> {
  const entity = entityOf(request, line, column);
  switch (entity?.kind) {
    case 'slot':
      return yield* ofSlot(request, entity);
    case 'record':
      return yield* tablesOf(request, entity.tag);
    case 'local': {
      const held = pointerAt(request, request.file, entity);
      if (held) return yield* located(request, held.targets.map(placeOf));
      const tag = recordTag(typeShape(entity.type.text).base);
      return tag ? yield* tablesOf(request, tag) : [];
    }
    case 'variable': {
      const facts = request.index.facts(entity.definition.file);
      const table = facts && tableOf(request, facts, entity.definition, request.file.path);
      return distinct(
        (table?.slots ?? []).flatMap((s) => (s.definition ? [locationOf(request, s.definition, s.target.length)] : [])),
      );
    }
    case 'function':
      // where only a prototype is in sight of C, the body is the implementation
      return request.besideOther || entity.definition.kind === NameKind.Declaration
        ? []
        : [locationOf(request, entity.definition, entity.word.length)];
    default:
      return [];
  }
}

const placeOf = ({ definition }: { definition: Definition }) => ({ at: definition, length: definition.name.length });

function* ofSlot(request: Request, slot: SlotEntity): Steps<Location[]> {
  const here = dispatchAt(request, request.file, slot);
  const whole = here?.whole ?? slotAnswer(request, slot.owner, slot.member, request.file.path);
  return yield* located(request, [
    ...(here?.targets ?? whole.implementations).map(placeOf),
    ...whole.installs.map((r) => ({ at: objectOf(request, r), length: r.target.length })),
  ]);
}

/** Where a registration names its function. */
export const registrationPlace = (r: Registered): { file: string; line: number; column: number } => ({
  file: r.filePath,
  line: r.targetLine,
  column: r.targetColumn,
});

/** The object that an install puts into a pointer; the install itself where the object is out of sight. */
function objectOf(world: World, r: Registered): { file: string; line: number; column: number } {
  if (r.own?.kind === NameKind.Variable) return { file: r.filePath, line: r.own.line, column: r.own.column };
  return definitionsFrom(world, r.target, r.filePath, [NameKind.Variable])[0] ?? registrationPlace(r);
}

function* tablesOf(request: Request, tag: string): Steps<Location[]> {
  const { tables } = tablesOfStruct(request, tag, request.file.path);
  return yield* located(
    request,
    tables.map((t) => ({ at: { ...t, file: t.path }, length: t.variable.length })),
  );
}
