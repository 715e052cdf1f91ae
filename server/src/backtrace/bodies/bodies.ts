/** What a function's body calls, in order, macros seen through: the steps that a backtrace may have taken. */

import { calleesIn } from '../../facts/calls.ts';
import type { FileFacts, FunctionFact } from '../../facts/types.ts';
import { newCache } from '../../index/cache.ts';
import { dispatchesOf } from '../../index/link/calls.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { isForDebugging } from '../../kernel/idioms.ts';
import { openSources, type SourceFiles } from '../../resolve/sourceFiles.ts';
import type { World } from '../../resolve/world.ts';
import { eventsOfFunction } from '../events.ts';
import type { FunctionPlace } from '../functions/functionPlaces.ts';
import { callsOf } from './bodyCalls.ts';
import type { BodyReader } from './bodyReader.ts';
import { isWritten, madeBody, SYSTEM_CALL_LIST, writtenBody } from './bodyTokens.ts';
import type { BodyCall } from './callees.ts';

/** A function's body. */
export interface Body {
  calls: BodyCall[];
  /** number of tokens as written */
  size: number;
  line: number;
  /** line of the `{` */
  open: number;
  endLine: number;
  static: boolean;
  inline: boolean;
  /** the compiler has to inline it */
  always: boolean;
  /** the compiler can't inline it */
  never: boolean;
  /** in .sched.text, which /proc/PID/stack passes over */
  scheduling: boolean;
  /** compiled only where some option is off */
  unusual: boolean;
  /** compiled only in kernels that are built to find faults */
  debugging: boolean;
  /** ftrace can't come in at its start */
  notrace: boolean;
  /** names of its parameters; null where they aren't known */
  params: string[] | null;
}

/** Bodies of an index's functions, read when asked for. */
export interface Bodies {
  index: IndexReader;
  sources: SourceFiles;
  architecture: string;
  /** null where the tree has no body for it */
  body(place: FunctionPlace): Body | null;
  /** how often a file's functions call each name; a member is written `->name`, a function of the file itself `name()` */
  callCounts(path: string): Map<string, number>;
  /** does the build put a call of every system call into a function of the file? */
  dispatchesSystemCalls(path: string): boolean;
}

/** Calls that are kept of bodies, some 300 bytes each, and names of files that call or own them. */
const MAX_CALLS = 100_000;
const MAX_NAMES = 100_000;

/** Opens the bodies of an index; nothing is read yet. */
export function openBodies(world: World): Bodies {
  const { index, architecture } = world;
  const sources = openSources(index);
  const bodies = newCache<string, Body | null>(MAX_CALLS, (body) => (body?.calls.length ?? 0) + 5);
  const owners = newCache<string, Map<string, string>>(MAX_NAMES, (names) => names.size + 5);
  const counts = newCache<string, Map<string, number>>(MAX_NAMES, (names) => names.size + 5);
  const reader: BodyReader = {
    index,
    sources,
    architecture,
    boring: new WeakMap(),
    functions: newCache(20_000),
    ownersOf: (path) => owners.get(path, () => ownersOf(index, path)),
  };
  return {
    index,
    sources,
    architecture,
    body: (place) => bodies.get(`${place.file}:${place.line}:${place.name}`, () => readBody(reader, place)),
    callCounts: (path) => counts.get(path, () => countCalls(index.facts(path))),
    dispatchesSystemCalls: (path) => index.facts(path)?.includes.some((i) => SYSTEM_CALL_LIST.test(i)) ?? false,
  };
}

function countCalls(facts: FileFacts | null): Map<string, number> {
  const counts = new Map<string, number>();
  for (const calls of facts?.calls ?? [])
    for (const name of calleesIn(calls)) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { name } of facts?.functions ?? []) counts.set(`${name}()`, 1);
  for (const { kind, name } of facts?.sites ?? [])
    if (kind === 'call') counts.set(`->${name}`, (counts.get(`->${name}`) ?? 0) + 1);
  return counts;
}

function ownersOf(index: IndexReader, path: string): Map<string, string> {
  const out = new Map<string, string>();
  const facts = index.facts(path);
  if (!facts) return out;
  for (const d of dispatchesOf(facts, index.typesFor(facts))) {
    if (d.evidence !== 'typed') continue;
    out.set(`${d.function}:${d.member}:${d.line}`, d.owner);
    out.set(`${d.function}:${d.member}`, d.owner);
    if (!out.has(d.member)) out.set(d.member, d.owner);
  }
  return out;
}

/** The function that a place means, in the facts of its file. */
export function functionFactOf(index: IndexReader, place: FunctionPlace): FunctionFact | null {
  const facts = index.facts(place.file);
  const known = facts?.functions[place.index];
  if (known?.name === place.name && known.line === place.line) return known;
  return facts?.functions.find((f) => f.name === place.name && f.line === place.line) ?? null;
}

function readBody(reader: BodyReader, place: FunctionPlace): Body | null {
  const event = place.macro || place.kind === 'event' ? eventBody(reader, place) : null;
  if (event) return event;
  if (place.kind !== 'function') return null;
  const facts = reader.index.facts(place.file);
  const fact = functionFactOf(reader.index, place);
  const source = reader.sources.file(place.file);
  if (!facts || !fact || !source) return null;
  const macros = reader.sources.macros(place.file, reader.architecture);
  const found = isWritten(source.tokens, fact)
    ? writtenBody(reader, source, macros, fact)
    : madeBody(reader, source, macros, fact);
  if (!found) return null;
  const { head, toks, open, size } = found;
  return {
    calls: callsOf(reader, source.path, facts, fact, toks),
    size,
    line: fact.line,
    open,
    endLine: fact.endLine,
    static: fact.static,
    inline: fact.inline || head.has('inline'),
    always: head.has('always_inline'),
    never: NEVER.some((word) => head.has(word)),
    scheduling: head.has('".sched.text"'),
    unusual: fact.condition !== null && WITHOUT_OPTION.test(fact.condition),
    debugging: isForDebugging(fact.condition),
    notrace: NOTRACE.some((word) => head.has(word)),
    params: fact.macro ? null : fact.params.map((p) => p.name),
  };
}

/** What a tracepoint's function does: it calls the probes. */
function eventBody(reader: BodyReader, place: FunctionPlace): Body | null {
  const event = eventsOfFunction(reader.index, place.name).find((e) => e.file === place.file && e.line === place.line);
  if (!event) return null;
  const call = {
    owner: '',
    line: place.line,
    at: 0.5,
    tail: false,
    cold: false,
    leaves: false,
    member: '',
    patched: false,
    args: [],
  };
  const calls: BodyCall[] = place.name.startsWith('__traceiter_')
    ? [{ kind: 'pointer', name: 'it_func', ...call }]
    : place.name === `trace_${event.name}`
      ? [{ kind: 'event', name: event.name, ...call }]
      : [];
  const { line } = place;
  const inline = place.name.startsWith('trace_') && !event.isClass;
  return {
    calls,
    size: 40,
    line,
    open: line,
    endLine: line,
    static: inline,
    inline,
    always: false,
    never: false,
    scheduling: false,
    unusual: false,
    debugging: false,
    notrace: false,
    params: null,
  };
}

/** Kernels that people run have most options on. */
const WITHOUT_OPTION = /!\s*(?:defined|IS_ENABLED)\(CONFIG_/;
/** Attributes of compilers; the kernel's `notrace` is one of the first three. */
const NOTRACE = ['no_instrument_function', 'patchable_function_entry', 'hotpatch', 'always_inline'];
const NEVER = ['noinline', 'noclone', 'weak', 'naked'];
