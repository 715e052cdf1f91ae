import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../scripts/lib/run.mjs';

// What CONTRIBUTING.md says of the house and biome can't check: folders, mirrored tests, docstrings, dead exports.
// Sources are read by their lines: the formatter sees to it that a declaration begins its line.

const MOST_FILES = 14;
const UNTESTED_LINES = 60;

/** Files without a test of their own. */
const WITHOUT_TEST: ReadonlySet<string> = new Set([
  // types and names, nothing that could fail
  'server/src/facts/types.ts',
  'server/src/features/source/chains/model.ts',
  'server/src/index/build/buildOptions.ts',
  'server/src/index/build/messages.ts',
  'server/src/lsp/protocol.ts',
  'server/src/trace/types.ts',
  // what begins when it is loaded, in a thread or a process of its own: its owner's tests run it (build, server)
  'server/src/index/build/worker.ts',
  'server/src/lsp/indexing/indexer.ts',
]);

/** Exports that nobody imports, and why they are there. */
const ENTRIES: ReadonlySet<string> = new Set([
  'client/src/extension.ts activate',
  'client/src/extension.ts deactivate',
]);

const sources = filesBelow('server/src', 'client/src');
const texts = new Map(sources.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));

test(`a folder holds ${MOST_FILES} files at the most: then it shows what there is`, () => {
  const count = new Map<string, number>();
  for (const path of sources) count.set(dirname(path), (count.get(dirname(path)) ?? 0) + 1);
  expect([...count].filter(([, n]) => n > MOST_FILES)).toEqual([]);
});

test(`every source of more than ${UNTESTED_LINES} lines has a test in the same place below test/unit/`, () => {
  const without = [...texts]
    .filter(([path, text]) => text.split('\n').length - 1 > UNTESTED_LINES && !existsSync(join(ROOT, mirrored(path))))
    .map(([path]) => path);
  expect(without.filter((path) => !WITHOUT_TEST.has(path))).toEqual([]);
});

test('every exported function and type has a docstring that says more than its name', () => {
  const missing = [...texts].flatMap(([path, text]) =>
    exportsOf(text)
      .filter(({ kind, name, doc }) => kind !== 'value' && !tellsMore(name, doc))
      .map(({ name }) => `${path} ${name}`),
  );
  expect(missing).toEqual([]);
});

test('every function that is exported is imported somewhere', () => {
  const imported = importedNames(filesBelow('server/src', 'client/src', 'test', 'scripts'));
  const dead = [...texts].flatMap(([path, text]) =>
    exportsOf(text)
      .filter(({ kind, name }) => kind !== 'type' && !imported.has(`${path} ${name}`))
      .map(({ name }) => `${path} ${name}`),
  );
  expect(dead.filter((name) => !ENTRIES.has(name))).toEqual([]);
});

test('docstrings are found, and weighed', () => {
  const text = [
    '/** Reads a tree. Throws where there is none. */',
    'export function readTree(): void {}',
    'export const bare = (a: string) => a;',
    '/** Not its docstring: a line stands between. */',
    '',
    'export type Lone = string;',
    "export const KIND = 'kind';",
  ].join('\n');
  expect(exportsOf(text)).toEqual([
    { kind: 'function', name: 'readTree', doc: 'Reads a tree. Throws where there is none.' },
    { kind: 'function', name: 'bare', doc: '' },
    { kind: 'type', name: 'Lone', doc: '' },
    { kind: 'value', name: 'KIND', doc: '' },
  ]);
  expect(tellsMore('readTree', 'Reads a tree.')).toBe(false);
  expect(tellsMore('readTree', 'Reads a tree. Throws where there is none.')).toBe(true);
});

interface Export {
  kind: 'function' | 'type' | 'value';
  name: string;
  doc: string;
}

/** What a source exports, in its order. */
function exportsOf(text: string): Export[] {
  const out: Export[] = [];
  const declaration =
    /^(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?(?:\/\/ biome-ignore .*\n)*export (?:async )?(?:abstract )?(function\*?|const|class|interface|type) (\w+)/gm;
  for (const found of text.matchAll(declaration)) {
    const [all, doc = '', keyword, name] = found;
    const rest = text.slice(found.index + all.length, found.index + all.length + 400);
    const isArrow =
      /^(?::[^=;]*=>[^=;]*)?(?::[^=;]*)? =\s*(?:async )?(?:<[^>]*>)?(?:\(|\w+ =>)/.test(rest) && /=>/.test(rest);
    out.push({
      kind:
        keyword === 'interface' || keyword === 'type' ? 'type' : keyword === 'const' && !isArrow ? 'value' : 'function',
      name,
      doc: doc
        .split('\n')
        .map((line) => line.replace(/^\s*\*?\s*/, '').trimEnd())
        .join(' ')
        .trim(),
    });
  }
  return out;
}

/** Has a docstring a word that the name doesn't hold already? */
function tellsMore(name: string, doc: string): boolean {
  const stem = (word: string): string => word.toLowerCase().slice(0, 4);
  const said = new Set(name.split(/(?=[A-Z])|_/).map(stem));
  const words = (doc.match(/[A-Za-z]{3,}/g) ?? []).filter(
    (word) => !/^(?:the|and|its|for|all|that|this|with|from)$/i.test(word),
  );
  return words.some((word) => !said.has(stem(word)));
}

/** `path name` of all that is imported by name from a file of the repository. */
function importedNames(paths: readonly string[]): Set<string> {
  const out = new Set<string>();
  const add = (from: string, specifier: string, name: string): void => {
    if (specifier.startsWith('.')) out.add(`${normalize(join(dirname(from), specifier))} ${name}`);
  };
  for (const path of paths) {
    const text = texts.get(path) ?? readFileSync(join(ROOT, path), 'utf8');
    for (const [, names, specifier] of text.matchAll(/(?:import|export) (?:type )?\{([^}]*)\} from '([^']+)'/g))
      for (const name of names.split(',')) add(path, specifier, (/^\s*(?:type )?(\w+)/.exec(name) ?? ['', ''])[1]);
    for (const [, whole, specifier] of text.matchAll(/import \* as (\w+) from '([^']+)'/g))
      for (const [, name] of text.matchAll(new RegExp(`\\b${whole}\\.(\\w+)`, 'g'))) add(path, specifier, name);
  }
  return out;
}

/** `server/src/index/tree.ts` -> `test/unit/index/tree.test.ts`; the client's are in test/unit/client/. */
const mirrored = (path: string): string =>
  path
    .replace(/^server\/src\//, 'test/unit/')
    .replace(/^client\/src\//, 'test/unit/client/')
    .replace(/\.ts$/, '.test.ts');

function filesBelow(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:ts|mjs)$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      .filter((path) => !path.includes('node_modules')),
  );
}
