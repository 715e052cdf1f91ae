// Long questions to the real server on a real kernel: short ones are answered meanwhile, and a cancelled one ends.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/lib/run.mjs';
import { greet, type ServerProcess, startProcess } from '../unit/support/serverProcess.ts';

const KERNEL = process.env.KERNEL_TREE ?? join(ROOT, '.cache/kernel/linux-source-6.1');
const STORAGE = process.env.KERNTRAIL_CACHE ?? join(ROOT, '.cache/attack');

/** A short question may have to wait for one step of a long one. Before, it waited for its end: 5 to 20 s. */
const SHORT_MS = 2500;

describe.runIf(existsSync(KERNEL))('on a kernel', () => {
  let server: ServerProcess;
  const open = (path: string): string => {
    const uri = pathToFileURL(join(KERNEL, path)).href;
    const text = readFileSync(join(KERNEL, path), 'utf8');
    server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text } });
    return uri;
  };
  const placeOf = (path: string, pattern: RegExp) => {
    const lines = readFileSync(join(KERNEL, path), 'utf8').split('\n');
    const line = lines.findIndex((l) => pattern.test(l));
    const found = pattern.exec(lines[line]);
    return { line, character: (found?.index ?? 0) + (found?.[0].indexOf(found[1]) ?? 0) };
  };
  let short: () => Promise<unknown>;
  beforeAll(async () => {
    server = startProcess();
    await greet(server, KERNEL, STORAGE, { index: { workers: 2 } });
    await server.until((m) => m.method === 'kerntrail/status' && (m.params as { phase: string }).phase === 'ready');
    const uri = open('fs/ext4/file.c');
    const position = placeOf('fs/ext4/file.c', /\.(fault)\s*=/);
    short = () => server.request('textDocument/hover', { textDocument: { uri }, position });
    await short();
  });
  afterAll(() => {
    server?.child.kill('SIGKILL');
  });

  /** The longest that a short question took while a long one went on. */
  const worstBeside = async (long: Promise<unknown>): Promise<number> => {
    let isOver = false;
    const end = long.then(() => {
      isOver = true;
    });
    let worst = 0;
    while (!isOver) {
      const start = performance.now();
      await short();
      worst = Math.max(worst, performance.now() - start);
    }
    await end;
    return worst;
  };

  test('a search for a path that is not there', async () => {
    const start = performance.now();
    const worst = await worstBeside(
      server.request('kerntrail/findPath', { from: 'e1000_probe', to: 'ext4_readahead', context: '' }),
    );
    console.log(`search ${Math.round(performance.now() - start)} ms, hover beside it ${Math.round(worst)} ms`);
    expect(worst).toBeLessThan(SHORT_MS);
  });

  test('a search that is cancelled, and one that a newer one replaces', async () => {
    // one that goes on until its bound
    const params = { from: 'e1000_probe', to: 'ext4_readahead', context: '' };
    const { id, answer } = server.begin('kerntrail/findPath', params);
    await short();
    const start = performance.now();
    server.notify('$/cancelRequest', { id });
    expect((await answer).error?.code).toBe(-32800);
    expect(performance.now() - start).toBeLessThan(SHORT_MS);
    const older = server.request('kerntrail/findPath', params);
    const newer = server.begin('kerntrail/findPath', params);
    expect((await older).result).toMatchObject({ chains: [] });
    server.notify('$/cancelRequest', { id: newer.id });
    expect((await newer.answer).error?.code).toBe(-32800);
  });

  test('who calls a function that ten thousand files call', async () => {
    const uri = open('mm/slab_common.c');
    const position = placeOf('mm/slab_common.c', /^void (kfree)\(/);
    const { result } = await server.request('textDocument/prepareCallHierarchy', { textDocument: { uri }, position });
    const [item] = result as unknown[];
    const start = performance.now();
    let callers = 0;
    const worst = await worstBeside(
      server.request('callHierarchy/incomingCalls', { item }).then((a) => {
        callers = (a.result as unknown[]).length;
      }),
    );
    console.log(
      `${callers} callers in ${Math.round(performance.now() - start)} ms, hover beside it ${Math.round(worst)} ms`,
    );
    expect(callers).toBeGreaterThan(10_000);
    expect(worst).toBeLessThan(SHORT_MS);
  });

  test('a backtrace of two thousand frames', async () => {
    const names = ['ext4_readahead', 'read_pages', 'page_cache_ra_unbounded', 'filemap_get_pages', 'filemap_read'];
    const frames = Array.from(
      { length: 2000 },
      (_, n) => `[   10.1]  ${names[n % names.length]}+0x${(16 + (n % 90)).toString(16)}/0x1f0`,
    );
    const uri = 'untitled:long-trace';
    const text = ['[   10.1] Call Trace:', ...frames].join('\n');
    server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'kernel-trace', version: 1, text } });
    const start = performance.now();
    const worst = await worstBeside(server.request('kerntrail/traceFrames', { uri, stack: 0 }));
    console.log(`2000 frames in ${Math.round(performance.now() - start)} ms, hover beside it ${Math.round(worst)} ms`);
    expect(worst).toBeLessThan(SHORT_MS);
  });
});
