/** Texts nobody would paste, and texts somebody might: whatever comes in, what goes out is sound. */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { readLines } from '../../../server/src/backtrace/vmlinux/vmlinux.ts';
import { parsePatch } from '../../../server/src/trace/mail/patch.ts';
import { indexLines, placeHunk } from '../../../server/src/trace/mail/place.ts';
import { expressionsIn } from '../../../server/src/trace/mail/prose.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';

vi.setConfig({ testTimeout: 60_000 });

const name = fc.constantFrom(
  'vfs_read',
  'ext4_readahead',
  '__x64_sys_read',
  'f.isra.0',
  'asm_exc_page_fault',
  'x',
  '??',
);
const hex = fc.nat({ max: 0xffff_ffff }).map((n) => n.toString(16));

/** A patch of one hunk, whole but for what the line breaks between pieces do to it. */
const hunk = fc
  .tuple(fc.nat(50), fc.array(fc.constantFrom(' a', '-b', '+c', ' d'), { minLength: 1, maxLength: 5 }))
  .map(([at, body]) => {
    const count = (marks: string) => body.filter((l) => marks.includes(l[0])).length;
    return `--- a/fs/x.c\n+++ b/fs/x.c\n@@ -${at},${count(' -')} +${at},${count(' +')} @@ f\n${body.join('\n')}\n`;
  });

/** Pieces that traces and patches are made of. */
const fragment = fc.oneof(
  fc.tuple(name, hex, hex).map(([f, a, b]) => `${f}+0x${a}/0x${b}`),
  fc.tuple(fc.nat(99), hex, name).map(([n, a, f]) => `#${n}  0x${a} in ${f} (a=1) at ../fs/read.c:${n}`),
  fc.tuple(name, fc.nat(5000)).map(([f, n]) => `${f} (fs/ext4/inode.c:${n} (discriminator 2))`),
  hex.map((a) => `[<${a}>] `),
  hunk,
  fc.constantFrom(
    'Call Trace:',
    ' <IRQ>',
    ' </TASK>',
    'RIP: 0010:',
    'BUG: KASAN: use-after-free in ',
    'Modules linked in: a b',
    '-> #1 (&lock){+.+.}-{3:3}:',
    ' => ',
    ' 1)   0.1 us    |  f();',
    'diff --git a/x b/x',
    '--- a/fs/x.c',
    '+++ b/fs/x.c',
    '@@ -1,3 +1,4 @@ f',
    '+x',
    '-y',
    '> ',
    '[  12.345678][T12] ',
    '\u001b[31m',
    '&lt;',
    '[inline]',
    '\t',
    '\r',
    '\0',
    '? ',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 40 }),
);

const text = fc
  .array(fc.tuple(fragment, fc.constantFrom('\n', '\r\n', ' ', '', '\n\n')), { maxLength: 80 })
  .map((parts) => parts.flat().join(''));

/** more with KERNTRAIL_FUZZ */
const runs = { numRuns: Number(process.env.KERNTRAIL_FUZZ ?? 400) };

describe('any text', () => {
  test('parseTrace: frames lie where they say', () => {
    let frames = 0;
    fc.assert(
      fc.property(text, (t) => {
        const lines = t.split('\n');
        const trace = parseTrace(t);
        for (const stack of trace.stacks) {
          expect(stack.line).toBeLessThanOrEqual(stack.endLine);
          for (const frame of stack.frames) {
            frames++;
            expect(frame.line).toBeGreaterThan(0);
            expect(frame.line).toBeLessThanOrEqual(lines.length);
            expect(frame.start).toBeLessThanOrEqual(frame.end);
            expect(frame.end).toBeLessThanOrEqual(lines[frame.line - 1].length);
          }
        }
        expect(parseTrace(t)).toEqual(trace);
      }),
      runs,
    );
    expect(frames).toBeGreaterThan(100);
  });

  test('parsePatch, and its hunks in any file', () => {
    let hunks = 0;
    fc.assert(
      fc.property(text, text, (t, other) => {
        const index = indexLines(other.split('\n'));
        for (const { files } of parsePatch(t).patches)
          for (const file of files)
            for (const hunk of file.hunks) {
              hunks++;
              const { line } = placeHunk(hunk, index);
              expect(line === null || line >= 0).toBe(true);
            }
      }),
      runs,
    );
    expect(hunks).toBeGreaterThan(10);
  });

  test('expressionsIn: places within the line', () => {
    fc.assert(
      fc.property(text, (t) => {
        for (const line of t.split('\n'))
          for (const e of expressionsIn(line)) {
            expect(e.start).toBeLessThan(e.end);
            expect(e.end).toBeLessThanOrEqual(line.length);
          }
      }),
      runs,
    );
  });

  test('what a tool prints', () => {
    fc.assert(
      fc.property(text, (t) => {
        for (const lines of readLines(`0x1\n${t}`).values())
          for (const l of lines) expect(l.line).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });
});
