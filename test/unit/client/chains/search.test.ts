import { beforeEach, expect, test, vi } from 'vitest';
import { newChainsModel, rootsOf } from '../../../../client/src/chains/model.ts';
import { rootRow, type SearchRoot } from '../../../../client/src/chains/rows.ts';
import {
  addWaypoint,
  findMore,
  findPath,
  findReached,
  nameOfRow,
  type SearchContext,
  searchAgain,
  searchOf,
} from '../../../../client/src/chains/search.ts';
import type { Server } from '../../../../client/src/server.ts';
import { FIND_PATH, FIND_ROOTS, type PathResult } from '../../../../server/src/lsp/protocol.ts';
import { chainNode, exploreRoot, foundChain, searchRoot } from '../../support/chainRows.ts';
import * as vscode from '../../support/vscode.ts';

vi.mock('vscode-languageclient/node', () => ({ ProgressType: class {} }));

const [a, b, c] = ['a', 'b', 'c'].map((name) => chainNode(name));
const sendRequest = vi.fn();
const onProgress = vi.fn((_type: unknown, _token: string, _told: (found: PathResult) => void) => ({ dispose() {} }));
const client = { start: async () => {}, sendRequest, onProgress };

function made() {
  const model = newChainsModel({ ask: (async () => ({ problem: null })) as never, changed: vi.fn() });
  const begun = vi.fn(async () => {});
  const remembered: string[] = [];
  const context: SearchContext = {
    ...{ model, begun, log: vi.fn() },
    server: () => ({ client }) as unknown as Server,
    recent: () => ['recent_one'],
    remember: (...names) => void remembered.push(...names),
  };
  const search = () => rootsOf(model)[0] as SearchRoot;
  return { context, model, begun, remembered, search };
}

/** Answers the next quick picks with names. */
function picks(...names: string[]) {
  for (const name of names)
    vscode.window.createQuickPick.mockImplementationOnce(() => {
      const on: Record<string, () => unknown> = {};
      return {
        ...{ items: [], activeItems: [{ text: name }], onDidChangeValue() {}, dispose() {} },
        onDidAccept: (l: () => unknown) => void Object.assign(on, { accept: l }),
        onDidHide: (l: () => unknown) => void Object.assign(on, { hide: l }),
        show: () => void on.accept(),
        hide: () => on.hide(),
      };
    });
}

beforeEach(() => {
  vi.clearAllMocks();
  sendRequest.mockReset();
});

test('both ends are asked for; the first chain is there before the search is over, and all stay', async () => {
  const { context, begun, remembered, search } = made();
  picks('a', 'b');
  sendRequest.mockImplementationOnce(async (_method, { partialResultToken }) => {
    expect(search()).toMatchObject({ busy: true, chains: [] });
    const [, token, told] = onProgress.mock.lastCall ?? [];
    expect(token).toBe(partialResultToken);
    told?.({ chains: [foundChain(a, b)], message: null });
    expect(search()).toMatchObject({ busy: true, chains: { length: 1 } });
    return { chains: [foundChain(a, b), foundChain(a, c, b)], message: null };
  });
  await findPath(context);
  expect(search()).toMatchObject({ busy: false, chains: { length: 2 }, question: { from: 'a', to: 'b' } });
  expect([begun.mock.calls.length, remembered]).toEqual([1, ['a', 'b']]);
});

test('an end that is known is not asked for', async () => {
  const { context } = made();
  sendRequest.mockResolvedValueOnce({ chains: [foundChain(a, b)], message: null });
  await findPath(context, { from: 'a', to: 'b' });
  expect(vscode.window.createQuickPick).not.toHaveBeenCalled();
  expect(sendRequest).toHaveBeenCalledWith(
    FIND_PATH,
    expect.objectContaining({ from: 'a', to: 'b' }),
    expect.anything(),
  );
});

test('no chain: the reason is told with what may help', async () => {
  const { context, search } = made();
  sendRequest
    .mockResolvedValueOnce({ chains: [], message: 'No path from a to b.' })
    .mockResolvedValueOnce({ chains: [foundChain(a, b)], message: null });
  vscode.window.showInformationMessage.mockResolvedValueOnce('Search Longer');
  await findPath(context, { from: 'a', to: 'b' });
  expect(vscode.window.showInformationMessage).toHaveBeenCalledWith(
    'No path from a to b.',
    'Add a Waypoint…',
    'Search Longer',
  );
  expect(sendRequest.mock.calls.map(([, { seconds }]) => seconds)).toEqual([undefined, 60]);
  expect(search().chains).toHaveLength(1);
});

test('more: as many as there are and some, and those that are there stay until then', async () => {
  const { context, model, search } = made();
  sendRequest.mockResolvedValueOnce({ chains: [foundChain(a, b)], message: null });
  await findPath(context, { from: 'a', to: 'b' });
  sendRequest.mockImplementationOnce(async () => {
    expect(search()).toMatchObject({ busy: true, chains: { length: 1 } });
    return { chains: [foundChain(a, b), foundChain(a, c, b)], message: null };
  });
  await findMore(context, search());
  expect(sendRequest.mock.lastCall?.[1]).toMatchObject({ max: 5, seconds: 60 });
  expect([search().chains.length, rootsOf(model).length]).toEqual([2, 1]);
});

test('a waypoint makes another search beside the first', async () => {
  const { context, model, search } = made();
  sendRequest.mockResolvedValue({ chains: [foundChain(a, c, b)], message: null });
  await findPath(context, { from: 'a', to: 'b' });
  picks('c');
  await addWaypoint(context, search());
  expect(sendRequest.mock.lastCall?.[1]).toMatchObject({ from: 'a', to: 'b', through: ['c'] });
  expect(rootsOf(model)).toHaveLength(2);
});

test('another context: the same search again', async () => {
  const { context, search } = made();
  sendRequest.mockResolvedValue({ chains: [foundChain(a, b)], message: null });
  await findPath(context, { from: 'a', to: 'b' });
  await searchAgain(context, search(), 'ext4');
  expect(sendRequest.mock.lastCall?.[1]).toMatchObject({ context: 'ext4' });
  expect(search().question.context).toBe('ext4');
});

test('how a function is reached; a search that fails says so, and ends', async () => {
  const { context, search } = made();
  sendRequest.mockRejectedValueOnce(new Error('gone'));
  await findReached(context, 'f');
  expect(sendRequest).toHaveBeenCalledWith(FIND_ROOTS, expect.objectContaining({ to: 'f' }), expect.anything());
  expect(vscode.window.showErrorMessage).toHaveBeenCalledWith('Kerntrail could not search: gone');
  expect(search()).toMatchObject({ busy: false, chains: [] });
});

test('which search and which name a row is', () => {
  const { model } = made();
  const search = rootRow(searchRoot([]));
  expect([searchOf(model, search)?.kind, searchOf(model, rootRow(exploreRoot(a))), searchOf(model, undefined)]).toEqual(
    ['search', null, null],
  );
  expect([nameOfRow(rootRow(exploreRoot(a))), nameOfRow(search)]).toEqual(['fs/one/a.c:a', null]);
});
