/** Boxes: what is written in them and how large that makes them. Names are set in the editor's own type, so widths follow from letters. */
import type { ChartIndex } from './chart.ts';
import type { Fold, Scene } from './scene.ts';

/** A rectangle, its upper left corner and its size, in pixels of the picture. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a box is drawn as; `fold`: it opens into more. */
export type BoxKind = 'function' | 'macro' | 'slot' | 'pointer' | 'fold';

/** A box that has no place yet. */
export interface Box {
  id: string;
  kind: BoxKind;
  /** the first line, and a quiet second one or '' */
  name: string;
  below: string;
  /** its room: boxes of one file stand together; '' for none */
  room: string;
  width: number;
  height: number;
}

/** Width of a letter of the name's type, in pixels, where nobody has measured it. */
export const LETTER = 7.3;
/** The second line is smaller. */
const SMALL = 0.82;
const PAD = 12;
const ONE_LINE = 26;
const TWO_LINES = 40;
/** Longer names are cut in the middle; the whole one is in the tooltip. */
const LONGEST = 44;
const LONGEST_BELOW = 34;

/** A text of at most so many letters, the middle left out. */
export function cut(text: string, most = LONGEST): string {
  if (text.length <= most) return text;
  const half = (most - 1) / 2;
  return `${text.slice(0, Math.ceil(half))}…${text.slice(-Math.floor(half))}`;
}

/** Of a path its end tells most. */
const cutStart = (text: string): string =>
  text.length <= LONGEST_BELOW ? text : `…${text.slice(-(LONGEST_BELOW - 1))}`;

/** A quiet line is cut at its end: it begins with what tells most. */
const cutEnd = (text: string): string => (text.length <= LONGEST_BELOW ? text : `${text.slice(0, LONGEST_BELOW - 1)}…`);

/** The boxes of a scene; `letter`: the width of a letter in pixels. */
export function boxesOf({ nodes, folds }: Scene, index: ChartIndex, letter = LETTER): Box[] {
  const rooms = roomsOf(nodes, index);
  const boxes = nodes.flatMap((id): Box[] => {
    const node = index.nodes.get(id);
    if (!node) return [];
    const room = rooms.has(node.file) && node.kind !== 'slot' ? node.file : '';
    const below = node.kind === 'slot' ? node.owner : tablesOf(index, id) || (room ? '' : cutStart(node.file));
    return [boxFor({ id, kind: node.kind, name: cut(node.name), below: cutEnd(below), room }, letter)];
  });
  return [...boxes, ...folds.map((fold) => foldBox(fold, letter))];
}

/** Files that several functions in sight stand in: each is a room. A slot is a door, in none. */
function roomsOf(nodes: readonly string[], index: ChartIndex): Set<string> {
  const counts = new Map<string, number>();
  for (const id of nodes) {
    const node = index.nodes.get(id);
    if (node?.file && node.kind !== 'slot') counts.set(node.file, (counts.get(node.file) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > 1).map(([file]) => file));
}

/** By which tables a function stands in its slots: `in ext4_file_vm_ops`; '' where none is drawn. */
function tablesOf({ pairs }: ChartIndex, to: string): string {
  for (const pair of pairs) if (pair.to === to && pair.links[0].kind === 'member') return pair.links[0].how;
  return '';
}

const boxFor = (box: Omit<Box, 'width' | 'height'>, letter: number): Box => ({
  ...box,
  // a slot's ends are round
  width: Math.ceil(
    Math.max(box.name.length * letter, box.below.length * letter * SMALL) + 2 * PAD + (box.kind === 'slot' ? 16 : 0),
  ),
  height: box.below ? TWO_LINES : ONE_LINE,
});

const foldBox = ({ id, count, side }: Fold, letter: number): Box =>
  boxFor(
    { id, kind: 'fold', name: `+ ${count} more${side === 'callers' ? ' callers' : ''}`, below: '', room: '' },
    letter,
  );
