/** Requests about graphs of chains (protocol.ts): where their boxes go, ready-made maps, the stacks of a text. */
import type { PastedRequest } from '../../features/pasted/request.ts';
import { traceChart } from '../../features/pasted/traceChart.ts';
import { type ChainChart, noChart } from '../../features/source/chains/chart.ts';
import { chainMap } from '../../features/source/chains/maps.ts';
import { mapNamed } from '../../kernel/maps.ts';
import { exactRequest, whyNoTree } from '../pasted.ts';
import {
  CHAIN_MAP,
  CHAIN_PICTURE,
  CHAIN_TRACE,
  type ChainMapParams,
  type ChainTraceParams,
  type PictureParams,
  type PictureResult,
} from '../protocol.ts';
import { requestsOf } from '../requests.ts';
import type { Server } from '../state.ts';
import { type Handler, pastedOf } from './handler.ts';

/** What draws graphs. */
export const PICTURES: readonly Handler[] = [
  { register: registerPicture },
  { register: registerMap },
  { register: registerTrace },
];

const FAILED = 'It could not be done: the output channel Kerntrail tells why.';
const NO_INDEX = 'There is no index of this tree yet. Its progress is in the status bar.';

function registerPicture(server: Server): void {
  server.connection.onRequest(
    CHAIN_PICTURE,
    server.guards.guarded<PictureParams, PictureResult>(
      'chainPicture',
      (picture, token) => server.layouts.lay(picture, () => token.isCancellationRequested),
      { width: 0, height: 0, boxes: [], rooms: [], lines: [], message: FAILED },
    ),
  );
}

function registerMap(server: Server): void {
  server.connection.onRequest(
    CHAIN_MAP,
    server.guards.guarded<ChainMapParams, ChainChart>(
      'chainMap',
      ({ map, context }, token) => {
        const plan = mapNamed(map);
        if (!plan) return noChart(map, `There is no map ${map}.`);
        const [request] = server.session ? requestsOf(server.session, server.besideOther) : [];
        if (!request) return noChart(plan.title, NO_INDEX);
        return chainMap(request, plan, {
          context: context ? [context] : [],
          isCancelled: () => token.isCancellationRequested,
        });
      },
      noChart('', FAILED),
    ),
  );
}

function registerTrace(server: Server): void {
  server.connection.onRequest(
    CHAIN_TRACE,
    server.guards.guarded<ChainTraceParams, ChainChart>(
      'chainTrace',
      async ({ uri, stacks }) => {
        const document = pastedOf(server, uri);
        if (!document) return noChart('', 'The backtrace is not open any more.');
        const request: PastedRequest | null = await exactRequest(server, document);
        return request ? traceChart(request, stacks) : noChart('', whyNoTree(server) ?? NO_INDEX);
      },
      noChart('', FAILED),
    ),
  );
}
