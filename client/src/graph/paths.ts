/** Lines as SVG paths: curves, rails of lists, and the heads that tell kinds of links apart without any colour. */
import type { Rect } from './boxes.ts';

/** A point of the picture, in its pixels. */
export interface Point {
  x: number;
  y: number;
}

const round = (n: number): number => Math.round(n * 10) / 10;
const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

/** Bézier curves as the `d` of a path; a start, then three points for each. */
export function pathOf(points: readonly Point[]): string {
  if (points.length === 0) return '';
  let d = `M${at(points[0])}`;
  for (let i = 1; i + 2 < points.length; i += 3) d += `C${at(points[i])} ${at(points[i + 1])} ${at(points[i + 2])}`;
  return d;
}

/** A curve between two boxes: from the lower edge to the upper one where that is below, else around them. */
export function curve(from: Rect, to: Rect): Point[] {
  const start = { x: from.x + from.width / 2, y: from.y + from.height };
  const end = { x: to.x + to.width / 2, y: to.y };
  if (end.y >= start.y + 8) {
    const bend = Math.max(14, (end.y - start.y) / 2);
    return [start, { x: start.x, y: start.y + bend }, { x: end.x, y: end.y - bend }, end];
  }
  // beside or above it: out at the side that is nearer, in at the same one
  const right = to.x + to.width / 2 >= from.x + from.width / 2;
  const a = { x: right ? from.x + from.width : from.x, y: from.y + from.height / 2 };
  const isBeside = right ? to.x > a.x : to.x + to.width < a.x;
  const b = { x: right === isBeside ? to.x : to.x + to.width, y: to.y + to.height / 2 };
  const out = (right ? 1 : -1) * 40;
  return [a, { x: a.x + out, y: a.y }, { x: b.x + (isBeside ? -out : out), y: b.y }, b];
}

/** A straight piece as a curve, without its start. */
const straight = (a: Point, b: Point): Point[] => [
  { x: a.x + (b.x - a.x) / 3, y: a.y + (b.y - a.y) / 3 },
  { x: a.x + (2 * (b.x - a.x)) / 3, y: a.y + (2 * (b.y - a.y)) / 3 },
  b,
];

/** From a point of a list's frame to one of its boxes: along the frame, down beside the list, and in from the side. All lines of a list share the way. */
export function rail(gate: Point, to: Rect): Point[] {
  const x = to.x - 10;
  const end = { x: to.x, y: to.y + to.height / 2 };
  const corners = [gate, { x, y: gate.y }, { x, y: end.y }, end];
  return corners.flatMap((corner, n) => (n === 0 ? [corner] : straight(corners[n - 1], corner)));
}

/** Where a line ends and from where it comes there, as an angle in degrees. */
function arrival(points: readonly Point[]): { tip: Point; angle: number } {
  const tip = points[points.length - 1];
  let before = points[0];
  for (let i = points.length - 2; i >= 0; i--)
    if (Math.hypot(points[i].x - tip.x, points[i].y - tip.y) > 0.5) {
      before = points[i];
      break;
    }
  return { tip, angle: (Math.atan2(tip.y - before.y, tip.x - before.x) * 180) / Math.PI };
}

/** The head of a line of a kind: a path around (0, 0), its tip, which points to the right; `open`: not filled. */
const HEADS: Readonly<Record<string, { d: string; open: boolean }>> = {
  call: { d: 'M-8 -4L0 0L-8 4Z', open: false },
  // through a slot: a diamond in front of the door
  dispatch: { d: 'M-13 0L-6.5 -5L0 0L-6.5 5Z', open: false },
  member: { d: 'M-10 -5L0 0L-10 5Z', open: true },
  argument: { d: 'M-9 -5L0 0L-9 5', open: true },
  flow: { d: 'M-9 0A4.5 4.5 0 1 1 0 0A4.5 4.5 0 1 1 -9 0Z', open: true },
  // frames that a compiler put into one
  inlined: { d: 'M0 -5L0 5', open: true },
};

/** The head of a line, as it stands at its end. */
export function headOf(kind: string, points: readonly Point[]): { d: string; transform: string; open: boolean } {
  const { tip, angle } = arrival(points);
  return { ...(HEADS[kind] ?? HEADS.call), transform: `translate(${at(tip)}) rotate(${round(angle)})` };
}

/** How a kind of link is drawn: the dash of its line ('' for none), its width in pixels, and what a legend says. */
export const STYLES: Readonly<Record<string, { dash: string; width: number; says: string }>> = {
  call: { dash: '', width: 1.3, says: 'a call by name' },
  dispatch: { dash: '', width: 2.4, says: 'a call through a slot' },
  member: { dash: '9 4', width: 1.6, says: 'a function in that slot' },
  argument: { dash: '1 4', width: 2, says: 'handed over, and called there' },
  flow: { dash: '10 3 2 3', width: 1.5, says: 'called by a pointer' },
  inlined: { dash: '4 2', width: 1.3, says: 'inlined there' },
};

/** The outline of a box of a size: rounded for code, pointed at its sides for a slot. */
export function outlineOf(kind: string, width: number, height: number): string {
  if (kind !== 'slot') {
    const r = kind === 'fold' ? height / 2 : 5;
    return `M${r} 0H${width - r}A${r} ${r} 0 0 1 ${width} ${r}V${height - r}A${r} ${r} 0 0 1 ${width - r} ${height}H${r}A${r} ${r} 0 0 1 0 ${height - r}V${r}A${r} ${r} 0 0 1 ${r} 0Z`;
  }
  const slant = Math.min(14, height / 2);
  return `M${slant} 0H${width - slant}L${width} ${height / 2}L${width - slant} ${height}H${slant}L0 ${height / 2}Z`;
}
