import { cpSync } from 'node:fs';
import { join } from 'node:path';
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
  untilSeen,
  type VsCode,
} from '../driver/vscode.ts';

// The sample; with KERNTRAIL_E2E_TREE a real tree as well, whose index is ready in the cache KERNTRAIL_E2E_INDEX.
const { KERNTRAIL_E2E_TREE: realTree, KERNTRAIL_E2E_INDEX: realIndex, KERNTRAIL_E2E_THEME: theme } = process.env;
const folder = realTree ?? join(ROOT, 'samples', 'mini-kernel');
const NAME = `chains${realTree ? '-real' : ''}${theme ? `-${theme.replace(/\W+/g, '-').toLowerCase()}` : ''}`;
const LOOKS = theme ? { 'workbench.colorTheme': theme } : {};
let vscode: VsCode;

beforeAll(async () => {
  vscode = await startVsCode(folder, LOOKS, {
    before(storage) {
      if (realTree && realIndex) cpSync(realIndex, storage, { recursive: true });
    },
  });
  await goTo(vscode, placeOf(folder, 'mm/memory.c', /^static vm_fault_t __do_fault\(/, '__do_fault'));
  await indexReady(vscode, 800_000);
}, 900_000);
beforeEach((context) => onTestFailed(() => shot(vscode, `failed-${context.task.name.replace(/\W+/g, '-')}`)));
afterAll(() => vscode?.close());

const view = (): Locator =>
  vscode.page.locator('.pane', { has: vscode.page.locator('.pane-header', { hasText: 'Chains' }) });
const rows = (text: string | RegExp): Locator => view().locator('.monaco-list-row', { hasText: text });
/** The row of one name. */
const row = (name: string): Locator =>
  view()
    .locator('.monaco-list-row')
    .filter({ has: vscode.page.getByText(name, { exact: true }) });
const atLine = (line: number): Promise<void> =>
  vscode.page.locator('.statusbar-item', { hasText: `Ln ${line},` }).waitFor({ timeout: 30_000 });
const lineOf = (file: string, line: RegExp, word: string): number => placeOf(folder, file, line, word).line;

/** Clicks a row; a tooltip that lies over it goes first. */
async function choose(wanted: Locator, button: 'left' | 'right' = 'left'): Promise<void> {
  await vscode.page.mouse.move(900, 500);
  await wanted.click({ button });
}

/** Opens a row by its key, as somebody does who sees no mouse. */
async function expand(name: string): Promise<void> {
  const wanted = row(name).last();
  await choose(wanted);
  for (let turn = 0; turn < 10 && (await wanted.getAttribute('aria-expanded')) === 'false'; turn++) {
    await vscode.page.keyboard.press('ArrowRight');
    await vscode.page.waitForTimeout(300);
  }
}

/** A picture at both widths. */
async function looked(name: string): Promise<void> {
  for (const width of [1000, 1400]) {
    await vscode.page.setViewportSize({ width, height: 900 });
    await vscode.page.waitForTimeout(400);
    await shot(vscode, `${NAME}-${name}-${width}`);
  }
}

test('targets are walked from the cursor on, across the slot, and each step shows its line', async () => {
  const dispatch = /vma->vm_ops->fault\(vmf\)/;
  await runCommand(vscode, 'Kerntrail: Explore Targets');
  await row('->fault').first().waitFor({ timeout: 30_000 });
  await expand('->fault');
  await atLine(lineOf('mm/memory.c', dispatch, 'fault'));
  // of many functions, those of a folder stand together
  if (realTree) await expand('mm/');
  await rows(/^filemap_fault/)
    .first()
    .waitFor({ timeout: 30_000 });
  await looked('1-targets');
  expect(await row('->fault').first().getAttribute('aria-label')).toMatch(/slot, of struct vm_operations_struct/);
  await choose(row('filemap_fault').first());
  await vscode.page.locator('.tab.active', { hasText: 'filemap.c' }).waitFor({ timeout: 30_000 });
  // the line of its definition, as it is walked to in a slot
  await atLine(lineOf('mm/filemap.c', /^vm_fault_t filemap_fault\(/, 'filemap_fault'));
});

test('a tooltip tells the table, where it is installed, and the lines', async () => {
  await vscode.page.mouse.move(900, 500);
  await row('filemap_fault').first().hover();
  const tooltip = vscode.page
    .locator('.monaco-hover:visible, .workbench-hover:visible', { hasText: 'installed as' })
    .last();
  await tooltip.waitFor({ timeout: 30_000 });
  await looked('2-tooltip');
  expect(await tooltip.innerText()).toContain('vm_area_struct.vm_ops');
  await vscode.page.mouse.move(900, 500);
});

test('callers from a link in a hover; several roots stand side by side, and there is a way back', async () => {
  await goTo(vscode, placeOf(folder, 'fs/ext4/inode.c', /^static void ext4_readahead\(/, 'ext4_readahead'));
  const text = await hoverAtCursor(vscode, 'Explore Callers');
  expect(text).toContain('Explore Targets');
  await shot(vscode, `${NAME}-3-hover`);
  await vscode.page.locator('.monaco-hover:visible a', { hasText: 'Explore Callers' }).click();
  await row('->readahead').first().waitFor({ timeout: 30_000 });
  await expand('->readahead');
  await row('read_pages').first().waitFor({ timeout: 30_000 });
  await looked('4-callers');
  await runCommand(vscode, 'Kerntrail: Back to the Chains Before');
  await row('->readahead').first().waitFor({ state: 'detached' });
  await runCommand(vscode, 'Kerntrail: Forward to the Next Chains');
  await row('->readahead').first().waitFor();
});

test('a context narrows the dispatches, and counts what it leaves out', async () => {
  await choose(row('__do_fault').first());
  await runCommand(vscode, 'Kerntrail: Pin a Context…');
  const input = vscode.page.locator('.quick-input-widget input').first();
  await input.fill('ext4');
  await vscode.page.keyboard.press('Enter');
  await rows(/as ext4/)
    .first()
    .waitFor({ timeout: 30_000 });
  await expand('->fault');
  await rows(/\+ [\d,]+ outside ext4/)
    .first()
    .waitFor({ timeout: 30_000 });
  await looked('5-context');
});

test('a filter keeps what fits', async () => {
  await runCommand(vscode, 'Kerntrail: Filter the Chains…');
  await vscode.page.locator('.quick-input-widget input').first().fill('fault @dispatch');
  await vscode.page.keyboard.press('Enter');
  await rows(/hidden by the filter/)
    .first()
    .waitFor({ timeout: 30_000 });
  await shot(vscode, `${NAME}-6-filter`);
  await runCommand(vscode, 'Kerntrail: Clear the Filter of the Chains');
  await rows(/hidden by the filter/)
    .first()
    .waitFor({ state: 'detached' });
});

test('a path is found from what is typed, stays in the view, and is walked by the keys', async () => {
  await setClipboard(vscode, 'filemap_fault');
  await runCommand(vscode, 'Kerntrail: Find Path…');
  const input = vscode.page.locator('.quick-input-widget input').first();
  const option = (text: string | RegExp) =>
    vscode.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  await option('in the clipboard').waitFor({ timeout: 30_000 });
  await input.fill('handle_mm_faul');
  await option(/handle_mm_fault/)
    .first()
    .waitFor({ timeout: 30_000 });
  await shot(vscode, `${NAME}-7-ends`);
  await input.fill('mm/memory.c:handle_mm_fault');
  await option(/handle_mm_fault/)
    .first()
    .waitFor({ timeout: 30_000 });
  await vscode.page.keyboard.press('Enter');
  await vscode.page.locator('.quick-input-title', { hasText: 'to where' }).waitFor({ timeout: 30_000 });
  await input.fill('ext4_readahead');
  await option('ext4_readahead').first().waitFor({ timeout: 30_000 });
  await vscode.page.keyboard.press('Enter');
  await rows(/^Path 1/).waitFor({ timeout: 60_000 });
  await rows(/[1-9]\d* paths?/)
    .first()
    .waitFor({ timeout: 60_000 });
  await looked('8-path');
  await vscode.page.keyboard.press('Control+F8');
  await atLine(lineOf('mm/memory.c', /^vm_fault_t handle_mm_fault\(/, 'handle_mm_fault'));
  await vscode.page.keyboard.press('Control+F8');
  await vscode.page.keyboard.press('Control+Shift+F8');
  await atLine(lineOf('mm/memory.c', /^vm_fault_t handle_mm_fault\(/, 'handle_mm_fault'));
});

test('what was found is drawn in a tab of its own', async () => {
  await choose(rows(/^Path 1/), 'right');
  await vscode.page.locator('.monaco-menu .action-item', { hasText: /^Draw$/ }).click();
  await vscode.page.locator('.tab.active', { hasText: 'ext4_readahead' }).waitFor({ timeout: 60_000 });
  await vscode.page.waitForTimeout(3_000);
  await looked('13-drawn');
  await vscode.page.keyboard.press('Control+F4');
});

test('how a function is reached', async () => {
  await goTo(vscode, placeOf(folder, 'fs/ext4/inode.c', /^static void ext4_readahead\(/, 'ext4_readahead'));
  await runCommand(vscode, 'Kerntrail: How Is This Function Reached?');
  await rows(/^Entries that reach/).waitFor({ timeout: 30_000 });
  await rows(/[1-9]\d* entr(?:y|ies)/)
    .first()
    .waitFor({ timeout: 60_000 });
  await looked('9-reached');
});

test('a row can be copied, pinned and taken out by keys and menu', async () => {
  await runCommand(vscode, 'Kerntrail: Remove All Chains but Pinned Ones');
  await goTo(vscode, placeOf(folder, 'mm/memory.c', /^static vm_fault_t __do_fault\(/, '__do_fault'));
  await runCommand(vscode, 'Kerntrail: Explore Targets');
  await row('->fault').first().waitFor({ timeout: 30_000 });
  await choose(row('__do_fault').first(), 'right');
  const entry = (text: string | RegExp) => vscode.page.locator('.monaco-menu .action-item', { hasText: text }).first();
  await entry('Copy as Text').waitFor({ timeout: 30_000 });
  await shot(vscode, `${NAME}-10-menu`);
  await entry('Copy as Text').click();
  await expect
    .poll(() => vscode.page.evaluate('navigator.clipboard.readText()'))
    .toMatch(/^__do_fault {2}targets[\s\S]*->fault/);
  await choose(row('__do_fault').first(), 'right');
  await entry(/^Pin$/).click();
  await rows(/pinned/)
    .first()
    .waitFor({ timeout: 30_000 });
  await runCommand(vscode, 'Kerntrail: Remove All Chains but Pinned Ones');
  await rows(/pinned/)
    .first()
    .click();
  await vscode.page.keyboard.press('Delete');
  await rows(/pinned/)
    .first()
    .waitFor({ state: 'detached', timeout: 30_000 });
  await shot(vscode, `${NAME}-12-welcome`);
});

test('a table lists its functions', async () => {
  await goTo(vscode, placeOf(folder, 'fs/ext4/file.c', /ext4_file_vm_ops = \{/, 'ext4_file_vm_ops'));
  await untilSeen(rows(/\.fault/), () =>
    vscode.page
      .locator('.codelens-decoration a:visible', { hasText: 'explore functions' })
      .first()
      .click({ timeout: 3_000 }),
  );
  await looked('11-table');
});
