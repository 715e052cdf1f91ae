/** What the Chains view holds: its roots with their history and pins, the rows that were asked for, the filter. */
import {
  CHAIN_NEXT,
  CHAIN_ROOTS,
  type ChainLink,
  type ChainNext,
  type ChainNextParams,
  type ChainNode,
  type ChainRoots,
  type ChainRootsParams,
} from '../../../server/src/lsp/protocol.ts';
import { type Filter, isKept } from './filter.ts';
import { goOn, type History, mapHistory, newHistory, step } from './history.ts';
import {
  type ExploreRoot,
  groupRows,
  heldRows,
  nameOfNode,
  nextRows,
  nodeOfRow,
  noteRow,
  ownNode,
  pathRows,
  pathStepRows,
  type Root,
  type Row,
  rootRow,
  type SearchRoot,
  sizeOf,
} from './rows.ts';

/** What the model asks and tells. */
export interface ChainsHost {
  /** asks the server; null where there is none, or where it fails */
  ask<P, R>(method: string, params: P): Promise<R | null>;
  /** rows have changed; roots (and with them what can be gone back to) as well where that is told */
  changed(roots: boolean): void;
}

/** A row with what stands below it in the view. */
export interface Outline {
  row: Row;
  below: Outline[];
}

/** Nodes and links, each once. */
export interface ChainGraph {
  title: string;
  nodes: ChainNode[];
  links: ChainLink[];
  /** of a search, the steps of its first chain: the way that a picture draws strong */
  chosen: [from: string, to: string][];
}

/** What the view shows; see the functions over it below. */
export interface ChainsModel {
  host: ChainsHost;
  history: History<readonly Root[]>;
  filter: Filter | null;
  /** rows below a row, by its id, as they were asked for, and as they are known */
  asked: Map<string, Promise<Row[]>>;
  known: Map<string, Row[]>;
  /** rows by id */
  rows: Map<string, Row>;
  /** ids of rows that are open in the view */
  open: Set<string>;
  /** ids of rows below which an index that was still being built may have left something out */
  partial: Set<string>;
  made: number;
}

const NO_ANSWER = 'There is no answer: the output channel Kerntrail tells why.';
/** More nodes than this are no picture. */
const MOST_NODES = 2000;

/** An empty view. */
export const newChainsModel = (host: ChainsHost): ChainsModel => ({
  host,
  history: newHistory<readonly Root[]>([]),
  filter: null,
  asked: new Map(),
  known: new Map(),
  rows: new Map(),
  open: new Set(),
  partial: new Set(),
  made: 0,
});

/** What stands at the top now, the newest first. */
export const rootsOf = (model: ChainsModel): readonly Root[] => model.history.present;

/** The root of a row as it is now: rows keep the one that they were made with. */
export const rootOf = (model: ChainsModel, row: Row): Root =>
  rootsOf(model).find((root) => root.id === row.root.id) ?? row.root;

const sameRoot = (a: Root, b: Root): boolean => {
  if (a.kind === 'explore' && b.kind === 'explore') {
    const key = ({ direction, context, of, roots }: ExploreRoot) =>
      [direction, context, of?.name, ...roots.map(({ node }) => node.id)].join('\0');
    return key(a) === key(b);
  }
  if (a.kind !== 'search' || b.kind !== 'search') return false;
  const key = ({ question: { from, to, through, context } }: typeof a) => [from, to, context, ...through].join('\0');
  return key(a) === key(b);
};

/** Puts a root on top, for which it makes an id, and gives its row; one that says the same gives way to it. */
export function addRoot(model: ChainsModel, root: Root): Row {
  const same = rootsOf(model).find((r) => sameRoot(r, root));
  if (same && same.kind === 'explore') return rowOfRoot(model, same);
  const added: Root = { ...root, id: `root ${model.made++}`, pinned: same?.pinned ?? root.pinned };
  setRoots(model, [added, ...rootsOf(model).filter((r) => r !== same)]);
  return rowOfRoot(model, added);
}

/** Shows other roots, as a step of the history. */
function setRoots(model: ChainsModel, roots: readonly Root[]): void {
  model.history = goOn(model.history, roots);
  const { past, present, future } = model.history;
  const kept = new Set([...past, present, ...future].flat().map(({ id }) => id));
  // nobody can go back to these
  for (const id of model.rows.keys())
    if (!id.includes('/') && !kept.has(id)) {
      forget(model, id);
      model.rows.delete(id);
    }
  model.host.changed(true);
}

/** Makes a root anew wherever it stands in the history; `again`: what is below it has to be asked for again. */
export function changeRoot(model: ChainsModel, id: string, make: (root: Root) => Root, again: boolean): void {
  model.history = mapHistory(model.history, (roots) => roots.map((root) => (root.id === id ? make(root) : root)));
  if (again) forget(model, id);
  model.rows.delete(id);
  model.host.changed(true);
}

