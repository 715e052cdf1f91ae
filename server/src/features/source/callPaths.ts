/** Chains of calls between two functions, and from the entries that one is reached from. */

import { nodesNamed } from '../../resolve/graph/named.ts';
import { type GraphEdge, type GraphNode, nodeName, openGraph } from '../../resolve/graph/nodes.ts';
import { type Chain, findPathsSteps, type SearchResult } from '../../resolve/graph/paths.ts';
import { findRootsSteps, type Root } from '../../resolve/graph/roots.ts';
import type { Steps } from '../../resolve/steps.ts';
import { count } from '../markdown.ts';
import type { Request } from '../request.ts';
import type { PathStep } from './chains/model.ts';
import { pathSteps } from './chains/pathSteps.ts';
import type { HierarchyRequest } from './hierarchy/items.ts';

/** How an edge leads on, in words. */
export function edgeText(edge: GraphEdge): string {
  const through = edge.through.map((t) => t.definition.name).join(' → ');
  switch (edge.kind) {
    case 'call':
      return 'call';
    case 'macro':
      return 'macro';
    case 'pointer':
      return `through a local pointer${through ? `, given by ${through}` : ''}`;
    case 'argument':
      return `handed to ${through}`;
    case 'registered':
      return `${through ? `stored by ${edge.by} through ${through}` : `in ${edge.by}`}${edge.condition ? ` if ${edge.condition}` : ''}`;
    case 'dispatch':
      return `${edge.bare ? 'through ' : '->'}${edge.by}${through ? `, ${through}` : ''}`;
  }
}

/** The names that a search goes by, and what may be asked for when it comes to nothing, in the words of who asks. */
export interface Asked {
  from: string;
  to: string;
  help: string;
}

/** Why there is no chain: how far the search came, what it ended at, and where it gave up, what may help. */
export function noPathText(
  { searched, depth, complete, openEnds }: SearchResult<unknown>,
  notYet: string | null,
  { from, to, help }: Asked,
): string {
  if (notYet !== null) return `not all is known, as much of the tree is ${notYet}.`;
  const names = openEnds.slice(0, 5).map(nodeName).join(', ');
  const more = openEnds.length > 5 ? ` and ${openEnds.length - 5} more` : '';
  const ends = names ? ` Nothing is known to call ${names}${more}.` : '';
  const looked = `${searched} functions and slots were searched`;
  if (complete) return `${looked}, all that lead to ${to}.${ends}`;
  const far = from ? `, up to ${calls(depth.from)} from ${from} and ${calls(depth.to)} back from ${to}` : '';
  return `${looked}${far}; then a limit was hit, and there may be one. What may help: ${help}.${ends}`;
}

const calls = (n: number): string => `${n} step${n === 1 ? '' : 's'}`;

/** Of names with several meanings: which ones the first chain begins and ends with. */
export function chosenText(chains: readonly Chain[], from: readonly GraphNode[], to: readonly GraphNode[]): string[] {
  const [{ edges }] = chains;
  const first = edges.at(0)?.from ?? from[0];
  const last = edges.at(-1)?.to ?? to[0];
  return [
    { node: first, all: from },
    { node: last, all: to },
  ].flatMap(({ node, all }) =>
    node.kind === 'slot' || all.length < 2
      ? []
      : [
          `${nodeName(node)} is that of ${node.definition.file}:${node.definition.line}, one of ${all.length}. Name another as FILE:NAME.`,
        ],
  );
}

/** Why a name is no end of a chain. */
const noEndText = ({ notYet }: Pick<Request, 'notYet'>, name: string): string =>
  notYet ? `${name}: ${notYet}.` : `There is no function ${name} in this tree.`;

/** A chain that was found. */
interface FoundChain {
  /** of what is reached from entries, the kind of entry: `syscall`; '' elsewhere */
  kind: string;
  /** from the first function to the last */
  steps: PathStep[];
}

/** What a search for chains came to. */
export interface PathAnswer {
  chains: FoundChain[];
  /** why there is none; where there is one, which of several functions of a name it begins or ends with */
  message: string | null;
}

/** What is asked: names as people write them. */
export interface PathQuestion {
  from: string;
  to: string;
  /** a subsystem whose tables are preferred, such as `ext4`; '' for none */
  context: string;
  /** functions or slots on the way, in their order */
  through?: readonly string[];
  /** how long the search may take */
  seconds?: number;
  /** how many chains are wanted */
  max?: number;
}

