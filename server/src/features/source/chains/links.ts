/** How one node of a chain gets to another, in words and places. */

import { holderName } from '../../../index/link/holders.ts';
import type { Registration } from '../../../index/store/postings.ts';
import type { GraphEdge } from '../../../resolve/graph/nodes.ts';
import { nodeName } from '../../../resolve/graph/nodes.ts';
import type { Definition } from '../../../resolve/names/scope.ts';
import { type Registered, slotOfUse, usesOf } from '../../../resolve/slots/slots.ts';
import type { TreePlace } from '../../../resolve/world.ts';
import { conditionText, count } from '../../markdown.ts';
import type { HierarchyRequest, newColumns } from '../hierarchy/items.ts';
import { type Held, howText } from '../hierarchy/outgoing.ts';
import type { ChainLink, ChainNode } from './model.ts';
import { locations } from './nodes.ts';

const MAX_TABLES = 3;
const KINDS: Readonly<Record<GraphEdge['kind'], ChainLink['kind']>> = {
  ...{ call: 'call', macro: 'call', dispatch: 'dispatch' },
  ...{ registered: 'member', argument: 'argument', pointer: 'flow' },
};

/** The surest evidence among edges; a call by name is just that. */
function evidenceOf(edges: readonly GraphEdge[]): string {
  if (edges.some((e) => e.kind === 'call' || e.kind === 'macro')) return 'named';
  return (['typed', 'flow', 'name'] as const).find((word) => edges.some((e) => e.evidence === word)) ?? 'name';
}

const many = (n: number, one: string): string => (n > 1 ? count(n, one) : '');

const throughText = ({ through }: GraphEdge): string => through.map((t) => t.definition.name).join(' → ');

/** How edges of one kind between the same two nodes lead on, in a few words. */
function howOf(edges: readonly GraphEdge[]): string {
  const [first] = edges;
  switch (first.kind) {
    case 'macro':
      return 'by the macro';
    case 'argument':
      return `hands it to ${throughText(first)}`;
    case 'pointer':
      return `by a pointer${first.through.length > 0 ? `, given by ${throughText(first)}` : ''}`;
    case 'registered': {
      const tables = edges.filter((e) => e.through.length === 0);
      const by = [...new Set((tables.length > 0 ? tables : edges).map((e) => e.by))];
      const shown = by.slice(0, MAX_TABLES).join(', ');
      const more = by.length > MAX_TABLES ? ` + ${by.length - MAX_TABLES}` : '';
      return `${tables.length > 0 ? 'in' : 'put there by'} ${shown}${more}`;
    }
    default:
      return many(edges.length, first.kind === 'dispatch' ? 'dispatch' : 'call').replace(/dispatchs$/, 'dispatches');
  }
}

const placeText = ({ file, line }: Pick<TreePlace, 'file' | 'line'>): string => `${file}:${line}`;

const onlyIf = (condition: string | null): string => (condition ? ` · if ${conditionText(condition)}` : '');

/** `ext4_file_vm_ops · fs/ext4/file.c:757 · if CONFIG_FS_DAX`: where a function is put into a slot. */
export const registrationText = (
  r: Pick<Registration, 'variable' | 'targetLine' | 'condition'> & Pick<Registered, 'filePath'>,
): string => `${r.variable || '…'} · ${placeText({ file: r.filePath, line: r.targetLine })}${onlyIf(r.condition)}`;

/** The link that edges of the call graph between the same two nodes are. `columns`: of names in lines without one. */
export function linkOfEdges(
  request: HierarchyRequest,
  edges: readonly GraphEdge[],
  from: ChainNode,
  to: ChainNode,
  columns: ReturnType<typeof newColumns>,
): ChainLink {
  const [first] = edges;
  const name = first.to.kind === 'slot' ? holderName(first.to.member) : nodeName(first.to);
  const isRow = first.kind === 'registered' && first.through.length === 0;
  return {
    from: from.id,
    to: to.id,
    kind: KINDS[first.kind],
    evidence: evidenceOf(edges),
    how: howOf(edges),
    why: isRow
      ? edges.slice(0, MAX_TABLES).map((e) => `${e.by} · ${placeText(e.place)}${onlyIf(e.condition)}`)
      : edges.slice(0, MAX_TABLES).map((e) => placeText(e.place)),
    places: locations(
      request,
      edges.map((e) => columns(e.place, name)),
      first.kind === 'pointer' ? '' : name,
    ),
  };
}

/** The link from a slot or a pointer to a function that it holds. */
export function linkOfHeld(
  request: HierarchyRequest,
  held: Held,
  { from, to }: Pick<ChainLink, 'from' | 'to'>,
  isMember: boolean,
): ChainLink {
  const { registrations, passed, definition } = held;
  const [first] = registrations;
  const evidence = held.evidence ?? (first?.evidence === 'name' ? 'name' : 'typed');
  const places = registrations.map((r) => ({ file: r.filePath, line: r.targetLine, column: r.targetColumn }));
  const how = howText({ registrations, passed: passed ?? null });
  return {
    from,
    to,
    kind: isMember ? 'member' : 'flow',
    evidence,
    how: registrations.length > 0 ? `in ${how}` : how,
    why: [
      ...registrations.slice(0, MAX_TABLES).map(registrationText),
      ...(first || !passed ? [] : [`put there by ${passed.function} · ${placeText(passed)}`]),
    ],
    places: locations(request, first || !passed ? places : [passed], definition.name),
  };
}

/** Where a function is put into a slot, the tables nearest to the file `from` first. */
export function registrationsIn(
  request: HierarchyRequest,
  { owner, member }: { owner: string; member: string },
  definition: Definition,
  from: string,
): Registered[] {
  const { registrations, entries } = usesOf(request, definition, from);
  return [...registrations, ...entries].filter((r) => {
    const slot = slotOfUse(request, r);
    return r.kind !== 'install' && slot.member === member && slot.owner === owner;
  });
}
