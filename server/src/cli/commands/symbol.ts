/** `kerntrail symbol QUERY`: where a name is defined; what comes near it where nothing is called so. */
import { NameKind } from '../../index/store/postings.ts';
import { exactSymbols, fuzzySymbols } from '../../resolve/names/symbols.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { sayNone } from '../none.ts';
import { writeLines } from '../output.ts';
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

/** `kerntrail symbol`, for the table of commands. */
export const symbolCommand: Command = {
  name: 'symbol',
  args: 'QUERY',
  count: 1,
  about: 'where a name is defined',
  help: "Exact names first, else names that hold the query's letters in order. A system call is found by all its names:\nsys_read, ksys_read, __x64_sys_read, __se_sys_read, SyS_read. 'struct page' asks for the struct,\nvm_operations_struct.fault for its member, mm/memory.c:do_fault for that of one file.",
  run: symbol,
};

/** Runs the command; the exit code tells whether anything was found. */
function symbol(context: Context, [query]: string[]): Promise<number> {
  return withIndex(context, async (world, printer) => {
    const exact = exactSymbols(world, query);
    const found = exact.length ? exact : fuzzySymbols(world, query, FUZZY_LIMIT);
    const kind = (p: (typeof found)[number]): string => (p.owner ? 'member' : p.union ? 'union' : KIND_NAMES[p.kind]);
    if (context.json)
      await writeLines(
        found.map((p) => ({
          name: p.name,
          struct: p.owner ?? null,
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
            printer.bold(p.owner ? `${p.owner}.${p.name}` : p.name),
          ]),
        ),
      );
    return found.length ? EXIT.found : sayNone(world, `nothing is called ${query}, and no name comes near it.`);
  });
}
