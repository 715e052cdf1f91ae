import * as vscode from 'vscode';
import {
  TRACE_DETECT,
  TRACE_LANGUAGE,
  TRACE_LINE,
  TRACE_TEXT,
  type TraceDetectAnswer,
  type TraceDetectParams,
  type TraceLineAnswer,
  type TraceTextParams,
} from '../../../server/src/lsp/protocol.ts';
import type { Server } from '../server.ts';
import { openPastedText, pastedTexts } from './pastedText.ts';
import { DETECT_LIMIT, framesInTerminalLine, mayBeTrace } from './traceDetect.ts';
import { markTraceLines } from './traceLines.ts';
import { newTraceModel, type RowRef, type TraceModel } from './traceModel.ts';
import type { TraceNode } from './traceNodes.ts';
import { nextRow, rowAtLine, walkEnd } from './traceRows.ts';
import { newTraceView, type TraceView, VIEW } from './traceView.ts';

interface TraceContext {
  server: () => Server | undefined;
  output: vscode.LogOutputChannel;
  memory: vscode.Memento;
  /** a frame was shown: the walking keys are the trace's now */
  walks(): void;
  /** folder of the samples */
  samples: vscode.Uri;
}

/** Everything about backtraces: the view, its commands, terminal links, recognition. `refresh` is for a new index, or more of one. */
export function registerTraces(context: TraceContext): { disposables: vscode.Disposable[]; refresh(): void } {
  const model = newTraceModel(context.server, (message) => context.output.warn(message));
  const view = newTraceView(model, context.memory);
  const command = vscode.commands.registerCommand;
  const disposables = [
    model,
    view,
    markTraceLines(model),
    recognise(context),
    terminalLinks(context),
    pastedTexts(context.memory),
    command('kerntrail.openBacktrace', () => openFromClipboard(context, model)),
    command('kerntrail.openSampleBacktrace', () => openSampleBacktrace(context, model)),
    command('kerntrail.openBacktraceFromTerminal', () => openFromTerminal(context, model)),
    command('kerntrail.backtrace.next', () => walk(model, view, 1)),
    command('kerntrail.backtrace.previous', () => walk(model, view, -1)),
    command('kerntrail.backtrace.show', (ref: RowRef) => {
      context.walks();
      return show(model, ref, true);
    }),
    command('kerntrail.backtrace.revealInText', (node?: TraceNode) => revealInText(model, node)),
    command('kerntrail.backtrace.merge', () => view.setMerged(true)),
    command('kerntrail.backtrace.split', () => view.setMerged(false)),
    command('kerntrail.backtrace.draw', (node?: TraceNode) =>
      vscode.commands.executeCommand('kerntrail.graph.drawTrace', model.uri()?.toString(), stacksOf(node)),
    ),
    command('kerntrail.backtrace.hideUnreliable', () => view.setHidden('unreliable', true)),
    command('kerntrail.backtrace.showUnreliable', () => view.setHidden('unreliable', false)),
    command('kerntrail.backtrace.hideInferred', () => view.setHidden('inferred', true)),
    command('kerntrail.backtrace.showInferred', () => view.setHidden('inferred', false)),
    command('kerntrail.backtrace.copyText', (node?: TraceNode) => copy(context, model, node, false)),
    command('kerntrail.backtrace.copyMarkdown', (node?: TraceNode) => copy(context, model, node, true)),
  ];
  return { disposables, refresh: () => void model.refresh() };
}

async function openText(context: TraceContext, model: TraceModel, content: string): Promise<void> {
  context.walks();
  const document = await openPastedText(context.memory, content);
  const top = new vscode.Range(0, 0, 0, 0);
  await vscode.window.showTextDocument(document, { selection: top, preview: false });
  await model.open(document);
  // a patch mail has nothing to show there
  if (model.stacks()?.stacks.length !== 0) await vscode.commands.executeCommand(`${VIEW}.focus`);
}

async function openFromClipboard(context: TraceContext, model: TraceModel): Promise<void> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() === '') {
    void vscode.window.showInformationMessage('The clipboard holds no text: copy a backtrace first.');
    return;
  }
  if (await isTrace(context, text)) await openText(context, model, text);
  else void vscode.window.showInformationMessage('The clipboard holds no backtrace and no patch: copy one first.');
}

