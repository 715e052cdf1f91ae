/** Stacks that share their inner frames, put together: what a hundred tasks that wait for one lock have in common. */

import { chainOf } from './chain.ts';
import type { Frame, Stack } from './types.ts';

/** Frames that some stacks have in common, innermost first, and where they part. */
export interface SharedRun {
  /** numbers of the stacks */
  stacks: number[];
  /** the frames, by their numbers in the first of these stacks */
  frames: number[];
  /** names of the first and the last of these frames */
  first: string;
  last: string;
  branches: SharedRun[];
}

/** Two frames of different stacks are the same step where function and place agree. */
const keyOf = (f: Frame): string =>
  `${f.function || f.text}\0${f.source ? `${f.source.file}:${f.source.line}` : (f.offset ?? '')}`;

interface Node {
  name: string;
  stacks: number[];
  frame: number;
  next: Map<string, Node>;
}

/** Merges stacks by their inner frames. Linear in the frames. */
export function mergeStacks(stacks: readonly Stack[]): SharedRun[] {
  const roots = new Map<string, Node>();
  stacks.forEach((stack, s) => {
    const numbers = new Map(stack.frames.map((f, n) => [f, n]));
    let level = roots;
    for (const frame of chainOf(stack)) {
      if (!frame.reliable || frame.user) continue;
      const key = keyOf(frame);
      const name = frame.function || frame.text;
      const node: Node = level.get(key) ?? { name, stacks: [], frame: numbers.get(frame) ?? 0, next: new Map() };
      level.set(key, node);
      node.stacks.push(s);
      level = node.next;
    }
  });
  return runsOf(roots);
}

/** A chain may be as long as a hostile text likes: no recursion along it, only where it branches. */
function runsOf(level: ReadonlyMap<string, Node>, depth = 0): SharedRun[] {
  return [...level.values()].map((first) => {
    const frames = [first.frame];
    let last = first;
    for (;;) {
      const [only, ...others] = last.next.values();
      // a stack that ends here parts from those that go on
      if (!only || others.length > 0 || only.stacks.length !== last.stacks.length) break;
      last = only;
      frames.push(last.frame);
    }
    // the first stack of a branch is the one whose numbers its frames have
    const branches = depth < MAX_BRANCHES ? runsOf(last.next, depth + 1) : [];
    return { stacks: first.stacks, frames, first: first.name, last: last.name, branches };
  });
}

const MAX_BRANCHES = 200;
