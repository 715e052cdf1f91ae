// What someone sees who has just installed the extension, and has no kernel tree open.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { runCommand, shot, startVsCode, statusItem, type VsCode } from '../driver/vscode.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerntrail-first-run-'));
let vscode: VsCode;

beforeAll(async () => {
  vscode = await startVsCode(folder);
});
beforeEach((context) => onTestFailed(() => shot(vscode, `failed-${context.task.name.replace(/\W+/g, '-')}`)));
afterAll(async () => {
  await vscode?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the walkthrough shows what there is to do, in the colours of the theme', async () => {
  const { page } = vscode;
  await runCommand(vscode, 'Welcome: Open Walkthrough...');
  await page.keyboard.type('Read a kernel');
  await page.keyboard.press('Enter');
  const steps = page.locator('.gettingStartedContainer .getting-started-step');
  await steps.first().waitFor({ timeout: 60_000 });
  expect(await steps.count()).toBe(5);
  await shot(vscode, 'walk-1-tree');
  for (const [n, name] of ['table', 'explore', 'draw', 'backtrace'].entries()) {
    await steps.nth(n + 1).click();
    await page.waitForTimeout(700);
    await shot(vscode, `walk-${n + 2}-${name}`);
  }
});

test('without a tree the view, the status item and its menu say how to get one', async () => {
  const { page } = vscode;
  await runCommand(vscode, 'Kerntrail: Focus on Backtrace View');
  const choose = page.locator('.welcome-view .monaco-button', { hasText: 'Choose Kernel Tree…' }).first();
  await choose.waitFor({ timeout: 60_000 });
  await statusItem(vscode).filter({ hasText: 'no tree' }).waitFor({ timeout: 30_000 });
  expect(await statusItem(vscode).locator('a').first().getAttribute('aria-label')).toContain('Kerntrail: no tree');
  await statusItem(vscode).click();
  const items = page.locator('.quick-input-list .monaco-list-row');
  await items.filter({ hasText: 'Choose Kernel Tree…' }).waitFor({ timeout: 30_000 });
  expect(await items.filter({ hasText: 'Find Path…' }).count()).toBe(0);
  await shot(vscode, 'walk-6-no-tree');
  await page.keyboard.press('Escape');
});
