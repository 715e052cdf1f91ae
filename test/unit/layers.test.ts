import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../scripts/lib/run.mjs';

// The layer rule of DESIGN.md lives in biome.json as patterns. Patterns can be wrong without anybody noticing,
// so this shows that every forbidden direction fails the lint, and every allowed one passes.

/** What each layer may import of the others. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  kernel: [],
  syntax: ['kernel'],
  facts: ['syntax', 'kernel'],
  index: ['facts', 'syntax', 'kernel'],
  resolve: ['index', 'facts', 'syntax', 'kernel'],
  trace: ['kernel'],
  backtrace: ['trace', 'resolve', 'index', 'facts', 'syntax', 'kernel'],
  features: ['backtrace', 'trace', 'resolve', 'index', 'facts', 'syntax', 'kernel'],
  lsp: ['features', 'backtrace', 'trace', 'resolve', 'index', 'facts', 'syntax', 'kernel'],
  // `kerntrail lsp` starts the server.
  cli: ['lsp', 'features', 'backtrace', 'trace', 'resolve', 'index', 'facts', 'syntax', 'kernel'],
};
const LAYERS = Object.keys(MAY_IMPORT);

interface Case {
  file: string;
  specifier: string;
  allowed: boolean;
}

function cases(): Case[] {
  const all: Case[] = [];
  const add = (folder: string, specifier: string, allowed: boolean): void => {
    all.push({ file: `${folder}/case${all.length}.ts`, specifier, allowed });
  };
  for (const from of LAYERS) {
    const folder = `server/src/${from}`;
    for (const to of LAYERS) {
      if (to !== from) add(folder, `../${to}/main.ts`, MAY_IMPORT[from].includes(to));
      if (to !== from) add(`${folder}/deeper`, `../../${to}/part/main.ts`, MAY_IMPORT[from].includes(to));
    }
    add(folder, './index.ts', true);
    add(folder, 'node:fs', true);
    add(folder, '../../../client/src/status.ts', false);
    add(folder, 'vscode', false);
    add(folder, 'vscode-languageclient/node', false);
    const knowsProtocol = ['features', 'lsp', 'cli'].includes(from);
    add(folder, 'vscode-languageserver', knowsProtocol);
    add(folder, 'vscode-languageserver/node', knowsProtocol);
    add(folder, 'vscode-languageserver-textdocument', knowsProtocol);
  }
  add('client/src', '../../server/src/lsp/protocol.ts', true);
  add('client/src', './status.ts', true);
  add('client/src', 'vscode', true);
  for (const layer of LAYERS) add('client/src', `../../server/src/${layer}/main.ts`, false);
  return all;
}

const folder = mkdtempSync(join(tmpdir(), 'kerntrail-layers-'));

beforeAll(() => {
  const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as { $schema?: string; vcs?: unknown };
  delete config.$schema;
  delete config.vcs; // the copy is in no repository
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(config));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the lint rejects every import that points up, and no other', () => {
  const all = cases();
  for (const { file, specifier } of all) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `import type { Thing } from '${specifier}';\nexport type Kept = Thing;\n`);
  }
  const rejected = lintedFiles();
  const wrong = all.filter(({ file, allowed }) => rejected.has(file) === allowed);
  expect(
    wrong.map(({ file, specifier, allowed }) => `${file}: ${specifier} should ${allowed ? 'pass' : 'fail'}`),
  ).toEqual([]);
  expect(all.some(({ allowed }) => allowed) && all.some(({ allowed }) => !allowed)).toBe(true);
});

test('the sources as they stand import downwards only', () => {
  const wrong: string[] = [];
  for (const entry of readdirSync(join(ROOT, 'server/src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith('.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    const from = layerOf(path);
    for (const [, specifier] of readFileSync(path, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']*)'/g)) {
      const to = layerOf(resolve(dirname(path), specifier));
      if (from && to !== from && !(to && MAY_IMPORT[from].includes(to)))
        wrong.push(`${relative(ROOT, path)}: ${specifier}`);
    }
  }
  expect(wrong).toEqual([]);
});

function layerOf(path: string): string | undefined {
  const [layer] = relative(join(ROOT, 'server/src'), path).split('/');
  return LAYERS.includes(layer) ? layer : undefined;
}

/** The files for which biome reports a restricted import. */
function lintedFiles(): Set<string> {
  const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'];
  let output: string;
  try {
    output = execFileSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout; // it exits with 1 where it finds something
  }
  const report = JSON.parse(output) as {
    diagnostics: { category: string; location: { path: string | { file: string } } }[];
  };
  const files = report.diagnostics
    .filter(({ category }) => category === 'lint/style/noRestrictedImports')
    .map(({ location: { path } }) => (typeof path === 'string' ? path : path.file));
  return new Set(files.map((file) => file.replace(/^\.\//, '')));
}
