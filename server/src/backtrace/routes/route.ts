/** A way from one function of a backtrace to the one above it. */

import type { Registration } from '../../index/store/postings.ts';
import type { InlinedFrame } from '../resolvedTrace.ts';

/** How the last step is taken. */
export interface RouteVia {
  kind: 'call' | 'dispatch' | 'pointer' | 'syscall' | 'event';
  /** `address_space_operations.readahead`, the pointer's name, or null */
  slot: string | null;
  /** registrations of the frame above, or of what jumps to it, in that slot: it went through one of them */
  holders: readonly Registration[];
  evidence: 'typed' | 'flow' | 'signature' | 'name' | null;
  /** functions that were left by a jump, and so are missing from the stack; innermost first */
  jumped: string[];
}

/** One way from a function to the one above it. */
export interface Route {
  /** line in the lower function */
  line: number;
  /** share of its body in front of that line, 0 to 1 */
  at: number;
  /** innermost first */
  inlined: InlinedFrame[];
  via: RouteVia;
  /** the call is the last thing that the lower function does */
  tail: boolean;
  /** it stands where control seldom comes */
  cold: boolean;
  /** its block leaves the function early */
  leaves: boolean;
  cost: number;
}
