import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import {
  expandCalls,
  hoverUntil,
  indexReady,
  peekImplementations,
  placeOf,
  required,
  runCommand,
  setClipboard,
  shot,
  showCalls,
  startVsCode,
  type VsCode,
} from '../driver/vscode.ts';

const folder = required('KERNEL_TREE');
const FILE = 'fs/ext4/file.c';
let vscode: VsCode;

beforeAll(async () => {
  vscode = await startVsCode(folder);
});
beforeEach((context) => onTestFailed(() => shot(vscode, `failed-${context.task.name.replace(/\W+/g, '-')}`)));
afterAll(() => vscode?.close());

test('hover on a table of a kernel tree lists its functions, while the index is still building', async () => {
  const place = placeOf(folder, FILE, /vm_operations_struct ext4_file_vm_ops = \{/, 'ext4_file_vm_ops');
  const text = await hoverUntil(vscode, place, 'filemap_fault');
  await shot(vscode, 'kernel-1-hover');
  expect(text).toContain('filemap_map_pages');
});

test('a backtrace that is pasted meanwhile has its places, and nothing of it is called absent', async () => {
  const frames = [
    'filemap_fault+0x5d3/0x9f0',
    '__do_fault+0x32/0x130',
    'handle_mm_fault+0xdb/0x2d0',
    'vfs_read+0x1fd/0x2f0',
  ];
  await setClipboard(vscode, `Call Trace:\n${frames.map((f) => ` ${f}\n`).join('')}`);
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  const rows = (text: string | RegExp) => vscode.page.locator('.pane-body .monaco-list-row', { hasText: text });
  await rows(/^#\d+ filemap_fault.*filemap\.c:\d+/s).waitFor({ timeout: 120_000 });
  await rows(/^#\d+ handle_mm_fault.*memory\.c:\d+/s).waitFor({ timeout: 60_000 });
  await rows(/^#\d+ vfs_read.*read_write\.c:\d+/s).waitFor({ timeout: 60_000 });
  await shot(vscode, 'kernel-7-pasted-early');
  expect(await rows(/not in this tree/).count()).toBe(0);
});

test('Go to Implementations on a slot peeks at the functions of the whole tree', { timeout: 900_000 }, async () => {
  await indexReady(vscode, 800_000);
  const place = placeOf(folder, FILE, /^\s*\.fault\s*=\s*filemap_fault/, 'fault');
  const peek = await peekImplementations(vscode, place);
  await shot(vscode, 'kernel-2-implementations');
  expect(peek.count).toBeGreaterThan(20);
});

test('call hierarchy goes down through function pointers', { timeout: 120_000 }, async () => {
  const place = placeOf(folder, 'mm/memory.c', /^static vm_fault_t __do_fault\(/, '__do_fault');
  await showCalls(vscode, place, 'Outgoing');
  await expandCalls(vscode, ['__do_fault', '->fault', 'mm/', 'filemap_fault']);
  await shot(vscode, 'kernel-3-calls-down');
  await expandCalls(vscode, ['do_sync_mmap_readahead', 'page_cache_ra_order', 'read_pages', '->readahead']);
  const last = await expandCalls(vscode, ['ext4_readahead']);
  await shot(vscode, 'kernel-4-calls-further-down');
  expect(last).toContain('ext4_aops');
});

test('call hierarchy goes up through the slot that a function stands in', { timeout: 120_000 }, async () => {
  const place = placeOf(folder, 'fs/ext4/inode.c', /^vm_fault_t ext4_page_mkwrite\(/, 'ext4_page_mkwrite');
  await showCalls(vscode, place, 'Incoming');
  const caller = await expandCalls(vscode, ['ext4_page_mkwrite', '->page_mkwrite', 'do_page_mkwrite']);
  await shot(vscode, 'kernel-5-calls-up');
  expect(caller).toContain('mm/memory.c');
});

test('a backtrace of a built kernel shows what was inlined between its frames', async () => {
  const frames = ['ext4_file_read_iter+0x4a/0x130 [ext4]', 'vfs_read+0x1fd/0x2f0', 'ksys_read+0x67/0xf0'];
  await setClipboard(vscode, `Call Trace:\n${frames.map((f) => ` ${f}\n`).join('')}`);
  await runCommand(vscode, 'Kerntrail: Open Backtrace from Clipboard');
  const row = (name: string) => vscode.page.locator('.pane-body .monaco-list-row', { hasText: new RegExp(`^${name}`) });
  await row('new_sync_read').waitFor({ timeout: 60_000 });
  await shot(vscode, 'kernel-6-backtrace');
  expect(await row('call_read_iter').getAttribute('aria-label')).toMatch(/include\/linux\/fs\.h:\d+.*->read_iter/);
});
