/** What stands in the Backtrace view: nodes that stay the same as long as what they show does. */
import type { FrameItem, SharedRun } from '../../../server/src/lsp/protocol.ts';
import type { RowRef, TraceModel } from './traceModel.ts';
import { type Hidden, isShown } from './traceRows.ts';

/** A row of the Backtrace view. */
export type TraceNode =
  | { kind: 'stack'; stack: number; parent: TraceNode | null }
  | { kind: 'run'; run: SharedRun; id: string; parent: TraceNode | null }
  | { kind: 'remark'; stack: number; text: string; parent: TraceNode | null }
  | { kind: 'row'; ref: RowRef; row: FrameItem; parent: TraceNode | null; id: string };

/** How the view is set: stacks that share frames as one tree or not, rows that are left out. */
export interface Shown {
  merged: boolean;
  hidden: Hidden;
}

/** The nodes of a view, made when they are asked for. */
export interface TraceNodes {
  /** those below a node; at the top, without one */
  children(node: TraceNode | undefined): Promise<TraceNode[]>;
  /** what was made is out of date: all of it, or the rows alone */
  forget(what: 'all' | 'rows'): void;
}

/** Nodes of a model's stacks. `shown` is asked each time. */
export function newTraceNodes(model: TraceModel, shown: () => Shown): TraceNodes {
  /** by place, so that one can be revealed */
  let nodes = new Map<string, TraceNode>();
  const keep = (key: string, node: TraceNode): TraceNode => {
    const known = nodes.get(key);
    if (known) return known;
    nodes.set(key, node);
    return node;
  };
  const stackNode = (stack: number, parent: TraceNode | null): TraceNode =>
    keep(`stack ${stack}`, { kind: 'stack', stack, parent });

  const rowNodes = async (
    stack: number,
    parent: TraceNode,
    wanted: ReadonlySet<number> | null,
  ): Promise<TraceNode[]> => {
    const rows = await model.rows(stack);
    return rows.flatMap((row, n) => {
      if ((wanted && !wanted.has(row.frame)) || !isShown(row, shown().hidden)) return [];
      const id = `row ${stack} ${n}`;
      return [keep(id, { kind: 'row', ref: { stack, row: n }, row, parent, id })];
    });
  };
  /** Runs of one stack alone, at the top, are that stack as it is. */
  const runNode = (run: SharedRun, parent: TraceNode | null): TraceNode => {
    const [stack] = run.stacks;
    if (run.stacks.length === 1 && parent === null) return stackNode(stack, null);
    const id = `run ${run.stacks.join(' ')} ${run.frames[0]}`;
    return keep(id, { kind: 'run', run, id, parent });
  };
  const children = async (node: TraceNode | undefined): Promise<TraceNode[]> => {
    const list = model.stacks();
    if (!list) return [];
    if (!node) {
      if (shown().merged) return list.merged.map((run) => runNode(run, null));
      return list.stacks.map((_, n) => stackNode(n, null));
    }
    if (node.kind === 'stack') {
      const rows = await rowNodes(node.stack, node, null);
      const text = model.remark(node.stack);
      return text === null ? rows : [{ kind: 'remark', stack: node.stack, text, parent: node }, ...rows];
    }
    if (node.kind === 'run')
      return [
        ...(await rowNodes(node.run.stacks[0], node, new Set(node.run.frames))),
        ...node.run.branches.map((b) => runNode(b, node)),
      ];
    return [];
  };
  return {
    children,
    forget(what) {
      if (what === 'all') nodes = new Map();
      else for (const [key, { kind }] of nodes) if (kind === 'row') nodes.delete(key);
    },
  };
}

/** The node of a row, among some nodes or below them; null where the view has none. */
export async function rowNode(
  level: readonly TraceNode[],
  wanted: RowRef,
  children: (node: TraceNode) => Promise<TraceNode[]>,
): Promise<TraceNode | null> {
  for (const node of level) {
    if (node.kind === 'row') {
      if (node.ref.stack === wanted.stack && node.ref.row === wanted.row) return node;
      continue;
    }
    if (node.kind === 'remark') continue;
    const holdsStack = node.kind === 'stack' ? node.stack === wanted.stack : node.run.stacks.includes(wanted.stack);
    const found = holdsStack ? await rowNode(await children(node), wanted, children) : null;
    if (found) return found;
  }
  return null;
}
