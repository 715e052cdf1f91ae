// No feature answers the kernel of one architecture with another's file, wherever one asks: random places of a real tree.
// KERNEL_INDEX names a folder with a ready index of all of it; without, a part of the tree is indexed.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Request } from '../../server/src/features/request.ts';
import { buildIndex } from '../../server/src/index/build/build.ts';
import { type IndexReader, openReader } from '../../server/src/index/read/reader.ts';
import { NameKind } from '../../server/src/index/store/postings.ts';
import { readTreeFile } from '../../server/src/index/treeFiles.ts';
import { domainOf, sameDomain } from '../../server/src/kernel/domain.ts';
import { readView } from '../../server/src/resolve/cursor/fileView.ts';
import { workerScript } from '../unit/index/tree.ts';
import { answersAt, randomNumbers, wordsOf } from '../unit/support/oneView.ts';

const TREE = realpathSync(process.env.KERNEL_TREE as string);
const READY = process.env.KERNEL_INDEX;
const PLACES = Number(process.env.KERNEL_PLACES ?? 120);
const SEED = Number(process.env.KERNEL_SEED ?? 1);
const PART = ['include/', 'mm/', 'kernel/', 'lib/', 'fs/ext4/', 'ipc/', 'drivers/tty/serial/', 'tools/include/'];
const ARCHITECTURES = ['x86', 'arm64', 's390', 'riscv', 'mips'].map((a) => `arch/${a}/`);

const wanted = (path: string) =>
  [...PART, ...ARCHITECTURES].some((part) => path.startsWith(part) || (path.endsWith('/') && part.startsWith(path)));

let storage: string;
let index: IndexReader;

beforeAll(async () => {
  storage = READY ?? mkdtempSync(join(tmpdir(), 'kerntrail-kernel-'));
  const options = { root: TREE, storage, architecture: 'x86', workerScript: await workerScript() };
  if (!READY) await buildIndex({ ...options, exclude: (path) => !wanted(path) });
  index = openReader(storage, TREE, 'x86') as IndexReader;
});
afterAll(async () => {
  await index?.close();
  if (!READY) rmSync(storage, { recursive: true, force: true });
});

test('random places', () => {
  const random = randomNumbers(SEED);
  const files = [...index.files()].map((f) => f.path).filter((p) => sameDomain('kernel/*', domainOf(p), 'x86'));
  const wrong: string[] = [];
  let asked = 0;
  while (asked < PLACES) {
    const path = files[Math.floor(random() * files.length)];
    const file = readView(index, path);
    const words = file ? wordsOf(file) : [];
    if (!file || words.length === 0) continue;
    const request: Request = {
      index,
      root: TREE,
      architecture: 'x86',
      besideOther: false,
      file,
      partial: null,
      notYet: null,
      view: (p) => readView(index, p),
      bytes: (p) => readTreeFile(TREE, p)?.bytes ?? null,
      character: (_path, _line, column) => column - 1,
    };
    for (let n = 0; n < 4; n++) {
      const at = words[Math.floor(random() * words.length)];
      asked++;
      for (const answer of answersAt(request, at)) {
        const other = answer.slice(answer.indexOf(' ') + 1);
        if (answer.startsWith('symbol') && !isDefinedForUs(at.word)) continue;
        if (!isSeen(other)) wrong.push(`${path}:${at.line}:${at.column} ${at.word} -> ${answer}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

/** A header may declare what only the decompressor has: that is the one to find then. */
const isDefinedForUs = (word: string): boolean =>
  index.names(word).some((p) => p.kind !== NameKind.Declaration && isSeen(index.pathOf(p.file)));

const isSeen = (path: string): boolean => sameDomain('kernel/*', domainOf(path), 'x86');
