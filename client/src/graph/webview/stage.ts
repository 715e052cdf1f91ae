/// <reference lib="dom" />
/** The view of a picture: pan, zoom, fit, and a small map of all of it. */
import type { Rect } from '../boxes.ts';
import { boundsOf, type Picture } from '../place.ts';
import { byId } from './dom.ts';
import { newMinimap } from './minimap.ts';
import { registerDrag, registerWheel } from './pan.ts';

/** Where the picture's origin is on the page, in pixels, and how large a pixel of the picture is. */
export interface View {
  x: number;
  y: number;
  scale: number;
}

/** The part of the page that shows the picture. */
export interface Stage {
  view(): View;
  set(view: View): void;
  /** shows all of it, or of what would be too small to read its beginning */
  fit(picture: Picture, all: boolean): void;
  /** by a factor, around a point of the stage or its middle */
  zoom(factor: number, at?: { x: number; y: number }): void;
  /** moves no farther than needed for a rectangle to be in sight; `middle`: to the middle, where it isn't */
  reveal(rect: Rect, middle: boolean): void;
  /** the picture has changed: its small map, too */
  changed(picture: Picture): void;
}

/** A size in pixels. */
type Size = Pick<Rect, 'width' | 'height'>;

const LEAST = 0.08;
const MOST = 3;
/** Smaller than this, names are hard to read. */
const READABLE = 0.7;
const LARGEST = 1.25;
const MARGIN = 24;
/** Letters are drawn sharp again once the picture has held still for so long, in ms. */
const STILL_MS = 160;

const clamp = (n: number): number => Math.max(LEAST, Math.min(MOST, n));

/** The view that shows all of a picture, or its beginning where that can't be read. */
export function fitted(picture: Picture, { width, height }: Size, all: boolean): View {
  const b = boundsOf(picture);
  const whole = Math.min((width - 2 * MARGIN) / b.width, (height - 2 * MARGIN) / b.height, LARGEST);
  const scale = clamp(all ? whole : Math.max(whole, READABLE));
  // what doesn't fit begins where reading begins: at the first box
  const first = picture.boxes[0] ?? { x: b.x, width: 0 };
  const middle = b.width * scale <= width ? b.x + b.width / 2 : first.x + first.width / 2;
  const fits = b.height * scale <= height;
  return {
    x: width / 2 - middle * scale,
    y: (fits ? (height - b.height * scale) / 2 : MARGIN) - b.y * scale,
    scale,
  };
}

/** The view in which a rectangle is in sight: the same one where it is already. */
export function revealing(view: View, rect: Rect, { width, height }: Size, middle: boolean): View {
  const [left, top] = [rect.x * view.scale + view.x, rect.y * view.scale + view.y];
  const [right, bottom] = [left + rect.width * view.scale, top + rect.height * view.scale];
  if (middle) {
    if (left >= 0 && top >= 0 && right <= width && bottom <= height) return view;
    return { ...view, x: view.x + width / 2 - (left + right) / 2, y: view.y + height / 2 - (top + bottom) / 2 };
  }
  // of what is larger than the page, the beginning
  const shift = (start: number, end: number, size: number): number =>
    start < MARGIN ? MARGIN - start : end > size - MARGIN ? Math.max(size - MARGIN - end, MARGIN - start) : 0;
  const [dx, dy] = [shift(left, right, width), shift(top, bottom, height)];
  return dx || dy ? { ...view, x: view.x + dx, y: view.y + dy } : view;
}

/** Sets the stage up; `moved` is told a view that has come to rest. */
export function newStage(moved: (view: View) => void): Stage {
  const stage = byId('stage');
  const world = byId('world');
  let view: View = { x: 0, y: 0, scale: 1 };
  let frame = 0;
  let still = 0;
  const size = (): Size => ({ width: stage.clientWidth, height: stage.clientHeight });
  const map = newMinimap((x, y) => {
    const { width, height } = size();
    set({ ...view, x: width / 2 - x * view.scale, y: height / 2 - y * view.scale });
  });
  const mark = (): void => {
    const { width, height } = size();
    const { x, y, scale } = view;
    map.mark({ x: -x / scale, y: -y / scale, width: width / scale, height: height / scale });
  };
  const show = (): void => {
    frame = 0;
    world.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    mark();
  };
  const set = (next: View): void => {
    if (next === view) return;
    view = next;
    world.classList.add('moving');
    clearTimeout(still);
    still = window.setTimeout(() => {
      world.classList.remove('moving');
      moved(view);
    }, STILL_MS);
    if (!frame) frame = requestAnimationFrame(show);
  };
  const zoom: Stage['zoom'] = (factor, at) => {
    const { width, height } = size();
    const { x, y } = at ?? { x: width / 2, y: height / 2 };
    const scale = clamp(view.scale * factor);
    const by = scale / view.scale;
    set({ x: x - (x - view.x) * by, y: y - (y - view.y) * by, scale });
  };
  const movable = { view: () => view, set, zoom };
  registerWheel(stage, movable);
  registerDrag(stage, movable);
  // what was in the middle stays there as a column gets narrower
  let before = size();
  new ResizeObserver(() => {
    const now = size();
    if (before.width > 0 && now.width > 0)
      set({ ...view, x: view.x + (now.width - before.width) / 2, y: view.y + (now.height - before.height) / 2 });
    before = now;
    mark();
  }).observe(stage);
  return {
    ...movable,
    zoom,
    fit: (picture, all) => set(fitted(picture, size(), all)),
    reveal: (rect, middle) => set(revealing(view, rect, size(), middle)),
    changed(picture) {
      map.draw(picture);
      mark();
    },
  };
}
