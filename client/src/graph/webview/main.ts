/// <reference lib="dom" />
/** The graph tab's page: what the mouse and the keys do, and what is told the extension. */
import { LETTER } from '../boxes.ts';
import { pairKey, waysThrough } from '../chart.ts';
import { dotText, mermaidText } from '../diagrams.ts';
import type { Format, PageCommand } from '../messages.ts';
import { type Fold, foldId } from '../scene.ts';
import { svgText } from '../svgText.ts';
import { type Direction, matches, step } from '../walk.ts';
import { foldLabel, nodeLines, pairLines } from '../words.ts';
import { expanded, folded, hiding, laidOut, pictureFor, pinning, showingAll, unfolded } from './acts.ts';
import { byId, html } from './dom.ts';
import { type Drawn, draw, highlight } from './draw.ts';
import { paletteOf, pngOf } from './export.ts';
import { connect } from './host.ts';
import { type MenuItem, openMenu } from './menu.ts';
import { fromKept, keptOf, newPage, type Page } from './page.ts';
import { newStage } from './stage.ts';
import { hideTip, showTip } from './tip.ts';

let page: Page | null = null;
let drawn: Drawn = { boxes: new Map(), lines: new Map() };
let letter = LETTER;
let found: string[] = [];
let at = -1;

const host = connect((message) => {
  if (message.kind === 'chart') {
    page = newPage(message.chart);
    void tidy();
  } else command(message.what);
});
const stage = newStage(keep);

function keep(): void {
  if (page) host.keep(keptOf(page, stage.view()));
}

/** Tells whoever doesn't see the picture what has happened. */
function say(text: string): void {
  byId('status').textContent = text;
}

/** Shows the page as it is now. */
function show(next: Page): void {
  page = next;
  const { picture, index, folds, choice } = page;
  drawn = draw({ picture, index, folds, pinned: choice.pinned });
  byId('title').textContent = page.chart.title;
  const { hidden } = choice;
  const again = byId('again');
  again.hidden = hidden.size === 0;
  again.textContent = `Show ${hidden.size} Hidden`;
  const remarks = page.chart.remarks ?? [];
  byId('remarks').hidden = remarks.length === 0;
  byId('remarkList').replaceChildren(...remarks.map((text) => html('li', {}, text)));
  byId('remarkCount').textContent = remarks.length === 1 ? '1 remark' : `${remarks.length} remarks`;
  setFocus(page.focus, false);
  stage.changed(picture);
  search(false);
  keep();
}

/** Lays all of it out anew. */
async function tidy(): Promise<void> {
  if (!page) return;
  const asked = page;
  const { ask, scene } = pictureFor(page, letter);
  byId('busy').hidden = false;
  const { result } = await host.ask({ kind: 'lay', picture: ask });
  byId('busy').hidden = true;
  if (page !== asked) return;
  if (result.message) {
    say(result.message);
    byId('empty').textContent = result.message;
    byId('empty').hidden = false;
    return;
  }
  byId('empty').hidden = true;
  show(laidOut(page, scene, letter, result));
  stage.fit(page.picture, false);
  say(`${page.chart.title}: ${page.picture.boxes.length} boxes, ${page.picture.lines.length} lines`);
}

/** Gives a box the place in the tab order; `move`: the keyboard's focus, too. */
function setFocus(id: string, move = true): void {
  if (!page) return;
  drawn.boxes.get(page.focus)?.setAttribute('tabindex', '-1');
  const element = drawn.boxes.get(id) ?? drawn.boxes.values().next().value;
  if (!element) return;
  page.focus = element.dataset.id ?? '';
  element.setAttribute('tabindex', '0');
  if (!move) return;
  element.focus({ preventScroll: true });
  const box = page.picture.boxes.find((b) => b.id === page?.focus);
  if (box) stage.reveal(box, false);
}

const foldOf = (id: string): Fold | undefined => page?.folds.find((fold) => fold.id === id);

