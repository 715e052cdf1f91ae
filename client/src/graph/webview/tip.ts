/// <reference lib="dom" />
/** The tooltip: what a box or a line is, beside the mouse or the box that has the focus. */
import { byId, html } from './dom.ts';

const WAIT_MS = 250;
let timer = 0;

/** Shows lines near a place of the window, after a moment; the first is a title. */
export function showTip(lines: readonly string[], x: number, y: number, wait = WAIT_MS): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    const tip = byId('tip');
    const [title, ...rest] = lines;
    tip.replaceChildren(html('strong', {}, title ?? ''), ...rest.map((line) => html('div', {}, line)));
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(x + 14, window.innerWidth - width - 8))}px`;
    tip.style.top = `${y + 18 + height > window.innerHeight ? Math.max(4, y - height - 12) : y + 18}px`;
  }, wait);
}

/** Takes it away. */
export function hideTip(): void {
  clearTimeout(timer);
  byId('tip').hidden = true;
}
