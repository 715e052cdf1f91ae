/** `kerntrail path|roots`: the call graph through function pointers, from a shell. */
import { type Asked, chosenText, edgeText, noPathText } from '../../features/source/callPaths.ts';
import { TreeError } from '../../index/tree.ts';
import { nodesNamed } from '../../resolve/graph/named.ts';
import { type Graph, type GraphNode, nodeKey, nodeName, openGraph } from '../../resolve/graph/nodes.ts';
import { type Chain, findPaths, type SearchOptions, type SearchResult } from '../../resolve/graph/paths.ts';
import { findRoots, type Root } from '../../resolve/graph/roots.ts';
import type { World } from '../../resolve/world.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { sayNone } from '../none.ts';
import { type Given, numberOf, type Option, singleValue } from '../options.ts';
import { say, writeLines } from '../output.ts';
import { columns, type Printer } from '../print.ts';
import { edgeRow, noSuch, severalText } from './edges.ts';

const SECONDS = 20;
const MOST_SECONDS = 3600;

/** How chains are printed. */
export type Format = 'text' | 'mermaid' | 'dot';
/** What --format takes. */
export const FORMATS = 'text, mermaid or dot';

/** What --format says; text where it says nothing. Throws a TreeError for another word. */
export function formatOf(given: Given): Format {
  const format = singleValue(given, 'format') ?? 'text';
  if (format === 'text' || format === 'mermaid' || format === 'dot') return format;
  throw new TreeError(`--format takes ${FORMATS}.`);
}

type Asking = (world: World, graph: Graph, printer: Printer) => Promise<number>;

const withGraph = (context: Context, run: Asking): Promise<number> =>
  withIndex(context, (world, printer) => run(world, openGraph(world), printer));

const CONTEXT: Option = {
  value: 'NAME',
  many: true,
  about: 'a subsystem whose tables are preferred at each dispatch; may be repeated',
};

const TIME: Option = { value: 'SECONDS', about: `when to give up (default: ${SECONDS})` };

const MOST_ANSWERS = 1000;

/** How long a search may take, and what it was told: `most` chains unless --max says otherwise. */
const searchOf = (given: Given, most: number): SearchOptions => ({
  max: numberOf(given, 'max', 1, MOST_ANSWERS) ?? most,
  context: given.get('context') ?? [],
  timeLimit: 1000 * (numberOf(given, 'time', 1, MOST_SECONDS) ?? SECONDS),
});

/** `kerntrail path`, for the table of commands. */
export const pathCommand: Command = {
  name: 'path',
  args: '[FILE:]FROM [FILE:]TO',
  count: 2,
  about: 'chains of calls between two functions',
  help: 'kerntrail path handle_mm_fault ext4_readahead\nkerntrail path __x64_sys_read ext4_file_read_iter --context ext4 --format mermaid',
  options: {
    max: { value: 'N', about: 'how many chains (default: 3)' },
    context: CONTEXT,
    through: { value: '[FILE:]NAME', many: true, about: 'a function or slot on the way; may be repeated, in order' },
    time: TIME,
    format: { value: 'F', about: FORMATS },
  },
  run: path,
};

/** `kerntrail path FROM TO`: chains of calls between two functions. */
function path(context: Context, [a, b]: string[], given: Given): Promise<number> {
  const search = searchOf(given, 3);
  const format = formatOf(given);
  return withGraph(context, async (world, graph, printer) => {
    const names = [a, ...(given.get('through') ?? []), b];
    const nodes = names.map((name) => nodesNamed(world, name));
    const missing = nodes.findIndex((n) => n.length === 0);
    if (missing >= 0) return noSuch(world, names[missing]);
    const [from, to] = [nodes[0], nodes[nodes.length - 1]];
    const result = findPaths(graph, from, to, { ...search, through: nodes.slice(1, -1) });
    if (result.found.length === 0)
      return noPath(world, result, `${a} to ${b}`, {
        from: a,
        to: b,
        help: 'a subsystem (--context NAME), a function on the way (--through NAME), more time (--time SECONDS)',
      });
    for (const text of chosenText(result.found, from, to)) say(text);
    await writeChains(context, format, printer, result.found, graph);
    return EXIT.found;
  });
}

const noPath = (world: World, result: SearchResult<unknown>, what: string, asked: Asked): number =>
  sayNone(world, `no path from ${what}${result.complete ? '' : ' was found'}: ${noPathText(result, null, asked)}`);

/** `kerntrail roots`, for the table of commands. */
export const rootsCommand: Command = {
  name: 'roots',
  args: '[FILE:]NAME',
  count: 1,
  about: 'the entries (system calls, exceptions, interrupts …) a function is reached from',
  help: 'kerntrail roots ext4_readahead  the nearest entries, and the way from each',
  options: { max: { value: 'N', about: 'how many entries (default: 12)' }, context: CONTEXT, time: TIME },
  run: roots,
};

/** `kerntrail roots NAME`: the entries a function is reached from. */
function roots(context: Context, [name]: string[], given: Given): Promise<number> {
  const search = searchOf(given, 12);
  return withGraph(context, async (world, graph, printer) => {
    const nodes = nodesNamed(world, name);
    if (nodes.length === 0) return noSuch(world, name);
    const all = nodes.map((node) => findRoots(graph, node, search));
    const result = { ...all[0], found: all.flatMap((r) => r.found), complete: all.every((r) => r.complete) };
    if (result.found.length === 0)
      return noPath(world, result, `any entry to ${name}`, { from: '', to: name, help: 'more time (--time SECONDS)' });
    if (nodes.length > 1) say(severalText(name, nodes));
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

async function writeChains(
  context: Context,
  format: Format,
  printer: Printer,
  chains: readonly Chain[],
  graph: Graph,
): Promise<void> {
  if (context.json) {
    await writeLines(chains.map((c) => ({ cost: Number(c.cost.toFixed(2)), edges: c.edges.map(edgeRow) })));
    return;
  }
  if (format !== 'text') {
    await writeLines(diagram(chains, format));
    return;
  }
  for (const [i, chain] of chains.entries()) {
    if (chains.length > 1) await writeLines([...(i ? [''] : []), printer.bold(`Path ${i + 1}`)]);
    await writeLines(columns(chainRows(chain, graph, printer)));
  }
}

/** A chain as rows: the first function, then each step with its place and how it is made. */
export function chainRows(chain: Chain, graph: Graph, printer: Printer): string[][] {
  const first = chain.edges[0]?.from;
  const rows: string[][] = first ? [[printer.bold(nodeName(first)), '', '']] : [];
  for (const e of chain.edges) {
    // whoever calls what it is handed is called where that is handed over; what is stored is so on another way
    const isHanded = e.kind === 'argument';
    let at = e.place;
    for (const t of isHanded ? e.through.filter((t) => !t.returns) : []) {
      rows.push([`  ${printer.bold(t.definition.name)}`, printer.place(at.file, at.line), printer.dim('call')]);
      at = t.place;
    }
    const others = e.from.kind === 'slot' ? graph.index.registrationsOfSlot(e.from.owner, e.from.member).length - 1 : 0;
    rows.push([
      `${e.to.kind === 'slot' ? '  ->' : '  '}${printer.bold(nodeName(e.to))}`,
      printer.place(at.file, at.line),
      printer.dim(
        `${isHanded ? 'calls what it is handed' : edgeText(e)}${others > 0 ? `, one of ${others + 1}` : ''}${e.evidence === 'typed' ? '' : ` (${e.evidence})`}`,
      ),
    ]);
  }
  return rows;
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
