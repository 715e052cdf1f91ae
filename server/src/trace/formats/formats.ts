/**
 * Every format, in the order in which a message is held against them: the first that reads it has it. Those that hold
 * lines back come first, as a line that no format so far wanted ends what they hold.
 */
import { ARROWS } from './arrows.ts';
import { CRASH } from './crash.ts';
import { ADDR2LINE, DECODED } from './decoded.ts';
import type { Format } from './format.ts';
import { BARE_ADDRESS, KERNEL } from './kernel.ts';
import { NUMBERED } from './numbered.ts';
import { BCC } from './tracers/bcc.ts';
import { BPFTRACE } from './tracers/bpftrace.ts';
import { FTRACE_EVENTS } from './tracers/ftrace.ts';
import { FUNCTION_GRAPH } from './tracers/functionGraph.ts';
import { PERF } from './tracers/perf.ts';
import { PERF_REPORT } from './tracers/perfReport.ts';

export const FORMATS: readonly Format<unknown>[] = [
  PERF_REPORT,
  BCC,
  FUNCTION_GRAPH,
  ARROWS,
  FTRACE_EVENTS,
  NUMBERED,
  KERNEL,
  BPFTRACE,
  PERF,
  ADDR2LINE,
  DECODED,
  CRASH,
  BARE_ADDRESS,
];
