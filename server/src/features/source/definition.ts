/** Go to definition: a slot leads to its member, a name to what it means in this file, a prototype to its body. */
import type { Location } from 'vscode-languageserver';
import { NameKind } from '../../index/store/postings.ts';
import { definitionsFrom } from '../../resolve/names/scope.ts';
import { exactSymbols } from '../../resolve/names/symbols.ts';
import type { TreePlace } from '../../resolve/world.ts';
import { distinct, entityOf, locationOf, type Request } from '../request.ts';
import { commentDefinition } from './comment.ts';

/** Where the thing at a place (1-based line, byte column) is defined. Empty beside another server for plain C. */
export function definition(request: Request, line: number, column: number): Location[] {
  const entity = entityOf(request, line, column);
  if (!entity) return commentDefinition(request, line, column);
  const at = (place: TreePlace | null | undefined): Location[] =>
    place ? [locationOf(request, place, entity.word.length)] : [];
  if (entity.kind === 'slot')
    return entity.field
      ? at({ file: entity.field.file, line: entity.field.field.line, column: entity.field.field.column })
      : [];
  if (request.besideOther) return [];
  switch (entity.kind) {
    case 'variable':
      return at(entity.definition);
    case 'function': {
      const { definition } = entity;
      // the system call's own line, for a name that only its macro makes
      const line =
        definition.kind === NameKind.Declaration
          ? exactSymbols(request, entity.word).find((s) => s.kind === NameKind.Function)
          : undefined;
      return at(line ?? definition);
    }
    case 'record':
      return at(entity.definition);
    case 'name': {
      const best = entity.definitions[0];
      const same = entity.definitions
        .filter((d) => d.kind === best.kind && (d.file === best.file || d.kind === NameKind.Macro))
        .slice(0, 10);
      return distinct(same.flatMap(at));
    }
    case 'local':
      return [];
  }
}

/** Where the thing at a place is declared: prototypes and externs; its definition where it has none. */
export function declaration(request: Request, line: number, column: number): Location[] {
  const entity = entityOf(request, line, column);
  if (!entity || request.besideOther) return [];
  if (entity.kind !== 'function' && entity.kind !== 'variable') return definition(request, line, column);
  const declared = definitionsFrom(request, entity.word, request.file.path, [NameKind.Declaration]);
  return declared.length
    ? distinct(declared.slice(0, 10).map((d) => locationOf(request, d, entity.word.length)))
    : definition(request, line, column);
}
