import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { URI } from 'vscode-uri';
import { ROOT } from '../../scripts/lib/run.mjs';
import { elfFunctions } from '../../server/src/backtrace/vmlinux/elfSymbols.ts';
import { exactPlaces } from '../../server/src/backtrace/vmlinux/vmlinux.ts';
import { STATUS, type StatusParams } from '../../server/src/lsp/protocol.ts';
import { parseTrace } from '../../server/src/trace/parse.ts';
import { bundles } from '../unit/support/bundles.ts';
import { elfFile } from '../unit/support/elf.ts';
import { childrenOf, isRunning, patchOf, SECRET, serverProcess, TRAPS } from '../unit/support/hostile.ts';
import { indexTree } from '../unit/support/marked.ts';

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'kerntrail-attack-')));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const SEED = Number(process.env.KERNTRAIL_SEED ?? Date.now() % 1e9);
/** The same numbers for the same seed, which a failure names. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SAMPLE = join(ROOT, 'samples', 'mini-kernel');
const SOURCES = readdirSync(SAMPLE, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.[chS]$/.test(f))
  .sort();

function kerntrail(root: string, args: string[], input = ''): { code: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, [join(bundles('cli', 'worker'), 'cli.cjs'), ...args, '--tree', root], {
    encoding: 'utf8',
    input,
    timeout: 60_000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
    env: { ...process.env, KERNTRAIL_CACHE: `${root}-index` },
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** Copies of the sample: one in which traps stand for files and are included by others, one in which those files are gone. */
function trees(seed: number): { trapped: string; plain: string; traps: string[] } {
  const random = randomFrom(seed);
  const trapped = join(scratch, `trapped-${seed}`);
  const plain = join(scratch, `plain-${seed}`);
  const elsewhere = join(scratch, `elsewhere-${seed}`);
  for (const folder of [trapped, plain]) cpSync(SAMPLE, folder, { recursive: true });
  mkdirSync(elsewhere);
  for (const name of ['secret.c', 'secret.h', 'Makefile']) writeFileSync(join(elsewhere, name), SECRET);
  const traps: string[] = [];
  const kinds = Object.keys(TRAPS);
  for (let n = 0; n < 25; n++) {
    const victim = SOURCES[random(SOURCES.length)];
    const at = n % 3 ? victim : `${dirname(victim)}/${['Makefile', 'Kbuild', `new${n}.c`, `new${n}.h`][random(4)]}`;
    for (const folder of [trapped, plain]) rmSync(join(folder, at), { force: true, recursive: true });
    TRAPS[kinds[random(kinds.length)]](join(trapped, at), elsewhere);
    traps.push(at);
  }
  for (let n = 0; n < 30; n++) {
    const from = SOURCES[random(SOURCES.length)];
    if (traps.includes(from)) continue;
    const to = traps[random(traps.length)];
    const up = '../'.repeat(from.split('/').length - 1);
    const include = [`"${up}${to}"`, `<${to.replace(/^include\//, '')}>`, '<../../../../../../../../dev/zero>'][
      random(3)
    ];
    for (const folder of [trapped, plain])
      writeFileSync(join(folder, from), `#include ${include}\n${readFileSync(join(folder, from), 'latin1')}`, 'latin1');
  }
  return { trapped, plain, traps };
}

const sorted = (text: string): string[] => text.split('\n').sort();