async function expand(of: string, side: Fold['side']): Promise<void> {
  const node = page?.index.nodes.get(of);
  if (!page || !node) return;
  const parts = page.chart.rest?.[foldId(of, side)] ?? [];
  byId('busy').hidden = false;
  const asked = { kind: 'expand' as const, node, side, ...(parts.length > 0 ? { folds: parts } : {}) };
  const { nodes, links, folds, message } = await host.ask(asked);
  byId('busy').hidden = true;
  if (!page) return;
  const before = page.picture.boxes.length;
  if (nodes.length > 0) show(expanded(page, { of, side }, { nodes, links, folds }, letter));
  const more = page.picture.boxes.length - before;
  say(
    message ??
      (more > 0 ? `${more} boxes more` : `Nothing more is known to ${side === 'targets' ? 'be called' : 'call it'}.`),
  );
  if (more <= 0 || message) tellAt(of, message ?? `No ${side} beside those in sight.`);
  revealNew(before);
}

/** Brings what has just joined the picture into sight. */
function revealNew(before: number): void {
  const [first] = page?.picture.boxes.slice(before) ?? [];
  const room = page?.picture.rooms.at(-1);
  if (first) stage.reveal(room?.kind === 'opened' ? room : first, false);
}

/** A short word beside a box. */
function tellAt(id: string, text: string): void {
  const box = drawn.boxes.get(id)?.getBoundingClientRect();
  if (box) showTip([text], box.left, box.bottom, 0);
  setTimeout(hideTip, 3000);
}

function open(id: string, beside = false): void {
  if (!page) return;
  const fold = foldOf(id);
  if (fold) {
    const before = page.picture.boxes.length;
    if (fold.nodes.length === 0) void expand(fold.of, fold.side);
    else {
      const had = new Set(page.picture.boxes.map((box) => box.id));
      show(unfolded(page, fold, letter));
      const fresh = page.picture.boxes.find((box) => !had.has(box.id));
      say(`${page.picture.boxes.length - before} boxes more`);
      if (fresh) setFocus(fresh.id);
      const room = page.picture.rooms.at(-1);
      if (room?.kind === 'opened') stage.reveal(room, false);
    }
    return;
  }
  const node = page.index.nodes.get(id);
  if (node?.file) host.tell({ kind: 'open', location: node.location, beside });
}

function openLine(key: string): void {
  const pair = page?.index.pairs.find(({ from, to }) => pairKey(from, to) === key);
  const place = pair?.links.flatMap((link) => link.places)[0];
  if (place) host.tell({ kind: 'open', location: place, beside: false });
}

function menuOf(id: string): MenuItem[] {
  if (!page) return [];
  const current = page;
  const fold = foldOf(id);
  if (fold) return [{ label: 'Open Here', run: () => open(id) }];
  const node = page.index.nodes.get(id);
  if (!node) return [];
  const calls = page.index.pairs.filter(({ to }) => to === id).slice(0, 5);
  const isPinned = page.choice.pinned.has(id);
  return [
    { label: 'Open Definition', run: () => open(id) },
    { label: 'Open Definition to the Side', run: () => open(id, true) },
    ...calls.map(({ from, to }) => ({
      label: `Open Call in ${current.index.nodes.get(from)?.name ?? from}`,
      run: () => openLine(pairKey(from, to)),
    })),
    null,
    { label: 'Expand Targets', run: () => void expand(id, 'targets') },
    { label: 'Expand Callers', run: () => void expand(id, 'callers') },
    { label: 'Fold Ends', run: () => page && show(folded(page, id, letter)) },
    null,
    { label: isPinned ? 'Unpin' : 'Pin', run: () => page && show(pinning(page, id)) },
    { label: 'Hide', run: () => page && show(hiding(page, [id], letter)) },
    {
      label: 'Hide All Other Ways',
      run: () => {
        if (!page) return;
        const ways = waysThrough(page.index, id);
        const others = page.picture.boxes.map((box) => box.id).filter((box) => !ways.has(box) && !foldOf(box));
        show(hiding(page, others, letter));
      },
    },
    null,
    { label: 'Explore Callers in the Chains View', run: () => host.tell({ kind: 'explore', node }) },
    { label: 'Copy Name', run: () => host.tell({ kind: 'copy', text: node.name.replace(/^->/, '') }) },
  ];
}

const FORMATS: readonly { format: Format; label: string }[] = [
  { format: 'svg', label: 'SVG…' },
  { format: 'png', label: 'PNG…' },
  { format: 'mermaid', label: 'Mermaid…' },
  { format: 'dot', label: 'DOT…' },
];

