/**
 * Patches as mails carry them: quoted, wrapped, stripped of white space, several in one text. The form is git's
 * (git-format-patch(1), git-diff(1) “Generating patch text with -p”) and GNU diff's unified one.
 */

import { combinedHeader, readCombined } from './combined.ts';
import { hunkOfHeader, isFilePair, MAILBOX, newFileLine, type QuotedLines, readHunk } from './hunk.ts';
import { linesOf, quoteDepth, unquote } from './mailLines.ts';
import type { Hunk, Patch, PatchFile, PatchMail } from './patchTypes.ts';
import { gitPaths, type PathPair, pairOf } from './paths.ts';

/** Files and hunks of one text that are read, together: a change of the whole tree has a few thousand. */
const MOST_PARTS = 40_000;
/** Damaged hunks that are listed. */
const MOST_PROBLEMS = 100;

/** of a merge: `diff --cc fs/x.c` */
const COMBINED = /^diff --(?:cc|combined) (.{1,1000})$/;
const HEADER = /^(subject|from|date|message-id)\s{0,4}: ?(.*)$/i;
const BARE_SUBJECT = /^(?:re: |fwd?: )*\[[^\]]{0,60}(?:patch|rfc)[^\]]{0,60}\] \S/i;

/** A mail while it is read. */
interface MailReader extends QuotedLines {
  mail: PatchMail;
  patch: Patch;
  file: PatchFile | null;
  /** the header whose value may go on in the next line */
  folded: 'subject' | 'from' | null;
  /** quoting of the `From:` that was taken */
  fromDepth: number;
  /** files and hunks so far */
  parts: number;
}

const newPatch = (line: number): Patch => ({ subject: null, from: null, date: null, messageId: null, line, files: [] });

function startPatch(reader: MailReader, line: number): void {
  const { patch } = reader;
  const empty = patch.files.length === 0 && patch.subject === null && patch.from === null;
  if (empty) reader.mail.patches.pop();
  reader.patch = newPatch(line);
  reader.fromDepth = 0;
  reader.mail.patches.push(reader.patch);
  reader.file = null;
}

/** Reads a mail's header; one behind a patch's files begins another patch. */
function readHeader(reader: MailReader, text: string, line: number, depth: number): boolean {
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

function startFile(reader: MailReader, line: number, { oldPath, newPath }: PathPair): PatchFile {
  const kind = oldPath === null ? 'added' : newPath === null ? 'deleted' : 'modified';
  const file: PatchFile = { oldPath, newPath, kind, binary: false, line, hunks: [] };
  reader.patch.files.push(file);
  reader.parts++;
  reader.file = file;
  return file;
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

function addHunk(reader: MailReader, hunk: Hunk): void {
  const { problems } = reader.mail;
  for (const damage of hunk.damage)
    if (problems.length < MOST_PROBLEMS) problems.push({ line: hunk.line, message: `Hunk: ${damage}.` });
  reader.file?.hunks.push(hunk);
  reader.parts++;
}

/** Reads one line outside hunks; returns the next index. */
function readPart(reader: MailReader, index: number): number {
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
    startFile(reader, line, gitPaths(text.slice(11)));
    if (reader.file) reader.file.kind = 'modified';
    return index + 1;
  }
  const merged = COMBINED.exec(text);
  if (merged) {
    reader.depth = depth;
    startFile(reader, line, pairOf(merged[1], merged[1]));
    return index + 1;
  }
  if (isFilePair(reader, index, text, depth)) {
    const second = newFileLine(reader, index, depth);
    readFilePair(reader, index, second, text);
    return second + 1 + (isStampRest(reader, second + 1, depth) ? 1 : 0);
  }
  const combined = reader.file && text.startsWith('@@@ -') ? combinedHeader(text, line) : null;
  if (combined) {
    reader.depth = depth;
    const next = readCombined(reader, index, combined);
    addHunk(reader, combined.hunk);
    return next;
  }
  const hunk = reader.file && hunkOfHeader(text, line);
  if (hunk) {
    reader.depth = depth;
    if (reader.lines[index].split) hunk.damage.push('its header stood at the end of another line');
    const next = readHunk(reader, index, hunk);
    addHunk(reader, hunk);
    return next;
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

/** The end of a time stamp that a mailer put on a line of its own. */
const isStampRest = ({ lines }: MailReader, index: number, depth: number): boolean =>
  index < lines.length && /^[+-]\d{4}$/.test(unquote(lines[index].text, depth).text);

/** `--- a/x` and `+++ b/x`: the paths of the file that `diff --git` opened, or of one that nothing else announced. */
function readFilePair(reader: MailReader, index: number, second: number, text: string): void {
  const depth = quoteDepth(reader.lines[index].text);
  const pair = pairOf(text.slice(4), unquote(reader.lines[second].text, depth).text.slice(4));
  reader.depth = depth;
  const { file } = reader;
  if (file && file.hunks.length === 0 && !file.binary) {
    Object.assign(file, pair);
    if (pair.oldPath === null) file.kind = 'added';
    else if (pair.newPath === null) file.kind = 'deleted';
  } else startFile(reader, reader.lines[index].line, pair);
}

/**
 * Reads every patch in a mail, a .patch file or any text around them. Lines that belong to no patch are passed over.
 * Never throws: what is damaged is read as far as it goes, and said in `problems` and in the hunk's `damage`. Time is
 * linear in the text.
 */
export function parsePatch(text: string): PatchMail {
  const patch = newPatch(1);
  const mail: PatchMail = { patches: [patch], problems: [] };
  const reader: MailReader = {
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
