// @ts-check
// npm test: installs, builds, checks, and runs every test that a bare machine can run. Its last line is the sum:
// "N passed, N failed". No dependencies here: it runs straight after a clone.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { main, ROOT, run, say } from './lib/run.mjs';

const bin = (/** @type {string} */ name) => join(ROOT, 'node_modules', ...name.split('/'));
const scratch = mkdtempSync(join(tmpdir(), 'kerntrail-test-'));
let passed = 0;
let failed = 0;
let skipped = 0;
/** @type {string[]} */
const summary = [];

/** @param {string} name @param {() => Promise<string>} body gives a line for the summary; throws when it failed as a whole */
async function step(name, body) {
  say(`\n=== ${name} ===`);
  const start = Date.now();
  let line;
  try {
    line = await body();
  } catch (error) {
    failed++;
    line = `FAILED: ${error instanceof Error ? error.message : error}`;
    say(line);
  }
  summary.push(`${name.padEnd(12)} ${((Date.now() - start) / 1000).toFixed(1).padStart(7)} s  ${line}`);
}

/** A check that passes or fails as one. @param {string} name @param {string[]} args */
const check = (name, args) =>
  step(name, async () => {
    const code = await run(process.execPath, args);
    if (code !== 0) throw new Error(`ended with code ${code}`);
    passed++;
    return 'ok';
  });

/** A vitest run, whose tests are counted one by one. @param {string} name @param {string[]} args */
const tests = (name, args) =>
  step(name, async () => {
    const report = join(scratch, `${name.replaceAll(' ', '-')}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await run(process.execPath, [bin('vitest/vitest.mjs'), 'run', ...args, ...reporters]);
    if (!existsSync(report)) throw new Error(`vitest ended with code ${code} and no report`);
    /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, testResults: { status: string, assertionResults: unknown[] }[] }} */
    const result = JSON.parse(readFileSync(report, 'utf8'));
    // A file that could not be loaded has no tests to count, and is a failure all the same.
    const brokenFiles = result.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    const failures = result.numFailedTests + brokenFiles.length;
    passed += result.numPassedTests;
    failed += failures;
    skipped += result.numPendingTests;
    if (code !== 0 && failures === 0) throw new Error(`vitest ended with code ${code}`);
    return `${result.numPassedTests} passed, ${failures} failed${result.numPendingTests ? `, ${result.numPendingTests} skipped` : ''}`;
  });

await main(async () => {
  await ensureInstalled();
  await check('build', ['scripts/build.mjs']);
  await check('types', [bin('typescript/bin/tsc'), '--noEmit']);
  await check('lint', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.']);
  await tests('unit', []);
  await tests('kernel', ['--config', 'test/kernel/vitest.config.ts']);
  await tests('end to end', ['--config', 'test/e2e/vitest.config.ts']);
});
rmSync(scratch, { recursive: true, force: true });
// An error before any step, such as an install that failed, is one failure too.
if (process.exitCode) failed++;
if (failed > 0) process.exitCode = 1;
console.log(`\n${summary.join('\n')}`);
if (skipped > 0) console.log(`${skipped} skipped`);
console.log(`${passed} passed, ${failed} failed`);
