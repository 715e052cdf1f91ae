/** `kerntrail dump …`: everything of a kind, one JSON object a line, for scripts and for scoring. */
import { opsRows } from '../resolve/opsRows.ts';
import { type Context, EXIT, openIndex } from './context.ts';

/** Writes with regard to a slow reader: a dump is larger than any pipe. */
export async function writeLines(lines: Iterable<string>): Promise<number> {
  let count = 0;
  let chunk: string[] = [];
  const flush = async () => {
    const text = chunk.join('');
    chunk = [];
    if (text && !process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  };
  for (const line of lines) {
    chunk.push(`${line}\n`);
    count++;
    if (chunk.length >= 500) await flush();
  }
  await flush();
  return count;
}

export async function dumpCommand(context: Context, [what]: string[]): Promise<number> {
  if (what !== 'ops') {
    process.stderr.write(`kerntrail: dump what? 'kerntrail dump ops' lists every registration.\n`);
    return EXIT.badUse;
  }
  const reader = await openIndex(context);
  const rows = opsRows(reader);
  const count = await writeLines(
    (function* () {
      for (const row of rows) yield context.json ? JSON.stringify(row) : `${row.file}:${row.line}: ${row.variable}${row.path && !row.path.startsWith('[') ? '.' : ''}${row.path} = ${row.target}`;
    })(),
  );
  await reader.close();
  return count ? EXIT.found : EXIT.nothing;
}
