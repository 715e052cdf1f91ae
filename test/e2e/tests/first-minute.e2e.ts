import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/run.mjs';
import { storeFolder } from '../../../server/src/index/store/store.ts';
import { isLock, tryLock, type WriterLock } from '../../../server/src/index/store/writerLock.ts';
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

/**
 * The first minute, while there is no index: this process holds the writer's lock, so that the server waits with an empty
 * one for as long as a test needs. Nothing may be called absent, and what is asked for is found all the same.
 */
const folder = join(mkdtempSync(join(tmpdir(), 'kerntrail-first-')), 'mini-kernel');
const dispatch = () => placeOf(folder, 'mm/memory.c', /vma->vm_ops->fault\(vmf\)/, 'fault');
let vscode: VsCode;
let lock: WriterLock | null = null;

beforeAll(async () => {
  cpSync(join(ROOT, 'samples', 'mini-kernel'), folder, { recursive: true });
  vscode = await startVsCode(
    folder,
    {},
    {
      before(storage) {
        const index = storeFolder(storage, realpathSync(folder), 'x86');
        mkdirSync(dirname(index), { recursive: true });
        const held = tryLock(index);
        if (!isLock(held)) throw new Error('the index is held already');
        lock = held;
      },
    },
  );
});
beforeEach((context) => onTestFailed(() => shot(vscode, `failed-${context.task.name.replace(/\W+/g, '-')}`)));
afterAll(async () => {
  release();
  await vscode?.close();
  rmSync(dirname(folder), { recursive: true, force: true });
});

/** Lets the server have its index. */
function release(): void {
  lock?.release();
  lock = null;
}

const rows = (text: string | RegExp): Locator => vscode.page.locator('.pane-body .monaco-list-row', { hasText: text });
const message = (text: string): Locator => vscode.page.locator('.notification-list-item', { hasText: text });

test('a hover on a slot says that its functions are not indexed yet', async () => {
  const text = await hoverUntil(vscode, dispatch(), 'vm_operations_struct.fault', 150_000);
  await shot(vscode, 'first-1-hover');
  expect(text).toContain('not indexed yet');
  expect(text).not.toContain('No function');
});

test('Go to Definition finds the body, though only a prototype is in sight', async () => {
  const use = placeOf(folder, 'fs/ext4/file.c', /\.fault\s*=\s*filemap_fault/, 'filemap_fault');
  await goTo(vscode, use);
  await vscode.page.keyboard.press('F12');
  await vscode.page.locator('.tab.active', { hasText: 'filemap.c' }).waitFor({ timeout: 30_000 });
  await shot(vscode, 'first-2-definition');
});

test('a backtrace has its places, and nothing in it is called absent', async () => {
  const names = ['ext4_readahead', 'read_pages', 'filemap_fault', '__do_fault', 'handle_mm_fault', 'nobody_has_this'];
  await setClipboard(vscode, `Call Trace:\n${names.map((n) => ` ${n}+0x14/0x90\n`).join('')}`);
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  // the view asks anew by itself as files are read
  await rows(/^#\d+ filemap_fault.*filemap\.c:\d+/s).waitFor({ timeout: 60_000 });
  await rows(/^#\d+ handle_mm_fault.*memory\.c:\d+/s).waitFor({ timeout: 60_000 });
  await rows(/^#\d+ nobody_has_this.*not indexed yet/s).waitFor({ timeout: 30_000 });
  await shot(vscode, 'first-3-backtrace');
  expect(await rows(/not in this tree/).count()).toBe(0);
});

test('a walk goes on to the last frame that has a place, and does not call that the outermost', async () => {
  const { page } = vscode;
  await rows(/^#\d+ ext4_readahead.*inode\.c/s).click();
  const end = page.locator('.statusbar-item', { hasText: 'further out: not indexed yet' });
  // a key that is pressed while an editor opens may be lost
  for (let n = 0; n < 40 && !(await end.isVisible()); n++) {
    await page.keyboard.press('Control+F8');
    await page.waitForTimeout(400);
  }
  await end.waitFor({ timeout: 10_000 });
  await shot(vscode, 'first-4-walk');
});

test('nonsense starts nothing: a clipboard without a trace, a name that is no function', async () => {
  const { page } = vscode;
  const tabs = await page.locator('.tabs-container .tab').count();
  await setClipboard(vscode, 'Dear all,\nthis is a letter about nothing.\n');
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  await message('holds no backtrace').waitFor({ timeout: 30_000 });
  await shot(vscode, 'first-5-nonsense');
  expect(await page.locator('.tabs-container .tab').count()).toBe(tabs);
  await runCommand(vscode, 'Kerntrail: Find Path…');
  const input = page.locator('.quick-input-widget input').first();
  await input.fill('nobody_has_this');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'not indexed yet' }).waitFor({ timeout: 30_000 });
  await shot(vscode, 'first-6-find-path');
  await page.keyboard.press('Escape');
});

test('once the index is there, the view says so by itself', async () => {
  release();
  await indexReady(vscode, 60_000);
  await rows(/^#\d+ nobody_has_this.*not in this tree/s).waitFor({ timeout: 30_000 });
  await rows(/^#\d+ read_pages.*->readahead/s).waitFor({ timeout: 30_000 });
  await shot(vscode, 'first-7-ready');
  expect(await rows(/not indexed yet/).count()).toBe(0);
  expect(await hoverUntil(vscode, dispatch(), 'filemap_fault')).not.toContain('not indexed yet');
});
