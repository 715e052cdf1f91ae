/** What a function's body calls, in order, macros seen through: the steps that a backtrace may have taken. */

import { calleesIn } from '../../facts/calls.ts';
import type { FileFacts, FunctionFact } from '../../facts/types.ts';
import { type Cache, newCache } from '../../index/cache.ts';
import { dispatchesOf } from '../../index/link/calls.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { isForDebugging } from '../../kernel/idioms.ts';
import { eventsOfFunction } from '../../resolve/names/events.ts';
import type { FunctionPlace } from '../../resolve/names/functionPlaces.ts';
import { firstTokenOf, openSources, type SourceFile, type SourceFiles } from '../../resolve/sourceFiles.ts';
import type { World } from '../../resolve/world.ts';
import { isStatementWord, isTypeWord } from '../../syntax/declarations.ts';
import { expand } from '../../syntax/macros/expand.ts';
import { type MacroDefinition, type MacroView, macroBody, type Tok } from '../../syntax/macros/macros.ts';
import {
  AMPERSAND,
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  COMMA,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  QUESTION,
  SEMICOLON,
  STAR,
  type Tokens,
  tokenText,
} from '../../syntax/tokens.ts';

/** One call in a body. */
export interface BodyCall {
  /**
   * `argument`: a function handed to the call that it stands in; `event`: a tracepoint fires; `syscall`: the build puts
   * a call of every system call here
   */
  kind: 'call' | 'member' | 'pointer' | 'argument' | 'event' | 'syscall';
  /** the function, the member or the pointer */
  name: string;
  /** of a member: the struct that owns it, '' where it isn't known */
  owner: string;
  /** as a compiler's line table has it: a macro's tokens stand where the macro is used */
  line: number;
  /** share of the body that stands in front of it, 0 to 1 */
  at: number;
  /** nothing is done behind it: a compiler may jump instead of calling */
  tail: boolean;
  /** it stands where control seldom comes: behind `unlikely(…)` */
  cold: boolean;
  /** its block leaves the function early */
  leaves: boolean;
  /** of a pointer that is given a member's value in this body: that member */
  member: string;
  /** a pointer that is patched into the code: `static_call(name)(…)` */
  patched: boolean;
  /** arguments that are a name alone, '' for the others */
  args: string[];
}

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
  /** `__always_inline` */
  always: boolean;
  /** `noinline` and its like, `__weak` */
  never: boolean;
  /** `__sched`: /proc/PID/stack passes over it */
  scheduling: boolean;
  /** compiled only where some option is off */
  unusual: boolean;
  /** compiled only in kernels that are built to find faults */
  debugging: boolean;
  /** ftrace can't come in at its start: `notrace`, `noinstr` */
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
  const reader: Reader = {
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

interface Reader {
  index: IndexReader;
  sources: SourceFiles;
  architecture: string;
  /** macros that lead to no call */
  boring: WeakMap<MacroDefinition, boolean>;
  /** whether a name may be a function */
  functions: Cache<string, boolean>;
  /** struct of each member that a file calls: by `function:member`, and by `function:member:line` */
  ownersOf(path: string): Map<string, string>;
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

function readBody(reader: Reader, place: FunctionPlace): Body | null {
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
    inline: fact.inline || head.has('inline') || head.has('__inline') || head.has('nokprobe_inline'),
    always: head.has('__always_inline') || head.has('__no_kcsan_or_inline'),
    never: [...head].some((word) => NEVER.test(word)),
    scheduling: head.has('__sched'),
    unusual: fact.condition !== null && WITHOUT_OPTION.test(fact.condition),
    debugging: isForDebugging(fact.condition),
    notrace: [...head].some((word) => NOTRACE.test(word)),
    params: fact.macro ? null : fact.params.map((p) => p.name),
  };
}

/** What a tracepoint's function does: it calls the probes. */
function eventBody(reader: Reader, place: FunctionPlace): Body | null {
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

/** A body's tokens, macros expanded, and the words in front of the function's name. */
interface BodyText {
  head: Set<string>;
  toks: Tok[];
  open: number;
  /** tokens before expansion */
  size: number;
}

/** Does the function's name stand in the text as a definition has it, not as an argument of a macro? */
function isWritten(tokens: Tokens, fact: FunctionFact): boolean {
  if (fact.macro) return false;
  const at = nameToken(tokens, fact);
  const before = tokens.kind[at - 1];
  return tokens.kind[at + 1] === PAREN_OPEN && before !== PAREN_OPEN && before !== COMMA;
}

/** The token of a function's name in its line; the first behind that line where the text has none. */
function nameToken(tokens: Tokens, fact: FunctionFact): number {
  let at = firstTokenOf(tokens, fact.line);
  while (at < tokens.count && tokens.line[at] === fact.line && tokenText(tokens, at) !== fact.name) at++;
  return at;
}

function writtenBody(reader: Reader, source: SourceFile, macros: MacroView, fact: FunctionFact): BodyText | null {
  const { tokens } = source;
  const span = spanOf(tokens, fact);
  if (!span) return null;
  const plain = plainToks(source, span.from, span.to);
  const size = plain.length;
  return {
    head: headWords(tokens, fact),
    toks: expanded(reader, macros, plain),
    open: tokens.line[span.from - 1],
    size,
  };
}

/** A function that a macro makes: its body is in the macro's expansion, the last one's may be in the text behind. */
function madeBody(reader: Reader, source: SourceFile, macros: MacroView, fact: FunctionFact): BodyText | null {
  const { tokens } = source;
  const from = firstTokenOf(tokens, fact.line);
  let to = from;
  let depth = 0;
  for (; to < tokens.count; to++) {
    const k = tokens.kind[to];
    if (k === PAREN_OPEN || k === BRACE_OPEN) depth++;
    else if (k === PAREN_CLOSE || k === BRACE_CLOSE) {
      depth--;
      if (depth === 0 && tokens.line[to] >= fact.endLine && (k === BRACE_CLOSE || tokens.kind[to + 1] !== BRACE_OPEN))
        break;
    } else if (k === SEMICOLON && depth === 0) break;
  }
  const toks = expanded(reader, macros, plainToks(source, from, Math.min(to + 1, tokens.count)));
  for (let i = 0; i + 1 < toks.length; i++) {
    if (toks[i].text !== fact.name || toks[i + 1].kind !== PAREN_OPEN) continue;
    let open = closing(toks, i + 1) + 1;
    while (toks[open]?.kind === Kind.Identifier) open++;
    if (toks[open]?.kind !== BRACE_OPEN) continue;
    const head = new Set<string>();
    for (let h = i - 1; h >= 0 && i - h < 12 && toks[h].kind === Kind.Identifier; h--) head.add(toks[h].text);
    const end = closingBrace(toks, open);
    return { head, toks: toks.slice(open + 1, end), open: toks[open].pos, size: end - open };
  }
  return null;
}

/** Kernels that people run have most options on. */
const WITHOUT_OPTION = /!\s*(?:defined|IS_ENABLED)\(CONFIG_/;
const NOTRACE = /^(?:notrace|noinstr|no_instrument_function|__always_inline)$/;
const NEVER = /^(?:noinline\w*|__noinline|noinstr|__weak|__noclone|__naked)$/;

/** Words of a function's head in front of its name. */
function headWords(tokens: Tokens, fact: FunctionFact): Set<string> {
  const words = new Set<string>();
  const at = nameToken(tokens, fact);
  for (let i = Math.min(at, tokens.count - 1); i >= 0 && at - i < 20; i--) {
    const k = tokens.kind[i];
    if (k === SEMICOLON || k === BRACE_CLOSE || k === Kind.Directive) break;
    if (k === Kind.Identifier && i < at) words.add(tokenText(tokens, i));
  }
  return words;
}

/** Tokens of the body between its braces; null where the text has none there. */
function spanOf(tokens: Tokens, fact: FunctionFact): { from: number; to: number } | null {
  let at = nameToken(tokens, fact);
  let depth = 0;
  for (; at < tokens.count && tokens.line[at] <= fact.endLine; at++) {
    const k = tokens.kind[at];
    if (k === PAREN_OPEN) depth++;
    else if (k === PAREN_CLOSE) depth--;
    else if (k === SEMICOLON && depth === 0) return null;
    else if (k === BRACE_OPEN && depth === 0) break;
  }
  if (at >= tokens.count || tokens.kind[at] !== BRACE_OPEN) return null;
  let to = at + 1;
  while (to < tokens.count && tokens.line[to] <= fact.endLine) to++;
  while (to > at + 1 && tokens.kind[to - 1] !== BRACE_CLOSE) to--;
  return { from: at + 1, to: to - 1 };
}

const NOT_CALLED = new Set(['sizeof', 'typeof', '__typeof__', '__alignof__', 'offsetof', 'defined', '_Static_assert']);

/** Tokens of a file's part. Here a token's place is its line: nothing else is asked of it. */
function plainToks({ tokens, conditions }: SourceFile, from: number, to: number): Tok[] {
  const toks: Tok[] = [];
  const tok = (kind: number, text: string, pos: number): Tok => ({
    kind,
    text,
    pos,
    macro: false,
    arm: 0,
    condition: null,
    plain: false,
  });
  for (let i = from; i < to; i++) {
    if (conditions.arms[conditions.arm[i]].dead) continue;
    if (tokens.kind[i] !== Kind.Directive) toks.push(tok(tokens.kind[i], tokenText(tokens, i), tokens.line[i]));
    else if (SYSTEM_CALL_LIST.test(tokens.text.slice(tokens.start[i], tokens.end[i])))
      // the build writes `case n: return __x64_sys_read(regs);` for every system call
      toks.push(tok(Kind.Identifier, SYSTEM_CALLS, tokens.line[i]));
  }
  return toks;
}

const SYSTEM_CALL_LIST = /<asm\/syscalls?_\w+\.h>/;
const SYSTEM_CALLS = '<system calls>';

function expanded(reader: Reader, macros: MacroView, toks: Tok[]): Tok[] {
  gatherMacroArguments(toks, macros);
  return expand(toks, { macros, keep: (macro) => isBoring(reader, macros, macro, 0) }).toks;
}

function callsOf(reader: Reader, path: string, facts: FileFacts, fact: FunctionFact, toks: readonly Tok[]): BodyCall[] {
  const pointers = new Set<string>(fact.params.map((p) => p.name));
  const n = facts.functions.indexOf(fact);
  for (const s of facts.sites) if (s.function === n && s.kind === 'pointer') pointers.add(s.name);
  const members = assignedMembers(toks, pointers);
  const macros = reader.sources.macros(path, reader.architecture);
  const calls: BodyCall[] = [];
  const owners = reader.ownersOf(path);
  const size = Math.max(1, toks.length);
  const isVoid = fact.returnType === 'void';
  const { cold, asm, leaves } = spansOf(toks);
  const isNothing = (name: string) => {
    const macro = isFunction(reader, name) ? null : macros.lookup(name, 0);
    return macro !== null && isBoring(reader, macros, macro, 0);
  };
  const add = (i: number, kind: BodyCall['kind'], name: string, more: Partial<BodyCall>) =>
    calls.push({
      ...{ kind, name, owner: '', line: toks[i].pos, at: i / size, tail: false, member: '', patched: false, args: [] },
      cold: cold[i] === 1,
      leaves: leaves[i] === 1,
      ...more,
    });
  let depth = 0;
  for (let i = 0; i < toks.length; i++) {
    const { kind, text } = toks[i];
    if (text === SYSTEM_CALLS) add(i, 'syscall', '', { at: 0.5, tail: true });
    if (kind === Kind.String && asm[i] === 1 && toks[i - 1]?.kind !== Kind.String)
      for (const name of calledInAssembly(toks, i)) add(i, 'call', name, {});
    if (kind === PAREN_CLOSE) depth--;
    else if (kind === Kind.Identifier && depth > 0 && isHandedOn(reader, toks, i) && !pointers.has(text))
      add(i, 'argument', text, {});
    if (kind !== PAREN_OPEN) continue;
    depth++;
    const callee = i > 0 && asm[i] === 0 ? calleeBefore(reader, toks, i, pointers) : null;
    if (!callee) continue;
    add(i, callee.kind, callee.name, {
      line: callee.line,
      owner: callee.kind === 'member' ? ownerOf(owners, fact.name, callee) : '',
      tail: isTail(toks, callee.start, i, isVoid, isNothing),
      member: callee.kind === 'pointer' ? (members.get(callee.name) ?? '') : '',
      patched: toks[callee.start].text.startsWith('static_call'),
      args: callee.kind === 'call' ? namesIn(toks, i) : [],
    });
  }
  return calls;
}

/** Functions that an asm statement calls; `__put_user_*` where an operand's size ends the name. */
function* calledInAssembly(toks: readonly Tok[], from: number): Iterable<string> {
  let text = '';
  for (let i = from; toks[i]?.kind === Kind.String; i++) text += toks[i].text.slice(1, -1);
  for (const m of text.matchAll(/\bcall[lq]?\s+([A-Za-z_]\w*)(%?)/g)) yield m[2] ? `${m[1]}*` : m[1];
}

/** Members whose values locals are given: `action` for `void (*fn)(…) = h->action;`. Locals are added to `pointers`. */
function assignedMembers(toks: readonly Tok[], pointers: Set<string>): Map<string, string> {
  const out = new Map<string, string>();
  for (let i = 1; i + 1 < toks.length; i++) {
    if (toks[i].kind !== ASSIGN) continue;
    let left = i - 1;
    // `void (*fn)(int) = …`
    if (toks[left].kind === PAREN_CLOSE) {
      const open = openingOf(toks, left);
      if (open < 2 || toks[open - 1].kind !== PAREN_CLOSE) continue;
      left = open - 2;
    }
    const before = toks[left - 1]?.kind;
    if (toks[left].kind !== Kind.Identifier || before === Kind.Arrow || before === DOT) continue;
    const { text } = toks[left];
    pointers.add(text);
    let last = '';
    for (let j = i + 1; j < toks.length && toks[j].kind !== SEMICOLON && j < i + 40; j++) {
      const selects = toks[j - 1].kind === Kind.Arrow || toks[j - 1].kind === DOT;
      if (toks[j].kind === Kind.Identifier && selects && toks[j + 1]?.kind !== Kind.Arrow) last = toks[j].text;
    }
    if (last && !out.has(text)) out.set(text, last);
  }
  return out;
}

/** The arguments of the call whose `(` is at `open`, as far as they are names. */
function namesIn(toks: readonly Tok[], open: number): string[] {
  const out: string[] = [];
  const end = closing(toks, open);
  let depth = 0;
  let from = open + 1;
  for (let i = open + 1; i <= end && i < toks.length; i++) {
    const { kind } = toks[i];
    if (i === end || (depth === 0 && kind === COMMA)) {
      const first = toks[from]?.kind === AMPERSAND ? from + 1 : from;
      out.push(i - first === 1 && toks[first].kind === Kind.Identifier ? toks[first].text : '');
      from = i + 1;
    } else if (kind === PAREN_OPEN || kind === BRACE_OPEN) depth++;
    else if (kind === PAREN_CLOSE || kind === BRACE_CLOSE) depth--;
  }
  return out;
}

const ownerOf = (owners: Map<string, string>, fn: string, { name, line }: Callee): string =>
  owners.get(`${fn}:${name}:${line}`) ?? owners.get(`${fn}:${name}`) ?? owners.get(name) ?? '';

/** A function's name that is an argument: `f` in `kthread_run(f, …)`. */
function isHandedOn(reader: Reader, toks: readonly Tok[], i: number): boolean {
  const before = toks[i - 1]?.kind;
  const after = toks[i + 1]?.kind;
  if (before !== PAREN_OPEN && before !== COMMA && before !== AMPERSAND) return false;
  return (after === COMMA || after === PAREN_CLOSE) && isFunction(reader, toks[i].text);
}

/** A macro's arguments stand, for a debugger, where the macro's name does. */
function gatherMacroArguments(toks: Tok[], macros: MacroView): void {
  for (let i = 0; i + 1 < toks.length; i++) {
    if (toks[i].kind !== Kind.Identifier || toks[i + 1].kind !== PAREN_OPEN) continue;
    const end = closing(toks, i + 1);
    if (toks[end] === undefined || toks[end].pos === toks[i].pos) continue;
    if (!macros.lookup(toks[i].text, 0)?.params) continue;
    for (let j = i + 1; j <= end; j++) toks[j].pos = toks[i].pos;
  }
}

function closing(toks: readonly Tok[], open: number): number {
  let depth = 0;
  for (let i = open; i < toks.length; i++) {
    if (toks[i].kind === PAREN_OPEN) depth++;
    else if (toks[i].kind === PAREN_CLOSE && --depth === 0) return i;
  }
  return toks.length;
}

function openingOf(toks: readonly Tok[], close: number): number {
  const [open, shut] = toks[close].kind === PAREN_CLOSE ? [PAREN_OPEN, PAREN_CLOSE] : [BRACKET_OPEN, BRACKET_CLOSE];
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    if (toks[i].kind === shut) depth++;
    else if (toks[i].kind === open && --depth === 0) return i;
  }
  return -1;
}

/** Does a macro lead to no call of anything, so that it may stay as it is? */
function isBoring(reader: Reader, macros: MacroView, macro: MacroDefinition, depth: number): boolean {
  const known = reader.boring.get(macro);
  if (known !== undefined) return known;
  reader.boring.set(macro, true);
  // some configuration has a macro in the function's place
  if (macro.params && isOwnFunction(reader, macro.name)) return true;
  const verdict = depth > 12 || !leadsToCall(reader, macros, macro, depth);
  reader.boring.set(macro, verdict);
  return verdict;
}

const isOwnFunction = ({ index, architecture }: Reader, name: string): boolean =>
  index
    .names(name)
    .some(
      (p) =>
        p.kind === NameKind.Function &&
        (p.flags & NameFlag.Static) === 0 &&
        sameDomain('kernel/*', domainOf(index.pathOf(p.file)), architecture),
    );

function leadsToCall(reader: Reader, macros: MacroView, macro: MacroDefinition, depth: number): boolean {
  // compilers' hints and calls that are patched in: their names say more than their text
  if (/^_*(?:un)?likely(?:_notrace)?$|^static_call(?:_cond|_mod)?$/.test(macro.name)) return false;
  if (/__compiletime_error|__attribute__\s*\(\(error|_Static_assert/.test(macro.body)) return false;
  if (/^_*(?:compiletime_assert|BUILD_BUG)/i.test(macro.name)) return false;
  if (/"call /.test(macro.body)) return true;
  const body = macroBody(macro);
  for (let i = 0; i < body.length; i++) {
    const tok = body[i];
    if (tok.kind === Kind.Paste) return true;
    if (tok.kind !== Kind.Identifier) continue;
    if (macro.params?.includes(tok.text)) {
      // a callee, or a statement handed in
      if (body[i + 1]?.kind === PAREN_OPEN || body[i + 1]?.kind === SEMICOLON) return true;
      continue;
    }
    const before = body[i - 1]?.kind;
    if (before === Kind.Arrow || before === DOT) {
      if (body[i + 1]?.kind === PAREN_OPEN) return true;
      continue;
    }
    if (NOT_CALLED.has(tok.text) || isTypeWord(tok.text) || isStatementWord(tok.text)) continue;
    const called = body[i + 1]?.kind === PAREN_OPEN;
    if (called && isFunction(reader, tok.text)) return true;
    const inner = macros.lookup(tok.text, 0);
    if (inner && !isBoring(reader, macros, inner, depth + 1)) return true;
    if (body.length === 1 && isFunction(reader, tok.text)) return true;
  }
  return false;
}

/** May a name be a function of the kernel's? */
function isFunction({ index, architecture, functions }: Reader, name: string): boolean {
  return functions.get(
    name,
    () =>
      index
        .names(name)
        .some(
          (p) =>
            (p.kind === NameKind.Function ||
              p.kind === NameKind.Label ||
              (p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0)) &&
            sameDomain('kernel/*', domainOf(index.pathOf(p.file)), architecture),
        ) || eventsOfFunction(index, name).length > 0,
  );
}

type Callee = Pick<BodyCall, 'kind' | 'name' | 'line'> & { start: number };

/** What is called by the `(` at `open`; null where it is no call. */
function calleeBefore(
  reader: Reader,
  toks: readonly Tok[],
  open: number,
  pointers: ReadonlySet<string>,
): Callee | null {
  let p = open - 1;
  const { kind } = toks[p];
  if (kind === BRACKET_CLOSE) {
    p = openingOf(toks, p) - 1;
    if (p < 0 || toks[p].kind !== Kind.Identifier) return null;
    return throughName(toks, p);
  }
  if (kind === PAREN_CLOSE) {
    const inner = openingOf(toks, p);
    if (inner < 0) return null;
    const before = toks[inner - 1];
    if (before && /^static_call(?:_cond|_mod)?$/.test(before.text) && toks[inner + 1].kind === Kind.Identifier)
      return { kind: 'pointer', name: toks[inner + 1].text, line: before.pos, start: inner - 1 };
    // `if (x) (…)`, `f(x)(y)`; a cast has a type in it
    if (before?.kind === Kind.Identifier) return null;
    let last = p - 1;
    while (last > inner && toks[last].kind === PAREN_CLOSE) last--;
    if (toks[last].kind === STAR || toks[last].kind !== Kind.Identifier) return null;
    if (isTypeWord(toks[last].text) || /_t$/.test(toks[last].text) || isTypeWord(toks[inner + 1].text)) return null;
    const named = toks[last - 1].kind;
    if (named !== Kind.Arrow && named !== DOT && named !== STAR && !pointers.has(toks[last].text)) return null;
    return throughName(toks, last);
  }
  if (kind !== Kind.Identifier) return null;
  const { text } = toks[p];
  if (isTypeWord(text) || isStatementWord(text) || NOT_CALLED.has(text)) return null;
  if (
    /^(?:__builtin_(?:expect|constant|choose|types|offset)\w*|__?asm\w*|asm|__attribute\w*|if|while|for|switch)$/.test(
      text,
    )
  )
    return null;
  const before = toks[p - 1]?.kind;
  if (before === Kind.Arrow || before === DOT) return throughName(toks, p);
  if (pointers.has(text)) return throughName(toks, p);
  if (isFunction(reader, text)) return { kind: 'call', name: text, line: toks[p].pos, start: p };
  return null;
}

function throughName(toks: readonly Tok[], p: number): Callee {
  const before = toks[p - 1]?.kind;
  let start = p;
  while (start > 1 && (toks[start - 1].kind === Kind.Arrow || toks[start - 1].kind === DOT)) {
    let q = start - 2;
    if (toks[q].kind === PAREN_CLOSE || toks[q].kind === BRACKET_CLOSE) {
      q = openingOf(toks, q);
      if (q > 0 && toks[q - 1].kind === Kind.Identifier) q--;
    }
    if (q < 0) break;
    start = q;
  }
  const place = { name: toks[p].text, line: toks[start].pos, start };
  return { kind: before === Kind.Arrow || before === DOT ? 'member' : 'pointer', ...place };
}

/**
 * Is nothing done behind the call? `return f(x);`, `r = f(x); … return r;` with only other arms in between, or a last
 * statement of a function that returns nothing.
 */
function isTail(
  toks: readonly Tok[],
  start: number,
  open: number,
  isVoid: boolean,
  isNothing: (name: string) => boolean,
): boolean {
  const close = closing(toks, open);
  if (endsReturn(toks, start, close)) return true;
  if (toks[close + 1]?.kind !== SEMICOLON) return false;
  const before = toks[start - 1];
  if (before?.kind === Kind.Identifier && before.text === 'return') return true;
  const result = before?.kind === ASSIGN && toks[start - 2]?.kind === Kind.Identifier ? toks[start - 2].text : null;
  const statement = before === undefined || STATEMENT_STARTS.has(before.kind) || before.text === 'else';
  if (result === null && !(isVoid && statement)) return false;
  let i = close + 2;
  while (i < toks.length) {
    if (toks[i].kind === BRACE_CLOSE) i++;
    else if (toks[i].kind === Kind.Identifier && toks[i + 1]?.kind === COLON) i += 2;
    else if (toks[i].text === 'else') i = behindStatement(toks, i + 1);
    else if (toks[i].kind === Kind.Identifier && toks[i + 1]?.kind === PAREN_OPEN && isNothing(toks[i].text))
      i = behindStatement(toks, i);
    else break;
  }
  if (i >= toks.length) return result === null;
  if (toks[i].text !== 'return') return false;
  return result === null || (toks[i + 1]?.text === result && toks[i + 2]?.kind === SEMICOLON);
}

/** `return a ? f(x) : g(x);`: either call is the last. */
function endsReturn(toks: readonly Tok[], start: number, close: number): boolean {
  const after = toks[close + 1]?.kind;
  if (after !== SEMICOLON && after !== COLON) return false;
  const before = toks[start - 1];
  if (before?.kind !== COLON && before?.kind !== QUESTION) return false;
  for (let i = start - 1; i >= 0 && i > start - 40; i--) {
    if (toks[i].kind === SEMICOLON || toks[i].kind === BRACE_OPEN || toks[i].kind === BRACE_CLOSE) return false;
    if (toks[i].text === 'return') return true;
  }
  return false;
}

const STATEMENT_STARTS = new Set<number>([SEMICOLON, BRACE_OPEN, BRACE_CLOSE, PAREN_CLOSE]);

/** Index behind the statement that starts at `i`, as far as braces, `if` and `;` tell. */
function behindStatement(toks: readonly Tok[], i: number): number {
  if (toks[i]?.kind === BRACE_OPEN) return closingBrace(toks, i) + 1;
  if (toks[i]?.text === 'if' && toks[i + 1]?.kind === PAREN_OPEN) {
    const end = behindStatement(toks, closing(toks, i + 1) + 1);
    return toks[end]?.text === 'else' ? behindStatement(toks, end + 1) : end;
  }
  while (i < toks.length && toks[i].kind !== SEMICOLON) i++;
  return i + 1;
}

/** Marks tokens behind `if (unlikely(…))`, operands of assembly, and blocks that leave the function before its end. */
function spansOf(toks: readonly Tok[]): { cold: Uint8Array; asm: Uint8Array; leaves: Uint8Array } {
  const cold = new Uint8Array(toks.length);
  const asm = new Uint8Array(toks.length);
  const leaves = new Uint8Array(toks.length);
  for (let i = 0; i + 1 < toks.length; i++) {
    const { text } = toks[i];
    if (text === 'asm' || text === '__asm__' || text === '__asm') {
      let open = i + 1;
      while (toks[open]?.kind === Kind.Identifier) open++;
      if (toks[open]?.kind === PAREN_OPEN) asm.fill(1, open, closing(toks, open));
    }
    if (text === 'case' || text === 'default') markLeaving(toks, i, leaves);
    if (text !== 'if' || toks[i + 1].kind !== PAREN_OPEN) continue;
    const close = closing(toks, i + 1);
    const isUnlikely =
      toks[i + 2]?.text === 'unlikely' || (toks[i + 2]?.text === '__builtin_expect' && toks[close - 2]?.text === '0');
    let end = close + 1;
    if (toks[end]?.kind === BRACE_OPEN) end = closingBrace(toks, end);
    else while (end < toks.length && toks[end].kind !== SEMICOLON) end++;
    if (isUnlikely) cold.fill(1, close, end);
    if (toks[i + 2]?.text !== 'likely' && leavesAtEnd(toks, close + 1, end) && end + 3 < toks.length)
      leaves.fill(1, close, end);
  }
  return { cold, asm, leaves };
}

/** Does the last statement of [from, end) return or jump away? */
function leavesAtEnd(toks: readonly Tok[], from: number, end: number): boolean {
  let i = end - 1;
  if (toks[i]?.kind === SEMICOLON) i--;
  for (; i >= from; i--) {
    const { kind, text } = toks[i];
    if (text === 'return' || text === 'goto') return true;
    if (kind === SEMICOLON || kind === BRACE_OPEN || kind === BRACE_CLOSE) return false;
  }
  return false;
}

function markLeaving(toks: readonly Tok[], from: number, leaves: Uint8Array): void {
  let depth = 0;
  for (let i = from + 1; i < toks.length && depth >= 0; i++) {
    const { kind, text } = toks[i];
    if (kind === BRACE_OPEN) depth++;
    else if (kind === BRACE_CLOSE) depth--;
    else if (depth === 0 && (text === 'case' || text === 'default' || text === 'break')) return;
    else if (depth === 0 && text === 'goto') {
      leaves.fill(1, from, i);
      return;
    }
  }
}

function closingBrace(toks: readonly Tok[], open: number): number {
  let depth = 0;
  for (let i = open; i < toks.length; i++) {
    if (toks[i].kind === BRACE_OPEN) depth++;
    else if (toks[i].kind === BRACE_CLOSE && --depth === 0) return i;
  }
  return toks.length;
}
