// @ts-check
// Bundles the extension: node scripts/build.mjs [--watch] [--production]
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, context } from 'esbuild';
import { main, ROOT, say, UserError } from './lib/run.mjs';

/** Each entry and its bundle; the language server starts dist/worker.cjs beside itself. */
const ENTRIES = {
  client: 'client/src/extension.ts',
  server: 'server/src/lsp/main.ts',
  cli: 'server/src/cli/main.ts',
  worker: 'server/src/index/build/worker.ts',
  indexer: 'server/src/lsp/indexing/indexer.ts',
  layout: 'server/src/lsp/drawing/layoutThread.ts',
  graph: 'client/src/graph/webview/main.ts',
};

/** Runs in a webview's page, which knows no Node and no modules. */
const PAGES = ['graph'];

/** What stays a package at run time: natives, wasm next to its loader, and what those must share. */
const EXTERNAL = ['vscode', 'lmdb', 'tree-sitter', 'tree-sitter-c', 'web-tree-sitter', 'msgpackr'];

/** @param {string} name @param {string} source @param {boolean} production @returns {import('esbuild').BuildOptions} */
function optionsFor(name, source, production) {
  if (PAGES.includes(name))
    return {
      absWorkingDir: ROOT,
      entryPoints: [source],
      outfile: join('dist', `${name}.js`),
      bundle: true,
      platform: 'browser',
      format: 'iife',
      target: 'chrome122',
      minify: production,
      logLevel: 'warning',
    };
  return {
    absWorkingDir: ROOT,
    entryPoints: [source],
    outfile: join('dist', `${name}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: EXTERNAL,
    sourcemap: true,
    // Stack traces in users' reports must name functions, so names are kept even where white space goes.
    minifyWhitespace: production,
    minifySyntax: production,
    keepNames: production,
    // vscode-uri and the protocol packages also come as UMD, which a bundler can't follow.
    mainFields: ['module', 'main'],
    // import.meta.url does not exist in cjs; sources use it to find what lies beside them.
    define: { 'import.meta.url': 'kerntrailModuleUrl' },
    banner: {
      js: `${name === 'cli' ? '#!/usr/bin/env node\n' : ''}const kerntrailModuleUrl = require('node:url').pathToFileURL(__filename).href;`,
    },
    logLevel: 'warning',
  };
}

await main(async () => {
  const known = ['--watch', '--production'];
  const flags = process.argv.slice(2);
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown) throw new UserError(`build does not know ${unknown}; it knows ${known.join(' and ')}`);
  const production = flags.includes('--production');

  const present = Object.entries(ENTRIES).filter(([, source]) => existsSync(join(ROOT, source)));
  for (const source of Object.values(ENTRIES)) {
    if (!existsSync(join(ROOT, source))) say(`note: ${source} does not exist yet, so it is not built`);
  }
  if (!flags.includes('--watch')) {
    rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
    try {
      await Promise.all(present.map(([name, source]) => build(optionsFor(name, source, production))));
    } catch {
      throw new UserError('the bundles could not be built: see the messages above');
    }
    if (existsSync(join(ROOT, 'dist', 'cli.cjs'))) chmodSync(join(ROOT, 'dist', 'cli.cjs'), 0o755);
    return;
  }
  for (const [name, source] of present) {
    const watcher = await context(optionsFor(name, source, production));
    await watcher.watch();
  }
  say('watching for changes (Ctrl+C ends)');
});
