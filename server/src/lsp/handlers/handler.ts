/** What a table of handlers is made of: a capability beside what answers it, and the ways in which features are asked. */
import type { CancellationToken, Position, ServerCapabilities } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PastedRequest } from '../../features/pasted/request.ts';
import type { Request } from '../../features/request.ts';
import type { Steps } from '../../resolve/steps.ts';
import { columnOf } from '../lines.ts';
import { isPasted, pastedRequest } from '../pasted.ts';
import { requestOf } from '../requests.ts';
import type { Server } from '../state.ts';
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
      return answer(request, position.line + 1, columnOf(before ?? '', position.character));
    },
    nothing,
  );

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
    ({ textDocument, position }) => {
      const document = pastedOf(server, textDocument.uri);
      const request = document && pastedRequest(server, document);
      return request ? pasted(request, position.line + 1, position.character) : nothing;
    },
    nothing,
  );
  return (p, token) => (pastedOf(server, p.textDocument.uri) ? inPasted : inSource)(p, token);
}