async function save(format: Format): Promise<void> {
  if (!page) return;
  const { picture, index, chart } = page;
  const ids = new Set(picture.boxes.map((box) => box.id));
  const nodes = chart.nodes.filter((node) => ids.has(node.id));
  const links = chart.links.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const title = chart.title;
  const image = (): string => svgText(picture, index, title, paletteOf());
  try {
    const text = {
      svg: image,
      png: () => pngOf(image()),
      mermaid: () => mermaidText(nodes, links),
      dot: () => dotText(nodes, links),
    }[format]();
    host.tell({ kind: 'save', format, title, text: await text });
  } catch (error) {
    host.tell({ kind: 'fault', message: error instanceof Error ? error.message : String(error) });
  }
}

function exportMenu(): void {
  const box = byId('export').getBoundingClientRect();
  openMenu(
    FORMATS.map(({ format, label }) => ({ label: `Save as ${label}`, run: () => void save(format) })),
    box.left,
    box.bottom,
    'Save as',
  );
}

function command(what: PageCommand): void {
  if (what === 'search') byId('search').focus();
  else if (what === 'fit') {
    if (page) stage.fit(page.picture, true);
  } else if (what === 'tidy') void tidy();
  else exportMenu();
}

/** Marks what a search finds; `go`: the first of it comes into sight. */
function search(go: boolean): void {
  if (!page) return;
  const text = (byId('search') as HTMLInputElement).value;
  const texts = new Map([...page.index.nodes.values()].map(({ id, file, owner }) => [id, `${owner} ${file}`]));
  found = matches(page.picture.boxes, texts, text);
  const all = new Set(found);
  for (const [id, element] of drawn.boxes) element.classList.toggle('found', all.has(id));
  byId('found').textContent = text.trim() ? `${found.length} found` : '';
  if (go) {
    at = -1;
    nextFound(1);
  }
}

function nextFound(by: number): void {
  if (found.length === 0 || !page) return;
  at = (at + by + found.length) % found.length;
  for (const [id, element] of drawn.boxes) element.classList.toggle('current', id === found[at]);
  const box = page.picture.boxes.find((b) => b.id === found[at]);
  if (!box) return;
  setFocus(box.id, false);
  stage.reveal(box, true);
  byId('found').textContent = `${at + 1} of ${found.length}: ${box.name}`;
}

function closeSearch(): void {
  (byId('search') as HTMLInputElement).value = '';
  search(false);
  for (const element of drawn.boxes.values()) element.classList.remove('current');
  setFocus(page?.focus ?? '');
}

/** The box that an event is about; '' for none. */
const boxOf = (event: Event): string => (event.target as Element).closest<SVGGElement>('g.box')?.dataset.id ?? '';
const lineOf = (event: Event): SVGGElement | null => (event.target as Element).closest<SVGGElement>('g.line');

/** The box and its lines stand out. */
function look(id: string): void {
  if (!page) return;
  const { lines } = page.picture;
  const near = new Set([id, ...lines.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []))]);
  highlight(drawn, near);
  for (const element of drawn.lines.values())
    if (element.dataset.from !== id && element.dataset.to !== id) element.classList.remove('near');
}

function linesOf(id: string): string[] {
  if (!page) return [];
  const fold = foldOf(id);
  if (fold) return [foldLabel(fold, `+ ${fold.count}`, page.index), 'Click to open it here.'];
  const node = page.index.nodes.get(id);
  const by = page.index.pairs.find((pair) => pair.to === id && pair.links[0].kind === 'member');
  return node ? [...nodeLines(node, page.index, page.choice.pinned.has(id)), ...(by?.links[0].why ?? [])] : [];
}

