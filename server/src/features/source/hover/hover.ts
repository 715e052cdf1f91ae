/** Hover: what function pointers make of the thing under the cursor. */
import type { Hover } from 'vscode-languageserver';
import { NameKind } from '../../../index/store/postings.ts';
import type { Entity } from '../../../resolve/cursor/cursor.ts';
import { block, declare, paragraphs, placeLink, plain } from '../../markdown.ts';
import { entityOf, type Request, rangeOf } from '../../request.ts';
import { commentHover } from '../comment.ts';
import { wantedAt } from '../wanted.ts';
import { hoverFunction } from './function.ts';
import { hoverList } from './list.ts';
import { hoverMacro } from './macro.ts';
import { hoverRecord } from './record.ts';
import { hoverPointer, hoverSlot } from './slot.ts';
import { hoverTable } from './table.ts';

/** The hover at a place (1-based line, byte column), or null. */
export function hover(request: Request, line: number, column: number): Hover | null {
  const entity = entityOf(request, line, column);
  const word = entity ?? wantedAt(request, line, column);
  const text = entity ? textOf(request, entity) : word && `**${plain(word.word)}** · ${request.notYet}`;
  if (!word || !text) return commentHover(request, line, column);
  const value = paragraphs(text, request.partial && `_${request.partial}_`);
  return {
    contents: { kind: 'markdown', value },
    range: rangeOf(request, { file: request.file.path, line: word.line, column: word.column }, word.word.length),
  };
}

function textOf(request: Request, entity: Entity): string | null {
  switch (entity.kind) {
    case 'slot':
      return hoverSlot(request, entity);
    case 'variable':
      return (
        hoverTable(request, entity.definition) ??
        hoverList(request, entity.definition) ??
        plainVariable(request, entity)
      );
    case 'function':
      return hoverFunction(request, entity.definition);
    case 'record':
      return hoverRecord(request, entity.tag, entity.definition);
    case 'local':
      return (
        hoverPointer(request, entity) ?? (request.besideOther ? null : block(declare(entity.type.text, entity.word)))
      );
    case 'name':
      return request.besideOther ? null : (hoverMacro(request, entity) ?? plainName(request, entity));
  }
}

function plainVariable(request: Request, { definition, word }: Extract<Entity, { kind: 'variable' }>): string | null {
  const variable = request.index.facts(definition.file)?.variables[definition.index];
  if (request.besideOther || variable?.name !== word) return null;
  return paragraphs(
    `**${plain(word)}** · ${placeLink(request, definition)}`,
    block(`${variable.static ? 'static ' : ''}${declare(variable.type, word)};`),
  );
}

function plainName(request: Request, { definitions, word }: Extract<Entity, { kind: 'name' }>): string {
  const [first] = definitions;
  const what =
    { [NameKind.Enumerator]: 'enumerator', [NameKind.Typedef]: 'typedef' }[first.kind as number] ?? 'declared';
  return `**${plain(word)}** · ${what} · ${placeLink(request, first)}`;
}
