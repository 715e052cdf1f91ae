/** Hover: what function pointers make of the thing under the cursor. */
import type { Hover } from 'vscode-languageserver';
import { NameKind } from '../../../index/store/postings.ts';
import type { Thing } from '../../../resolve/cursor/cursor.ts';
import { block, declare, paragraphs, placeLink, plain } from '../../markdown.ts';
import { type Ask, rangeOf, thingOf } from '../../request.ts';
import { hoverFunction } from './function.ts';
import { hoverRecord } from './record.ts';
import { hoverSlot } from './slot.ts';
import { hoverTable } from './table.ts';

/** The hover at a place (1-based line, byte column), or null. */
export function hover(ask: Ask, line: number, column: number): Hover | null {
  const thing = thingOf(ask, line, column);
  const text = thing && textOf(ask, thing);
  if (!thing || !text) return null;
  const value = paragraphs(text, ask.partial && `_${ask.partial}_`);
  return {
    contents: { kind: 'markdown', value },
    range: rangeOf(ask, { file: ask.file.path, line: thing.line, column: thing.column }, thing.word.length),
  };
}

function textOf(ask: Ask, thing: Thing): string | null {
  switch (thing.kind) {
    case 'slot':
      return hoverSlot(ask, thing);
    case 'variable':
      return hoverTable(ask, thing.definition) ?? plainVariable(ask, thing);
    case 'function':
      return hoverFunction(ask, thing.definition);
    case 'record':
      return hoverRecord(ask, thing.tag, thing.definition);
    case 'local':
      return ask.besideOther ? null : block(declare(thing.type.text, thing.word));
    case 'name':
      return ask.besideOther ? null : plainName(ask, thing);
  }
}

function plainVariable(ask: Ask, { definition, word }: Extract<Thing, { kind: 'variable' }>): string | null {
  const variable = ask.index.facts(definition.file)?.variables[definition.index];
  if (ask.besideOther || variable?.name !== word) return null;
  return paragraphs(
    `**${plain(word)}** · ${placeLink(ask, definition)}`,
    block(`${variable.static ? 'static ' : ''}${declare(variable.type, word)};`),
  );
}

function plainName(ask: Ask, { definitions, word }: Extract<Thing, { kind: 'name' }>): string {
  const [first] = definitions;
  const what =
    { [NameKind.Macro]: 'macro', [NameKind.Enumerator]: 'enumerator', [NameKind.Typedef]: 'typedef' }[
      first.kind as number
    ] ?? 'declared';
  return `**${plain(word)}** · ${what} · ${placeLink(ask, first)}`;
}
