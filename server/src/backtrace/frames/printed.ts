/** What a trace prints of a frame's place, as this tree has it: its line, and the lines of what was inlined there. */
import type { IndexReader } from '../../index/read/reader.ts';
import { type Bodies, functionFactOf } from '../bodies/bodies.ts';
import type { FunctionPlace } from '../functions/functionPlaces.ts';
import { fileOfTree } from '../functions/printedPath.ts';
import { bodiesOf, type InlinedFrame, type ResolvedFrame, type TraceContext } from '../resolvedTrace.ts';

/**
 * The file and line that a frame prints, as this tree has them. `moved`: that line is not in the function here, or the
 * function is elsewhere; then the place is the function's own.
 */
function sourceOf(index: IndexReader, { frame, definition }: ResolvedFrame): ResolvedFrame['source'] {
  if (!frame.source) return null;
  const file = fileOfTree(index, frame.source.file);
  const { line } = frame.source;
  // what is there on disk and not in the index yet can't be held against its function
  if (file && index.fileId(file) === undefined) return { file, line, moved: false };
  if (!definition) return file ? { file, line, moved: true } : null;
  if (definition.kind !== 'function') return { file: file ?? definition.file, line, moved: file === null };
  const fact = functionFactOf(index, definition);
  const inside = file === definition.file && fact !== null && line >= fact.line - 1 && line <= fact.endLine;
  return inside ? { file, line, moved: false } : { file: definition.file, line: definition.line, moved: true };
}

/**
 * What the trace says was inlined at a frame, innermost first: the functions that hold its lines here. It ends where a
 * line is in no function that the one below it calls: the code has changed since.
 */
function printedInlined(bodies: Bodies, { frame, definition }: ResolvedFrame): InlinedFrame[] {
  const out: InlinedFrame[] = [];
  let below: FunctionPlace | null = definition;
  for (const { file: printed, line } of [...frame.inlinedAt].reverse()) {
    const file = fileOfTree(bodies.index, printed);
    const functions = (file && bodies.index.facts(file)?.functions) || [];
    const here = functions.flatMap((f, index): FunctionPlace[] =>
      f.line <= line && line <= f.endLine ? [{ ...f, file: file ?? '', kind: 'function', index }] : [],
    );
    const called = new Set((below && bodies.body(below)?.calls.map((c) => c.name)) ?? []);
    const made = below?.macro ? here.find((f) => f.macro && f.name !== below?.name) : undefined;
    const found = here.find((f) => called.has(f.name)) ?? made;
    if (!found) break;
    out.unshift({ function: found.name, file: found.file, line });
    below = found;
  }
  return out;
}

/** Functions that the text itself says were inlined at a frame, innermost first, as far as this tree has them. */
export function namedInlined({ index }: TraceContext, { frame }: ResolvedFrame): InlinedFrame[] {
  return frame.inlinedAt.flatMap(({ function: name, file: printed, line }) => {
    const file = name === undefined ? null : fileOfTree(index, printed);
    const fact = file && index.facts(file)?.functions.find((f) => f.name === name);
    if (!fact || !file) return [];
    return [{ function: fact.name, file, line: fact.line <= line && line <= fact.endLine ? line : fact.line }];
  });
}

/** Takes over the lines that the trace prints for a frame, as far as they are its function's in this tree. */
export function readSource(context: TraceContext, frame: ResolvedFrame): void {
  frame.source = sourceOf(context.index, frame);
  const { source } = frame;
  if (!source || source.moved) return;
  frame.call = { file: source.file, line: source.line, confidence: 'likely' };
  frame.inlined = printedInlined(bodiesOf(context), frame);
}
