/** "Find Path…": chains of calls between two functions, as lines that lead to their places. */

import type { Range } from 'vscode-languageserver';
import { nodesNamed } from '../../resolve/graph/named.ts';
import { type GraphEdge, type GraphNode, nodeName, openGraph } from '../../resolve/graph/nodes.ts';
import { type Chain, findPathsSteps, type SearchResult } from '../../resolve/graph/paths.ts';
import type { Steps } from '../../resolve/steps.ts';
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
      return edge.to.kind === 'slot' && edge.to.owner === '' ? `through ${edge.by}` : `->${edge.by}`;
  }
}

/** Why there is no chain: how far the search came, and what it ended at. */
export function noPathText({ searched, complete, openEnds }: SearchResult<unknown>, notYet: string | null): string {
  if (notYet !== null) return `not all is known, as much of the tree is ${notYet}.`;
  const names = openEnds.slice(0, 5).map(nodeName).join(', ');
  const more = openEnds.length > 5 ? ` and ${openEnds.length - 5} more` : '';
  return `${searched} functions and slots were searched${complete ? '' : ', then a limit was hit'}.${names ? ` Nothing is known to call ${names}${more}.` : ''}`;
}

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

const TIME_LIMIT_MS = 10_000;
const MAX_CHAINS = 4;

/** Chains from one function to another, `context` (a subsystem such as ext4) preferred where it is given. */
export function* callPaths(
  request: Omit<Request, 'file'>,
  from: string,
  to: string,
  context: string,
  isCancelled: () => boolean,
): Steps<PathAnswer> {
  const [starts, ends] = [from, to].map((name) => nodesNamed(request, name));
  const missing = starts.length === 0 ? from : ends.length === 0 ? to : null;
  if (missing !== null) return { chains: [], message: noEndText(request, missing) };
  const graph = openGraph(request);
  const options = { max: MAX_CHAINS, context: context ? [context] : [], timeLimit: TIME_LIMIT_MS, isCancelled };
  const result = yield* findPathsSteps(graph, starts, ends, options);
  const step = (node: GraphNode, edge: GraphEdge | null): PathStep => {
    const at = edge?.place ?? (node.kind === 'slot' ? { file: '', line: 1, column: 1 } : node.definition);
    return {
      name: node.kind === 'slot' ? `->${node.member} · ${node.owner}` : nodeName(node),
      how: edge ? edgeText(edge) : '',
      evidence: edge?.evidence ?? 'typed',
      place: `${at.file}:${at.line}`,
      uri: uriOf(request.root, at.file),
      range: rangeOf(request, { ...at, column: at.column || 1 }, 0),
    };
  };
  return {
    chains: result.found.map(({ edges }) => [
      step(edges[0]?.from ?? starts[0], null),
      ...edges.map((e) => step(e.to, e)),
    ]),
    message: result.found.length
      ? chosenText(result.found, starts, ends).join(' ') || null
      : `No path from ${from} to ${to}: ${noPathText(result, request.notYet)}`,
  };
}