describe.runIf(process.platform === 'linux')('hostile trees', () => {
  test.each(Array.from({ length: 6 }, (_, n) => SEED + n))('seed %i: as if the traps were not there', (seed) => {
    const { trapped, plain, traps } = trees(seed);
    expect(kerntrail(trapped, ['index'])).toMatchObject({ code: 0 });
    for (const kind of ['ops', 'calls']) {
      const there = kerntrail(trapped, ['dump', kind, '--json']);
      expect(sorted(there.out)).toEqual(sorted(kerntrail(plain, ['dump', kind, '--json']).out));
      expect(there.out).not.toContain('secret_function');
    }
    const patch = kerntrail(trapped, ['patch', '--json'], traps.map(patchOf).join('\n'));
    expect(patch.code).toBe(0);
    // where the trap is a folder, or nothing, there is no file either
    expect(patch.out.match(/"state":"(?!missing)/g) ?? []).toEqual([]);
    const trace = 'Call Trace:\n filemap_fault+0x4/0x10\n some+0x1/0x2 [ext4]\n secret_function+0x1/0x2 [xfs]\n';
    expect(kerntrail(trapped, ['backtrace'], trace)).toMatchObject({ code: 0 });
    for (const folder of [trapped, plain, `${trapped}-index`, `${plain}-index`])
      rmSync(folder, { recursive: true, force: true });
  });

  test('five servers killed while the watcher tells of traps: no indexer is left', async () => {
    for (let n = 0; n < 5; n++) {
      const { trapped, traps } = trees(SEED + 100 + n);
      const { pid, connection, kill } = await serverProcess(trapped, `${trapped}-index`);
      const ready = new Promise<void>((resolve) =>
        connection.onNotification(STATUS, (s: StatusParams) => {
          if (s.phase === 'ready') resolve();
        }),
      );
      await connection.sendNotification('initialized', {});
      // half of them die while the first index is built
      if (n % 2 === 0) await ready;
      const changes = traps.map((path) => ({ uri: URI.file(join(trapped, path)).toString(), type: 2 }));
      await connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
      await expect.poll(() => childrenOf(pid).length, { timeout: 30_000 }).toBeGreaterThan(0);
      const all = [pid, ...childrenOf(pid)];
      kill();
      connection.dispose();
      await expect.poll(() => all.filter(isRunning), { timeout: 30_000 }).toEqual([]);
    }
  });
});

describe('hostile ELF files', () => {
  const path = join(scratch, 'vmlinux');
  const names = new Set(['outer', 'leaf']);

  test('five thousand, spoiled at random: an answer or a reason', () => {
    const random = randomFrom(SEED);
    const whole = elfFile([...names, 'other'].map((name, i) => ({ name, address: 16 * i, size: 8 })));
    for (let n = 0; n < 5000; n++) {
      const file = Buffer.from(whole);
      for (let k = 1 + random(8); k > 0; k--) file[random(file.length)] = [0, 1, 2, 11, 64, 127, 128, 255][random(8)];
      writeFileSync(path, random(4) ? file : file.subarray(0, random(file.length)));
      try {
        for (const list of elfFunctions(path, names).values()) expect(list.length).toBeLessThan(4);
      } catch (error) {
        expect((error as Error).message, `seed ${SEED}, file ${n}`).toMatch(/^(?:it|its) /);
      }
    }
  });

  const compiles = spawnSync('cc', ['--version']).status === 0 && spawnSync('addr2line', ['--version']).status === 0;
  test.runIf(compiles)('objects with spoiled debug information: addr2line may fail, Kerntrail tells', async () => {
    const random = randomFrom(SEED);
    const tree = await indexTree(
      '//@ kernel/outer.c\nint leaf(int x);\nint outer(int x)\n{\n\treturn leaf(x) * 2;\n}\n',
    );
    const object = join(scratch, 'outer.o');
    spawnSync('cc', ['-g', '-O2', '-c', '-o', object, join(tree.root, 'kernel/outer.c')]);
    const whole = readFileSync(object);
    const size = elfFunctions(object, names).get('outer')?.[0].size ?? 0;
    const trace = parseTrace(`Call Trace:\n outer+0x${(size - 1).toString(16)}/0x${size.toString(16)}\n`);
    expect((await exactPlaces(tree.index, trace, object)).places.size).toBe(1);
    for (let n = 0; n < 150; n++) {
      const file = Buffer.from(whole);
      for (let k = 1 + random(20); k > 0; k--) file[64 + random(file.length - 64)] = random(256);
      writeFileSync(object, file);
      const { places, message } = await exactPlaces(tree.index, trace, object);
      expect(places.size === 1 || message !== null, `seed ${SEED}, file ${n}`).toBe(true);
    }
  });
});
