/** Hover on a function: its signature, and the slots of the tables that it stands in. */
import { NameKind } from '../../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../../kernel/domain.ts';
import { isInitcall } from '../../../kernel/entries.ts';
import { byFolder } from '../../../kernel/proximity.ts';
import { edgesInto } from '../../../resolve/graph/graph.ts';
import { type GraphEdge, type GraphNode, graphOf, nodeKey, nodeName } from '../../../resolve/graph/nodes.ts';
import type { Definition } from '../../../resolve/names/scope.ts';
import { byNearness, type Registered, slotName, usesOf } from '../../../resolve/slots/slots.ts';
import {
  block,
  code,
  conditionText,
  count,
  declare,
  foldersText,
  grouped,
  leftOutText,
  link,
  paragraphs,
  placeLink,
  plain,
  table,
} from '../../markdown.ts';
import type { Request } from '../../request.ts';
import { functionDocText, linesOf } from './docs.ts';

const MAX_ROWS = 12;
const MAX_FOLDERS = 6;
const CALLERS = 6;
/** Callers of what is called more often are not told apart from those of another function of the name. */
const MANY_CALLERS = 400;

/** Markdown for a function; null beside another server where it stands in no table. */
export function hoverFunction(request: Request, definition: Definition): string | null {
  const { registrations, entries, leftOut } = usesOf(request, definition, request.file.path);
  if (registrations.length === 0 && request.besideOther) return null;
  const slots = new Set(registrations.map(slotName));
  const rest = registrations.slice(MAX_ROWS);
  return paragraphs(
    `**${plain(definition.name)}** · ${definition.kind === NameKind.Declaration ? 'declared in ' : ''}${placeLink(request, definition)}`,
    !request.besideOther && block(signatureOf(request, definition)),
    !request.besideOther && functionDocText(request, definition),
    registrations.length > 0 &&
      `**Registered** in ${count(registrations.length, 'place')}${slots.size > 1 ? `, ${count(slots.size, 'slot')}` : ''} ${leftOutText(leftOut)}`,
    table(
      ['slot', 'table', 'in', 'condition'],
      registrations.slice(0, MAX_ROWS).map((r) => row(request, r)),
    ),
    rest.length > 0 &&
      `… and ${count(rest.length, 'more place')}: ${foldersText(
        byFolder(rest, (r) => r.filePath, request.file.path),
        MAX_FOLDERS,
      )}`,
    entriesText(request, definition, entries),
    callersText(request, definition) ?? notYetText(request, definition),
  );
}

/** The macros that put a function on a list of the linker's, `module_init`; those of initcalls come first. */
function entriesText(request: Request, definition: Definition, entries: readonly Registered[]): string {
  const macros = (list: readonly Registered[]): string => {
    const links = new Map<string, string>();
    for (const r of list) {
      const at = { file: r.filePath, line: r.line };
      const macro = /^\s*(\w+)\s*\(/.exec(linesOf(request, at.file)[at.line - 1] ?? '')?.[1];
      if (macro && !(at.file === definition.file && at.line === definition.line))
        links.set(macro, link(request, macro, at));
    }
    return [...links.values()].join(' · ');
  };
  const boot = macros(entries.filter((r) => isInitcall(r.variable)));
  const lists = macros(entries.filter((r) => !isInitcall(r.variable)));
  return [boot && `**Initcall** by ${boot}`, lists && `**Listed** by ${lists}`].filter(Boolean).join('  \n');
}

/** What an index that is still being built can't tell of a function without callers, or without a body. */
function notYetText({ notYet }: Request, { kind }: Definition): string | null {
  if (notYet === null) return null;
  return kind === NameKind.Declaration ? `Its definition is ${notYet}.` : `Its callers are ${notYet}.`;
}

/** Who calls the function by its name, and who hands it on. */
function callersText(request: Request, definition: Definition): string | null {
  if (definition.kind !== NameKind.Function) return null;
  const own = domainOf(definition.file);
  const { index, architecture } = request;
  const named = index
    .callersOf(definition.name)
    .filter((c) => sameDomain(own, domainOf(index.pathOf(c.file)), architecture));
  if (named.length > MANY_CALLERS) return `**Called** in ${count(named.length, 'function')}.`;
  const node: GraphNode = { kind: 'function', definition };
  const edges = edgesInto(graphOf(request, node), node);
  const nearer = byNearness(request.file.path);
  const callers = new Map<string, GraphEdge>();
  for (const e of edges) if (e.from.kind !== 'slot') callers.set(`${nodeKey(e.from)} ${e.kind === 'argument'}`, e);
  if (callers.size === 0) return null;
  const best = [...callers.values()]
    .sort((a, b) => nearer(a.place.file, b.place.file) || a.place.line - b.place.line)
    .slice(0, CALLERS)
    .map((e) => {
      const to = e.through.map((t) => code(t.definition.name)).join(' → ');
      return `${link(request, nodeName(e.from), e.place)}${e.kind === 'argument' ? ` (handed to ${to})` : ''}`;
    });
  const more = callers.size > CALLERS ? ` · ${grouped(callers.size - CALLERS)} more` : '';
  return `**Called** in ${count(callers.size, 'function')}: ${best.join(' · ')}${more}`;
}

function row(request: Request, r: Registered): string[] {
  const at = { file: r.filePath, line: r.targetLine };
  const holder = r.variable || r.function || '…';
  const into =
    r.kind === 'assign' && r.function
      ? `${link(request, holder, at)} in ${code(r.function)}`
      : link(request, holder, at);
  return [
    code(r.owner ? slotName(r) : r.path || r.member || '='),
    into,
    placeLink(request, at),
    r.condition ? code(conditionText(r.condition)) : '',
  ];
}

/** The function's head as C has it; its name alone where only assembly has it. */
function signatureOf(request: Pick<Request, 'index'>, definition: Definition): string {
  const facts = request.index.facts(definition.file);
  if (definition.kind === NameKind.Declaration) {
    const declared = facts?.declarations[definition.index];
    return declared?.name === definition.name ? declare(declared.type, `${definition.name}(…)`) : definition.name;
  }
  const f = definition.kind === NameKind.Function ? facts?.functions[definition.index] : undefined;
  if (f?.name !== definition.name) return definition.name;
  const params = f.params
    .map((p) => (p.type === '...' ? '...' : p.name && p.type ? declare(p.type, p.name) : p.type || p.name))
    .join(', ');
  // what a macro makes of them may be no list that can be read
  const isRead = f.params.every((p) => /^[\w.]*$/.test(p.name));
  const name = `${f.name}(${isRead ? params || 'void' : '…'})`;
  return `${f.static ? 'static ' : ''}${f.inline ? 'inline ' : ''}${f.returnType}${f.returnType.endsWith('*') ? '' : ' '}${name}`;
}
