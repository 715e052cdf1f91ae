/** What a table of handlers is made of: a capability beside what answers it, and the ways in which features are asked. */
import { type CancellationToken, MessageType, type Position, type ServerCapabilities } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PastedRequest } from '../../features/pasted/request.ts';
import type { Request } from '../../features/request.ts';
import { wantedAt } from '../../features/source/wanted.ts';
import { isSteps, type Steps } from '../../resolve/steps.ts';
import { pointedAt } from '../../trace/pastedText.ts';
import { columnOf } from '../lines.ts';
import { isPasted, pastedText, requestFor } from '../pasted.ts';
import { requestOf } from '../requests.ts';
import { lookFor } from '../session.ts';
import { type Server, show } from '../state.ts';
import { checkWanted } from '../wire/guard.ts';

/** A row: how the server does something, and what an editor is told of it where LSP has a word for it. */
export interface Handler {
  capability?: ServerCapabilities;
  register(server: Server): void;
}

type At = { textDocument: { uri: string }; position: Position };
type Answering<P, R> = (p: P, token: CancellationToken) => Promise<R>;

/** The open text, no source, of a URI; null for other documents. */
export function pastedOf({ documents }: Server, uri: string): TextDocument | null {
  const document = documents.get(uri);
  return document && isPasted(document) ? document : null;
}

/** What a source is asked about; null where it belongs to no tree. */
export const sourceOf = async ({ session, besideOther }: Server, uri: string): Promise<Request | null> =>
  session && requestOf(session, uri, besideOther);

/** How long a question waits for what it is about to be found in the tree's text, in ms; those left out don't look there. */
const PATIENCE: Readonly<Record<string, number>> = {
  hover: 500,
  definition: 10_000,
  declaration: 10_000,
  implementation: 10_000,
  references: 10_000,
  callHierarchy: 10_000,
};

/** The request, once the function at the place was looked for where the index doesn't have it yet. */
async function lookedUp(
  server: Server,
  name: string,
  request: Request,
  [uri, line, column]: [uri: string, line: number, column: number],
): Promise<Request> {
  const patience = PATIENCE[name];
  const wanted = patience === undefined || !server.session ? null : wantedAt(request, line, column);
  if (!wanted || !server.session) return request;
  await lookFor(server.session, uri, [wanted.word], patience);
  return (await sourceOf(server, uri)) ?? request;
}

/** Questions to which an editor itself says that there is nothing. */
const SAYS_NONE: Readonly<Record<string, string>> = { implementation: 'implementations', references: 'references' };

/** Tells the user that an empty answer is none as yet, as the editor has no word for that. */
function told<R>(server: Server, name: string, notYet: string | null, answer: R | Steps<R>): R | Steps<R> {
  const what = notYet === null ? undefined : SAYS_NONE[name];
  if (what === undefined) return answer;
  const look = (found: R): R => {
    if (Array.isArray(found) && found.length === 0) show(server, MessageType.Info, `Kerntrail: ${what} are ${notYet}.`);
    return found;
  };
  if (!isSteps(answer)) return look(answer);
  return (function* () {
    return look(yield* answer);
  })();
}

/** A request at a position of a source: LSP's place becomes the index's (1-based line and byte column). */
export const atSource = <R>(
  server: Server,
  name: string,
  answer: (request: Request, line: number, column: number) => R | Steps<R>,
  nothing: R,
): Answering<At, R> =>
  server.guards.guarded<At, R>(
    name,
    async ({ textDocument, position }, token) => {
      const request = await sourceOf(server, textDocument.uri);
      if (!request) return nothing;
      // facts of a text that changes take a while: many may have waited for the same ones
      checkWanted(name, token);
      const before = server.documents.get(textDocument.uri)?.getText({
        start: { line: position.line, character: 0 },
        end: { line: position.line, character: position.character },
      });
      const line = position.line + 1;
      const column = columnOf(before ?? '', position.character);
      const asked = await lookedUp(server, name, request, [textDocument.uri, line, column]);
      return told(server, name, asked.notYet, answer(asked, line, column));
    },
    nothing,
  );

/** A text's request; who goes to a frame's definition gets it as soon as that is found. */
async function followed(
  server: Server,
  name: string,
  document: TextDocument,
  { line, character }: Position,
): Promise<PastedRequest | null> {
  const pointed = name === 'definition' ? pointedAt(pastedText(server, document), line + 1, character) : null;
  return requestFor(server, document, pointed?.kind === 'frame' ? pointed.ref : undefined);
}

/** A request at a position of a source or of a pasted text, which is asked in LSP's own characters. */
export function anywhere<R>(
  server: Server,
  name: string,
  source: (request: Request, line: number, column: number) => R | Steps<R>,
  pasted: (request: PastedRequest, line: number, character: number) => R | Steps<R>,
  nothing: R,
): Answering<At, R> {
  const inSource = atSource(server, name, source, nothing);
  const inPasted = server.guards.guarded<At, R>(
    name,
    async ({ textDocument, position }) => {
      const document = pastedOf(server, textDocument.uri);
      const request = document && (await followed(server, name, document, position));
      return request ? pasted(request, position.line + 1, position.character) : nothing;
    },
    nothing,
  );
  return (p, token) => (pastedOf(server, p.textDocument.uri) ? inPasted : inSource)(p, token);
}
