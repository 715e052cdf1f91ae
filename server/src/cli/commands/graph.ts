/** `kerntrail callers|path|roots`: the call graph through function pointers, from a shell. */
import { edgeText, nodeOf, noPathText } from '../../features/source/callPaths.ts';
import { nearnessTo } from '../../kernel/proximity.ts';
import { edgesInto } from '../../resolve/graph/graph.ts';
import { type Graph, type GraphEdge, type GraphNode, nodeKey, nodeName, openGraph } from '../../resolve/graph/nodes.ts';
import { type Chain, findPaths, type SearchResult } from '../../resolve/graph/paths.ts';
import { findRoots, type Root } from '../../resolve/graph/roots.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { say, writeLines } from '../output.ts';
import { columns, type Printer } from '../print.ts';

const withGraph = (context: Context, run: (graph: Graph, printer: Printer) => Promise<number>): Promise<number> =>
  withIndex(context, (index, printer) => run(openGraph({ index, architecture: context.architecture }), printer));

function noSuch(name: string): number {
  say(`there is no function ${name} in this tree. 'kerntrail symbol ${name}' looks for similar names.`);
  return EXIT.nothing;
}

const edgeRow = (edge: GraphEdge) => ({
  kind: edge.kind,
  from: nodeName(edge.from),
  to: nodeName(edge.to),
  file: edge.place.file,
  line: edge.place.line,
  column: edge.place.column || null,
  by: edge.by || null,
  through: edge.through.map((t) => ({ function: t.definition.name, file: t.place.file, line: t.place.line })),
  condition: edge.condition,
  evidence: edge.evidence,
});

/** `kerntrail callers NAME|STRUCT.MEMBER`: who calls a function, by its name and through pointers, or a slot. */
export function callersCommand(context: Context, [what]: string[]): Promise<number> {
  return withGraph(context, async (graph, printer) => {
    const node = nodeOf(graph, what);
    if (!node) return noSuch(what);
    const edges = [...edgesInto(graph, node)];
    // what stands in a slot is called where the slot is
    for (const { from } of edgesInto(graph, node)) if (from.kind === 'slot') edges.push(...edgesInto(graph, from));
    if (edges.length === 0) {
      const why = node.kind === 'slot' ? '' : ' It may be called from code that is not in the index.';
      say(`nothing is known to call ${nodeName(node)}.${why}`);
      return EXIT.nothing;
    }
    const near = nearnessTo(node.kind === 'slot' ? '' : node.definition.file);
    const seen = new Set<string>();
    const list = edges
      .filter((e) => {
        const key = `${nodeKey(e.from)} ${nodeKey(e.to)} ${e.place.file}:${e.place.line}:${e.place.column} ${edgeText(e)}`;
        return seen.has(key) ? false : seen.add(key);
      })
      .map((edge, i) => ({ edge, i, near: near(edge.place.file) }))
      .sort((a, b) => Number(a.edge.to !== node) - Number(b.edge.to !== node) || b.near - a.near || a.i - b.i)
      .map(({ edge }) => edge);
    if (context.json) await writeLines(list.map(edgeRow));
    else
      await writeLines(
        columns(
          list.map((e) => [
            `${printer.place(e.place.file, e.place.line)}:`,
            printer.bold(nodeName(e.from)),
            printer.dim(`${edgeText(e)}${e.evidence === 'name' ? ' (by name only)' : ''}`),
          ]),
        ),
      );
    return EXIT.found;
  });
}

const TIME_LIMIT_MS = 20_000;

/** `kerntrail path FROM TO`: chains of calls between two functions. */
export function pathCommand(context: Context, [a, b]: string[]): Promise<number> {
  return withGraph(context, async (graph, printer) => {
    const [from, to] = [a, b].map((name) => nodeOf(graph, name));
    if (!from || !to) return noSuch(from ? b : a);
    const result = findPaths(graph, from, to, {
      max: context.max ?? 3,
      context: context.paths,
      timeLimit: TIME_LIMIT_MS,
    });
    if (result.found.length === 0) return noPath(result, `${a} to ${b}`);
    await writeChains(context, printer, result.found, graph);
    return EXIT.found;
  });
}

function noPath(result: SearchResult<unknown>, what: string): number {
  say(`no path from ${what}: ${noPathText(result)}`);
  return EXIT.nothing;
}

