/** `kerntrail dump …`: everything of a kind, one JSON object a line, for scripts and for scoring. */
import type { IndexReader } from '../../index/read/reader.ts';
import { opsRows } from '../../resolve/dump/ops.ts';
import { callRows, installRows, siteRows } from '../../resolve/dump/sites.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { say, writeLines } from '../output.ts';

/** What can be dumped: the rows, and a row as a line of text. */
interface Kind<Row extends object> {
  rows(index: IndexReader): Iterable<Row>;
  text(row: Row): string;
}

const kind = <Row extends object>(
  rows: (index: IndexReader) => Iterable<Row>,
  text: (row: Row) => string,
): Kind<object> => ({ rows, text }) as Kind<object>;

const KINDS: Record<string, Kind<object>> = {
  ops: kind(
    opsRows,
    (r) => `${r.file}:${r.line}: ${r.variable}${r.path && !r.path.startsWith('[') ? '.' : ''}${r.path} = ${r.target}`,
  ),
  sites: kind(
    siteRows,
    (r) =>
      `${r.file}:${r.line}: ${r.kind} ${r.member ? `${r.struct ?? '?'}.${r.member}` : r.variable} in ${r.function} (${r.evidence})`,
  ),
  installs: kind(
    installRows,
    (r) => `${r.file}:${r.line}: ${r.struct ?? '?'}.${r.member ?? ''} = &${r.variable} in ${r.function}`,
  ),
  calls: kind(callRows, (r) => `${r.file}:${r.line}: ${r.caller} calls ${r.callee}`),
};

/** `kerntrail dump`, for the table of commands. */
export const dumpCommand: Command = {
  name: 'dump',
  args: 'ops|sites|installs|calls',
  count: 1,
  about: 'everything of a kind, one a line',
  help: 'kerntrail dump ops --json       every function registered in a table\nkerntrail dump sites --json     every call through a member or a pointer, every function put into a member\nkerntrail dump installs --json  every table put into a pointer\nkerntrail dump calls --json     every direct call',
  run: dump,
};

/** Runs the command; the exit code tells whether anything was found. */
async function dump(context: Context, [what]: string[]): Promise<number> {
  const wanted = what !== undefined && Object.hasOwn(KINDS, what) ? KINDS[what] : null;
  if (!wanted) {
    say(
      'dump what? ops (every registration), sites (every dispatch), installs (every table put into a pointer) or calls (every direct call).',
    );
    return EXIT.badUse;
  }
  return withIndex(context, async ({ index }) => {
    const count = await writeLines(
      (function* () {
        for (const row of wanted.rows(index)) yield context.json ? row : wanted.text(row);
      })(),
    );
    return count ? EXIT.found : EXIT.nothing;
  });
}
