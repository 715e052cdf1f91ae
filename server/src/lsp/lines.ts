/** Byte columns of facts <-> UTF-16 characters of LSP, by the text of the line. */
import { isAscii as allAscii } from 'node:buffer';
import { newCache } from '../index/cache.ts';
import { readTreeFile } from '../index/treeFiles.ts';

/** 0-based UTF-16 offset of a 1-based byte column in a line (without its line end). */
export function characterOf(line: string, column: number): number {
  if (column > line.length * 3) return line.length;
  if (isAscii(line)) return Math.min(column - 1, line.length);
  return Buffer.from(line, 'utf8')
    .subarray(0, column - 1)
    .toString('utf8').length;
}

/** 1-based byte column of a 0-based UTF-16 offset in a line. */
export const columnOf = (line: string, character: number): number =>
  Buffer.byteLength(line.slice(0, character), 'utf8') + 1;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** Lines of files that are not open, read when a file turns out to hold more than ASCII. */
export interface Lines {
  /** the line's text; null where every byte of the file is a character, or where there is no such line */
  line(path: string, line: number): string | null;
  forget(path: string): void;
}

/** Files are kept until this is reached: one of ASCII costs nothing, the lines of another are many. */
const MAX_WEIGHT = 2000;
const LINES_WEIGHT = 50;

/** Reads lines of files below a folder; those that `isPlain` knows for ASCII need not be read. */
export function newLines(root: string, isPlain: (path: string) => boolean): Lines {
  const files = newCache<string, string[] | null>(MAX_WEIGHT, (lines) => (lines ? LINES_WEIGHT : 1));
  const load = (path: string): string[] | null => {
    if (isPlain(path)) return null;
    const bytes = readTreeFile(root, path)?.bytes;
    return !bytes || allAscii(bytes) ? null : bytes.toString('utf8').split('\n');
  };
  return {
    line(path, line) {
      const lines = files.get(path, () => load(path));
      return lines?.[line - 1] ?? null;
    },
    forget: files.forget,
  };
}
