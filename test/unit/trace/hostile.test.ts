import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { cleanLine, columnOf } from '../../../server/src/trace/lines/clean.ts';
import { LONGEST_LINE } from '../../../server/src/trace/lines/text.ts';
import { parsePatch } from '../../../server/src/trace/mail/patch.ts';
import { indexLines, placeHunk } from '../../../server/src/trace/mail/place.ts';
import { expressionsIn } from '../../../server/src/trace/mail/prose.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';
import { seeded, workOf } from './support.ts';

// counting slows every string operation down, and machines that run tests are busy
vi.setConfig({ testTimeout: 60_000 });

/** Texts of a size, each against one way of being slow. */
const BOMBS: Record<string, (n: number) => string> = {
  'one long line': (n) => 'a'.repeat(n),
  blanks: (n) => `#0 ${' '.repeat(n)}x`,
  'open brackets': (n) => `#1  0x1 in f (${'('.repeat(n)}`,
  'quote marks': (n) => `${'> '.repeat(n / 2)}vfs_read+0x1/0x2`,
  'open entities': (n) => '&lt'.repeat(n / 3),
  escapes: (n) => '\x1b['.repeat(n / 2),
  'operating system commands': (n) => '\x1b]0;'.repeat(n / 4),
  stamps: (n) => '[  12.345678] '.repeat(n / 14),
  offsets: (n) => '+0x1/0x2'.repeat(n / 8),
  'frames on a line': (n) => 'f+0x1/0x2 '.repeat(n / 10),
  'Rust brackets': (n) => `${'<'.repeat(n / 2)}${'>'.repeat(n / 2)}::f+0x1/0x2`,
  'Rust path': (n) => `${'a::'.repeat(n / 3)}f+0x1/0x2`,
  paths: (n) => 'a/'.repeat(n / 2),
  dashes: (n) => 'a-'.repeat(n / 2),
  arrows: (n) => 'a->'.repeat(n / 3),
  dots: (n) => 'a.'.repeat(n / 2),
  colons: (n) => 'x.c:'.repeat(n / 4),
  'open GDB frames': (n) => '#1  0x1 in f (a=1,\n'.repeat(n / 19),
  'GDB frame, never closed': (n) => `#1  0x1 in f (a=1,\n${'b=2,\n'.repeat(n / 5)}`,
  'lone names': (n) => '  a_b\n'.repeat(n / 6),
  headings: (n) => 'WARNING: CPU: 0 PID: 1 at \n'.repeat(n / 27),
  titles: (n) => 'Call Trace:\n'.repeat(n / 12),
  callers: (n) => Array.from({ length: n / 24 }, (_, i) => `[    1.000000][T${10_000 + i}] `).join('\n'),
  nul: (n) => '\0'.repeat(n),
  'hunk headers': (n) => `--- a/x\n+++ b/x\n${'@@ -1,9999 +1,9999 @@ f\n'.repeat(n / 24)}`,
  'a hunk without markers': (n) => `--- a/x\n+++ b/x\n@@ -1,9999999 +1,9999999 @@ f\n${'word\n'.repeat(n / 5)}`,
  diffs: (n) => 'diff --git a/x b/x\n'.repeat(n / 19),
  'tables of ftrace': (n) => '  1) | a() {\n'.repeat(n / 13),
};

const READERS: Record<string, (text: string) => void> = {
  parseTrace: (text) => void parseTrace(text),
  parsePatch: (text) => void parsePatch(text),
  expressionsIn: (text) => {
    for (const line of text.split('\n')) expressionsIn(line);
  },
};

