/** A parsed trace -> its frames in this tree: definitions, call lines, what was inlined, what became of the unknown. */

import { type Steps, toEnd } from '../resolve/steps.ts';
import { chainOf } from '../trace/stacks.ts';
import type { Stack, Trace } from '../trace/types.ts';
import { rank, reachAbove } from './frames/calls.ts';
import { bareFrame, definitionsOf, printedInlined, sourceOf } from './frames/definitions.ts';
import { successorsOf } from './frames/successors.ts';
import { placesNamed } from './functions/functionPlaces.ts';
import { removalOf } from './history.ts';
import { filesOfModule } from './modules.ts';
import { bodiesOf, type ResolvedFrame, type ResolvedStack, type TraceContext } from './resolvedTrace.ts';
import { routesTo } from './routes/routes.ts';
import { targetOf } from './routes/target.ts';

export * from './resolvedTrace.ts';

/** Resolves one stack: an editor asks for those in view. */
export const resolveStack = (context: TraceContext, stack: Stack): ResolvedStack =>
  toEnd(resolveStackSteps(context, stack));

/** The same in steps: a stack may have thousands of frames, and each may need bodies read. */
export function* resolveStackSteps(context: TraceContext, stack: Stack): Steps<ResolvedStack> {
  const architecture = stack.arch ?? context.architecture;
  const frames = yield* definitionsOf(context, stack, architecture, MAX_FRAMES);
  const byFrame = new Map(frames.map((f) => [f.frame, f]));
  const chain = chainOf(stack)
    .filter((f) => f.reliable && !f.user)
    .flatMap((f) => byFrame.get(f) ?? []);
  const below = new Map(chain.map((frame, i) => [frame, chain[i + 1]]));
  for (const [i, frame] of chain.entries()) {
    yield;
    chooseByNeighbours(context, architecture, frame, chain[i - 1], chain[i + 1]);
  }
  for (const frame of frames) {
    yield;
    readSource(context, architecture, frame);
  }
  for (const frame of frames) {
    yield;
    if (!frame.definition && !frame.frame.user) explainMissing(context, architecture, frame, below.get(frame));
  }
  for (const [i, lower] of chain.entries()) {
    yield;
    if (i > 0) reachAbove(context, architecture, lower, chain[i - 1]);
  }
  for (const frame of frames) {
    const exact = context.exact?.get(frame.frame);
    if (exact) {
      frame.call = { ...exact.call, confidence: 'certain' };
      frame.inlined = exact.inlined;
    }
    frame.note ??= noteOf(frame);
  }
  const rest = stack.frames.slice(frames.length).map((frame, n) => bareFrame(frame, frames.length + n));
  return { stack, frames: rest.length ? [...frames, ...rest] : frames };
}

/** Frames of one stack that are looked up, as each takes a search: a kernel's stack has room for some hundred. */
const MAX_FRAMES = 1000;

/** Definitions looked at where several are possible. */
const MOST_CHOICES = 6;
/** How much likelier another definition must be, as a cost, to be taken instead of the first. */
const CLEARLY = 1;

/** Of several definitions, the one that the frame below can call and that can call the frame above. */
function chooseByNeighbours(
  context: TraceContext,
  architecture: string,
  frame: ResolvedFrame,
  upper: ResolvedFrame | undefined,
  lower: ResolvedFrame | undefined,
): void {
  if (frame.certain || !frame.definition || frame.alternatives.length === 0 || frame.frame.source) return;
  const bodies = bodiesOf(context, architecture);
  const nothing = 12;
  const choices = [frame.definition, ...frame.alternatives].slice(0, MOST_CHOICES).map((place, i) => {
    let cost = i * 0.5;
    if (upper?.frame.function && place.kind === 'function') {
      const target = targetOf(
        bodies,
        upper.definition?.name ?? upper.frame.function,
        upper.definition,
        context.outOfLine,
      );
      cost += rank(routesTo(bodies, place, target), frame.frame)[0]?.cost ?? nothing;
    }
    if (lower?.definition?.kind === 'function') {
      const target = targetOf(bodies, place.name, place, context.outOfLine);
      cost += rank(routesTo(bodies, lower.definition, target), lower.frame)[0]?.cost ?? nothing;
    }
    return { place, cost };
  });
  const [first] = choices;
  const best = choices.reduce((a, b) => (b.cost < a.cost ? b : a));
  if (first.cost - best.cost < CLEARLY) return;
  frame.alternatives = [frame.definition, ...frame.alternatives].filter((p) => p !== best.place);
  frame.definition = best.place;
}

/** The lines that the trace prints, in this tree. */
function readSource(context: TraceContext, architecture: string, frame: ResolvedFrame): void {
  frame.source = sourceOf(context.index, frame);
  const { source } = frame;
  if (!source || source.moved) return;
  frame.call = { file: source.file, line: source.line, confidence: 'likely' };
  frame.inlined = printedInlined(bodiesOf(context, architecture), frame);
}

/** Says that the tree lacks a function, and what may stand for it. */
function explainMissing(
  context: TraceContext,
  architecture: string,
  frame: ResolvedFrame,
  lower: ResolvedFrame | undefined,
): void {
  const { function: name, module } = frame.frame;
  if (name === '' || frame.note) return;
  // nothing of this tree stands for a function of a module that it never had
  if (module && !filesOfModule(context.index, module)) {
    frame.note = `not in this tree (module ${module})`;
    return;
  }
  const key = [name, frame.source?.file, lower?.definition?.name, architecture].join('\0');
  let successors = context.successors.get(key);
  if (!successors) {
    successors = successorsOf(bodiesOf(context, architecture), {
      name,
      file: frame.source?.file ?? null,
      caller: lower?.definition ?? null,
    });
    context.successors.set(key, successors);
  }
  frame.successors = successors;
  const file = context.history ? (frame.source?.file ?? null) : null;
  const removal = file === null ? null : removalOf(context.index.root, file, name);
  for (const other of [...(removal?.replacements ?? [])].reverse()) {
    const place = placesNamed(context.index, other).find((p) => p.kind === 'function' && p.file === file);
    if (!place) continue;
    const why = `in its place since ${removal?.commit} (${removal?.subject})`;
    frame.successors = frame.successors.filter((s) => s.function !== other);
    frame.successors = [{ function: other, file: place.file, line: place.line, why }, ...frame.successors];
  }
  const missing = frame.alternatives.length
    ? `not for ${architecture}: other architectures and programs have it`
    : `not in this tree${module && frame.successors.length === 0 ? ` (module ${module})` : ''}`;
  frame.note = `${missing}${frame.successors.length ? '; likely successors:' : ''}`;
}

function noteOf(frame: ResolvedFrame): string | null {
  const { definition, certain, alternatives, source } = frame;
  if (!definition) return null;
  if (source?.moved)
    return source.file === definition.file
      ? `moved: line ${frame.frame.source?.line} is not in this function here`
      : `moved: it was in ${frame.frame.source?.file}`;
  if (!certain && alternatives.length) return `one of ${alternatives.length + 1} of that name`;
  return definition.kind === 'declaration' ? 'only declared here' : null;
}

/** Resolves every stack of a trace, in their order. */
export const resolveTrace = (context: TraceContext, trace: Trace): ResolvedStack[] =>
  trace.stacks.map((stack) => resolveStack(context, stack));
