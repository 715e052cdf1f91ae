/** Open texts that are no source: logs, backtraces, mails, notes. What was read of one is kept until it changes. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { TraceContext } from '../backtrace/resolvedTrace.ts';
import { exactPlaces, vmlinuxOf } from '../backtrace/vmlinux/vmlinux.ts';
import { newPastedRequest, type PastedRequest } from '../features/pasted/request.ts';
import { type FrameRef, newPastedText, type PastedText } from '../trace/pastedText.ts';
import { MAX_PASTED, readable } from './bounds.ts';
import { type Settings, TRACE_LANGUAGE } from './protocol.ts';
import { requestAround } from './requests.ts';
import { lookFor, type Session, sessionStatus } from './session.ts';

/** Languages whose documents are read for frames, patches and expressions. */
const PASTED: ReadonlySet<string> = new Set([
  TRACE_LANGUAGE,
  'diff',
  'markdown',
  'mail',
  'email',
  'log',
  'plaintext',
  'restructuredtext',
]);

/** Is a document a text, not a source? */
export const isPasted = ({ languageId }: Pick<TextDocument, 'languageId'>): boolean => PASTED.has(languageId);

/** The texts of one editor. */
export interface PastedTexts {
  byUri: Map<string, Entry>;
  /** bodies of functions: reading them takes longest, and a text that changes asks for the same ones again */
  bodies: TraceContext['bodies'];
  /** it was told that a tree's own vmlinux isn't used */
  told: boolean;
}

interface Entry {
  version: number;
  text: PastedText;
  /** what to say where only a part of it is read */
  cut: string | null;
  request: PastedRequest | null;
  /** done when the vmlinux has been asked; null before */
  exact: Promise<void> | null;
}

/** Where an editor's texts will be kept: nothing has been read. */
export const newPastedTexts = (): PastedTexts => ({ byUri: new Map(), bodies: new Map(), told: false });

/** What texts need of the server that keeps them, as it is when they are asked about. */
export interface PastedServer {
  readonly texts: PastedTexts;
  readonly session: Session | null;
  readonly settings: Pick<Settings, 'vmlinux'>;
  /** the user trusts the opened folders */
  readonly trusted: boolean;
  log(message: string): void;
}

/** A document's text, parsed when asked for. */
export const pastedText = (server: PastedServer, document: TextDocument): PastedText => entryOf(server, document).text;

/** The same joined with its tree; null where there is no index yet. */
export function pastedRequest(server: PastedServer, document: TextDocument): PastedRequest | null {
  const entry = entryOf(server, document);
  if (!entry.request) {
    const request = joined(server, entry.text, document.uri);
    entry.request = request && { ...request, partial: request.partial ?? entry.cut };
    if (request?.notYet) void lookAhead(server, entry.text, document.uri);
  } else if (entry.request.notYet) {
    // places stay as they were found until the index holds more; how far it is may have changed
    const now = server.session && requestAround(server.session, document.uri);
    if (now) Object.assign(entry.request, { partial: now.partial ?? entry.cut, notYet: now.notYet });
  }
  return entry.request;
}

/** Has the functions of a text's frames looked for before the index has them; nobody waits for that. */
async function lookAhead({ session, log }: PastedServer, text: PastedText, uri: string): Promise<void> {
  if (!session) return;
  const byArchitecture = new Map<string, string[]>();
  for (const { arch, frames } of text.trace().stacks) {
    const architecture = arch ?? session.architecture;
    const names = byArchitecture.get(architecture) ?? [];
    byArchitecture.set(architecture, names);
    for (const f of frames) if (!f.user) names.push(f.function);
  }
  for (const [architecture, names] of byArchitecture)
    await lookFor(session, uri, names, 0, { architecture }).catch((error: Error) =>
      log(`looking ahead: ${error.message}`),
    );
}

/** How long a reader who follows a frame waits for its function to be found, in ms. */
const FOLLOW_MS = 10_000;

/** The same once a frame's function was looked for, where the index doesn't have it yet. */
export async function requestFor(
  server: PastedServer,
  document: TextDocument,
  ref: FrameRef | undefined,
): Promise<PastedRequest | null> {
  const request = pastedRequest(server, document);
  if (!request?.notYet || !ref || !server.session) return request;
  const { arch, frames } = request.text.trace().stacks[ref.stack];
  await lookFor(
    server.session,
    document.uri,
    [frames[ref.frame].function],
    FOLLOW_MS,
    arch ? { architecture: arch } : {},
  );
  return pastedRequest(server, document);
}

/** The same, with exact lines where a vmlinux tells them: they take a while. */
export async function exactRequest(server: PastedServer, document: TextDocument): Promise<PastedRequest | null> {
  const request = pastedRequest(server, document);
  const file = request && vmlinuxFor(server, request.root);
  if (!request || !file) return request;
  const entry = entryOf(server, document);
  entry.exact ??= askExact(server, request, file);
  await entry.exact;
  return pastedRequest(server, document);
}

/** A question about a text that is no document. */
export async function requestOfText(server: PastedServer, text: string): Promise<PastedRequest | null> {
  const pasted = newPastedText(readable(text, MAX_PASTED).text);
  const names = pasted.trace().stacks.flatMap((s) => s.frames.map((f) => f.function));
  if (server.session) await lookFor(server.session, '', names, FOLLOW_MS);
  return joined(server, pasted, '');
}

/** Why there is no answer from a tree, for a reader. */
export function whyNoTree({ session }: PastedServer): string {
  const status = session && sessionStatus(session);
  return (status?.phase === 'noTree' && status.message) || 'There is no index yet: places follow when it is built.';
}

/** The index has changed: places have to be looked up anew. */
export function forgetPlaces(texts: PastedTexts): void {
  texts.bodies = new Map();
  for (const entry of texts.byUri.values()) {
    entry.request = null;
    entry.exact = null;
  }
}

function entryOf({ texts, log }: PastedServer, document: TextDocument): Entry {
  let entry = texts.byUri.get(document.uri);
  if (!entry || entry.version !== document.version) {
    const { text, cut } = readable(document.getText(), MAX_PASTED);
    if (cut && !entry) log(`${document.uri}: ${cut}`);
    entry = { version: document.version, text: newPastedText(text), cut, request: null, exact: null };
    texts.byUri.set(document.uri, entry);
  }
  return entry;
}

function joined({ session, texts }: PastedServer, text: PastedText, uri: string): PastedRequest | null {
  const tree = session && requestAround(session, uri);
  return tree ? newPastedRequest(text, tree, texts.bodies) : null;
}

/** The vmlinux to ask; one that lies in a tree which isn't trusted is told of, once, and not used. */
function vmlinuxFor({ texts, settings, trusted, log }: PastedServer, root: string): string | null {
  const file = vmlinuxOf(root, settings.vmlinux, trusted);
  const lying = texts.told || file ? null : vmlinuxOf(root, settings.vmlinux, true);
  if (lying) {
    texts.told = true;
    log(`${lying} is not used, as this folder is not trusted. Trust it, or set kerntrail.vmlinux to a full path.`);
  }
  return file;
}

/** Asks the vmlinux, and forgets what was inferred until then. */
async function askExact({ log }: PastedServer, request: PastedRequest, file: string): Promise<void> {
  const { places, message } = await exactPlaces(request.index, request.text.trace(), file);
  if (message) log(message);
  if (places.size === 0) return;
  request.context.exact = places;
  request.resolved.clear();
}
