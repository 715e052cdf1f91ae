/** A picture as Graphviz's dot lays it out, and what it answers as places: pixels from the upper left corner. */
import type { PictureParams, PictureResult, PlainPoint } from '../protocol.ts';

/** Points of an inch: Graphviz takes sizes in inches, and gives places in points. A pixel of ours is a point. */
const INCH = 72;
/** Beyond so many boxes a good layout is worth less than a soon one. */
const LARGE = 300;

/** A graph as @viz-js/viz takes it: no text in which a name would have to be quoted. */
export interface GraphInput {
  directed: true;
  graphAttributes: Record<string, string | number | boolean>;
  nodeAttributes: Record<string, string | number | boolean>;
  edgeAttributes: Record<string, string | number | boolean>;
  nodes: { name: string; attributes: Record<string, string | number | boolean> }[];
  edges: { tail: string; head: string; attributes: Record<string, string | number | boolean> }[];
  subgraphs: {
    name: string;
    graphAttributes: Record<string, string | number | boolean>;
    nodes: { name: string }[];
  }[];
}

/** The graph that lays a picture out: its boxes by number, those of a room in a cluster of their own. */
export function graphInput({ boxes, lines }: PictureParams): GraphInput {
  const numbers = new Map(boxes.map(({ id }, n) => [id, n]));
  const rooms = new Map<string, number[]>();
  for (const [n, { room }] of boxes.entries()) {
    if (!room) continue;
    const known = rooms.get(room);
    if (known) known.push(n);
    else rooms.set(room, [n]);
  }
  const isLarge = boxes.length > LARGE;
  return {
    directed: true,
    graphAttributes: {
      rankdir: 'TB',
      nodesep: 0.22,
      ranksep: isLarge ? 0.7 : 0.45,
      pad: 0,
      ...(isLarge ? { nslimit: 2, nslimit1: 2, mclimit: 0.3 } : {}),
    },
    nodeAttributes: { shape: 'box', fixedsize: true, label: '' },
    edgeAttributes: { dir: 'none' },
    nodes: boxes.map(({ width, height }, n) => ({
      name: `n${n}`,
      attributes: { width: width / INCH, height: height / INCH },
    })),
    edges: lines.flatMap(({ from, to, weight }) => {
      const [tail, head] = [numbers.get(from), numbers.get(to)];
      return tail === undefined || head === undefined
        ? []
        : [{ tail: `n${tail}`, head: `n${head}`, attributes: { weight: weight ?? 1 } }];
    }),
    subgraphs: [...rooms.values()].map((members, n) => ({
      name: `cluster_${n}`,
      // the title's room: its own text is drawn by whoever draws the picture
      graphAttributes: { margin: 14, label: ' ', labeljust: 'l', fontsize: 11 },
      nodes: members.map((member) => ({ name: `n${member}` })),
    })),
  };
}

/** What Graphviz answers in its format json0, as far as it is read. */
interface GraphOutput {
  bb: string;
  objects?: { name: string; bb?: string; pos?: string }[];
  edges?: { tail: number; head: number; pos?: string }[];
}

/** The places in an answer. Throws where it is none of Graphviz's. */
export function placesIn({ boxes, lines }: PictureParams, json: string): PictureResult {
  const { bb, objects = [], edges = [] } = JSON.parse(json) as GraphOutput;
  const [, , width, height] = numbersIn(bb);
  const result: PictureResult = { width, height, boxes: [], rooms: [], lines: [], message: null };
  const rooms = [...new Set(boxes.map((box) => box.room).filter(Boolean))];
  for (const { name, bb: corners, pos } of objects) {
    const cluster = /^cluster_(\d+)$/.exec(name);
    if (cluster && corners) {
      const [left, bottom, right, top] = numbersIn(corners);
      result.rooms.push({
        name: rooms[Number(cluster[1])],
        ...{ x: left, y: height - top, width: right - left, height: top - bottom },
      });
    }
    const box = /^n(\d+)$/.test(name) ? boxes[Number(name.slice(1))] : undefined;
    if (!box || !pos) continue;
    const [x, y] = numbersIn(pos);
    result.boxes.push({ id: box.id, x: x - box.width / 2, y: height - y - box.height / 2 });
  }
  const known = new Set(boxes.map((box) => box.id));
  const drawn = lines.filter(({ from, to }) => known.has(from) && known.has(to));
  const byEnds = new Map(drawn.map(({ from, to }) => [`${from}\n${to}`, { from, to }]));
  for (const { tail, head, pos } of edges) {
    const [from, to] = [boxOf(boxes, objects[tail]?.name), boxOf(boxes, objects[head]?.name)];
    const line = from && to && byEnds.get(`${from}\n${to}`);
    if (line && pos) result.lines.push({ ...line, points: pointsIn(pos, height) });
  }
  return result;
}

const boxOf = (boxes: PictureParams['boxes'], name = ''): string | undefined =>
  /^n\d+$/.test(name) ? boxes[Number(name.slice(1))]?.id : undefined;

const numbersIn = (text: string): number[] => text.split(/[ ,]/).map(Number);

/** Points of a spline; one that an arrow would end in (`e,x,y`, `s,x,y`) is its end. */
function pointsIn(pos: string, height: number): PlainPoint[] {
  const points: PlainPoint[] = [];
  let [start, end]: [PlainPoint | null, PlainPoint | null] = [null, null];
  for (const part of pos.split(/[ ;]/)) {
    const marked = /^([se]),/.exec(part);
    const [x, y] = numbersIn(marked ? part.slice(2) : part);
    const point = { x, y: height - y };
    if (marked?.[1] === 's') start = point;
    else if (marked) end = point;
    else points.push(point);
  }
  if (start) points[0] = start;
  if (end) points[points.length - 1] = end;
  return points;
}
