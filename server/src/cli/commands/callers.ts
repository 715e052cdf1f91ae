/** `kerntrail callers`: who calls a function or a slot, by name and through pointers. */
import { edgeText } from '../../features/source/callPaths.ts';
import { callersOf } from '../../resolve/graph/callers.ts';
import { nodesNamed } from '../../resolve/graph/named.ts';
import { type Graph, type GraphEdge, type GraphNode, graphsOf, nodeKey, nodeName } from '../../resolve/graph/nodes.ts';
import { byNearness } from '../../resolve/slots/slots.ts';
import type { World } from '../../resolve/world.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { sayNone } from '../none.ts';
import { say, writeLines } from '../output.ts';
import { columns, type Printer } from '../print.ts';
import { edgeRow, noSuch, severalText } from './edges.ts';

/** `kerntrail callers`, for the table of commands. */
export const callersCommand: Command = {
  name: 'callers',
  args: '[FILE:]NAME|STRUCT.MEMBER',
  count: 1,
  about: 'who calls a function or a slot',
  help: 'kerntrail callers ext4_readahead              by its name, through its slots, as an argument\nkerntrail callers vm_operations_struct.fault  every place that calls through the slot\nkerntrail callers ebtables.c:do_replace        the one of that file',
  run: callers,
};

/** Runs the command: a name that means several things is answered for each of them. */
function callers(context: Context, [what]: string[]): Promise<number> {
  return withIndex(context, async (world, printer) => {
    const nodes = nodesNamed(world, what);
    if (nodes.length === 0) return noSuch(world, what);
    const graphOf = graphsOf(world);
    const groups = alike(nodes.map((node) => ({ nodes: [node], edges: callersOfNode(graphOf(node), node) })));
    const found = groups.filter((g) => g.edges.length > 0);
    if (found.length === 0) {
      const why = nodes[0].kind === 'slot' ? '' : ' It may be called from code that is not in the index.';
      return sayNone(world, `nothing is known to call ${nodeName(nodes[0])}.${why}`);
    }
    if (nodes.length > 1) say(severalText(what, nodes));
    for (const group of found) {
      if (context.json) await writeLines(group.edges.map(edgeRow));
      else {
        if (nodes.length > 1) await writeLines(headings(world, group, printer));
        await writeLines(columns(group.edges.map((e) => edgeColumns(e, printer))));
      }
    }
    for (const { nodes: unused } of groups.filter((g) => g.edges.length === 0))
      for (const n of unused) say(`nothing is known to call that of ${placeOf(n)}.`);
    return EXIT.found;
  });
}

/** Definitions that the same calls get to: each is there in configurations of its own. */
interface Group {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** Who calls a node, the nearest first. */
function callersOfNode(graph: Graph, node: GraphNode): GraphEdge[] {
  const nearer = byNearness(node.kind === 'slot' ? '' : node.definition.file);
  return callersOf(graph, node).sort(
    (a, b) => Number(isByPointer(a)) - Number(isByPointer(b)) || nearer(a.place.file, b.place.file),
  );
}

const isByPointer = ({ kind }: GraphEdge): boolean => kind !== 'call' && kind !== 'macro';

const edgeKey = (e: GraphEdge): string =>
  `${nodeKey(e.from)} ${nodeName(e.to)} ${e.place.file}:${e.place.line}:${e.place.column} ${edgeText(e)}`;

/** Groups that share a caller as one: which of them it calls is for the configuration to say. */
function alike(groups: readonly Group[]): Group[] {
  const out: Group[] = [];
  const byCall = new Map<string, Group>();
  for (const { nodes, edges } of groups) {
    const known = edges.map((e) => byCall.get(edgeKey(e))).find((g) => g !== undefined);
    const group = known ?? { nodes: [], edges: [] };
    if (!known) out.push(group);
    group.nodes.push(...nodes);
    for (const edge of edges) {
      const key = edgeKey(edge);
      if (byCall.has(key)) continue;
      byCall.set(key, group);
      group.edges.push(edge);
    }
  }
  return out;
}

const placeOf = (node: GraphNode): string =>
  node.kind === 'slot' ? nodeName(node) : `${node.definition.file}:${node.definition.line}`;

/** The definitions that a group of callers gets to, each with its condition. */
function headings({ index }: World, { nodes }: Group, printer: Printer): string[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'slot') return [];
    const { file, line, name } = node.definition;
    const condition = index.facts(file)?.functions.find((f) => f.name === name && f.line === line)?.condition;
    return [
      `${printer.place(file, line)}: ${printer.bold(name)}${condition ? printer.dim(` if ${condition}`) : ''} is called by`,
    ];
  });
}

const edgeColumns = (e: GraphEdge, printer: Printer): string[] => [
  `${printer.place(e.place.file, e.place.line)}:`,
  printer.bold(nodeName(e.from)),
  printer.dim(`${edgeText(e)}${e.evidence === 'name' ? ' (by name only)' : ''}`),
];
