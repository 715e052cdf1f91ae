import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import {
  hoverUntil,
  indexReady,
  peekImplementations,
  placeOf,
  required,
  shot,
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

test('Go to Implementations on a slot peeks at the functions of the whole tree', { timeout: 900_000 }, async () => {
  await indexReady(vscode, 800_000);
  const place = placeOf(folder, FILE, /^\s*\.fault\s*=\s*filemap_fault/, 'fault');
  const peek = await peekImplementations(vscode, place);
  await shot(vscode, 'kernel-2-implementations');
  expect(peek.count).toBeGreaterThan(20);
});
