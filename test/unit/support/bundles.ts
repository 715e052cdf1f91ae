import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';
import { ROOT } from '../../../scripts/lib/run.mjs';

const SOURCES = {
  worker: 'server/src/index/build/worker.ts',
  indexer: 'server/src/lsp/indexing/indexer.ts',
  server: 'server/src/lsp/main.ts',
  cli: 'server/src/cli/main.ts',
};

let folder: string | undefined;
const made = new Set<string>();

/**
 * Path of a folder with these scripts bundled, as dist/ has them: threads and processes can't run TypeScript. It lies
 * in the repository, where the bundles find their packages, and goes with the test file.
 */
export function bundles(...names: (keyof typeof SOURCES)[]): string {
  if (!folder) {
    folder = mkdtempSync(join(ROOT, 'node_modules', '.kerntrail-test-'));
    const mine = folder;
    afterAll(() => rmSync(mine, { recursive: true, force: true, maxRetries: 3 }));
  }
  for (const name of names) {
    if (made.has(name)) continue;
    made.add(name);
    buildSync({
      absWorkingDir: ROOT,
      entryPoints: [SOURCES[name]],
      outfile: join(folder, `${name}.cjs`),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['lmdb', 'tree-sitter', 'tree-sitter-c', 'web-tree-sitter', 'msgpackr'],
      mainFields: ['module', 'main'],
      define: { 'import.meta.url': 'kerntrailModuleUrl' },
      banner: { js: "const kerntrailModuleUrl = require('node:url').pathToFileURL(__filename).href;" },
      logLevel: 'error',
    });
  }
  return folder;
}
