/** Hover on a table: its functions, what it leaves unset, where it is installed. */

import { NameKind } from '../../../index/store/postings.ts';
import type { Definition } from '../../../resolve/names/scope.ts';
import { testsOf } from '../../../resolve/slots/installs.ts';
import { slotName } from '../../../resolve/slots/slots.ts';
import { type Table, type TableSlot, tableOf } from '../../../resolve/slots/tables.ts';
import {
  code,
  conditionText,
  count,
  leftOutText,
  link,
  paragraphs,
  placeLink,
  plain,
  someOf,
  table,
  testsText,
} from '../../markdown.ts';
import type { Request } from '../../request.ts';

const MAX_ROWS = 40;
const MAX_INSTALLS = 6;

/** Markdown for the table a definition is; null where that variable is no table. */
export function hoverTable(request: Request, definition: Definition): string | null {
  const facts = request.index.facts(definition.file);
  const found = facts && tableOf(request, facts, definition, request.file.path);
  if (!found) return null;
  // an id table holds pointers to data: no table of functions
  const isOfFunctions = found.unset.length > 0 || found.slots.some((s) => s.definition?.kind !== NameKind.Variable);
  const one = isOfFunctions ? 'slot' : 'pointer';
  const kind = `${found.slots.length ? count(found.slots.length, one) : 'no slot'} set`;
  return paragraphs(
    `**${plain(found.name)}** · ${code(found.type.replace(/\b(struct|union) @\d*/g, '$1 { … }'))} · ${kind}`,
    table(
      isOfFunctions ? ['slot', 'function', 'in', 'condition'] : ['member', 'object', 'in', 'condition'],
      found.slots.slice(0, MAX_ROWS).map((s) => slotRow(request, found, s)),
    ),
    found.slots.length > MAX_ROWS && `… and ${count(found.slots.length - MAX_ROWS, `more ${one}`)}.`,
    found.unset.length > 0 && `${count(found.unset.length, 'more slot')} unset: ${plain(someOf(found.unset, 24))}`,
    installsText(request, found),
    found.condition && `Only where ${code(conditionText(found.condition))}`,
  );
}

function slotRow(request: Request, found: Table, s: TableSlot): string[] {
  const place =
    s.definition && s.definition.file !== found.file
      ? placeLink(request, s.definition)
      : s.definition
        ? `line ${s.definition.line}`
        : '';
  return [
    code(s.path.startsWith('[') || s.path === '' ? s.path || '=' : `.${s.path}`),
    link(request, s.target, s.definition),
    place,
    s.condition ? code(conditionText(s.condition)) : '',
  ];
}

function installsText(request: Request, found: Table): string {
  if (found.installs.length === 0) return '';
  const lines = found.installs.slice(0, MAX_INSTALLS).map((r) => {
    const where =
      r.function && r.kind !== 'init'
        ? `in ${link(request, r.function, { file: r.filePath, line: r.targetLine })}${r.by ? ` by ${code(r.by)}` : ''}`
        : r.path
          ? `in ${link(request, r.variable, { file: r.filePath, line: r.targetLine })}`
          : '';
    const into = r.owner ? slotName(r) : r.variable || 'registered';
    const condition = r.condition ? ` · if ${code(conditionText(r.condition))}` : '';
    const at = { file: r.filePath, line: r.targetLine, column: r.targetColumn };
    const tests = r.function && r.kind !== 'init' ? testsText(testsOf(request.index, at)) : '';
    return `- ${code(into)} ${where} · ${placeLink(request, at)}${tests}${condition}`;
  });
  const more = found.installs.length > MAX_INSTALLS ? `\n- … ${found.installs.length - MAX_INSTALLS} more` : '';
  return `Installed in ${count(found.installs.length, 'place')} ${leftOutText(found.leftOut)}\n${lines.join('\n')}${more}`;
}
