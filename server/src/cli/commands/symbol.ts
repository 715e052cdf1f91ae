/** `kerntrail symbol QUERY`: where a name is defined; what comes near it where nothing is called so. */
import { NameKind } from '../../index/store/postings.ts';
import { exactSymbols, fuzzySymbols } from '../../resolve/names/symbols.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { say, writeLines } from '../output.ts';
import { columns } from '../print.ts';

const FUZZY_LIMIT = 30;

const KIND_NAMES: Record<NameKind, string> = {
  [NameKind.Function]: 'function',
  [NameKind.Declaration]: 'declaration',
  [NameKind.Record]: 'struct',
  [NameKind.Typedef]: 'typedef',
  [NameKind.Enumerator]: 'enumerator',
  [NameKind.Variable]: 'variable',
  [NameKind.Macro]: 'macro',
  [NameKind.Label]: 'assembly',
};

/** Runs the command; the exit code tells whether anything was found. */
export function symbolCommand(context: Context, [query]: string[]): Promise<number> {
  return withIndex(context, async (index, printer) => {
    const exact = exactSymbols({ index, architecture: context.architecture }, query);
    const found = exact.length
      ? exact
      : fuzzySymbols({ index, architecture: context.architecture }, query, FUZZY_LIMIT);
    const kind = (p: (typeof found)[number]): string => (p.union ? 'union' : KIND_NAMES[p.kind]);
    if (context.json)
      await writeLines(
        found.map((p) => ({
          name: p.name,
          kind: kind(p),
          file: p.file,
          line: p.line,
          column: p.column,
          static: p.static,
          macro: p.macro,
          exact: exact.length > 0,
        })),
      );
    else
      await writeLines(
        columns(
          found.map((p) => [
            `${printer.place(p.file, p.line)}:${p.column}:`,
            `${p.static ? 'static ' : ''}${kind(p)}`,
            printer.bold(p.name),
          ]),
        ),
      );
    if (found.length === 0) say(`nothing is called ${query}, and no name comes near it.`);
    return found.length ? EXIT.found : EXIT.nothing;
  });
}
