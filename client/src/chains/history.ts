/** What the view shows now, what it showed before, and what it went back from. */
export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
}

/** States that are kept to go back to. */
const MOST = 50;

/** A history that begins with a state. */
export const newHistory = <T>(present: T): History<T> => ({ past: [], present, future: [] });

/** Goes on to a new state: what was gone back from is forgotten. */
export const goOn = <T>({ past, present }: History<T>, next: T): History<T> => ({
  past: [...past, present].slice(-MOST),
  present: next,
  future: [],
});

/** One state back (-1) or forward (1); the same history where there is none. */
export function step<T>(history: History<T>, by: -1 | 1): History<T> {
  const { past, present, future } = history;
  if (by < 0) {
    const before = past.at(-1);
    if (before === undefined) return history;
    return { past: past.slice(0, -1), present: before, future: [present, ...future] };
  }
  const [next, ...rest] = future;
  return next === undefined ? history : { past: [...past, present], present: next, future: rest };
}

/** The same history with each of its states made anew: what they hold has changed, and is no step of its own. */
export const mapHistory = <T>({ past, present, future }: History<T>, make: (state: T) => T): History<T> => ({
  past: past.map(make),
  present: make(present),
  future: future.map(make),
});
