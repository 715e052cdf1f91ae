/** Hover on a slot: its signature and kernel-doc, how many functions stand in it, and the ones nearest to the reader. */
import { isFunctionPointer } from '../../../index/types/typing.ts';
import { byFolder } from '../../../kernel/proximity.ts';
import type { Entity, SlotEntity } from '../../../resolve/cursor/cursor.ts';
import { functionAt } from '../../../resolve/cursor/localScope.ts';
import { dispatchesSeen } from '../../../resolve/dispatch/dispatches.ts';
import { groupText } from '../../../resolve/dispatch/narrow.ts';
import type { Target } from '../../../resolve/dispatch/slotTargets.ts';
import { dispatchAt, pointerAt, type SiteTargets, slotOf } from '../../../resolve/dispatch/targets.ts';
import { installsOf } from '../../../resolve/slots/installs.ts';
import { nullChecks } from '../../../resolve/slots/nullChecks.ts';
import { type Registered, slotAnswer } from '../../../resolve/slots/slots.ts';
import {
  block,
  code,
  count,
  declare,
  foldersText,
  grouped,
  leftOutText,
  link,
  paragraphs,
  placeLink,
  plain,
  shortPlaceLink,
  table,
} from '../../markdown.ts';
import type { Request } from '../../request.ts';
import { slotDocTexts } from './docs.ts';

const BEST = 8;
const FOLDERS = 6;
const CALLERS = 6;

/** A slot's function, with what puts its tables into the pointer that a dispatch reads. */
type Shown = Pick<Target, 'definition' | 'registrations'> & Partial<Pick<Target, 'into' | 'passed'>>;

/** Markdown for a slot; null for a plain member that no function or table is put into. */
export function hoverSlot(request: Request, slot: SlotEntity): string | null {
  const here = dispatchAt(request, request.file, slot);
  const whole = here?.whole ?? slotAnswer(request, slot.owner, slot.member, request.file.path);
  const functions: readonly Shown[] = here?.targets ?? whole.implementations;
  const leftOut = here?.leftOut ?? whole.leftOut;
  const callable = slot.type !== null && isFunctionPointer(request.index.types, slot.type);
  const any = functions.length + whole.installs.length > 0;
  if (!callable && !any && request.besideOther) return null;
  const docs = slotDocTexts(request, slot);
  const at = slot.field && { file: slot.field.file, line: slot.field.field.line };
  return paragraphs(
    `**${plain(slot.owner ? `${slot.owner}.${slot.member}` : slot.member)}**${at ? ` · ${placeLink(request, at)}` : ''}`,
    slot.type && block(`${declare(slot.type.text, slot.member)};`),
    slot.evidence === 'name' && unknownText(Boolean(here?.narrowed), any || request.notYet !== null),
    docs.short,
    functions.length > 0 && functionsText(request, functions, `${hereText(here)} ${leftOutText(leftOut)}`),
    whole.installs.length > 0 && installsText(request, whole.installs, functions.length ? '' : leftOutText(leftOut)),
    callable && callersText(request, slot),
    callable && withoutText(request, slot),
    !any && (callable || (request.notYet !== null && !slot.type)) && noneText(request, leftOutText(leftOut)),
    docs.long,
  );
}

/** Markdown for a local or parameter that its function calls: what it may hold; null for any other. */
export function hoverPointer(request: Request, local: Extract<Entity, { kind: 'local' }>): string | null {
  const here = pointerAt(request, request.file, local);
  if (!here || here.targets.length === 0) return null;
  return paragraphs(
    here.owner !== '' && `**${plain(slotOf(here))}**`,
    !request.besideOther && block(`${declare(local.type.text, local.word)};`),
    functionsText(request, here.targets, `${hereText(here)} ${leftOutText(here.leftOut)}`),
  );
}

/** What is said of a slot that no function is known in. */
const noneText = ({ notYet }: Pick<Request, 'notYet'>, leftOut: string): string =>
  notYet ? `Its functions are ${notYet}.` : `No function is put here. ${leftOut}`;

function unknownText(bySignature: boolean, any: boolean): string {
  if (bySignature) return '_The struct is not known here._';
  const none = any ? '' : ' No function is registered under this name alone.';
  return `_The struct is not known here: by member name alone._${none}`;
}