function registerMouse(): void {
  const canvas = byId('canvas');
  canvas.addEventListener('pointerover', (event) => {
    const id = boxOf(event);
    const line = lineOf(event);
    if (id) {
      look(id);
      showTip(linesOf(id), event.clientX, event.clientY);
    } else if (line && page) {
      const { from = '', to = '' } = line.dataset;
      const pair = page.index.pairs.find((p) => p.from === from && p.to === to);
      highlight(drawn, new Set([from, to]));
      if (pair) showTip(pairLines(pair, page.index), event.clientX, event.clientY);
    } else {
      highlight(drawn, null);
      hideTip();
    }
  });
  canvas.addEventListener('pointerleave', () => {
    highlight(drawn, null);
    hideTip();
  });
  canvas.addEventListener('click', (event) => {
    if (byId('stage').classList.contains('panning')) return;
    hideTip();
    const id = boxOf(event);
    const line = lineOf(event);
    if (id) {
      setFocus(id);
      open(id, event.ctrlKey || event.metaKey);
    } else if (line) openLine(pairKey(line.dataset.from ?? '', line.dataset.to ?? ''));
  });
  document.addEventListener('contextmenu', (event) => {
    const id = boxOf(event);
    event.preventDefault();
    if (!id) return;
    hideTip();
    setFocus(id);
    openMenu(menuOf(id), event.clientX, event.clientY, drawn.boxes.get(id)?.getAttribute('aria-label') ?? '');
  });
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** What keys do on the page; false where they do nothing there. `id`: the box that has the focus, '' for none. */
const KEYS: Readonly<Record<string, (current: Page, id: string, event: KeyboardEvent) => unknown>> = {
  Enter: (_, id, event) => id !== '' && open(id, event.ctrlKey || event.metaKey),
  ' ': (_, id) => id !== '' && open(id),
  ContextMenu: (_, id) => id !== '' && openMenuBelow(id),
  F10: (_, id, event) => event.shiftKey && id !== '' && openMenuBelow(id),
  Home: (current) => setFocus(current.picture.boxes[0]?.id ?? ''),
  Delete: (current, id) => isNode(id) && showFocused(hiding(current, [id], letter)),
  p: (current, id) => isNode(id) && showFocused(pinning(current, id)),
  '+': () => stage.zoom(1.25),
  '=': () => stage.zoom(1.25),
  '-': () => stage.zoom(0.8),
  0: (current) => stage.fit(current.picture, true),
  '/': () => byId('search').focus(),
  f: (_, _id, event) => (event.ctrlKey || event.metaKey) && byId('search').focus(),
  Escape: () => {
    hideTip();
    highlight(drawn, null);
  },
};

const isNode = (id: string): boolean => page?.index.nodes.has(id) ?? false;

function showFocused(next: Page): void {
  show(next);
  setFocus(next.focus);
}

function openMenuBelow(id: string): void {
  const element = drawn.boxes.get(id);
  const box = element?.getBoundingClientRect();
  if (element && box) openMenu(menuOf(id), box.left, box.bottom, element.getAttribute('aria-label') ?? '');
}

function onKey(event: KeyboardEvent): void {
  if (!page) return;
  const id = boxOf(event);
  const arrow = ARROWS[event.key];
  if (arrow && id) {
    const next = step(page.picture.boxes, page.picture.lines, id, arrow);
    if (next) setFocus(next);
  } else if (!Object.hasOwn(KEYS, event.key) || KEYS[event.key](page, id, event) === false) return;
  event.preventDefault();
}

function registerBar(): void {
  const input = byId('search');
  input.addEventListener('input', () => search(true));
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      nextFound(event.shiftKey ? -1 : 1);
      if (event.ctrlKey || event.metaKey) setFocus(found[at] ?? '');
    } else if (event.key === 'Escape') closeSearch();
    else if (event.key === 'ArrowDown') setFocus(found[at] ?? page?.focus ?? '');
    else return;
    event.preventDefault();
  });
  const on = (id: string, act: () => void): void => byId(id).addEventListener('click', act);
  on('fit', () => command('fit'));
  on('in', () => stage.zoom(1.25));
  on('out', () => stage.zoom(0.8));
  on('tidy', () => void tidy());
  on('export', exportMenu);
  on('again', () => page && show(showingAll(page, letter)));
  on('key', () => {
    const legend = byId('legend');
    legend.hidden = !legend.hidden;
    byId('key').setAttribute('aria-expanded', String(!legend.hidden));
  });
}

/** The width of a letter in the type that names are set in, in pixels. */
function measured(): number {
  const probe = html('span', { class: 'probe' }, 'm'.repeat(100));
  document.body.append(probe);
  const width = probe.getBoundingClientRect().width / 100;
  probe.remove();
  return width > 3 ? width : LETTER;
}

letter = measured();
registerMouse();
registerBar();
byId('boxes').addEventListener('focusin', (event) => {
  const id = boxOf(event);
  if (!id) return;
  setFocus(id, false);
  look(id);
});
byId('boxes').addEventListener('focusout', () => highlight(drawn, null));
document.addEventListener('keydown', (event) => {
  if (!(event.target as Element).closest('#search, #menu, button')) onKey(event);
});
const kept = fromKept(host.kept());
if (kept) {
  show(kept.page);
  stage.set(kept.view);
}
host.tell({ kind: 'ready', has: kept !== null });
