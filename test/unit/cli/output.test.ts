import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineText, mark } from '../../../server/src/cli/output.ts';
import { columns, newPrinter } from '../../../server/src/cli/print.ts';
import { STEERING, withoutOwn } from '../support/shell.ts';

/** What somebody would put into a subject or a file name, and everything else. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\x1b]52;c;aGk=\x07',
        '\x1b[2J',
        '\x1b]8;;http://x/\x1b\\',
        '\x9b31m',
        '\x1b[0m',
        `\x1b${'0'.repeat(24)}b`,
        '\n',
        '\r',
        '\t',
        '\0',
        '\x7f',
        '\u202e',
        '\u2066',
        '\u2028',
        '\ud800',
        'ext4',
        'ä',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

test('whatever stands in a row, nothing but our own sequences goes out, and those only to a terminal', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(hostile, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
      hostile,
      (rows, root) => {
        for (const isTerminal of [true, false]) {
          const printer = newPrinter(`/${root}`, isTerminal);
          const lines = columns(
            rows.map(([first, ...more]) => [printer.place(first, 7), ...more.map(printer.bold), printer.dim(first)]),
          );
          expect(lines.length).toBe(rows.length);
          for (const line of lines) {
            const text = lineText(line);
            expect(isTerminal ? withoutOwn(text) : text).not.toMatch(STEERING);
            expect(text).not.toContain('\n');
          }
        }
      },
    ),
  );
});

test('JSON says the same, without any of those characters', () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, fc.array(hostile)), (value) => {
      const text = lineText(value);
      expect(text).not.toMatch(STEERING);
      expect(text).not.toContain('\n');
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('control characters are shown as people write them', () => {
  expect(lineText('a\x1b]52;c;\x07b\tc\nd\re\x9bf\u202eg\0')).toBe('a\\x1b]52;c;\\x07b c\\nd\\re\\x9bf\\u202eg\\x00');
  expect(lineText('plain, grün, 中文 …')).toBe('plain, grün, 中文 …');
});

test('our own styles are sent', () => {
  const printer = newPrinter('/usr/src', true);
  expect(lineText(printer.bold('x'))).toBe('\x1b[1mx\x1b[0m');
  expect(lineText(printer.place('mm/a b.c', 3))).toBe(
    '\x1b]8;;file:///usr/src/mm/a%20b.c#3\x1b\\\x1b[36mmm/a b.c:3\x1b[0m\x1b]8;;\x1b\\',
  );
  expect(lineText(mark('b').slice(0, -1))).toMatch(/^\\x1b[0-9a-f]{24}$/);
});

test('columns stand where they are seen to stand', () => {
  const printer = newPrinter('/', true);
  const [first, second] = columns([
    [printer.bold('a\x1b'), 'x'],
    [printer.place('abc', 1), 'x'],
  ]).map((line) => withoutOwn(lineText(line)));
  expect(first.indexOf(' x')).toBe(second.indexOf(' x'));
});

test('no command writes past the one place that shows what it is given', () => {
  const folder = fileURLToPath(new URL('../../../server/src/cli/', import.meta.url));
  const guilty = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      file !== 'output.ts' &&
      /std(?:out|err)\.write|console\.|writeSync/.test(readFileSync(`${folder}${file}`, 'utf8')),
  );
  expect(guilty).toEqual([]);
});
