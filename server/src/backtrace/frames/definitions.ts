/** Where the functions of a stack are defined, told apart by file, module, architecture and neighbours. */
import type { IndexReader } from '../../index/read/reader.ts';
import { folderOf } from '../../kernel/domain.ts';
import type { Steps } from '../../resolve/steps.ts';
import type { Frame, Stack } from '../../trace/types.ts';
import { type Bodies, functionFactOf } from '../bodies/bodies.ts';
import { type FunctionAnswer, type FunctionPlace, functionPlaces, placesNamed } from '../functions/functionPlaces.ts';
import { filesOfModule } from '../modules.ts';
import type { InlinedFrame, ResolvedFrame, TraceContext } from '../resolvedTrace.ts';

/** How far neighbours are asked for the folder they are in. */
const NEIGHBOURS = 5;

/** A frame that is not looked up. */
export const bareFrame = (frame: Frame, index: number): ResolvedFrame => ({
  ...{
    frame,
    index,
    definition: null,
    certain: false,
    alternatives: [],
    source: null,
    call: null,
    inlined: [],
    via: null,
  },
  note: 'not looked up: the stack has too many frames',
  successors: [],
});

/** The frames of a stack, `most` of them, with their definitions, and nothing else yet. */
export function* definitionsOf(
  { index }: TraceContext,
  stack: Stack,
  architecture: string,
  most: number,
): Steps<ResolvedFrame[]> {
  const ask = (frame: Frame, near: readonly string[]): FunctionAnswer =>
    frame.function === '' || frame.user
      ? { places: [], certain: false }
      : functionPlaces(index, {
          name: frame.function,
          file: frame.source?.file ?? null,
          moduleFiles: frame.module ? filesOfModule(index, frame.module) : null,
          inModule: frame.module !== null,
          near,
          architecture,
        });
  const taken = stack.frames.slice(0, most);
  const alone: FunctionAnswer[] = [];
  for (const frame of taken) {
    yield;
    alone.push(ask(frame, []));
  }
  const out: ResolvedFrame[] = [];
  for (const [n, frame] of taken.entries()) {
    yield;
    let answer = alone[n];
    if (!answer.certain && answer.places.length > 1) {
      const near: string[] = [];
      for (let d = 1; d <= NEIGHBOURS; d++)
        for (const other of [alone[n - d], alone[n + d]]) if (other?.certain) near.push(other.places[0].file);
      answer = ask(frame, near);
    }
    const [first = null, ...others] = answer.places;
    const stray = first && frame.module ? strayNote(index, frame.module, first.file) : null;
    // `run` of a module that nobody knows is not the one `run` of this tree
    const isOther = stray !== null && (others.length > 0 || !frame.function.includes('_'));
    const definition = isOther ? null : first;
    const elsewhere =
      isOther || definition || frame.user || frame.function === '' ? answer.places : placesNamed(index, frame.function);
    out.push({
      frame,
      index: n,
      definition,
      certain: answer.certain && stray === null,
      alternatives: definition ? others : elsewhere.slice(0, 20),
      source: null,
      call: null,
      inlined: [],
      via: null,
      note: stray,
      successors: [],
    });
  }
  return out;
}

/** What to say where a function was found that the frame's module can't hold: it may be another of that name. */
function strayNote(index: IndexReader, module: string, file: string): string | null {
  const files = filesOfModule(index, module);
  if (!files) return `module ${module} is not in this tree: perhaps another function of that name`;
  if (file.endsWith('.h') || files.has(file)) return null;
  // a file may #include others of its folder
  const near = [...files].some((f) => folderOf(f) === folderOf(file));
  return near ? null : `not among the files of module ${module}: perhaps another function of that name`;
}

/** The file of the tree that a printed path means: the longest end of it that the tree has. */
export function fileOfTree(index: IndexReader, printed: string): string | null {
  const parts = printed.split('/').filter((p) => p !== '..' && p !== '.' && p !== '');
  for (let i = 0; i < parts.length; i++) {
    const path = parts.slice(i).join('/');
    if (index.fileId(path) !== undefined) return path;
  }
  return null;
}

/**
 * The file and line that a frame prints, as this tree has them. `moved`: that line is not in the function here, or the
 * function is elsewhere; then the place is the function's own.
 */
export function sourceOf(index: IndexReader, { frame, definition }: ResolvedFrame): ResolvedFrame['source'] {
  if (!frame.source) return null;
  const file = fileOfTree(index, frame.source.file);
  const { line } = frame.source;
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
export function printedInlined(bodies: Bodies, { frame, definition }: ResolvedFrame): InlinedFrame[] {
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
