import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/run.mjs';
import {
  expandCalls,
  goTo,
  hoverUntil,
  indexReady,
  placeOf,
  readPeek,
  runCommand,
  shot,
  showCalls,
  startVsCode,
  statusItem,
  untilSeen,
  type VsCode,
} from '../driver/vscode.ts';

// A copy: choosing an architecture writes settings into the folder.
const folder = join(mkdtempSync(join(tmpdir(), 'kerntrail-sample-')), 'mini-kernel');
const table = () => placeOf(folder, 'fs/ext4/file.c', /ext4_file_vm_ops = \{/, 'ext4_file_vm_ops');
let vscode: VsCode;

beforeAll(async () => {
  cpSync(process.env.KERNTRAIL_E2E_SAMPLE ?? join(ROOT, 'samples', 'mini-kernel'), folder, { recursive: true });
  vscode = await startVsCode(folder);
});
beforeEach((context) => onTestFailed(() => shot(vscode, `failed-${context.task.name.replace(/\W+/g, '-')}`)));
afterAll(async () => {
  await vscode?.close();
  rmSync(dirname(folder), { recursive: true, force: true });
});

test('a C file activates the extension, and the status bar tells the tree and the architecture', async () => {
  await goTo(vscode, table());
  await indexReady(vscode, 60_000);
  expect(await statusItem(vscode).innerText()).toMatch(/ · x86$/);
  await shot(vscode, 'mini-1-status');
});

test('hover on a table lists its functions', async () => {
  const text = await hoverUntil(vscode, table(), 'filemap_fault');
  await shot(vscode, 'mini-2-hover');
  expect(text).toContain('ext4_file_vm_ops');
});

test('a click on a function in the hover opens its file', async () => {
  const { page } = vscode;
  await untilSeen(page.locator('.tab.active', { hasText: 'filemap.c' }), async () => {
    await hoverUntil(vscode, table(), 'filemap_fault');
    await page.locator('.monaco-hover:visible a', { hasText: 'filemap_fault' }).first().click({ timeout: 3_000 });
  });
  await shot(vscode, 'mini-3-link');
});

test('the status bar item opens a menu, and the palette has the commands', async () => {
  await statusItem(vscode).click();
  await vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Choose Architecture' }).waitFor();
  await shot(vscode, 'mini-4-menu');
  await vscode.page.keyboard.press('Escape');
  await runCommand(vscode, 'Kerntrail: Show Output');
  await vscode.page.locator('.part.panel', { hasText: /output/i }).waitFor();
});

test('a CodeLens over a table opens a peek view', async () => {
  await goTo(vscode, table());
  const { page } = vscode;
  await untilSeen(page.locator('.peekview-widget'), () =>
    page.locator('.codelens-decoration a', { hasText: '3 slots · installed' }).first().click({ timeout: 3_000 }),
  );
  const peek = await readPeek(vscode);
  await shot(vscode, 'mini-5-codelens');
  await vscode.page.keyboard.press('Escape');
  expect(peek.rows.length).toBeGreaterThan(0);
});

test('call hierarchy goes through function pointers', async () => {
  await showCalls(vscode, placeOf(folder, 'mm/memory.c', /^static vm_fault_t __do_fault\(/, '__do_fault'), 'Outgoing');
  const text = await expandCalls(vscode, ['__do_fault', '->fault', 'filemap_fault']);
  await shot(vscode, 'mini-7-calls');
  expect(text).toContain('ext4_file_vm_ops');
});

test('another architecture can be chosen, and is kept in the settings', async () => {
  await runCommand(vscode, 'Kerntrail: Choose Architecture');
  await vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: 'arm64' }).click();
  await statusItem(vscode).filter({ hasText: '· arm64' }).waitFor({ timeout: 30_000 });
  await shot(vscode, 'mini-6-architecture');
  expect(readFileSync(join(folder, '.vscode', 'settings.json'), 'utf8')).toContain('"kerntrail.architecture": "arm64"');
});
