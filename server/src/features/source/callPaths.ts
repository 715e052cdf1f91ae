/** "Find Path…": chains of calls between two functions, as lines that lead to their places. */

import type { Range } from 'vscode-languageserver';
import { nodesNamed } from '../../resolve/graph/named.ts';
import { type GraphEdge, type GraphNode, nodeName, openGraph } from '../../resolve/graph/nodes.ts';
import { type Chain, findPathsSteps, type SearchResult } from '../../resolve/graph/paths.ts';
import type { Steps } from '../../resolve/steps.ts';
import type { TreePlace } from '../../resolve/world.ts';
import { type Request, rangeOf, uriOf } from '../request.ts';

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

/** A step of a chain, with words for its kind. */
export interface PathStep {
  name: string;
  /** how it is got to: `call`, `in ext4_aops` */
  how: string;
  /** `typed`, `flow` or `name` */
  evidence: string;
  /** `mm/memory.c:4279` */
  place: string;
  uri: string;
  range: Range;
}

/** What a search for chains came to. */
export interface PathAnswer {
  /** each from the first function to the last */
  chains: PathStep[][];
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
}

const SECONDS = 10;
const MAX_SECONDS = 600;
const MAX_CHAINS = 4;
const HELP = 'a subsystem to prefer, a function on the way, more time';

/** The steps of a chain; a function that calls what it is handed is one of them. */
function* stepsOf(
  start: GraphNode,
  edges: readonly GraphEdge[],
): Iterable<Omit<PathStep, 'uri' | 'range'> & TreePlace> {
  const placeOf = (node: GraphNode) => (node.kind === 'slot' ? { file: '', line: 1, column: 1 } : node.definition);
  const named = (name: string, how: string, evidence: string, { file, line, column }: TreePlace) => ({
    name,
    how,
    evidence,
    place: `${file}:${line}`,
    file,
    line,
    column,
  });
  const nameOf = (node: GraphNode) => (node.kind === 'slot' ? `->${node.member} · ${node.owner}` : nodeName(node));
  yield named(nameOf(start), '', 'typed', placeOf(start));
  for (const edge of edges) {
    if (edge.kind !== 'argument') {
      yield named(nameOf(edge.to), edgeText(edge), edge.evidence, edge.place);
      continue;
    }
    let at = edge.place;
    for (const { definition, place, returns } of edge.through) {
      // what only gives the function out is no step of control
      if (returns) continue;
      yield named(definition.name, 'call', 'typed', at);
      at = place;
    }
    yield named(nameOf(edge.to), 'calls what it is handed', edge.evidence, at);
  }
}

/** Chains from one function to another; `first` is told of one as soon as there is one, a better one may follow. */
export function* callPaths(
  request: Omit<Request, 'file'>,
  { from, to, context, through = [], seconds = SECONDS }: PathQuestion,
  isCancelled: () => boolean,
  first?: (answer: PathAnswer) => void,
): Steps<PathAnswer> {
  const names = [from, ...through.map((name) => name.trim()).filter(Boolean), to];
  const nodes = names.map((name) => nodesNamed(request, name));
  const missing = nodes.findIndex((n) => n.length === 0);
  if (missing >= 0) return { chains: [], message: noEndText(request, names[missing]) };
  const [starts, ends] = [nodes[0], nodes[nodes.length - 1]];
  const asSteps = ({ edges }: Chain): PathStep[] =>
    [...stepsOf(edges[0]?.from ?? starts[0], edges)].map(({ name, how, evidence, place, file, line, column }) => ({
      name,
      how,
      evidence,
      place,
      uri: uriOf(request.root, file),
      range: rangeOf(request, { file, line, column: column || 1 }, 0),
    }));
  const result = yield* findPathsSteps(openGraph(request), starts, ends, {
    max: MAX_CHAINS,
    context: context ? [context] : [],
    through: nodes.slice(1, -1),
    timeLimit: Math.min(seconds, MAX_SECONDS) * 1000,
    isCancelled,
    first: (chain) => first?.({ chains: [asSteps(chain)], message: null }),
  });
  const asked = { from, to, help: HELP };
  return {
    chains: result.found.map(asSteps),
    message: result.found.length
      ? chosenText(result.found, starts, ends).join(' ') || null
      : `No path from ${from} to ${to}${result.complete ? '' : ' was found'}: ${noPathText(result, request.notYet, asked)}`,
  };
}
