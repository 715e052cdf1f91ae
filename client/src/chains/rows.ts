/** The rows of the Chains view as data: roots, steps, groups of steps, found paths. Nothing here knows VS Code. */
import type {
  ChainFold,
  ChainHolder,
  ChainLink,
  ChainNext,
  ChainNode,
  ChainRoot,
  ChainStep,
  FoundChain,
  PathStep,
} from '../../../server/src/lsp/protocol.ts';

/** Which way a chain is walked: to those that call, or to what is called. */
export type Direction = 'callers' | 'targets';

/** An exploration: where it began, and which way it goes. */
export interface ExploreRoot {
  kind: 'explore';
  id: string;
  direction: Direction;
  roots: ChainRoot[];
  /** the table or struct that the roots are of */
  of: ChainHolder | null;
  /** a subsystem, table or module that narrows each dispatch; '' for none */
  context: string;
  pinned: boolean;
  /** kept from another session: places may have moved, so that it is looked up anew when it is opened */
  stale?: boolean;
}

/** What a search was asked. */
export interface SearchQuestion {
  /** '' for the entries that `to` is reached from */
  from: string;
  to: string;
  through: string[];
  context: string;
  seconds?: number;
  max?: number;
}

/** A search for chains, and what it has found so far. */
export interface SearchRoot {
  kind: 'search';
  id: string;
  question: SearchQuestion;
  chains: FoundChain[];
  message: string | null;
  busy: boolean;
  pinned: boolean;
}

/** What stands at the top of the view. */
export type Root = ExploreRoot | SearchRoot;

interface RowOf<K extends string> {
  kind: K;
  /** tells rows apart, and is the same when a row is made anew */
  id: string;
  parent: Row | null;
  root: Root;
}

/** A step: what is got to, and how. */
export interface StepRow extends RowOf<'step'> {
  node: ChainNode;
  link: ChainLink | null;
  /** of a table's function its member, of a struct's slot how many it has; '' elsewhere */
  how: string;
  /** it stands among those above it already, and opens into nothing new */
  again: boolean;
}

/** Steps that stand folded: those of one folder, or those outside of the context. */
export interface GroupRow extends RowOf<'group'> {
  title: string;
  steps: ChainStep[];
  outside: boolean;
  /** folds that are part of it, of a list which is too long to be told at once */
  folds: ChainFold[];
  /** the fold that it is itself: its steps are asked for when it is opened */
  fold: ChainFold | null;
}

/** A found chain, its number from 0. */
export interface PathRow extends RowOf<'path'> {
  chain: FoundChain;
  number: number;
}

/** A remark among the rows. */
export interface NoteRow extends RowOf<'note'> {
  text: string;
}

/** A row of the view. */
export type Row = RowOf<'root'> | StepRow | GroupRow | PathRow | NoteRow;

/** More steps than this stand in groups. */
const MANY = 40;
/** More groups than this are put together by the first two folders of their names. */
const MANY_GROUPS = 20;

/** The node that a root is by itself; null for one that holds several, and for a search. */
export const ownNode = (root: Root): ChainNode | null =>
  root.kind === 'explore' && !root.of && root.roots.length === 1 ? root.roots[0].node : null;

/** The row that stands for a root, at the top. */
export const rootRow = (root: Root): Row => ({ kind: 'root', id: root.id, parent: null, root });

/** The node of a row that stands for one. */
export function nodeOfRow(row: Row): ChainNode | null {
  if (row.kind === 'step') return row.node;
  return row.kind === 'root' ? ownNode(row.root) : null;
}

/** The other end of what leads to a step: the node that its row hangs on, in a found chain the one before it. */
export function otherEnd({ parent, link }: StepRow): ChainNode | null {
  if (parent?.kind === 'path') return parent.chain.steps.find(({ node }) => node.id === link?.from)?.node ?? null;
  for (let at: Row | null = parent; at; at = at.parent) {
    const node = nodeOfRow(at);
    if (node) return node;
  }
  return null;
}

/** Does a node stand among a row and those above it? */
function isAbove(row: Row | null, id: string): boolean {
  for (let at = row; at; at = at.parent) if (nodeOfRow(at)?.id === id) return true;
  return false;
}

const stepRow = (parent: Row, { node, link }: PathStep, how = ''): StepRow => ({
  kind: 'step',
  id: `${parent.id}/${node.id} ${link?.kind ?? ''} ${link?.kind === 'argument' ? link.how : how}`,
  parent,
  root: parent.root,
  node,
  link,
  how,
  again: parent.root.kind === 'explore' && isAbove(parent, node.id),
});

/** A remark below a row. */
export const noteRow = (parent: Row, text: string): NoteRow => ({
  kind: 'note',
  id: `${parent.id}/note ${text}`,
  parent,
  root: parent.root,
  text,
});

/** Rows below a root that holds several: the functions of a table, the slots of a struct, functions of one name. */
export const heldRows = (parent: Row, roots: readonly ChainRoot[]): StepRow[] =>
  roots.map(({ node, how }) => stepRow(parent, { node, link: null }, how));

