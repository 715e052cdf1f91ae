/** `kerntrail callers STRUCT.MEMBER`: the calls through a slot. */
import { dispatchesOf } from '../resolve/dispatches.ts';
import { type Context, EXIT, openIndex, writeLines } from './context.ts';
import { sayLeftOut } from './opsCommand.ts';
import { columns, newPrinter } from './print.ts';

/** Runs the command; the exit code tells whether anything was found. */
export async function callersCommand(context: Context, [what]: string[]): Promise<number> {
  const name = what.replace(/^(struct|union)\s+/, '').replace('->', '.');
  const dot = name.indexOf('.');
  if (dot < 1 || dot === name.length - 1) {
    process.stderr.write(
      `kerntrail: '${what}' is no slot. Name one as STRUCT.MEMBER, for instance vm_operations_struct.fault.\n`,
    );
    return EXIT.badUse;
  }
  const index = await openIndex(context);
  try {
    const printer = newPrinter(index.root);
    const [owner, member] = [name.slice(0, dot), name.slice(dot + 1)];
    const { sites, unknown, leftOut } = dispatchesOf(index, owner, member, '', context.architecture);
    if (sites.length === 0) {
      const by = unknown.length
        ? ` ${unknown.length} calls of a member named ${member} have a struct that is not known.`
        : '';
      process.stderr.write(`kerntrail: nothing is known to call ${name}.${by}\n`);
      return EXIT.nothing;
    }
    if (context.json)
      await writeLines(
        sites.map((d) =>
          JSON.stringify({
            function: d.function,
            file: d.filePath,
            line: d.line,
            column: d.column,
            struct: owner,
            member,
            evidence: d.evidence,
            macro: d.macro,
          }),
        ),
      );
    else
      await writeLines(
        columns(
          sites.map((d) => [
            `${printer.place(d.filePath, d.line)}:`,
            printer.bold(d.function),
            d.macro ? printer.dim('in a macro') : '',
          ]),
        ),
      );
    sayLeftOut(leftOut);
    if (unknown.length)
      process.stderr.write(
        `kerntrail: ${unknown.length} more calls of a member named ${member} have a struct that is not known.\n`,
      );
    return EXIT.found;
  } finally {
    await index.close();
  }
}
