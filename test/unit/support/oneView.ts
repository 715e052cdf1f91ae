/** Every feature asked at a place, for which files it answers with: none may be of another architecture or program. */
import { URI } from 'vscode-uri';
import type { Request } from '../../../server/src/features/request.ts';
import { prepareCallHierarchy } from '../../../server/src/features/source/callHierarchy.ts';
import { declaration, definition } from '../../../server/src/features/source/definition.ts';
import { incomingCalls } from '../../../server/src/features/source/hierarchy/incoming.ts';
import { outgoingCalls } from '../../../server/src/features/source/hierarchy/outgoing.ts';
import { hover } from '../../../server/src/features/source/hover/hover.ts';
import { implementation } from '../../../server/src/features/source/implementation.ts';
import { references } from '../../../server/src/features/source/references.ts';
import { workspaceSymbols } from '../../../server/src/features/source/workspaceSymbol.ts';
import type { FileView } from '../../../server/src/resolve/cursor/fileView.ts';
import { toEnd } from '../../../server/src/resolve/steps.ts';
import { Kind } from '../../../server/src/syntax/tokens.ts';

/** A place of a file with the word that stands there; 1-based, columns in bytes. */
export interface WordAt {
  word: string;
  line: number;
  column: number;
}

/** Every name in a file's text, outside of comments and strings. */
export function wordsOf({ text: { tokens, lineStarts } }: FileView): WordAt[] {
  const out: WordAt[] = [];
  for (let i = 0; i < tokens.count; i++)
    if (tokens.kind[i] === Kind.Identifier) {
      const line = tokens.line[i];
      const word = tokens.text.slice(tokens.start[i], tokens.end[i]);
      out.push({ word, line, column: tokens.start[i] - lineStarts[line - 1] + 1 });
    }
  return out;
}

/** The files that each feature answers with at a place, as `feature: path`. */
export function answersAt(request: Request, { word, line, column }: WordAt): string[] {
  const out: string[] = [];
  const path = (uri: string): string => URI.parse(uri).fsPath.slice(request.root.length + 1);
  const add = (feature: string, uris: readonly string[]): void => {
    for (const uri of new Set(uris)) out.push(`${feature}: ${path(uri)}`);
  };
  const uris = (list: readonly { uri: string }[]): string[] => list.map((l) => l.uri);
  add('definition', uris(definition(request, line, column)));
  add('declaration', uris(declaration(request, line, column)));
  add('implementation', uris(toEnd(implementation(request, line, column))));
  add('references', uris(toEnd(references(request, line, column, true))));
  const { contents } = hover(request, line, column) ?? { contents: '' };
  add('hover', JSON.stringify(contents).match(/file:\/\/[^)#\s"\\]+/g) ?? []);
  for (const item of prepareCallHierarchy(request, line, column) ?? []) {
    add('hierarchy', [item.uri]);
    add('incoming', uris(toEnd(incomingCalls(request, item)).map((c) => c.from)));
    add('outgoing', uris(toEnd(outgoingCalls(request, item)).map((c) => c.to)));
  }
  add(
    'symbol',
    uris(
      workspaceSymbols(request, word)
        .slice(0, 1)
        .filter((s) => s.name === word)
        .map((s) => s.location),
    ),
  );
  return out;
}

/** Numbers from 0 up to 1 that are the same in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
