/** What an editor asks about sources. A feature of its own is a file in features/source/ and a row here. */
import { type CodeLens, type InlayHint, type Location, MessageType, type Range } from 'vscode-languageserver';
import { hunkLenses } from '../../features/pasted/patchView.ts';
import { traceDefinition } from '../../features/pasted/traceDefinition.ts';
import { traceHover } from '../../features/pasted/traceHover.ts';
import { traceSymbols } from '../../features/pasted/traceOutline.ts';
import { type Request, uriOf } from '../../features/request.ts';
import { prepareCallHierarchy } from '../../features/source/callHierarchy.ts';
import { codeLenses, type LensData, resolveCodeLens } from '../../features/source/codeLens.ts';
import { declaration, definition } from '../../features/source/definition.ts';
import { documentSymbols } from '../../features/source/documentSymbol.ts';
import { incomingCalls } from '../../features/source/hierarchy/incoming.ts';
import { outgoingCalls } from '../../features/source/hierarchy/outgoing.ts';
import { hover } from '../../features/source/hover/hover.ts';
import { implementation } from '../../features/source/implementation.ts';
import { type HintData, inlayHints, resolveInlayHint } from '../../features/source/inlayHint.ts';
import { MOST_LOCATIONS, references } from '../../features/source/references.ts';
import { workspaceSymbols } from '../../features/source/workspaceSymbol.ts';
import type { Steps } from '../../resolve/steps.ts';
import { pastedRequest, pastedText } from '../pasted.ts';
import { OPEN_PLACE, type PlaceArguments, type Settings, SHOW_IMPLEMENTATIONS, SHOW_REFERENCES } from '../protocol.ts';
import { requestIn, requestsOf } from '../requests.ts';
import { type Server, show } from '../state.ts';
import { anywhere, atSource, type Handler, pastedOf, sourceOf } from './handler.ts';

/** References that are cut are told to be. */
function* told(server: Server, answer: Steps<Location[]>): Steps<Location[]> {
  const found = yield* answer;
  const most = MOST_LOCATIONS.toLocaleString('en');
  if (found.length === MOST_LOCATIONS)
    show(server, MessageType.Info, `Kerntrail: these are the nearest ${most} references. The shell lists all of them.`);
  return found;
}

/** Features of sources; those that pasted texts have as well answer for both. */
export const SOURCE: readonly Handler[] = [
  {
    capability: { hoverProvider: true },
    register: (server) => server.connection.onHover(anywhere(server, 'hover', hover, traceHover, null)),
  },
  {
    capability: { definitionProvider: true },
    register: (server) =>
      server.connection.onDefinition(anywhere<Location[]>(server, 'definition', definition, traceDefinition, [])),
  },
  {
    capability: { declarationProvider: true },
    register: (server) => server.connection.onDeclaration(atSource<Location[]>(server, 'declaration', declaration, [])),
  },
  {
    capability: { implementationProvider: true },
    register: (server) =>
      server.connection.onImplementation(atSource<Location[]>(server, 'implementation', implementation, [])),
  },
  {
    capability: { referencesProvider: true },
    register: (server) =>
      server.connection.onReferences((p, token, _work, partial) =>
        atSource<Location[]>(
          server,
          'references',
          (request, line, column) => {
            const report = partial ? (found: Location[]) => partial.report(found) : null;
            return told(server, references(request, line, column, p.context.includeDeclaration, report));
          },
          [],
        )(p, token),
      ),
  },
  { capability: { callHierarchyProvider: true }, register: registerCallHierarchy },
  {
    capability: { documentSymbolProvider: true },
    register: (server) =>
      server.connection.onDocumentSymbol(
        server.guards.guarded(
          'documentSymbol',
          async ({ textDocument: { uri } }) => {
            const pasted = pastedOf(server, uri);
            if (pasted) return pasted.languageId === 'markdown' ? null : traceSymbols(pastedText(server, pasted));
            const request = await sourceOf(server, uri);
            return request ? documentSymbols(request) : null;
          },
          null,
        ),
      ),
  },
  {
    capability: { workspaceSymbolProvider: true },
    register: (server) =>
      server.connection.onWorkspaceSymbol(
        server.guards.guarded(
          'workspaceSymbol',
          ({ query }) => allRequests(server).flatMap((request) => workspaceSymbols(request, query)),
          [],
        ),
      ),
  },
  { capability: { codeLensProvider: { resolveProvider: true } }, register: registerCodeLens },
  { capability: { inlayHintProvider: { resolveProvider: true } }, register: registerInlayHints },
];

