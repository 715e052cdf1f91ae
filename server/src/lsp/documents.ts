/** Open documents: their current text, its tokens, and the facts of it. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileFacts } from '../facts/types.ts';
import { readTreeText } from '../index/treeFiles.ts';
import { type TextView, textView } from '../resolve/cursor/textView.ts';
import { MAX_SOURCE, readable, typedNote } from './bounds.ts';

/** Makes the facts of a text; null where that isn't possible. */
export type FactsOf = (path: string, text: string) => Promise<FileFacts | null>;

export interface OpenDocument {
  document: TextDocument;
  /** relative to its tree */
  path: string;
  /** tokens of the current text */
  text(): TextView;
  /** facts of the text as typed, where that differs from what is on disk (or isn't indexed); null until they are made */
  facts: FileFacts | null;
  /** the text is that of the file on disk */
  saved: boolean;
  /** what to say beside an answer where the text is too large to be read as it is; null for most */
  note(): string | null;
}

interface Entry extends OpenDocument {
  /** version that `facts` are of, -1 without */
  factsVersion: number;
  /** version last heard of */
  version: number;
  timer: NodeJS.Timeout | null;
  making: Promise<void> | null;
}

export interface Documents {
  get(uri: string): OpenDocument | undefined;
  all(): OpenDocument[];
  /** `path` is that of its file in the tree at `root` */
  open(document: TextDocument, path: string, root: string): void;
  change(document: TextDocument): void;
  save(document: TextDocument): void;
  close(uri: string): void;
  /** waits until the document's facts are those of its text; `needed` tells whether the index has none */
  settled(uri: string, needed: boolean): Promise<void>;
  /** the index has the file as it is on disk now: facts of saved texts are no longer needed */
  indexed(): void;
}

const DEBOUNCE_MS = 200;
const MAX_VIEWS = 8;
const MAX_VIEW_BYTES = 2 << 20;

/** Keeps open documents. `changed` is told when new facts are there. */
export function newDocuments(factsOf: FactsOf, changed: () => void, log: (message: string) => void): Documents {
  const entries = new Map<string, Entry>();

  const make = (entry: Entry): Promise<void> => {
    if (entry.timer) clearTimeout(entry.timer);
    entry.timer = null;
    const { version } = entry.document;
    if (entry.factsVersion === version) return Promise.resolve();
    if (typedNote(entry.document.getText().length)) {
      // what the index has of it is all there is until it is saved
      if (entry.facts) changed();
      entry.facts = null;
      entry.factsVersion = version;
      return Promise.resolve();
    }
    entry.making ??= factsOf(entry.path, entry.document.getText())
      .then(
        (facts) => {
          entry.facts = facts;
          entry.factsVersion = version;
          changed();
        },
        (error: Error) => {
          // asking again for the same text would only fail again
          entry.factsVersion = version;
          log(`facts of ${entry.path}: ${error.stack ?? error.message}`);
        },
      )
      .finally(() => {
        entry.making = null;
      });
    return entry.making;
  };
  // of those asked about last: tokens take ten times the room of their text
  const views = new Map<TextDocument, { version: number; view: TextView }>();
  const tokensOf = (document: TextDocument): TextView => {
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
  };

  return {
    get: (uri) => entries.get(uri),
    all: () => [...entries.values()],
    open(document, path, root) {
      const saved = readTreeText(root, path, 'utf8') === document.getText();
      const entry: Entry = {
        document,
        path,
        saved,
        facts: null,
        factsVersion: -1,
        version: document.version,
        timer: null,
        making: null,
        text: () => tokensOf(document),
        note: () =>
          (entry.saved ? null : typedNote(entry.document.getText().length)) ??
          readable(document.getText(), MAX_SOURCE).cut,
      };
      const note = typedNote(document.getText().length);
      if (note) log(`${path}: ${note}`);
      entries.set(document.uri, entry);
    },
    change(document) {
      const entry = entries.get(document.uri);
      // the library says so once when a document is opened, too: nothing is typed then
      if (!entry || entry.version === document.version) return;
      entry.version = document.version;
      entry.saved = false;
      if (entry.timer) clearTimeout(entry.timer);
      entry.timer = setTimeout(() => void make(entry), DEBOUNCE_MS);
    },
    save(document) {
      const entry = entries.get(document.uri);
      if (entry) entry.saved = true;
    },
    close(uri) {
      const entry = entries.get(uri);
      if (entry?.timer) clearTimeout(entry.timer);
      if (entry) views.delete(entry.document);
      if (entries.delete(uri) && entry?.facts) changed();
    },
    async settled(uri, needed) {
      const entry = entries.get(uri);
      if (!entry || (entry.saved && !needed)) return;
      // the text may have changed while its facts were made
      for (let turn = 0; turn < 3 && entry.factsVersion !== entry.document.version; turn++) await make(entry);
    },
    indexed() {
      let any = false;
      for (const entry of entries.values()) {
        if (!entry.saved || !entry.facts) continue;
        entry.facts = null;
        entry.factsVersion = -1;
        any = true;
      }
      if (any) changed();
    },
  };
}
