import * as vscode from 'vscode';
import {
  type FrameItem,
  type StackList,
  TRACE_FRAMES,
  TRACE_LANGUAGE,
  TRACE_STACKS,
  type TraceFramesAnswer,
  type TraceFramesParams,
  type TraceParams,
  type TraceStacksAnswer,
} from '../../../server/src/lsp/protocol.ts';
import { askServer } from '../ask.ts';
import type { Server } from '../server.ts';
import { newTraceFrames, sameRow } from './traceFrames.ts';

/** A row that is walked at: its stack, and its place among that stack's rows. */
export interface RowRef {
  stack: number;
  row: number;
}

/** The trace in view: the document it stands in, its stacks, and the rows that were asked for. */
export interface TraceModel extends vscode.Disposable {
  /** something of it has changed */
  readonly onDidChange: vscode.Event<void>;
  uri(): vscode.Uri | null;
  stacks(): StackList | null;
  /** rows of a stack, asked for when needed */
  rows(stack: number): Promise<FrameItem[]>;
  /** the same where they are known already */
  knownRows(stack: number): FrameItem[] | null;
  /** what is to be said of most rows of a stack at once; null for nothing */
  remark(stack: number): string | null;
  active(): RowRef | null;
  setActive(ref: RowRef | null): void;
  /** why places may be missing; null where all is known */
  partial(): string | null;
  /** makes a document's trace the one in view, and waits for its stacks */
  open(document: vscode.TextDocument): Promise<void>;
  /** asks anew for what is known, as the index holds more than before; what is in view stays until the answer is there */
  refresh(): Promise<void>;
  /** counts the times that this brought others */
  version(): number;
}

const DEBOUNCE_MS = 300;

/** Follows the editors: the last trace that was looked at stays in view until its document is closed. */
export function newTraceModel(server: () => Server | undefined, log: (message: string) => void): TraceModel {
  const changed = new vscode.EventEmitter<void>();
  let uri: vscode.Uri | null = null;
  let stacks: StackList | null = null;
  let active: RowRef | null = null;
  let timer: NodeJS.Timeout | undefined;
  /** the last question for stacks, until it is answered: what comes in of an earlier one is out of date */
  let loading: Promise<void> | null = null;

  const ask = <P, R>(method: string, params: P): Promise<R | null> => askServer<P, R>(server(), method, params, log);
  const frames = newTraceFrames(
    (stack) => ask<TraceFramesParams, TraceFramesAnswer>(TRACE_FRAMES, { uri: uri?.toString() ?? '', stack }),
    () => changed.fire(),
  );
  const load = (): Promise<void> => {
    frames.forget();
    const of = uri?.toString();
    const asked = of ? ask<TraceParams, TraceStacksAnswer>(TRACE_STACKS, { uri: of }) : Promise.resolve(null);
    const mine: Promise<void> = asked.then((answer) => {
      if (loading !== mine) return loading ?? undefined;
      loading = null;
      stacks = answer;
      if (active && !stacks?.stacks[active.stack]) active = null;
      void vscode.commands.executeCommand('setContext', 'kerntrail.hasBacktrace', (stacks?.stacks.length ?? 0) > 0);
      changed.fire();
    });
    loading = mine;
    return mine;
  };
  const open = async (document: vscode.TextDocument): Promise<void> => {
    if (uri?.toString() === document.uri.toString()) {
      if (loading || stacks) return loading ?? undefined;
    }
    uri = document.uri;
    active = null;
    await load();
  };
  const follow = (editor: vscode.TextEditor | undefined): void => {
    if (editor?.document.languageId === TRACE_LANGUAGE) void open(editor.document);
  };
  const listeners = [
    changed,
    vscode.window.onDidChangeActiveTextEditor(follow),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (vscode.window.activeTextEditor?.document === document) follow(vscode.window.activeTextEditor);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0 || document.uri.toString() !== uri?.toString()) return;
      clearTimeout(timer);
      timer = setTimeout(load, DEBOUNCE_MS);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document.uri.toString() !== uri?.toString()) return;
      uri = null;
      active = null;
      void load();
    }),
  ];
  follow(vscode.window.activeTextEditor);

  return {
    onDidChange: changed.event,
    uri: () => uri,
    stacks: () => stacks,
    rows: frames.rows,
    knownRows: frames.known,
    remark: frames.remark,
    active: () => active,
    setActive(ref) {
      active = ref;
      changed.fire();
    },
    partial: frames.partial,
    open,
    version: frames.version,
    async refresh() {
      if (!uri) return;
      if (!stacks) return load();
      return frames.renew((stack, before, now) => {
        // whoever walks stays at the same frame
        const row = active?.stack === stack ? sameRow(before[active.row], now) : -1;
        if (row >= 0) active = { stack, row };
      });
    },
    dispose() {
      clearTimeout(timer);
      for (const listener of listeners) listener.dispose();
    },
  };
}