const allRequests = ({ session, besideOther }: Server) => (session ? requestsOf(session, besideOther) : []);

function registerCallHierarchy(server: Server): void {
  const { connection, guards } = server;
  const treeOf = (uri: string) => server.session && requestIn(server.session, uri, server.besideOther);
  connection.languages.callHierarchy.onPrepare(atSource(server, 'callHierarchy', prepareCallHierarchy, null));
  connection.languages.callHierarchy.onIncomingCalls(
    guards.guarded(
      'incomingCalls',
      ({ item }) => {
        const request = treeOf(item.uri);
        return request ? incomingCalls(request, item) : null;
      },
      null,
    ),
  );
  connection.languages.callHierarchy.onOutgoingCalls(
    guards.guarded(
      'outgoingCalls',
      ({ item }) => {
        const request = treeOf(item.uri);
        return request ? outgoingCalls(request, item) : null;
      },
      null,
    ),
  );
}

const LENS_COMMANDS = { references: SHOW_REFERENCES, implementations: SHOW_IMPLEMENTATIONS };

function registerCodeLens(server: Server): void {
  const { connection, guards } = server;
  connection.onCodeLens(
    guards.guarded(
      'codeLens',
      async ({ textDocument: { uri } }) => {
        const pasted = pastedOf(server, uri);
        if (pasted) return pasted.languageId === 'markdown' ? null : patchLenses(server, pasted);
        const request = await sourceOf(server, uri);
        return request ? lensesOf(request, server.settings.codeLens, uri) : null;
      },
      null,
    ),
  );
  connection.onCodeLensResolve((lens: CodeLens, token) =>
    guards.guarded<CodeLens, CodeLens>(
      'codeLens',
      async (l) => {
        const data = l.data as LensData & { uri: string };
        const request = await sourceOf(server, data.uri);
        return request ? resolveCodeLens(request, l, data, LENS_COMMANDS) : l;
      },
      lens,
    )(lens, token),
  );
}

function registerInlayHints(server: Server): void {
  const { inlayHint } = server.connection.languages;
  inlayHint.on(
    server.guards.guarded(
      'inlayHint',
      async ({ textDocument: { uri }, range }) => {
        if (!server.settings.inlayHints.dispatches) return null;
        const request = pastedOf(server, uri) ? null : await sourceOf(server, uri);
        return request ? hintsOf(request, range, uri) : null;
      },
      null,
    ),
  );
  inlayHint.resolve((hint, token) =>
    server.guards.guarded<InlayHint, InlayHint>(
      'inlayHint',
      async (h) => {
        const data = h.data as HintData & { uri: string };
        const request = await sourceOf(server, data.uri);
        return request ? resolveInlayHint(request, h, data, SHOW_IMPLEMENTATIONS) : h;
      },
      hint,
    )(hint, token),
  );
}

/** Hints that know their document. */
function* hintsOf(request: Request, range: Range, uri: string): Steps<InlayHint[]> {
  const hints = yield* inlayHints(request, range);
  return hints.map((h) => ({ ...h, data: { ...(h.data as HintData), uri } }));
}

/** Lenses that know their document: it is asked for again when one is resolved. */
function* lensesOf(request: Request, on: Settings['codeLens'], uri: string): Steps<CodeLens[]> {
  const lenses = yield* codeLenses(request, on);
  return lenses.map((l) => ({ ...l, data: { ...(l.data as LensData), uri } }));
}

/** Lenses over the hunks of a mail: a click opens the place. */
function patchLenses(server: Server, document: Parameters<typeof pastedRequest>[1]): CodeLens[] | null {
  const request = pastedRequest(server, document);
  if (!request) return null;
  return hunkLenses(request.patches, ({ file, line }) => {
    const args: PlaceArguments = [uriOf(request.root, file), line - 1];
    return { command: OPEN_PLACE, arguments: args };
  });
}
