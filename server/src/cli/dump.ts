/** `kerntrail dump …`: everything of a kind, one JSON object a line, for scripts and for scoring. */
import { opsRows } from '../resolve/opsRows.ts';
import { type Context, EXIT, openIndex, writeLines } from './context.ts';

/** Runs the command; the exit code tells whether anything was found. */
export async function dumpCommand(context: Context, [what]: string[]): Promise<number> {
  if (what !== 'ops') {
    process.stderr.write(`kerntrail: dump what? 'kerntrail dump ops' lists every registration.\n`);
    return EXIT.badUse;
  }
  const reader = await openIndex(context);
  const rows = opsRows(reader);
  const count = await writeLines(
    (function* () {
      for (const row of rows)
        yield context.json
          ? JSON.stringify(row)
          : `${row.file}:${row.line}: ${row.variable}${row.path && !row.path.startsWith('[') ? '.' : ''}${row.path} = ${row.target}`;
    })(),
  );
  await reader.close();
  return count ? EXIT.found : EXIT.nothing;
}
