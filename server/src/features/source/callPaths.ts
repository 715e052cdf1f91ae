/** "Find Path…": chains of calls between two functions, as lines that lead to their places. */

import type { Range } from 'vscode-languageserver';
import { type GraphEdge, type GraphNode, nodeName, openGraph } from '../../resolve/graph/nodes.ts';
import { findPathsSteps, type SearchResult } from '../../resolve/graph/paths.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../resolve/names/scope.ts';
import { exactSymbols } from '../../resolve/names/symbols.ts';
import type { Steps } from '../../resolve/steps.ts';
import type { World } from '../../resolve/world.ts';
import { type Request, rangeOf, uriOf } from '../request.ts';

/** The function or slot that a name means (`f`, `f()`, `struct.member`); a system call by any of its names. */
export function nodeOf(world: World, name: string): GraphNode | null {
  const plain = name
    .trim()
    .replace(/^(struct|union)\s+/, '')
    .replace('->', '.')
    .replace(/\(\)$/, '');
  const dot = plain.indexOf('.');
  if (dot > 0) return { kind: 'slot', owner: plain.slice(0, dot), member: plain.slice(dot + 1) };
  const [place] = exactSymbols(world, plain).filter((p) => FUNCTION_KINDS.includes(p.kind));
  if (!place) return null;
  const definition = definitionsFrom(world, place.name, place.file, FUNCTION_KINDS).find(
    (d) => d.file === place.file && d.line === place.line,
  );
  return definition ? { kind: 'function', definition } : null;
}

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
      return `->${edge.by}`;
  }
}

/** Why there is no chain: how far the search came, and what it ended at. */
export function noPathText({ searched, complete, openEnds }: SearchResult<unknown>, notYet: string | null): string {
  if (notYet !== null) return `not all is known, as much of the tree is ${notYet}.`;
  const names = openEnds.slice(0, 5).map(nodeName).join(', ');
  const more = openEnds.length > 5 ? ` and ${openEnds.length - 5} more` : '';
  return `${searched} functions and slots were searched${complete ? '' : ', then a limit was hit'}.${names ? ` Nothing is known to call ${names}${more}.` : ''}`;
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
  /** why there is none */
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
  const ends = [from, to].map((name) => nodeOf(request, name));
  for (const [i, end] of ends.entries()) if (!end) return { chains: [], message: noEndText(request, [from, to][i]) };
  const [a, b] = ends as [GraphNode, GraphNode];
  const graph = openGraph(request);
  const options = { max: MAX_CHAINS, context: context ? [context] : [], timeLimit: TIME_LIMIT_MS, isCancelled };
  const result = yield* findPathsSteps(graph, a, b, options);
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
    chains: result.found.map(({ edges }) => [step(a, null), ...edges.map((e) => step(e.to, e))]),
    message: result.found.length ? null : `No path from ${from} to ${to}: ${noPathText(result, request.notYet)}`,
  };
}
