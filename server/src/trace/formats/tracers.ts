/** Stacks and events of ftrace, perf, bpftrace and bcc. See Documentation/trace/ftrace.rst. */
import type { Segment } from '../clean.ts';
import { isSymbol, nameStart } from '../names.ts';
import type { Frame } from '../types.ts';
import { hexAt, makeFrame } from './frames.ts';

/** A line of ftrace's `trace` or of trace-cmd: who, where, and what follows the time. */
export interface FtraceLine {
  task: string;
  pid: number;
  cpu: number;
  /** column of the event in the segment */
  at: number;
}

const FTRACE =
  /^\s*(.{1,40}?)-(\d{1,9})\s{1,8}(?:\(\s{0,8}[\d-]{1,9}\)\s{1,4})?\[(\d{1,5})\]\s{1,12}(?:[\w.#@]{1,10}\s{1,16})?\d{1,12}(?:\.\d{1,9})?: {1,2}/;

/** The latency tracers' form: `  cat-123     1d..2   12us+: ` */
const LATENCY = /^\s{0,40}(\S{1,40})-(\d{1,9})\s{1,8}(\d{1,4})[a-zA-Z.#]\S{0,8}\s{1,8}\d{1,12}us[!+#*@$ ]{0,2}: {1,2}/;

/** The front of an ftrace event: `  cat-123  [001] d..2.  9.239393: `. */
export function ftraceLine(text: string): FtraceLine | null {
  if (text.includes('us')) {
    const latency = LATENCY.exec(text.slice(0, 200));
    if (latency) return { task: latency[1], pid: Number(latency[2]), cpu: Number(latency[3]), at: latency[0].length };
  }
  const bracket = text.indexOf(' [');
  if (bracket < 0 || bracket > 80) return null;
  const digit = text.charCodeAt(bracket + 2);
  if (digit < 48 || digit > 57) return null;
  const m = FTRACE.exec(text.slice(0, 200));
  return m ? { task: m[1].trim(), pid: Number(m[2]), cpu: Number(m[3]), at: m[0].length } : null;
}

/** Does an ftrace event start a stack? `<stack trace>`, trace-cmd's `kernel_stack: <stack trace>`. */
export function isFtraceStack(event: string): boolean {
  return event.startsWith('<stack trace') || event.startsWith('kernel_stack:') || event.startsWith('<user stack');
}

/** kmem's events: `kfree: call_site=skb_release_data+0x10/0x20 ptr=…`, the place that allocates or frees */
function siteFrames(segment: Segment, line: number, at: number, from: number): Frame[] {
  const s = segment.text;
  const plus = s.indexOf('+0x', from);
  if (plus < 0 || nameStart(s, plus) !== from || !isSymbol(s.slice(from, plus))) return [];
  const offset = hexAt(s, plus + 3);
  const size = offset && s.startsWith('/0x', offset.end) ? hexAt(s, offset.end + 3) : null;
  if (!offset) return [];
  const module = size ? /^ \[([\w-]{1,64})\]/.exec(s.slice(size.end, size.end + 80)) : null;
  const known = { offset: offset.value, size: size?.value ?? null, module: module?.[1] ?? null };
  const label = s.slice(at, from - 1);
  return [makeFrame(segment, line, from, s.slice(from, plus), { kind: 'place', label, ...known })];
}

/** The function of a kprobe's event, `vfs_read: (vfs_read+0x0/0x310)`, or of the function tracer, `vfs_read <-ksys_read`. */
export function eventFrames(segment: Segment, line: number, at: number): Frame[] {
  const s = segment.text;
  const site = s.indexOf(' call_site=', at);
  if (site >= 0 && site - at < 200) return siteFrames(segment, line, at, site + 11);
  const open = s.indexOf(': (', at);
  if (open >= 0 && open - at < 200) {
    const plus = s.indexOf('+0x', open);
    if (plus < 0 || plus - open > 300) return [];
    const from = open + 3;
    const offset = hexAt(s, plus + 3);
    const size = offset && s.startsWith('/0x', offset.end) ? hexAt(s, offset.end + 3) : null;
    if (!offset || nameStart(s, plus) !== from || !isSymbol(s.slice(from, plus))) return [];
    return [
      makeFrame(segment, line, from, s.slice(from, plus), {
        kind: 'event',
        offset: offset.value,
        size: size?.value ?? null,
        label: s.slice(at, open),
      }),
    ];
  }
  const m = /^([A-Za-z_.][\w.$]{0,200})(?: \[\w{1,64}\])? {1,2}<-([A-Za-z_.][\w.$]{0,200})(?: \[\w{1,64}\])?\s*$/.exec(
    s.slice(at, at + 600),
  );
  if (!m) return [];
  return [
    makeFrame(segment, line, at, m[1], { kind: 'event' }),
    makeFrame(segment, line, s.indexOf(`<-${m[2]}`, at) + 2, m[2], {}),
  ];
}

/** ` => vfs_read`, ` => vfs_read (ffffffff8123)`, with or without an offset; the offset is left to `offsetFrames`. */
export function arrowFrame(segment: Segment, line: number): Frame | null {
  const s = segment.text;
  const arrow = s.indexOf('=>');
  if (arrow < 0 || arrow > 8 || s.length > 700) return null;
  const m =
    /^\s*=> ?([A-Za-z_.$<][\w.$]{0,400})(?:\+0x([0-9a-f]{1,8})(?:\/0x([0-9a-f]{1,8}))?)?(?: \[([\w-]{1,64})\])?(?: \(([0-9a-f]{8,16})\))?(?: <[0-9a-f]{8,16}>)?\s*$/.exec(
      s,
    );
  if (!m) return null;
  return makeFrame(segment, line, s.indexOf(m[1], arrow + 2), m[1], {
    offset: m[2] ? Number.parseInt(m[2], 16) : null,
    size: m[3] ? Number.parseInt(m[3], 16) : null,
    module: m[4] ?? null,
    address: m[5] ?? null,
  });
}

/** A line of the function_graph tracer: its CPU and, where a function begins, the function and its depth. */
export interface GraphLine {
  cpu: number | null;
  task: string | null;
  pid: number | null;
  frame: Frame | null;
}

const GRAPH_FRONT = /^\s*(?:[\d.]{1,20} {1,3}\|\s{1,4})?(?:(\d{1,5})\)|\[(\d{1,5})\])\s/;
const GRAPH_TASK = /\s(\S{1,20})-(\d{1,9})\s{1,8}\|/;
const GRAPH_CALL = /^([A-Za-z_.$][\w.$]{0,400})(?: \[([\w-]{1,64})\])?\((?:[^()]{0,400})\)\s?(?:\{|;)/;

/** ` 1) + 55.179 us   |          __cond_resched();` and its like; null for other lines. */
export function graphLine(segment: Segment, line: number): GraphLine | null {
  const s = segment.text;
  const bar = s.lastIndexOf('|', 160);
  if (bar < 0) return null;
  const front = GRAPH_FRONT.exec(s.slice(0, 80));
  if (!front) return null;
  let at = bar + 1;
  while (at < s.length && s.charCodeAt(at) === 32) at++;
  const call = GRAPH_CALL.exec(s.slice(at, at + 1000));
  const task = GRAPH_TASK.exec(s.slice(0, bar + 1));
  const frame = call
    ? makeFrame(segment, line, at, call[1], {
        kind: 'event',
        module: call[2] ?? null,
        // two columns a level behind `|  `
        depth: Math.max(0, (at - bar - 3) >> 1),
      })
    : null;
  return { cpu: Number(front[1] ?? front[2]), task: task ? task[1] : null, pid: task ? Number(task[2]) : null, frame };
}

const PERF_HEADER =
  /^(\S.{0,30}?)\s{1,4}(\d{1,9})(?:\/(\d{1,9}))?\s{1,4}(?:\[(\d{1,5})\]\s{1,4})?\d{1,12}\.\d{1,9}:\s{1,20}(?:\d{1,15}\s{1,4})?([\w:./-]{1,80}):/;

/** perf script's line above a stack: `cat  1234 [001] 12.345: 250000 cycles:`. */
export function perfHeader(text: string): { task: string; pid: number; cpu: number | null; event: string } | null {
  if (text.length > 400 || text.charCodeAt(0) === 35) return null;
  const m = PERF_HEADER.exec(text);
  return m ? { task: m[1], pid: Number(m[3] ?? m[2]), cpu: m[4] ? Number(m[4]) : null, event: m[5] } : null;
}

/** perf script: `\tffffffff8123 vfs_read+0x9f ([kernel.kallsyms])`, `(inlined)`, `([ext4])`, `(/lib/libc.so.6)`. */
export function perfFrame(segment: Segment, line: number): Frame | null {
  const s = segment.text;
  if (s.length > 2000) return null;
  const front = /^\s{1,24}([0-9a-f]{3,16}) (?=\S)/.exec(s);
  const open = front ? s.lastIndexOf(' (') : -1;
  if (!front || open < front[0].length || !/\)\s*$/.test(s.slice(-8))) return null;
  const object = s.slice(open + 2, s.lastIndexOf(')'));
  const at = front[0].length;
  let text = s.slice(at, open);
  const plus = text.lastIndexOf('+0x');
  const offset = plus > 0 ? hexAt(text, plus + 3) : null;
  if (offset && offset.end === text.length) text = text.slice(0, plus);
  const module = /^\[([\w-]{1,64})\]$/.exec(object);
  const known = text !== '[unknown]';
  const frame = makeFrame(segment, line, at, text, {
    address: front[1],
    offset: offset?.value ?? null,
    inlined: object === 'inlined',
    module: module ? module[1] : (/([\w-]{1,64})\.ko/.exec(object)?.[1].replaceAll('-', '_') ?? null),
    user: object.startsWith('/') && !/\.ko|vmlinux|\/proc\/kcore/.test(object),
  });
  if (module && /^(?:kernel|guest\.kernel|unknown|vdso|vsyscall|bpf)/.test(object.slice(1))) frame.module = null;
  if (object === '[unknown]' || object === '[vdso]') frame.user = true;
  if (!known) {
    frame.function = '';
    frame.suffixes = [];
  }
  return frame;
}

/** bpftrace: `    vfs_read+1`, a decimal offset alone on its line. `plain` takes a name without an offset (bcc). */
export function bpfFrame(segment: Segment, line: number, plain: boolean): Frame | null {
  const s = segment.text;
  if (s.length > 600) return null;
  const m =
    /^\s{1,24}(?:b')?([A-Za-z_.$][\w.$]{0,400})(?:\+(0x[0-9a-f]{1,8}|\d{1,9}))?(?: \[([\w-]{1,64})\])?'?\s*$/.exec(s);
  if (!m || (m[2] === undefined && !plain)) return null;
  return makeFrame(segment, line, s.indexOf(m[1]), m[1], {
    offset: m[2] === undefined ? null : Number(m[2]),
    module: m[3] === undefined || m[3] === 'kernel' ? null : m[3],
  });
}

/** A name alone on an indented line, as bcc's tools print a stack. Runs of them make a stack, one does not. */
export function isLoneName(text: string): boolean {
  if (text.charCodeAt(1) !== 32 || text.charCodeAt(0) !== 32) return false;
  return text.length < 200 && /^ {2,24}[a-z_][\w.]{2,150}\s*$/i.test(text);
}
