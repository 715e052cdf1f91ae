// @ts-check
// npm run bench -- --tree DIR: what Kerntrail costs on a kernel tree, beside cscope and ctags on the same files.

import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { aptInstall } from '../../scripts/lib/apt.mjs';
import { kernelTree } from '../../scripts/lib/kernel-tree.mjs';
import { CACHE, main, mustRun, ROOT, say, UserError, which } from '../../scripts/lib/run.mjs';
import { startClient } from './lib/lspClient.mjs';
import { findPlaces, placeOf, QUERIES } from './lib/places.mjs';
import { family, measure, memoryOf } from './lib/process.mjs';

const USAGE = `npm run bench -- [--tree DIR] [--quick] [--json FILE] [--cache DIR] [--requests N] [--only PART,…]

  --tree DIR     the kernel tree (default: KERNEL_TREE, else the one that npm run kernel fetches)
  --quick        no cold index and no other tools: measures on the index of an earlier run
  --json FILE    writes the numbers there too
  --cache DIR    where the bench keeps its index (default: .cache/bench)
  --requests N   requests of each kind (default: 300)
  --only PARTS   some of: cold, start, latency, noindex, save`;

const PARTS = ['cold', 'start', 'latency', 'noindex', 'save'];
/** The bundles that are measured: a copy, so that a build meanwhile changes nothing. */
const BUNDLES = join(CACHE, `bench-dist-${process.pid}`);
const SERVER = join(BUNDLES, 'server.cjs');
const CLI = join(BUNDLES, 'cli.cjs');
const TABLE = { path: 'fs/ext4/file.c', name: 'ext4_file_vm_ops', pattern: /\b(ext4_file_vm_ops)\s*=/ };

