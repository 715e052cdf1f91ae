/** `kerntrail backtrace [FILE|-]`: the frames of a pasted text, with their places in the tree. */
import { resolveStack } from '../../backtrace/backtrace.ts';
import {
  newTraceContext,
  type ResolvedFrame,
  type ResolvedStack,
  type TraceContext,
} from '../../backtrace/resolvedTrace.ts';
import { exactPlaces } from '../../backtrace/vmlinux/vmlinux.ts';
import { noteText, tableText } from '../../features/pasted/traceWords.ts';
import { parseTrace } from '../../trace/parse.ts';
import type { Frame, Problem, Stack } from '../../trace/types.ts';
import type { Command } from '../command.ts';
import { type Context, EXIT, withIndex } from '../context.ts';
import { readInput } from '../input.ts';
import { type Given, singleValue } from '../options.ts';
import { say, writeLines } from '../output.ts';
import { columns, type Printer } from '../print.ts';

/** `kerntrail backtrace`, for the table of commands. */
export const backtraceCommand: Command = {
  name: 'backtrace',
  args: '[FILE|-]',
  count: 0,
  more: 1,
  about: 'the frames of a pasted trace, in the source',
  help: 'Reads what the kernel, GDB, crash or a tracer printed, with anything around it, from FILE or standard input. Each\nframe gets its line, and what was inlined there, as far as the source tells.',
  options: {
    vmlinux: { value: 'FILE', about: 'exact lines from a matching vmlinux, .ko or .debug file' },
  },
  run: backtrace,
};

/** Runs the command; the exit code tells whether any frame was found. */
async function backtrace(context: Context, [path]: string[], given: Given): Promise<number> {
  const vmlinux = singleValue(given, 'vmlinux');
  const trace = parseTrace(readInput(path));
  sayProblems(trace.problems);
  if (trace.stacks.length === 0) {
    say(`no stack and no frame in ${trace.lines} lines.`);
    return EXIT.nothing;
  }
  return withIndex(context, async (world, printer) => {
    const traceContext = newTraceContext(world, trace);
    if (vmlinux !== undefined) {
      const { places, message } = await exactPlaces(world.index, trace, vmlinux);
      traceContext.exact = places;
      if (message) say(message);
    }
    traceContext.history = true;
    await writeLines(
      (function* () {
        for (const [n, stack] of trace.stacks.entries()) {
          const resolved = resolveStack(traceContext, stack);
          if (context.json) for (const frame of resolved.frames) yield frameJson(frame, isBeside(stack) ? null : n);
          else yield* stackText(resolved, n, printer, traceContext.exact);
        }
      })(),
    );
    return EXIT.found;
  });
}

const MOST_PROBLEMS = 10;

/** Tells on stderr what could not be read. */
export function sayProblems(problems: readonly Problem[]): void {
  for (const p of problems.slice(0, MOST_PROBLEMS)) say(`line ${p.line}: ${p.message}`);
  if (problems.length > MOST_PROBLEMS) say(`${problems.length - MOST_PROBLEMS} more lines are like that.`);
}

/** Places that belong to no stack. */
const isBeside = ({ kind }: Stack): boolean => kind === 'ftrace-events';

function frameJson(f: ResolvedFrame, stack: number | null): object {
  const { frame } = f;
  return {
    inputLine: frame.line,
    stack,
    function: frame.text,
    offset: frame.offset,
    size: frame.size,
    module: frame.module,
    reliable: frame.reliable,
    definition: f.definition && { file: f.definition.file, line: f.definition.line },
    call: f.call,
    inlined: f.inlined,
    via: f.via,
    certain: f.certain,
    alternatives: f.alternatives.map(({ file, line }) => ({ file, line })),
    source: f.source,
    note: noteOf(f),
    successors: f.successors,
  };
}

function titleOf(stack: Stack): string {
  const who = [
    stack.task && `${stack.task}${stack.pid === null ? '' : `[${stack.pid}]`}`,
    stack.cpu === null ? null : `CPU ${stack.cpu}`,
  ].filter(Boolean);
  const title = [stack.heading, stack.title].filter(Boolean).join(': ') || stack.kind;
  return who.length ? `${title} (${who.join(', ')})` : title;
}

function* stackText(
  { stack, frames }: ResolvedStack,
  n: number,
  printer: Printer,
  exact: TraceContext['exact'],
): Iterable<string> {
  if (n > 0) yield '';
  yield printer.bold(titleOf(stack));
  yield* columns(frames.flatMap((f) => frameRows(f, printer, exact?.has(f.frame) ?? false)));
}

function frameRows(f: ResolvedFrame, printer: Printer, isExact: boolean): string[][] {
  const inlined = f.inlined.map((i) => [
    `    ${i.function}`,
    printer.place(i.file, i.line),
    printer.dim(isExact || f.frame.inlinedAt.length > 0 ? 'inlined' : 'inlined, inferred'),
  ]);
  const rows = [
    ...inlined,
    [`  ${markOf(f.frame)}${nameOf(f.frame, printer)}`, placeText(f, printer), sayings(f, printer)],
  ];
  for (const s of f.successors) rows.push([`      ${s.function}`, printer.place(s.file, s.line), printer.dim(s.why)]);
  return rows;
}

const markOf = (frame: Frame): string => (frame.reliable ? '' : '? ');

function nameOf(frame: Frame, printer: Printer): string {
  const offset = frame.offset === null ? '' : `+0x${frame.offset.toString(16)}`;
  return `${printer.bold(frame.text)}${offset}${frame.module ? ` [${frame.module}]` : ''}`;
}

function placeText(f: ResolvedFrame, printer: Printer): string {
  const at = f.definition && (f.call ?? f.source ?? f.definition);
  return at ? printer.place(at.file, at.line) : '';
}

/** What is known of the step to the frame above, and how sure it is. */
function sayings(f: ResolvedFrame, printer: Printer): string {
  const parts: string[] = [];
  if (f.via?.slot) parts.push(`through ${f.via.slot}${tableText(f.via)}`);
  else if (f.via && f.via.kind !== 'call') parts.push(VIA[f.via.kind]);
  if (f.via?.evidence && f.via.evidence !== 'typed') parts.push(`by ${f.via.evidence}`);
  if (f.call && f.call.confidence !== 'certain') parts.push(f.call.confidence);
  parts.push(noteOf(f) ?? '');
  return printer.dim(parts.filter(Boolean).join(', '));
}

/** What a reader has to know; the rows below it tell what may stand for what is missing. */
const noteOf = ({ note, successors }: ResolvedFrame): string | null =>
  note && `${noteText(note)}${successors.length > 0 ? '; likely successors:' : ''}`;

const VIA = {
  call: '',
  dispatch: 'through a slot',
  pointer: 'through a pointer',
  tail: 'left by a jump',
  syscall: 'system call',
  exception: 'interrupted here',
  event: 'tracepoint',
  assembly: '',
} as const;