const SECONDS = 10;
const MAX_SECONDS = 600;
const MAX_CHAINS = 4;
const MAX_ROOTS = 12;
const MOST_CHAINS = 100;
/** An entry whose chain costs so much more than the best one's leads through strangers. */
const FAR_DEARER = 4;
const HELP = 'a subsystem to prefer, a function on the way, more time';

/** How much is searched for, and for how long. */
const limitsOf = (
  { context, seconds = SECONDS, max }: Omit<PathQuestion, 'from' | 'to' | 'through'>,
  chains: number,
): { max: number; context: string[]; timeLimit: number } => ({
  max: Math.min(Math.max(1, max ?? chains), MOST_CHAINS),
  context: context ? [context] : [],
  timeLimit: Math.min(seconds, MAX_SECONDS) * 1000,
});

/** Chains from one function to another; `first` is told of one as soon as there is one, a better one may follow. */
export function* callPaths(
  request: HierarchyRequest,
  question: PathQuestion,
  isCancelled: () => boolean,
  first?: (answer: PathAnswer) => void,
): Steps<PathAnswer> {
  const { from, to, through = [] } = question;
  const names = [from, ...through.map((name) => name.trim()).filter(Boolean), to];
  const nodes = names.map((name) => nodesNamed(request, name));
  const missing = nodes.findIndex((n) => n.length === 0);
  if (missing >= 0) return { chains: [], message: noEndText(request, names[missing]) };
  const [starts, ends] = [nodes[0], nodes[nodes.length - 1]];
  const found = ({ edges }: Chain): FoundChain => ({
    kind: '',
    steps: pathSteps(request, edges[0]?.from ?? starts[0], edges),
  });
  const result = yield* findPathsSteps(openGraph(request), starts, ends, {
    ...limitsOf(question, MAX_CHAINS),
    through: nodes.slice(1, -1),
    isCancelled,
    first: (chain) => first?.({ chains: [found(chain)], message: null }),
  });
  const asked = { from, to, help: HELP };
  return {
    chains: result.found.map(found),
    message: result.found.length
      ? chosenText(result.found, starts, ends).join(' ') || null
      : `No path from ${from} to ${to}${result.complete ? '' : ' was found'}: ${noPathText(result, request.notYet, asked)}`,
  };
}

/** The entries (system calls, interrupts, threads …) that a function or slot is reached from, each with its chain. */
export function* reachedFrom(
  request: HierarchyRequest,
  question: Omit<PathQuestion, 'from' | 'through'>,
  isCancelled: () => boolean,
): Steps<PathAnswer> {
  const { to } = question;
  const nodes = nodesNamed(request, to);
  if (nodes.length === 0) return { chains: [], message: noEndText(request, to) };
  const { timeLimit, ...limits } = limitsOf(question, MAX_ROOTS);
  const results: SearchResult<Root>[] = [];
  for (const node of nodes)
    results.push(
      yield* findRootsSteps(openGraph(request), node, { ...limits, timeLimit: timeLimit / nodes.length, isCancelled }),
    );
  const all = results.flatMap(({ found }) => found);
  const dear = Math.min(...all.map(({ chain }) => chain.cost)) + FAR_DEARER;
  // who asks for more gets these, too
  const shown = question.max === undefined ? all.filter(({ chain }) => chain.cost <= dear) : all;
  const chains = shown.map(({ kind, node, chain }) => ({ kind, steps: pathSteps(request, node, chain.edges) }));
  const [{ searched, depth, openEnds }] = results;
  const complete = results.every((r) => r.complete);
  const asked = { from: '', to, help: HELP };
  if (chains.length > 0) {
    const far = all.length - shown.length;
    const left = far > 0 ? `${count(far, 'entry', 'entries')} by far less likely ways are left out.` : '';
    const more = complete ? '' : 'These are the nearest entries: there may be more.';
    return { chains, message: [left, more].filter(Boolean).join(' ') || null };
  }
  const text = noPathText({ found: [], searched, depth, complete, openEnds }, request.notYet, asked);
  return { chains, message: `No entry that leads to ${to}${complete ? '' : ' was found'}: ${text}` };
}
