/** Hover on a struct type: its slots, and its tables by folder. */
import type { IndexReader } from '../../../index/read/reader.ts';
import type { RecordAt } from '../../../index/types/source.ts';
import { byFolder } from '../../../kernel/proximity.ts';
import type { Definition } from '../../../resolve/names/scope.ts';
import { functionMembers, tablesOfStruct } from '../../../resolve/slots/tables.ts';
import {
  count,
  docText,
  grouped,
  leftOutText,
  link,
  paragraphs,
  placeLink,
  plain,
  someOf,
  table,
} from '../../markdown.ts';
import type { Request } from '../../request.ts';

const FOLDERS = 8;
const EACH = 3;

/** Markdown for a struct; null where it has neither slots nor tables and another server tells the rest. */
export function hoverRecord(request: Request, tag: string, definition: Definition | null): string | null {
  const record = definition && recordOfDefinition(request.index, definition);
  const slots = record ? functionMembers(request.index.types, record) : [];
  const { tables, leftOut } = tablesOfStruct(request, tag, request.file.path);
  if (slots.length === 0 && tables.length === 0 && (request.besideOther || !record)) return null;
  const groups = byFolder(tables, (t) => t.path, request.file.path);
  const rows = groups.slice(0, FOLDERS).map((g) => [
    plain(g.folder.endsWith('/') ? g.folder : `${g.folder}/`),
    grouped(g.items.length),
    g.items
      .slice(0, EACH)
      .map((t) => link(request, t.variable, { file: t.path, line: t.line }))
      .join(' '),
  ]);
  return paragraphs(
    `**${record?.record.keyword ?? 'struct'} ${plain(tag)}**${definition ? ` · ${placeLink(request, definition)}` : ''}`,
    record?.record.doc && docText(record.record.doc, 300),
    slots.length > 0 && `${count(slots.length, 'slot')}: ${plain(someOf(slots, 30))}`,
    slots.length === 0 && !request.besideOther && record && count(record.record.fields.length, 'member'),
    tables.length > 0 && `**${count(tables.length, 'table')}** ${leftOutText(leftOut)}`,
    tables.length === 0 && slots.length > 0 && request.notYet && `Its tables are ${request.notYet}.`,
    table(['in', 'tables', 'nearest'], rows),
    groups.length > FOLDERS &&
      `… and ${count(
        groups.slice(FOLDERS).reduce((n, g) => n + g.items.length, 0),
        'more table',
      )} in ${count(groups.length - FOLDERS, groups[0].folder.endsWith('/') ? 'subsystem' : 'folder')}.`,
  );
}

/** The record that a definition is. */
function recordOfDefinition(index: IndexReader, definition: Definition): RecordAt | null {
  const id = index.fileId(definition.file);
  const record = id === undefined ? null : index.record(id, definition.index);
  return record ? { record, file: definition.file } : null;
}