describe('work grows with the text, not faster', () => {
  for (const [reader, read] of Object.entries(READERS)) {
    test.each(Object.entries(BOMBS))(`${reader}: %s`, (_name, bomb) => {
      // beyond the longest line read, work stays the same: sizes below it
      const small = workOf(() => read(bomb(6000)));
      const large = workOf(() => read(bomb(24_000)));
      expect(large).toBeLessThan(6 * small + 20_000);
      expect(large).toBeLessThan(24_000 * 400);
    });
  }

  test('placing a hunk among lines that are all alike', () => {
    const hunkOf = (n: number) =>
      parsePatch(`--- a/x\n+++ b/x\n@@ -1,${n} +1,${n + 1} @@\n${' a\n'.repeat(n - 1)}+b\n c`).patches[0].files[0]
        .hunks[0];
    const steps = (n: number) => {
      const index = indexLines(Array.from({ length: n }, (_, i) => (i === 0 ? 'c' : 'a')));
      let reads = 0;
      const counting = new Proxy(index.exact, {
        get(target, key) {
          if (typeof key === 'string' && key.charCodeAt(0) < 58) reads++;
          const value = Reflect.get(target, key);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      placeHunk(hunkOf(n / 4), { ...index, exact: counting });
      return reads;
    };
    expect(steps(1000)).toBeGreaterThan(1000);
    expect(steps(4000)).toBeLessThan(5 * steps(1000));
  });

  test('no regular expression has a quantifier without bound inside another', () => {
    const folder = new URL('../../../server/src/trace/', import.meta.url);
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )) {
      for (const [regex] of readFileSync(new URL(file, folder), 'utf8').matchAll(
        /(?<=[(,=:\s])\/(?![/*])(?:\\.|\[(?:\\.|[^\]])*\]|[^/\n\\[])+\/[a-z]*/g,
      )) {
        // a group that holds `*` or `+` of more than one shape and is itself repeated without bound
        const bare = regex.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
        expect(bare, `${file}: ${regex}`).not.toMatch(/\([^()]*[*+][^()]*\)[*+]/);
      }
    }
  });
});

describe('nothing breaks', () => {
  test('empty, binary, truncated', () => {
    expect(parseTrace('')).toEqual({ stacks: [], problems: [], lines: 0, cut: null });
    expect(parsePatch('')).toEqual({ patches: [], problems: [] });
    expect(expressionsIn('')).toEqual([]);
    const binary = parseTrace('\0\x01ELF\0\n vfs_read+0x1/0x2');
    expect(binary.problems).toEqual([{ line: 1, message: 'Binary data: control characters were left out.' }]);
    expect(binary.stacks[0].frames).toHaveLength(1);
    expect(parseTrace('BUG: kernel NULL pointer dereference\nCall Trace:').problems[0].line).toBe(2);
    const long = parseTrace(`${'x'.repeat(LONGEST_LINE + 10)}\n vfs_read+0x1/0x2`);
    expect(long.problems[0].message).toContain('Only the first');
    expect(long.stacks[0].frames[0].line).toBe(2);
    expect(parseTrace('\r\n\n \n').lines).toBe(3);
  });

  const PIECES = [
    'Call Trace:',
    ' vfs_read+0x1/0x2',
    ' ? f.isra.0+0xff/0x100 [ext4]',
    '#0  f (x=1) at a.c:1',
    '#1  0x1 in g (y="(',
    '<TASK>',
    '[  1.000000]',
    '[   C1]',
    '> ',
    '\x1b[31m',
    '&lt;',
    '\r',
    '\0',
    '\u{1F600}',
    ' => f',
    '@[',
    ']: 3',
    '@@ -1,3 +1,4 @@ f',
    '--- a/x.c',
    '+++ b/x.c',
    'diff --git a/x b/x',
    '+a',
    '-b',
    ' c',
    '\\ No newline',
    'a->b->c(d)',
    '->fault()',
    'fs/x.c:12',
    'struct page',
    'RIP: 0010:f+0x1/0x2',
    'WARNING: CPU: 0 PID: 1 at fs/x.c:12 f+0x1/0x2',
    ' 1)   |  f() {',
    '  name_a',
    '0xffffffff81000000',
    '(',
    ')',
    '"',
    ':',
    '+0x',
    '/0x',
  ];

  test('any mix of pieces: columns fit, lines are in order, the same text gives the same answer', () => {
    for (let seed = 1; seed <= 120; seed++) {
      const random = seeded(seed);
      let text = '';
      for (let i = 0; i < 60; i++)
        text += PIECES[Math.floor(random() * PIECES.length)] + (random() < 0.6 ? '\n' : random() < 0.5 ? ' ' : '');
      const trace = parseTrace(text);
      const lines = text.split('\n');
      let last = 0;
      for (const stack of trace.stacks) {
        expect(stack.frames.length).toBeGreaterThan(0);
        expect(stack.line).toBeGreaterThanOrEqual(last);
        expect(stack.endLine).toBeGreaterThanOrEqual(stack.line);
        last = stack.line;
        for (const f of stack.frames) {
          expect(f.line).toBeGreaterThan(0);
          expect(f.line).toBeLessThanOrEqual(lines.length);
          expect(f.start).toBeGreaterThanOrEqual(0);
          expect(f.end).toBeLessThanOrEqual(lines[f.line - 1].length);
          expect(f.text.startsWith(f.function) || f.text.startsWith('.')).toBe(true);
        }
      }
      expect(parseTrace(text)).toEqual(trace);
      for (const patch of parsePatch(text).patches) {
        for (const hunk of patch.files.flatMap((f) => f.hunks)) {
          for (const l of hunk.lines) expect(lines[l.line - 1].length).toBeGreaterThanOrEqual(l.column - 1);
          placeHunk(hunk, lines);
        }
      }
      for (const line of lines) {
        let end = 0;
        for (const e of expressionsIn(line)) {
          expect(e.start).toBeGreaterThanOrEqual(end);
          expect(line.slice(e.start, e.end)).toBe(e.text);
          expect(line.slice(e.nameStart, e.nameEnd)).toBe(e.name);
          end = e.end;
        }
      }
    }
  });

  test('what surrounds a frame does not change it: prefixes in any order keep it and its columns', () => {
    const prefixes = [
      '> ',
      '>> ',
      '<4>',
      '[   12.345678] ',
      '[   12.345678][  T12] ',
      'Jan  5 12:34:56 host kernel: ',
      '\x1b[0m',
      'kern  :warn  : ',
    ];
    for (let seed = 1; seed <= 150; seed++) {
      const random = seeded(seed);
      const name = `fs_${Math.floor(random() * 1e6).toString(36)}`;
      const offset = Math.floor(random() * 4096);
      const size = offset + 1 + Math.floor(random() * 4096);
      let line = ` ${name}+0x${offset.toString(16)}/0x${size.toString(16)}`;
      for (let n = Math.floor(random() * 3); n > 0; n--) line = prefixes[Math.floor(random() * prefixes.length)] + line;
      const frame = parseTrace(`Call Trace:\n${line}`).stacks[0]?.frames[0];
      expect(frame, JSON.stringify(line)).toMatchObject({
        function: name,
        offset,
        size,
        line: 2,
        start: line.indexOf(name),
      });
    }
  });

  test('cleaning keeps the place of every character', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = seeded(seed);
      let line = '';
      for (let i = 0; i < 20; i++) line += PIECES[Math.floor(random() * PIECES.length)];
      for (const segment of cleanLine(line)) {
        for (let i = 0; i < segment.text.length; i++) {
          const at = line.slice(columnOf(segment, i), columnOf(segment, i) + 6);
          expect(at.startsWith(segment.text[i]) || at.startsWith('&') || at.startsWith('\r')).toBe(true);
        }
      }
    }
  });
});
