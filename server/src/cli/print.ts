/** Text for people: colours and links on a terminal, plain text in a pipe. */
import { pathToFileURL } from 'node:url';
import { placeOf } from '../index/modules/mounts.ts';
import { mark, width } from './output.ts';

/** Makes parts of a line: places that a terminal may open, and what stands out. */
export interface Printer {
  /** `file:line`, a link where the terminal knows links */
  place(file: string, line: number): string;
  bold(text: string): string;
  dim(text: string): string;
}

const isTerminal = (): boolean => process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** A printer for files of a tree. What it marks becomes terminal sequences in `writeLines`. */
export function newPrinter(root: string, terminal = isTerminal()): Printer {
  const style = (name: 'b' | 'd' | 'p') => (text: string) => (terminal ? mark(name) + text + mark('e') : text);
  const link = (address: string) => mark('l') + address + mark('t');
  return {
    bold: style('b'),
    dim: style('d'),
    place(file, line) {
      const text = `${file}:${line}`;
      if (!terminal) return text;
      return `${link(`${pathToFileURL(placeOf(root, file)).href}#${line}`)}${style('p')(text)}${link('')}`;
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
