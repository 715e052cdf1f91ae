/** The thread that lays pictures out, one after the other: Graphviz knows no pause, and would hold the server up. */
import { parentPort } from 'node:worker_threads';
import { instance, type Viz } from '@viz-js/viz';
import type { PictureParams } from '../protocol.ts';
import { graphInput, placesIn } from './graphviz.ts';
import type { FromLayout, ToLayout } from './layouts.ts';

let viz: Promise<Viz> | null = null;

async function lay(picture: PictureParams): Promise<FromLayout['result']> {
  viz ??= instance();
  const answer = (await viz).render(graphInput(picture), { format: 'json0', engine: 'dot' });
  if (answer.status === 'success') return placesIn(picture, answer.output);
  throw new Error(answer.errors.map((e) => e.message).join('; ') || 'Graphviz gave no answer');
}

parentPort?.on('message', ({ id, picture }: ToLayout) => {
  lay(picture).then(
    (result) => parentPort?.postMessage({ id, result, fault: null } satisfies FromLayout),
    (error: unknown) =>
      parentPort?.postMessage({
        id,
        result: null,
        fault: error instanceof Error ? error.message : String(error),
      } satisfies FromLayout),
  );
});
