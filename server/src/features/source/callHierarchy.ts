/**
 * Call hierarchy, through function pointers: between a caller and the functions that it may get to stands the slot, which
 * opens into them; what many functions stand in opens by folder. A dispatch's item opens into what hover shows there.
 */
import type { CallHierarchyItem } from 'vscode-languageserver';
import { NameKind } from '../../index/store/postings.ts';
import type { Entity, SlotEntity } from '../../resolve/cursor/cursor.ts';
import { functionAt } from '../../resolve/cursor/localScope.ts';
import { dispatchAt, pointerAt } from '../../resolve/dispatch/targets.ts';
import { slotAnswer } from '../../resolve/slots/slots.ts';
import { entityOf, type Request, rangeOf } from '../request.ts';
import { functionItem, pointerItem, slotItem, slotPlace } from './hierarchy/items.ts';

/** The function, macro or slot at a place (1-based line, byte column); null where calls have no part in what stands there. */
export function prepareCallHierarchy(request: Request, line: number, column: number): CallHierarchyItem[] | null {
  const entity = entityOf(request, line, column);
  switch (entity?.kind) {
    case 'function':
      return [functionItem(request, entity.definition)];
    case 'slot':
      return ofSlot(request, entity);
    case 'local':
      return ofPointer(request, entity);
    case 'name': {
      const macro = entity.definitions.find((d) => d.kind === NameKind.Macro);
      return macro ? [functionItem(request, macro)] : null;
    }
    default:
      return null;
  }
}

/** The slot as the dispatch at this place calls it; elsewhere, the whole slot. */
function ofSlot(request: Request, slot: SlotEntity): CallHierarchyItem[] | null {
  const { path } = request.file;
  const { owner, member } = slot;
  const here = dispatchAt(request, request.file, slot);
  const held = here?.targets ?? (owner ? slotAnswer(request, owner, member, path).implementations : []);
  if (!owner && held.length === 0) return null;
  const sites = here ? [{ line: here.line, column: here.column, name: member }] : [];
  const place = slotPlace(request, owner, member, { file: path, line: slot.line, column: slot.column });
  return [slotItem(request, { owner, member, from: path, sites, reached: null, folder: null }, held.length, place)];
}

/** A local or parameter that its function calls: the slot that it is taken out of, or the pointer itself. */
function ofPointer(request: Request, local: Extract<Entity, { kind: 'local' }>): CallHierarchyItem[] | null {
  const { path, facts } = request.file;
  const here = pointerAt(request, request.file, local);
  const fn = facts && functionAt(facts, local.line);
  if (!here || !fn) return null;
  const { line, column, owner, member } = here;
  const place = { file: path, line, column };
  const { word: name } = local;
  if (!owner) {
    const within = { kind: 'function' as const, name: fn.name, file: path, line: fn.line, column: fn.column };
    return [pointerItem(request, within, { name, line, column }, rangeOf(request, place, name.length))];
  }
  const data = { owner, member, from: path, sites: [{ line, column, name }], reached: null, folder: null };
  return [slotItem(request, data, here.targets.length, slotPlace(request, owner, member, place))];
}