function readArguments() {
  /** @type {ReturnType<typeof parseArgs>} */
  let parsed;
  try {
    parsed = parseArgs({
      options: {
        tree: { type: 'string' },
        quick: { type: 'boolean' },
        json: { type: 'string' },
        cache: { type: 'string' },
        requests: { type: 'string' },
        only: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : error}\nUse: ${USAGE}`);
  }
  const values = /** @type {Record<string, string | boolean | undefined>} */ (parsed.values);
  if (values.help) {
    say(`Use: ${USAGE}`);
    process.exit(0);
  }
  const from = process.env.INIT_CWD ?? process.cwd();
  const path = (/** @type {string} */ name) =>
    typeof values[name] === 'string' ? resolve(from, String(values[name])) : undefined;
  const only =
    typeof values.only === 'string' ? values.only.split(',') : PARTS.filter((p) => !values.quick || p !== 'cold');
  const unknown = only.find((p) => !PARTS.includes(p));
  if (unknown) throw new UserError(`--only ${unknown}: there is no such part. Use: ${USAGE}`);
  const requests = values.requests === undefined ? 300 : Number(values.requests);
  if (!Number.isInteger(requests) || requests < 1) throw new UserError(`--requests ${values.requests} is no number`);
  return { tree: path('tree'), json: path('json'), cache: path('cache') ?? join(CACHE, 'bench'), only, requests };
}

const MB = 1e6;
const ms = (/** @type {number} */ n) => (n >= 1000 ? `${(n / 1000).toFixed(2)} s` : `${n.toFixed(1)} ms`);
const mb = (/** @type {number} */ n) => `${Math.round(n / MB)} MB`;
const sec = (/** @type {number} */ n) => `${n.toFixed(1)} s`;

/** @param {number[]} times @param {number} p */
function percentile(times, p) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? 0;
}

/** Bytes of a file or of all files in a folder. @param {string} path @returns {number} */
function sizeOf(path) {
  if (!existsSync(path)) return 0;
  const at = statSync(path);
  return at.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : at.size;
}

/** C, header and assembly files of a tree, as the index takes them. @param {string} tree @returns {string[]} */
function listFiles(tree) {
  /** @type {string[]} */
  const out = [];
  const visit = (/** @type {string} */ folder) => {
    for (const entry of readdirSync(join(tree, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && entry.name !== 'node_modules') visit(path);
      } else if (entry.isFile() && /\.[chS]$/.test(entry.name)) out.push(path);
    }
  };
  visit('');
  return out.sort();
}

/** Is there a source newer than the bundles? */
function isStale() {
  const bundles = ['server', 'cli', 'indexer', 'worker'].map((name) => join(ROOT, 'dist', `${name}.cjs`));
  if (!bundles.every((path) => existsSync(path))) return true;
  const built = Math.min(...bundles.map((path) => statSync(path).mtimeMs));
  const newer = (/** @type {string} */ folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(
      (name) => statSync(join(folder, name)).mtimeMs > built,
    );
  return newer(join(ROOT, 'server', 'src'));
}

/** @typedef {{ rows: [string, string][], json: Record<string, unknown> }} Report */

/** Cold index, beside the tools that people use today. @param {string} tree @param {string} cache @param {Report} report */
async function cold(tree, cache, report) {
  const files = listFiles(tree);
  const bytes = files.reduce((sum, path) => sum + lstatSync(join(tree, path)).size, 0);
  report.rows.push(['files', `${files.length}, ${mb(bytes)}`]);
  say('Reading all files once, so that nobody pays for the disk');
  for (const path of files) readFileSync(join(tree, path));
  const work = mkdtempSync(join(tmpdir(), 'kerntrail-bench-'));
  const list = join(work, 'files');
  writeFileSync(list, `${files.join('\n')}\n`);
  try {
    /** @type {Record<string, { wall: number, cpu: number, peak: number, disk: number }>} */
    const tools = {};
    rmSync(cache, { recursive: true, force: true });
    say('kerntrail index');
    const own = await measure(process.execPath, [CLI, 'index', '--tree', tree, '--cache', cache, '--json']);
    if (own.code !== 0) throw new UserError(`kerntrail index ended with code ${own.code}:\n${own.stderr}`);
    tools.kerntrail = { wall: own.wall, cpu: own.cpu, peak: own.peak, disk: sizeOf(cache) };
    const summary = JSON.parse(own.stdout);
    report.json.index = summary;
    for (const [
      tool,
      program,
      packageName,
      args,
      out,
    ] of /** @type {[string, string, string, string[], string[]][]} */ ([
      [
        'cscope -bqk',
        'cscope',
        'cscope',
        ['-bqk', '-i', list, '-f', join(work, 'cscope.out')],
        ['cscope.out', 'cscope.out.in', 'cscope.out.po'],
      ],
      ['ctags', 'ctags', 'universal-ctags', ['-L', list, '-f', join(work, 'tags')], ['tags']],
    ])) {
      if (!which(program)) {
        try {
          await aptInstall([packageName], 'the comparison');
        } catch (error) {
          say(`${tool} is left out: ${error instanceof Error ? error.message : error}`);
          continue;
        }
      }
      say(tool);
      const cost = await measure(program, args, { cwd: tree, env: { TMPDIR: work } });
      if (cost.code !== 0) {
        say(`${tool} is left out: it ended with code ${cost.code}: ${cost.stderr.slice(0, 300)}`);
        continue;
      }
      tools[tool] = {
        wall: cost.wall,
        cpu: cost.cpu,
        peak: cost.peak,
        disk: out.reduce((sum, name) => sum + sizeOf(join(work, name)), 0),
      };
    }
    for (const [tool, t] of Object.entries(tools)) {
      const ratio =
        tool === 'kerntrail'
          ? ''
          : ` (kerntrail: ${(tools.kerntrail.wall / t.wall).toFixed(2)} of its time, ${(tools.kerntrail.peak / t.peak).toFixed(2)} of its memory, ${(tools.kerntrail.disk / t.disk).toFixed(2)} of its disk)`;
      report.rows.push([tool, `${sec(t.wall)}, CPU ${sec(t.cpu)}, peak ${mb(t.peak)}, disk ${mb(t.disk)}${ratio}`]);
    }
    report.rows.push(['files with parse errors', `${summary.errorFiles} of ${summary.parsedFiles} parsed`]);
    report.json.cold = tools;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** An index to ask, made without being measured where there is none. @param {string} tree @param {string} cache */
async function ensureIndex(tree, cache) {
  say('Bringing the index up to date');
  await mustRun(process.execPath, [CLI, 'index', '--tree', tree, '--cache', cache], { stdout: 'stderr' });
}

/** @param {() => Promise<any>} ask @param {number} limit ms @returns {Promise<number>} ms until the answer is there */
async function until(ask, limit) {
  const start = performance.now();
  for (;;) {
    const answer = await ask();
    const took = performance.now() - start;
    if (answer) return took;
    if (took > limit) return Number.POSITIVE_INFINITY;
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** @param {string} tree */
function tablePlace(tree) {
  const position = placeOf(tree, TABLE.path, TABLE.pattern);
  if (!position)
    throw new UserError(`${tree} has no ${TABLE.name} in ${TABLE.path}: the bench needs a tree from 2.6.23 on`);
  return position;
}

/** @param {string} tree @param {string} storage @returns {Promise<{ greeted: number, answered: number, end: () => Promise<void>, pid: number }>} */
async function firstHover(tree, storage) {
  const position = tablePlace(tree);
  const start = performance.now();
  const client = await startClient({ server: SERVER, tree, storage });
  const greeted = performance.now() - start;
  client.open(TABLE.path);
  await until(() => client.at('hover', TABLE.path, position), 30_000);
  return { greeted, answered: performance.now() - start, end: client.end, pid: client.pid };
}

/** Warm start to the first answer. @param {string} tree @param {string} cache @param {Report} report */
async function start(tree, cache, report) {
  const commands = [];
  for (let i = 0; i < 5; i++) {
    const cost = await measure(process.execPath, [
      CLI,
      'ops',
      TABLE.name,
      '--no-update',
      '--tree',
      tree,
      '--cache',
      cache,
    ]);
    if (cost.code !== 0)
      throw new UserError(`kerntrail ops ${TABLE.name} ended with code ${cost.code}:\n${cost.stderr}`);
    commands.push(cost.wall * 1000);
  }
  const hovers = [];
  for (let i = 0; i < 5; i++) {
    const first = await firstHover(tree, cache);
    hovers.push(first.answered);
    await first.end();
  }
  report.rows.push([`kerntrail ops ${TABLE.name}`, `${ms(percentile(commands, 50))} (median of 5)`]);
  report.rows.push(['server start to first hover', `${ms(percentile(hovers, 50))} (median of 5)`]);
  report.json.start = { commandMs: commands, firstHoverMs: hovers };
}

/** Latency of requests on a server that has been running. @param {string} tree @param {string} cache @param {number} count @param {Report} report */
async function latency(tree, cache, count, report) {
  const client = await startClient({ server: SERVER, tree, storage: cache });
  try {
    const places = findPlaces(tree, count);
    for (const path of new Set(places.map((p) => p.path))) client.open(path);
    await until(async () => client.phase() === 'ready', 120_000);
    /** @param {string} name @param {(() => Promise<any>)[]} asks */
    const series = async (name, asks) => {
      /** @type {number[]} */
      const times = [];
      let answered = 0;
      for (const ask of asks) {
        const from = performance.now();
        const answer = await ask();
        times.push(performance.now() - from);
        if (answer && (!Array.isArray(answer) || answer.length)) answered++;
      }
      const [p50, p95, max] = [50, 95, 100].map((p) => percentile(times, p));
      report.rows.push([
        name,
        `p50 ${ms(p50)}, p95 ${ms(p95)}, max ${ms(max)}; ${answered} of ${asks.length} answered`,
      ]);
      return { p50, p95, max, requests: asks.length, answered };
    };
    /** @type {Record<string, unknown>} */
    const json = {};
    json.hover = await series(
      'hover',
      places.map((p) => () => client.at('hover', p.path, p.position)),
    );
    json.implementation = await series(
      'implementation',
      places.filter((p) => p.kind === 'slot').map((p) => () => client.at('implementation', p.path, p.position)),
    );
    json.definition = await series(
      'definition',
      places.map((p) => () => client.at('definition', p.path, p.position)),
    );
    json.workspaceSymbol = await series(
      'workspace symbol',
      Array.from({ length: count }, (_, i) => () => client.symbols(QUERIES[i % QUERIES.length])),
    );
    const all = family(client.pid);
    const server = memoryOf(client.pid, 'VmRSS');
    // pages of the index are mapped: the system's cache, shared with the indexing process and given back at need
    const own = memoryOf(client.pid, 'RssAnon');
    const peak = memoryOf(client.pid, 'VmHWM');
    const others = all.slice(1).reduce((sum, pid) => sum + memoryOf(pid, 'VmRSS'), 0);
    report.rows.push([
      'memory of the answering server',
      `${mb(own)} of its own, ${mb(server)} with the mapped pages of the index (peak ${mb(peak)})${others ? `; its child processes ${mb(others)}` : ''}`,
    ]);
    report.json.latency = { ...json, serverRss: server, serverOwn: own, serverPeak: peak, childrenRss: others };
  } finally {
    await client.end();
  }
}

/** First hover where no index is there at all. @param {string} tree @param {Report} report */
async function noIndex(tree, report) {
  /** @type {number[]} */
  /** @type {number[]} */
  const times = [];
  for (let i = 0; i < 3; i++) {
    const storage = mkdtempSync(join(tmpdir(), 'kerntrail-bench-'));
    const first = await firstHover(tree, storage);
    times.push(first.answered);
    await first.end();
    rmSync(storage, { recursive: true, force: true, maxRetries: 5 });
  }
  report.rows.push(['first hover without an index', `${ms(percentile(times, 50))} (median of 3)`]);
  report.json.noIndex = { firstHoverMs: times };
}

/** From a save to an answer that knows of it. The file is put back as it was, whatever happens. @param {string} tree @param {string} cache @param {Report} report */
async function save(tree, cache, report) {
  const path = ['fs/minix/file.c', 'fs/ext4/namei.c'].find((name) => existsSync(join(tree, name))) ?? 'fs/minix/file.c';
  const full = join(tree, path);
  const asked = placeOf(tree, 'ipc/shm.c', /\.(fault)\s*=/);
  if (!existsSync(full) || !asked) {
    say('a save is not measured: the tree has no fs/minix or fs/ext4, or no .fault in ipc/shm.c');
    return;
  }
  const before = readFileSync(full);
  const { atimeMs, mtimeMs } = statSync(full);
  const restore = () => {
    writeFileSync(full, before);
    utimesSync(full, atimeMs / 1000, mtimeMs / 1000);
  };
  process.once('exit', restore);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
  const client = await startClient({ server: SERVER, tree, storage: cache });
  /** @type {number[]} */
  const times = [];
  try {
    client.open('ipc/shm.c');
    await until(async () => client.phase() === 'ready', 120_000);
    const found = async (/** @type {string} */ mark) => {
      const hover = await client.at('implementation', 'ipc/shm.c', asked);
      return (
        Array.isArray(hover) &&
        hover.some((l) => (l.uri ?? l.targetUri ?? '').endsWith(path) && JSON.stringify(l).includes(mark))
      );
    };
    const lines = before.toString('latin1').split('\n').length;
    for (let i = 0; i < 5; i++) {
      // each time on another line, so that an old answer can't pass for the new one
      const line = lines + i;
      const text = `${'\n'.repeat(i)}static vm_fault_t kerntrail_bench_fault(struct vm_fault *vmf) { return 0; }\nstatic const struct vm_operations_struct kerntrail_bench_ops = { .fault = kerntrail_bench_fault };\n`;
      writeFileSync(full, Buffer.concat([before, Buffer.from(text)]));
      client.saved(path);
      times.push(await until(() => found(`"line":${line - 1},`), 20_000));
    }
    restore();
    client.saved(path);
    await until(async () => {
      const answer = await client.at('implementation', 'ipc/shm.c', asked);
      return !JSON.stringify(answer).includes(path);
    }, 20_000);
  } finally {
    restore();
    process.off('exit', restore);
    await client.end();
  }
  const seen = times.filter((t) => Number.isFinite(t));
  report.rows.push([
    'save to a fresh answer',
    seen.length
      ? `${ms(percentile(seen, 50))} (median of ${times.length}${seen.length < times.length ? `, ${times.length - seen.length} never seen` : ''})`
      : 'never seen',
  ]);
  report.json.save = { ms: times.map((t) => (Number.isFinite(t) ? t : null)) };
}

await main(async () => {
  if (!existsSync('/proc/self/status'))
    throw new UserError('The bench reads memory from /proc, so it runs on Linux only.');
  const { tree: given, json, cache, only, requests } = readArguments();
  const tree = realpathSync(given ?? (await kernelTree()));
  if (!existsSync(join(tree, TABLE.path))) throw new UserError(`${tree} is no kernel tree: it has no ${TABLE.path}`);
  if (isStale()) await mustRun(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { stdout: 'stderr' });
  cpSync(join(ROOT, 'dist'), BUNDLES, { recursive: true });
  process.once('exit', () => rmSync(BUNDLES, { recursive: true, force: true }));
  mkdirSync(cache, { recursive: true });
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? '?'}, ${mb(totalmem())}, Node ${process.version}`;
  /** @type {Report} */
  const report = {
    rows: [
      ['tree', tree],
      ['machine', machine],
    ],
    json: { tree, machine, date: new Date().toISOString() },
  };
  if (only.includes('cold')) await cold(tree, cache, report);
  if (only.some((p) => p !== 'cold' && p !== 'noindex')) await ensureIndex(tree, cache);
  if (only.includes('start')) await start(tree, cache, report);
  if (only.includes('latency')) await latency(tree, cache, requests, report);
  if (only.includes('noindex')) await noIndex(tree, report);
  if (only.includes('save')) await save(tree, cache, report);
  const width = Math.max(...report.rows.map(([name]) => name.length));
  console.log(report.rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n'));
  if (json) writeFileSync(json, `${JSON.stringify(report.json, null, 2)}\n`);
});