/** What the dispatch itself tells of the slot's functions; '' elsewhere. */
function hereText(here: SiteTargets | null): string {
  if (!here) return '';
  const { narrowed, group, targets, whole } = here;
  const all = whole?.implementations.length ?? 0;
  const parts: string[] = [];
  if (narrowed) parts.push(`${all > targets.length ? `of ${grouped(all)} ` : ''}here: ${plain(narrowed)}`);
  if (group && group.count < targets.length)
    parts.push(`${grouped(group.count)} ${plain(groupText(group))}, the others ${group.others}`);
  else if (group) parts.push(plain(groupText(group)));
  return parts.map((p) => ` · ${p}`).join('');
}

function functionsText(request: Request, functions: readonly Shown[], here: string): string {
  const rows = functions
    .slice(0, BEST)
    .map((f) => [
      link(request, f.definition.name, f.definition),
      [tableText(request, f), installText(request, f)].filter(Boolean).join(' · '),
      shortPlaceLink(request, f.definition),
    ]);
  const rest = functions.slice(BEST);
  const folders = byFolder(rest, (i) => i.definition.file, request.file.path);
  return paragraphs(
    `**${count(functions.length, 'function')}**${here}`,
    table(['function', 'table · installed in', 'in'], rows),
    rest.length > 0 && `${count(rest.length, 'more function')}: ${foldersText(folders, FOLDERS)}`,
  );
}

/** The function that puts a table into a pointer. One cell with the table: four columns of places need a scroll bar. */
function installText(request: Request, f: Shown): string {
  const [install] = installsFor(request, f);
  return install?.function ? link(request, install.function, { file: install.filePath, line: install.targetLine }) : '';
}

/** What puts a function's tables into pointers: into the one that the dispatch reads, or else into any. */
function installsFor(request: Request, { into, registrations }: Shown): Registered[] {
  if (into?.length) return into;
  return registrations[0] ? installsOf(request, registrations[0], request.file.path) : [];
}

/** The table that a function stands in, or who put it there by a pointer. */
function tableText(request: Request, { registrations, passed }: Shown): string {
  const [first] = registrations;
  if (!first) return passed ? `by ${link(request, passed.function || '…', passed)}` : '';
  const others = registrations.length - 1;
  const place = { file: first.filePath, line: first.targetLine };
  return `${link(request, first.variable || '…', place)}${others ? ` + ${others}` : ''}`;
}

function callersText(request: Request, slot: SlotEntity): string | null {
  const { sites } = dispatchesSeen(request, slot.owner, slot.member, request.file.path);
  if (sites.length === 0) return null;
  const functions = new Map(sites.map((d) => [`${d.filePath} ${d.function}`, d]));
  const best = [...functions.values()]
    .slice(0, CALLERS)
    .map((d) => link(request, d.function || '…', { file: d.filePath, line: d.line }));
  const more = functions.size > CALLERS ? ` · ${grouped(functions.size - CALLERS)} more` : '';
  return `**Called** in ${count(sites.length, 'place')}: ${best.join(' · ')}${more}`;
}

/** What this file does where the slot is NULL. */
function withoutText(request: Request, slot: SlotEntity): string {
  const first = (request.file.facts && functionAt(request.file.facts, slot.line)?.name) ?? '';
  return nullChecks(request, request.file, slot, first)
    .map(({ function: name, file, line, text, where }) => {
      const test = where ? `, ${where.holds ? 'where' : 'unless'} ${code(where.text)}` : '';
      return `Without one${test}: ${text ? code(text) : 'the call is left out'} · ${link(request, name, { file, line })}`;
    })
    .join('  \n');
}

function installsText(request: Request, installs: readonly Registered[], leftOut: string): string {
  const tables = new Map(installs.map((r) => [r.target, r]));
  const best = [...tables.values()]
    .slice(0, BEST)
    .map(
      (r) =>
        `${link(request, r.target, { file: r.filePath, line: r.targetLine })}${r.function ? ` in ${code(r.function)}` : ''}`,
    );
  const more = tables.size > BEST ? ` · ${grouped(tables.size - BEST)} more` : '';
  return `**${count(tables.size, 'object')}** put here ${leftOut}: ${best.join(' · ')}${more}`;
}
