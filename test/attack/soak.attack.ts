// A long session: 20,000 mixed requests to the real server, malformed ones among them. What it has for itself stays flat.
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { ROOT } from '../../scripts/lib/run.mjs';
import { greet, type Message, memoryOf, type ServerProcess, startProcess } from '../unit/support/serverProcess.ts';

const KERNEL = process.env.KERNEL_TREE ?? join(ROOT, '.cache/kernel/linux-source-6.1');
const TREE = existsSync(KERNEL) ? KERNEL : join(ROOT, 'samples/mini-kernel');
const STORAGE = process.env.KERNTRAIL_CACHE ?? join(ROOT, '.cache/attack');
const REQUESTS = Number(process.env.KERNTRAIL_SOAK ?? 20_000);
/** A slow machine makes fewer; the whole run has no bound: KERNTRAIL_SOAK_SECONDS=3600 */
const SECONDS = Number(process.env.KERNTRAIL_SOAK_SECONDS ?? 180);
vi.setConfig({ testTimeout: (SECONDS + 420) * 1000 });
const MOST_OPEN = 12;
/** LSP's code of a request that was cancelled. */
const CANCELLED = -32800;
/** Megabytes that it may have for itself on a kernel: 230 are what it has, 300 to 340 and rising is what it had. */
const MOST_MB = 280;

/** Folders whose files are opened: what people read, and large ones. */
const FOLDERS = [
  'fs',
  'fs/ext4',
  'fs/xfs',
  'fs/btrfs',
  'fs/proc',
  'mm',
  'net/core',
  'net/ipv4',
  'kernel',
  'kernel/sched',
].concat(['block', 'drivers/char', 'drivers/tty', 'drivers/usb/core', 'drivers/base', 'include/linux', 'sound/core']);

/** The same numbers in every run. */
function newRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

interface Source {
  path: string;
  uri: string;
  text: string;
  lines: string[];
  /** functions that it defines, with what they call */
  functions: { name: string; calls: string[] }[];
}

const KEYWORDS = new Set(['if', 'for', 'while', 'switch', 'return', 'sizeof', 'do', 'else']);

