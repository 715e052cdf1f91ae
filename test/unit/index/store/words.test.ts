import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterAll, expect, test } from 'vitest';
import { valueDb } from '../../../../server/src/index/store/checked.ts';
import {
  areManyRecent,
  type FileWords,
  filesInWords,
  filesOfWord,
  mergeWords,
  putRecentWords,
  putWords,
  takeRecentWords,
  type WordTables,
} from '../../../../server/src/index/store/words.ts';
import { wordSetOf } from '../../../../server/src/syntax/text/wordSet.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerntrail-words-'));
const root = open({ path: folder, maxDbs: 20, noSubdir: false });
let count = 0;
const newTables = (): WordTables => {
  const db = (name: string) =>
    valueDb<number>(
      folder,
      name,
      root.openDB<Buffer, number>({ name, encoding: 'binary', keyEncoding: 'uint32' }),
      new Map(),
    );
  count++;
  return { words: db(`words${count}`), recentWords: db(`recent${count}`) };
};
afterAll(async () => {
  await root.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (id: number, text: string): FileWords => ({ id, words: wordSetOf(Buffer.from(text)) });
const inOne = (work: () => void) => root.transactionSync(work);
const put = (t: WordTables, segment: number, ...files: FileWords[]) =>
  inOne(() => void [...putWords(t.words, segment, files)]);

test('files of a word, from all segments and from those kept one by one', () => {
  const t = newTables();
  put(t, 0, file(1, 'a b'), file(2, 'b c'), file(300_000, 'a'));
  put(t, 1, file(7, 'a'));
  inOne(() => putRecentWords(t, [file(9, 'c a')]));
  const files = (word: string, next = 2) => filesOfWord(t, { first: 0, next }, word);
  expect(files('a')).toEqual([1, 300_000, 7, 9]);
  expect(files('b')).toEqual([1, 2]);
  expect(files('c')).toEqual([2, 9]);
  expect(files('d')).toEqual([]);
  expect(files('a', 1)).toEqual([1, 300_000, 9]);
  expect([...filesInWords(t.words, { first: 0, next: 2 })].sort()).toEqual([1, 2, 300_000, 7].sort());
});

test('a segment without words is one all the same', () => {
  const t = newTables();
  put(t, 0);
  expect(filesOfWord(t, { first: 0, next: 1 }, 'a')).toEqual([]);
});

test('segments merged into one, in order of files and without what is dead', () => {
  const t = newTables();
  put(t, 0, file(1, 'a'), file(5, 'a b'));
  put(t, 1, file(3, 'a b'), file(6, 'a'));
  inOne(() => void [...mergeWords(t.words, { first: 0, next: 2 }, 2, (f) => f !== 5)]);
  expect(filesOfWord(t, { first: 2, next: 3 }, 'a')).toEqual([1, 3, 6]);
  expect(filesOfWord(t, { first: 2, next: 3 }, 'b')).toEqual([3]);
  expect(t.words.entryCount()).toBe(3);
});

test('words that are kept one by one go into a segment when they are many', () => {
  const t = newTables();
  expect([areManyRecent(t, 300), areManyRecent(t, 2000)]).toEqual([false, true]);
  inOne(() => putRecentWords(t, [file(4, 'a'), file(2, 'b')]));
  let taken: FileWords[] = [];
  inOne(() => {
    taken = takeRecentWords(t);
  });
  expect(taken.map((f) => f.id)).toEqual([2, 4]);
  expect(t.recentWords.entryCount()).toBe(0);
});
