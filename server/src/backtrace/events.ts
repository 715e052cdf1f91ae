/** Tracepoints: TRACE_EVENT and its like make functions in header after header, which only the build brings together. */
import type { IndexReader } from '../index/read/reader.ts';
import { readTreeText } from '../index/treeFiles.ts';
import { domainOf } from '../kernel/domain.ts';
import { keptByTree } from '../resolve/kept.ts';

/** One tracepoint or class of tracepoints. Its place is the macro's use, 1-based. */
interface TraceEvent {
  name: string;
  /** the class that its functions are made by: its own name, but for DEFINE_EVENT */
  className: string;
  isClass: boolean;
  file: string;
  line: number;
  column: number;
}

/** The tracepoints of a tree. */
interface TraceEvents {
  /** by name; several drivers may have events of one name */
  events: Map<string, TraceEvent[]>;
  classes: Map<string, TraceEvent[]>;
}

const MADE =
  /^[ \t]*(TRACE_EVENT\w*|DEFINE_EVENT\w*|DECLARE_EVENT_CLASS\w*|DECLARE_TRACE\w*)[ \t]*\(\s*(\w+)\s*(?:,\s*(\w+))?/gm;

/** The same with the headers that they come from: one that stays as it was is not read again. */
interface KnownEvents extends TraceEvents {
  headers: Map<string, { id: number; made: Made[] }>;
}

/** An event, and which of the two lists it is in. */
interface Made {
  event: TraceEvent;
  isEvent: boolean;
}

const known = keptByTree<KnownEvents>((index, before) => {
  const all: KnownEvents = { events: new Map(), classes: new Map(), headers: new Map() };
  for (const { path, id } of index.files()) {
    if (!/trace[^/]*\.h$|\/trace\/.*\.h$/.test(path) || !domainOf(path).startsWith('kernel/')) continue;
    const old = before?.headers.get(path);
    const header = old?.id === id ? old : { id, made: readEvents(index, path) };
    all.headers.set(path, header);
    for (const { event, isEvent } of header.made) {
      if (!event.isClass) add(all.events, event.name, event);
      if (!isEvent) add(all.classes, event.className, event);
    }
  }
  return all;
});

/** Every tracepoint of a tree; the headers are read when it is first asked for. */
export const traceEvents = (index: IndexReader): TraceEvents => known(index);

function readEvents(index: IndexReader, path: string): Made[] {
  const text = readTreeText(index.root, path, 'latin1');
  if (text === null) return [];
  const made: Made[] = [];
  let line = 1;
  let at = 0;
  for (const m of text.matchAll(MADE)) {
    for (; at < m.index; at++) if (text.charCodeAt(at) === 10) line++;
    const [, macro, first, second] = m;
    const isEvent = macro.startsWith('DEFINE_EVENT');
    const isClass = macro.startsWith('DECLARE_EVENT_CLASS');
    const name = isEvent ? second : first;
    if (!name) continue;
    const column = m[0].length - m[0].trimStart().length + 1;
    const event: TraceEvent = { name, className: first, isClass, file: path, line, column };
    made.push({ event, isEvent });
  }
  return made;
}

function add(map: Map<string, TraceEvent[]>, name: string, event: TraceEvent): void {
  const list = map.get(name);
  if (list) list.push(event);
  else map.set(name, [event]);
}

const OF_EVENT = /^(?:trace_|__traceiter_)(\w+?)(?:_rcuidle)?$/;
const OF_CLASS =
  /^(?:trace_event_raw_event_|perf_trace_|trace_raw_output_|__bpf_trace_|trace_event_get_offsets_)(\w+)$/;

/** The tracepoint that makes a function: `trace_sched_switch`, `trace_event_raw_event_sched_switch`. */
export function eventsOfFunction(index: IndexReader, name: string): TraceEvent[] {
  const ofClass = OF_CLASS.exec(name);
  if (ofClass) return traceEvents(index).classes.get(ofClass[1]) ?? [];
  const ofEvent = OF_EVENT.exec(name);
  return ofEvent ? (traceEvents(index).events.get(ofEvent[1]) ?? []) : [];
}

/** Is a function one that a firing tracepoint calls? */
export const isProbeOf = (event: TraceEvent, name: string): boolean =>
  name === `__traceiter_${event.name}` || (OF_CLASS.test(name) && name.endsWith(`_${event.className}`));
