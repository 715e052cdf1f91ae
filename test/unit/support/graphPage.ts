/// <reference lib="dom" />
/** The graph tab's page in a DOM of this process, with an extension that answers it. */
import { pageHtml } from '../../../client/src/graph/html.ts';
import { type FromPage, fromPage, type ToPage } from '../../../client/src/graph/messages.ts';

const PAGE = pageHtml({ source: 'vscode:', style: 'graph.css', script: 'graph.js', nonce: 'n0nce' });

/** The page's body, without its script. */
export function loadBody(): void {
  const body = /<body[^>]*>([\s\S]*?)<script/.exec(PAGE)?.[1] ?? '';
  document.body.innerHTML = body;
}

/** Places boxes in a column, each line straight: a layout that needs no Graphviz. */
export function columnLayout({
  picture,
}: Extract<FromPage, { kind: 'lay' }>): Extract<ToPage, { kind: 'picture' }>['result'] {
  const at = new Map(picture.boxes.map((box, n) => [box.id, { x: 0, y: n * 80 }]));
  const lines = picture.lines.flatMap(({ from, to }) => {
    const [a, b] = [at.get(from), at.get(to)];
    return a && b ? [{ from, to, points: [a, a, b, b] }] : [];
  });
  return {
    ...{ width: 200, height: picture.boxes.length * 80, rooms: [], lines, message: null },
    boxes: [...at].map(([id, place]) => ({ id, ...place })),
  };
}

/** What the page has told, and the state that it keeps. */
export interface FakeHost {
  told: FromPage[];
  state: unknown;
}

/** Puts an editor's API into the page: each message is answered by `answer`. */
export function fakeHost(answer: (message: FromPage) => ToPage | null, state?: unknown): FakeHost {
  const host: FakeHost = { told: [], state };
  Object.assign(globalThis, {
    acquireVsCodeApi: () => ({
      postMessage(sent: unknown) {
        const message = fromPage(structuredClone(sent));
        if (!message) throw new Error('no message of the page');
        host.told.push(message);
        const reply = answer(message);
        if (reply) queueMicrotask(() => post(reply));
      },
      getState: () => host.state,
      setState(next: unknown) {
        host.state = structuredClone(next);
      },
    }),
  });
  return host;
}

/** Sends the page a message of the extension. */
export const post = (message: ToPage): boolean => window.dispatchEvent(new MessageEvent('message', { data: message }));

/** The box of an id. */
export function boxOf(id: string): SVGGElement {
  const found = [...document.querySelectorAll<SVGGElement>('g.box')].find((box) => box.dataset.id === id);
  if (!found) throw new Error(`no box ${id} in sight`);
  return found;
}

/** Ids of the boxes in sight. */
export const boxesInSight = (): string[] =>
  [...document.querySelectorAll<SVGGElement>('g.box')].map((box) => box.dataset.id ?? '');

/** A key as somebody presses it where the focus is. */
export const press = (key: string, more: KeyboardEventInit = {}): boolean =>
  (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
  );

/** Lets all that waits for answers go on. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
