/**
 * Patches as mails carry them: quoted, wrapped, stripped of white space, several in one text. The form is git's
 * (git-format-patch(1), git-diff(1) “Generating patch text with -p”) and GNU diff's unified one.
 */
import type { Problem } from '../types.ts';

export type HunkLineKind = 'context' | 'add' | 'remove';

export interface HunkLine {
  kind: HunkLineKind;
  /** the file's line, without marker and quoting */
  text: string;
  /** line of the input, 1-based, and column where `text` starts in it */
  line: number;
  column: number;
  /** `\ No newline at end of file` stands below */
  noNewline: boolean;
}

export interface Hunk {
  /** line of `@@` in the input, 1-based */
  line: number;
  oldStart: number;
  oldCount: number;
  newStart: number;
  newCount: number;
  /** what git prints behind the second `@@`: the function around the hunk, '' where there is none */
  section: string;
  lines: HunkLine[];
  /** what a mailer or a reviewer did to the hunk, in words; empty where it is whole */
  damage: string[];
}

export interface PatchFile {
  /** path before and after, without `a/` and `b/`; null for /dev/null */
  oldPath: string | null;
  newPath: string | null;
  kind: 'modified' | 'added' | 'deleted' | 'renamed' | 'copied';
  binary: boolean;
  /** line of the input where the file's part starts, 1-based */
  line: number;
  hunks: Hunk[];
}

/** One patch of a mail or a series. */
export interface Patch {
  subject: string | null;
  from: string | null;
  date: string | null;
  messageId: string | null;
  line: number;
  files: PatchFile[];
}

export interface PatchMail {
  patches: Patch[];
  problems: Problem[];
}

/** A line of the input as it is read: decoded, its place kept. */
interface Line {
  text: string;
  line: number;
}

/** A line without its quoting. */
interface Unquoted {
  depth: number;
  text: string;
  column: number;
}

/** Lines that are read as one hunk at most: a generated header's diff is that long. */
const LONGEST_HUNK = 200_000;

/** Files and hunks of one text that are read, together: a change of the whole tree has a few thousand. */
const MOST_PARTS = 40_000;
/** Damaged hunks that are listed. */
const MOST_PROBLEMS = 100;

/** Takes at most `most` levels of mail quoting off, each with one blank behind it. */
function unquote(text: string, most: number): Unquoted {
  let at = 0;
  let depth = 0;
  while (depth < most) {
    let next = at;
    // `> >`: one blank between marks, more belong to the text
    if (text.charCodeAt(next) === 32 && text.charCodeAt(next + 1) === 62 && depth > 0) next++;
    if (text.charCodeAt(next) !== 62) break;
    at = next + 1;
    depth++;
  }
  if (depth > 0 && text.charCodeAt(at) === 32) at++;
  return { depth, text: at === 0 ? text : text.slice(at), column: at };
}

const quoteDepth = (text: string): number => (text.charCodeAt(0) === 62 ? unquote(text, 64).depth : 0);

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" };

