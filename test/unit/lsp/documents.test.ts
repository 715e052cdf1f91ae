import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { emptyFacts } from '../../../server/src/facts/fileFacts.ts';
import { newDocuments } from '../../../server/src/lsp/documents.ts';

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
  documents.open(document, 'a.c', folder);
  // as the library does: an opened document has changed, too
  documents.change(document);
  return { documents, document };
}

test('a document that is only opened is what is on disk: its facts are those of the index', async () => {
  const { documents, document } = opened();
  expect(documents.get(document.uri)?.saved).toBe(true);
  await documents.settled(document.uri, false);
  expect(factsOf).not.toHaveBeenCalled();
  await documents.settled(document.uri, true);
  expect(factsOf).toHaveBeenCalledTimes(1);
});

test('one that is typed in has facts of its own', async () => {
  const { documents, document } = opened();
  TextDocument.update(document, [{ text: `${TEXT}int g;\n` }], 2);
  documents.change(document);
  expect(documents.get(document.uri)?.saved).toBe(false);
  await documents.settled(document.uri, false);
  expect(factsOf).toHaveBeenCalledTimes(1);
  expect(documents.get(document.uri)?.facts?.path).toBe('a.c');
  documents.close(document.uri);
});