/** Opens a backtrace of the sample tree. */
async function openSampleBacktrace(context: TraceContext, model: TraceModel): Promise<void> {
  const file = vscode.Uri.joinPath(context.samples, 'backtraces', 'gdb-three-ways.txt');
  await openText(context, model, new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
}

/** Does a text hold frames or a patch? Where nobody can tell, it is taken for one. */
async function isTrace({ server, output }: TraceContext, text: string): Promise<boolean> {
  const client = server()?.client;
  if (!client) return true;
  try {
    await client.start();
    const params: TraceDetectParams = { text, any: true };
    return (await client.sendRequest<TraceDetectAnswer>(TRACE_DETECT, params)).trace;
  } catch (error) {
    output.warn(`${TRACE_DETECT}: ${error instanceof Error ? error.message : error}`);
    return true;
  }
}

async function openFromTerminal(context: TraceContext, model: TraceModel): Promise<void> {
  // a terminal's selection can be had by the clipboard alone; what was there is put back
  const before = await vscode.env.clipboard.readText();
  await vscode.env.clipboard.writeText('');
  await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
  const text = await vscode.env.clipboard.readText();
  await vscode.env.clipboard.writeText(before);
  if (text.trim() === '') {
    void vscode.window.showInformationMessage('Nothing is selected in the terminal: select a backtrace first.');
    return;
  }
  if (await isTrace(context, text)) await openText(context, model, text);
  else void vscode.window.showInformationMessage('The selection in the terminal holds no backtrace and no patch.');
}

/** Shows a row's line; a row without one, in the text. */
async function show(model: TraceModel, ref: RowRef, preserveFocus: boolean): Promise<void> {
  const row = (await model.rows(ref.stack))[ref.row];
  if (!row) return;
  model.setActive(ref);
  // a trace in a preview tab would be gone with the next file: it is kept
  if (vscode.window.activeTextEditor?.document.uri.toString() === model.uri()?.toString())
    await vscode.commands.executeCommand('workbench.action.keepEditor');
  const uri = row.location ? vscode.Uri.parse(row.location.uri) : model.uri();
  if (!uri) return;
  const at = row.location ? row.location.range.start : { line: row.line, character: row.character };
  const position = new vscode.Position(at.line, at.character);
  try {
    await vscode.window.showTextDocument(uri, {
      selection: new vscode.Range(position, position),
      preview: true,
      preserveFocus,
    });
  } catch (error) {
    void vscode.window.showErrorMessage(
      `${row.where} can't be opened: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** One frame on: 1 towards the callers, -1 back. Begins at the cursor where that is in the trace. */
async function walk(model: TraceModel, view: TraceView, step: 1 | -1): Promise<void> {
  const list = model.stacks();
  if (!list || list.stacks.length === 0) {
    void vscode.window.showInformationMessage(
      'There is no backtrace in view. Copy one, and open it from the clipboard.',
    );
    return;
  }
  const ref = (await fromCursor(model)) ?? (await following(model, view, step));
  if (!ref) {
    vscode.window.setStatusBarMessage(await endText(model, step), 6000);
    return;
  }
  await show(model, ref, false);
  await view.reveal(ref);
}

/** Why a walk ends here. */
async function endText(model: TraceModel, step: 1 | -1): Promise<string> {
  const active = model.active();
  return walkEnd(await model.rows(active?.stack ?? 0), active?.row ?? -1, step, model.partial() !== null);
}

/** The frame at the cursor, while the trace itself has the focus. */
async function fromCursor(model: TraceModel): Promise<RowRef | null> {
  const editor = vscode.window.activeTextEditor;
  const stacks = model.stacks()?.stacks ?? [];
  if (!editor || editor.document.uri.toString() !== model.uri()?.toString()) return null;
  const { line } = editor.selection.active;
  const inside = stacks.findIndex((s, n) => s.line <= line && (stacks[n + 1]?.line ?? Number.POSITIVE_INFINITY) > line);
  const stack = Math.max(0, inside);
  const row = rowAtLine(await model.rows(stack), line);
  return row < 0 ? null : { stack, row };
}

async function following(model: TraceModel, view: TraceView, step: 1 | -1): Promise<RowRef | null> {
  const active = model.active();
  const stack = active?.stack ?? 0;
  const row = nextRow(await model.rows(stack), active?.row ?? -1, step, view.hidden());
  return row < 0 ? null : { stack, row };
}

async function revealInText(model: TraceModel, node: TraceNode | undefined): Promise<void> {
  const uri = model.uri();
  if (!uri) return;
  const active = model.active();
  const row =
    node?.kind === 'row' ? node.row : !node && active ? (await model.rows(active.stack))[active.row] : undefined;
  const stack = node?.kind === 'stack' ? node.stack : node?.kind === 'run' ? node.run.stacks[0] : 0;
  const line = row?.line ?? model.stacks()?.stacks[stack]?.line ?? 0;
  const position = new vscode.Position(line, row?.character ?? 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position) });
}

/** Numbers of the stacks that a node of the view stands for; undefined for all. */
const stacksOf = (node: TraceNode | undefined): number[] | undefined =>
  node?.kind === 'stack' ? [node.stack] : node?.kind === 'run' ? node.run.stacks : undefined;

async function copy(
  { server }: TraceContext,
  model: TraceModel,
  node: TraceNode | undefined,
  markdown: boolean,
): Promise<void> {
  const client = server()?.client;
  const uri = model.uri();
  if (!client?.isRunning() || !uri) {
    void vscode.window.showInformationMessage('There is no backtrace in view.');
    return;
  }
  const chosen = stacksOf(node);
  const params: TraceTextParams = { uri: uri.toString(), markdown, ...(chosen ? { stacks: chosen } : {}) };
  const text = await client.sendRequest<string>(TRACE_TEXT, params);
  if (text === '') {
    void vscode.window.showInformationMessage('There is nothing to copy: no frames, or no index of the tree yet.');
    return;
  }
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(markdown ? 'Copied as Markdown' : 'Copied as annotated text', 4000);
}

const isPlain = ({ languageId }: vscode.TextDocument): boolean => languageId === 'plaintext' || languageId === 'log';

/** Sets the language of plain texts that turn out to be traces; of each once, as the reader may not want it. */
function recognise({ server, output }: TraceContext): vscode.Disposable {
  const asked = new Set<string>();
  const look = async (document: vscode.TextDocument): Promise<void> => {
    const uri = document.uri.toString();
    if (!isPlain(document) || asked.has(uri) || document.uri.scheme === 'output') return;
    const text = document.getText(new vscode.Range(0, 0, 4000, 0)).slice(0, DETECT_LIMIT);
    const client = server()?.client;
    if (!client || !mayBeTrace(text)) return;
    asked.add(uri);
    try {
      await client.start();
      const params: TraceDetectParams = { text };
      const { trace } = await client.sendRequest<TraceDetectAnswer>(TRACE_DETECT, params);
      if (trace && !document.isClosed && isPlain(document))
        await vscode.languages.setTextDocumentLanguage(document, TRACE_LANGUAGE);
    } catch (error) {
      output.warn(`${TRACE_DETECT}: ${error instanceof Error ? error.message : error}`);
    }
  };
  for (const document of vscode.workspace.textDocuments) void look(document);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument((document) => void look(document)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      // pasted, not typed
      if (contentChanges.some((c) => c.text.includes('\n') && c.text.length > 80)) void look(document);
    }),
  );
}

interface FrameLink extends vscode.TerminalLink {
  line: string;
}

function terminalLinks({ server, output }: TraceContext): vscode.Disposable {
  const provider: vscode.TerminalLinkProvider<FrameLink> = {
    provideTerminalLinks: ({ line }) =>
      framesInTerminalLine(line).map(({ start, length }) => ({
        startIndex: start,
        length,
        tooltip: 'Open in the kernel tree',
        // a debugger's frame is only told by its line
        line: line.includes('+0x', start) ? line.slice(start, start + length) : line,
      })),
    async handleTerminalLink({ line }) {
      const client = server()?.client;
      if (!client) return;
      try {
        await client.start();
        const params: TraceDetectParams = { text: line };
        const frame = await client.sendRequest<TraceLineAnswer>(TRACE_LINE, params);
        if (frame?.location) {
          const { line: at, character } = frame.location.range.start;
          await vscode.window.showTextDocument(vscode.Uri.parse(frame.location.uri), {
            selection: new vscode.Range(at, character, at, character),
          });
        } else void vscode.window.showInformationMessage(`${line}: ${frame?.note || 'not found in the tree'}`);
      } catch (error) {
        output.warn(`${TRACE_LINE}: ${error instanceof Error ? error.message : error}`);
      }
    },
  };
  return vscode.window.registerTerminalLinkProvider(provider);
}
