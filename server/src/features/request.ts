/** What every feature is asked with, and how places of the index become places of an editor. */
import type { Location, Range } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { placeOf } from '../index/modules/mounts.ts';
import { type Entity, entityAt } from '../resolve/cursor/cursor.ts';
import type { FileView } from '../resolve/cursor/fileView.ts';
import type { Steps } from '../resolve/steps.ts';
import type { TreePlace, World } from '../resolve/world.ts';

/** One question: who asks, in which file, and what may be known. */
export interface Request extends World {
  /** absolute path of the tree */
  root: string;
  /** another server answers plain C: only what function pointers need is ours */
  besideOther: boolean;
  file: FileView;
  /** a file of the tree: its text as open in the editor, else as on disk; null where it can't be read */
  view(path: string): FileView | null;
  /** its bytes, of the same text */
  bytes(path: string): Buffer | null;
  /** what to say while the index is incomplete, else null */
  partial: string | null;
  /** `not indexed yet (15 %)`: what to say where an answer would be "none"; null once the index can know */
  notYet: string | null;
  /** LSP's 0-based UTF-16 offset of a 1-based byte column in a line of a file */
  character(path: string, line: number, column: number): number;
}

/** URI of a file of the tree, or of a module beside it. */
export const uriOf = (root: string, path: string): string => URI.file(placeOf(root, path)).toString();

/** Range of a name of `length` bytes (names are ASCII) at a place. */
export function rangeOf(request: Pick<Request, 'character'>, at: TreePlace, length: number): Range {
  const start = { line: Math.max(0, at.line - 1), character: request.character(at.file, at.line, at.column) };
  return { start, end: { line: start.line, character: start.character + length } };
}

/** Location of a name at a place. */
export const locationOf = (request: Pick<Request, 'character' | 'root'>, at: TreePlace, length: number): Location => ({
  uri: uriOf(request.root, at.file),
  range: rangeOf(request, at, length),
});

/** The thing at a place of the asked file (1-based line, byte column). */
export const entityOf = (request: Request, line: number, column: number): Entity | null =>
  entityAt(request, request.file, line, column);

/** Locations without repeats, in their order. */
export function distinct(locations: readonly Location[]): Location[] {
  const seen = new Set<string>();
  return locations.filter((l) => {
    const key = `${l.uri}:${l.range.start.line}:${l.range.start.character}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** A name of some length at a place. */
export interface NamedPlace {
  at: TreePlace;
  length: number;
}

/** Their locations without repeats. Each may be in a file of its own, which is read for where its characters stand. */
export function* located(
  request: Pick<Request, 'character' | 'root'>,
  places: readonly NamedPlace[],
): Steps<Location[]> {
  const out: Location[] = [];
  for (const { at, length } of places) {
    yield;
    out.push(locationOf(request, at, length));
  }
  return distinct(out);
}
