/** `kerntrail implementations STRUCT.MEMBER|STRUCT`: the functions in a slot, or the tables of a struct. */
import { slotAnswer } from '../../resolve/slots/slots.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { sayNone } from '../none.ts';
import { writeLines } from '../output.ts';
import { columns } from '../print.ts';
import { sayLeftOut, writeTablesOf } from './ops.ts';

/** `kerntrail implementations`, for the table of commands. */
export const implementationsCommand: Command = {
  name: 'implementations',
  args: 'STRUCT.MEMBER|STRUCT',
  count: 1,
  about: 'the functions in a slot',
  help: 'kerntrail implementations vm_operations_struct.fault  every function put there, and by which tables',
  run: implementations,
};

/** Runs the command; the exit code tells whether anything was found. */
function implementations(context: Context, [what]: string[]): Promise<number> {
  return withIndex(context, async (world, printer) => {
    const name = what.replace(/^(struct|union)\s+/, '').replace('->', '.');
    const dot = name.indexOf('.');
    if (dot < 0) {
      if (await writeTablesOf(context, world, name, printer)) return EXIT.found;
      return sayNone(world, `struct ${name} has no tables.`);
    }
    const [owner, member] = [name.slice(0, dot), name.slice(dot + 1)];
    const { implementations, leftOut } = slotAnswer(world, owner, member, '');
    if (implementations.length === 0) return sayNone(world, `no function is put into ${name}.`);
    if (context.json)
      await writeLines(
        implementations.map((i) => ({
          function: i.name,
          file: i.definition.file,
          line: i.definition.line,
          struct: owner || null,
          member,
          registrations: i.registrations.map((r) => ({
            table: r.variable,
            path: r.path,
            file: r.filePath,
            line: r.targetLine,
            condition: r.condition,
            evidence: r.evidence,
          })),
        })),
      );
    else
      await writeLines(
        columns(
          implementations.map((i) => {
            const tables = [...new Set(i.registrations.map((r) => r.variable))];
            const shown = tables.slice(0, 3).join(', ') + (tables.length > 3 ? `, … ${tables.length - 3} more` : '');
            return [
              `${printer.place(i.definition.file, i.definition.line)}:`,
              printer.bold(i.name),
              printer.dim(shown),
            ];
          }),
        ),
      );
    sayLeftOut(leftOut);
    return EXIT.found;
  });
}