/** `kerntrail roots NAME`: the entries a function is reached from. */
export function rootsCommand(context: Context, [name]: string[]): Promise<number> {
  return withGraph(context, async (graph, printer) => {
    const node = nodeOf(graph, name);
    if (!node) return noSuch(name);
    const options = { max: context.max ?? 12, context: context.paths, timeLimit: TIME_LIMIT_MS };
    const result = findRoots(graph, node, options);
    if (result.found.length === 0) return noPath(result, `any entry to ${name}`);
    if (context.json) await writeLines(result.found.map(rootRow));
    else
      await writeLines(
        columns(result.found.map((r) => [r.kind, printer.bold(nodeName(r.node)), printer.dim(stepsText(r.chain))])),
      );
    if (!result.complete) say('a limit was hit: there may be more.');
    return EXIT.found;
  });
}

const rootRow = (r: Root) => ({ kind: r.kind, root: nodeName(r.node), edges: r.chain.edges.map(edgeRow) });

const stepsText = ({ edges }: Chain): string => edges.map((e) => nodeName(e.to)).join(' -> ');

async function writeChains(context: Context, printer: Printer, chains: readonly Chain[], graph: Graph): Promise<void> {
  if (context.json) {
    await writeLines(chains.map((c) => ({ cost: Number(c.cost.toFixed(2)), edges: c.edges.map(edgeRow) })));
    return;
  }
  if (context.format === 'mermaid' || context.format === 'dot') {
    await writeLines(diagram(chains, context.format));
    return;
  }
  for (const [i, chain] of chains.entries()) {
    if (chains.length > 1) await writeLines([...(i ? [''] : []), printer.bold(`Path ${i + 1}`)]);
    const first = chain.edges[0]?.from;
    const rows: string[][] = first ? [[printer.bold(nodeName(first)), '', '']] : [];
    for (const e of chain.edges) {
      for (const t of e.through)
        rows.push([
          `  ${printer.bold(t.definition.name)}`,
          printer.place(t.place.file, t.place.line),
          printer.dim('calls what it is handed'),
        ]);
      const others =
        e.from.kind === 'slot' ? graph.index.registrationsOfSlot(e.from.owner, e.from.member).length - 1 : 0;
      rows.push([
        `${e.to.kind === 'slot' ? '  ->' : '  '}${printer.bold(nodeName(e.to))}`,
        printer.place(e.place.file, e.place.line),
        printer.dim(
          `${edgeText(e)}${others > 0 ? `, one of ${others + 1}` : ''}${e.evidence === 'typed' ? '' : ` (${e.evidence})`}`,
        ),
      ]);
    }
    await writeLines(columns(rows));
  }
}

/** Chains as a diagram: nodes once each, an edge for each step. */
export function diagram(chains: readonly Chain[], format: 'mermaid' | 'dot'): string[] {
  const ids = new Map<string, string>();
  const out: string[] = format === 'mermaid' ? ['flowchart TD'] : ['digraph kerntrail {', '  node [shape=box];'];
  const text = (s: string) => s.replace(/["\\]/g, "'");
  const idOf = (node: GraphNode): string => {
    const key = nodeKey(node);
    let id = ids.get(key);
    if (!id) {
      id = `n${ids.size}`;
      ids.set(key, id);
      const name = text(nodeName(node));
      if (format === 'mermaid') out.push(node.kind === 'slot' ? `  ${id}{{"${name}"}}` : `  ${id}["${name}"]`);
      else out.push(`  ${id} [label="${name}"${node.kind === 'slot' ? ', shape=diamond' : ''}];`);
    }
    return id;
  };
  const seen = new Set<string>();
  for (const { edges } of chains)
    for (const e of edges) {
      const [a, b] = [idOf(e.from), idOf(e.to)];
      if (seen.has(`${a} ${b}`)) continue;
      seen.add(`${a} ${b}`);
      const label = text(`${edgeText(e)} ${e.place.file}:${e.place.line}`);
      out.push(format === 'mermaid' ? `  ${a} -->|"${label}"| ${b}` : `  ${a} -> ${b} [label="${label}"];`);
    }
  return format === 'mermaid' ? out : [...out, '}'];
}
