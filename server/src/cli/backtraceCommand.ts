/** `kerntrail backtrace [FILE|-]`: the frames of a pasted text, with their places in the tree. */
import { readFileSync } from 'node:fs';
import { newTraceContext, type ResolvedFrame, type ResolvedStack, resolveStack } from '../features/backtrace.ts';
import { parseTrace } from '../trace/parse.ts';
import { type Context, EXIT, openIndex, writeLines } from './context.ts';
import { newPrinter, type Printer } from './print.ts';

/** A file's text, or what comes in on standard input for `-` and for no name at all. */
export function readInput(path: string | undefined): string {
  return readFileSync(path === undefined || path === '-' ? 0 : path, 'utf8');
}

/** Runs the command; the exit code tells whether any frame was found. */
export async function backtraceCommand(context: Context, [path]: string[]): Promise<number> {
  const trace = parseTrace(readInput(path));
  const index = await openIndex(context);
  try {
    const traceContext = newTraceContext(index, context.architecture, trace);
    const printer = newPrinter(index.root);
    let frames = 0;
    await writeLines(
      (function* () {
        for (const [n, stack] of trace.stacks.entries()) {
          const resolved = resolveStack(traceContext, stack);
          frames += resolved.frames.length;
          if (context.json) for (const frame of resolved.frames) yield JSON.stringify(frameJson(frame, n));
          else yield* stackText(resolved, printer);
        }
      })(),
    );
    return frames ? EXIT.found : EXIT.nothing;
  } finally {
    await index.close();
  }
}

function frameJson(f: ResolvedFrame, stack: number): object {
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
    note: f.note,
    successors: f.successors,
  };
}

function* stackText({ stack, frames }: ResolvedStack, printer: Printer): Iterable<string> {
  yield printer.bold(stack.heading || stack.title || stack.kind);
  for (const f of frames)
    yield `  ${f.frame.text} ${f.definition ? printer.place(f.definition.file, f.definition.line) : ''}`;
}
