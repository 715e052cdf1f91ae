import { describe, expect, test } from 'vitest';
import { parsePatch } from '../../../../server/src/trace/mail/patch.ts';
import type { Patch } from '../../../../server/src/trace/mail/patchTypes.ts';
import { placeHunk } from '../../../../server/src/trace/mail/place.ts';

const GIT = `From 1234567890abcdef1234567890abcdef12345678 Mon Sep 17 00:00:00 2001
From: Ann Author <ann@example.org>
Date: Wed, 27 May 2026 09:13:09 -0400
Subject: [PATCH 1/2] ext4: give the page fault path a
 lock of its own
Message-ID: <20260527.1@example.org>

Some words about --- this and that.

Signed-off-by: Ann Author <ann@example.org>
---
 fs/ext4/inode.c | 3 ++-
 1 file changed, 2 insertions(+), 1 deletion(-)

diff --git a/fs/ext4/inode.c b/fs/ext4/inode.c
index a80195bd6f20..c6fe42d012fc 100644
--- a/fs/ext4/inode.c
+++ b/fs/ext4/inode.c
@@ -10,4 +10,5 @@ static int ext4_readpage(struct file *file, struct page *page)
 	int ret;
 
-	trace_ext4_readpage(page);
+	trace_ext4_readpage(page, file);
+	ext4_lock(inode);
 	return ret;
-- 
2.52.0
`;

/** `- text @line:column` of every line of the first hunk. */
function lines(text: string): string[] {
  const marks = { context: ' ', add: '+', remove: '-' };
  const { files } = parsePatch(text).patches[0];
  return files[0].hunks[0].lines.map((l) => `${marks[l.kind]}${l.text.trim()} @${l.line}:${l.column}`);
}

/** What stays of a patch when places in the input are left out. */
function gist(patch: Patch) {
  return patch.files.map((f) => [f.newPath, f.hunks.map((h) => h.lines.map((l) => [l.kind, l.text.trim()]))]);
}

describe('a mail by git', () => {
  test('header, file, hunk', () => {
    const { patches, problems } = parsePatch(GIT);
    expect(problems).toEqual([]);
    expect(patches).toHaveLength(1);
    expect(patches[0]).toMatchObject({
      subject: '[PATCH 1/2] ext4: give the page fault path a lock of its own',
      from: 'Ann Author <ann@example.org>',
      date: 'Wed, 27 May 2026 09:13:09 -0400',
      messageId: '20260527.1@example.org',
      line: 1,
    });
    const [file] = patches[0].files;
    expect(file).toMatchObject({ oldPath: 'fs/ext4/inode.c', newPath: 'fs/ext4/inode.c', kind: 'modified', line: 15 });
    expect(file.hunks[0]).toMatchObject({
      line: 19,
      oldStart: 10,
      oldCount: 4,
      newStart: 10,
      newCount: 5,
      section: 'static int ext4_readpage(struct file *file, struct page *page)',
      damage: [],
    });
    expect(lines(GIT)).toEqual([
      ' int ret; @20:1',
      '  @21:1',
      '-trace_ext4_readpage(page); @22:1',
      '+trace_ext4_readpage(page, file); @23:1',
      '+ext4_lock(inode); @24:1',
      ' return ret; @25:1',
    ]);
  });

  const plain = gist(parsePatch(GIT).patches[0]);
  const shapes: Record<string, (text: string) => string> = {
    CRLF: (t) => t.replaceAll('\n', '\r\n'),
    quoted: (t) => t.replace(/^/gm, '> '),
    'quoted twice': (t) => t.replace(/^/gm, '>> '),
    'context without its blank': (t) => t.replace(/^ /gm, ''),
    'trailing blanks lost': (t) => t.replace(/[ \t]+$/gm, ''),
    'web page': (t) => t.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    'without a mail': (t) => t.slice(t.indexOf('diff --git')),
    'without git': (t) => t.slice(t.indexOf('--- a/')),
    wrapped: (t) => t.replace('trace_ext4_readpage(page, file)', 'trace_ext4_readpage(page,\nfile)'),
    'format=flowed': (t) =>
      `Content-Type: text/plain; format=flowed\n${t.replace(/^(?=[ >]|From )/gm, ' ').replace(/^ From/, 'From')}`,
    'quoted-printable': (t) =>
      `Content-Transfer-Encoding: quoted-printable\n${t.replaceAll('=', '=3D').replace('trace_ext4_readpage(page, ', 'trace_ext4_=\nreadpage(page, ')}`,
  };
  test.each(Object.entries(shapes))('%s', (_name, shape) => {
    const { patches } = parsePatch(shape(GIT));
    expect(patches).toHaveLength(1);
    expect(gist(patches[0])).toEqual(plain);
  });

  test('damage is told, not fatal', () => {
    expect(parsePatch(shapes.wrapped(GIT)).problems).toEqual([{ line: 19, message: 'Hunk: lines were wrapped.' }]);
    const cut = parsePatch(GIT.slice(0, GIT.indexOf('+	ext4_lock')));
    expect(cut.patches[0].files[0].hunks[0].damage[0]).toContain('4 old and 5 new lines, 3 and 3 are there');
    const header = parsePatch(
      GIT.replace('(struct file *file, struct page *page)\n', '(struct file *file,\nstruct page *page)\n'),
    );
    expect(gist(header.patches[0])).toEqual(plain);
  });
});