function readSource(path: string): Source {
  const text = readFileSync(join(TREE, path), 'utf8');
  const functions: Source['functions'] = [];
  for (const line of text.split('\n')) {
    const head = /^[a-z][\w \t*]*?\b(\w+)\([^;]*$/.exec(line);
    if (head && !line.includes('=')) functions.push({ name: head[1], calls: [] });
    else if (/^\s/.test(line))
      for (const [, called] of line.matchAll(/\b([a-z_]\w+)\(/g))
        if (!KEYWORDS.has(called)) functions.at(-1)?.calls.push(called);
  }
  return { path, uri: pathToFileURL(join(TREE, path)).href, text, lines: text.split('\n'), functions };
}

function findSources(): Source[] {
  return FOLDERS.flatMap((folder) => {
    if (!existsSync(join(TREE, folder))) return [];
    const names = readdirSync(join(TREE, folder)).filter((name) => /\.[ch]$/.test(name));
    const step = Math.max(1, names.length / 25);
    return Array.from({ length: Math.min(25, names.length) }, (_, i) =>
      readSource(`${folder}/${names[Math.floor(i * step)]}`),
    );
  });
}

/** What its process says of its heap, after a collection: a hook that is loaded beside the server. */
function heapHook(): { flags: string[]; read(server: ServerProcess): Promise<Record<string, number>> } {
  const folder = mkdtempSync(join(tmpdir(), 'kerntrail-soak-'));
  const out = join(folder, 'heap.json');
  const hook = join(folder, 'hook.cjs');
  writeFileSync(
    hook,
    `process.on('SIGUSR2', () => { gc(); gc(); require('fs').writeFileSync(${JSON.stringify(out)}, JSON.stringify(process.memoryUsage()));
     if (process.env.KERNTRAIL_SNAPSHOT) require('v8').writeHeapSnapshot(process.env.KERNTRAIL_SNAPSHOT + '-' + Date.now() + '.heapsnapshot'); });`,
  );
  return {
    flags: ['--expose-gc', '--require', hook],
    async read(server) {
      writeFileSync(out, '');
      server.child.kill('SIGUSR2');
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        const text = readFileSync(out, 'utf8');
        if (text.endsWith('}')) return JSON.parse(text) as Record<string, number>;
      }
    },
  };
}

const NONSENSE: readonly ((server: ServerProcess, uri: string) => Promise<unknown> | undefined)[] = [
  (s) => s.request('textDocument/hover', {}),
  (s) => s.request('textDocument/hover', { textDocument: { uri: 7 }, position: { line: 'x', character: null } }),
  (s, uri) => s.request('textDocument/definition', { textDocument: { uri }, position: { line: -5, character: 1e12 } }),
  (s, uri) => s.request('textDocument/references', { textDocument: { uri }, position: { line: 1, character: 1 } }),
  (s) => s.request('textDocument/hover', { textDocument: { uri: 'file:///%00' }, position: { line: 0, character: 0 } }),
  (s) => s.request('callHierarchy/incomingCalls', { item: { uri: 'x:y', data: null } }),
  (s) => s.request('codeLens/resolve', { range: null, data: { uri: 1 } }),
  (s) => s.request('kerntrail/findPath', { from: null, to: [], context: 3 }),
  (s) => s.request('kerntrail/traceFrames', { uri: null, stack: 'a' }),
  (s) => s.request('kerntrail/nothing', {}),
  (s) => {
    s.notify('textDocument/didChange', {
      textDocument: { uri: 'file:///no/such', version: 'x' },
      contentChanges: [{}],
    });
    return undefined;
  },
  (s) => {
    s.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: 4 }] });
    return undefined;
  },
  (s) => {
    s.raw('Content-Length: 12\r\n\r\n{"jsonrpc": }');
    return undefined;
  },
];

/** A trace whose frames call each other as far as the sources tell, as the kernel prints it. */
function makeTrace(random: (below: number) => number, callers: ReadonlyMap<string, string[]>, source: Source): string {
  const frames: string[] = [];
  let at: string | undefined = source.functions[random(source.functions.length)].name;
  while (at && frames.length < 12 && !frames.includes(at)) {
    frames.push(at);
    const next: readonly string[] = callers.get(at) ?? [];
    at = next[random(next.length)];
  }
  const stamp = (n: number): string => `[   ${10 + (n % 80)}.${String(100000 + n)}]`;
  return [
    `${stamp(1)} WARNING: CPU: 1 PID: 77 at ${source.path}:12 ${frames[0]}+0x1f/0x90`,
    `${stamp(2)} Call Trace:`,
    `${stamp(3)}  <TASK>`,
    ...frames.map((name, n) => `${stamp(n + 4)}  ${name}+0x${(16 * (n + 1)).toString(16)}/0x${(200 + n).toString(16)}`),
    `${stamp(99)}  </TASK>`,
  ].join('\n');
}

function callersOf(sources: readonly Source[]): Map<string, string[]> {
  const callers = new Map<string, string[]>();
  for (const { functions } of sources)
    for (const { name, calls } of functions)
      for (const called of new Set(calls)) callers.set(called, [...(callers.get(called) ?? []), name]);
  return callers;
}

/** Megabytes of the server: for itself alone and in mapped files; now and then, what is left after a collection. */
interface Sample {
  requests: number;
  anon: number;
  file: number;
  collected?: number;
  heap?: number;
  external?: number;
}