/** Decodes a mail's lines: line ends, quoted-printable, a web page's entities, format=flowed's stuffed blanks. */
function linesOf(text: string): Line[] {
  const raw = text.split('\n');
  if (raw.length > 1 && raw[raw.length - 1] === '') raw.pop();
  const head = text.slice(0, 20_000);
  const printable = /^content-transfer-encoding:\s*quoted-printable/im.test(head);
  const flowed = /format=flowed/i.test(head) && /^content-type:/im.test(head);
  const escaped = /&(?:lt|gt);/.test(text) && !text.includes('<');
  const lines: Line[] = [];
  let soft = false;
  for (let i = 0; i < raw.length; i++) {
    let line = raw[i].endsWith('\r') ? raw[i].slice(0, -1) : raw[i];
    if (escaped) line = line.replace(/&(?:lt|gt|amp|quot|#39);/g, (e) => ENTITIES[e]);
    if (flowed && line.startsWith(' ')) line = line.slice(1);
    let continues = false;
    if (printable) {
      continues = line.endsWith('=');
      line = decodePrintable(continues ? line.slice(0, -1) : line);
    }
    if (soft) lines[lines.length - 1].text += line;
    else lines.push({ text: line, line: i + 1 });
    soft = continues;
  }
  return lines;
}

/** `=3D`, and bytes of UTF-8 as `=C3=A9` (RFC 2045). */
function decodePrintable(text: string): string {
  return text.replace(/(?:=[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString('utf8'));
}

/** `a/fs/x.c` -> `fs/x.c`; a time stamp behind a tab goes, quotes of unusual names too. */
function cleanPath(text: string, prefix: 'a/' | 'b/'): string | null {
  let path = text.split('\t')[0].trim();
  if (path.startsWith('"') && path.endsWith('"')) path = path.slice(1, -1);
  if (path === '/dev/null') return null;
  return path.startsWith(prefix) ? path.slice(2) : path;
}

/** Plain diffs name two trees: `linux-5.0.orig/fs/x.c`, `linux-5.0/fs/x.c`. What they share behind the first folder. */
function withoutTrees(oldPath: string | null, newPath: string | null): [string | null, string | null] {
  const rest = (p: string | null) => (p?.includes('/') ? p.slice(p.indexOf('/') + 1) : null);
  if (oldPath !== newPath && rest(oldPath) !== null && rest(oldPath) === rest(newPath)) {
    return [rest(oldPath), rest(newPath)];
  }
  return [oldPath, newPath];
}

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/;
const MAILBOX = /^From [0-9a-f]{7,40} .{0,60}$/;
const HEADER = /^(subject|from|date|message-id)\s{0,4}: ?(.*)$/i;
const BARE_SUBJECT = /^(?:re: |fwd?: )*\[[^\]]{0,60}(?:patch|rfc)[^\]]{0,60}\] \S/i;

interface Reader {
  lines: Line[];
  mail: PatchMail;
  patch: Patch;
  file: PatchFile | null;
  /** quoting of the part that is read */
  depth: number;
  /** the header whose value may go on in the next line */
  folded: 'subject' | 'from' | null;
  /** quoting of the `From:` that was taken */
  fromDepth: number;
  /** files and hunks so far */
  parts: number;
}

const newPatch = (line: number): Patch => ({ subject: null, from: null, date: null, messageId: null, line, files: [] });

function startPatch(reader: Reader, line: number): void {
  const { patch } = reader;
  const empty = patch.files.length === 0 && patch.subject === null && patch.from === null;
  if (empty) reader.mail.patches.pop();
  reader.patch = newPatch(line);
  reader.fromDepth = 0;
  reader.mail.patches.push(reader.patch);
  reader.file = null;
}

/** Reads a mail's header; one behind a patch's files begins another patch. */
function readHeader(reader: Reader, text: string, line: number, depth: number): boolean {
  const m = HEADER.exec(text.length > 2000 ? '' : text);
  const bare = !m && BARE_SUBJECT.test(text.slice(0, 300)) ? text : null;
  if (!m && bare === null) return false;
  const name = m ? m[1].toLowerCase() : 'subject';
  const value = (m ? m[2] : (bare ?? '')).trim();
  if (reader.patch.files.length > 0 && (name === 'subject' || name === 'from')) startPatch(reader, line);
  const { patch } = reader;
  if (name === 'subject' && patch.subject === null) {
    patch.subject = value;
    reader.folded = 'subject';
  } else if (name === 'from') {
    // in a reply, the quoted one is the patch's author
    if (patch.from === null || depth > reader.fromDepth) patch.from = value;
    reader.fromDepth = Math.max(depth, reader.fromDepth);
  } else if (name === 'date') patch.date ??= value;
  else if (name === 'message-id') patch.messageId ??= value.replace(/^<|>$/g, '');
  return true;
}

function startFile(reader: Reader, line: number, oldPath: string | null, newPath: string | null): PatchFile {
  const kind = oldPath === null ? 'added' : newPath === null ? 'deleted' : 'modified';
  const file: PatchFile = { oldPath, newPath, kind, binary: false, line, hunks: [] };
  reader.patch.files.push(file);
  reader.parts++;
  reader.file = file;
  return file;
}

/** `diff --git a/x b/y`: halves that agree, else what stands before ` b/`. */
function gitPaths(rest: string): [string | null, string | null] {
  const text = rest.trim();
  const middle = (text.length - 1) / 2;
  const halves = [text.slice(0, middle), text.slice(middle + 1)];
  if (Number.isInteger(middle) && halves[0].slice(2) === halves[1].slice(2)) {
    return [cleanPath(halves[0], 'a/'), cleanPath(halves[1], 'b/')];
  }
  const split = text.lastIndexOf(' b/');
  if (split > 0) return [cleanPath(text.slice(0, split), 'a/'), cleanPath(text.slice(split + 1), 'b/')];
  const space = text.lastIndexOf(' ');
  return [cleanPath(text.slice(0, Math.max(0, space)), 'a/'), cleanPath(text.slice(space + 1), 'b/')];
}

/** git's lines between `diff --git` and the first hunk. */
function readExtended(file: PatchFile, text: string): void {
  if (text.startsWith('new file mode')) {
    file.kind = 'added';
    file.oldPath = null;
  } else if (text.startsWith('deleted file mode')) {
    file.kind = 'deleted';
    file.newPath = null;
  } else if (text.startsWith('rename from ')) {
    file.kind = 'renamed';
    file.oldPath = text.slice(12).trim();
  } else if (text.startsWith('rename to ')) file.newPath = text.slice(10).trim();
  else if (text.startsWith('copy from ')) {
    file.kind = 'copied';
    file.oldPath = text.slice(10).trim();
  } else if (text.startsWith('copy to ')) file.newPath = text.slice(8).trim();
  else if (text.startsWith('Binary files ') || text.startsWith('GIT binary patch')) file.binary = true;
}

/** Is the line at `index` the `--- old` of a `--- old` / `+++ new` pair? */
function isFilePair(reader: Reader, index: number, text: string, depth: number): boolean {
  if (!text.startsWith('--- ') || index + 1 >= reader.lines.length) return false;
  return unquote(reader.lines[index + 1].text, depth).text.startsWith('+++ ');
}

/** A line of a hunk before it is clear what it is. */
interface RawLine {
  text: string;
  line: number;
  column: number;
}

/** Lines of the hunk at `index`, up to what can't belong to one, and where the next part starts. */
function hunkLines(
  reader: Reader,
  index: number,
  oldCount: number,
  newCount: number,
): { raw: RawLine[]; next: number } {
  const { lines, depth } = reader;
  const raw: RawLine[] = [];
  let oldLeft = oldCount;
  let newLeft = newCount;
  let next = index;
  for (; next < lines.length && raw.length < LONGEST_HUNK; next++) {
    const { text, column, depth: own } = unquote(lines[next].text, depth);
    // a reviewer's words in between
    if (own < depth) {
      if (/^(?:diff --git |From [0-9a-f]{7})/.test(text)) break;
      continue;
    }
    const done = oldLeft <= 0 && newLeft <= 0;
    if (text.startsWith('@@ -') || text.startsWith('diff --git ') || text.startsWith('Index: ') || MAILBOX.test(text))
      break;
    if (done && !text.startsWith('\\')) break;
    if (
      /^-- ?$/.test(text) &&
      (oldLeft <= 0 || next + 1 >= lines.length || /^(?:> ?)*\d+\.\d/.test(lines[next + 1].text))
    )
      break;
    if (oldLeft <= 0 && isFilePair(reader, next, text, depth)) break;
    const c = text.charCodeAt(0);
    if (c === 43) newLeft--;
    else if (c === 45) oldLeft--;
    else if (c !== 92) {
      oldLeft--;
      newLeft--;
    }
    raw.push({ text, line: lines[next].line, column });
  }
  return { raw, next };
}

const MARKERS: Record<string, HunkLineKind> = { ' ': 'context', '+': 'add', '-': 'remove' };

/** Gives each raw line its kind. A line without a marker is context that lost its blank, or a wrapped line's rest. */
function markLines(raw: RawLine[], unmarked: 'context' | 'wrapped'): HunkLine[] {
  const lines: HunkLine[] = [];
  for (const { text, line, column } of raw) {
    const last = lines[lines.length - 1];
    if (text.startsWith('\\')) {
      if (last) last.noNewline = true;
      continue;
    }
    const kind = MARKERS[text[0]];
    if (kind) lines.push({ kind, text: text.slice(1), line, column: column + 1, noNewline: false });
    else if (unmarked === 'wrapped' && text !== '' && last) last.text = `${last.text.trimEnd()} ${text}`;
    else lines.push({ kind: 'context', text, line, column, noNewline: false });
  }
  return lines;
}

/** Lines of the old and of the new side. */
function sizes(lines: HunkLine[]): { old: number; new: number } {
  const added = lines.filter((l) => l.kind === 'add').length;
  const removed = lines.filter((l) => l.kind === 'remove').length;
  return { old: lines.length - added, new: lines.length - removed };
}

/** Cuts lines that the counts of the header leave no room for. */
function cutTo(lines: HunkLine[], oldCount: number, newCount: number): HunkLine[] {
  let oldLeft = oldCount;
  let newLeft = newCount;
  let end = 0;
  for (; end < lines.length && (oldLeft > 0 || newLeft > 0); end++) {
    if (lines[end].kind !== 'add') oldLeft--;
    if (lines[end].kind !== 'remove') newLeft--;
  }
  return end === lines.length ? lines : lines.slice(0, end);
}

/** Reads the hunk whose `@@` stands at `index`; returns where the next part starts. */
function readHunk(reader: Reader, index: number, m: RegExpExecArray): number {
  const hunk: Hunk = {
    line: reader.lines[index].line,
    oldStart: Number(m[1]),
    oldCount: m[2] === undefined ? 1 : Number(m[2]),
    newStart: Number(m[3]),
    newCount: m[4] === undefined ? 1 : Number(m[4]),
    section: m[5].trim(),
    lines: [],
    damage: [],
  };
  const { oldCount, newCount } = hunk;
  const fits = (lines: HunkLine[]) => {
    const size = sizes(lines);
    return size.old === oldCount && size.new === newCount;
  };
  let body = index + 1;
  let { raw, next } = hunkLines(reader, body, oldCount, newCount);
  const isUnmarked = (l: RawLine) => l.text !== '' && MARKERS[l.text[0]] === undefined && l.text[0] !== '\\';
  const stripped = mostLostBlank(raw);
  if (raw.length > 0 && isUnmarked(raw[0]) && !stripped) {
    // the header itself was wrapped
    hunk.section = `${hunk.section} ${raw[0].text}`.trim();
    hunk.damage.push('its header was wrapped');
    while (reader.lines[body].line < raw[0].line) body++;
    body++;
    ({ raw, next } = hunkLines(reader, body, oldCount, newCount));
  }
  const unmarked = raw.filter(isUnmarked);
  let lines = markLines(raw, 'context');
  if (unmarked.length > 0 && !stripped) {
    // a wrapped line's rest took the room of a line that comes later
    const wide = hunkLines(reader, body, oldCount + unmarked.length + 8, newCount + unmarked.length + 8);
    const joined = cutTo(markLines(wide.raw, 'wrapped'), oldCount, newCount);
    if (fits(joined) || !fits(lines)) {
      lines = joined;
      const lastLine = joined.at(-1)?.line ?? 0;
      next = body;
      while (next < wide.next && reader.lines[next].line <= lastLine) next++;
      hunk.damage.push('lines were wrapped');
    }
  }
  if (unmarked.length > 0 && hunk.damage.length === 0) hunk.damage.push('leading white space was stripped');
  hunk.lines = lines;
  if (!fits(lines)) {
    const size = sizes(lines);
    hunk.damage.push(
      `the header says ${oldCount} old and ${newCount} new lines, ${size.old} and ${size.new} are there`,
    );
  }
  for (const damage of hunk.damage)
    if (reader.mail.problems.length < MOST_PROBLEMS)
      reader.mail.problems.push({ line: hunk.line, message: `Hunk: ${damage}.` });
  reader.file?.hunks.push(hunk);
  reader.parts++;
  return next;
}

/** Did the text lose the blank before every context line? Then no line starts with one that has text behind it. */
function mostLostBlank(raw: RawLine[]): boolean {
  const blank = raw.filter((l) => l.text.startsWith(' ') && l.text.length > 1).length;
  const bare = raw.filter((l) => l.text !== '' && MARKERS[l.text[0]] === undefined && l.text[0] !== '\\').length;
  return bare > blank;
}

/** Reads one line outside hunks; returns the next index. */
function readPart(reader: Reader, index: number): number {
  const { text: whole, line } = reader.lines[index];
  const depth = quoteDepth(whole);
  const { text } = unquote(whole, depth);
  if (reader.folded && /^[ \t]+\S/.test(text)) {
    const value = reader.patch[reader.folded];
    if (value !== null) reader.patch[reader.folded] = `${value} ${text.trim()}`;
    return index + 1;
  }
  reader.folded = null;
  if (text.startsWith('diff --git ')) {
    reader.depth = depth;
    startFile(reader, line, ...gitPaths(text.slice(11)));
    if (reader.file) reader.file.kind = 'modified';
    return index + 1;
  }
  if (isFilePair(reader, index, text, depth)) {
    readFilePair(reader, index, depth, text);
    return index + 2;
  }
  const m = text.startsWith('@@ -') && text.length < 2000 ? HUNK.exec(text) : null;
  if (m && reader.file) {
    reader.depth = depth;
    return readHunk(reader, index, m);
  }
  if (MAILBOX.test(text)) startPatch(reader, line);
  else if (!reader.file || !readsExtended(reader.file, text)) readHeader(reader, text, line, depth);
  return index + 1;
}

function readsExtended(file: PatchFile, text: string): boolean {
  if (file.hunks.length > 0 || file.binary) return false;
  readExtended(file, text);
  return !/^(?:subject|from|date|message-id)\s*:/i.test(text.slice(0, 40));
}

/** `--- a/x` and `+++ b/x`: the paths of the file that `diff --git` opened, or of one that nothing else announced. */
function readFilePair(reader: Reader, index: number, depth: number, text: string): void {
  const second = unquote(reader.lines[index + 1].text, depth).text;
  const [oldPath, newPath] = withoutTrees(cleanPath(text.slice(4), 'a/'), cleanPath(second.slice(4), 'b/'));
  reader.depth = depth;
  const { file } = reader;
  if (file && file.hunks.length === 0 && !file.binary) {
    file.oldPath = oldPath;
    file.newPath = newPath;
    if (oldPath === null) file.kind = 'added';
    else if (newPath === null) file.kind = 'deleted';
  } else startFile(reader, reader.lines[index].line, oldPath, newPath);
}

/**
 * Reads every patch in a mail, a .patch file or any text around them. Lines that belong to no patch are passed over.
 * Never throws: what is damaged is read as far as it goes, and said in `problems` and in the hunk's `damage`. Time is
 * linear in the text.
 */
export function parsePatch(text: string): PatchMail {
  const patch = newPatch(1);
  const mail: PatchMail = { patches: [patch], problems: [] };
  const reader: Reader = {
    lines: text === '' ? [] : linesOf(text),
    mail,
    patch,
    file: null,
    depth: 0,
    folded: null,
    fromDepth: 0,
    parts: 0,
  };
  let index = 0;
  while (index < reader.lines.length && reader.parts < MOST_PARTS) index = readPart(reader, index);
  if (index < reader.lines.length) {
    const message = `The text is read up to here: ${MOST_PARTS} files and hunks at most. Give it in parts.`;
    mail.problems.push({ line: reader.lines[index].line, message });
  }
  mail.patches = mail.patches.filter((p) => p.files.length > 0);
  return mail;
}
