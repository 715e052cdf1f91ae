// @ts-check
// Writes THIRD_PARTY_NOTICES.md from the licence files of the packages that Kerntrail has at run time:
// npm run notices [-- --check]
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { directDependencies, withDependencies } from './lib/packages.mjs';
import { main, ROOT, say, UserError } from './lib/run.mjs';

const FILE = join(ROOT, 'THIRD_PARTY_NOTICES.md');

/** Native packages per platform carry no licence file (and are not all installed): theirs is the main package's. */
const MAIN_PACKAGE = [
  { prefix: '@lmdb/', path: 'node_modules/lmdb' },
  { prefix: '@msgpackr-extract/', path: 'node_modules/msgpackr-extract' },
];

/** Sources of others that are compiled into a package's native module. */
const COMPILED_IN = [
  { name: 'LMDB (in lmdb)', path: 'node_modules/lmdb/dependencies/lmdb/libraries/liblmdb/LICENSE' },
  { name: 'LZ4 (in lmdb)', path: 'node_modules/lmdb/dependencies/lz4/lib/LICENSE' },
  {
    name: 'ICU (in tree-sitter and web-tree-sitter)',
    path: 'node_modules/tree-sitter/vendor/tree-sitter/lib/src/unicode/LICENSE',
  },
  // the package carries no licences of what is in its wasm: lib/provenance.json tells what that is
  { name: 'Graphviz and Expat (in @viz-js/viz)', path: 'scripts/licences/graphviz.txt' },
];

/**
 * The notices as they should be.
 * @returns {string}
 */
export function notices() {
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const { name, version, license, path } of withDependencies(directDependencies())) {
    const main = MAIN_PACKAGE.find(({ prefix }) => name.startsWith(prefix));
    const text = licenceText(join(ROOT, main?.path ?? path));
    const body = text ?? `Licence: ${license ?? 'not stated'}. The package carries no licence file of its own.`;
    const list = byText.get(body) ?? [];
    const entry = `${name} ${version} (${license ?? 'licence not stated'})`;
    if (!list.includes(entry)) list.push(entry);
    byText.set(body, list);
  }
  for (const { name, path } of COMPILED_IN) byText.set(readFileSync(join(ROOT, path), 'utf8').trim(), [name]);
  const parts = [
    '# Third-party notices',
    'Kerntrail contains or uses the packages below. This file is made by `npm run notices`.',
  ];
  for (const [text, names] of byText) {
    parts.push(
      `## ${[...new Set(names.map((name) => name.split(' ')[0]))].join(', ')}`,
      names.map((name) => `- ${name}`).join('\n'),
      `\`\`\`text\n${text}\n\`\`\``,
    );
  }
  return `${parts.join('\n\n')}\n`;
}

/** @param {string} folder */
function licenceText(folder) {
  if (!existsSync(folder)) throw new UserError(`${folder} is missing: npm ci, with a compiler for tree-sitter`);
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)(\.|$|-)/i.test(name));
  return file && readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    if (!process.argv.includes('--check')) return writeFileSync(FILE, notices());
    if (readFileSync(FILE, 'utf8') !== notices())
      throw new UserError('THIRD_PARTY_NOTICES.md is stale: npm run notices');
    say('THIRD_PARTY_NOTICES.md is up to date');
  });
}
