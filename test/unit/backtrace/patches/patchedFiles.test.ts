/** What is said of the hunks of a series, held against what git says when it applies them one after the other. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolvePatches } from '../../../../server/src/backtrace/patches/patchPlaces.ts';
import { parsePatch } from '../../../../server/src/trace/mail/patch.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';
import { seeded } from '../../trace/support.ts';

const FILE = 'mill/gears.c';
const LINES = Array.from({ length: 60 }, (_, i) => `int gear_${i}(void) { return ${i}; }`);
let tree: IndexedTree;
let folder: string;

beforeAll(async () => {
  tree = await indexTree(`//@ ${FILE}\n${LINES.join('\n')}\n`);
  folder = mkdtempSync(join(tmpdir(), 'patched-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (cwd: string, ...args: string[]) =>
  spawnSync('git', ['-c', 'core.autocrlf=false', ...args], { cwd, encoding: 'utf8' });

/** A change of some lines: some go, some come. */
function changed(lines: readonly string[], random: () => number): string[] {
  const out = [...lines];
  for (let n = 0; n < 3; n++) {
    const at = Math.floor(random() * out.length);
    const word = Math.floor(random() * 1e6);
    if (random() < 0.3) out.splice(at, 1);
    else if (random() < 0.5) out.splice(at, 0, `int new_${word}(void);`);
    else out[at] = `int other_${word}(void);`;
  }
  return out;
}

/** The diff from one text to another, as git makes it, with other prefixes now and then. */
function diffOf(n: number, before: readonly string[], after: readonly string[], prefixes: readonly string[]): string {
  for (const [name, lines] of [
    ['a', before],
    ['b', after],
  ] as const) {
    mkdirSync(join(folder, String(n), name, 'mill'), { recursive: true });
    writeFileSync(join(folder, String(n), name, FILE), `${lines.join('\n')}\n`);
  }
  const diff = git(join(folder, String(n)), 'diff', '--no-index', '--no-prefix', 'a', 'b').stdout;
  return diff.replaceAll(` a/${FILE}`, ` ${prefixes[0]}${FILE}`).replaceAll(` b/${FILE}`, ` ${prefixes[1]}${FILE}`);
}

test('what applies for git applies here, and the other way round', () => {
  const random = seeded(7);
  const seen = { applies: 0, not: 0 };
  for (let round = 0; round < 12; round++) {
    const prefixes = [
      ['a/', 'b/'],
      ['i/', 'w/'],
      ['', ''],
    ][round % 3];
    // a series, of which the tree may have the first patch already, or be elsewhere
    const start = round % 4 === 3 ? changed(changed(LINES, random), random) : LINES;
    const first = changed(start, random);
    const second = changed(first, random);
    const diffs = [diffOf(2 * round, start, first, prefixes), diffOf(2 * round + 1, first, second, prefixes)];
    const work = join(folder, `work${round}`);
    mkdirSync(join(work, 'mill'), { recursive: true });
    writeFileSync(join(work, FILE), `${LINES.join('\n')}\n`);
    const strip = prefixes[0] === '' ? '-p0' : '-p1';
    const byGit = diffs.map((diff, i) => {
      const file = join(work, `${i}.diff`);
      writeFileSync(file, diff);
      return git(work, 'apply', strip, file).status === 0;
    });
    const text = diffs.map((d, i) => `Subject: [PATCH ${i + 1}/2] gears\n---\n${d}`).join('\n');
    const ours = resolvePatches({ index: tree.index, architecture: 'x86' }, parsePatch(text).patches);
    expect(ours).toHaveLength(2);
    ours.forEach((patch, i) => {
      const states = patch.files.flatMap((f) => f.hunks.map((h) => h.placement));
      expect(states.length).toBeGreaterThan(0);
      // git takes no fuzz
      const applies = states.every((p) => p?.exact && (p.state === 'applies' || p.state === 'drifted'));
      if (i === 0 || byGit[0]) expect([round, i, applies]).toEqual([round, i, byGit[i]]);
      seen[byGit[i] ? 'applies' : 'not']++;
    });
  }
  expect(seen.applies).toBeGreaterThan(10);
  expect(seen.not).toBeGreaterThan(1);
  expect(readFileSync(join(tree.index.root, FILE), 'utf8')).toBe(`${LINES.join('\n')}\n`);
});

const hunkOf = (path: string, from: number, body: string, rest = ''): string =>
  `--- a/${path}\n+++ b/${path}\n@@ -${from},2 +${from},3 @@${rest}\n ${LINES[from - 1]}\n${body}\n ${LINES[from]}\n`;

test('a patch of a series stands on what the ones before brought, the same patch twice does not', () => {
  const on = `--- a/${FILE}\n+++ b/${FILE}\n@@ -2,3 +2,4 @@\n ${LINES[1]}\n int one;\n+int two;\n ${LINES[2]}\n`;
  const series = `Subject: [PATCH 1/2] one\n${hunkOf(FILE, 2, '+int one;')}\nSubject: [PATCH 2/2] two\n${on}`;
  const say = (text: string) =>
    resolvePatches({ index: tree.index, architecture: 'x86' }, parsePatch(text).patches).map((p) => {
      const [hunk] = p.files[0].hunks;
      return [p.files[0].path, hunk.placement?.state, hunk.onTop, hunk.lines];
    });
  expect(say(series)).toEqual([
    [FILE, 'applies', null, [2, null, 3]],
    [FILE, 'applies', 2, [2, null, null, 3]],
  ]);
  const twice = `Subject: [PATCH v1] one\n${hunkOf(FILE, 2, '+int one;')}\nSubject: [PATCH v2] one\n${hunkOf(FILE, 2, '+int one;')}`;
  expect(say(twice).map((s) => s[1])).toEqual(['applies', 'applies']);
});

test('other folders in front of the path; a path that is just not there', () => {
  const path = (text: string) =>
    resolvePatches({ index: tree.index, architecture: 'x86' }, parsePatch(text).patches)[0].files[0].path;
  expect(path(hunkOf(`home/me/src/${FILE}`, 2, '+int one;'))).toBe(FILE);
  expect(path(hunkOf('mill/other/gears.c', 2, '+int one;'))).toBe(null);
});

test('the function that a hunk begins in its own lines wins over the one in its header', () => {
  const text = `--- a/${FILE}
+++ b/${FILE}
@@ -40,4 +40,4 @@ static int gear_3(struct nowhere *x)
 
 static void gear_5(struct nowhere *y)
 {
-	int not_here;
+	int here;
`;
  const [patch] = resolvePatches({ index: tree.index, architecture: 'x86' }, parsePatch(text).patches);
  expect(patch.files[0].hunks[0]).toMatchObject({ functions: ['gear_5'], section: { function: 'gear_5' } });
});
