// @ts-check
// Chains that a reader of the kernel asks for: each pair of a table (from, to, a subsystem, functions on the way; paths.tsv) is asked of one language server, which tells when the
// first chain came, how long it is, and what it is.
//
//   node test/kernel/paths.mjs --tree DIR --storage DIR [--pairs FILE] [--only WORD] [--max N] [--seconds N]
//
// The tree must be indexed there: kerntrail index --tree DIR --cache DIR. The exit code is 1 where a pair has no chain.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ROOT } from '../../scripts/lib/run.mjs';
import { startClient } from '../bench/lib/lspClient.mjs';

const { values: given } = parseArgs({
  options: {
    tree: { type: 'string' },
    storage: { type: 'string' },
    pairs: { type: 'string', default: join(ROOT, 'test/kernel/paths.tsv') },
    only: { type: 'string', default: '' },
    max: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '10' },
  },
});
const { tree, storage, only } = given;
if (!tree || !storage) throw new Error('name a tree and where its index lies: --tree DIR --storage DIR');

const pairs = readFileSync(given.pairs, 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#') && line.includes(only))
  .map((line) => line.split('\t'));

const client = await startClient({ server: join(ROOT, 'dist/server.cjs'), tree, storage });
for (let waited = 0; client.phase() !== 'ready' && waited < 600; waited++) await wait(200);

/** @type {number[]} milliseconds to each first chain */
const firsts = [];
let missing = 0;
for (const [from, to, context = '', ...through] of pairs) {
  const start = performance.now();
  let first = 0;
  const { chains, message } = await client.request(
    'kerntrail/findPath',
    { from, to, context, through: through.filter(Boolean), seconds: Number(given.seconds) },
    () => {
      first ||= performance.now() - start;
    },
  );
  const all = performance.now() - start;
  first ||= all;
  const [best] = chains;
  if (best) firsts.push(first);
  else missing++;
  console.log(
    `${from} -> ${to}: first ${Math.round(first)} ms, all ${Math.round(all)} ms, ${best ? `${best.steps.length - 1} steps` : 'NONE'}`,
  );
  if (!best) console.log(`    ${message}`);
  for (const chain of chains.slice(0, Number(given.max)))
    console.log(`    ${chain.steps.map((/** @type {{ node: { name: string } }} */ s) => s.node.name).join(' > ')}`);
}
firsts.sort((a, b) => a - b);
const at = (/** @type {number} */ share) =>
  Math.round(firsts[Math.min(firsts.length - 1, Math.floor(share * firsts.length))] ?? 0);
console.log(
  `${firsts.length} of ${pairs.length} pairs have a chain; the first one after ${at(0.5)} ms (median), ${at(0.95)} (p95), ${at(1)} (worst)`,
);
await client.end();
process.exitCode = missing > 0 ? 1 : 0;