describe('other forms', () => {
  test("a reviewer's words between the lines, the author's name in the quote", () => {
    const reply = `Re: [PATCH 1/2] ext4: x
From: Rita Reviewer
> From: Ann Author <ann@example.org>
> diff --git a/a.c b/a.c
> --- a/a.c
> +++ b/a.c
> @@ -1,3 +1,3 @@
>  one

Is this needed?

> -two
> +zwei
>  three
Regards`;
    const { patches } = parsePatch(reply);
    expect(patches[0]).toMatchObject({ subject: 'Re: [PATCH 1/2] ext4: x', from: 'Ann Author <ann@example.org>' });
    expect(lines(reply)).toEqual([' one @8:3', '-two @12:3', '+zwei @13:3', ' three @14:3']);
    expect(patches[0].files[0].hunks[0].damage).toEqual([]);
  });

  test('several patches, files and hunks; renames, new, deleted and binary files', () => {
    const { patches } = parsePatch(`Subject: [PATCH 1/2] one
diff --git a/old.c b/new.c
similarity index 90%
rename from old.c
rename to new.c
--- a/old.c
+++ b/new.c
@@ -1 +1 @@
-a
+b
@@ -10,0 +11 @@ f
+c
\\ No newline at end of file
diff --git a/fs/n.c b/fs/n.c
new file mode 100644
--- /dev/null
+++ b/fs/n.c
@@ -0,0 +1,2 @@
+x
+y
Subject: [PATCH 2/2] two
diff --git a/gone.c b/gone.c
deleted file mode 100644
--- a/gone.c
+++ /dev/null
@@ -1 +0,0 @@
--- x
diff --git a/logo.png b/logo.png
Binary files a/logo.png and b/logo.png differ
--- linux-5.0.orig/mm/mmap.c	2019-03-04 00:21:29
+++ linux-5.0/mm/mmap.c	2019-03-04 00:22:29
@@ -5,1 +5,1 @@
-p
+q`);
    expect(
      patches.map((p) => [
        p.subject,
        p.files.map((f) => `${f.kind} ${f.oldPath} ${f.newPath} ${f.hunks.length}${f.binary ? ' binary' : ''}`),
      ]),
    ).toEqual([
      ['[PATCH 1/2] one', ['renamed old.c new.c 2', 'added null fs/n.c 1']],
      [
        '[PATCH 2/2] two',
        ['deleted gone.c null 1', 'modified logo.png logo.png 0 binary', 'modified mm/mmap.c mm/mmap.c 1'],
      ],
    ]);
    expect(patches[0].files[0].hunks[1].lines[0]).toMatchObject({ kind: 'add', text: 'c', noNewline: true });
    expect(patches[1].files[0].hunks[0].lines[0]).toMatchObject({ kind: 'remove', text: '-- x' });
  });

  test('text that is no patch', () => {
    expect(parsePatch('--- a heading\n\n@@ -1 +1 @@\n-- \nsomeone\n').patches).toEqual([]);
  });
});

describe('placing', () => {
  const file = Array.from({ length: 60 }, (_, i) => (i % 7 === 0 ? '' : `\tline_${i}();`));
  const hunkAt = (start: number, body: string) =>
    parsePatch(`--- a/x\n+++ b/x\n@@ -${start},5 +${start},5 @@\n${body}`).patches[0].files[0].hunks[0];
  const body = ' \tline_9();\n \tline_10();\n-\tline_11();\n+\tzeile_11();\n \tline_12();\n \tline_13();';

  test('at its line, elsewhere, applied already, nowhere', () => {
    expect(placeHunk(hunkAt(10, body), file)).toEqual({
      state: 'applies',
      line: 10,
      drift: 0,
      matched: 1,
      exact: true,
      unique: true,
    });
    expect(placeHunk(hunkAt(40, body), file)).toMatchObject({ state: 'drifted', line: 10, drift: -30, unique: true });
    const done = file.with(11, '\tzeile_11();');
    expect(placeHunk(hunkAt(10, body), done)).toMatchObject({ state: 'applied', line: 10, drift: 0 });
    const other = file.with(11, '\telf();');
    const conflict = placeHunk(hunkAt(30, body), other);
    expect(conflict).toMatchObject({ state: 'conflicts', line: 10, drift: -20, unique: false });
    expect(conflict.matched).toBeCloseTo(0.8);
  });

  test('white space, changed context', () => {
    const spaces = hunkAt(10, body.replaceAll('\t', '        '));
    expect(placeHunk(spaces, file)).toMatchObject({ state: 'applies', line: 10, exact: false, matched: 1 });
    const fuzzy = placeHunk(hunkAt(10, body), file.with(13, '\tother();'));
    expect(fuzzy).toMatchObject({ state: 'applies', line: 10, exact: false });
    expect(fuzzy.matched).toBeLessThan(1);
  });

  test('several places: the nearest, and that it is one of several', () => {
    const twice = [...file, ...file];
    expect(placeHunk(hunkAt(68, body), twice)).toMatchObject({ state: 'drifted', line: 70, drift: 2, unique: false });
    expect(placeHunk(hunkAt(70, body), twice)).toMatchObject({ state: 'applies', line: 70, unique: true });
  });

  test('no lines before: a new file, an addition between lines, the end of a file', () => {
    const added = parsePatch('--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+x\n+y').patches[0].files[0].hunks[0];
    expect(placeHunk(added, [''])).toMatchObject({ state: 'applies', line: 1 });
    expect(placeHunk(added, ['x', 'y', ''])).toMatchObject({ state: 'applied', line: 1, drift: 0 });
    expect(placeHunk(added, ['something', 'else'])).toMatchObject({ state: 'conflicts' });
    const tail = parsePatch('--- a/x\n+++ b/x\n@@ -58,2 +58,3 @@\n \tline_58();\n \tline_59();\n+\tline_60();')
      .patches[0];
    expect(placeHunk(tail.files[0].hunks[0], [...file, '\tline_60();'])).toMatchObject({ state: 'applied' });
    expect(placeHunk(tail.files[0].hunks[0], file)).toMatchObject({ state: 'drifted', drift: 1 });
  });
});
