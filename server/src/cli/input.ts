/** What a command reads: a file, or standard input. */
import { readFileSync } from 'node:fs';
import { TreeError } from '../index/tree.ts';

/** Text of a file, or of standard input for `-` and for no name at all; says what is wrong where there is none. */
export function readInput(path: string | undefined): string {
  const isStandard = path === undefined || path === '-';
  if (isStandard && process.stdin.isTTY)
    process.stderr.write('kerntrail: paste the text, then press Ctrl+D on a line of its own.\n');
  let text: string;
  try {
    text = readFileSync(isStandard ? 0 : path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder, not a file'
          : code === 'EACCES'
            ? 'you may not read it'
            : message;
    throw new TreeError(`${path ?? 'standard input'} can't be read: ${why}.`);
  }
  if (text.trim() === '') throw new TreeError(`${isStandard ? 'standard input' : path} is empty: nothing to read.`);
  return text;
}
