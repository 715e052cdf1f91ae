/** `kerntrail ops NAME`: what a table holds, or which tables a struct has. */

import type { IndexReader } from '../../index/read/reader.ts';
import { NameKind } from '../../index/store/postings.ts';
import type { LeftOut } from '../../kernel/proximity.ts';
import type { Test } from '../../resolve/cursor/branches.ts';
import type { Definition } from '../../resolve/names/scope.ts';
import { exactSymbols } from '../../resolve/names/symbols.ts';
import { testsOf } from '../../resolve/slots/installs.ts';
import type { Registered } from '../../resolve/slots/slots.ts';
import { type Table, tableOf, tablesOfStruct } from '../../resolve/slots/tables.ts';
import type { World } from '../../resolve/world.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { sayNone } from '../none.ts';
import { type Line, sayLines, writeLines } from '../output.ts';
import { columns, type Printer } from '../print.ts';

/** `kerntrail ops`, for the table of commands. */
export const opsCommand: Command = {
  name: 'ops',
  args: '[FILE:]NAME',
  count: 1,
  about: "a table's slots, or a struct's tables",
  help: 'kerntrail ops ext4_file_vm_ops      what the table holds and where it is installed\nkerntrail ops vm_operations_struct  every table of that struct',
  run: ops,
};

/** Runs the command; the exit code tells whether anything was found. */
function ops(context: Context, [name]: string[]): Promise<number> {
  return withIndex(context, async (world, printer) => {
    const tag = name.replace(/^(struct|union)\s+/, '');
    const tables = tag === name ? tablesNamed(world, name) : [];
    if (tables.length)
      await writeLines(
        tables.flatMap<Line>((t) => (context.json ? [tableJson(world.index, t)] : tableText(world.index, t, printer))),
      );
    else if (!(await writeTablesOf(context, world, tag, printer)))
      return sayNone(world, `no table and no struct with tables is called ${name}.`);
    return EXIT.found;
  });
}

/** Every table of that name: statics of one name stand in several files. */
function tablesNamed(world: World, text: string): Table[] {
  const { index } = world;
  const out: Table[] = [];
  for (const p of exactSymbols(world, text)) {
    const { name } = p;
    if (p.kind !== NameKind.Variable || p.owner) continue;
    const facts = index.facts(p.file);
    const n = facts?.variables.findIndex((v) => v.name === name && v.line === p.line && v.column === p.column) ?? -1;
    if (!facts || n < 0) continue;
    const definition: Definition = { ...p, index: n };
    const table = tableOf(world, facts, definition, p.file);
    if (table?.slots.length) out.push(table);
  }
  return out;
}

function tableJson(index: IndexReader, t: Table): object {
  return {
    table: t.name,
    file: t.file,
    line: t.line,
    type: t.type,
    struct: t.struct || null,
    condition: t.condition,
    slots: t.slots.map((s) => ({
      path: s.path,
      target: s.target,
      targetFile: s.definition?.file ?? null,
      targetLine: s.definition?.line ?? null,
      condition: s.condition,
    })),
    unset: t.unset,
    installs: t.installs.map((r) => ({
      file: r.filePath,
      line: r.targetLine,
      function: r.function || null,
      struct: r.owner || null,
      member: r.member || null,
      into: r.variable,
      by: r.by ?? null,
      condition: r.condition,
      tests: installTests(index, r),
    })),
  };
}

/** The runtime tests around an install, the nearest first. */
const installTests = (index: IndexReader, r: Registered): Test[] =>
  r.function && r.kind !== 'init'
    ? testsOf(index, { file: r.filePath, line: r.targetLine, column: r.targetColumn })
    : [];

function tableText(index: IndexReader, t: Table, printer: Printer): string[] {
  const rows = t.slots.map((s) => [
    `  ${s.path.startsWith('[') ? '' : '.'}${s.path}`,
    s.target,
    s.definition
      ? printer.place(s.definition.file, s.definition.line)
      : printer.dim(index.isWhole() ? 'not defined in the tree' : 'not indexed yet'),
    s.condition ? printer.dim(`if ${s.condition}`) : '',
  ]);
  const installs = t.installs.map((r) => [
    `  ${r.owner ? `${r.owner}.${r.member}` : r.variable || 'registered'}`,
    r.function ? `in ${r.function}${r.by ? ` by ${r.by}` : ''}` : '',
    printer.place(r.filePath, r.targetLine),
    printer.dim(
      [
        ...installTests(index, r).map((test) => `${test.holds ? 'if' : 'unless'} ${test.text}`),
        ...(r.condition ? [`if ${r.condition}`] : []),
      ].join(', '),
    ),
  ]);
  return [
    `${printer.place(t.file, t.line)}: ${t.type} ${printer.bold(t.name)}`,
    ...columns(rows),
    ...(t.unset.length ? [`  ${printer.dim(`unset: ${t.unset.join(', ')}`)}`] : []),
    ...(installs.length ? ['installed:', ...columns(installs)] : []),
  ];
}

/** Lists a struct's tables. Returns whether there were any. */
export async function writeTablesOf(context: Context, world: World, tag: string, printer: Printer): Promise<boolean> {
  const { tables, leftOut } = tablesOfStruct(world, tag, '');
  if (context.json)
    return (
      (await writeLines(
        tables.map((t) => ({ table: t.variable, file: t.path, line: t.line, struct: tag, slots: t.slots })),
      )) > 0
    );
  await writeLines(
    columns(tables.map((t) => [`${printer.place(t.path, t.line)}:`, printer.bold(t.variable), `${t.slots} slots`])),
  );
  sayLeftOut(leftOut);
  return tables.length > 0;
}

/** Tells on stderr what another architecture or program has more. */
export function sayLeftOut({ architectures, programs }: LeftOut): void {
  if (architectures + programs > 0 && process.stderr.isTTY)
    sayLines([`(+ ${architectures} in other architectures, ${programs} in tools, samples and the like)`]);
}
