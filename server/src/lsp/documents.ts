/** Open documents: their current text, its tokens, and the facts of it. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileFacts } from '../facts/types.ts';
import { readTreeText } from '../index/treeFiles.ts';
import { type TextView, textView } from '../resolve/cursor/textView.ts';
import { MAX_SOURCE, readable, typedNote } from './bounds.ts';

/** Makes the facts of a text; null where that isn't possible. */
export type FactsOf = (path: string, text: string) => Promise<FileFacts | null>;

/** A source in the editor, and what was made of its text so far. */
export interface OpenDocument {
  document: TextDocument;
  /** relative to its tree */
  path: string;
  /** facts of the text as typed, where that differs from what is on disk (or isn't indexed); null until they are made */
  facts: FileFacts | null;
  /** the text is that of the file on disk */
  saved: boolean;
  /** version that `facts` are of, -1 without */
  factsVersion: number;
  /** version last heard of */
  version: number;
  timer: NodeJS.Timeout | null;
  making: Promise<void> | null;
}

/** The open documents of one tree. */
export interface Documents {
  byUri: Map<string, OpenDocument>;
  /** tokens of those asked about last: they take ten times the room of their text */
  views: Map<TextDocument, { version: number; view: TextView }>;
  factsOf: FactsOf;
  /** is told when new facts are there */
  changed(): void;
  log(message: string): void;
}

const DEBOUNCE_MS = 200;
const MAX_VIEWS = 8;
const MAX_VIEW_BYTES = 2 << 20;
/** The text may change while its facts are made: so often they are made again. */
const MAX_TURNS = 3;

/** Documents of a tree: none yet. */
export const newDocuments = (factsOf: FactsOf, changed: () => void, log: (message: string) => void): Documents => ({
  byUri: new Map(),
  views: new Map(),
  factsOf,
  changed,
  log,
});

/** Takes in a document that was opened; `path` is that of its file in the tree at `root`. */
export function openDocument(documents: Documents, document: TextDocument, path: string, root: string): void {
  const note = typedNote(document.getText().length);
  if (note) documents.log(`${path}: ${note}`);
  documents.byUri.set(document.uri, {
    document,
    path,
    facts: null,
    saved: readTreeText(root, path, 'utf8') === document.getText(),
    factsVersion: -1,
    version: document.version,
    timer: null,
    making: null,
  });
}

/** Someone types: facts of the text follow after a moment's rest. */
export function changeDocument(documents: Documents, document: TextDocument): void {
  const open = documents.byUri.get(document.uri);
  // the library says so once when a document is opened, too: nothing is typed then
  if (!open || open.version === document.version) return;
  open.version = document.version;
  open.saved = false;
  if (open.timer) clearTimeout(open.timer);
  open.timer = setTimeout(() => void makeFacts(documents, open), DEBOUNCE_MS);
}

/** The text is on disk now. */
export function saveDocument(documents: Documents, document: TextDocument): void {
  const open = documents.byUri.get(document.uri);
  if (open) open.saved = true;
}

/** Forgets a document: what is on disk counts again. */
export function closeDocument(documents: Documents, uri: string): void {
  const open = documents.byUri.get(uri);
  if (!open) return;
  if (open.timer) clearTimeout(open.timer);
  documents.views.delete(open.document);
  documents.byUri.delete(uri);
  if (open.facts) documents.changed();
}

/** Waits until the document's facts are those of its text; `needed` tells whether the index has none. */
export async function settled(documents: Documents, uri: string, needed: boolean): Promise<void> {
  const open = documents.byUri.get(uri);
  if (!open || (open.saved && !needed)) return;
  for (let turn = 0; turn < MAX_TURNS && open.factsVersion !== open.document.version; turn++)
    await makeFacts(documents, open);
}

/** The index has the files as they are on disk now: facts of saved texts are no longer needed. */
export function dropIndexed(documents: Documents): void {
  let any = false;
  for (const open of documents.byUri.values()) {
    if (!open.saved || !open.facts) continue;
    open.facts = null;
    open.factsVersion = -1;
    any = true;
  }
  if (any) documents.changed();
}

/** Tokens of the current text, cut off where it is too large to be read (see bounds.ts). */
export function viewOf({ views }: Documents, { document }: OpenDocument): TextView {
  const { version } = document;
  const known = views.get(document);
  const view = known?.version === version ? known.view : textView(readable(document.getText(), MAX_SOURCE).text);
  views.delete(document);
  views.set(document, { version, view });
  let size = 0;
  for (const { view: v } of views.values()) size += v.tokens.text.length;
  for (const [old, { view: v }] of views) {
    if (views.size === 1 || (views.size <= MAX_VIEWS && size <= MAX_VIEW_BYTES)) break;
    views.delete(old);
    size -= v.tokens.text.length;
  }
  return view;
}

/** What to say beside an answer where the text is too large to be read as it is; null for most. */
export const noteOf = ({ document, saved }: OpenDocument): string | null =>
  (saved ? null : typedNote(document.getText().length)) ?? readable(document.getText(), MAX_SOURCE).cut;

/** Makes the facts of the text as it is now, unless they are there; whoever comes meanwhile waits for the same ones. */
function makeFacts(documents: Documents, open: OpenDocument): Promise<void> {
  if (open.timer) clearTimeout(open.timer);
  open.timer = null;
  const { version } = open.document;
  const text = open.document.getText();
  if (open.factsVersion === version) return Promise.resolve();
  if (typedNote(text.length)) {
    // what the index has of it is all there is until it is saved
    if (open.facts) documents.changed();
    open.facts = null;
    open.factsVersion = version;
    return Promise.resolve();
  }
  open.making ??= documents
    .factsOf(open.path, text)
    .then(
      (facts) => {
        open.facts = facts;
        open.factsVersion = version;
        documents.changed();
      },
      (error: Error) => {
        // asking again for the same text would only fail again
        open.factsVersion = version;
        documents.log(`facts of ${open.path}: ${error.stack ?? error.message}`);
      },
    )
    .finally(() => {
      open.making = null;
    });
  return open.making;
}
