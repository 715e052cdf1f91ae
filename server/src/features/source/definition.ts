/** Go to definition: a slot leads to its member, a name to what it means in this file, a prototype to its body. */
import type { Location } from 'vscode-languageserver';
import { NameKind } from '../../index/store/postings.ts';
import { definitionsFrom } from '../../resolve/names/scope.ts';
import { exactSymbols } from '../../resolve/names/symbols.ts';
import { type Ask, distinct, type IndexPlace, locationOf, thingOf } from '../request.ts';

/** Where the thing at a place (1-based line, byte column) is defined. Empty beside another server for plain C. */
export function definition(ask: Ask, line: number, column: number): Location[] {
  const thing = thingOf(ask, line, column);
  if (!thing) return [];
  const at = (place: IndexPlace | null | undefined): Location[] =>
    place ? [locationOf(ask, place, thing.word.length)] : [];
  if (thing.kind === 'slot')
    return thing.field
      ? at({ file: thing.field.file, line: thing.field.field.line, column: thing.field.field.column })
      : [];
  if (ask.besideOther) return [];
  switch (thing.kind) {
    case 'variable':
      return at(thing.definition);
    case 'function': {
      const { definition } = thing;
      // the system call's own line, for a name that only its macro makes
      const line =
        definition.kind === NameKind.Declaration
          ? exactSymbols(ask, thing.word).find((s) => s.kind === NameKind.Function)
          : undefined;
      return at(line ?? definition);
    }
    case 'record':
      return at(thing.definition);
    case 'name': {
      const best = thing.definitions[0];
      const same = thing.definitions
        .filter((d) => d.kind === best.kind && (d.file === best.file || d.kind === NameKind.Macro))
        .slice(0, 10);
      return distinct(same.flatMap(at));
    }
    case 'local':
      return [];
  }
}

/** Where the thing at a place is declared: prototypes and externs; its definition where it has none. */
export function declaration(ask: Ask, line: number, column: number): Location[] {
  const thing = thingOf(ask, line, column);
  if (!thing || ask.besideOther) return [];
  if (thing.kind !== 'function' && thing.kind !== 'variable') return definition(ask, line, column);
  const declared = definitionsFrom(ask, thing.word, ask.file.path, [NameKind.Declaration]);
  return declared.length
    ? distinct(declared.slice(0, 10).map((d) => locationOf(ask, d, thing.word.length)))
    : definition(ask, line, column);
}
