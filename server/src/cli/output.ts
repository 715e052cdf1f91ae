/**
 * The one way out of this process. What comes from outside (file names, subjects, arguments, messages) may hold terminal
 * sequences: those are shown, not sent. Our own styles are markers until here, which nobody else can write.
 */
import { randomBytes } from 'node:crypto';
import { fstatSync, writeSync } from 'node:fs';
import type { Progress } from '../index/build/buildOptions.ts';
import { TreeError } from '../index/tree.ts';

/** What goes out as one line: text for people, or a value as JSON. */
export type Line = string | object;

const SEQUENCES = {
  b: '\x1b[1m',
  d: '\x1b[2m',
  p: '\x1b[36m',
  e: '\x1b[0m',
  // a link: its address stands between these two
  l: '\x1b]8;;',
  t: '\x1b\\',
} as const;

/** How a part of a line may look where the terminal can show it. */
export type Style = keyof typeof SEQUENCES;

/** Known to this process alone: no text from outside holds it. */
const MARK = `\x1b${randomBytes(12).toString('hex')}`;

/** Where a style begins or ends in a line of text. */
export const mark = (style: Style): string => MARK + style;

/** Control characters of both sets, and what breaks lines or turns their direction. */
const UNSEEN = '\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069';
const ALL = new RegExp(`${MARK}([${Object.keys(SEQUENCES).join('')}])|[\\u0000-\\u001f${UNSEEN}]`, 'g');
const IN_JSON = new RegExp(`[${UNSEEN}]`, 'g');
const MARKS = new RegExp(`${MARK}l.*?${MARK}t|${MARK}[${Object.keys(SEQUENCES).join('')}]`, 'g');

const unicode = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A control character as people write it. */
function visible(c: string): string {
  if (c === '\t') return ' ';
  if (c === '\n') return '\\n';
  if (c === '\r') return '\\r';
  return c < '\u0100' ? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}` : unicode(c);
}

/** A line as it goes out: its markers as sequences, and every other control character as visible text. */
const shown = (text: string): string =>
  text.replace(ALL, (found, style?: Style) => (style ? SEQUENCES[style] : visible(found)));

/** How many characters of a text are seen. */
export const width = (text: string): number => shown(text.replace(MARKS, '')).length;

/** A line as it is written. What JSON leaves as it is can only stand in strings, where it may be escaped. */
export const lineText = (line: Line): string =>
  typeof line === 'string' ? shown(line) : JSON.stringify(line).replace(IN_JSON, unicode);

/** Files and devices take what is written at once; pipes and terminals are Node's. */
function isFile(): boolean {
  try {
    const at = fstatSync(1);
    return at.isFile() || (at.isCharacterDevice() && !process.stdout.isTTY);
  } catch {
    return false;
  }
}

async function send(text: string): Promise<void> {
  if (!isFile()) {
    if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    return;
  }
  // Node's own stream takes a short write, the last that a full disk does, for a whole one
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
  } catch (error) {
    throw new TreeError(outputProblem(error as NodeJS.ErrnoException));
  }
}

/** Why output could not be written, and what to do. */
export const outputProblem = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
    ? `no room for the output (${code}): it is not complete. Make room, or write it elsewhere.`
    : `the output can't be written: ${message}. It is not complete.`;

let lines = 0;

/** How many lines have gone out so far. */
export const linesWritten = (): number => lines;

/** Writes lines with regard to a slow reader: a dump is larger than any pipe. Returns how many there were. */
export async function writeLines(list: Iterable<Line>): Promise<number> {
  let count = 0;
  let chunk: string[] = [];
  const flush = async () => {
    const text = chunk.join('');
    chunk = [];
    if (text) await send(text);
  };
  for (const line of list) {
    chunk.push(`${lineText(line)}
`);
    count++;
    lines++;
    if (chunk.length >= 500) await flush();
  }
  await flush();
  return count;
}

/** what stands on the terminal's last line and goes when something is said */
let isLineDrawn = false;

function sayLine(text: string): void {
  process.stderr.write(`${isLineDrawn ? '\r\x1b[K' : ''}${shown(text)}\n`);
  isLineDrawn = false;
}

/** Tells the user something beside the answer. */
export const say = (message: string): void => sayLine(`kerntrail: ${message}`);

/** Tells lines that speak for themselves, such as the help that somebody needs. */
export function sayLines(lines: Iterable<string>): void {
  for (const line of lines) sayLine(line);
}

/** A line of progress on a terminal, nothing elsewhere. */
export function progressLine(): { show(p: Omit<Progress, 'phase'> & { phase: string }): void; end(): void } {
  const out = process.stderr;
  if (!out.isTTY) return { show() {}, end() {} };
  let last = 0;
  return {
    show(p) {
      const now = Date.now();
      if (now - last < 100 && p.done !== p.total) return;
      last = now;
      const width = 30;
      const share = p.total ? p.done / p.total : 0;
      const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░');
      const text = `${p.phase.padEnd(9)} ${bar} ${p.total ? `${Math.floor(share * 100)} %  ${p.done}/${p.total}` : ''}`;
      out.write(`\r\x1b[K${shown(text)}`);
      isLineDrawn = true;
    },
    end() {
      if (isLineDrawn) out.write('\r\x1b[K');
      isLineDrawn = false;
    },
  };
}
