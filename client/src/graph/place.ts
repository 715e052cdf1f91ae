/**
 * Places for boxes that join a picture: beside what they belong to, where there is room. What is there already stays where
 * the eye left it, which no layout of the whole would do.
 */
import type { Box, Rect } from './boxes.ts';
import { curve, type Point, rail } from './paths.ts';

/** A box that has its place. */
export type Placed = Box & Rect;

/** A frame around boxes, with a title. */
export interface Room extends Rect {
  /** the file, or what the boxes have in common */
  name: string;
  /** `opened`: boxes that came out of one fold or one question */
  kind: 'file' | 'opened';
}

/** A line between two boxes. */
export interface Line {
  from: string;
  to: string;
  /** Bézier curves, end to end: a start, then three points for each */
  points: Point[];
  /** it stands for all lines that go on from its end within a frame, and has no head */
  bundle?: true;
}

/** All that has a place in a picture. */
export interface Picture {
  boxes: Placed[];
  rooms: Room[];
  lines: Line[];
}

/** Boxes that join a picture beside one of its boxes. */
export interface Joining {
  /** where they belong; a fold that is being opened is no longer among the boxes */
  anchor: Rect;
  boxes: Box[];
  /** below what calls them, or above what they call */
  side: 'targets' | 'callers';
  title: string;
}

const GAP = 10;
const COLUMN_GAP = 40;
const MARGIN = 14;
const TITLE = 18;
/** Between an anchor and what opens from it. */
const AWAY = 44;
const STEP = 24;
/** How far aside a place is looked for. */
const ASIDE = 2400;
/** Boxes that stand beside each other, each with a line of its own; more of them are a list. */
const ROW = 4;
/** Lines of a list's column. */
const COLUMN = 12;

const overlaps = (a: Rect, b: Rect, margin: number): boolean =>
  a.x < b.x + b.width + margin &&
  b.x < a.x + a.width + margin &&
  a.y < b.y + b.height + margin &&
  b.y < a.y + a.height + margin;

/** Where boxes stand within their frame, and how large that is. */
function arranged(boxes: readonly Box[]): { places: { x: number; y: number }[]; width: number; height: number } {
  const isRow = boxes.length <= ROW;
  const columns = isRow ? boxes.length : Math.max(1, Math.min(4, Math.ceil(boxes.length / COLUMN)));
  const rows = Math.ceil(boxes.length / columns);
  const places: { x: number; y: number }[] = [];
  let x = MARGIN + (isRow ? 0 : GAP);
  let height = 0;
  for (let column = 0; column < columns; column++) {
    const list = boxes.slice(column * rows, (column + 1) * rows);
    let y = TITLE + MARGIN / 2;
    for (const box of list) {
      places.push({ x, y });
      y += box.height + GAP;
    }
    height = Math.max(height, y - GAP);
    x += Math.max(0, ...list.map((box) => box.width)) + (isRow ? GAP : COLUMN_GAP);
  }
  return { places, width: x - (isRow ? GAP : COLUMN_GAP) + MARGIN, height: height + MARGIN };
}

/** The free place for a frame that is nearest to its anchor, on its side. */
function freePlace(size: { width: number; height: number }, { anchor, side }: Joining, taken: readonly Rect[]): Rect {
  const down = side === 'targets';
  const left = anchor.x + anchor.width / 2 - size.width / 2;
  const top = down ? anchor.y + anchor.height + AWAY : anchor.y - AWAY - size.height;
  const reach = Math.max(3000, ...taken.map((r) => Math.abs(r.y - anchor.y) + r.height + size.height));
  const isFree = (at: Rect): boolean => !taken.some((rect) => overlaps(at, rect, MARGIN));
  let best: Rect | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let dy = 0; dy <= reach && dy < least; dy += STEP)
    for (let dx = 0; dx < ASIDE && dy + dx < least; dx += STEP) {
      const y = down ? top + dy : top - dy;
      const found = [left + dx, left - dx].map((x) => ({ x, y, ...size })).find(isFree);
      if (!found) continue;
      best = found;
      least = dy + dx;
    }
  return best ?? { x: left, y: down ? top + reach : top - reach, ...size };
}

/** A picture with boxes that have joined it; nothing else has moved, and only lines to them are new. */
export function joined(picture: Picture, joining: Joining, ends: readonly { from: string; to: string }[]): Picture {
  const { boxes, side, title } = joining;
  if (boxes.length === 0) return { ...picture, lines: [...picture.lines, ...linesBetween(picture.boxes, ends)] };
  const { places, width, height } = arranged(boxes);
  const frame = freePlace({ width, height }, joining, [...picture.boxes, ...picture.rooms]);
  const placed = boxes.map(
    (box, n): Placed => ({ ...box, room: '', x: frame.x + places[n].x, y: frame.y + places[n].y }),
  );
  const isList = boxes.length > ROW;
  const all = new Map([...picture.boxes, ...placed].map((box) => [box.id, box]));
  const added = new Set(placed.map((box) => box.id));
  const down = side === 'targets';
  const gate = { x: frame.x + frame.width / 2, y: down ? frame.y : frame.y + frame.height };
  const owners = new Map<string, Line>();
  const lines = ends.flatMap(({ from, to }): Line[] => {
    const [a, b] = [all.get(from), all.get(to)];
    if (!a || !b) return [];
    const [owner, own] = down ? [a, b] : [b, a];
    if (!isList || !added.has(own.id) || added.has(owner.id)) return [{ from, to, points: curve(a, b) }];
    // one line leads to the frame; within it each box hangs on a rail, and no line crosses another box
    const at = { ...gate, width: 0, height: 0 };
    const known = owners.get(owner.id);
    if (!known) owners.set(owner.id, { from, to, points: down ? curve(owner, at) : curve(at, owner), bundle: true });
    const points = rail(gate, own);
    return [{ from, to, points: down ? points : points.reverse() }];
  });
  return {
    boxes: [...picture.boxes, ...placed],
    rooms: [...picture.rooms, { name: title, kind: 'opened', ...frame }],
    lines: [...picture.lines, ...owners.values(), ...lines],
  };
}

/** Lines between boxes that have their places. */
export function linesBetween(boxes: readonly Placed[], ends: readonly { from: string; to: string }[]): Line[] {
  const all = new Map(boxes.map((box) => [box.id, box]));
  return ends.flatMap(({ from, to }) => {
    const [a, b] = [all.get(from), all.get(to)];
    return a && b ? [{ from, to, points: curve(a, b) }] : [];
  });
}

/** A picture without some boxes, their lines, and frames that hold nothing any more. */
export function without({ boxes, rooms, lines }: Picture, gone: ReadonlySet<string>): Picture {
  const left = boxes.filter((box) => !gone.has(box.id));
  return {
    boxes: left,
    rooms: rooms.filter((room) => left.some((box) => overlaps(box, room, 0))),
    lines: lines.filter(({ from, to }) => !gone.has(from) && !gone.has(to)),
  };
}

/** The rectangle around a picture. */
export function boundsOf({ boxes, rooms, lines }: Picture): Rect {
  const corners = [
    ...[...boxes, ...rooms].flatMap((r) => [
      { x: r.x, y: r.y },
      { x: r.x + r.width, y: r.y + r.height },
    ]),
    ...lines.flatMap((line) => line.points),
  ];
  if (corners.length === 0) return { x: 0, y: 0, width: 1, height: 1 };
  let [left, top, right, bottom] = [corners[0].x, corners[0].y, corners[0].x, corners[0].y];
  for (const { x, y } of corners) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
