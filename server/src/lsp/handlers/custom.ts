/** Requests of Kerntrail's own (protocol.ts), but for those about pasted texts. */
import { ErrorCodes, ProgressType, ResponseError } from 'vscode-languageserver';
import { callPaths } from '../../features/source/callPaths.ts';
import { endProblem } from '../../features/source/pathEnds.ts';
import { forgetPlaces } from '../pasted.ts';
import {
  type ArchitectureParams,
  BESIDE_OTHER,
  type BesideOtherParams,
  FIND_PATH,
  PATH_END,
  type PathEndParams,
  type PathEndResult,
  type PathParams,
  type PathResult,
  REINDEX,
  SET_ARCHITECTURE,
  TRUST,
} from '../protocol.ts';
import { requestsOf } from '../requests.ts';
import { lookFor, refusedArchitecture, reindex } from '../session.ts';
import { alarm, changeArchitecture, type Server } from '../state.ts';
import type { Handler } from './handler.ts';

/** What the client tells, and what it asks beside LSP's own. */
export const CUSTOM: readonly Handler[] = [
  { register: registerReindex },
  { register: registerArchitecture },
  { register: registerTold },
  { register: registerFindPath },
];

function registerReindex(server: Server): void {
  const { connection, guards } = server;
  connection.onRequest(
    REINDEX,
    guards.guarded<void, null>(
      'reindex',
      () => {
        // the status tells how it goes on: nobody has to wait for the answer
        const failed = alarm(server, 'The index could not be begun anew');
        void guards.owned('reindex', () => server.session && reindex(server.session), failed);
        return null;
      },
      null,
    ),
  );
}

function registerArchitecture(server: Server): void {
  server.connection.onRequest(
    SET_ARCHITECTURE,
    server.guards.guarded<ArchitectureParams, null>(
      'architecture',
      ({ architecture }) => {
        const refused = server.session && refusedArchitecture(server.session, architecture);
        if (refused) throw new ResponseError(ErrorCodes.InvalidParams, refused);
        changeArchitecture(server, architecture);
        return null;
      },
      null,
    ),
  );
}

/** What only changes later answers: another server beside this one, a folder that is trusted now. */
function registerTold(server: Server): void {
  const { connection, guards } = server;
  connection.onRequest(
    BESIDE_OTHER,
    guards.guarded<BesideOtherParams, null>(
      'besideOther',
      ({ on }) => {
        server.besideOther = on;
        return null;
      },
      null,
    ),
  );
  connection.onNotification(TRUST, () => {
    server.trusted = true;
    forgetPlaces(server.texts);
  });
}

const NO_INDEX = 'There is no index of this tree yet. Its progress is in the status bar.';
/** How long whoever types a name waits for it to be found, in ms. */
const LOOK_MS = 3000;
const FIRST_PATH = new ProgressType<PathResult>();
const FAILED = 'The search failed: the output channel Kerntrail tells why.';

function registerFindPath(server: Server): void {
  server.connection.onRequest(
    PATH_END,
    server.guards.guarded<PathEndParams, PathEndResult>(
      'pathEnd',
      async ({ name }) => {
        const problem = (): string | null => {
          const [request] = server.session ? requestsOf(server.session, server.besideOther) : [];
          return request ? endProblem(request, name) : NO_INDEX;
        };
        const found = problem();
        // what isn't indexed yet may be found in the tree's text
        if (found === null || !server.session || !/^\w+$/.test(name)) return { problem: found };
        await lookFor(server.session, '', [name], LOOK_MS);
        return { problem: problem() };
      },
      { problem: null },
    ),
  );
  server.connection.onRequest(
    FIND_PATH,
    server.guards.guarded<PathParams, PathResult>(
      'findPath',
      (question) => {
        const [request] = server.session ? requestsOf(server.session, server.besideOther) : [];
        if (!request) return { chains: [], message: NO_INDEX };
        const mine = ++server.search;
        const token = question.partialResultToken;
        const first =
          token === undefined
            ? undefined
            : (found: PathResult) => void server.connection.sendProgress(FIRST_PATH, token, found);
        return callPaths(request, question, () => mine !== server.search, first);
      },
      { chains: [], message: FAILED },
    ),
  );
}
