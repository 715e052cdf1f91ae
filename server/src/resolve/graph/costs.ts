/** What a step of a chain costs: the cheapest chain is the one that a reader of the kernel would draw. */

import { isTracepoint } from '../../index/link/holders.ts';
import { isSharedPart, partOf } from '../../kernel/layout.ts';
import { isCompat } from '../../kernel/syscalls.ts';
import type { Definition } from '../names/scope.ts';
import { type Graph, type GraphEdge, type GraphNode, nodeKey, nodeName } from './nodes.ts';

/** What a question's chains are about. */
export interface Subject {
  /** parts of the tree: those of its ends, and what the user named */
  own: readonly string[];
  /** how far the parts that were met lie from these */
  distances: Map<string, Distance>;
  /** words of the ends' names */
  words: ReadonlySet<string>;
  /** keys of the ends: however many call them, it is them that were asked for */
  ends: ReadonlySet<string>;
}

/**
 * The parts of the tree that a search is about: those of its ends, and what the user named. A file of fs/ or net/ itself
 * stands for the whole folder, which ends in a slash.
 */
export const ownParts = (nodes: readonly GraphNode[], context: readonly string[]): string[] => [
  ...new Set(nodes.flatMap((n) => (n.kind === 'slot' ? [] : [partOrFolder(n.definition.file)].filter(Boolean)))),
  ...context,
];

const partOrFolder = (file: string): string => {
  const part = partOf(file);
  return part || (file.startsWith('include/') ? '' : file.slice(0, file.indexOf('/') + 1));
};

/** What chains between some ends are about; `own`: the parts of the tree, as `ownParts` gives them. */
export const subjectOf = (own: readonly string[], ends: readonly GraphNode[]): Subject => ({
  own,
  distances: new Map(),
  words: new Set(ends.flatMap((node) => wordsOf(nodeName(node)))),
  ends: new Set(ends.map(nodeKey)),
});

/** Words that tell something: `do`, `__x64` and their like are everywhere. */
const wordsOf = (name: string): string[] => name.split(/[._]/).filter((word) => word.length > 3);

/** How far code lies from what a question is about; `near`: in a folder that one of its ends stands for. */
type Distance = 'own' | 'shared' | 'near' | 'foreign';

function distanceOf(file: string, { own, distances }: Subject, architecture: string): Distance {
  const part = partOf(file);
  if (part === '') return 'shared';
  let known = distances.get(part);
  if (known === undefined) {
    const isAbove = own.some((o) => o.startsWith(`${part}/`)) || isSharedPart(part, own);
    if (own.some((o) => part === o || (!o.endsWith('/') && part.startsWith(`${o}/`)) || part.endsWith(`/${o}`)))
      known = 'own';
    else if (isAbove || part === `arch/${architecture}`) known = 'shared';
    else known = own.some((o) => o.endsWith('/') && part.startsWith(o)) ? 'near' : 'foreign';
    distances.set(part, known);
  }
  return known;
}

/** Is a question about a part of the tree that has functions of its own in the slots that everybody fills? */
const isDivided = ({ own }: Subject): boolean => own.some((o) => !o.endsWith('/'));

/** Functions that so few call are no helpers. */
const FEW_CALLERS = 4;
const PER_DOUBLING = 0.1;

/**
 * What it costs to go by a function that many call: what thousands do, mutex_lock(), kfree(), schedule(), printk(), leads
 * everywhere, and a way through it tells nothing of both ends. Each doubling weighs more than the one before.
 */
const hubCost = (callers: number): number => PER_DOUBLING * Math.log2(1 + callers / FEW_CALLERS) ** 2;

/** How many functions and macros call a node by its name; of a slot, how many functions stand in it. */
export function degreeOf(graph: Graph, node: GraphNode): number {
  const { index, degrees } = graph;
  if (node.kind === 'slot') {
    const key = nodeKey(node);
    const known = degrees.get(key) ?? index.registrationsOfSlot(node.owner, node.member).length;
    degrees.set(key, known);
    return known;
  }
  const { name, file } = node.definition;
  // what is static in a C file is called there alone
  const isOwn = node.definition.static && !file.endsWith('.h');
  return isOwn ? callersIn(graph, name, file) : callersIn(graph, name, '');
}

/** How many call a name, in one file or for '' in all. */
function callersIn({ index, degrees }: Graph, name: string, file: string): number {
  const key = file ? `${name} ${file}` : name;
  const known = degrees.get(key) ?? index.callerCount(name, file ? index.fileId(file) : undefined);
  degrees.set(key, known);
  return known;
}

/** What it costs to go through whatever a name means, before anybody knows what it means. */
export const passCostOfName = (graph: Graph, name: string): number => hubCost(callersIn(graph, name, ''));

