import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/run.mjs';
import {
  expandCalls,
  goTo,
  hoverUntil,
  indexReady,
  placeOf,
  readPeek,
  runCommand,
  setClipboard,
  shot,
  showCalls,
  startVsCode,
  type VsCode,
} from '../driver/vscode.ts';

// The sample of an out-of-tree module, alone and beside a tree. KERNTRAIL_E2E_TREE names another tree than the sample,
// KERNTRAIL_E2E_INDEX a folder with an index of it.

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'kerntrail-modules-')));
const module = join(scratch, 'myfs');
cpSync(join(ROOT, 'samples', 'myfs'), module, { recursive: true });
const tree = process.env.KERNTRAIL_E2E_TREE ?? join(scratch, 'mini-kernel');
if (!process.env.KERNTRAIL_E2E_TREE) cpSync(join(ROOT, 'samples', 'mini-kernel'), tree, { recursive: true });
const begin = (storage: string): void => {
  if (process.env.KERNTRAIL_E2E_INDEX) cpSync(process.env.KERNTRAIL_E2E_INDEX, storage, { recursive: true });
};
let vscode: VsCode | undefined;

// here and not in onTestFailed, which runs when the editor is closed already
afterEach(async ({ task }) => {
  if (vscode && task.result?.state === 'fail') await shot(vscode, `failed-${task.name.replace(/\W+/g, '-')}`);
  await vscode?.close();
  vscode = undefined;
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const STACKS = readFileSync(join(ROOT, 'samples', 'myfs', 'stacks.txt'), 'utf8');

/** A row of the Backtrace view. */
const row = ({ page }: VsCode, text: RegExp) => page.locator('.pane-body .monaco-list-row', { hasText: text }).first();

test("the module's folder alone, with the setting kerntrail.tree", async () => {
  vscode = await startVsCode(module, { 'kerntrail.tree': tree }, { before: begin });
  const table = placeOf(module, 'file.c', /vm_operations_struct myfs_vm_ops = \{/, 'myfs_vm_ops');
  await goTo(vscode, table);
  await indexReady(vscode, 120_000);
  expect(await hoverUntil(vscode, table, 'myfs_fault')).toContain('test_generic_file_mmap');
  await vscode.page.locator('.codelens-decoration a:visible').first().waitFor({ timeout: 30_000 });
  await shot(vscode, 'module-1-alone');
  await goTo(vscode, placeOf(module, 'file.c', /return filemap_fault/, 'filemap_fault'));
  await runCommand(vscode, 'Go to Definition');
  await vscode.page.locator('.tab.active', { hasText: 'filemap.c' }).waitFor({ timeout: 30_000 });
  await shot(vscode, 'module-2-definition');
  await showCalls(vscode, placeOf(module, 'file.c', /^static vm_fault_t myfs_fault/, 'myfs_fault'), 'Incoming');
  await expandCalls(vscode, ['myfs_fault', '->fault', '__do_fault']);
  await shot(vscode, 'module-3-callers');
});

test('beside the tree: the slot of the tree leads to the module, and so does a backtrace', async () => {
  const workspace = join(scratch, 'both.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: tree }, { path: module }] }));
  vscode = await startVsCode(workspace, {}, { before: begin });
  const { page } = vscode;
  const site = placeOf(tree, 'mm/memory.c', /vma->vm_ops->fault\(vmf\)/, 'fault');
  await goTo(vscode, site);
  await indexReady(vscode, 120_000);
  await runCommand(vscode, 'Go to Implementations');
  const peek = await readPeek(vscode);
  await shot(vscode, 'module-4-implementations');
  expect(peek.rows.join('\n')).toContain('myfs');
  await page.keyboard.press('Escape');
  const table = placeOf(module, 'file.c', /vm_operations_struct myfs_vm_ops = \{/, 'myfs_vm_ops');
  expect(await hoverUntil(vscode, table, 'myfs_fault')).toContain('test_generic_file_mmap');
  await shot(vscode, 'module-5-beside');
  await setClipboard(vscode, STACKS);
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  const frame = row(vscode, /^#\d+ test_simple_readpage/);
  await frame.waitFor({ timeout: 60_000 });
  await shot(vscode, 'module-6-backtrace');
  expect(await frame.getAttribute('aria-label')).toMatch(/\[myfs\]\/file\.c:\d+/);
});
