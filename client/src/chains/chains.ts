/** Everything about chains of calls in VS Code: the view, its commands, what is kept with the workspace. */
import * as vscode from 'vscode';
import {
  CHAIN_ROOTS,
  type ChainRoots,
  type ChainRootsParams,
  type FrameItem,
  type PlainPosition,
} from '../../../server/src/lsp/protocol.ts';
import { askServer } from '../ask.ts';
import { dotText, mermaidText } from '../graph/diagrams.ts';
import type { Server } from '../server.ts';
import { filterProblem, readFilter } from './filter.ts';
import {
  addRoot,
  type ChainsModel,
  changeRoot,
  childrenOf,
  clearRoots,
  forget,
  goTo,
  graphBelow,
  newChainsModel,
  outlineOf,
  removeRow,
  renewPartial,
  rootOf,
  rootsOf,
  rowOfRoot,
  setFilter,
} from './model.ts';
import { openPlace, peekPlaces, placeOfRow, wordOfRow } from './places.ts';
import { type Direction, type ExploreRoot, nodeOfRow, type Root, type Row, type StepRow } from './rows.ts';
import {
  addWaypoint,
  askReached,
  findMore,
  findPath,
  findReached,
  nameOfRow,
  type SearchContext,
  searchAgain,
  searchOf,
} from './search.ts';
import { asMarkdown, asText } from './text.ts';
import { type ChainsView, newChainsView, SHOW } from './view.ts';
import { rootWords } from './words.ts';

/** What the commands work on. `server` is a function: settings may stop and start it. */
export interface ChainsContext {
  server: () => Server | undefined;
  output: vscode.LogOutputChannel;
  memory: vscode.Memento;
}

/** All that commands need. */
interface Chains extends SearchContext {
  view: ChainsView;
  memory: vscode.Memento;
  /** the step of a found chain that was shown last: the walking keys go on from it */
  walked: StepRow | null;
}

/** Where somebody points: a place of a source, as links in hovers and lenses carry it. */
interface Pointed {
  uri: string;
  position: PlainPosition;
}

const PINNED = 'kerntrail.chains.pinned';
const RECENT = 'kerntrail.chains.recent';
const MOST_RECENT = 12;
/** Another part of the extension draws what it is given. */
const DRAW = 'kerntrail.chains.draw';
/** Answers that may be others are asked for again this long after the index has grown, in ms. */
const RENEW_MS = 1500;

const setContext = (key: string, value: unknown): void => void vscode.commands.executeCommand('setContext', key, value);

/** Registers the view and its commands. `refresh`: the index holds more than before; `unwalk`: other rows are walked now. */
export function registerChains(context: ChainsContext): {
  disposables: vscode.Disposable[];
  refresh(): void;
  unwalk(): void;
} {
  const chains = newChains(context);
  let timer: NodeJS.Timeout | undefined;
  return {
    disposables: [
      chains.view,
      ...exploreCommands(chains),
      ...searchCommands(chains),
      ...rowCommands(chains),
      ...viewCommands(chains),
      ...copyCommands(chains),
      { dispose: () => clearTimeout(timer) },
    ],
    refresh() {
      clearTimeout(timer);
      timer = setTimeout(() => renewPartial(chains.model), RENEW_MS);
    },
    unwalk: () => setContext('kerntrail.walksChain', false),
  };
}

function newChains({ server, output, memory }: ChainsContext): Chains {
  const log = (message: string): void => output.warn(message);
  let view: ChainsView | undefined;
  const model: ChainsModel = newChainsModel({
    ask: (method, params) => askServer(server(), method, params, log),
    changed(roots) {
      if (roots) tellRoots(model, memory);
      view?.refresh();
    },
  });
  for (const root of memory.get<Root[]>(PINNED, []).toReversed())
    addRoot(model, root.kind === 'explore' ? { ...root, stale: true } : { ...root, busy: false });
  // what was kept is where this session begins: there is nothing to go back to
  model.history = { ...model.history, past: [] };
  view = newChainsView(model);
  tellRoots(model, memory);
  const chains: Chains = {
    ...{ model, server, log, memory, view, walked: null },
    async begun(row) {
      chains.walked = null;
      setContext('kerntrail.walksChain', true);
      await view.reveal(row, true);
    },
    recent: () => memory.get<string[]>(RECENT, []),
    remember(...names) {
      const kept = memory.get<string[]>(RECENT, []).filter((name) => !names.includes(name));
      void memory.update(RECENT, [...names, ...kept].slice(0, MOST_RECENT));
    },
  };
  return chains;
}

