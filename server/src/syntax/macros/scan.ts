/** The #defines and #includes of a file by a scan of its bytes. */

import {
  armCondition,
  type Directive,
  isIncludeGuard,
  mayGuard,
  newConditionTracker,
  parseDirective,
  trackCondition,
} from '../conditions.ts';
import { COMMA, directiveEnd, Kind, PAREN_CLOSE, PAREN_OPEN, SEMICOLON, tokenize } from '../tokens.ts';
import { callbackNames } from './callbacks.ts';
import { isConstantBody, type MacroDefinition, parseDefine } from './definitions.ts';

/** An #include is no longer than a path can be: what is longer names no file. */
export const MAX_INCLUDE = 1000;

/** What a scan of a file finds. */
export interface HeaderMacros {
  file: string;
  macros: MacroDefinition[];
  /** files named by #include, as written: `"x.h"` or `<linux/x.h>` */
  includes: string[];
  /** names declared as pointers to functions: `int (*open)(struct inode *)` */
  callbacks: string[];
  /** the whole text, where the file is a list of macro calls to be #included with the macro defined anew each time */
  template: string | null;
  /** what its lines do one after the other, where names change their meaning on the way; see rereading.ts */
  steps?: ScanStep[];
}

/** A line of a header that names change by. */
export type ScanStep =
  /** a #define, by its index in `macros` */
  | { define: number }
  | { undef: string }
  /** an #include, as written */
  | { include: string };

const isBlank = (c: number) => c === 32 || c === 9;

/**
 * The #defines and #includes of one file, by a scan from `#` to `#`: no tokens, so that generated register headers
 * cost little more than reading them.
 */
export function scanMacros(file: string, bytes: Buffer): HeaderMacros {
  const scan: Scan = {
    file,
    macros: [],
    includes: [],
    tracker: newConditionTracker(),
    pendingGuard: null,
    first: true,
    undefined: new Set(),
    steps: [],
    changes: false,
  };
  for (let at = bytes.indexOf(35); at >= 0; at = bytes.indexOf(35, at + 1)) {
    let before = at - 1;
    while (before >= 0 && isBlank(bytes[before])) before--;
    if (before >= 0 && bytes[before] !== 10) continue;
    let word = at + 1;
    while (isBlank(bytes[word])) word++;
    if (bytes[word] === 100 /* define */ && !scan.pendingGuard && isPlainConstantDefine(bytes, word)) {
      scan.first = false;
      continue;
    }
    const end = directiveEnd(bytes, at);
    const directive = parseDirective(bytes.toString('latin1', at, end));
    at = end - 1;
    if (directive) takeDirective(scan, directive);
  }
  // but for a header that is made to be read again: its macros are for what it reads
  const rereads = scan.includes.some((i) => /^\w/.test(i));
  const isOver = rereads ? () => false : (name: string) => scan.undefined.has(name);
  const macros = scan.macros.filter(({ name }) => !isOver(name));
  return {
    file,
    macros,
    includes: scan.includes,
    callbacks: [...callbackNames(bytes)],
    template: isTemplate(bytes) ? bytes.toString('latin1') : null,
    ...((rereads || scan.changes) && { steps: stepsOf(scan, macros) }),
  };
}

/** A scan's steps, of the definitions those that are still there. */
function stepsOf(scan: Scan, macros: readonly MacroDefinition[]): ScanStep[] {
  const places = new Map(macros.map((macro, i) => [macro, i]));
  return scan.steps.flatMap((step): ScanStep[] => {
    if (!('body' in step)) return [step];
    const define = places.get(step);
    return define === undefined ? [] : [{ define }];
  });
}

/** A file on its way through the scan. */
interface Scan {
  file: string;
  macros: MacroDefinition[];
  includes: string[];
  tracker: ReturnType<typeof newConditionTracker>;
  /** an #if that may be the include guard: the next directive tells whether it is the include guard */
  pendingGuard: Directive | null;
  /** no directive has been seen yet */
  first: boolean;
  /** names that the header has taken back so far, whatever the configuration: nobody who includes it sees them */
  undefined: Set<string>;
  steps: (MacroDefinition | { undef: string } | { include: string })[];
  /** it takes a name back and defines it anew: `#undef DEFINE_EVENT`, `#define DEFINE_EVENT(…)` */
  changes: boolean;
}

function takeDirective(scan: Scan, directive: Directive): void {
  const { file, tracker } = scan;
  if (scan.pendingGuard) {
    trackCondition(tracker, scan.pendingGuard, isIncludeGuard(scan.pendingGuard, directive));
    scan.pendingGuard = null;
  }
  const { first } = scan;
  scan.first = false;
  if (mayGuard(directive, first)) scan.pendingGuard = directive;
  else if (directive.name === 'include') {
    if (directive.rest.length >= MAX_INCLUDE) return;
    scan.includes.push(directive.rest);
    scan.steps.push({ include: directive.rest });
  } else if (directive.name === 'undef') {
    const [undef] = directive.rest.split(/\s/, 1);
    scan.steps.push({ undef });
    if (armCondition(tracker.arms, tracker.current) === null) scan.undefined.add(undef);
  } else if (directive.name !== 'define') trackCondition(tracker, directive);
  else {
    const parsed = parseDefine(directive.rest);
    if (!parsed || tracker.arms[tracker.current].dead) return;
    if (parsed.params === null && isConstantBody(parsed.body)) return;
    const condition = armCondition(tracker.arms, tracker.current);
    if (scan.undefined.delete(parsed.name)) scan.changes = true;
    if (isBranchProfiling(condition)) return;
    const macro = { ...parsed, condition: conditionBesideProfiler(condition), file, pos: 0 };
    scan.macros.push(macro);
    scan.steps.push(macro);
  }
}

