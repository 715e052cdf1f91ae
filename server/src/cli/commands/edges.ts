/** Steps and ends of the call graph as commands print them. */
import { type GraphEdge, type GraphNode, nodeName } from '../../resolve/graph/nodes.ts';
import type { World } from '../../resolve/world.ts';
import { sayNone } from '../none.ts';

/** Tells that a name is unknown, and how to find one; the exit code for it. */
export const noSuch = (world: World, name: string): number =>
  sayNone(world, `there is no function ${name} in this tree. 'kerntrail symbol ${name}' looks for similar names.`);

const MOST_PLACES = 4;

/** Tells that a name stands for several things, and where they are. */
export function severalText(name: string, nodes: readonly GraphNode[]): string {
  const places = nodes.flatMap((n) => (n.kind === 'slot' ? [] : [`${n.definition.file}:${n.definition.line}`]));
  const more = places.length > MOST_PLACES ? `, … ${places.length - MOST_PLACES} more` : '';
  return `${name} is defined in ${places.length} places: ${places.slice(0, MOST_PLACES).join(', ')}${more}. Name one as FILE:NAME.`;
}

/** A step as a line of JSON. */
export const edgeRow = (edge: GraphEdge) => ({
  kind: edge.kind,
  from: nodeName(edge.from),
  to: nodeName(edge.to),
  toFile: edge.to.kind === 'slot' ? null : edge.to.definition.file,
  toLine: edge.to.kind === 'slot' ? null : edge.to.definition.line,
  file: edge.place.file,
  line: edge.place.line,
  column: edge.place.column || null,
  by: edge.by || null,
  through: edge.through.map((t) => ({ function: t.definition.name, file: t.place.file, line: t.place.line })),
  condition: edge.condition,
  evidence: edge.evidence,
});
