import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { emptyFacts } from '../../../server/src/facts/visit.ts';
import { MAX_TYPED, readable } from '../../../server/src/lsp/bounds.ts';
import {
  changeDocument,
  closeDocument,
  newDocuments,
  noteOf,
  openDocument,
  saveDocument,
  settled,
  viewOf,
} from '../../../server/src/lsp/documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerntrail-documents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'a.c');
const TEXT = 'int f(void) { return 0; }\n';
writeFileSync(file, TEXT);

const factsOf = vi.fn(async (path: string) => emptyFacts(path));
beforeEach(() => {
  factsOf.mockClear();
});

function opened() {
  const documents = newDocuments(
    factsOf,
    () => {},
    () => {},
  );
  const document = TextDocument.create(`file://${file}`, 'c', 1, TEXT);
  openDocument(documents, document, 'a.c', folder);
  // as the library does: an opened document has changed, too
  changeDocument(documents, document);
  return { documents, document };
}

test('a document that is only opened is what is on disk: its facts are those of the index', async () => {
  const { documents, document } = opened();
  expect(documents.byUri.get(document.uri)?.saved).toBe(true);
  await settled(documents, document.uri, false);
  expect(factsOf).not.toHaveBeenCalled();
  await settled(documents, document.uri, true);
  expect(factsOf).toHaveBeenCalledTimes(1);
});

test('one that is typed in has facts of its own', async () => {
  const { documents, document } = opened();
  TextDocument.update(document, [{ text: `${TEXT}int g;\n` }], 2);
  changeDocument(documents, document);
  expect(documents.byUri.get(document.uri)?.saved).toBe(false);
  await settled(documents, document.uri, false);
  expect(factsOf).toHaveBeenCalledTimes(1);
  expect(documents.byUri.get(document.uri)?.facts?.path).toBe('a.c');
  closeDocument(documents, document.uri);
});

test('a text that is too large to be read with each key waits for its save, and says so', async () => {
  const said: string[] = [];
  const documents = newDocuments(
    factsOf,
    () => {},
    (message) => said.push(message),
  );
  const huge = `${'int a;\n'.repeat(MAX_TYPED / 6)}`;
  const document = TextDocument.create(`file://${file}`, 'c', 1, huge);
  openDocument(documents, document, 'a.c', file);
  await settled(documents, document.uri, true);
  expect(factsOf).not.toHaveBeenCalled();
  expect(said).toEqual([expect.stringContaining('counts when it is saved')]);
  const open = documents.byUri.get(document.uri);
  if (!open) throw new Error('not open');
  expect(noteOf(open)).toContain('more than 2 MB');
  expect(viewOf(documents, open).tokens.count).toBeGreaterThan(MAX_TYPED / 6);
  saveDocument(documents, document);
  expect(noteOf(open)).toBeNull();
});

test('a text is read to a bound, at the end of a line, which is told', () => {
  expect(readable('one\ntwo\n', 100)).toEqual({ text: 'one\ntwo\n', cut: null });
  const { text, cut } = readable('one\ntwo\n', 6);
  expect(text).toBe('one\n');
  expect(cut).toContain('Only the first');
  expect(readable('x'.repeat(50), 10).text).toBe('x'.repeat(10));
});
