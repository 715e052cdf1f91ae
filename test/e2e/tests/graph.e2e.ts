import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/run.mjs';
import {
  goTo,
  indexReady,
  placeOf,
  runCommand,
  setClipboard,
  shot,
  startVsCode,
  type VsCode,
} from '../driver/vscode.ts';

// Graphs on the sample; KERNTRAIL_E2E_TREE names another tree, KERNTRAIL_E2E_INDEX a folder with an index of it.
const REAL = process.env.KERNTRAIL_E2E_TREE;
const scratch = mkdtempSync(join(tmpdir(), 'kerntrail-graph-'));
const folder = REAL ?? join(scratch, 'mini-kernel');
const name = (shotName: string): string => `graph-${REAL ? 'kernel' : 'mini'}-${shotName}`;
const AXE = readFileSync(join(ROOT, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
let vscode: VsCode;

beforeAll(async () => {
  if (!REAL) cpSync(join(ROOT, 'samples', 'mini-kernel'), folder, { recursive: true });
  vscode = await startVsCode(
    folder,
    { 'window.autoDetectColorScheme': false },
    {
      before(storage) {
        if (process.env.KERNTRAIL_E2E_INDEX) cpSync(process.env.KERNTRAIL_E2E_INDEX, storage, { recursive: true });
      },
    },
  );
  await goTo(
    vscode,
    placeOf(folder, 'mm/memory.c', /^static vm_fault_t __do_fault\(|^static .*__do_fault\(/, '__do_fault'),
  );
  await indexReady(vscode, REAL ? 800_000 : 60_000);
}, 900_000);
beforeEach((context) => onTestFailed(() => shot(vscode, `failed-${context.task.name.replace(/\W+/g, '-')}`)));
afterAll(async () => {
  await vscode?.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** The graph's page, once it has drawn something. */
async function graph(patience = 60_000): Promise<Frame> {
  const { page } = vscode;
  for (const deadline = Date.now() + patience; ; ) {
    for (const frame of page.frames())
      if (
        await frame
          .locator('#canvas g.box')
          .first()
          .isVisible()
          .catch(() => false)
      )
        return frame;
    if (Date.now() > deadline) throw new Error('no page has drawn a graph');
    await page.waitForTimeout(200);
  }
}

const boxNamed = (frame: Frame, text: string): Locator =>
  frame
    .locator('g.box')
    .filter({ has: frame.locator('text.name').getByText(text, { exact: true }) })
    .first();

async function places(frame: Frame): Promise<Map<string, string>> {
  const boxes: [string, string][] = await frame.evaluate(
    `[...document.querySelectorAll('g.box')].map((box) => [box.dataset.id, box.getAttribute('transform')])`,
  );
  return new Map(boxes);
}

async function violations(frame: Frame): Promise<string[]> {
  await frame.evaluate(AXE);
  return frame.evaluate(
    `axe.run(document).then(({ violations }) => violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 200)).slice(0, 3).join(' ')))`,
  );
}

const useTheme = async (theme: string): Promise<void> => {
  const { page } = vscode;
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input').first();
  await input.fill('>Preferences: Color Theme');
  // another command of like name may come first
  await page.locator('.quick-input-list .monaco-list-row', { hasText: /^Preferences: Color Theme/ }).click();
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Dark Modern' }).first().waitFor();
  await input.fill(theme);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: theme }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await page.waitForTimeout(800);
};

test('the page fault path is drawn from the entry to readahead, the choices beside it', async () => {
  await runCommand(vscode, 'Kerntrail: Map the Page Fault Path');
  const frame = await graph();
  for (const text of ['exc_page_fault', 'handle_mm_fault', '__do_fault', '->fault', 'filemap_fault', '->readahead'])
    await expect(boxNamed(frame, text).getAttribute('class')).resolves.toContain('chosen');
  for (const text of [
    'do_read_fault',
    'do_cow_fault',
    'do_shared_fault',
    'do_anonymous_page',
    'shmem_fault',
    'shm_fault',
  ])
    expect(await boxNamed(frame, text).count(), text).toBe(1);
  await vscode.page.waitForTimeout(500);
  await shot(vscode, name('1-fault-dark'));
});

test('a fold opens in place: nothing that was there moves', async () => {
  const frame = await graph();
  const before = await places(frame);
  const fold = frame.locator('g.box.fold').first();
  if ((await fold.count()) === 0) return;
  await fold.click();
  await frame.locator('.room.opened').first().waitFor();
  const after = await places(frame);
  expect(after.size).toBeGreaterThan(before.size);
  for (const [id, at] of before) if (after.has(id)) expect([id, after.get(id)]).toEqual([id, at]);
  await vscode.page.waitForTimeout(500);
  await shot(vscode, name('2-opened'));
});

test('keys walk its lines, Enter opens the source beside it, a search finds', async () => {
  const frame = await graph();
  await boxNamed(frame, 'handle_mm_fault').focus();
  await vscode.page.keyboard.press('ArrowDown');
  await expect.poll(() => frame.evaluate('document.activeElement.dataset.id')).toContain('__handle_mm_fault');
  await vscode.page.keyboard.press('/');
  await frame.locator('#search').fill('shmem');
  await expect.poll(() => frame.locator('#found').innerText()).toMatch(/^1 of \d+: shmem/);
  await shot(vscode, name('3-search'));
  await vscode.page.keyboard.press('Escape');
  await boxNamed(frame, '__do_fault').focus();
  await vscode.page.keyboard.press('Enter');
  await vscode.page.locator('.tab.active', { hasText: 'memory.c' }).waitFor({ timeout: 30_000 });
  await shot(vscode, name('4-beside'));
});

test('the menu by keyboard; what is hidden can be shown again', async () => {
  const frame = await graph();
  await boxNamed(frame, 'do_cow_fault').focus();
  await vscode.page.keyboard.press('Shift+F10');
  await frame.locator('#menu [role=menuitem]', { hasText: 'Expand Callers' }).waitFor();
  await shot(vscode, name('5-menu'));
  await frame.locator('#menu [role=menuitem]').getByText('Hide', { exact: true }).click();
  expect(await boxNamed(frame, 'do_cow_fault').count()).toBe(0);
  await frame.locator('#again').click();
  expect(await boxNamed(frame, 'do_cow_fault').count()).toBe(1);
});

test('callers and targets of any box open beside it', async () => {
  const frame = await graph();
  const before = await places(frame);
  await boxNamed(frame, 'filemap_fault').focus();
  await vscode.page.keyboard.press('Shift+F10');
  await frame.locator('#menu [role=menuitem]').getByText('Expand Targets', { exact: true }).click();
  await expect.poll(async () => (await places(frame)).size, { timeout: 20_000 }).toBeGreaterThan(before.size);
  const after = await places(frame);
  for (const [id, at] of before) if (after.has(id)) expect([id, after.get(id)]).toEqual([id, at]);
  await shot(vscode, name('5-expanded'));
});

test('axe finds no fault with the page', async () => {
  expect(await violations(await graph())).toEqual([]);
});

test('light and high contrast, wide and narrow', async () => {
  const { page } = vscode;
  // the source beside it has been looked at
  await page.keyboard.press('Escape');
  for (const [theme, short] of [
    ['Light Modern', 'light'],
    ['Dark High Contrast', 'hc'],
    ['Light High Contrast', 'hc-light'],
  ] as const) {
    await useTheme(theme);
    await page.locator('.tab', { hasText: 'Page Fault Path' }).click();
    const frame = await graph();
    await frame.locator('#fit').click();
    await page.waitForTimeout(500);
    await shot(vscode, name(`6-${short}`));
    expect(await violations(frame), theme).toEqual([]);
  }
  await page.setViewportSize({ width: 1000, height: 900 });
  const frame = await graph();
  await frame.locator('#tidy').click();
  await page.waitForTimeout(1500);
  await shot(vscode, name('7-narrow-hc'));
  await useTheme('Dark Modern');
  await page.waitForTimeout(500);
  await shot(vscode, name('7-narrow-dark'));
  await page.setViewportSize({ width: 1400, height: 900 });
});

test('the stacks of a trace as a graph: shared frames once, slots between', async () => {
  const text = readFileSync(join(ROOT, 'samples', 'backtraces', 'x86-oops-page-fault.txt'), 'utf8');
  await setClipboard(vscode, text);
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  await vscode.page
    .locator('.pane-body .monaco-list-row', { hasText: /filemap/ })
    .first()
    .waitFor({ timeout: 60_000 });
  await runCommand(vscode, 'Kerntrail: Draw Stacks as a Graph');
  const frame = await graph();
  await frame.locator('g.line.dispatch').first().waitFor();
  await vscode.page.waitForTimeout(500);
  await shot(vscode, name('8-trace'));
});
