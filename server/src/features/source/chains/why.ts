/** All that is known of one step of a chain, as lines of a tooltip: tables, where they are installed, the lines of source. */

import type { Location } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { pathOfPlace } from '../../../index/modules/mounts.ts';
import { groupText } from '../../../resolve/dispatch/narrow.ts';
import { siteAt, siteFile, targets } from '../../../resolve/dispatch/targets.ts';
import { definitionAt } from '../../../resolve/names/scope.ts';
import { installsOf, testsOf } from '../../../resolve/slots/installs.ts';
import { type Registered, slotName } from '../../../resolve/slots/slots.ts';
import type { Steps } from '../../../resolve/steps.ts';
import { conditionText, count, grouped } from '../../markdown.ts';
import type { FunctionData, HierarchyRequest, ItemData, SlotData } from '../hierarchy/items.ts';
import { registrationsIn, registrationText } from './links.ts';
import type { ChainLink, ChainNode } from './model.ts';

/** Further tables and calls that are told, and installs of the first table; of what is left, how many there are. */
const MOST = 3;
const MOST_INSTALLS = 2;
const MOST_TESTS = 2;

/** A step of a chain with both its ends. */
interface Step {
  from: ChainNode;
  to: ChainNode;
  link: ChainLink;
}

/** Lines that tell of one step; those that begin with a tab are lines of source. */
export function* chainWhy(request: HierarchyRequest, { from, to, link }: Step): Steps<string[]> {
  const holder = from.data as ItemData;
  const held = to.data as ItemData;
  if (link.kind === 'member' && holder.kind === 'slot' && held.kind === 'function') {
    const lines = yield* ofMember(request, holder, held, link);
    if (lines.length > 0) return lines;
  }
  const written = placesText(request, link.places);
  if (link.kind === 'dispatch' && held.kind === 'slot') return [...written, ...ofDispatch(request, held)];
  return written.length > 0 ? written : link.why;
}

/** A line of source, as the editor or the disk has it; '' where there is none. */
function sourceLine(request: HierarchyRequest, file: string, line: number): string {
  const text = request.bytes(file)?.toString('utf8').split('\n', line)[line - 1];
  return text === undefined ? '' : `\t${text.trim()}`;
}

/** Places with their lines. */
function placesText(request: HierarchyRequest, places: readonly Location[]): string[] {
  const out: string[] = [];
  for (const { uri, range } of places.slice(0, MOST)) {
    const file = pathOfPlace(request.root, URI.parse(uri).fsPath);
    if (file === null) continue;
    out.push(`${file}:${range.start.line + 1}`, sourceLine(request, file, range.start.line + 1));
  }
  if (places.length > MOST) out.push(`… ${places.length - MOST} more`);
  return out.filter(Boolean);
}

/** What a dispatch's own place tells of its targets: `of 79 here: …`. */
function ofDispatch(request: HierarchyRequest, { from, sites }: SlotData): string[] {
  const facts = request.index.facts(from);
  if (!facts) return [];
  const file = siteFile(request, facts, () => request.view(from));
  const out = new Set<string>();
  for (const place of sites.slice(0, MOST)) {
    const site = siteAt(facts, place, place.name);
    const found = site && targets(file, site);
    if (!found) continue;
    const all = found.whole?.implementations.length ?? 0;
    const { length } = found.targets;
    if (found.narrowed)
      out.add(`${all > length ? `${grouped(length)} of ${grouped(all)} ` : ''}here: ${found.narrowed}`);
    if (found.group) {
      const { count: first, others } = found.group;
      const rest = first < length ? `, the others ${others}` : '';
      out.add(`${grouped(first)} ${groupText(found.group)}${rest}`);
    }
  }
  return [...out];
}

/** The tables that put a function into a slot, each with what installs it. */
function* ofMember(request: HierarchyRequest, slot: SlotData, fn: FunctionData, link: ChainLink): Steps<string[]> {
  const definition = definitionAt(request.index, fn);
  if (!definition) return [];
  const from = slot.from || fn.file;
  const all = registrationsIn(request, slot, definition, from).sort((a, b) => at(link, a) - at(link, b));
  const out: string[] = [];
  const [first, ...others] = all;
  if (!first) return [];
  out.push(registrationText(first), sourceLine(request, first.filePath, first.targetLine));
  const installs = installsOf(request, first, first.filePath);
  for (const install of installs.slice(0, MOST_INSTALLS)) {
    yield;
    out.push(...installText(request, install));
  }
  if (installs.length > MOST_INSTALLS)
    out.push(`… installed in ${count(installs.length - MOST_INSTALLS, 'more place')}`);
  out.push(...others.slice(0, MOST).map((r) => `also ${registrationText(r)}`));
  if (others.length > MOST) out.push(`… in ${count(others.length - MOST, 'more table')}`);
  return out.filter(Boolean);
}

/** Which of a link's places a registration is: those of the context come first. */
function at({ places }: ChainLink, { filePath, targetLine }: Registered): number {
  const n = places.findIndex(({ uri, range }) => range.start.line === targetLine - 1 && uri.endsWith(`/${filePath}`));
  return n < 0 ? places.length : n;
}

/** Where a table is put into a pointer, and what must hold for that to run. */
function installText(request: HierarchyRequest, r: Registered): string[] {
  const at = { file: r.filePath, line: r.targetLine, column: r.targetColumn };
  const tests = r.function && r.kind !== 'init' ? testsOf(request.index, at).slice(0, MOST_TESTS) : [];
  const conditions = [
    ...tests.map((t) => ` · ${t.holds ? 'if' : 'unless'} ${t.text}`),
    ...(r.condition ? [` · if ${conditionText(r.condition)}`] : []),
  ];
  const where = r.function ? ` in ${r.function}${r.by ? ` by ${r.by}` : ''}` : '';
  const line = `installed as ${r.owner ? slotName(r) : r.variable}${where} · ${at.file}:${at.line}${conditions.join('')}`;
  return [line, sourceLine(request, at.file, at.line)];
}
