/** The direct calls of a function and of a macro as facts hold them: packed, for a kernel has two million. */
import type { CallsFact, MacroFact } from './types.ts';

/** One direct call: the callee, and its 1-based line. */
interface DirectCall {
  name: string;
  line: number;
}

/** Calls `take` with each call of one function, in order: indexing makes no objects of them. */
export function eachCall({ names, steps }: CallsFact, take: (name: string, line: number) => void): void {
  let line = 0;
  names.split(' ').forEach((name, i) => {
    line += steps[i];
    take(name, line);
  });
}

/** The calls of one function, in order. */
export function callsIn(calls: CallsFact): DirectCall[] {
  const out: DirectCall[] = [];
  eachCall(calls, (name, line) => out.push({ name, line }));
  return out;
}

/** The names that one function calls, in order, each as often as it is called. */
export const calleesIn = ({ names }: CallsFact): string[] => names.split(' ');

/** The functions and macros that a macro's body calls. */
export const calleesOfMacro = ({ calls }: Pick<MacroFact, 'calls'>): string[] => (calls ? calls.split(' ') : []);