const MAX_TEMPLATE = 256 << 10;

/**
 * An "X-macro" header (linux/lsm_hook_defs.h, asm-generic/unistd.h): no include guard, nothing but `NAME(…)`. Where it is
 * #included inside a struct, a table or a file, its text makes members, elements or definitions there.
 */
function isTemplate(bytes: Buffer): boolean {
  if (bytes.length > MAX_TEMPLATE) return false;
  const text = bytes.toString('latin1');
  // a guard, or #includes of its own: no bare list (trace/events headers are such)
  if (
    defaultOf(text) === null &&
    /^[ \t]*#[ \t]*(?:pragma[ \t]+once|if[ \t]+(?:![ \t]*)?defined\w*[ \t]*(?:\([ \t]*)?_|ifndef[ \t]+_|include\b)/m.test(
      text,
    )
  )
    return false;
  const tokens = tokenize(bytes);
  let depth = 0;
  let calls = 0;
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kind[i];
    if (kind === Kind.Directive) continue;
    if (kind === PAREN_OPEN) depth++;
    else if (kind === PAREN_CLOSE) {
      if (--depth === 0) calls++;
    } else if (depth === 0 && kind !== SEMICOLON && kind !== COMMA) {
      if (kind !== Kind.Identifier || tokens.kind[i + 1] !== PAREN_OPEN) return false;
    }
    if (calls === 0 && i > 2000) return false;
  }
  return calls > 1 && depth === 0;
}

/**
 * The macro that a list of calls is made of, where the list itself says what it is for those who don't define it:
 * `#ifndef __SYSCALL`, `#define __SYSCALL(x, y)`. Null where it doesn't.
 */
export const defaultOf = (text: string): string | null =>
  /^[ \t]*#[ \t]*ifndef[ \t]+(\w+)[ \t]*\n[ \t]*#[ \t]*define[ \t]+\1\(/m.exec(text)?.[1] ?? null;

/** `#define NAME 0x…` on one line: skipped without making a string. `at` is where `define` starts. */
function isPlainConstantDefine(bytes: Buffer, at: number): boolean {
  let i = at + 6;
  while (isBlank(bytes[i])) i++;
  while (i < bytes.length && !isBlank(bytes[i]) && bytes[i] !== 10 && bytes[i] !== 40) i++;
  if (!isBlank(bytes[i])) return false;
  while (isBlank(bytes[i])) i++;
  return bytes[i] >= 48 && bytes[i] <= 57;
}

/** Does a file hold anything besides comments and preprocessor lines? Register headers, hundreds of megabytes, do not. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: hot, flat: one case for each byte that a line may begin with
export function isOnlyDirectives(bytes: Buffer): boolean {
  const n = bytes.length;
  for (let i = 0; i < n; ) {
    const c = bytes[i];
    if (c === 32 || (c >= 9 && c <= 13)) i++;
    else if (c === 35) {
      if (bytes[i + 1] === 100 && isPlainConstantDefine(bytes, i + 1)) {
        const eol = bytes.indexOf(10, i);
        // a comment may go on behind the line, a continuation too: rare, and then the slow way tells
        if (eol < 0) return true;
        if (bytes[eol - 1] !== 92 && !hasComment(bytes, i, eol)) {
          i = eol;
          continue;
        }
      }
      i = directiveEnd(bytes, i);
    } else if (c === 47 && bytes[i + 1] === 42) {
      const end = bytes.indexOf('*/', i + 2, 'latin1');
      if (end < 0) return true;
      i = end + 2;
    } else if (c === 47 && bytes[i + 1] === 47) {
      const eol = bytes.indexOf(10, i);
      if (eol < 0) return true;
      i = eol;
    } else return false;
  }
  return true;
}

function hasComment(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] === 47) return true;
  return false;
}

/** The same profiler's arm of `likely` and its kin, where every test of the kernel calls the profiler. */
const BRANCH_PROFILING = /^\W*(?:defined\W+)?CONFIG_(?:TRACE_BRANCH_PROFILING|PROFILE_ALL_BRANCHES)\b/;

/** Is this the condition of that arm? Its definitions are left out: nobody reads a kernel as the profiler has it. */
export const isBranchProfiling = (condition: string | null): boolean =>
  condition !== null && !condition.startsWith('!') && BRANCH_PROFILING.test(condition);

/** The condition of a definition; the arm that is left beside the profiler's has none. */
const conditionBesideProfiler = (condition: string | null): string | null =>
  condition?.startsWith('!') && BRANCH_PROFILING.test(condition) ? null : condition;
