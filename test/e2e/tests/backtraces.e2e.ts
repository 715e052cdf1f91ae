import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/run.mjs';
import {
  goTo,
  hoverAtCursor,
  indexReady,
  placeOf,
  runCommand,
  setClipboard,
  shot,
  startVsCode,
  statusItem,
  type VsCode,
} from '../driver/vscode.ts';

// Patch mails lie beside the tree: a copy has both.
const scratch = mkdtempSync(join(tmpdir(), 'kerntrail-traces-'));
const folder = join(scratch, 'mini-kernel');
const traceOf = (name: string) => readFileSync(join(ROOT, 'samples', 'backtraces', name), 'utf8');
const THEME = process.env.KERNTRAIL_E2E_THEME ? { 'workbench.colorTheme': process.env.KERNTRAIL_E2E_THEME } : {};
let vscode: VsCode;

beforeAll(async () => {
  cpSync(join(ROOT, 'samples', 'mini-kernel'), folder, { recursive: true });
  cpSync(join(ROOT, 'samples', 'patches'), join(folder, 'Documentation', 'mails'), { recursive: true });
  cpSync(join(ROOT, 'samples', 'backtraces', 'kasan-use-after-free.txt'), join(folder, 'Documentation', 'report.txt'));
  // drawn as text, a terminal can be read
  vscode = await startVsCode(folder, { 'terminal.integrated.gpuAcceleration': 'off', ...THEME });
  await goTo(vscode, placeOf(folder, 'fs/ext4/file.c', /ext4_file_vm_ops = \{/, 'ext4_file_vm_ops'));
  await indexReady(vscode, 60_000);
});
beforeEach((context) => onTestFailed(() => shot(vscode, `failed-${context.task.name.replace(/\W+/g, '-')}`)));
afterAll(async () => {
  await vscode?.close();
  rmSync(dirname(folder), { recursive: true, force: true });
});

/** Rows of the Backtrace view that hold a text. */
const rows = (text: string | RegExp): Locator => vscode.page.locator('.pane-body .monaco-list-row', { hasText: text });

const activeTab = (name: string): Promise<void> =>
  vscode.page.locator('.tab.active', { hasText: name }).waitFor({ timeout: 30_000 });

const atLine = (line: number): Promise<void> => statusOf(`Ln ${line},`).waitFor({ timeout: 30_000 });

const statusOf = (text: string): Locator => vscode.page.locator('.statusbar-item', { hasText: text });

/** Opens a sample from the clipboard, and waits until the view shows the stack with this title. */
async function paste(name: string, title: RegExp): Promise<void> {
  await setClipboard(vscode, traceOf(name));
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  await statusOf('Kernel Trace').waitFor({ timeout: 30_000 });
  await rows(title).first().waitFor({ timeout: 30_000 });
}

test("GDB's backtraces open from the clipboard, and the keys walk their frames", async () => {
  await paste('gdb-three-ways.txt', /^ext4_readahead … entry_SYSCALL_64/);
  await rows('page_cache_ra_unbounded').first().waitFor({ timeout: 30_000 });
  await shot(vscode, 'trace-1-gdb');
  expect(
    await rows(/^#0 ext4_readahead *inode/)
      .first()
      .innerText(),
  ).toContain('inode.c:47');

  // the cursor stands in front of the first stack, so that is where the walk begins
  await vscode.page.keyboard.press('Control+F8');
  await activeTab('inode.c');
  await atLine(47);
  await vscode.page.keyboard.press('Control+F8');
  await activeTab('readahead.c');
  await atLine(17);
  await vscode.page.keyboard.press('Control+F8');
  await atLine(50);
  await shot(vscode, 'trace-2-walk');
  await vscode.page.keyboard.press('Control+Shift+F8');
  await atLine(17);
  expect(await rows('read_pages').locator('..').locator('.selected').count()).toBe(1);
});

test('stacks that share frames become one tree', async () => {
  await runCommand(vscode, 'Kerntrail: Merge Stacks That Share Frames');
  await rows('3 stacks: ext4_readahead … page_cache_sync_ra').waitFor({ timeout: 30_000 });
  await rows('2 stacks: page_cache_sync_readahead').waitFor();
  await shot(vscode, 'trace-3-merged');
  await runCommand(vscode, 'Kerntrail: List Each Stack');
  await rows('3 stacks').waitFor({ state: 'detached' });
});

test('an oops shows the functions that were inlined, and how slots lead on', async () => {
  await paste('x86-oops-page-fault.txt', /^BUG: kernel NULL/);
  const inlined = rows(/^do_sync_mmap_readahead/);
  await inlined.waitFor({ timeout: 30_000 });
  await shot(vscode, 'trace-4-oops');
  expect(await inlined.innerText()).toMatch(/filemap\.c:\d+/);
  expect(await inlined.getAttribute('aria-label')).toContain('inlined into #');
  const pages = rows(/^#\d+ read_pages/);
  expect(await pages.innerText()).toMatch(/->readahead \(typed.*\) · readahead\.c:\d+/);
  expect(await pages.getAttribute('aria-label')).toMatch(
    /through ->readahead of (ext4_\w*aops, 1 of|one of) \d+ tables/,
  );
  await inlined.click();
  await activeTab('filemap.c');
  await shot(vscode, 'trace-5-inlined');
});

test('a dmesg of arm64 is read as arm64, whatever the window is set to', async () => {
  await paste('arm64-oops-read-folio.txt', /^Unable to handle/);
  const fault = rows(/^#\d+ do_mem_abort/);
  await fault.waitFor({ timeout: 30_000 });
  expect(await fault.getAttribute('aria-label')).toContain('arch/arm64/mm/fault.c');
  await shot(vscode, 'trace-6-arm64');
  expect(await statusItem(vscode).innerText()).toMatch(/ · x86$/);
});

test('a plain text file that holds a trace is recognised; its frames have hovers', async () => {
  const place = placeOf(folder, 'Documentation/report.txt', /platform_probe\+/, 'platform_probe');
  await goTo(vscode, place);
  await statusOf('Kernel Trace').waitFor({ timeout: 30_000 });
  const text = await hoverAtCursor(vscode, 'drivers/base/platform.c');
  await shot(vscode, 'trace-7-hover');
  expect(text).toMatch(/Calls\s+tempsense_probe/);
});

test('a text that is pasted into an untitled file is recognised, too', async () => {
  await vscode.page.keyboard.press('Control+Alt+N');
  await activeTab('Untitled');
  await vscode.page.locator('.editor-instance .cursors-layer .cursor').first().waitFor();
  await setClipboard(vscode, traceOf('ftrace-stack.txt'));
  await vscode.page.keyboard.press('Control+V');
  await statusOf('Kernel Trace').waitFor({ timeout: 30_000 });
  await rows(/^tempsense_irq <-__handle_irq_event_percpu/).waitFor({ timeout: 30_000 });
  await rows(/^#\d+ shm_fault.*shm/s)
    .first()
    .waitFor({ timeout: 30_000 });
});

test("a terminal's selection opens as a trace, and a frame in a terminal is a link", async () => {
  await runCommand(vscode, 'Terminal: Create New Terminal');
  const terminal = vscode.page.locator('.terminal-wrapper.active .xterm-rows');
  await terminal.waitFor({ timeout: 60_000 });
  await vscode.page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
  await vscode.page.keyboard.type(
    "printf ' %s\\n' page_cache_sync_ra+0x62/0x90 filemap_fault+0xf5/0x1f0 __do_fault+0x11/0x90",
  );
  await vscode.page.keyboard.press('Enter');
  const frame = terminal.locator('span', { hasText: /^\s*filemap_fault\+0xf5\/0x1f0/ }).last();
  await frame.waitFor({ timeout: 30_000 });
  await shot(vscode, 'trace-10-terminal');
  await runCommand(vscode, 'Terminal: Select All');
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Terminal Selection');
  await rows(/^do_sync_mmap_readahead/).waitFor({ timeout: 30_000 });

  const { mouse, keyboard } = vscode.page;
  const box = await frame.boundingBox();
  if (!box) throw new Error('the terminal shows no frame');
  // a terminal looks for links when the mouse has come to rest on them
  const opened = vscode.page.locator('.tab.active', { hasText: 'filemap.c' });
  for (let turn = 0; turn < 10 && (await opened.count()) === 0; turn++) {
    await mouse.move(box.x + 60, box.y - 40);
    await mouse.move(box.x + 60, box.y + box.height / 2, { steps: 5 });
    await vscode.page.waitForTimeout(1_000);
    await keyboard.down('Control');
    await mouse.click(box.x + 60, box.y + box.height / 2);
    await keyboard.up('Control');
    await vscode.page.waitForTimeout(1_000);
  }
  await activeTab('filemap.c');
  await shot(vscode, 'trace-11-terminal-link');
});

test('a hunk of a quoted patch leads to its place, though its line numbers have drifted', async () => {
  const place = placeOf(folder, 'Documentation/mails/ext4-readahead.eml', /^> -\text4_mpage/, 'ext4_mpage_readpages');
  await goTo(vscode, { ...place, column: 3 });
  await statusOf('Kernel Trace').waitFor({ timeout: 30_000 });
  const lens = vscode.page.locator('.codelens-decoration', { hasText: 'applies 12 lines further up' });
  await lens.first().waitFor({ timeout: 30_000 });
  await shot(vscode, 'trace-8-patch');
  await vscode.page.keyboard.press('F12');
  await activeTab('inode.c');
  await atLine(placeOf(folder, 'fs/ext4/inode.c', /ext4_mpage_readpages\(inode, rac/, 'rac').line);
  await shot(vscode, 'trace-9-hunk');
});

test('a patch mail opens from the clipboard, too', async () => {
  await setClipboard(vscode, readFileSync(join(ROOT, 'samples', 'patches', 'ext4-readahead.eml'), 'utf8'));
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  await activeTab('Backtrace');
  const lens = vscode.page.locator('.codelens-decoration a', { hasText: 'applies 12 lines further up' }).first();
  await lens.click({ timeout: 30_000 });
  await activeTab('inode.c');
});
