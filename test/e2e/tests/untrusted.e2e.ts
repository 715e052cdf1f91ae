import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/run.mjs';
import { elfFile } from '../../unit/support/elf.ts';
import {
  goTo,
  hoverUntil,
  indexReady,
  placeOf,
  runCommand,
  setClipboard,
  shot,
  startVsCode,
  type VsCode,
} from '../driver/vscode.ts';

const scratch = mkdtempSync(join(tmpdir(), 'kerntrail-untrusted-'));
const folder = join(scratch, 'mini-kernel');
/** there once the tree's vmlinux has been handed to a tool */
const marker = join(scratch, 'marker');
let vscode: VsCode;

beforeAll(async () => {
  cpSync(join(ROOT, 'samples', 'mini-kernel'), folder, { recursive: true });
  const vmlinux = join(folder, 'vmlinux');
  writeFileSync(vmlinux, elfFile([{ name: 'filemap_fault', address: 0x10, size: 0x10 }]));
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify({ 'kerntrail.vmlinux': vmlinux }));
  const tool = join(scratch, 'bin', 'addr2line');
  mkdirSync(join(scratch, 'bin'));
  writeFileSync(tool, `#!/bin/sh\ntouch ${marker}\nprintf '0x13\\nfilemap_fault\\nmm/filemap.c:3\\n'\n`);
  chmodSync(tool, 0o755);
  const PATH = `${join(scratch, 'bin')}:${process.env.PATH}`;
  vscode = await startVsCode(folder, {}, { asksForTrust: true, env: { PATH } });
});
beforeEach((context) => onTestFailed(() => shot(vscode, `failed-${context.task.name.replace(/\W+/g, '-')}`)));
afterAll(async () => {
  await vscode?.close();
  rmSync(scratch, { recursive: true, force: true });
});

const row = (text: string | RegExp) => vscode.page.locator('.pane-body .monaco-list-row', { hasText: text }).first();

test('an untrusted window: sources are read, the vmlinux that came with them is not', async () => {
  const { page } = vscode;
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ timeout: 30_000 });
  const table = placeOf(folder, 'fs/ext4/file.c', /ext4_file_vm_ops = \{/, 'ext4_file_vm_ops');
  await goTo(vscode, table);
  await indexReady(vscode, 60_000);
  expect(await hoverUntil(vscode, table, 'filemap_fault')).toContain('ext4_file_vm_ops');
  await setClipboard(vscode, 'Call Trace:\n filemap_fault+0x4/0x10\n __do_fault+0x11/0x90\n');
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  await row(/^#\d+ filemap_fault/).waitFor({ timeout: 30_000 });
  await row(/^#\d+ __do_fault/).waitFor({ timeout: 30_000 });
  await shot(vscode, 'untrusted-1-backtrace');
  expect(await row(/^#\d+ filemap_fault/).innerText()).not.toContain('filemap.c:3');
  expect(existsSync(marker)).toBe(false);
});

test('the folder is trusted: from now on it is', async () => {
  const { page } = vscode;
  await runCommand(vscode, 'Workspaces: Manage Workspace Trust');
  await page
    .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
    .first()
    .click({ timeout: 30_000 });
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ state: 'detached', timeout: 30_000 });
  await row(/^#\d+ filemap_fault.*filemap\.c:3/s).waitFor({ timeout: 60_000 });
  await shot(vscode, 'untrusted-2-trusted');
  expect(existsSync(marker)).toBe(true);
});
