/** Nodes of chains, of the call hierarchy's items and of the call graph's nodes: the same for the same thing. */

import type { CallHierarchyItem, Location } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { isHolder } from '../../../index/link/holders.ts';
import { pathOfPlace } from '../../../index/modules/mounts.ts';
import { partOf } from '../../../kernel/layout.ts';
import { subsystemOf } from '../../../kernel/proximity.ts';
import type { GraphEdge, GraphNode } from '../../../resolve/graph/nodes.ts';
import type { TreePlace } from '../../../resolve/world.ts';
import { locationOf } from '../../request.ts';
import { functionItem, type HierarchyRequest, type ItemData, slotItem, slotPlace } from '../hierarchy/items.ts';
import type { ChainNode } from './model.ts';

/** What a file's functions are grouped by: its own part of the tree, `fs/ext4`, else its subsystem, `mm`. */
export const groupOf = (file: string): string => (file === '' ? '' : partOf(file) || subsystemOf(file));

/** Text that tells apart what items stand for. A slot whose struct isn't known is another one at each dispatch. */
function idOf(data: ItemData): string {
  switch (data.kind) {
    case 'slot': {
      const { owner, member, file, from, sites } = data;
      if (owner || isHolder(member)) return `slot ${owner}.${member}${file ? ` ${file}` : ''}`;
      return `slot .${member} ${from}:${sites[0]?.line ?? 0}:${sites[0]?.column ?? 0}`;
    }
    case 'pending':
      return 'pending';
    default:
      return `${data.kind} ${data.name} ${data.file}:${data.line}${data.kind === 'pointer' ? `:${data.column}` : ''}`;
  }
}

/** The node that an item of the call hierarchy stands for; null for the one that stands for what is not known yet. */
export function chainNode(request: HierarchyRequest, item: CallHierarchyItem): ChainNode | null {
  const data = item.data as ItemData;
  if (data.kind === 'pending') return null;
  const location: Location = { uri: item.uri, range: item.selectionRange };
  const path = data.kind === 'slot' ? pathOfPlace(request.root, URI.parse(item.uri).fsPath) : data.file;
  // a member that is declared nowhere has no place
  const file = path ?? '';
  return {
    id: idOf(data),
    kind: data.kind,
    name: item.name,
    owner: data.kind === 'slot' ? data.owner : '',
    file,
    group: groupOf(file),
    location,
    data,
  };
}

/** The node of a node of the call graph. `by`: the dispatch that leads to a slot, which may not get to all that stands there. */
export function nodeOfGraph(request: HierarchyRequest, node: GraphNode, by: GraphEdge | null = null): ChainNode {
  if (node.kind !== 'slot') return chainNode(request, functionItem(request, node.definition)) as ChainNode;
  const { owner, member, file } = node;
  const isSite = by?.kind === 'dispatch' && by.to === node;
  const { line, column } = by?.place ?? { line: 1, column: 1 };
  const data = {
    ...{ owner, member, ...(file ? { file } : {}) },
    from: by?.place.file ?? file ?? '',
    sites: isSite ? [{ line, column, name: by.by }] : [],
    ...{ reached: null, folder: null },
  };
  const place = slotPlace(request, owner, member, by?.place ?? null);
  return chainNode(request, slotItem(request, data, 0, place)) as ChainNode;
}

/** Locations of a name at places, at most so many. */
export const locations = (
  request: HierarchyRequest,
  places: readonly TreePlace[],
  name: string,
  most = 20,
): Location[] => places.slice(0, most).map((at) => locationOf(request, { ...at, column: at.column || 1 }, name.length));