test(`${REQUESTS} mixed requests`, async () => {
  const random = newRandom(1);
  const sources = findSources().filter((s) => s.functions.length > 0);
  const callers = callersOf(sources);
  const hook = heapHook();
  const server = startProcess(hook.flags);
  await greet(server, TREE, STORAGE, { index: { workers: 2 } });
  await server.until((m) => m.method === 'kerntrail/status' && (m.params as { phase: string }).phase === 'ready');
  const open: { source: Source; version: number }[] = [];
  const asked = new Map<string, { count: number; ms: number; worst: number; errors: number }>();
  const count = (name: string, ms: number, isError: boolean): void => {
    const of = asked.get(name) ?? { count: 0, ms: 0, worst: 0, errors: 0 };
    asked.set(name, of);
    of.count++;
    of.ms += ms;
    of.worst = Math.max(of.worst, ms);
    if (isError) of.errors++;
  };
  const request = async (method: string, params: unknown, counted = method): Promise<Message> => {
    const start = performance.now();
    const answer = await server.request(method, params);
    count(counted, performance.now() - start, answer.error !== undefined);
    return answer;
  };
  /** A question that its user gives up after a while, in ms. */
  const cancelled = async (method: string, params: unknown, patience: number): Promise<void> => {
    const { id, answer } = server.begin(method, params);
    const timer = setTimeout(() => server.notify('$/cancelRequest', { id }), patience);
    const start = performance.now();
    const { error } = await answer;
    clearTimeout(timer);
    count(method, performance.now() - start, error !== undefined && error.code !== CANCELLED);
  };
  const openOne = (): { source: Source; version: number } => {
    if (open.length >= MOST_OPEN) {
      const [old] = open.splice(random(open.length), 1);
      server.notify('textDocument/didClose', { textDocument: { uri: old.source.uri } });
    }
    const others = sources.filter((s) => open.every((o) => o.source !== s));
    const source = others[random(others.length)];
    const document = { source, version: 1 };
    open.push(document);
    server.notify('textDocument/didOpen', {
      textDocument: { uri: source.uri, languageId: 'c', version: 1, text: source.text },
    });
    return document;
  };
  /** A place of a word in an open document, most often a member behind an arrow or a table's slot. */
  const somewhere = () => {
    const document = random(12) === 0 || open.length === 0 ? openOne() : open[random(open.length)];
    const { lines } = document.source;
    for (let turn = 0; ; turn++) {
      const line = random(lines.length);
      const found = (turn < 40 ? /(?:->|^\s+\.)(\w+)/ : /(\w+)/).exec(lines[line]);
      if (!found && turn < 200) continue;
      const character = found ? found.index + found[0].length - 1 : 0;
      return { document, params: { textDocument: { uri: document.source.uri }, position: { line, character } } };
    }
  };
  /** A place of a function's definition. */
  const someFunction = () => {
    const { document } = somewhere();
    const { functions, lines } = document.source;
    const { name } = functions[random(functions.length)];
    const line = lines.findIndex((l) => l.includes(`${name}(`));
    const character = Math.max(0, lines[line]?.indexOf(name) ?? 0);
    return { document, params: { textDocument: { uri: document.source.uri }, position: { line, character } } };
  };
  let traces = 0;
  const once = async (kind: number): Promise<void> => {
    if (kind < 38) await request('textDocument/hover', (random(2) ? somewhere() : someFunction()).params);
    else if (kind < 52) await request('textDocument/definition', somewhere().params);
    else if (kind < 57) await request('textDocument/implementation', somewhere().params);
    else if (kind < 62)
      await request('textDocument/references', { ...somewhere().params, context: { includeDeclaration: true } });
    else if (kind < 71) {
      const { result } = await request('textDocument/prepareCallHierarchy', someFunction().params);
      const [item] = (result as unknown[] | null) ?? [];
      if (item) await request(`callHierarchy/${random(2) ? 'incoming' : 'outgoing'}Calls`, { item });
    } else if (kind < 78) {
      const { result } = await request('textDocument/codeLens', somewhere().params);
      const lenses = (result as unknown[] | null) ?? [];
      for (const lens of lenses.slice(0, 3)) await request('codeLens/resolve', lens);
    } else if (kind < 83) await request('textDocument/documentSymbol', somewhere().params);
    else if (kind < 87) {
      const { functions } = sources[random(sources.length)];
      await request('workspace/symbol', { query: functions[random(functions.length)].name.slice(0, 3 + random(8)) });
    } else if (kind < 90) {
      const uri = `untitled:trace-${traces++}`;
      const source = sources[random(sources.length)];
      const text = makeTrace(random, callers, source);
      server.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'kernel-trace', version: 1, text } });
      await request('kerntrail/traceStacks', { uri });
      await request('kerntrail/traceFrames', { uri, stack: 0 });
      if (random(3) === 0) await request('kerntrail/traceText', { uri, markdown: random(2) === 0 });
      await request(
        'textDocument/hover',
        { textDocument: { uri }, position: { line: 3, character: 16 } },
        'trace hover',
      );
      server.notify('textDocument/didClose', { textDocument: { uri } });
    } else if (kind < 94) {
      const { document, params } = somewhere();
      document.version++;
      const range = {
        start: { line: params.position.line, character: 0 },
        end: { line: params.position.line, character: 0 },
      };
      server.notify('textDocument/didChange', {
        textDocument: { uri: document.source.uri, version: document.version },
        contentChanges: [{ range, text: ' ' }],
      });
      await request('textDocument/hover', params, 'hover after a change');
    } else if (kind < 95) {
      const { document } = somewhere();
      server.notify('textDocument/didSave', { textDocument: { uri: document.source.uri } });
    } else if (kind < 96) {
      const { functions } = sources[random(sources.length)];
      const to = functions[random(functions.length)].name;
      const from = functions.find((f) => f.calls.includes(to))?.name ?? functions[0].name;
      await cancelled('kerntrail/findPath', { from, to, context: '' }, 200);
    } else await NONSENSE[random(NONSENSE.length)](server, open[0]?.source.uri ?? '');
  };

  const curve: Sample[] = [];
  const megabytes = () => {
    const { anon, file } = memoryOf(server.child.pid as number);
    return { anon: Math.round(anon / 1024), file: Math.round(file / 1024) };
  };
  const sample = async (requests: number, collect: boolean): Promise<void> => {
    const before: Sample = { requests, ...megabytes() };
    curve.push(before);
    if (!collect) return;
    const heap = await hook.read(server);
    before.heap = heap.heapUsed >> 20;
    before.external = heap.external >> 20;
    before.collected = megabytes().anon;
  };
  const every = Math.min(200, Math.max(20, Math.floor(REQUESTS / 20)));
  const begun = Date.now();
  let n = 0;
  for (; n < REQUESTS && Date.now() - begun < SECONDS * 1000; n++) {
    if (n % every === 0) await sample(n, n % (4 * every) === 0);
    await once(random(100));
  }
  await sample(n, true);
  console.log(`MB over ${n} requests in ${Math.round((Date.now() - begun) / 1000)} s on ${TREE}`);
  console.table(curve);
  console.table(
    Object.fromEntries(
      [...asked].map(([k, v]) => [k, { ...v, ms: Math.round(v.ms / v.count), worst: Math.round(v.worst) }]),
    ),
  );
  if (process.env.KERNTRAIL_SOAK_JSON) writeFileSync(process.env.KERNTRAIL_SOAK_JSON, JSON.stringify(curve));
  await server.request('shutdown');
  server.notify('exit');
  expect(await server.gone).toBe(0);
  const quarter = (from: number): number => {
    const part = curve.slice(Math.floor((from * curve.length) / 4), Math.floor(((from + 1) * curve.length) / 4));
    return part.reduce((sum, c) => sum + c.anon, 0) / part.length;
  };
  // caches fill in the first quarter; after that all that comes and goes is what the collector leaves for later
  const floors = curve.flatMap((c) => c.collected ?? []);
  const early = floors[Math.ceil(floors.length / 4)];
  expect(floors.at(-1)).toBeLessThan(1.3 * early + 15);
  expect(quarter(3)).toBeLessThan(MOST_MB);
});