/** Tells VS Code what can be done now, and keeps what is pinned. */
function tellRoots(model: ChainsModel, memory: vscode.Memento): void {
  const roots = rootsOf(model);
  setContext('kerntrail.hasChains', roots.length > 0);
  setContext('kerntrail.chainsBack', model.history.past.length > 0);
  setContext('kerntrail.chainsForward', model.history.future.length > 0);
  const pinned = roots.filter((root) => root.pinned);
  if (JSON.stringify(memory.get(PINNED, [])) !== JSON.stringify(pinned)) void memory.update(PINNED, pinned);
  void vscode.commands.getCommands(true).then((known) => setContext('kerntrail.canDraw', known.includes(DRAW)));
}

const command = vscode.commands.registerCommand;

const isRow = (of: unknown): of is Row => typeof of === 'object' && of !== null && 'root' in of && 'parent' in of;

const isPointed = (of: unknown): of is Pointed => typeof of === 'object' && of !== null && 'position' in of;

/** A lens over what a macro makes names it. */
const isNamed = (of: unknown): of is { name: string } =>
  typeof of === 'object' && of !== null && Object.keys(of).join() === 'name';

/** A frame's row in the Backtrace view. */
interface FrameRow {
  row: FrameItem;
}

const isFrame = (of: unknown): of is FrameRow => typeof of === 'object' && of !== null && 'ref' in of && 'row' in of;

/** The function of a frame: that of its file, where it has a place. */
const nameOfFrame = ({ row }: FrameRow): { name: string } => {
  const file = row.location ? row.where.replace(/:\d+$/, '') : '';
  return { name: file ? `${file}:${row.function}` : row.function };
};

/** A command about a row: the one that a menu names, or else the one that is selected. */
const ofRow = (chains: Chains, name: string, run: (row: Row) => unknown): vscode.Disposable =>
  command(name, (of: unknown) => {
    const row = isRow(of) ? of : chains.view.selected();
    return row && run(row);
  });

function exploreCommands(chains: Chains): vscode.Disposable[] {
  const explored = (direction: Direction) => (of: unknown) => {
    if (isRow(of)) return exploreRow(chains, of, direction);
    return explore(chains, isFrame(of) ? nameOfFrame(of) : isPointed(of) || isNamed(of) ? of : atCursor(), direction);
  };
  return [
    command('kerntrail.chains.callers', explored('callers')),
    command('kerntrail.chains.targets', explored('targets')),
  ];
}

