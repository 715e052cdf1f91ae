import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../../scripts/lib/run.mjs';
import { openDirect } from '../../../server/src/index/read/direct.ts';
import { siblingsOf } from '../../../server/src/index/siblings.ts';
import { readTree } from '../../../server/src/index/tree.ts';
import {
  MOST_BYTES,
  namesInFolder,
  readTreeFile,
  readTreeText,
  statTreeFile,
} from '../../../server/src/index/treeFiles.ts';

const scratch = mkdtempSync(join(tmpdir(), 'kerntrail-hostile-'));
const root = join(scratch, 'linux');
const SECRET = 'int secret(void) { return 1; }\n';
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

beforeAll(() => {
  write('Makefile', 'VERSION = 6\nPATCHLEVEL = 1\n');
  write('include/linux/fs.h', 'struct file { int n; };\n');
  write('fs/a.c', 'int a;\n');
  mkdirSync(join(scratch, 'elsewhere'));
  writeFileSync(join(scratch, 'elsewhere', 'secret.c'), SECRET);
  // its name begins as the tree's does
  mkdirSync(join(scratch, 'linux-other'));
  writeFileSync(join(scratch, 'linux-other', 'secret.c'), SECRET);
  symlinkSync(join(scratch, 'elsewhere', 'secret.c'), join(root, 'fs/out.c'));
  symlinkSync('../../elsewhere/secret.c', join(root, 'fs/relative.c'));
  symlinkSync(join(scratch, 'elsewhere'), join(root, 'outside'));
  symlinkSync(join(scratch, 'linux-other'), join(root, 'other'));
  symlinkSync('outside/secret.c', join(root, 'twice.c'));
  symlinkSync('loop.c', join(root, 'loop.c'));
  symlinkSync('round', join(root, 'round'));
  symlinkSync('/dev/zero', join(root, 'fs/zero.h'));
  mkdirSync(join(root, 'fs/folder.c'));
  symlinkSync('../fs', join(root, 'include/fs'));
  symlinkSync('a.c', join(root, 'fs/inside.c'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('files of a tree', () => {
  test('are read, through links that stay inside, too', () => {
    for (const path of ['fs/a.c', './fs/../fs/a.c', 'include/fs/a.c', 'fs/inside.c', 'include/fs/inside.c']) {
      expect(readTreeText(root, path, 'latin1')).toBe('int a;\n');
      expect(statTreeFile(root, path)?.size).toBe(7);
    }
    expect(readTreeFile(root, 'fs/a.c')?.mtime).toBe(statTreeFile(root, 'fs/a.c')?.mtime);
    symlinkSync(root, join(scratch, 'name'));
    expect(readTreeText(join(scratch, 'name'), 'fs/inside.c', 'utf8')).toBe('int a;\n');
    expect(namesInFolder(root, 'include/fs')).toContain('inside.c');
  });

  test.each([
    ...['fs/out.c', 'fs/relative.c', 'outside/secret.c', 'other/secret.c', 'twice.c', 'fs/zero.h'],
    ...['loop.c', 'round/a.c', 'fs/folder.c', 'fs', '', '.', '..', 'fs/missing.c', 'missing/a.c', 'fs/a.c/b.c'],
    ...['../elsewhere/secret.c', 'include/../../../../../../../../../../dev/zero', 'fs/a.c\0'],
  ])('%j is none of them', (path) => {
    expect(readTreeFile(root, path)).toBeNull();
    expect(statTreeFile(root, path)).toBeNull();
  });

  test('a path too long for the system is none', () => {
    expect(readTreeFile(root, `${'x'.repeat(5000)}.c`)).toBeNull();
    expect(namesInFolder(root, 'x/'.repeat(5000))).toEqual([]);
  });

  test('none is larger than memory allows', () => {
    write('fs/large.c', '');
    truncateSync(join(root, 'fs/large.c'), MOST_BYTES + 1);
    expect(readTreeFile(root, 'fs/large.c')).toBeNull();
    expect(statTreeFile(root, 'fs/large.c')).toBeNull();
  });

  test('folders elsewhere have no names', () => {
    for (const folder of ['outside', 'other', '..', 'round', 'fs/a.c', 'missing'])
      expect(namesInFolder(root, folder)).toEqual([]);
  });
});

describe.runIf(process.platform !== 'win32')('a pipe makes nobody wait', () => {
  const piped = join(scratch, 'piped');

  beforeAll(() => {
    mkdirSync(join(piped, 'include/linux'), { recursive: true });
    mkdirSync(join(piped, 'fs'));
    for (const path of ['fs/x.c', 'fs/x.h', 'include/linux/fs.h', 'Makefile'])
      expect(spawnSync('mkfifo', [join(piped, path)]).status).toBe(0);
    symlinkSync('x.c', join(piped, 'fs/link.c'));
    writeFileSync(join(piped, 'fs/a.c'), '#include <linux/fs.h>\n#include "x.h"\nint a(void) { return 1; }\n');
  });

  test('as a source, an include, a link or the Makefile', async () => {
    for (const path of ['fs/x.c', 'fs/link.c', 'include/linux/fs.h']) {
      expect(readTreeFile(piped, path)).toBeNull();
      expect(statTreeFile(piped, path)).toBeNull();
    }
    expect(() => readTree(piped)).toThrow('does not look like a kernel tree');
    expect([...siblingsOf(piped, 'fs/x.h')].map((s) => s.path)).toEqual(['fs/a.c']);
    const direct = openDirect(piped, 'x86');
    const facts = await direct.factsOfText('fs/a.c', readFileSync(join(piped, 'fs/a.c'), 'utf8'));
    expect(facts.functions.map((f) => f.name)).toEqual(['a']);
    expect(direct.reader('fs/x.c').names('a')).toHaveLength(1);
  });

  test('nor does an include of a device', async () => {
    const direct = openDirect(root, 'x86');
    const text = '#include <../../../../../../../dev/zero>\n#include "zero.h"\n#include <linux/fs.h>\nstruct file f;\n';
    const facts = await direct.factsOfText('fs/b.c', text);
    expect(facts.includes).toHaveLength(3);
  });

  const devices = mkdtempSync(join(scratch, 'devices-'));
  const canMake = spawnSync('mknod', [join(devices, 'x.c'), 'c', '1', '5']).status === 0;
  test.runIf(canMake)('nor does a device node', () => {
    expect(readTreeFile(devices, 'x.c')).toBeNull();
    expect(statTreeFile(devices, 'x.c')).toBeNull();
  });
});

/** Of index/, what reads trees; the rest of it reads indexes. cli/ reads the user's own input. */
const READERS_OF_TREES = /^(?:resolve|trace|features|lsp)\/|^index\/(?:build|direct|siblings|tree|worker)\.ts$/;

test('no other code opens files of a tree', () => {
  const source = join(ROOT, 'server', 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (f) => f.endsWith('.ts') && READERS_OF_TREES.test(f.split(sep).join('/')),
  );
  expect(files.length).toBeGreaterThan(50);
  const opens = /import \{[^}]*\b(?:readFile|open|createReadStream)(?:Sync)?\b[^}]*\} from 'node:fs/;
  expect(files.filter((f) => opens.test(readFileSync(join(source, f), 'utf8')))).toEqual([]);
});
