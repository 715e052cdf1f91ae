import { beforeEach, expect, test, vi } from 'vitest';
import { openPlace, peekPlaces, placeOfRow, wordOfRow } from '../../../../client/src/chains/places.ts';
import { nextRows, pathRows, pathStepRows, rootRow } from '../../../../client/src/chains/rows.ts';
import { chainLink, chainNode, exploreRoot, foundChain, searchRoot, stepTo } from '../../support/chainRows.ts';
import * as vscode from '../../support/vscode.ts';

beforeEach(() => vi.clearAllMocks());

const [top, slot, held] = [chainNode('top', 'mm/m.c', 3), chainNode('->run'), chainNode('a_run', 'fs/one/a.c', 12)];
const below = (direction: 'callers' | 'targets', from: typeof top, to: typeof top, more = {}) => {
  const root = rootRow(exploreRoot(direction === 'targets' ? from : to, { direction }));
  const node = direction === 'targets' ? to : from;
  return nextRows(root, { steps: [{ node, link: chainLink(from, to, more) }], folds: [], message: null })[0];
};
const lineOf = (row: ReturnType<typeof below>) => (placeOfRow(row)?.range.start.line ?? -2) + 1;

test('a row stands for the call; what is walked to in a slot for its definition', () => {
  expect(lineOf(rootRow(exploreRoot(top)))).toBe(3);
  expect(lineOf(below('targets', top, held))).toBe(7);
  expect(lineOf(below('targets', slot, held, { kind: 'member' }))).toBe(12);
  expect(lineOf(below('callers', slot, held, { kind: 'member' }))).toBe(7);
  const search = searchRoot([foundChain(top, held)]);
  const [path] = pathRows(rootRow(search), search);
  expect([placeOfRow(path), ...pathStepRows(path).map(lineOf)]).toEqual([null, 3, 7]);
});

test('what stands there is the name of what is called', () => {
  expect(wordOfRow(below('targets', top, slot))).toBe('run');
  expect(wordOfRow(below('callers', top, held))).toBe('a_run');
  expect(wordOfRow(rootRow(exploreRoot(top)))).toBe('');
});

test('a line that has no column, or has moved, is opened at the name', async () => {
  const shownAt = async (text: string, word: string): Promise<number> => {
    vscode.workspace.openTextDocument.mockResolvedValueOnce({
      uri: '',
      languageId: 'c',
      lineCount: 99,
      lineAt: () => ({ text }),
    });
    await openPlace(top.location, true, word);
    return vscode.window.showTextDocument.mock.lastCall?.[1].selection.start.character;
  };
  expect(await shownAt('\treturn one(1);', 'one')).toBe(8);
  expect(await shownAt('    one(none);', 'one')).toBe(4);
  expect(await shownAt('\treturn (*fn)(1);', '(*fn)')).toBe(4);
  expect([await shownAt('gone', 'one'), await shownAt('one', '')]).toEqual([4, 4]);
});

test('what can not be opened is told', async () => {
  vscode.workspace.openTextDocument.mockRejectedValueOnce(new Error('gone'));
  await openPlace(top.location, true);
  expect(vscode.window.showErrorMessage).toHaveBeenCalledWith("That can't be opened: gone");
});

test('all places of a step stand in one peek view', async () => {
  const { link } = stepTo(top, held);
  await peekPlaces(below('targets', top, held, { places: [...link.places, ...link.places] }));
  const [command, , , locations] = vscode.commands.executeCommand.mock.lastCall ?? [];
  expect([command, (locations as unknown[]).length]).toEqual(['editor.action.showReferences', 2]);
});