/** The cursor's place; null where no editor has the focus. */
function atCursor(): Pointed | null {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return null;
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

const say = (message: string): void => void vscode.window.showInformationMessage(`Kerntrail: ${message}`);

/** Begins at what stands at a place, or has a name. */
async function explore(chains: Chains, at: ChainRootsParams | null, direction: Direction): Promise<void> {
  if (!at) return say('Put the cursor on a function, slot, table or struct first.');
  const found = await chains.model.host.ask<ChainRootsParams, ChainRoots>(CHAIN_ROOTS, at);
  if (!found) return say('There is no answer: the output channel Kerntrail tells why.');
  const { roots, of, message } = found;
  if (roots.length === 0) return say(message ?? 'There is nothing to explore here.');
  await show(chains, { kind: 'explore', id: '', direction, roots, of, context: '', pinned: false });
}

async function exploreRow(chains: Chains, row: Row, direction: Direction): Promise<void> {
  const node = nodeOfRow(row);
  if (!node) return;
  const root = rootOf(chains.model, row);
  const context = root.kind === 'explore' ? root.context : '';
  await show(chains, {
    kind: 'explore',
    id: '',
    direction,
    roots: [{ node, how: '' }],
    of: null,
    context,
    pinned: false,
  });
}

async function show({ model, view }: Chains, root: ExploreRoot): Promise<void> {
  await view.reveal(addRoot(model, root), true);
}

function searchCommands(chains: Chains): vscode.Disposable[] {
  const { model } = chains;
  /** the end that a row is, or what stands at the cursor */
  const end = async (of: unknown): Promise<string | undefined> =>
    isRow(of) ? (nameOfRow(of) ?? undefined) : nameAt(chains, isPointed(of) ? of : atCursor());
  const about = (name: string, run: (search: NonNullable<ReturnType<typeof searchOf>>) => unknown) =>
    ofRow(chains, name, (row) => {
      const search = searchOf(model, row);
      return search && run(search);
    });
  return [
    command('kerntrail.findPath', () => findPath(chains)),
    command('kerntrail.chains.pathFrom', async (of) => findPath(chains, { from: await end(of) })),
    command('kerntrail.chains.pathTo', async (of) => findPath(chains, { to: await end(of) })),
    command('kerntrail.chains.reached', async (of) => {
      const to = await end(of);
      return to ? findReached(chains, to) : askReached(chains);
    }),
    about('kerntrail.chains.more', (search) => findMore(chains, search)),
    about('kerntrail.chains.waypoint', (search) => addWaypoint(chains, search)),
    command('kerntrail.chains.next', () => walk(chains, 1)),
    command('kerntrail.chains.previous', () => walk(chains, -1)),
  ];
}

/** The name of what stands at a place, by which a search finds it. */
async function nameAt({ model }: Chains, at: Pointed | null): Promise<string | undefined> {
  if (!at) return undefined;
  const params: ChainRootsParams = { uri: at.uri, position: at.position };
  const found = await model.host.ask<ChainRootsParams, ChainRoots>(CHAIN_ROOTS, params);
  const [first] = found && !found.of ? found.roots : [];
  return first ? (nameOfRow({ kind: 'step', node: first.node } as Row) ?? undefined) : undefined;
}

async function showRow(chains: Chains, row: Row, preserveFocus: boolean): Promise<void> {
  const place = placeOfRow(row);
  if (row.kind === 'step' && row.root.kind === 'search') {
    chains.walked = row;
    setContext('kerntrail.walksChain', true);
  }
  if (place) await openPlace(place, preserveFocus, wordOfRow(row));
}

/** One step on in the chain that is walked: 1 forwards, -1 back. Without one, the first chain of the newest search begins. */
async function walk(chains: Chains, by: 1 | -1): Promise<void> {
  const { view } = chains;
  const steps = await walkedSteps(chains);
  if (!steps) return say('There is no path in view: find one first.');
  const at = steps.findIndex(({ id }) => id === chains.walked?.id);
  const next = steps[at < 0 ? 0 : at + by];
  if (!next) {
    vscode.window.setStatusBarMessage(
      by > 0 ? 'This is the last step of the path.' : 'This is the first step of the path.',
      6000,
    );
    return;
  }
  await showRow(chains, next, false);
  if (view.visible()) await view.reveal(next, false);
}

async function walkedSteps({ model, walked }: Chains): Promise<StepRow[] | null> {
  const steps = async (path: Row): Promise<StepRow[]> =>
    (await childrenOf(model, path)).filter((row) => row.kind === 'step');
  const known = walked?.parent && model.rows.get(walked.parent.id);
  if (known) return steps(known);
  const root = rootsOf(model).find((r) => r.kind === 'search' && r.chains.length > 0);
  const [path] = root ? await childrenOf(model, rowOfRoot(model, root)) : [];
  return path ? steps(path) : null;
}

function rowCommands(chains: Chains): vscode.Disposable[] {
  const { model } = chains;
  const pin = (pinned: boolean) => (row: Row) => changeRoot(model, row.root.id, (root) => ({ ...root, pinned }), false);
  return [
    command(SHOW, (id: string) => {
      const row = model.rows.get(id);
      return row && showRow(chains, row, true);
    }),
    ofRow(chains, 'kerntrail.chains.definition', (row) => {
      const node = nodeOfRow(row);
      return node && openPlace(node.location, false, node.name.replace(/^->/, ''));
    }),
    ofRow(chains, 'kerntrail.chains.place', (row) => {
      const place = row.kind === 'step' ? row.link?.places[0] : null;
      return place && openPlace(place, false, wordOfRow(row));
    }),
    ofRow(chains, 'kerntrail.chains.places', peekPlaces),
    ofRow(chains, 'kerntrail.chains.pin', pin(true)),
    ofRow(chains, 'kerntrail.chains.unpin', pin(false)),
    ofRow(chains, 'kerntrail.chains.remove', (row) => {
      if (row.kind === 'root' || row.kind === 'path') removeRow(model, row);
    }),
    ofRow(chains, 'kerntrail.chains.refresh', (row) => refreshRow(chains, row)),
    ofRow(chains, 'kerntrail.chains.context', (row) => pinContext(chains, row)),
    ofRow(chains, 'kerntrail.chains.contextHere', (row) => {
      const group = nodeOfRow(row)?.group ?? (row.kind === 'group' && !row.outside ? row.title : '');
      if (group) setContextOf(chains, row, group);
    }),
    ofRow(chains, 'kerntrail.chains.clearContext', (row) => setContextOf(chains, row, '')),
    ofRow(chains, 'kerntrail.chains.drawRow', (row) =>
      vscode.commands.executeCommand(DRAW, graphBelow(model, row, rootWords(rootOf(model, row))[0])),
    ),
  ];
}

async function refreshRow(chains: Chains, row: Row): Promise<void> {
  const search = searchOf(chains.model, row);
  if (search) return searchAgain(chains, search);
  forget(chains.model, row.id);
  chains.view.refresh();
}

/** Narrows what is below a root to a subsystem, table or module; a search is run again and prefers it. */
function setContextOf(chains: Chains, row: Row, context: string): void {
  const search = searchOf(chains.model, row);
  if (search) void searchAgain(chains, search, context);
  else changeRoot(chains.model, row.root.id, (root) => ({ ...root, context }) as Root, true);
}

async function pinContext(chains: Chains, row: Row): Promise<void> {
  const root = rootOf(chains.model, row);
  const context = await vscode.window.showInputBox({
    title: 'Pin a Context',
    prompt: 'Which subsystem, folder, table or module is meant at each dispatch? Empty for all.',
    value: root.kind === 'explore' ? root.context : root.question.context,
    placeHolder: 'ext4, drivers/net/ethernet/intel, ext4_file_vm_ops',
  });
  if (context !== undefined) setContextOf(chains, row, context.trim());
}

function viewCommands(chains: Chains): vscode.Disposable[] {
  const { model } = chains;
  const filter = (text: string): void => {
    setFilter(model, readFilter(text));
    setContext('kerntrail.chainsFiltered', model.filter !== null);
  };
  return [
    command('kerntrail.chains.back', () => goTo(model, -1)),
    command('kerntrail.chains.forward', () => goTo(model, 1)),
    command('kerntrail.chains.clear', () => clearRoots(model)),
    command('kerntrail.chains.clearFilter', () => filter('')),
    command('kerntrail.chains.filter', async () => {
      const text = await vscode.window.showInputBox({
        title: 'Filter the Chains',
        prompt: 'Words, folders with a slash, evidence with an @, -@ for none of it. Empty for all.',
        value: model.filter?.text ?? '',
        placeHolder: 'readahead fs/ext4/ @typed -@name',
        validateInput: (typed) => filterProblem(typed) || null,
      });
      if (text !== undefined) filter(text);
    }),
  ];
}

function copyCommands(chains: Chains): vscode.Disposable[] {
  const { model } = chains;
  const copy = (name: string, what: string, text: (row: Row) => string) =>
    ofRow(chains, name, async (row) => {
      await vscode.env.clipboard.writeText(text(row));
      vscode.window.setStatusBarMessage(`Copied as ${what}`, 4000);
    });
  const graph = (row: Row) => graphBelow(model, row, rootWords(rootOf(model, row))[0]);
  const withRoot = (row: Row): Row => (row.kind === 'root' ? rowOfRoot(model, rootOf(model, row)) : row);
  return [
    copy('kerntrail.chains.copyText', 'text', (row) => `${asText(outlineOf(model, withRoot(row)))}\n`),
    copy('kerntrail.chains.copyMarkdown', 'Markdown', (row) => `${asMarkdown(outlineOf(model, withRoot(row)))}\n`),
    copy('kerntrail.chains.copyMermaid', 'Mermaid', (row) => mermaidText(graph(row).nodes, graph(row).links)),
    copy('kerntrail.chains.copyDot', 'DOT', (row) => dotText(graph(row).nodes, graph(row).links)),
  ];
}
