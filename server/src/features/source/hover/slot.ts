/** Hover on a slot: its signature and kernel-doc, how many functions stand in it, and the ones nearest to the reader. */
import { isFunctionPointer } from '../../../index/types/typing.ts';
import { byFolder } from '../../../kernel/proximity.ts';
import type { SlotThing } from '../../../resolve/cursor/cursor.ts';
import { functionAt } from '../../../resolve/cursor/localScope.ts';
import { dispatchesOf } from '../../../resolve/dispatch/dispatches.ts';
import { groupText } from '../../../resolve/dispatch/narrow.ts';
import { implementationsAt } from '../../../resolve/dispatch/targets.ts';
import { installsOf } from '../../../resolve/slots/installs.ts';
import { nullChecks } from '../../../resolve/slots/installTests.ts';
import { type Implementation, type Registered, type SlotAnswer, slotAnswer } from '../../../resolve/slots/slots.ts';
import {
  block,
  code,
  count,
  declare,
  docText,
  grouped,
  leftOutText,
  link,
  paragraphs,
  placeLink,
  plain,
  table,
} from '../../markdown.ts';
import type { Request } from '../../request.ts';

const BEST = 8;
const FOLDERS = 6;
const CALLERS = 6;

/** A slot's functions, with what puts their tables into the pointer that a dispatch reads. */
interface Functions extends Pick<SlotAnswer, 'leftOut'> {
  implementations: (Implementation & { into?: Registered[] })[];
}

/** Markdown for a slot; null for a plain member that no function or table is put into. */
export function hoverSlot(request: Request, slot: SlotThing): string | null {
  const whole = slotAnswer(request, slot.owner, slot.member, request.file.path);
  const here = implementationsAt(request, request.file, slot, whole.implementations);
  const answer = here ? { ...whole, implementations: here.reached } : whole;
  const callable = slot.type !== null && isFunctionPointer(request.index.types, slot.type);
  const any = answer.implementations.length + answer.installs.length > 0;
  if (!callable && !any && request.besideOther) return null;
  const at = slot.field && { file: slot.field.file, line: slot.field.field.line };
  return paragraphs(
    `**${plain(slot.owner ? `${slot.owner}.${slot.member}` : slot.member)}**${at ? ` · ${placeLink(request, at)}` : ''}`,
    slot.type && block(`${declare(slot.type.text, slot.member)};`),
    slot.evidence === 'name' && unknownText(Boolean(here?.narrowed), any),
    slot.field?.field.doc && docText(slot.field.field.doc),
    answer.implementations.length > 0 && functionsText(request, answer, hereText(here, whole.implementations.length)),
    answer.installs.length > 0 && installsText(request, answer),
    callable && callersText(request, slot),
    callable && withoutText(request, slot),
    callable && !any && `No function is put here. ${leftOutText(answer.leftOut)}`,
  );
}

function unknownText(bySignature: boolean, any: boolean): string {
  if (bySignature) return '_The struct is not known here._';
  const none = any ? '' : ' No function is registered under this name alone.';
  return `_The struct is not known here: by member name alone._${none}`;
}

/** What the dispatch itself tells of the slot's functions; '' elsewhere. */
function hereText(here: ReturnType<typeof implementationsAt>, all: number): string {
  if (!here) return '';
  const { narrowed, group, reached } = here;
  const parts: string[] = [];
  if (narrowed) parts.push(`${all > reached.length ? `of ${grouped(all)} ` : ''}here: ${plain(narrowed)}`);
  if (group && group.count < reached.length)
    parts.push(`${grouped(group.count)} ${plain(groupText(group))}, the others ${group.others}`);
  else if (group) parts.push(plain(groupText(group)));
  return parts.map((p) => ` · ${p}`).join('');
}

function functionsText(request: Request, { implementations, leftOut }: Functions, here: string): string {
  const best = implementations.slice(0, BEST);
  const rows = best.map((i) => {
    const [first] = i.registrations;
    const others = i.registrations.length - 1;
    const [install] = i.into?.length ? i.into : installsOf(request, first, request.file.path);
    return [
      link(request, i.name, i.definition),
      `${link(request, first.variable || '…', { file: first.filePath, line: first.targetLine })}${others ? ` + ${others}` : ''}`,
      install?.function ? link(request, install.function, { file: install.filePath, line: install.targetLine }) : '',
      placeLink(request, i.definition),
    ];
  });
  const installed = rows.some((row) => row[2] !== '');
  const rest = implementations.slice(BEST);
  const folders = byFolder(rest, (i) => i.definition.file);
  const more = folders.slice(0, FOLDERS).map((g) => `${code(g.folder)} ${g.items.length}`);
  const others = folders.length > FOLDERS ? ` · ${count(folders.length - FOLDERS, 'more folder')}` : '';
  return paragraphs(
    `**${count(implementations.length, 'function')}**${here} ${leftOutText(leftOut)}`,
    installed
      ? table(['function', 'table', 'installed in', 'in'], rows)
      : table(
          ['function', 'table', 'in'],
          rows.map(([name, of, , place]) => [name, of, place]),
        ),
    rest.length > 0 && `${grouped(rest.length)} more: ${more.join(' · ')}${others}`,
  );
}

function callersText(request: Request, slot: SlotThing): string | null {
  const { sites } = dispatchesOf(request, slot.owner, slot.member, request.file.path);
  if (sites.length === 0) return null;
  const functions = new Map(sites.map((d) => [`${d.filePath} ${d.function}`, d]));
  const best = [...functions.values()]
    .slice(0, CALLERS)
    .map((d) => link(request, d.function || '…', { file: d.filePath, line: d.line }));
  const more = functions.size > CALLERS ? ` · ${grouped(functions.size - CALLERS)} more` : '';
  return `**Called** in ${count(sites.length, 'place')}: ${best.join(' · ')}${more}`;
}

/** What this file does where the slot is NULL. */
function withoutText(request: Request, slot: SlotThing): string {
  const first = (request.file.facts && functionAt(request.file.facts, slot.line)?.name) ?? '';
  return nullChecks(request, request.file, slot, first)
    .map(({ function: name, file, line, text, where }) => {
      const test = where ? `, ${where.holds ? 'where' : 'unless'} ${code(where.text)}` : '';
      return `Without one${test}: ${text ? code(text) : 'the call is left out'} · ${link(request, name, { file, line })}`;
    })
    .join('  \n');
}

function installsText(request: Request, { installs, leftOut, implementations }: SlotAnswer): string {
  const tables = new Map(installs.map((r) => [r.target, r]));
  const best = [...tables.values()]
    .slice(0, BEST)
    .map(
      (r) =>
        `${link(request, r.target, { file: r.filePath, line: r.targetLine })}${r.function ? ` in ${code(r.function)}` : ''}`,
    );
  const more = tables.size > BEST ? ` · ${grouped(tables.size - BEST)} more` : '';
  return `**${count(tables.size, 'object')}** put here ${implementations.length ? '' : leftOutText(leftOut)}: ${best.join(' · ')}${more}`;
}
