import type { FrameItem, SharedRun, StackItem, StackList } from '../../../server/src/lsp/protocol.ts';

/** Rows that the Backtrace view leaves out when it is told to. */
export interface Hidden {
  /** frames that the unwinder marked `?` */
  unreliable: boolean;
  /** functions that were worked out to be inlined */
  inferred: boolean;
}

/** Is a row in view? */
export const isShown = (row: FrameItem, hidden: Hidden): boolean =>
  !(hidden.unreliable && !row.reliable) && !(hidden.inferred && row.inferred);

/** A row's name, behind the number of its frame as debuggers count: what was inlined has none of its own. */
export const rowName = (row: FrameItem): string => (row.inferred ? row.function : `#${row.frame} ${row.function}`);

/**
 * What stands beside a frame's name in the Backtrace view: how the row above is reached and what is in doubt, which a
 * narrow view has room for, then the line. That a function was inlined is what its icon says.
 */
export function rowDescription(row: FrameItem): string {
  const how = row.brief && row.evidence ? `${row.brief} (${row.evidence})` : row.brief || row.evidence;
  const note = row.isTold ? '' : row.note;
  return [row.reliable ? '' : 'unreliable', how, row.where.replace(/^.*\//, ''), note].filter(Boolean).join(' · ');
}

/** All there is to say of a row beside its name and line. */
export function rowRemarks(row: FrameItem): string[] {
  const evidence = row.evidence ? `(${row.evidence})` : '';
  const edge = [row.edge, evidence].filter(Boolean).join(' ');
  const inlined = row.inferred ? `inlined into #${row.frame}` : row.inlined ? 'inlined' : '';
  return [inlined, row.reliable ? '' : 'unreliable', edge, row.note].filter(Boolean);
}

/** Icon of a row (a codicon's name): shape tells what a colour-blind reader needs, too. */
export function rowIcon(row: FrameItem): string {
  if (!row.location) return 'circle-slash';
  if (!row.reliable) return 'question';
  return row.inlined ? 'indent' : 'symbol-method';
}

/** What a screen reader says of a row: the whole path, too. */
export const rowLabel = (row: FrameItem): string =>
  [row.inferred ? row.function : `frame ${row.frame}, ${row.function}`, row.where, ...rowRemarks(row)]
    .filter(Boolean)
    .join(', ');

/** `12 frames · reader/431 · CPU 1`. */
export const stackDescription = ({ frames, detail }: StackItem): string =>
  [`${frames} ${frames === 1 ? 'frame' : 'frames'}`, detail].filter(Boolean).join(' · ');

/** What the view says of a text without frames; undefined for one that has some. */
export function emptyText({ stacks, hunks }: Pick<StackList, 'stacks' | 'hunks'>): string | undefined {
  if (stacks.length > 0) return undefined;
  if (hunks === 0) return 'This text holds no frames.';
  return `This text holds no frames, but a patch. A line above ${hunks === 1 ? 'its hunk' : 'each hunk'} tells where it stands.`;
}

/** Title of frames that some stacks have in common, or of where one of them goes its own way. */
export function runTitle({ stacks, frames, first, last }: SharedRun): string {
  const names = frames.length > 1 ? `${first} … ${last}` : first;
  return stacks.length > 1 ? `${stacks.length} stacks: ${names}` : `from ${names}`;
}

/**
 * The next row to walk to, or -1 at the end: rows without a place are passed over, unreliable ones, and those out of view.
 * `from` is -1 before the first row, `step` 1 towards the caller, -1 back.
 */
export function nextRow(rows: readonly FrameItem[], from: number, step: 1 | -1, hidden: Hidden): number {
  for (let at = from + step; at >= 0 && at < rows.length; at += step)
    if (rows[at].location && rows[at].reliable && isShown(rows[at], hidden)) return at;
  return -1;
}

/**
 * Why there is no row to walk to: the last one is reached, or none of those that follow has a place; `isPartial`: the
 * index can't know that yet.
 */
export function walkEnd(rows: readonly FrameItem[], from: number, step: 1 | -1, isPartial: boolean): string {
  const left = rows.slice(...(step > 0 ? [from + 1] : [0, Math.max(0, from)])).filter((r) => r.reliable);
  const way = step > 0 ? 'outermost' : 'innermost';
  if (left.length === 0) return `This is the ${way} frame of the backtrace.`;
  const many = left.length === 1 ? 'The frame' : `The ${left.length} frames`;
  const further = `${many} further ${step > 0 ? 'out' : 'in'}`;
  if (isPartial) return `${further}: not indexed yet.`;
  return `${further} ${left.length === 1 ? 'has' : 'have'} no place in this tree.`;
}

/** The row of the frame that stands at a line of the text (0-based), or the first behind it; -1 without any. */
export function rowAtLine(rows: readonly FrameItem[], line: number): number {
  return rows.findIndex((r) => r.line >= line && r.location !== null && r.reliable);
}

/** What a line of source says of itself while a trace runs through it: `#3 · through ->readahead of ext4_aops`. */
export function lineRemark(row: FrameItem): string {
  const name = row.inlined ? `#${row.frame} ${row.function} (inlined)` : `#${row.frame} ${row.function}`;
  return [name, row.edge, row.evidence].filter(Boolean).join(' · ');
}
