/** Kernel-doc comments (Documentation/doc-guide/kernel-doc.rst): what they say of a record and of its members. */
import type { Source } from '../syntax/source.ts';

/** What a kernel-doc comment says: of the record, and of its members by their names. */
interface RecordDoc {
  summary: string;
  members: Map<string, string>;
}

/** Longest text kept of one member: a hover is no manual. */
const MAX_TEXT = 400;

const clip = (text: string) => {
  const plain = text.replace(/\s+/g, ' ').trim();
  return plain.length > MAX_TEXT ? `${plain.slice(0, MAX_TEXT - 1)}…` : plain;
};

const lines = (comment: string): string[] =>
  comment
    .slice(0, comment.endsWith('*/') ? endOfText(comment) : undefined)
    .replace(/^\/\*\*+/, '')
    .split('\n')
    .map((l) => l.replace(/^\s*\* ?/, ''));

/** Where the stars begin that close a comment. */
function endOfText(comment: string): number {
  let end = comment.length - 1;
  while (end > 0 && comment[end - 1] === '*') end--;
  return end;
}

/** Reads `@member: text` paragraphs. */
function readMembers(comment: string, into: Map<string, string>): string {
  let name = '';
  let text = '';
  let summary = '';
  const flush = () => {
    if (name && text.trim()) into.set(name, clip(text));
    name = '';
    text = '';
  };
  for (const line of lines(comment)) {
    const m = /^\s*@([\w.]+)\s*:(.*)$/.exec(line);
    if (m) {
      flush();
      name = m[1].split('.').at(-1) ?? m[1];
      text = m[2];
    } else if (name && line.trim() !== '') text += ` ${line}`;
    else if (name && line.trim() === '') {
      if (text.trim()) flush();
    } else if (!summary && line.trim()) summary = line.trim();
  }
  flush();
  return summary;
}

/** The kernel-doc comment that stands right before the declaration at byte offset `pos`. */
export function docOf(source: Source, pos: number): RecordDoc | null {
  const { docs, text } = source.tokens;
  let best = -1;
  for (let low = 0, high = docs.length / 2 - 1; low <= high; ) {
    const mid = (low + high) >> 1;
    if (docs[mid * 2 + 1] <= pos) {
      best = mid;
      low = mid + 1;
    } else high = mid - 1;
  }
  if (best < 0) return null;
  const between = text.slice(docs[best * 2 + 1], pos);
  if (between.length > 120 || /[;{}]/.test(between)) return null;
  const members = new Map<string, string>();
  const summary = readMembers(text.slice(docs[best * 2], docs[best * 2 + 1]), members);
  return { summary: clip(summary.replace(/^(struct|union)\s+\w+\s*[-–:]?\s*/, '')), members };
}

/** Index of the first comment that does not begin before a byte offset. */
function firstDocFrom(docs: readonly number[], from: number): number {
  let low = 0;
  let high = docs.length / 2;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (docs[mid * 2] < from) low = mid + 1;
    else high = mid;
  }
  return low * 2;
}

/** Member comments between `from` and `to`: a `/** @member: … *​/` of its own, inside the record. */
export function memberDocs(source: Source, from: number, to: number): Map<string, string> | null {
  const { docs, text } = source.tokens;
  let members: Map<string, string> | null = null;
  for (let i = firstDocFrom(docs, from); i < docs.length; i += 2) {
    if (docs[i] > to) break;
    members ??= new Map();
    readMembers(text.slice(docs[i], docs[i + 1]), members);
  }
  return members;
}