/**
 * What it costs to go through a node, whichever way: through what many call, or through a slot that many stand in. The
 * ends themselves cost nothing, however many call them.
 */
export function passCost(graph: Graph, node: GraphNode, { ends, words }: Subject): number {
  if (ends.has(nodeKey(node))) return 0;
  const degree = degreeOf(graph, node);
  // of two ways alike, the one that goes by the words of its ends: suspend rather than poweroff
  const other = OTHER_WORDS / (1 + wordsOf(nodeName(node)).filter((word) => words.has(word)).length);
  if (node.kind !== 'slot') return other + hubCost(degree);
  return other + PER_SLOT * Math.log2(1 + degree) + (isTracepoint(node.member) ? ASIDE : 0);
}

/** What it costs to go by a tracepoint: its probes look on, and what they do is no part of what the code is about. */
const ASIDE = 3;

const OTHER_WORDS = 0.05;

/** What each doubling of a slot's functions costs, whichever is taken. */
const PER_SLOT = 0.05;
/** And of those beside the one that is taken: which one of a thousand it is, is a guess. */
const PER_CHOICE = 0.3;

/** What a border between parts of the tree costs, each time. */
const BORDER: Readonly<Record<Distance, number>> = { own: 0, shared: 0, near: 1, foreign: 2 };
/** What a step inside of a part costs that the question is not about. */
const ASTRAY = 0.2;

/** What it costs to get from one file to another: chains keep to a subsystem, and do not leave it to come back. */
function borderCost(a: string, b: string, subject: Subject, architecture: string): number {
  const [one, other] = [distanceOf(a, subject, architecture), distanceOf(b, subject, architecture)];
  const cost = BORDER[one] + BORDER[other];
  if (cost > 0) return partOf(a) === partOf(b) ? ASTRAY : cost;
  const [top, otherTop] = [a.split('/', 1)[0], b.split('/', 1)[0]];
  if (top === otherTop) return 0;
  return top === 'include' || otherTop === 'include' ? INTO_HEADER : OTHER_TOP;
}

/** What a step between folders costs that everybody shares, and one into or out of a header. */
const OTHER_TOP = 0.7;
const INTO_HEADER = 0.2;

/** What it costs to take a function out of a slot: little for what stands in it often, and for the question's own. */
function choiceIn(graph: Graph, slot: GraphNode & { kind: 'slot' }, to: Definition, subject: Subject): number {
  const distance = distanceOf(to.file, subject, graph.architecture);
  if (distance === 'own') return 0;
  const choices = Math.log2(1 + degreeOf(graph, slot) / timesIn(graph, slot, to.name));
  if (distance !== 'shared') return 2 * BORDER[distance] + PER_CHOICE * choices;
  // where the chain is about one filesystem or driver, what everybody shares is the second choice
  return (isDivided(subject) ? 1 : 0) + PER_CHOICE * choices;
}

/** How often a function stands in a slot, by its name: generic_file_read_iter() in that of a hundred filesystems. */
function timesIn({ index, timesInSlots }: Graph, slot: GraphNode & { kind: 'slot' }, name: string): number {
  const key = nodeKey(slot);
  let times = timesInSlots.get(key);
  if (!times) {
    times = new Map();
    for (const { target } of index.registrationsOfSlot(slot.owner, slot.member))
      times.set(target, (times.get(target) ?? 0) + 1);
    timesInSlots.set(key, times);
  }
  return times.get(name) ?? 1;
}

/** What a plain call costs: little, as the way of data is long and each of its steps leads to the next. */
const STEP = 0.3;

/** A step whose end may not be known yet. */
type Step = Omit<GraphEdge, 'to'>;

/** What a step costs at least, wherever it leads. */
export function leastCost({ from, kind, evidence, through, condition }: Step): number {
  const unsure = evidence === 'name' ? 6 : evidence === 'flow' ? 0.3 : 0;
  if (kind === 'registered') return 0.5 + 0.3 * through.length + (condition ? 0.1 : 0) + unsure;
  let cost = unsure + (kind === 'macro' ? 0.2 : STEP);
  if (kind === 'argument' || kind === 'pointer') cost += STEP * (1 + through.length);
  if (condition) cost += 0.1;
  // of two ways alike, the one of the kernel's own word size
  return from.kind !== 'slot' && isCompat(from.definition.name) ? cost + 0.5 : cost;
}

/** What a step costs, without what it passes (`passCost`): a chain with the fewest guesses comes first, then the shortest. */
export function stepCost(graph: Graph, edge: GraphEdge, subject: Subject): number {
  const { from, to } = edge;
  const least = leastCost(edge);
  if (to.kind === 'slot') return least;
  if (from.kind === 'slot') return least + choiceIn(graph, from, to.definition, subject);
  return least + borderCost(from.definition.file, to.definition.file, subject, graph.architecture);
}
