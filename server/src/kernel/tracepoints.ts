/**
 * The names that a tracepoint's macros give: Documentation/trace/tracepoints.rst, include/linux/tracepoint.h. The tracepoint
 * `sched_switch` is the object `__tracepoint_sched_switch`; `__traceiter_sched_switch()` calls the probes that are
 * registered with it, one after the other.
 */

/** The tracepoint whose object this is; null where it is none's. */
export const tracepointOf = (variable: string): string | null => /^__tracepoint_(\w+)$/.exec(variable)?.[1] ?? null;

/** The tracepoint whose probes a function calls; null where it is no such function. */
export const iteratedBy = (fn: string): string | null => /^__traceiter_(\w+)$/.exec(fn)?.[1] ?? null;

/** Does a function put a probe, one of its arguments, into the tracepoint that is its first one? */
export const takesProbe = (fn: string): boolean => /^tracepoint_probe_register(?:_prio)?(?:_may_exist)?$/.test(fn);
