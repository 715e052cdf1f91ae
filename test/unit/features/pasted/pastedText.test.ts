import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DocumentSymbol } from 'vscode-languageserver';
import { traceDefinition, traceLinks } from '../../../../server/src/features/pasted/traceDefinition.ts';
import { traceHover } from '../../../../server/src/features/pasted/traceHover.ts';
import { traceFolding, traceSymbols } from '../../../../server/src/features/pasted/traceOutline.ts';
import { traceText } from '../../../../server/src/features/pasted/traceText.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { looksLikeTrace, newPastedText, pointedAt } from '../../../../server/src/trace/pastedText.ts';
import { OOPS, pipes } from '../../support/pipes.ts';

const { tree, requestOf } = await pipes();

describe('recognition', () => {
  test('traces and patch mails are, prose and source are not', () => {
    expect(looksLikeTrace(OOPS)).toBe(true);
    expect(looksLikeTrace('> @@ -1,1 +1,1 @@\n')).toBe(false);
    expect(looksLikeTrace('We call vfs_read() in fs/read_write.c:12, twice.\n')).toBe(false);
    expect(looksLikeTrace(tree.files.get('fs/pipes.c') ?? '')).toBe(false);
    expect(looksLikeTrace('')).toBe(false);
  });

  test('every sample is', () => {
    const samples = new URL('../../../../samples/', import.meta.url).pathname;
    for (const name of ['backtraces/gdb-three-ways.txt', 'backtraces/mail-quoted.txt', 'patches/ext4-readahead.eml'])
      expect(looksLikeTrace(readFileSync(join(samples, name), 'utf8'))).toBe(true);
  });

  test('nothing is pointed at in an empty or binary text', () => {
    for (const text of ['', '\0\x01\x02', '\n\n'])
      for (const line of [1, 2, 99]) expect(pointedAt(newPastedText(text), line, 3)).toBeNull();
  });
});

describe('any text', () => {
  const samples = new URL('../../../../samples/', import.meta.url).pathname;
  const texts = ['backtraces', 'patches'].flatMap((folder) =>
    readdirSync(join(samples, folder)).map((name) => readFileSync(join(samples, folder, name), 'utf8')),
  );
  const cut = texts.flatMap((t) => [
    t,
    t.slice(0, t.length / 3),
    t.replace(/\n/g, ' '),
    t.slice(101).replace(/0x/g, ''),
  ]);

  test('has answers at every place, and none that lies outside of its line', () => {
    for (const text of cut) {
      const request = requestOf(text);
      const { lines } = request.text;
      for (let line = 1; line <= lines.length + 1; line += 3)
        for (let character = 0; character < 120; character += 17) {
          const range = traceHover(request, line, character)?.range;
          if (range) {
            expect(range.start.line).toBe(line - 1);
            expect(range.end.character).toBeLessThanOrEqual(lines[line - 1].length);
          }
          for (const l of traceDefinition(request, line, character)) expect(l.uri).toMatch(/^file:/);
        }
      for (const l of traceLinks(request))
        expect(l.range.end.character).toBeLessThanOrEqual(lines[l.range.start.line].length);
      for (const f of traceFolding(request.text)) expect(f.endLine).toBeLessThan(lines.length);
      const check = (symbols: readonly DocumentSymbol[], last: number): void => {
        for (const s of symbols) {
          expect(s.name).not.toBe('');
          expect(s.range.end.line).toBeLessThanOrEqual(last);
          expect(s.selectionRange.start.line).toBeGreaterThanOrEqual(s.range.start.line);
          check(s.children ?? [], s.range.end.line);
        }
      };
      check(traceSymbols(request.text), lines.length - 1);
      expect(toEnd(traceText(request, null, true))).toBeTypeOf('string');
    }
  });
});
