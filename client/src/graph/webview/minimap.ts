/// <reference lib="dom" />
/** A small map of a picture that is larger than the page: where one is, and a quick way elsewhere. */
import type { Rect } from '../boxes.ts';
import { boundsOf, type Picture } from '../place.ts';
import { byId } from './dom.ts';

/** The map. */
export interface Minimap {
  /** draws another picture */
  draw(picture: Picture): void;
  /** marks the part of the picture that is in sight; where that is all, there is no map */
  mark(seen: Rect): void;
}

/** Sets the map up; `jump` is told a point of the picture that is to be in the middle. */
export function newMinimap(jump: (x: number, y: number) => void): Minimap {
  const map = byId('map');
  let bounds: Rect = { x: 0, y: 0, width: 1, height: 1 };
  const scale = (): number => Math.min(map.clientWidth / bounds.width, map.clientHeight / bounds.height) || 1;
  const go = (event: PointerEvent): void => {
    const box = map.getBoundingClientRect();
    const by = scale();
    jump(
      bounds.x + (event.clientX - box.left - (box.width - bounds.width * by) / 2) / by,
      bounds.y + (event.clientY - box.top - (box.height - bounds.height * by) / 2) / by,
    );
  };
  map.addEventListener('pointerdown', (event) => {
    map.setPointerCapture(event.pointerId);
    go(event);
  });
  map.addEventListener('pointermove', (event) => {
    if (event.buttons & 1) go(event);
  });
  return {
    draw(picture) {
      bounds = boundsOf(picture);
      map.setAttribute('viewBox', `${bounds.x} ${bounds.y} ${bounds.width} ${bounds.height}`);
      byId('mapped').setAttribute(
        'd',
        picture.boxes.map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h${-width}Z`).join(''),
      );
    },
    mark(seen) {
      const isWhole =
        seen.x <= bounds.x &&
        seen.y <= bounds.y &&
        seen.x + seen.width >= bounds.x + bounds.width &&
        seen.y + seen.height >= bounds.y + bounds.height;
      map.toggleAttribute('hidden', isWhole);
      const rect = byId('seen');
      for (const [key, value] of Object.entries(seen)) rect.setAttribute(key, String(value));
      rect.setAttribute('stroke-width', String(1.5 / scale()));
    },
  };
}
