/** Requests that only pasted texts have: links, folding, and what the Backtrace view asks. */
import type { Connection, DocumentLink, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PastedAsk } from '../../features/pasted/request.ts';
import { type LinkData, resolveTraceLink, traceLinks } from '../../features/pasted/traceDefinition.ts';
import { traceFolding } from '../../features/pasted/traceOutline.ts';
import { traceText } from '../../features/pasted/traceText.ts';
import { bareItems, frameItemsSteps, stackList } from '../../features/pasted/traceTree.ts';
import type { Steps } from '../../resolve/steps.ts';
import { looksLikeTrace } from '../../trace/pastedText.ts';
import { MAX_PASTED, readable } from '../bounds.ts';
import { isPasted, type PastedTexts } from '../pasted.ts';
import {
  TRACE_DETECT,
  TRACE_FRAMES,
  TRACE_LINE,
  TRACE_STACKS,
  TRACE_TEXT,
  type TraceDetectParams,
  type TraceFramesAnswer,
  type TraceFramesParams,
  type TraceLineAnswer,
  type TraceParams,
  type TraceStacksAnswer,
  type TraceTextParams,
} from '../protocol.ts';
import type { Guarded } from '../wire/guard.ts';

function* framesAnswer(request: PastedAsk, stack: number): Steps<TraceFramesAnswer> {
  return { frames: yield* frameItemsSteps(request, stack), partial: request.partial };
}

function* firstItem(request: PastedAsk, stack: number): Steps<TraceLineAnswer> {
  return (yield* frameItemsSteps(request, stack))[0] ?? null;
}

/** Languages with links and folding of their own. */
const OWN_FOLDING: ReadonlySet<string> = new Set(['markdown', 'plaintext']);

/** Registers these requests on a connection. */
export function registerTraceRequests(
  connection: Connection,
  texts: PastedTexts,
  documents: TextDocuments<TextDocument>,
  guarded: Guarded,
): void {
  const pastedOf = (uri: string): TextDocument | null => {
    const document = documents.get(uri);
    return document && isPasted(document) ? document : null;
  };
  connection.onDocumentLinks(
    guarded(
      'documentLink',
      ({ textDocument: { uri } }) => {
        const document = pastedOf(uri);
        const request = document && texts.request(document);
        return request ? traceLinks(request).map((l) => ({ ...l, data: { ...(l.data as LinkData), uri } })) : null;
      },
      null,
    ),
  );
  connection.onDocumentLinkResolve((link: DocumentLink, token) =>
    guarded<DocumentLink, DocumentLink>(
      'documentLink',
      (l) => {
        const data = l.data as LinkData & { uri: string };
        const document = pastedOf(data.uri);
        const request = document && texts.request(document);
        return request ? resolveTraceLink(request, l, data) : l;
      },
      link,
    )(link, token),
  );
  connection.onFoldingRanges(
    guarded(
      'folding',
      ({ textDocument }) => {
        const document = pastedOf(textDocument.uri);
        return document && !OWN_FOLDING.has(document.languageId) ? traceFolding(texts.text(document)) : null;
      },
      null,
    ),
  );
  connection.onRequest(
    TRACE_STACKS,
    guarded<TraceParams, TraceStacksAnswer>(
      'traceStacks',
      ({ uri }) => {
        const document = pastedOf(uri);
        return document ? stackList(texts.text(document)) : null;
      },
      null,
    ),
  );
  connection.onRequest(
    TRACE_FRAMES,
    guarded<TraceFramesParams, TraceFramesAnswer>(
      'traceFrames',
      async ({ uri, stack }) => {
        const document = pastedOf(uri);
        if (!document) return { frames: [], partial: null };
        const text = texts.text(document);
        if (!text.trace().stacks[stack]) return { frames: [], partial: null };
        const request = await texts.exactAsk(document);
        return request ? framesAnswer(request, stack) : { frames: bareItems(text, stack), partial: texts.why() };
      },
      { frames: [], partial: null },
    ),
  );
  connection.onRequest(
    TRACE_TEXT,
    guarded<TraceTextParams, string>(
      'traceText',
      async ({ uri, stacks, markdown }) => {
        const document = pastedOf(uri);
        const request = document && (await texts.exactAsk(document));
        return request ? traceText(request, stacks ?? null, markdown) : '';
      },
      '',
    ),
  );
  connection.onRequest(
    TRACE_DETECT,
    guarded<TraceDetectParams, { trace: boolean }>(
      'traceDetect',
      ({ text }) => ({ trace: looksLikeTrace(readable(text, MAX_PASTED).text) }),
      {
        trace: false,
      },
    ),
  );
  connection.onRequest(
    TRACE_LINE,
    guarded<TraceDetectParams, TraceLineAnswer>(
      'traceLine',
      ({ text }) => {
        const request = texts.askOfText(text);
        const stack = request?.text.trace().stacks.findIndex((s) => s.frames.length > 0) ?? -1;
        return request && stack >= 0 ? firstItem(request, stack) : null;
      },
      null,
    ),
  );
}
