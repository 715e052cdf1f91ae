/** Which of a stack's frames make its chain of control. */
import type { Frame, Stack } from './types.ts';

/** Is a frame one of a chain of control, not a place beside it? */
export const isChain = (frame: Frame) => frame.kind === 'call' || frame.kind === 'event';

/**
 * The chain of control of a stack, innermost first: calls, and the exact places that stand among them. The link
 * register counts only where nothing else follows. Empty where the frames are places beside each other.
 */
export function chainOf(stack: Stack): Frame[] {
  if (stack.order === 'none') return [];
  const frames = stack.frames.filter((f) => f.kind !== 'place');
  const calls = frames.some(isChain);
  const chain: Frame[] = [];
  for (const frame of frames) {
    if (frame.kind === 'lr' && calls) continue;
    const last = chain.at(-1);
    // arm64 and riscv print pc again as the trace's first line
    if (last?.kind === 'pc' && last.function === frame.function && last.offset === frame.offset && last.offset !== null)
      continue;
    chain.push(frame);
  }
  return stack.order === 'outermost-first' ? chain.reverse() : chain;
}
