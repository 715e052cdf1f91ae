import { expect, test, vi } from 'vitest';
import { StatusItem } from '../../../client/src/status.ts';
import type { StatusParams } from '../../../server/src/lsp/protocol.ts';
import * as vscode from '../support/vscode.ts';

const READY: StatusParams = {
  phase: 'ready',
  tree: '/k/linux_*6*',
  release: '6.1.0',
  architecture: 'x86',
  architectures: ['x86'],
  done: 3,
  total: 3,
};

function item() {
  const status = new StatusItem();
  const shown = vi.mocked(vscode.window.createStatusBarItem).mock.results.at(-1)?.value as {
    text: string;
    tooltip: { value: string } | string;
    backgroundColor?: object;
    show: object;
    hide: object;
  };
  return { status, shown };
}

test('what the server last said stands in the status bar, its tooltip in plain text', () => {
  const { status, shown } = item();
  status.starting();
  expect(shown.text).toContain('loading~spin');
  status.update(READY);
  expect(status.last).toBe(READY);
  expect(shown.text).toContain('linux-6.1.0 · x86');
  // a folder may be called anything
  expect((shown.tooltip as { value: string }).value).toContain('\\*6\\*');
  expect(shown.backgroundColor).toBeUndefined();
});

test('an error stands out; a server that is gone has said nothing', () => {
  const { status, shown } = item();
  status.update({ ...READY, phase: 'error', message: 'no room' });
  expect(shown.backgroundColor).toMatchObject({ id: 'statusBarItem.warningBackground' });
  status.failed('it crashed');
  expect(shown.tooltip).toBe("Kerntrail's language server is not running: it crashed");
  expect(status.last).toBeUndefined();
});
