// A graph is there again when its window is loaded anew: in a window of its own, as that takes it from all other tests.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/run.mjs';
import { goTo, indexReady, placeOf, runCommand, shot, startVsCode, type VsCode } from '../driver/vscode.ts';

const scratch = mkdtempSync(join(tmpdir(), 'kerntrail-reload-'));
const folder = join(scratch, 'mini-kernel');
let vscode: VsCode;

beforeAll(async () => {
  cpSync(join(ROOT, 'samples', 'mini-kernel'), folder, { recursive: true });
  vscode = await startVsCode(folder);
  await goTo(vscode, placeOf(folder, 'mm/memory.c', /^static .*__do_fault\(/, '__do_fault'));
  await indexReady(vscode, 60_000);
});
beforeEach((context) => onTestFailed(() => shot(vscode, `failed-${context.task.name.replace(/\W+/g, '-')}`)));
afterAll(async () => {
  await vscode?.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** Where each box of the graph stands, once there is one. */
async function places(patience = 60_000): Promise<Map<string, string>> {
  const { page } = vscode;
  for (const deadline = Date.now() + patience; ; ) {
    for (const frame of page.frames()) {
      const boxes = await boxesIn(frame).catch(() => []);
      if (boxes.length > 0) return new Map(boxes);
    }
    if (Date.now() > deadline) throw new Error('no page has drawn a graph');
    await page.waitForTimeout(200);
  }
}

const boxesIn = (frame: Frame): Promise<[string, string][]> =>
  frame.evaluate(
    `[...document.querySelectorAll('#canvas g.box')].map((box) => [box.dataset.id, box.getAttribute('transform')])`,
  );

test('a reload of the window brings the tab back as it was', { timeout: 400_000 }, async () => {
  const { page } = vscode;
  await runCommand(vscode, 'Kerntrail: Map the Page Fault Path');
  const before = await places();
  await page.waitForTimeout(1000);
  const again = async (): Promise<Map<string, string>> => {
    // by VS Code's own command, which writes down what is open before it goes
    const loaded = page.waitForEvent('domcontentloaded', { timeout: 60_000 });
    await runCommand(vscode, 'Developer: Reload Window');
    await loaded;
    await page.locator('.tab.active', { hasText: 'Page Fault Path' }).waitFor({ timeout: 60_000 });
    return places();
  };
  // on a busy machine VS Code gives a page's files up after half a minute
  expect(await again().catch(again)).toEqual(before);
});
