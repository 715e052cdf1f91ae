/** Kernel trees that a test writes, the worker's bundle, and everything that an index holds as lines to compare. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildIndex } from '../../../server/src/index/build/build.ts';
import type { BuildOptions, BuildResult } from '../../../server/src/index/build/buildOptions.ts';
import { decodeFacts, recordsIn } from '../../../server/src/index/store/codec.ts';
import { decodeSymbols } from '../../../server/src/index/store/nameList.ts';
import {
  decodeDispatch,
  decodeName,
  decodeRegistration,
  decodeTable,
  fileOfValue,
  NameKind,
  slotOfTarget,
} from '../../../server/src/index/store/postings.ts';
import { allRows, type RowsDb } from '../../../server/src/index/store/rows.ts';
import { closeStore, openForReading, readDead } from '../../../server/src/index/store/store.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

export interface Tree {
  root: string;
  /** where its index goes */
  storage: string;
  /** writes files (null removes one), each with a time of its own, so that no change goes unseen */
  write(files: Record<string, string | null>): void;
  index(options?: Partial<BuildOptions>): Promise<BuildResult & { said: string[] }>;
  remove(): void;
}

let clock = Date.UTC(2024, 0, 1);

const MAKEFILE = 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 7\nEXTRAVERSION = -test\n';

/** A tree of its own in a temporary folder, with a Makefile that makes it a kernel's. */
export function newTree(files: Record<string, string> = {}, storage?: string): Tree {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'kerntrail-index-')));
  const root = join(base, 'linux');
  const tree: Tree = {
    root,
    storage: storage ?? join(base, 'storage'),
    write(changes) {
      for (const [path, text] of Object.entries(changes)) {
        const full = join(root, path);
        if (text === null) {
          rmSync(full);
          continue;
        }
        mkdirSync(dirname(full), { recursive: true });
        writeFileSync(full, text, 'latin1');
        clock += 1000;
        utimesSync(full, clock / 1000, clock / 1000);
      }
    },
    async index(options = {}) {
      const said: string[] = [];
      const result = await buildIndex({
        root,
        storage: tree.storage,
        architecture: 'x86',
        workerScript: await workerScript(),
        workers: 1,
        say: (message) => said.push(message),
        ...options,
      });
      return { ...result, said };
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
  tree.write({ Makefile: MAKEFILE, 'include/linux/kernel.h': '#define PAGE 1\n', 'arch/x86/x.c': '', ...files });
  return tree;
}

let script: Promise<string> | undefined;

/** The worker, bundled from the sources of this moment; beside node_modules, which its packages come from. */
export function workerScript(): Promise<string> {
  script ??= (async () => {
    const outfile = join(REPOSITORY, '.cache', 'test', `worker-${process.pid}.cjs`);
    await build({
      absWorkingDir: REPOSITORY,
      entryPoints: ['server/src/index/build/worker.ts'],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['lmdb', 'tree-sitter', 'tree-sitter-c', 'web-tree-sitter', 'msgpackr'],
      define: { 'import.meta.url': 'kerntrailModuleUrl' },
      banner: { js: "const kerntrailModuleUrl = require('node:url').pathToFileURL(__filename).href;" },
      logLevel: 'warning',
    });
    process.once('exit', () => rmSync(outfile, { force: true }));
    return outfile;
  })();
  return script;
}

const KINDS = Object.fromEntries(Object.entries(NameKind).map(([name, kind]) => [kind, name]));

/** Everything in an index, a line each and sorted; files by their paths, as their numbers depend on the order of work. */
export async function contents(tree: Pick<Tree, 'root' | 'storage'>): Promise<string[]> {
  const store = openForReading(tree.storage, tree.root, 'x86');
  if (!store) throw new Error('there is no index');
  const out: string[] = [];
  const pathOf = (id: number) => store.paths.get(id) ?? `file ${id}, which is gone`;
  for (const { key, value } of store.files.entries()) {
    const { id, mtime: _, ...rest } = value;
    out.push(`file ${key}: ${JSON.stringify(rest)}`);
    const facts = store.facts.get(id);
    out.push(`facts ${key}: ${facts ? JSON.stringify(decodeFacts(facts)) : 'none'}`);
  }
  for (const { key, value } of store.paths.entries())
    if (store.files.get(value)?.id !== key) out.push(`stray path ${value}`);
  for (const { key, value } of store.records.entries())
    recordsIn(value).forEach((record, n) => {
      out.push(`record ${pathOf(key)} ${n}: ${JSON.stringify(record)}`);
    });
  const dead = readDead(store);
  const meta = store.meta.get('meta');
  const alive = function* (db: RowsDb) {
    for (const { key, values } of allRows(db, meta?.segments ?? { first: 0, next: 0 }))
      for (const value of values) if (!dead.has(fileOfValue(value))) yield { key, value };
  };
  for (const { key, value } of alive(store.names)) {
    const { file, kind, ...rest } = decodeName(value);
    out.push(`name ${key}: ${KINDS[kind]} ${pathOf(file)} ${JSON.stringify(rest)}`);
  }
  for (const { key, value } of alive(store.slots)) {
    const { file, ...rest } = decodeRegistration(key, value);
    out.push(`slot ${key}: ${pathOf(file)} ${JSON.stringify(rest)}`);
  }
  for (const { key, value } of alive(store.targets))
    out.push(`target ${key}: ${pathOf(fileOfValue(value))} ${slotOfTarget(value)}`);
  for (const { key, value } of alive(store.sites)) {
    const { file, ...rest } = decodeDispatch(value);
    out.push(`site ${key}: ${pathOf(file)} ${JSON.stringify(rest)}`);
  }
  for (const { key, value } of alive(store.tables)) {
    const { file, ...rest } = decodeTable(value);
    out.push(`table ${key}: ${pathOf(file)} ${JSON.stringify(rest)}`);
  }
  for (const { key } of store.macros.entries()) out.push(`macros ${key}`);
  // a name that is gone may stay in the list: its places are looked up when it is found
  const listed = decodeSymbols(
    store.blobs.get('symbols'),
    store.blobs.get('symbolIndex'),
    store.blobs.get('newSymbols'),
  );
  const names = Array.from(listed.ends, (end, i) => listed.text.toString('latin1', i ? listed.ends[i - 1] : 0, end));
  const living = new Set([...alive(store.names)].map(({ key }) => key));
  out.push(
    `symbols: ${names
      .filter((name) => living.has(name))
      .sort()
      .join(' ')}`,
  );
  out.push(
    `meta: ${JSON.stringify({ ...meta, complete: meta?.complete ? 1 : 0, nextFile: 0, segments: 0, root: '', writer: '', knowledge: 0 })}`,
  );
  await closeStore(store);
  return out.sort();
}