/** Forgets what is known below a row. */
export function forget(model: ChainsModel, id: string): void {
  const isBelow = (key: string): boolean => key === id || key.startsWith(`${id}/`);
  for (const map of [model.asked, model.known]) for (const key of map.keys()) if (isBelow(key)) map.delete(key);
  for (const key of model.rows.keys()) if (key !== id && isBelow(key)) model.rows.delete(key);
  for (const key of [...model.partial]) if (isBelow(key)) model.partial.delete(key);
}

/** Asks again for what an index that was still being built may have left out; tells whether there is any. */
export function renewPartial(model: ChainsModel): boolean {
  const ids = [...model.partial];
  for (const id of ids) forget(model, id);
  if (ids.length > 0) model.host.changed(false);
  return ids.length > 0;
}

/** Takes a root out, or of a search one of its chains. */
export function removeRow(model: ChainsModel, row: Row): void {
  if (row.kind === 'path') {
    const without = (root: Root): Root =>
      root.kind === 'search' ? { ...root, chains: root.chains.filter((c) => c !== row.chain) } : root;
    changeRoot(model, row.root.id, without, true);
    return;
  }
  setRoots(
    model,
    rootsOf(model).filter((root) => root.id !== row.root.id),
  );
}

/** Takes all roots out but the pinned ones. */
export const clearRoots = (model: ChainsModel): void =>
  setRoots(
    model,
    rootsOf(model).filter((root) => root.pinned),
  );

/** Goes back (-1) or forward (1) to what the view showed. */
export function goTo(model: ChainsModel, by: -1 | 1): void {
  model.history = step(model.history, by);
  model.host.changed(true);
}

/** Shows what a filter keeps; null for all. */
export function setFilter(model: ChainsModel, filter: Filter | null): void {
  model.filter = filter;
  model.host.changed(false);
}

/** The row that stands for a root: the same one as long as nothing of it changes. */
export function rowOfRoot(model: ChainsModel, root: Root): Row {
  const known = model.rows.get(root.id);
  if (known?.root === root) return known;
  const row = rootRow(root);
  model.rows.set(root.id, row);
  return row;
}

/** The rows below a row, as far as the filter keeps them; those at the top for none. One request each, and once. */
export async function childrenOf(model: ChainsModel, row: Row | undefined): Promise<Row[]> {
  if (!row) return rootsOf(model).map((root) => rowOfRoot(model, root));
  let asked = model.asked.get(row.id);
  if (!asked) {
    const mine: Promise<Row[]> = load(model, row).then((rows) => {
      if (model.asked.get(row.id) !== mine) return rows;
      model.known.set(row.id, rows);
      for (const below of rows) model.rows.set(below.id, below);
      return rows;
    });
    asked = mine;
    model.asked.set(row.id, asked);
  }
  return filtered(model, row, await asked);
}

async function load(model: ChainsModel, row: Row): Promise<Row[]> {
  const root = rootOf(model, row);
  switch (row.kind) {
    case 'root': {
      if (root.kind === 'search') return searchRows(row, root);
      const own = ownNode(root.stale ? await lookedUp(model, root) : root);
      return own ? next(model, row, own) : heldRows(row, root.roots);
    }
    case 'path':
      return pathStepRows(row);
    case 'group': {
      const held = row.fold && row.parent ? heldByFold(row) : null;
      return held ? next(model, row, held) : groupRows(row);
    }
    case 'step':
      return root.kind === 'explore' && !row.again ? next(model, row, row.node) : [];
    default:
      return [];
  }
}

/** The chains of a search, and what is to be said of them: which of several functions is meant, why there is none. */
const searchRows = (row: Row, root: SearchRoot): Row[] => [
  ...pathRows(row, root),
  ...(root.message && !root.busy ? [noteRow(row, root.message)] : []),
];

async function next(model: ChainsModel, row: Row, node: ChainNode): Promise<Row[]> {
  const root = rootOf(model, row);
  if (root.kind !== 'explore') return [];
  const { direction, context } = root;
  const fold = row.kind === 'group' ? row.fold : null;
  const params: ChainNextParams = {
    ...{ node, direction, ...(context ? { context } : {}) },
    ...(fold ? { within: fold.within, outside: fold.outside === true } : {}),
  };
  const answer = await model.host.ask<ChainNextParams, ChainNext>(CHAIN_NEXT, params);
  if (!answer) {
    model.asked.delete(row.id);
    return [noteRow(row, NO_ANSWER)];
  }
  if (answer.message) model.partial.add(row.id);
  const rows = nextRows(row, answer);
  if (rows.length > 0) return rows;
  return [noteRow(row, direction === 'callers' ? 'Nothing is known to call it.' : 'It calls nothing that is known.')];
}

