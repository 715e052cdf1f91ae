import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CodeLens,
  Hover,
  Location,
  SymbolInformation,
} from 'vscode-languageserver';
import {
  byModule,
  faultOf,
  isBuilding,
  modulesNote,
  newModules,
  overModules,
} from '../../../../server/src/lsp/modules/modules.ts';
import { type LspClient, startClient, uriOfFile } from '../../support/lspClient.ts';
import { type Tree, writeTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

// A module's folder beside a tree, and alone with the setting kerntrail.tree.

const MODULE = `#include <linux/mm.h>
#include "my.h"

static vm_fault_t my_fault(struct vm_fault *vmf)
{
	return filemap_fault(vmf);
}

MY_OPS(my_vm_ops, my_fault);

int my_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &my_vm_ops;
	return 0;
}
`;
const HEADER = '#define MY_OPS(name, f) const struct vm_operations_struct name = { .fault = f }\n';

let tree: Tree;
let folder: string;
let client: LspClient | undefined;

beforeEach(() => {
  tree = writeTree(VM_TREE);
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'my-')));
  mkdirSync(join(folder, 'include'));
  writeFileSync(join(folder, 'include/my.h'), HEADER);
  writeFileSync(join(folder, 'Kbuild'), 'obj-m := my.o\nccflags-y := -I$(src)/include\n');
  writeFileSync(join(folder, 'my.c'), MODULE);
});
afterEach(async () => {
  await client?.stop();
  client = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const uri = () => uriOfFile(join(folder, 'my.c'));

function open(text: string, at = uri()): void {
  void client?.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri: at, languageId: 'c', version: 1, text },
  });
}

/** Asks at a word of the module's file, `offset` characters into it. */
function ask<T>(method: string, word: string, more: object = {}, text = MODULE): Promise<T> {
  const before = text.slice(0, text.indexOf(word)).split('\n');
  const position = { line: before.length - 1, character: (before.at(-1)?.length ?? 0) + 1 };
  return (client as LspClient).connection.sendRequest(method, { textDocument: { uri: uri() }, position, ...more });
}

const hover = async (word: string): Promise<string> =>
  ((await ask<Hover | null>('textDocument/hover', word))?.contents as { value: string } | undefined)?.value ?? '';

/** Asks until the index of the module answers whole. */
const untilWhole = (word: string) =>
  vi.waitFor(
    async () => {
      const text = await hover(word);
      expect(text).not.toMatch(/may be partial/);
      expect(text).not.toBe('');
      return text;
    },
    { timeout: 60_000, interval: 100 },
  );

test('beside the tree: everything works in its file, and the tree sees it', { timeout: 120_000 }, async () => {
  client = await startClient([tree.root, folder], tree.storage);
  open(MODULE);
  expect(await untilWhole('my_fault')).toContain('vm_operations_struct');

  const [definition] = await ask<Location[]>('textDocument/definition', 'filemap_fault');
  expect(definition.uri).toBe(uriOfFile(join(tree.root, 'mm/filemap.c')));

  const lenses = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
    textDocument: { uri: uri() },
  });
  expect(lenses.length).toBeGreaterThan(0);

  // the slot itself, in the tree's header
  const header = uriOfFile(join(tree.root, 'include/linux/mm.h'));
  const text = tree.files.get('include/linux/mm.h') ?? '';
  open(text, header);
  const before = text.slice(0, text.indexOf('*fault)') + 2).split('\n');
  const found = await client.connection.sendRequest<Location[]>('textDocument/implementation', {
    textDocument: { uri: header },
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  });
  expect(found.map((l) => l.uri)).toContain(uri());

  const [item] = await ask<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', 'my_fault');
  const calls = await client.connection.sendRequest<CallHierarchyIncomingCall[]>('callHierarchy/incomingCalls', {
    item,
  });
  expect(calls.length).toBeGreaterThan(0);
});

test('alone, with the setting; what is typed counts at once', { timeout: 120_000 }, async () => {
  client = await startClient([folder], tree.storage, { tree: tree.root });
  open(MODULE);
  await untilWhole('my_fault');
  const typed = MODULE.replace('MY_OPS(my_vm_ops, my_fault);\n', '');
  await client.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri: uri(), version: 2 },
    contentChanges: [{ text: typed }],
  });
  const found = await ask<Location[]>(
    'textDocument/references',
    'my_fault',
    { context: { includeDeclaration: false } },
    typed,
  );
  expect(found).toEqual([]);
  // once it is saved, its index knows it without the document
  const saved = `${MODULE}int saved_later(void)\n{\n\treturn 0;\n}\n`;
  await client.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri: uri(), version: 3 },
    contentChanges: [{ text: saved }],
  });
  writeFileSync(join(folder, 'my.c'), saved);
  await client.connection.sendNotification('textDocument/didSave', { textDocument: { uri: uri() } });
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: uri() } });
  await vi.waitFor(
    async () => {
      const symbols = await client?.connection.sendRequest<SymbolInformation[]>('workspace/symbol', {
        query: 'saved_later',
      });
      expect(symbols?.map((symbol) => symbol.location.uri)).toEqual([uri()]);
    },
    { timeout: 60_000, interval: 100 },
  );
});

test('a folder that comes into the window later is a module from then on', { timeout: 120_000 }, async () => {
  client = await startClient([tree.root], tree.storage);
  open(MODULE);
  expect(await hover('my_fault')).toBe('');
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ uri: uriOfFile(folder), name: 'my' }], removed: [] },
  });
  expect(await untilWhole('my_fault')).toContain('vm_operations_struct');
});

const MY = { name: '[my]', folder: '/my', root: '/my' };

test('while a module has no index, answers say so; a fault is told in its place', () => {
  const m = { module: MY, reader: null, isReady: false, problem: null as string | null };
  const modules = { list: [m], over: null };
  expect(modulesNote(modules)).toBe('The module [my] is being indexed. This answer may be partial.');
  expect([isBuilding(modules), faultOf(modules)]).toEqual([true, '']);
  m.problem = 'no room';
  expect([isBuilding(modules), faultOf(modules)]).toEqual([false, 'Module [my]: no room']);
  expect(modulesNote(modules)).toBe('The module [my] is not indexed (no room). This answer may be partial.');
  expect(modulesNote(newModules('/nowhere'))).toBeNull();
  expect(overModules(modules, null)).toBeNull();
});

test('changed paths are of the tree or of one module', () => {
  const m = { module: MY, reader: null, isReady: false, problem: null };
  expect(byModule({ list: [m], over: null }, ['a.c', '[my]/b.c', '[my]/c.c'])).toEqual([
    { module: null, paths: ['a.c'] },
    { module: m, paths: ['[my]/b.c', '[my]/c.c'] },
  ]);
});
