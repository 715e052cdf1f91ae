/** The nodes and edges of the call graph, and what a search in it has found out. */

import { holderName } from '../../index/link/holders.ts';
import { NameKind } from '../../index/store/postings.ts';
import { folderOf } from '../../kernel/domain.ts';
import { isInitcall } from '../../kernel/entries.ts';
import { isGlobalHeader } from '../../kernel/layout.ts';
import { sightOf } from '../names/includes.ts';
import { alternatives, alternativesFrom, type Definition, definitionOf, meaningsFrom } from '../names/scope.ts';
import type { SlotSeen } from '../slots/slots.ts';
import { type TreePlace, viewedFrom, type World } from '../world.ts';

/** What control gets to. */
export type GraphNode =
  | { kind: 'function'; definition: Definition }
  | { kind: 'macro'; definition: Definition }
  /** the slot a function stands in; without an owner it is what holds functions otherwise, see index/link/holders.ts */
  | SlotSeen;

/** How control gets from one node to another. */
type EdgeKind =
  /** a call by name */
  | 'call'
  /** a macro's body calls it */
  | 'macro'
  /** a function stands in a slot */
  | 'registered'
  /** a call through a slot */
  | 'dispatch'
  /** handed over as an argument to a function that calls it */
  | 'argument'
  /** a call of a local pointer that holds it */
  | 'pointer';

/** One step of control. */
export interface GraphEdge {
  /** where control comes from, and where it gets to */
  from: GraphNode;
  to: GraphNode;
  kind: EdgeKind;
  /** of the call, the registration or the argument */
  place: TreePlace;
  /** what it goes by: the table, the expression, the member */
  by: string;
  /** of a dispatch, what it goes by is no member: a variable, a static call, a section's list */
  bare?: boolean;
  evidence: 'typed' | 'flow' | 'name';
  /** functions between both ends: those the pointer is handed to, the last one calls it; `returns`: one that gives it out */
  through: { definition: Definition; place: TreePlace; returns?: true }[];
  condition: string | null;
}

/** A name that stands for something in a file. */
export interface Pending {
  name: string;
  file: string;
  /** a macro may be meant, too */
  macros: boolean;
}

/** A step whose end is a node, or a name that nobody has looked up yet. */
export interface Onward {
  step: Omit<GraphEdge, 'to'>;
  to: GraphNode | Pending;
}

/** Functions that call a pointer and slots that it is put into, each with the functions on the way. */
export interface Reach {
  calls: { through: GraphEdge['through'] }[];
  slots: { slot: SlotSeen; through: GraphEdge['through']; place: TreePlace }[];
}

/** A graph over one index, for one architecture. What it finds out it keeps for as long as it lives: one question. */
export interface Graph extends World {
  /** functions that a name means in a file, one in each configuration */
  meanings: Map<string, Definition[]>;
  /** macros that a name means in a file */
  macros: Map<string, Definition[]>;
  /** definition of a name that stands in a file */
  defined: Map<string, Definition | null>;
  /** where what a function is handed goes, by its parameter */
  reaches: Map<string, Reach>;
  /** edges that lead to a node, by its key */
  edges: Map<string, GraphEdge[]>;
  /** and steps on from one */
  onward: Map<string, Onward[]>;
  /** how many functions call a name, by that and, for what only one file sees, the file */
  degrees: Map<string, number>;
  /** how often each function stands in a slot, by the slot's key and the function's name */
  timesInSlots: Map<string, Map<string, number>>;
}

/** Text that tells nodes apart. */
export const nodeKey = (node: GraphNode): string =>
  node.kind === 'slot'
    ? `${node.owner}.${node.member}${node.file ? ` ${node.file}` : ''}`
    : `${node.kind[0]} ${node.definition.name} ${node.definition.file}#${node.definition.index}`;

/** Text that tells steps apart. */
export const stepKey = (edge: GraphEdge): string => `${nodeKey(edge.from)} ${nodeKey(edge.to)}`;

/** A step where another one follows. */
export const twoStepsKey = (edge: GraphEdge, next: GraphEdge | null): string =>
  `${stepKey(edge)} ${next ? nodeKey(next.to) : ''}`;

/** Is a node one of the pointers that boot goes through? Chains begin there; it is no caller, and nobody wrote its name. */
export const isInitcallNode = (node: GraphNode): boolean =>
  node.kind === 'slot' && node.owner === '' && isInitcall(node.member);

