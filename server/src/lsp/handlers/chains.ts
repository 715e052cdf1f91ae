/** Requests about chains of calls (protocol.ts): what begins one, the steps on, how a step is known, and searches. */
import { type CancellationToken, ProgressType } from 'vscode-languageserver';
import type { Request } from '../../features/request.ts';
import { callPaths, type PathAnswer, reachedFrom } from '../../features/source/callPaths.ts';
import { chainNext } from '../../features/source/chains/next.ts';
import { chainRoots, chainRootsNamed, mayBegin } from '../../features/source/chains/roots.ts';
import { chainWhy } from '../../features/source/chains/why.ts';
import { endNames, endProblem } from '../../features/source/pathEnds.ts';
import { pathOfPlace } from '../../index/modules/mounts.ts';
import type { Steps } from '../../resolve/steps.ts';
import { columnOf } from '../lines.ts';
import { fileOf } from '../paths.ts';
import {
  CHAIN_BEGINS,
  CHAIN_NEXT,
  CHAIN_ROOTS,
  CHAIN_WHY,
  type ChainNext,
  type ChainNextParams,
  type ChainPlaceParams,
  type ChainRoots,
  type ChainRootsParams,
  type ChainWhyParams,
  FIND_PATH,
  FIND_ROOTS,
  PATH_END,
  PATH_NAMES,
  type PathEndParams,
  type PathEndResult,
  type PathName,
  type PathNamesParams,
  type PathParams,
  type PathResult,
  type ReachedParams,
} from '../protocol.ts';
import { requestIn, requestsOf, type TreeRequest } from '../requests.ts';
import { lookFor } from '../session.ts';
import type { Server } from '../state.ts';
import { atSource, type Handler } from './handler.ts';

/** What the Chains view and its like ask. */
export const CHAINS: readonly Handler[] = [
  { register: registerRoots },
  { register: registerSteps },
  { register: registerEnds },
  { register: registerSearches },
];

const NO_INDEX = 'There is no index of this tree yet. Its progress is in the status bar.';
const NO_SOURCE = 'This text is no source of the kernel tree.';
/** How long whoever types a name waits for it to be found, in ms. */
const LOOK_MS = 3000;
const FIRST_PATH = new ProgressType<PathResult>();
const FAILED = 'The search failed: the output channel Kerntrail tells why.';

/** The first tree, for what names no file. */
const firstTree = ({ session, besideOther }: Server): TreeRequest | undefined =>
  session ? requestsOf(session, besideOther)[0] : undefined;

/** The tree that a place is in; the first for what has no place, as the list of a section. */
const treeOf = (server: Server, uri: string): TreeRequest | undefined =>
  (server.session && requestIn(server.session, uri, server.besideOther)) ?? firstTree(server);

/** A source of a tree that no editor has open, as it is on disk; null for any other text. */
function closedSource(server: Server, uri: string): Request | null {
  const request = server.session && requestIn(server.session, uri, server.besideOther);
  const file = request && fileOf(uri);
  const path = file ? pathOfPlace(request.root, file) : null;
  const view = path !== null && request?.index.fileId(path) !== undefined ? request.view(path) : null;
  return request && view ? { ...request, file: view } : null;
}

function registerRoots(server: Server): void {
  const nothing: ChainRoots = { roots: [], of: null, message: NO_INDEX };
  const at = atSource<ChainRoots>(server, 'callHierarchy', chainRoots, nothing);
  const named = server.guards.guarded<{ name: string }, ChainRoots>(
    'chainRoots',
    ({ name }) => {
      const request = firstTree(server);
      return request ? chainRootsNamed(request, name) : nothing;
    },
    nothing,
  );
  const begins = atSource<boolean>(server, 'chainBegins', mayBegin, false);
  server.connection.onRequest(
    CHAIN_BEGINS,
    ({ uri, position }: ChainPlaceParams, token: CancellationToken): Promise<unknown> =>
      begins({ textDocument: { uri }, position }, token),
  );
  const closed = server.guards.guarded<ChainPlaceParams, ChainRoots>(
    'chainRoots',
    ({ uri, position: { line, character } }) => {
      const request = firstTree(server) ? closedSource(server, uri) : null;
      if (!request) return firstTree(server) ? { ...nothing, message: NO_SOURCE } : nothing;
      const text =
        request
          .bytes(request.file.path)
          ?.toString('utf8')
          .split('\n', line + 1)[line] ?? '';
      return chainRoots(request, line + 1, columnOf(text, character));
    },
    nothing,
  );
  server.connection.onRequest(CHAIN_ROOTS, async (params: ChainRootsParams, token): Promise<ChainRoots> => {
    if ('name' in params) return named(params, token);
    const { uri, position } = params;
    const found = await at({ textDocument: { uri }, position }, token);
    return found === nothing ? closed(params, token) : found;
  });
}

function registerSteps(server: Server): void {
  const { connection, guards } = server;
  const nothing: ChainNext = { steps: [], folds: [], message: NO_INDEX };
  connection.onRequest(
    CHAIN_NEXT,
    guards.guarded<ChainNextParams, ChainNext>(
      'chainNext',
      (question) => {
        const request = treeOf(server, question.node.location.uri);
        return request ? chainNext(request, question) : nothing;
      },
      nothing,
    ),
  );
  connection.onRequest(
    CHAIN_WHY,
    guards.guarded<ChainWhyParams, string[]>(
      'chainWhy',
      (step) => {
        const request = treeOf(server, step.to.location.uri);
        return request ? chainWhy(request, step) : step.link.why;
      },
      [],
    ),
  );
}

function registerEnds(server: Server): void {
  const { connection, guards } = server;
  connection.onRequest(
    PATH_END,
    guards.guarded<PathEndParams, PathEndResult>(
      'pathEnd',
      async ({ name }) => {
        const problem = (): string | null => {
          const request = firstTree(server);
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
  connection.onRequest(
    PATH_NAMES,
    guards.guarded<PathNamesParams, PathName[]>(
      'pathNames',
      ({ query }) => {
        const request = firstTree(server);
        return request ? endNames(request, query) : [];
      },
      [],
    ),
  );
}

function registerSearches(server: Server): void {
  const { connection, guards } = server;
  /** Searches in the first tree; a newer search ends it. */
  const search = (run: (request: TreeRequest, isCancelled: () => boolean) => Steps<PathAnswer>) => {
    const request = firstTree(server);
    if (!request) return { chains: [], message: NO_INDEX };
    const mine = ++server.search;
    return run(request, () => mine !== server.search);
  };
  connection.onRequest(
    FIND_PATH,
    guards.guarded<PathParams, PathResult>(
      'findPath',
      (question) => {
        const token = question.partialResultToken;
        const first =
          token === undefined
            ? undefined
            : (found: PathResult) => void connection.sendProgress(FIRST_PATH, token, found);
        return search((request, isCancelled) => callPaths(request, question, isCancelled, first));
      },
      { chains: [], message: FAILED },
    ),
  );
  connection.onRequest(
    FIND_ROOTS,
    guards.guarded<ReachedParams, PathResult>(
      'findRoots',
      (question) => search((request, isCancelled) => reachedFrom(request, question, isCancelled)),
      { chains: [], message: FAILED },
    ),
  );
}
