/**
 * Entries of linker sections: what NOKPROBE_SYMBOL, EXPORT_SYMBOL, ALLOW_ERROR_INJECTION, module_init and their like make
 * of a function's name. They note its address for a list that the linker puts together; nothing calls through them by
 * name, and nobody wrote their names.
 */

import { isTracepoint } from '../../index/link/holders.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind, type NamePosting, type Registration } from '../../index/store/postings.ts';
import type { TypeSource } from '../../index/types/source.ts';
import { findField, isFunctionPointer, remembered, resolveType } from '../../index/types/typing.ts';
import { staticCallOf } from '../../kernel/idioms.ts';

/**
 * Is a registration such an entry? A macro made the variable's name, and it is a bare pointer or number that no code calls
 * by that name, or a struct that keeps the address as a number. An object that a macro makes to be called through
 * (`DEVICE_ATTR_RO`, `DEFINE_SHOW_ATTRIBUTE`) has the function in a slot of its struct.
 */
export function isSectionEntry(index: IndexReader, r: Registration): boolean {
  if (r.kind === 'assign' || r.function || !r.variable) return false;
  // most stand in a slot that is called: no name needs to be looked up
  if (staticCallOf(r.variable) !== null || isTracepoint(r.holder)) return false;
  if (r.owner && (r.kind === 'install' || !isNumber(index.types, r.owner, r.member))) return false;
  const variable = madeByMacro(index, r);
  if (!variable) return false;
  if (r.owner) return true;
  if (variable.type.includes('[')) return false;
  const type = { text: variable.type, file: index.pathOf(r.file) };
  return !isFunctionPointer(index.types, type) || index.callersOf(r.variable).length === 0;
}

/** The variable of a registration, where a macro made its name. */
const madeByMacro = (index: IndexReader, r: Registration): NamePosting | undefined =>
  index
    .names(r.variable)
    .find((p) => p.file === r.file && p.kind === NameKind.Variable && (p.flags & NameFlag.Macro) !== 0);

/** What typedefs of numbers come to. */
const NUMBER = /^(?:(?:unsigned|signed|char|short|int|long|_Bool)(?: |$))+$/;

/** Does a slot hold numbers, so that no call goes through it? False where its struct isn't known. */
export const isNumber = (types: TypeSource, owner: string, member: string): boolean =>
  remembered(types, `number ${owner}.${member}`, () => holdsNumbers(types, owner, member));

function holdsNumbers(types: TypeSource, owner: string, member: string): boolean {
  for (const record of types.recordsByTag(owner)) {
    const found = findField(types, record, member);
    if (!found) continue;
    const { shape } = resolveType(types, { text: found.field.type, file: found.file });
    return shape.ops.every((op) => op === '[]') && NUMBER.test(shape.base);
  }
  return false;
}
