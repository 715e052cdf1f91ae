/// <reference lib="dom" />
/** Draws a picture into the page. */
import { type ChartIndex, pairKey } from '../chart.ts';
import { headOf, outlineOf, pathOf, STYLES } from '../paths.ts';
import { boundsOf, type Picture, type Placed } from '../place.ts';
import type { Fold } from '../scene.ts';
import { foldLabel, isUnsure, lineStyle, nodeLabel } from '../words.ts';
import { byId, svg } from './dom.ts';

/** What is drawn, and how it stands out. */
export interface Drawing {
  picture: Picture;
  index: ChartIndex;
  folds: readonly Fold[];
  pinned: ReadonlySet<string>;
}

/** The page's elements for boxes and lines, by their ids and keys. */
export interface Drawn {
  boxes: Map<string, SVGGElement>;
  lines: Map<string, SVGGElement>;
}

/** Draws all of it anew; the page's view of it stays as it is. */
export function draw({ picture, index, folds, pinned }: Drawing): Drawn {
  const bounds = boundsOf(picture);
  const canvas = byId('canvas');
  canvas.setAttribute('viewBox', `${bounds.x} ${bounds.y} ${bounds.width} ${bounds.height}`);
  canvas.setAttribute('width', String(bounds.width));
  canvas.setAttribute('height', String(bounds.height));
  canvas.style.left = `${bounds.x}px`;
  canvas.style.top = `${bounds.y}px`;
  const drawn: Drawn = { boxes: new Map(), lines: new Map() };
  const rooms = picture.rooms.map(({ name, kind, x, y, width, height }) =>
    svg(
      'g',
      { class: `room ${kind}`, transform: `translate(${x} ${y})` },
      svg('rect', { width, height, rx: 6 }),
      svg('text', { x: 8, y: 14 }, name),
    ),
  );
  byId('rooms').replaceChildren(...rooms);
  const pairs = new Map(index.pairs.map((pair) => [pairKey(pair.from, pair.to), pair]));
  const quiet: SVGGElement[] = [];
  const strong: SVGGElement[] = [];
  for (const { from, to, points, bundle = false } of picture.lines) {
    const key = pairKey(from, to);
    const pair = pairs.get(key);
    const kind = pair ? lineStyle(pair) : 'fold';
    const chosen = index.chosen.has(key);
    const line = lineElement(kind, points, {
      chosen,
      unsure: pair !== undefined && isUnsure(pair.links[0]),
      bare: bundle || pair === undefined,
    });
    line.dataset.from = from;
    line.dataset.to = to;
    drawn.lines.set(bundle ? `${key}\nbundle` : key, line);
    (chosen ? strong : quiet).push(line);
  }
  // what is strong lies above what is quiet
  byId('lines').replaceChildren(...quiet, ...strong);
  const foldById = new Map(folds.map((fold) => [fold.id, fold]));
  const onWay = new Set([...index.chosen].flatMap((key) => key.split('\n')));
  for (const box of picture.boxes) {
    const fold = foldById.get(box.id);
    const node = index.nodes.get(box.id);
    const label = fold
      ? foldLabel(fold, box.name, index)
      : node
        ? nodeLabel(box, node, index, pinned.has(box.id))
        : box.name;
    const element = boxElement(box, label, pinned.has(box.id));
    if (onWay.has(box.id)) element.classList.add('chosen');
    drawn.boxes.set(box.id, element);
  }
  byId('boxes').replaceChildren(...drawn.boxes.values());
  return drawn;
}

function lineElement(
  kind: string,
  points: Picture['lines'][number]['points'],
  { chosen, unsure, bare }: { chosen: boolean; unsure: boolean; bare: boolean },
): SVGGElement {
  const d = pathOf(points);
  const style = STYLES[kind] ?? STYLES.call;
  const dash = unsure ? '2 5' : style.dash;
  const stroke = svg('path', { class: 'stroke', d, 'stroke-width': style.width + (chosen ? 1 : 0) });
  if (dash) stroke.setAttribute('stroke-dasharray', dash);
  const line = svg('g', { class: `line ${kind}${chosen ? ' chosen' : ''}` }, svg('path', { class: 'hit', d }), stroke);
  if (!bare) {
    const head = headOf(kind, points);
    line.append(svg('path', { class: head.open ? 'head open' : 'head', d: head.d, transform: head.transform }));
  }
  return line;
}

function boxElement(box: Placed, label: string, pinned: boolean): SVGGElement {
  const { id, kind, name, below, x, y, width, height } = box;
  const element = svg(
    'g',
    {
      class: `box ${kind}${pinned ? ' pinned' : ''}`,
      transform: `translate(${x} ${y})`,
      role: 'button',
      tabindex: -1,
      'aria-label': label,
    },
    svg('path', { class: 'outline', d: outlineOf(kind, width, height) }),
    svg('text', { class: 'name', x: width / 2, y: below ? 17 : height / 2 + 4.5 }, name),
  );
  // what is read aloud begins with what is seen, words apart
  if (below) element.append(' ', svg('text', { class: 'below', x: width / 2, y: 31 }, below));
  if (kind === 'macro') element.append(svg('path', { class: 'mark', d: `M5 5V${height - 5}` }));
  if (pinned) element.append(svg('circle', { class: 'pin', cx: width - 7, cy: 7, r: 3 }));
  element.dataset.id = id;
  return element;
}

/** Makes some boxes and the lines between them stand out, and all else step back; null: everything is as it was. */
export function highlight({ boxes, lines }: Drawn, near: ReadonlySet<string> | null): void {
  byId('canvas').classList.toggle('dimmed', near !== null);
  for (const [id, element] of boxes) element.classList.toggle('near', near?.has(id) ?? false);
  for (const element of lines.values()) {
    const { from = '', to = '' } = element.dataset;
    element.classList.toggle('near', (near?.has(from) && near.has(to)) ?? false);
  }
}
