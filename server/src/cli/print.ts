/** Text for people: colours and links on a terminal, plain text in a pipe. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Printer {
  /** `file:line`, a link where the terminal knows links */
  place(file: string, line: number): string;
  bold(text: string): string;
  dim(text: string): string;
}

const isTerminal = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** A printer for files of a tree. */
export function newPrinter(root: string, terminal = isTerminal()): Printer {
  const style = (code: number) => (text: string) => (terminal ? `\x1b[${code}m${text}\x1b[0m` : text);
  return {
    bold: style(1),
    dim: style(2),
    place(file, line) {
      const text = `${file}:${line}`;
      return terminal
        ? `\x1b]8;;${pathToFileURL(join(root, file)).href}#${line}\x1b\\\x1b[36m${text}\x1b[0m\x1b]8;;\x1b\\`
        : text;
    },
  };
}

/** Rows as columns, padded by what is seen of them; the last column stays as it is. */
export function columns(rows: readonly string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, c) => {
      if (c < row.length - 1) widths[c] = Math.min(60, Math.max(widths[c] ?? 0, width(cell)));
    });
  return rows.map((row) =>
    row
      .map((cell, c) => (c < row.length - 1 ? cell + ' '.repeat(Math.max(0, widths[c] - width(cell))) : cell))
      .join('  ')
      .trimEnd(),
  );
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal control sequences are what is left out
const width = (text: string): number => text.replace(/\x1b\]8;;.*?\x1b\\|\x1b\[\d+m/g, '').length;
