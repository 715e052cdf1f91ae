/** Layouts of pictures, made in a thread that is started when first needed, and ended when nobody has needed it for a while. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PictureParams, PictureResult } from '../protocol.ts';

/** To the thread. */
export interface ToLayout {
  id: number;
  picture: PictureParams;
}

/** From the thread: a layout, or what went wrong. */
export interface FromLayout {
  id: number;
  result: PictureResult | null;
  fault: string | null;
}

/** How long a layout may take, and a thread be idle, in ms. */
export interface Patience {
  layout: number;
  idle: number;
}

/** Makes layouts, one after the other. */
export interface Layouts {
  /** Rejects where the thread can't be run; a layout that takes too long is answered with words. `cancelled` is asked while it runs. */
  lay(picture: PictureParams, cancelled: () => boolean): Promise<PictureResult>;
  close(): void;
}

interface Waiting {
  id: number;
  picture: PictureParams;
  cancelled: () => boolean;
  resolve(result: PictureResult): void;
  reject(error: Error): void;
}

const PATIENCE: Patience = { layout: 20_000, idle: 60_000 };
const LOOK_MS = 100;
/** A page folds what is more than a thousand; whoever asks for more doesn't want a picture. */
const MOST_BOXES = 3000;
const MOST_LINES = 20_000;

const nothing = (message: string): PictureResult => ({
  ...{ width: 0, height: 0, boxes: [], rooms: [], lines: [] },
  message,
});

/** `scripts` is the folder of the bundled layout.cjs. */
export function newLayouts(scripts: string, patience: Patience = PATIENCE): Layouts {
  let thread: Worker | null = null;
  let queue: Waiting[] = [];
  let current: Waiting | null = null;
  let since = 0;
  let nextId = 1;
  let idle: NodeJS.Timeout | null = null;
  let look: NodeJS.Timeout | null = null;

  const stop = (): void => {
    const old = thread;
    thread = null;
    void old?.terminate();
  };
  const done = (settle: (waiting: Waiting) => void): void => {
    const was = current;
    current = null;
    if (look) clearInterval(look);
    look = null;
    if (was) settle(was);
    next();
  };
  /** wasm can't be interrupted: whoever doesn't wait any longer ends the thread */
  const watch = (): void => {
    if (!current) return;
    const late = Date.now() - since > patience.layout;
    if (!late && !current.cancelled()) return;
    stop();
    done(({ resolve, picture }) =>
      resolve(
        nothing(
          late
            ? `${picture.boxes.length} boxes could not be laid out within ${Math.round(patience.layout / 1000)} seconds. Hide or fold some.`
            : 'The layout was cancelled.',
        ),
      ),
    );
  };
  const start = (): Worker => {
    const started = new Worker(join(scripts, 'layout.cjs'), { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    started.on('message', ({ id, result, fault }: FromLayout) => {
      if (thread !== started || current?.id !== id) return;
      done(({ resolve, reject }) => (result ? resolve(result) : reject(new Error(fault ?? 'no layout'))));
    });
    const gone = (error: Error): void => {
      if (thread !== started) return;
      thread = null;
      done(({ reject }) => reject(error));
    };
    started.on('error', gone);
    started.on('exit', (code) => gone(new Error(`The layout thread ended with code ${code}.`)));
    // a server that is told to end doesn't wait for it
    started.unref();
    return started;
  };
  const next = (): void => {
    if (current) return;
    if (idle) clearTimeout(idle);
    idle = null;
    current = queue.shift() ?? null;
    if (!current) {
      idle = setTimeout(stop, patience.idle);
      idle.unref();
      return;
    }
    if (current.cancelled()) {
      done(({ resolve }) => resolve(nothing('The layout was cancelled.')));
      return;
    }
    thread ??= start();
    since = Date.now();
    look = setInterval(watch, LOOK_MS);
    thread.postMessage({ id: current.id, picture: current.picture } satisfies ToLayout);
  };

  return {
    lay(picture, cancelled) {
      const { boxes, lines } = picture;
      if (boxes.length > MOST_BOXES || lines.length > MOST_LINES)
        return Promise.resolve(
          nothing(`${boxes.length} boxes with ${lines.length} lines are too many for a picture. Hide or fold some.`),
        );
      return new Promise((resolve, reject) => {
        queue.push({ id: nextId++, picture, cancelled, resolve, reject });
        next();
      });
    },
    close() {
      queue = [];
      current = null;
      if (look) clearInterval(look);
      if (idle) clearTimeout(idle);
      stop();
    },
  };
}