/** What a node is called in lists. */
export const nodeName = (node: GraphNode): string =>
  node.kind === 'slot' ? (node.owner ? `${node.owner}.${node.member}` : holderName(node.member)) : node.definition.name;

/** The call graph of a tree, empty at first: edges are found, and kept, as they are asked for. */
export const openGraph = ({ index, architecture }: World): Graph => ({
  index,
  architecture,
  meanings: new Map(),
  macros: new Map(),
  defined: new Map(),
  reaches: new Map(),
  edges: new Map(),
  onward: new Map(),
  degrees: new Map(),
  timesInSlots: new Map(),
});

/** The same for who gets to one node: what belongs to an architecture is called by that one's code. */
export const graphOf = (world: World, node: GraphNode): Graph =>
  openGraph(node.kind === 'slot' ? world : viewedFrom(world, node.definition.file));

/** The same for several nodes: those of one architecture share a graph. */
export function graphsOf(world: World): (node: GraphNode) => Graph {
  const graphs = new Map<string, Graph>();
  return (node) => {
    const { architecture } = node.kind === 'slot' ? world : viewedFrom(world, node.definition.file);
    const known = graphs.get(architecture) ?? openGraph({ ...world, architecture });
    graphs.set(architecture, known);
    return known;
  };
}

/** The definition of a name that stands in a file. */
export function definedIn({ index, defined }: Graph, name: string, file: string, kind: NameKind): Definition | null {
  const key = `${kind} ${name}\0${file}`;
  let d = defined.get(key);
  if (d === undefined) {
    const id = index.fileId(file);
    const p = index.names(name).find((n) => n.kind === kind && n.file === id);
    d = p ? definitionOf(name, p, file) : null;
    defined.set(key, d);
  }
  return d;
}

/** The function of that name that a file defines, as a node; null where it has none. */
export function functionNode(graph: Graph, name: string, file: string): GraphNode | null {
  const definition = definedIn(graph, name, file, NameKind.Function);
  return definition && { kind: 'function', definition };
}

/** The functions that a name means in a file, one in each configuration. */
export function meaningsOf(graph: Graph, name: string, file: string): Definition[] {
  const key = `${name}\0${file}`;
  const ofFolder = `${name}\0${folderOf(file)}/`;
  const known = graph.meanings.get(ofFolder) ?? graph.meanings.get(key);
  if (known) return known;
  let isOfFolder = false;
  const found = alternativesFrom(graph, name, file, (of) => {
    isOfFolder = of;
  });
  graph.meanings.set(isOfFolder ? ofFolder : key, found);
  return found;
}

/** The function that a name means in a file; null where it means none. */
export const meaningOf = (graph: Graph, name: string, file: string): Definition | null =>
  meaningsOf(graph, name, file)[0] ?? null;

/** May a name mean this very function in a file? */
export const means = (graph: Graph, name: string, file: string, definition: Definition): boolean =>
  meaningsOf(graph, name, file).some((d) => d.file === definition.file && d.line === definition.line);

/** The macros that a name stands for in a file, in one configuration or another. */
function macrosFrom(world: World, name: string, from: string): Definition[] {
  const all = meaningsFrom(world, name, from, [NameKind.Macro]);
  return alternatives(all)
    .map((m) => m.definition)
    .filter(
      ({ file }) =>
        // one of a header that only its own folder sees is no macro elsewhere
        file === from || isGlobalHeader(file) || from.startsWith(`${folderOf(file)}/`) || sightOf(world, from)(file),
    );
}

/** The macro that a name stands for in a file; null where it is none. */
export function macroNode(world: World, name: string, from: string): GraphNode | null {
  const [definition] = macrosFrom(world, name, from);
  return definition ? { kind: 'macro', definition } : null;
}

/** The macros that a name stands for in a file, one in each configuration. */
export function macrosOf(graph: Graph, name: string, file: string): Definition[] {
  const key = `${name}\0${file}`;
  let found = graph.macros.get(key);
  if (found === undefined) {
    found = macrosFrom(graph, name, file);
    graph.macros.set(key, found);
  }
  return found;
}

/** May a name stand for this very macro in a file? */
export const meansMacro = (graph: Graph, name: string, file: string, definition: Definition): boolean =>
  macrosOf(graph, name, file).some((d) => d.file === definition.file);
