// @ts-check
// How long both ends of a call take: who calls each of some functions (call hierarchy), and what each of some calls through
// pointers gets to (implementations), drawn at random from the files of a kernel tree and asked of one language server.
//
//   node test/kernel/callers.mjs --tree DIR --storage DIR [--count 300] [--seed 1] [--slow MS]
//
// The tree must be indexed there: kerntrail index --tree DIR --cache DIR. What takes longer than --slow is printed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ROOT } from '../../scripts/lib/run.mjs';
import { startClient } from '../bench/lib/lspClient.mjs';

const { values: given } = parseArgs({
  options: {
    tree: { type: 'string' },
    storage: { type: 'string' },
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    slow: { type: 'string', default: '100' },
  },
});
const { tree, storage } = given;
if (!tree || !storage) throw new Error('name a tree and where its index lies: --tree DIR --storage DIR');
const count = Number(given.count);

/** Whole numbers below `n`, the same for a seed each time (mulberry32). */
let seed = Number(given.seed) >>> 0;
const dice = (/** @type {number} */ n) => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
};

const FOLDERS = ['fs', 'mm', 'kernel', 'block', 'net', 'drivers', 'sound', 'lib', 'security', 'arch/x86'];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(tree, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name.endsWith('.c'))
    .map((e) => join(e.parentPath, e.name).slice(join(tree, '/').length)),
).sort();

const FUNCTION = /^(?:[a-z_][\w ]*[ *])([a-z_]\w*)\([^;]*$/;
const CALL = /->(\w+)\(/;

/** @typedef {{ path: string, line: number, character: number, word: string }} Place */

/** Places of a pattern's first group, one a file. @param {RegExp} pattern @returns {Place[]} */
function drawn(pattern) {
  /** @type {Place[]} */
  const out = [];
  for (let tries = 0; out.length < count && tries < 50 * count; tries++) {
    const path = files[dice(files.length)];
    /** @type {Place[]} */
    const places = [];
    for (const [line, text] of readFileSync(join(tree ?? '', path), 'latin1')
      .split('\n')
      .entries()) {
      const found = pattern.exec(text);
      if (found) places.push({ path, line, character: found.index + found[0].indexOf(found[1]) + 1, word: found[1] });
    }
    if (places.length > 0) out.push(places[dice(places.length)]);
  }
  return out;
}

const client = await startClient({ server: join(ROOT, 'dist/server.cjs'), tree, storage });
for (let waited = 0; client.phase() !== 'ready' && waited < 600; waited++) await wait(200);

/** @type {Record<string, number[]>} milliseconds by question */
const took = {};
/** @param {string} what @param {Place} place @param {() => Promise<any>} ask */
async function timed(what, place, ask) {
  const start = performance.now();
  const answer = await ask();
  const ms = performance.now() - start;
  took[what] ??= [];
  took[what].push(ms);
  if (ms > Number(given.slow))
    console.log(
      `  ${what} of ${place.word} (${place.path}:${place.line + 1}): ${Math.round(ms)} ms, ${answer?.length ?? 0}`,
    );
}

const opened = new Set();
for (const place of drawn(FUNCTION)) {
  if (!opened.has(place.path)) client.open(place.path);
  opened.add(place.path);
  // the file itself is read with the first question
  const items = await client.at('prepareCallHierarchy', place.path, place);
  const [item] = items ?? [];
  if (item) await timed('callers', place, () => client.request('callHierarchy/incomingCalls', { item }));
}
for (const place of drawn(CALL)) {
  if (!opened.has(place.path)) client.open(place.path);
  opened.add(place.path);
  await client.at('documentSymbol', place.path, place);
  await timed('targets', place, () => client.at('implementation', place.path, place));
}
await client.end();
for (const [what, all] of Object.entries(took)) {
  all.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => all[Math.min(all.length - 1, Math.floor(share * all.length))].toFixed(1);
  console.log(`${what}: ${all.length} asked, ${at(0.5)} ms (median), ${at(0.95)} (p95), ${at(1)} (worst)`);
}