/** Rows below a search: its chains. */
export const pathRows = (parent: Row, root: SearchRoot): PathRow[] =>
  root.chains.map((chain, number) => ({
    ...{ kind: 'path', id: `${parent.id}/${pathKey(chain)}`, parent, root, chain, number },
  }));

/** Where a chain leaves another one: the last step that both have from their beginning, and the first that is its own. */
export function parting(chain: FoundChain, other: FoundChain): { after: ChainNode; own: ChainNode } | null {
  const n = chain.steps.findIndex(({ node }, i) => other.steps[i]?.node.id !== node.id);
  return n > 0 ? { after: chain.steps[n - 1].node, own: chain.steps[n].node } : null;
}

/** Text that tells chains apart. */
const pathKey = ({ steps }: FoundChain): string => steps.map(({ node }) => node.id).join(' > ');

/** The steps of a found chain, each below its chain. */
export const pathStepRows = (parent: PathRow): StepRow[] =>
  parent.chain.steps.map((step, n) => {
    const row = stepRow(parent, step);
    return { ...row, id: `${row.id} ${n}` };
  });

const topOf = (group: string): string => group.split('/').slice(0, 2).join('/');

function groupBy(steps: readonly ChainStep[], keyOf: (step: ChainStep) => string): Map<string, ChainStep[]> {
  const groups = new Map<string, ChainStep[]>();
  for (const step of steps) {
    const key = keyOf(step);
    const group = groups.get(key);
    if (group) group.push(step);
    else groups.set(key, [step]);
  }
  return groups;
}

/** Rows of steps: many by their parts of the tree, in the order of the first of each. */
function foldedRows(parent: Row, steps: readonly ChainStep[]): Row[] {
  if (steps.length <= MANY) return steps.map((step) => stepRow(parent, step));
  const fine = groupBy(steps, ({ node }) => node.group);
  const groups = fine.size > MANY_GROUPS ? groupBy(steps, ({ node }) => topOf(node.group)) : fine;
  if (groups.size < 2) return steps.map((step) => stepRow(parent, step));
  return [...groups].map(([title, list]): Row => {
    if (list.length === 1) return stepRow(parent, list[0]);
    const named = title === '' ? 'elsewhere' : fine.size > MANY_GROUPS ? `${title}/` : title;
    return groupRow(parent, named, list, false);
  });
}

const groupRow = (parent: Row, title: string, steps: ChainStep[], outside: boolean): GroupRow => ({
  ...{ kind: 'group', id: `${parent.id}/${outside ? 'outside' : `in ${title}`}`, parent, root: parent.root },
  ...{ title, steps, outside, folds: [], fold: null },
});

/** The row of a fold: what it holds is asked for when it is opened. */
const foldRow = (parent: Row, fold: ChainFold): GroupRow => ({
  ...groupRow(parent, fold.within || 'the top folder', [], false),
  id: `${parent.id}/below ${fold.within}${fold.outside ? ' outside' : ''}`,
  fold,
});

/** How many steps a group stands for. */
export const sizeOf = ({ steps, folds, fold }: GroupRow): number =>
  fold ? fold.count : folds.reduce((n, { count }) => n + count, steps.length);

/** Rows of the steps on from a row; those outside of the context stand folded at the end. */
export function nextRows(parent: Row, { steps, folds, message }: ChainNext): Row[] {
  // what is in a fold outside of the context stands outside already
  const isInFold = parent.kind === 'group' && parent.fold !== null;
  const isOutside = ({ outside }: { outside?: true }): boolean => outside === true && !isInFold;
  const inside = steps.filter((step) => !isOutside(step));
  // the nearest of a folded list stand for themselves
  const rows = folds.length > 0 ? inside.map((step) => stepRow(parent, step)) : foldedRows(parent, inside);
  rows.push(...folds.filter((fold) => !isOutside(fold)).map((fold) => foldRow(parent, fold)));
  const { root } = parent;
  const context = root.kind === 'explore' ? root.context : '';
  const outside: GroupRow = {
    ...groupRow(parent, `outside ${context}`, steps.filter(isOutside), true),
    folds: folds.filter(isOutside),
  };
  if (sizeOf(outside) > 0) rows.push(outside);
  if (message) rows.push(noteRow(parent, message));
  return rows;
}

/** Rows of a group: of one that is folded by two folders, by each part of the tree in it. */
export function groupRows(group: GroupRow): Row[] {
  const { steps } = group;
  if (group.outside) return [...foldedRows(group, steps), ...group.folds.map((fold) => foldRow(group, fold))];
  const fine = groupBy(steps, ({ node }) => node.group);
  if (steps.length <= MANY || fine.size < 2) return steps.map((step) => stepRow(group, step));
  return [...fine].map(([title, list]) =>
    list.length === 1 ? stepRow(group, list[0]) : groupRow(group, title || 'elsewhere', list, false),
  );
}

/** A name by which the server finds a node again; null for a pointer, and for what holds functions and is no member. */
export function nameOfNode({ kind, name, owner, file }: ChainNode): string | null {
  if (kind === 'pointer') return null;
  if (kind === 'slot') return owner ? `${owner}.${name.replace(/^->/, '')}` : null;
  return file ? `${file}:${name}` : name;
}
