/** Long work in small steps, so that whoever runs it can do something else in between, or stop. */

/** Work that gives way at each `yield`; what it returns is the answer. Nothing may change under it between two steps. */
export type Steps<T> = Generator<void, T, void>;

/** Does the work without a pause. */
export function toEnd<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Is a value work that is to be done, not an answer? */
export const isSteps = <T>(value: T | Steps<T>): value is Steps<T> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value && 'next' in value && 'return' in value;
