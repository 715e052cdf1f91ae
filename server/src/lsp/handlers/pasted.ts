/** What only pasted texts have: links, folding, and what the Backtrace view asks. */
import { type DocumentLink, MessageType } from 'vscode-languageserver';
import type { PastedRequest } from '../../features/pasted/request.ts';
import { type LinkData, noPlaceText, resolveTraceLink, traceLinks } from '../../features/pasted/traceDefinition.ts';
import { traceFolding } from '../../features/pasted/traceOutline.ts';
import { traceText } from '../../features/pasted/traceText.ts';
import { bareItems, frameItemsSteps, frameRowsSteps, stackList } from '../../features/pasted/traceTree.ts';
import type { Steps } from '../../resolve/steps.ts';
import { holdsTrace, looksLikeTrace } from '../../trace/pastedText.ts';
import { MAX_PASTED, readable } from '../bounds.ts';
import { exactRequest, pastedRequest, pastedText, requestFor, requestOfText, whyNoTree } from '../pasted.ts';
import {
  TRACE_DETECT,
  TRACE_FRAMES,
  TRACE_LINE,
  TRACE_STACKS,
  TRACE_TEXT,
  type TraceDetectAnswer,
  type TraceDetectParams,
  type TraceFramesAnswer,
  type TraceFramesParams,
  type TraceLineAnswer,
  type TraceParams,
  type TraceStacksAnswer,
  type TraceTextParams,
} from '../protocol.ts';
import { type Server, show } from '../state.ts';
import { type Handler, pastedOf } from './handler.ts';

/** Features of pasted texts, and the requests of Kerntrail's own about them. */
export const PASTED: readonly Handler[] = [
  { capability: { documentLinkProvider: { resolveProvider: true } }, register: registerLinks },
  { capability: { foldingRangeProvider: true }, register: registerFolding },
  { register: registerView },
  { register: registerText },
];

function registerLinks(server: Server): void {
  const { connection, guards } = server;
  const askAt = (uri: string): PastedRequest | null => {
    const document = pastedOf(server, uri);
    return document && pastedRequest(server, document);
  };
  connection.onDocumentLinks(
    guards.guarded(
      'documentLink',
      ({ textDocument: { uri } }) => {
        const request = askAt(uri);
        return request ? traceLinks(request).map((l) => ({ ...l, data: { ...(l.data as LinkData), uri } })) : null;
      },
      null,
    ),
  );
  connection.onDocumentLinkResolve((link: DocumentLink, token) =>
    guards.guarded<DocumentLink, DocumentLink>(
      'documentLink',
      async (l) => {
        const data = l.data as LinkData & { uri: string };
        const document = pastedOf(server, data.uri);
        const request = document && (await requestFor(server, document, data.ref));
        if (!request) return l;
        const found = resolveTraceLink(request, l, data);
        if (found.target) return found;
        // a link that leads nowhere is an error to an editor: it stays where it is, and the reason is told
        show(server, MessageType.Info, noPlaceText(request, data));
        return { ...found, target: data.uri };
      },
      link,
    )(link, token),
  );
}

/** Languages with links and folding of their own. */
const OWN_FOLDING: ReadonlySet<string> = new Set(['markdown', 'plaintext']);

function registerFolding(server: Server): void {
  server.connection.onFoldingRanges(
    server.guards.guarded(
      'folding',
      ({ textDocument: { uri } }) => {
        const document = pastedOf(server, uri);
        return document && !OWN_FOLDING.has(document.languageId) ? traceFolding(pastedText(server, document)) : null;
      },
      null,
    ),
  );
}

/** The stacks of an open text, the rows of one, and all of it as text to copy. */
function registerView(server: Server): void {
  const { connection, guards } = server;
  connection.onRequest(
    TRACE_STACKS,
    guards.guarded<TraceParams, TraceStacksAnswer>(
      'traceStacks',
      ({ uri }) => {
        const document = pastedOf(server, uri);
        return document ? stackList(pastedText(server, document)) : null;
      },
      null,
    ),
  );
  connection.onRequest(
    TRACE_FRAMES,
    guards.guarded<TraceFramesParams, TraceFramesAnswer>(
      'traceFrames',
      async ({ uri, stack }) => {
        const document = pastedOf(server, uri);
        if (!document) return { frames: [], remark: null, partial: null };
        const text = pastedText(server, document);
        if (!text.trace().stacks[stack]) return { frames: [], remark: null, partial: null };
        const request = await exactRequest(server, document);
        return request
          ? framesAnswer(request, stack)
          : { frames: bareItems(text, stack), remark: null, partial: whyNoTree(server) };
      },
      { frames: [], remark: null, partial: null },
    ),
  );
  connection.onRequest(
    TRACE_TEXT,
    guards.guarded<TraceTextParams, string>(
      'traceText',
      async ({ uri, stacks, markdown }) => {
        const document = pastedOf(server, uri);
        const request = document && (await exactRequest(server, document));
        return request ? traceText(request, stacks ?? null, markdown) : '';
      },
      '',
    ),
  );
}

/** Texts that are no documents: what the clipboard holds, a line of a terminal. */
function registerText(server: Server): void {
  const { connection, guards } = server;
  connection.onRequest(
    TRACE_DETECT,
    guards.guarded<TraceDetectParams, TraceDetectAnswer>(
      'traceDetect',
      ({ text, any }) => ({ trace: (any ? holdsTrace : looksLikeTrace)(readable(text, MAX_PASTED).text) }),
      { trace: false },
    ),
  );
  connection.onRequest(
    TRACE_LINE,
    guards.guarded<TraceDetectParams, TraceLineAnswer>(
      'traceLine',
      async ({ text }) => {
        const request = await requestOfText(server, text);
        const stack = request?.text.trace().stacks.findIndex((s) => s.frames.length > 0) ?? -1;
        return request && stack >= 0 ? firstItem(request, stack) : null;
      },
      null,
    ),
  );
}

function* framesAnswer(request: PastedRequest, stack: number): Steps<TraceFramesAnswer> {
  return { ...(yield* frameRowsSteps(request, stack)), partial: request.partial };
}

function* firstItem(request: PastedRequest, stack: number): Steps<TraceLineAnswer> {
  return (yield* frameItemsSteps(request, stack))[0] ?? null;
}
