/** Where the functions of a stack are defined, told apart by file, module, architecture and neighbours. */

import type { IndexReader } from '../../index/read/reader.ts';
import { folderOf } from '../../kernel/domain.ts';
import type { Steps } from '../../resolve/steps.ts';
import type { Frame, Stack } from '../../trace/types.ts';
import { type FunctionAnswer, functionPlaces } from '../functions/candidates.ts';
import { placesNamed } from '../functions/functionPlaces.ts';
import { filesOfModule, isMadeNear } from '../modules.ts';
import type { FrameNote, ResolvedFrame, TraceContext } from '../resolvedTrace.ts';

/** How far neighbours are asked for the folder they are in. */
const NEIGHBOURS = 5;

/** A frame of which nothing is known yet. */
const bareFrame = (frame: Frame, index: number, note: FrameNote | null = null): ResolvedFrame => ({
  frame,
  index,
  definition: null,
  certain: false,
  alternatives: [],
  source: null,
  call: null,
  inlined: [],
  via: null,
  note,
  successors: [],
});

/** A frame that is not looked up, as the stack has too many. */
export const frameLeftOut = (frame: Frame, index: number): ResolvedFrame =>
  bareFrame(frame, index, { kind: 'not-looked-up' });

/** The frames of a stack, `most` of them, with their definitions, and nothing else yet. */
export function* definitionsOf(context: TraceContext, stack: Stack, most: number): Steps<ResolvedFrame[]> {
  const taken = stack.frames.slice(0, most);
  const alone: FunctionAnswer[] = [];
  for (const frame of taken) {
    yield;
    alone.push(candidatesOf(context, frame, []));
  }
  const out: ResolvedFrame[] = [];
  for (const [n, frame] of taken.entries()) {
    yield;
    const isOpen = !alone[n].certain && alone[n].places.length > 1;
    const answer = isOpen ? candidatesOf(context, frame, filesNear(alone, n)) : alone[n];
    out.push(settled(context, bareFrame(frame, n), answer));
  }
  return out;
}

function candidatesOf({ index, architecture }: TraceContext, frame: Frame, near: readonly string[]): FunctionAnswer {
  if (frame.function === '' || frame.user) return { places: [], certain: false };
  return functionPlaces(index, {
    name: frame.function,
    file: frame.source?.file ?? null,
    moduleFiles: frame.module ? filesOfModule(index, frame.module) : null,
    inModule: frame.module !== null,
    near,
    architecture,
  });
}

/** Files of the frames around the `n`th whose definitions are certain, nearest first. */
function filesNear(alone: readonly FunctionAnswer[], n: number): string[] {
  const near: string[] = [];
  for (let d = 1; d <= NEIGHBOURS; d++)
    for (const other of [alone[n - d], alone[n + d]]) if (other?.certain) near.push(other.places[0].file);
  return near;
}

/** Places that are kept of a name that only other architectures and programs have. */
const MOST_ELSEWHERE = 20;

/** The frame with the definition that fits best, unless its module tells that this can't be the one. */
function settled({ index }: TraceContext, bare: ResolvedFrame, { places, certain }: FunctionAnswer): ResolvedFrame {
  const { frame } = bare;
  const [first = null, ...others] = places;
  const note = first && frame.module ? strayNote(index, frame.module, first.file) : null;
  // `run` of a module that nobody knows is not the one `run` of this tree
  const isOther = note !== null && (others.length > 0 || !frame.function.includes('_'));
  const definition = isOther ? null : first;
  const isKnown = isOther || definition || frame.user || frame.function === '';
  const elsewhere = isKnown ? places : placesNamed(index, frame.function);
  return {
    ...bare,
    definition,
    certain: certain && note === null,
    alternatives: definition ? others : elsewhere.slice(0, MOST_ELSEWHERE),
    note,
  };
}

/** What to say where a function was found that the frame's module can't hold: it may be another of that name. */
function strayNote(index: IndexReader, module: string, file: string): FrameNote | null {
  if (!index.isWhole()) return isMadeNear(index, module, file) ? null : { kind: 'module-not-indexed', module };
  const files = filesOfModule(index, module);
  if (!files) return { kind: 'no-module', module };
  if (file.endsWith('.h') || files.has(file)) return null;
  // a file may #include others of its folder
  const near = [...files].some((f) => folderOf(f) === folderOf(file));
  return near ? null : { kind: 'outside-module', module };
}