/** The node whose steps a fold is of. */
function heldByFold(row: Row): ChainNode | null {
  for (let at: Row | null = row; at; at = at.parent) {
    const node = nodeOfRow(at);
    if (node) return node;
  }
  return null;
}

/** A root of another session as it is in the tree now; as it was, where nothing is found. */
async function lookedUp(model: ChainsModel, root: ExploreRoot): Promise<ExploreRoot> {
  const node = ownNode(root);
  const name = root.of ? root.of.name : node && nameOfNode(node);
  const found = name ? await model.host.ask<ChainRootsParams, ChainRoots>(CHAIN_ROOTS, { name }) : null;
  const roots = root.of ? found?.roots : found?.roots.slice(0, 1);
  const now: ExploreRoot = { ...root, ...(roots?.length ? { roots } : {}), stale: false };
  // what is being asked for stays asked for
  model.history = mapHistory(model.history, (all) => all.map((r) => (r.id === root.id ? now : r)));
  return now;
}

function keeps(model: ChainsModel, filter: Filter, row: Row): boolean {
  switch (row.kind) {
    case 'step':
      if (row.root.kind === 'search' || isKept(filter, row.node, row.link)) return true;
      break;
    case 'group':
      // nobody knows what a fold holds before it is opened
      if (sizeOf(row) > row.steps.length || row.steps.some(({ node, link }) => isKept(filter, node, link))) return true;
      break;
    case 'path':
      return row.chain.steps.some(({ node, link }) => isKept(filter, node, link));
    default:
      return true;
  }
  const below = model.known.get(row.id)?.filter(({ kind }) => kind !== 'note') ?? [];
  return below.some((r) => keeps(model, filter, r));
}

function filtered(model: ChainsModel, parent: Row, rows: readonly Row[]): Row[] {
  const { filter } = model;
  if (!filter) return [...rows];
  const kept = rows.filter((row) => keeps(model, filter, row));
  const hidden = rows.length - kept.length;
  return hidden === 0 ? kept : [...kept, noteRow(parent, `${hidden} hidden by the filter`)];
}

/** How many of a group's steps the filter keeps. */
export const keptOf = ({ filter }: ChainsModel, row: Row & { kind: 'group' }): number =>
  filter && sizeOf(row) === row.steps.length
    ? row.steps.filter(({ node, link }) => isKept(filter, node, link)).length
    : sizeOf(row);

/** A row with what is open below it, as the view shows it; of a search, all its chains. */
export function outlineOf(model: ChainsModel, row: Row, isTop = true): Outline {
  const isOpen = isTop || row.root.kind === 'search' || model.open.has(row.id);
  const made = row.root.kind === 'search' ? madeRows(model, row) : (model.known.get(row.id) ?? []);
  const below = isOpen ? filtered(model, row, made) : [];
  return { row, below: below.map((r) => outlineOf(model, r, false)) };
}

/** Rows of a search, which take no request. */
function madeRows(model: ChainsModel, row: Row): Row[] {
  const root = rootOf(model, row);
  if (row.kind === 'root' && root.kind === 'search') return pathRows(row, root);
  return row.kind === 'path' ? pathStepRows(row) : [];
}

/** All that is known below a row, as nodes and links: what stands folded in groups as well. */
export function graphBelow(model: ChainsModel, row: Row, title: string): ChainGraph {
  const nodes = new Map<string, ChainNode>();
  const links = new Map<string, ChainLink>();
  const add = (node: ChainNode, link: ChainLink | null): void => {
    if (!nodes.has(node.id) && nodes.size >= MOST_NODES) return;
    if (!nodes.has(node.id)) nodes.set(node.id, node);
    if (link && nodes.has(link.from) && nodes.has(link.to)) links.set(`${link.from}\0${link.to}\0${link.kind}`, link);
  };
  const above = row.kind === 'step' ? row.node : nodeOfRow(row);
  if (above) add(above, null);
  const visit = (at: Row): void => {
    const made = row.root.kind === 'search' ? madeRows(model, at) : (model.known.get(at.id) ?? []);
    if (at.kind === 'group') for (const { node, link } of at.steps) add(node, link);
    for (const below of filtered(model, at, made)) {
      if (below.kind === 'step') add(below.node, below.link);
      visit(below);
    }
  };
  if (row.kind === 'group' && row.parent) {
    const holder = nodeOfRow(row.parent);
    if (holder) add(holder, null);
  }
  visit(row);
  const root = rootOf(model, row);
  const first = row.kind === 'path' ? row.chain : root.kind === 'search' ? root.chains[0] : undefined;
  const chosen = (first?.steps ?? []).flatMap(({ link }): [string, string][] => (link ? [[link.from, link.to]] : []));
  return { title, nodes: [...nodes.values()], links: [...links.values()], chosen };
}
