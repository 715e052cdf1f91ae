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
let vscode: VsCode;

beforeAll(async () => {
  cpSync(join(ROOT, 'samples', 'mini-kernel'), folder, { recursive: true });
  cpSync(join(ROOT, 'samples', 'patches'), join(folder, 'Documentation', 'mails'), { recursive: true });
  cpSync(join(ROOT, 'samples', 'backtraces', 'kasan-use-after-free.txt'), join(folder, 'Documentation', 'report.txt'));
  vscode = await startVsCode(folder);
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

async function paste(name: string): Promise<void> {
  await setClipboard(vscode, traceOf(name));
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  await statusOf('Kernel Trace').waitFor({ timeout: 30_000 });
}

test("GDB's backtraces open from the clipboard, and the keys walk their frames", async () => {
  await paste('gdb-three-ways.txt');
  await rows('page_cache_ra_unbounded').first().waitFor({ timeout: 30_000 });
  await shot(vscode, 'trace-1-gdb');
  expect(
    await rows(/^ext4_readahead *inode/)
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
  await paste('x86-oops-page-fault.txt');
  const inlined = rows(/^do_sync_mmap_readahead/);
  await inlined.waitFor({ timeout: 30_000 });
  await shot(vscode, 'trace-4-oops');
  expect(await inlined.innerText()).toMatch(/filemap\.c:\d+ · inlined/);
  expect(await rows(/^read_pages/).innerText()).toMatch(/through ->readahead of ext4_\w*aops \(typed/);
  await inlined.click();
  await activeTab('filemap.c');
  await shot(vscode, 'trace-5-inlined');
});

test('a dmesg of arm64 is read as arm64, whatever the window is set to', async () => {
  await paste('arm64-oops-read-folio.txt');
  const fault = rows(/^do_mem_abort/);
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

test('a hunk of a quoted patch leads to its place, though its line numbers have drifted', async () => {
  const place = placeOf(folder, 'Documentation/mails/ext4-readahead.eml', /^> -\text4_mpage/, 'ext4_mpage_readpages');
  await goTo(vscode, { ...place, column: 3 });
  await statusOf('Kernel Trace').waitFor({ timeout: 30_000 });
  await shot(vscode, 'trace-8-patch');
  await vscode.page.keyboard.press('F12');
  await activeTab('inode.c');
  await atLine(placeOf(folder, 'fs/ext4/inode.c', /ext4_mpage_readpages\(inode, rac/, 'rac').line);
  await shot(vscode, 'trace-9-hunk');
});
