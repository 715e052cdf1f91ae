/** Open texts that are no source: logs, backtraces, mails, notes. What was read of one is kept until it changes. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { TraceContext } from '../backtrace/resolvedTrace.ts';
import { exactPlaces, vmlinuxOf } from '../backtrace/vmlinux/vmlinux.ts';
import { newPastedAsk, type PastedAsk } from '../features/pasted/request.ts';
import { newPastedText, type PastedText } from '../trace/pastedText.ts';
import { MAX_PASTED, readable } from './bounds.ts';
import { TRACE_LANGUAGE } from './protocol.ts';
import type { Session } from './session.ts';

/** Languages whose documents are read for frames, patches and expressions. */
const PASTED: ReadonlySet<string> = new Set([TRACE_LANGUAGE, 'diff', 'markdown', 'mail', 'email', 'log', 'plaintext']);

/** Is a document a text, not a source? */
export const isPasted = ({ languageId }: Pick<TextDocument, 'languageId'>): boolean => PASTED.has(languageId);

export interface PastedTexts {
  /** the document's text, parsed when asked for */
  text(document: TextDocument): PastedText;
  /** the same joined with its tree; null where there is no index yet */
  request(document: TextDocument): PastedAsk | null;
  /** the same, with exact lines where a vmlinux tells them: they take a while */
  exactAsk(document: TextDocument): Promise<PastedAsk | null>;
  /** a question about a text that is no document */
  askOfText(text: string): PastedAsk | null;
  /** why there is no answer from a tree, for a reader */
  why(): string;
  /** the index has changed: places have to be looked up anew */
  indexed(): void;
  close(uri: string): void;
}

interface Entry {
  version: number;
  text: PastedText;
  /** what to say where only a part of it is read */
  cut: string | null;
  request: PastedAsk | null;
  /** done when the vmlinux has been asked; null before */
  exact: Promise<void> | null;
}

/** Keeps texts by their URI. */
export function newPastedTexts(
  session: () => Session | null,
  vmlinux: () => string,
  trusted: () => boolean,
  log: (message: string) => void,
): PastedTexts {
  const entries = new Map<string, Entry>();
  // reading them takes longest, and a text that changes asks for the same ones again
  let bodies: TraceContext['bodies'] = new Map();
  const entryOf = (document: TextDocument): Entry => {
    let entry = entries.get(document.uri);
    if (!entry || entry.version !== document.version) {
      const { text, cut } = readable(document.getText(), MAX_PASTED);
      if (cut && !entry) log(`${document.uri}: ${cut}`);
      entry = { version: document.version, text: newPastedText(text), cut, request: null, exact: null };
      entries.set(document.uri, entry);
    }
    return entry;
  };
  const joined = (text: PastedText, uri: string): PastedAsk | null => {
    const tree = session()?.treeRequest(uri);
    return tree ? newPastedAsk(text, tree, bodies) : null;
  };
  const requestOf = (document: TextDocument): PastedAsk | null => {
    const entry = entryOf(document);
    if (!entry.request) {
      const request = joined(entry.text, document.uri);
      entry.request = request && { ...request, partial: request.partial ?? entry.cut };
    }
    return entry.request;
  };
  let told = false;
  const vmlinuxFor = (root: string): string | null => {
    const file = vmlinuxOf(root, vmlinux(), trusted());
    const lying = told || file ? null : vmlinuxOf(root, vmlinux(), true);
    if (lying) {
      told = true;
      log(`${lying} is not used, as this folder is not trusted. Trust it, or set kerntrail.vmlinux to a full path.`);
    }
    return file;
  };
  /** Asks the vmlinux, and forgets what was inferred until then. */
  const askExact = async (request: PastedAsk, file: string): Promise<void> => {
    const { places, message } = await exactPlaces(request.index, request.text.trace(), file);
    if (message) log(message);
    if (places.size === 0) return;
    request.context.exact = places;
    request.resolved.clear();
  };
  return {
    text: (document) => entryOf(document).text,
    request: requestOf,
    async exactAsk(document) {
      const request = requestOf(document);
      const file = request && vmlinuxFor(request.root);
      if (!request || !file) return request;
      const entry = entryOf(document);
      entry.exact ??= askExact(request, file);
      await entry.exact;
      return requestOf(document);
    },
    askOfText: (text) => joined(newPastedText(readable(text, MAX_PASTED).text), ''),
    why() {
      const status = session()?.status();
      return (status?.phase === 'noTree' && status.message) || 'There is no index yet: places follow when it is built.';
    },
    indexed() {
      bodies = new Map();
      for (const entry of entries.values()) {
        entry.request = null;
        entry.exact = null;
      }
    },
    close: (uri) => {
      entries.delete(uri);
    },
  };
}
