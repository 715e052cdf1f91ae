/** `kerntrail patch [FILE|-]`: where a mailed patch stands in this tree, and what it connects. */
import { type ResolvedHunk, type ResolvedPatch, resolvePatches } from '../../backtrace/patches/patchPlaces.ts';
import type { World } from '../../resolve/world.ts';
import { parsePatch } from '../../trace/mail/patch.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { readInput } from '../input.ts';
import { type Line, say, writeLines } from '../output.ts';
import { columns, type Printer } from '../print.ts';
import { sayProblems } from './backtrace.ts';

/** `kerntrail patch`, for the table of commands. */
export const patchCommand: Command = {
  name: 'patch',
  args: '[FILE|-]',
  count: 0,
  more: 1,
  about: 'the hunks of a mailed patch, in the source',
  help: 'Says of each hunk whether it is applied, applies, has drifted or conflicts; which slots the functions that it\ntouches stand in; which calls and registrations it adds. Takes mails, quoted or not, and .patch files.',
  run: patch,
};

/** Runs the command; the exit code tells whether a patch was found. */
async function patch(context: Context, [path]: string[]): Promise<number> {
  const mail = parsePatch(readInput(path));
  sayProblems(mail.problems);
  if (mail.patches.length === 0) {
    say('no patch in it: no `diff`, no `---` and `+++`, no `@@`.');
    return EXIT.nothing;
  }
  return withIndex(context, async (world, printer) => {
    await writeLines(
      (function* () {
        for (const [n, resolved] of resolvePatches(world, mail.patches).entries()) {
          if (context.json) yield* jsonLines(resolved, n);
          else yield* textLines(world, resolved, n, printer);
        }
      })(),
    );
    return EXIT.found;
  });
}

function* jsonLines({ files, touched, edges }: ResolvedPatch, patch: number): Iterable<Line> {
  for (const { file, path, hunks } of files) {
    const name = path ?? file.newPath ?? file.oldPath;
    if (hunks.length === 0)
      yield {
        ...{ kind: 'file', patch, inputLine: file.line, file: name, inTree: path !== null },
        ...{ change: file.kind, binary: file.binary },
      };
    for (const h of hunks)
      yield {
        kind: 'hunk',
        patch,
        inputLine: h.hunk.line,
        file: name,
        inTree: path !== null,
        state: h.placement?.state ?? 'missing',
        line: h.placement?.line ?? null,
        drift: h.placement?.drift ?? null,
        exact: h.placement?.exact ?? null,
        unique: h.placement?.unique ?? null,
        functions: h.functions,
        section: h.section,
        onTop: h.onTop !== null,
        damage: h.hunk.damage,
      };
  }
  for (const t of touched) yield { kind: 'touched', patch, ...t };
  for (const { kind, ...edge } of edges) yield { kind: 'edge', patch, edge: kind, ...edge };
}

function* textLines(
  world: World,
  { patch, files, touched, edges }: ResolvedPatch,
  n: number,
  printer: Printer,
): Iterable<string> {
  if (n > 0) yield '';
  yield printer.bold(patch.subject ?? 'patch without a subject');
  for (const { file, path, hunks } of files) {
    const name = path ?? file.newPath ?? file.oldPath ?? '?';
    const isThere = path !== null || file.kind === 'added' || hunks.some((h) => h.onTop !== null);
    const state = file.binary ? 'binary' : isThere ? '' : 'not in this tree';
    yield `  ${name}${file.kind === 'modified' ? '' : ` (${file.kind})`}${state ? `: ${state}` : ''}`;
    yield* columns(hunks.map((h) => hunkRow(h, name, printer)));
  }
  const slots = touched.flatMap((t) =>
    t.slots.map((s) => [
      `  ${printer.bold(t.function)}`,
      `${s.slot} of ${s.table}`,
      printer.place(s.file, s.line),
      printer.dim(
        s.dispatches.length
          ? `called in ${[...new Set(s.dispatches.map((d) => d.function))].join(', ')}`
          : world.index.isWhole()
            ? 'no call known'
            : 'calls: not indexed yet',
      ),
    ]),
  );
  if (slots.length) yield 'slots of the functions it touches:';
  yield* columns(slots);
  if (edges.length) yield 'what it adds:';
  yield* columns(
    edges.map((e) => [
      `  ${printer.bold(e.from)}`,
      `-> ${e.to}`,
      printer.dim(e.slot ? `as ${e.slot}` : ''),
      printer.dim(`line ${e.inputLine}`),
    ]),
  );
}

function hunkRow(
  { hunk, placement, functions, section, onTop }: ResolvedHunk,
  file: string,
  printer: Printer,
): string[] {
  const row = (place: string, state: string) => [
    `    line ${hunk.line}`,
    place,
    state,
    printer.dim(functions.length ? `in ${functions.join(', ')}` : ''),
  ];
  if (!placement) return row('', 'the file is not in this tree');
  const place = printer.place(file, placement.line);
  const sure = `${onTop === null ? '' : ', on top of the patches before'}${placement.exact ? '' : ', not to the letter'}${placement.unique ? '' : ', one of several such places'}`;
  switch (placement.state) {
    case 'applied':
      return row(place, `applied already${sure}`);
    case 'applies':
      return row(place, `applies${sure}`);
    case 'drifted':
      return row(place, `applies, drifted by ${placement.drift > 0 ? '+' : ''}${placement.drift}${sure}`);
    case 'conflicts':
      return section
        ? row(printer.place(file, section.line), `conflicts; its header names ${section.function}`)
        : row(place, `conflicts; ${Math.round(placement.matched * 100)} % of its lines are near here`);
  }
}
