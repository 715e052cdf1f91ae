import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Hover } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import { STATUS, type StatusParams } from '../../../server/src/lsp/protocol.ts';
import { childrenOf, isRunning, layTraps, serverProcess, TRAPS } from '../support/hostile.ts';
import { writeTree } from '../support/marked.ts';
import { VM_TREE } from '../support/vmTree.ts';

const CHANGED = 2;

describe.runIf(process.platform === 'linux')('a hostile tree in the editor', () => {
  test('its traps hold up neither answers nor updates, and the indexer ends with the server', {
    timeout: 90_000,
  }, async () => {
    const tree = writeTree(VM_TREE);
    const { elsewhere, paths } = layTraps(tree.root);
    const { pid, connection, kill } = await serverProcess(tree.root, tree.storage);
    try {
      const ready = new Promise<void>((resolve) =>
        connection.onNotification(STATUS, (s: StatusParams) => {
          if (s.phase === 'ready') resolve();
        }),
      );
      await connection.sendNotification('initialized', {});
      const uri = (path: string) => URI.file(join(tree.root, path)).toString();
      const open = (path: string, text: string) =>
        connection.sendNotification('textDocument/didOpen', {
          textDocument: { uri: uri(path), languageId: 'c', version: 1, text },
        });
      const hover = async (path: string, line: number, character: number) => {
        const position = { line, character };
        const answer = await connection.sendRequest<Hover | null>('textDocument/hover', {
          textDocument: { uri: uri(path) },
          position,
        });
        return (answer?.contents as { value: string } | undefined)?.value ?? '';
      };
      const text = readFileSync(join(tree.root, 'fs/walker.c'), 'utf8');
      const line = text.split('\n').findIndex((l) => l.includes('filemap_fault'));
      const structLine = text.split('\n').findIndex((l) => l.includes('struct vm_fault'));
      await open('fs/walker.c', text);
      // an editor shows a pipe as an empty file
      for (const path of paths.filter((p) => p.endsWith('.c'))) await open(path, '');
      // answered before there is an index, from the sources
      expect(await hover('fs/walker.c', structLine, 20)).toContain('include/linux/mm.h:2');
      await ready;
      expect(await hover('fs/walker.c', line, 10)).toContain('mm/filemap.c');
      // what a build before them would have read turns into traps, and the watcher tells of all
      for (const [i, lay] of Object.values(TRAPS).entries()) {
        const path = `mm/was${i}.c`;
        writeFileSync(join(tree.root, path), `int was${i};\n`);
        rmSync(join(tree.root, path));
        lay(join(tree.root, path), elsewhere);
        paths.push(path);
      }
      writeFileSync(
        join(tree.root, 'mm/later.c'),
        '#include <linux/mm.h>\nint later(struct vm_fault *v) { return filemap_fault(v); }\n',
      );
      const changes = [...paths, 'mm/later.c'].map((path) => ({ uri: uri(path), type: CHANGED }));
      await connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
      await expect.poll(() => hover('fs/walker.c', line, 10), { timeout: 30_000 }).toContain('later');
      const indexers = childrenOf(pid);
      expect(indexers.length).toBeGreaterThan(0);
      kill();
      await expect.poll(() => [pid, ...indexers].filter(isRunning), { timeout: 20_000 }).toEqual([]);
    } finally {
      kill();
      connection.dispose();
    }
  });
});
