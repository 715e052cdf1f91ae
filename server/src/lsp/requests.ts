/** What features are asked with: the index with open documents over it, or the sources where there is no index yet. */

import type { Request } from '../features/request.ts';
import { pathOfPlace } from '../index/modules/mounts.ts';
import { layered, withDocuments } from '../index/read/overlay.ts';
import type { IndexReader } from '../index/read/reader.ts';
import { readTreeFile } from '../index/treeFiles.ts';
import { readView } from '../resolve/cursor/fileView.ts';
import { noteOf, type OpenDocument, settled, viewOf } from './documents.ts';
import { characterOf } from './lines.ts';
import { fileOf } from './paths.ts';
import { directOf, type Held, holderOf, type Session } from './session.ts';
import { notYet, partialNote, readerOf } from './tree.ts';

/** A question without a document: all that it may know of one tree. */
export type TreeRequest = Omit<Request, 'file'>;

/**
 * What a question about an open document is asked with, once the facts of its text are there; null where it belongs to
 * no tree. `besideOther`: another server answers plain C.
 */
export async function requestOf(session: Session, uri: string, besideOther: boolean): Promise<Request | null> {
  const h = session.byUri.get(uri);
  const open = h?.documents.byUri.get(uri);
  if (!h || !open) return null;
  // a file that is in the index has its headers there too; for one that isn't yet, the sources have to do
  const known = (readerOf(h.tree)?.facts(open.path) ?? null) !== null;
  await settled(h.documents, uri, !known);
  const reader = readerOf(h.tree);
  const facts = open.facts ?? reader?.facts(open.path) ?? null;
  let index = reader;
  if (!known && partialNote(h.tree) !== null) {
    const direct = directOf(h).reader(open.path);
    index = reader ? overDirect(reader, direct) : direct;
  }
  if (!index) return null;
  const request = treeRequest(h, withOpen(h, index, index === reader ? null : open.path), besideOther);
  return {
    ...request,
    partial: request.partial ?? noteOf(open),
    file: { path: open.path, text: viewOf(h.documents, open), facts },
  };
}

/** What there is of a tree without a file in view: its index, or for want of one what was read ahead of it. */
const readerIn = (h: Held): IndexReader => readerOf(h.tree) ?? directOf(h).reader('');

/** The same without a document, one for each tree. */
export const requestsOf = ({ held }: Session, besideOther: boolean): TreeRequest[] =>
  held.map((h) => treeRequest(h, withOpen(h, readerIn(h)), besideOther));

/** What an item that stands at a URI is asked about in: its tree. */
export function requestIn(session: Session, uri: string, besideOther: boolean): TreeRequest | undefined {
  const file = fileOf(uri);
  if (file === null) return undefined;
  return requestsOf(session, besideOther).find((request) => pathOfPlace(request.root, file) !== null);
}

/** What a text that is no source is asked about: the tree around it, else the first; null without any. */
export function requestAround(session: Session, uri: string): TreeRequest | null {
  const h = holderOf(session, fileOf(uri))?.h ?? session.held[0];
  return h ? treeRequest(h, withOpen(h, readerIn(h)), false) : null;
}

/** What is read on demand below an index, by what reads it: linking open documents over both anew takes a while. */
const layers = new WeakMap<IndexReader, { over: IndexReader; types: IndexReader['types']; index: IndexReader }>();

function overDirect(reader: IndexReader, direct: IndexReader): IndexReader {
  const known = layers.get(direct);
  // a reader may have turned to another file
  if (known?.over === reader && known.types === reader.types) return known.index;
  const index = layered(reader, direct);
  layers.set(direct, { over: reader, types: reader.types, index });
  return index;
}

const treeRequest = (h: Held, index: IndexReader, besideOther: boolean): TreeRequest => ({
  index,
  root: h.tree.folder,
  architecture: h.tree.architecture,
  besideOther,
  partial: partialNote(h.tree),
  notYet: notYet(h.tree),
  character: characterIn(h),
  bytes: bytesIn(h),
  view(path) {
    const open = [...h.documents.byUri.values()].find((d) => d.path === path);
    return open ? { path, text: viewOf(h.documents, open), facts: index.facts(path) } : readView(index, path);
  },
});

/** Open documents over an index; `direct`: the one that what is read without an index has taken in already. */
function withOpen(h: Held, reader: IndexReader, direct: string | null = null): IndexReader {
  const known = h.views.get(reader);
  if (known) return known;
  const isTaken = (d: OpenDocument) => d.path === direct && reader.facts(d.path) === d.facts;
  const open = [...h.documents.byUri.values()].flatMap((d) => (d.facts && !isTaken(d) ? [d.facts] : []));
  const paths = new Set(open.map((f) => f.path));
  const ahead = [...h.ahead.facts.values()].filter(
    ({ path }) => !paths.has(path) && h.tree.reader?.fileId(path) === undefined,
  );
  const facts = [...open, ...ahead];
  const index = withDocuments(reader, facts);
  h.views.set(reader, index);
  return index;
}

/** Bytes of open documents as they are in the editor, of files as they are on disk. */
function bytesIn(h: Held): Request['bytes'] {
  const open = new Map([...h.documents.byUri.values()].map((d) => [d.path, d.document]));
  return (path) => {
    const document = open.get(path);
    return document ? Buffer.from(document.getText(), 'utf8') : (readTreeFile(h.tree.folder, path)?.bytes ?? null);
  };
}

/** Characters of byte columns, by the text of open documents and of files as they are on disk. */
function characterIn(h: Held): Request['character'] {
  const open = new Map([...h.documents.byUri.values()].map((d) => [d.path, d.document]));
  return (path, line, column) => {
    const document = open.get(path);
    const text = document
      ? document.getText({ start: { line: line - 1, character: 0 }, end: { line, character: 0 } }).replace(/\r?\n$/, '')
      : h.tree.lines.line(path, line);
    if (text !== null) return characterOf(text, column);
    return column === Number.MAX_SAFE_INTEGER ? 0 : column - 1;
  };
}
