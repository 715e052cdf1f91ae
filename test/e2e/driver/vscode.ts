import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { ROOT } from '../../../scripts/lib/run.mjs';
import { ensureHost, installExtension, type RunningServer, startServer } from '../../../scripts/lib/vscode-host.mjs';

/** Settings that make the editor hold still and answer quickly. */
const TEST_SETTINGS = {
  'editor.hover.delay': 100,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.cursorBlinking': 'solid',
  'window.commandCenter': false,
  'workbench.colorTheme': 'Dark Modern',
  'workbench.list.smoothScrolling': false,
  'search.followSymlinks': false,
};

// When vitest itself is killed, its worker would wait on in a test, and the server and the browser with it.
process.once('disconnect', () => process.exit(1));

const SHOTS = join(ROOT, 'test', 'e2e', 'shots');

/** A real VS Code in a headless browser, with Kerntrail installed and one folder open. */
export interface VsCode {
  readonly page: Page;
  readonly folder: string;
  readonly server: RunningServer;
  close(): Promise<void>;
}

/** A place in a file of the opened folder; line and column count from 1, as the editor shows them. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** Starts VS Code on a folder or a workspace file; close() ends all of it. `before` is told where the extension will keep its indexes. */
export async function startVsCode(
  folder: string,
  settings: Record<string, unknown> = {},
  { before, ...more }: { asksForTrust?: boolean; env?: Record<string, string>; before?(storage: string): void } = {},
): Promise<VsCode> {
  const scratch = mkdtempSync(join(tmpdir(), 'kerntrail-vscode-'));
  const dataDir = join(scratch, 'data');
  const extensionsDir = join(scratch, 'extensions');
  const host = await ensureHost();
  const vsix = required('KERNTRAIL_VSIX');
  await installExtension(host, { dataDir, extensionsDir, vsix });
  before?.(join(dataDir, 'data', 'User', 'globalStorage', 'kerntrail.kerntrail'));
  const server = await startServer(host, {
    dataDir,
    extensionsDir,
    settings: { ...TEST_SETTINGS, ...settings },
    ...more,
  });
  let browser: BrowserContext | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await server.stop();
    // Children of the server may still write for a moment.
    await rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    browser = await chromium.launchPersistentContext(join(scratch, 'browser'), {
      executablePath: required('KERNTRAIL_CHROMIUM'),
      headless: true,
      viewport: { width: 1400, height: 900 },
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-component-update'],
    });
    await browser.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = browser.pages()[0] ?? (await browser.newPage());
    await page.goto(server.url(folder), { waitUntil: 'domcontentloaded', timeout: 120_000 });
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 120_000 });
    return { page, folder, server, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where a word stands on the first line that the pattern matches, read from the file itself. */
export function placeOf(folder: string, file: string, line: RegExp, word: string): Place {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const index = lines.findIndex((text) => line.test(text));
  if (index < 0) throw new Error(`${file} has no line like ${line}`);
  const column = lines[index].search(new RegExp(`\\b${word}\\b`));
  if (column < 0) throw new Error(`${file}:${index + 1} does not hold the word ${word}`);
  return { file, line: index + 1, column: column + 1 };
}

/** Opens the quick input by a key and types into it. The one before it may just be closing, and swallow the key. */
async function quickInput(page: Page, key: string, text: string): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  for (let turn = 1; ; turn++) {
    await widget.waitFor({ state: 'hidden' });
    await page.keyboard.press(key);
    try {
      await widget.locator('input').first().fill(text, { timeout: 4_000 });
      return;
    } catch (error) {
      if (turn === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Types into the quick input and takes the row, once Enter would. A list that never gets there is opened again. */
async function pick(page: Page, key: string, text: string, row: RegExp | string): Promise<void> {
  for (let turn = 1; ; turn++) {
    await quickInput(page, key, text);
    try {
      await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: row }).waitFor({ timeout: 20_000 });
      await page.keyboard.press('Enter');
      return;
    } catch (error) {
      if (turn === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Opens the file by Quick Open, with the cursor at the place. */
export async function goTo({ page }: VsCode, { file, line, column }: Place): Promise<void> {
  const [name, ...folders] = file.split('/').reverse();
  // the list first shows what was open lately
  const row = new RegExp(`^\\s*${escaped(name)}.*${escaped(folders.reverse().join('/'))}`);
  await pick(page, 'Control+p', `${file}:${line}:${column}`, row);
  await page.locator('.tab.active', { hasText: name }).waitFor({ timeout: 30_000 });
  // The column is shown with tabs spread out, so the line alone is compared.
  await page.locator('.statusbar-item', { hasText: `Ln ${line},` }).waitFor({ timeout: 30_000 });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Runs a command of the palette by its title. */
export async function runCommand({ page }: VsCode, title: string): Promise<void> {
  await pick(page, 'F1', `>${title}`, title);
}

/**
 * Points the mouse at a place until its hover holds the text, and gives the hover's whole text. Pointing again is
 * part of it: a server that has only just started may answer the first hover with nothing.
 */
export async function hoverUntil(vscode: VsCode, place: Place, text: string, timeoutMs = 60_000): Promise<string> {
  await goTo(vscode, place);
  return hoverAtCursor(vscode, text, timeoutMs);
}

/** The same at the cursor. */
export async function hoverAtCursor({ page }: VsCode, text: string, timeoutMs = 60_000): Promise<string> {
  const hover = page.locator('.monaco-hover:visible', { hasText: text }).first();
  for (const deadline = Date.now() + timeoutMs; ; ) {
    const { x, y } = await cursorPosition(page);
    await page.mouse.move(x + 3, y - 60);
    await page.mouse.move(x + 4, y, { steps: 4 });
    try {
      await hover.waitFor({ timeout: 3_000 });
      return await hover.innerText();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** The middle of the editor's cursor, in the page. */
async function cursorPosition(page: Page): Promise<{ x: number; y: number }> {
  const box = await page.locator('.editor-instance .cursors-layer .cursor').first().boundingBox();
  if (!box) throw new Error('the editor shows no cursor');
  return { x: box.x, y: box.y + box.height / 2 };
}

/** An opened peek view: its title's count and the rows that are in sight. */
export interface Peek {
  title: string;
  count: number;
  rows: string[];
}

/** Go to Implementations at a place, where there are many: waits for the peek view and reads it. */
export async function peekImplementations(vscode: VsCode, place: Place): Promise<Peek> {
  await goTo(vscode, place);
  // its key is another one in a browser
  await runCommand(vscode, 'Go to Implementations');
  return readPeek(vscode);
}

/** The peek view that is open or about to be. */
export async function readPeek({ page }: VsCode): Promise<Peek> {
  const peek = page.locator('.peekview-widget').first();
  await peek.locator('.ref-tree .monaco-list-row').first().waitFor({ timeout: 60_000 });
  const title = (await peek.locator('.peekview-title').innerText()).replace(/\s+/g, ' ');
  const count = Number(/\((\d+)\)/.exec(title)?.[1] ?? Number.NaN);
  return { title, count, rows: await peek.locator('.ref-tree .monaco-list-row').allInnerTexts() };
}

/** Does something until what it brings about is in sight: an editor that moves its parts may swallow a click. */
export async function untilSeen(wanted: Locator, act: () => Promise<unknown>): Promise<void> {
  for (let turn = 1; ; turn++) {
    try {
      await act();
      await wanted.first().waitFor({ timeout: 5_000 });
      return;
    } catch (error) {
      if (turn === 6) throw error;
    }
  }
}

/** Opens the view of calls for the function at a place. */
export async function showCalls(vscode: VsCode, place: Place, direction: 'Incoming' | 'Outgoing'): Promise<void> {
  await goTo(vscode, place);
  await runCommand(vscode, 'Calls: Show Call Hierarchy');
  const { page } = vscode;
  const title = (text: string | RegExp) => page.locator('.part.sidebar .composite.title', { hasText: text });
  await title(/Callers Of|Calls From/).waitFor({ timeout: 60_000 });
  await page.locator('.part.sidebar .monaco-list-row').first().waitFor({ timeout: 60_000 });
  // a view that is just being filled takes its first direction again
  for (let turn = 0; turn < 5; turn++) {
    await page.waitForTimeout(1_000);
    if (await title(direction === 'Outgoing' ? 'Calls From' : 'Callers Of').count()) return;
    await runCommand(vscode, `Calls: Show ${direction} Calls`);
  }
}

/** Opens the rows of the view of calls one after the other, each below the one before; gives the last one's text. */
export async function expandCalls({ page }: VsCode, names: readonly string[]): Promise<string> {
  let text = '';
  for (const name of names) {
    const row = page
      .locator('.part.sidebar .monaco-list-row')
      .filter({ has: page.getByText(name, { exact: true }) })
      .last();
    await row.waitFor({ timeout: 30_000 });
    text = (await row.innerText()).replace(/\s+/g, ' ');
    // a row that is just being filled may swallow the click
    for (let turn = 0; turn < 5 && (await row.getAttribute('aria-expanded')) === 'false'; turn++) {
      await row.locator('.monaco-tl-twistie').click();
      for (let n = 0; n < 50 && (await row.getAttribute('aria-expanded')) === 'false'; n++)
        await page.waitForTimeout(100);
    }
  }
  return text;
}

/** Puts a text into the clipboard of the browser, which is the editor's. */
export async function setClipboard({ page }: VsCode, text: string): Promise<void> {
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
}

/** Kerntrail's status bar item. */
export function statusItem({ page }: VsCode): Locator {
  return page.locator('.statusbar-item[id*="kerntrail.status"]');
}

/** Waits until the status bar says that nothing is left to index; a server that has failed ends the wait. */
export async function indexReady(vscode: VsCode, timeoutMs: number): Promise<void> {
  const item = statusItem(vscode);
  await item.waitFor({ timeout: 60_000 });
  const ready = item.locator('.codicon-type-hierarchy');
  const failed = item.locator('.codicon-error, .codicon-warning, .codicon-circle-slash');
  await ready.or(failed).waitFor({ timeout: timeoutMs });
  if (await failed.count()) throw new Error(`Kerntrail is not ready: ${await item.getAttribute('aria-label')}`);
}

/** Keeps a screenshot under test/e2e/shots. */
export async function shot({ page }: VsCode, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** An environment variable of the global set-up. */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the end-to-end tests by npm run test:e2e`);
  return value;
}
