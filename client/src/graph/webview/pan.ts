/// <reference lib="dom" />
/** Wheel and drag: how a mouse or a finger moves the picture. */
import type { View } from './stage.ts';

/** What moves a view. */
export interface Movable {
  view(): View;
  set(view: View): void;
  /** `at`: the point of the stage that stays where it is */
  zoom(factor: number, at: { x: number; y: number }): void;
}

/** A drag begins after so many pixels: what is shorter is a click. */
const DRAG = 5;

/** Has the wheel scroll the picture, and with Ctrl zoom it. */
export function registerWheel(stage: HTMLElement, { view, set, zoom }: Movable): void {
  stage.addEventListener(
    'wheel',
    (event) => {
      if ((event.target as Element).closest('#legend, #remarks')) return;
      event.preventDefault();
      const box = stage.getBoundingClientRect();
      const now = view();
      if (event.ctrlKey || event.metaKey)
        zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - box.left, y: event.clientY - box.top });
      else if (event.shiftKey && event.deltaX === 0) set({ ...now, x: now.x - event.deltaY });
      else set({ ...now, x: now.x - event.deltaX, y: now.y - event.deltaY });
    },
    { passive: false },
  );
}

/** Has a drag of the picture move it; while it does, the stage has the class `panning`. */
export function registerDrag(stage: HTMLElement, { view, set }: Movable): void {
  stage.addEventListener('pointerdown', (down) => {
    if (down.button > 1 || (down.target as Element).closest('#map, #legend, #remarks')) return;
    const before = view();
    let panning = false;
    const move = (event: PointerEvent): void => {
      const [dx, dy] = [event.clientX - down.clientX, event.clientY - down.clientY];
      if (!panning && Math.hypot(dx, dy) < DRAG) return;
      if (!panning) stage.setPointerCapture(down.pointerId);
      panning = true;
      stage.classList.add('panning');
      set({ ...before, x: before.x + dx, y: before.y + dy });
    };
    const up = (): void => {
      stage.removeEventListener('pointermove', move);
      stage.removeEventListener('pointerup', up);
      stage.removeEventListener('pointercancel', up);
      // the click that ends a drag is none
      setTimeout(() => stage.classList.remove('panning'));
    };
    stage.addEventListener('pointermove', move);
    stage.addEventListener('pointerup', up);
    stage.addEventListener('pointercancel', up);
  });
}
