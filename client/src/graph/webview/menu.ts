/// <reference lib="dom" />
/** A menu of the page's own: by mouse at a place, by keyboard at what has the focus. */
import { byId, html } from './dom.ts';

/** An entry; null: a line between entries. */
export type MenuItem = { label: string; run(): void } | null;

/** Opens the menu with entries at a place of the window; what had the focus gets it back as it closes. */
export function openMenu(items: readonly MenuItem[], x: number, y: number, label: string): void {
  const menu = byId('menu');
  const before = document.activeElement as (HTMLElement | SVGElement) | null;
  let open = true;
  const close = (back: boolean): void => {
    if (!open) return;
    open = false;
    menu.hidden = true;
    menu.replaceChildren();
    document.removeEventListener('pointerdown', outside, true);
    window.removeEventListener('blur', away);
    menu.removeEventListener('keydown', key);
    if (back && before?.isConnected) before.focus();
  };
  const outside = (event: Event): void => {
    if (!menu.contains(event.target as Node)) close(false);
  };
  const away = (): void => close(false);
  const entries = (): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const key = (event: KeyboardEvent): void => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all[(to + all.length) % all.length].focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close(true);
    else if (event.key === 'Enter' || event.key === ' ') (document.activeElement as HTMLElement).click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  menu.setAttribute('aria-label', label);
  menu.replaceChildren(
    ...items.map((item) => {
      if (!item) return html('div', { role: 'separator' });
      const entry = html('div', { role: 'menuitem', tabindex: '-1' }, item.label);
      entry.addEventListener('click', () => {
        close(true);
        item.run();
      });
      return entry;
    }),
  );
  menu.hidden = false;
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(4, Math.min(x, window.innerWidth - width - 4))}px`;
  menu.style.top = `${Math.max(4, Math.min(y, window.innerHeight - height - 4))}px`;
  menu.addEventListener('keydown', key);
  document.addEventListener('pointerdown', outside, true);
  window.addEventListener('blur', away);
  entries()[0]?.focus();
}
