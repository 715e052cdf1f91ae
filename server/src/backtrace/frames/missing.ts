/** Functions that the tree lacks: what is said of them, and what may stand for them. */

import { placesNamed } from '../functions/functionPlaces.ts';
import { removalOf } from '../history.ts';
import { filesOfModule } from '../modules.ts';
import { bodiesOf, type ResolvedFrame, type Successor, type TraceContext } from '../resolvedTrace.ts';
import { successorsOf } from './successors.ts';

/** Says of a frame without a definition that the tree lacks its function, and what may stand for it. */
export function explainMissing(context: TraceContext, frame: ResolvedFrame, lower: ResolvedFrame | undefined): void {
  const { function: name, module } = frame.frame;
  if (name === '' || frame.note) return;
  // what stands for it is asked once it is known to be gone
  if (!context.index.isWhole()) {
    frame.note = { kind: 'not-indexed' };
    return;
  }
  // nothing of this tree stands for a function of a module that it never had
  if (module && !filesOfModule(context.index, module)) {
    frame.note = { kind: 'missing', module };
    return;
  }
  frame.successors = sinceRemoval(context, frame, knownSuccessors(context, frame, lower));
  frame.note = frame.alternatives.length
    ? { kind: 'elsewhere', architecture: context.architecture }
    : { kind: 'missing', module: frame.successors.length === 0 ? module : null };
}

/** The same question comes with every stack of a trace. */
function knownSuccessors(context: TraceContext, frame: ResolvedFrame, lower: ResolvedFrame | undefined): Successor[] {
  const { function: name } = frame.frame;
  const caller = lower?.definition ?? null;
  const file = frame.source?.file ?? null;
  const key = [name, frame.source?.file, caller?.name, context.architecture].join('\0');
  const successors = context.successors.get(key) ?? successorsOf(bodiesOf(context), { name, file, caller });
  context.successors.set(key, successors);
  return successors;
}

/** What git's history names comes first: the commit that took the function away put it in its place. */
function sinceRemoval(context: TraceContext, { frame, source }: ResolvedFrame, known: Successor[]): Successor[] {
  const removal = context.history && source ? removalOf(context.index.root, source.file, frame.function) : null;
  if (!removal || !source) return known;
  const named = removal.replacements.flatMap((other): Successor[] => {
    const place = placesNamed(context.index, other).find((p) => p.kind === 'function' && p.file === source.file);
    const why = `in its place since ${removal.commit} (${removal.subject})`;
    return place ? [{ function: other, file: place.file, line: place.line, why }] : [];
  });
  return [...named, ...known.filter((s) => !named.some((n) => n.function === s.function))];
}
