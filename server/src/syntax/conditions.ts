/**
 * Which #if arm each token stands in. Both arms of every #if are kept; only an arm that no C compile of a kernel can
 * ever see (`#if 0`, assembly, C++) is dead.
 */
import { Kind, type Tokens } from './tokens.ts';

/** One arm of an #if group. Arm 0 is the file itself. */
export interface Arm {
  parent: number;
  /** what must hold for this arm alone, in #if syntax; '' when it is always there */
  condition: string;
  /** which #if … #endif it belongs to: the index of the group's first arm */
  group: number;
  /** 0 for #if, 1 for the first #elif or #else … */
  ordinal: number;
  dead: boolean;
  /** see `armCondition`; worked out once */
  whole?: string | null;
}

/** A preprocessor line. */
export interface Directive {
  /** `define`, `include`, `if` … */
  name: string;
  /** the text behind the name, comments and line continuations taken out, trimmed */
  rest: string;
}

const DIRECTIVE = /^#[ \t]*([a-z_]+)/;

/** Text of a preprocessor line without comments and continuations. */
export function plainDirectiveText(text: string): string {
  if (text.includes('\\\n') || text.includes('\\\r')) text = text.replace(/\\\r?\n/g, ' ');
  return text.includes('/*') || text.includes('//') ? withoutComments(text) : text;
}

/** Puts a blank in the place of each comment; what stands in a string is none. */
function withoutComments(text: string): string {
  let out = '';
  let from = 0;
  /** up to where no string closes: what begins inside one that never closes does not either */
  let open = 0;
  const mark = /"|\/\*|\/\//g;
  for (let m = mark.exec(text); m; m = mark.exec(text)) {
    const at = m.index;
    if (m[0] === '"') {
      if (at < open) continue;
      const end = stringEnd(text, at);
      if (end > 0) mark.lastIndex = end;
      else open = -end;
      continue;
    }
    out += `${text.slice(from, at)} `;
    if (m[0] === '//') {
      from = at + 2;
      while (from < text.length && !isLineEnd(text.charCodeAt(from))) from++;
    } else {
      const close = text.indexOf('*/', at + 2);
      from = close < 0 ? text.length : close + 2;
    }
    mark.lastIndex = from;
  }
  return out + text.slice(from);
}

const isLineEnd = (c: number): boolean => c === 10 || c === 13 || c === 0x2028 || c === 0x2029;

/** End of the string that opens at `at`; where it is never closed, the negative of where that is clear. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) return i + 1;
    if (c === 92 && (++i >= text.length || isLineEnd(text.charCodeAt(i)))) return -i;
  }
  return -text.length;
}

/** Name and rest of a preprocessor line; null for a lone `#` or something else that is no directive. */
export function parseDirective(text: string): Directive | null {
  const plain = plainDirectiveText(text);
  const m = DIRECTIVE.exec(plain);
  return m ? { name: m[1], rest: plain.slice(m[0].length).trim() } : null;
}

/** Names whose value is the same for every C file of a kernel: they make an arm dead or unconditional. */
const FIXED: Record<string, boolean> = {
  __KERNEL__: true,
  __ASSEMBLY__: false,
  __ASSEMBLER__: false,
  __cplusplus: false,
  __GENKSYMS__: false,
  __CHECKER__: false,
  __LINKER__: false,
};

/** Texts of macros that are known where a file is read; null: known not to be defined there. */
type KnownValues = ReadonlyMap<string, string | null>;

/** `true`/`false` for an expression that is fixed in every kernel compile, or by the known values; else null. */
function fixedValue(expression: string, values: KnownValues | null): boolean | null {
  if (/^\(?\s*0\s*\)?$/.test(expression)) return false;
  if (/^\(?\s*1\s*\)?$/.test(expression)) return true;
  const m = /^(!?)\s*defined\s*\(?\s*(\w+)\s*\)?$/.exec(expression);
  if (m && m[2] in FIXED) return FIXED[m[2]] !== (m[1] === '!');
  return values ? conditionValue(expression, values) : null;
}

/** What an #if expression comes to when some names' values are known; null where that does not settle it. */
function conditionValue(expression: string, values: KnownValues): boolean | null {
  for (const [operator, settles] of [
    ['||', true],
    ['&&', false],
  ] as const) {
    const parts = expression.split(operator);
    if (parts.length === 1) continue;
    // inside parentheses it binds otherwise
    if (parts.some((p) => (p.match(/\(/g)?.length ?? 0) !== (p.match(/\)/g)?.length ?? 0))) return null;
    const results = parts.map((p) => conditionValue(p, values));
    if (results.includes(settles)) return settles;
    return results.includes(null) ? null : !settles;
  }
  const test = /^\s*(!?)\s*defined\s*\(?\s*(\w+)\s*\)?\s*$/.exec(expression);
  if (test) {
    const value = values.get(test[2]);
    return value === undefined ? null : (value !== null) !== (test[1] === '!');
  }
  const m = /^\s*(\w+)\s*(?:(==|!=|<=|>=|<|>)\s*(\w+)\s*)?$/.exec(expression);
  if (!m || !values.has(m[1])) return null;
  const left = numberOf(m[1], values);
  const right = m[2] ? numberOf(m[3], values) : 0;
  if (left === null || right === null) return null;
  return COMPARE[m[2] ?? '!='](left, right);
}

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
};

/** An integer, or a name that stands for one; a name that is not defined is 0, as the preprocessor has it. */
function numberOf(word: string, values: KnownValues, depth = 0): number | null {
  if (/^(?:0[xX][\da-fA-F]+|\d+)[uUlL]*$/.test(word)) return Number(word.replace(/[uUlL]+$/, ''));
  const value = values.get(word);
  if (value === undefined || depth > 8) return null;
  return value === null ? 0 : numberOf(value.trim(), values, depth + 1);
}

/** The opposite of a condition. */
export function negate(expression: string): string {
  return /^!?(\w+|defined\(\w+\))$/.test(expression)
    ? expression.startsWith('!')
      ? expression.slice(1)
      : `!${expression}`
    : `!(${expression})`;
}

/** An #if … #endif that is open. */
interface OpenGroup {
  first: number;
  /** arms so far */
  count: number;
  /** the opposites of what the arms before the current one asked for, where that is not fixed */
  negated: string[];
  /** one of them is always taken */
  taken: boolean;
  outer: number;
}

/** Follows the #if structure of one file, directive by directive. */
interface ConditionTracker {
  arms: Arm[];
  /** arm of whatever comes next */
  current: number;
  /** null: one in so many others that its arms are not told from what is around it */
  open: (OpenGroup | null)[];
  values: KnownValues | null;
  /** a limit was hit: conditions are less than whole */
  cut: boolean;
}

/** #ifs in each other, and arms before one, whose conditions are told; a kernel's files have 6 and 17. */
const MAX_LEVELS = 40;
const MAX_EARLIER = 60;

/** A tracker at the start of a file; `values` are what is known of macros there. */
export function newConditionTracker(values: KnownValues | null = null): ConditionTracker {
  const arms = [{ parent: -1, condition: '', group: 0, ordinal: 0, dead: false }];
  return { arms, current: 0, open: [], values, cut: false };
}

function pushArm(tracker: ConditionTracker, group: OpenGroup, own: string): void {
  const { values, arms } = tracker;
  const { outer, first, count, negated } = group;
  const known = own === '' ? true : fixedValue(own, values);
  const parts = [...negated];
  if (own !== '' && known === null) parts.push(own.includes('||') && parts.length ? `(${own})` : own);
  const dead = arms[outer].dead || known === false || group.taken;
  arms.push({ parent: outer, condition: parts.join(' && '), group: first, ordinal: count, dead });
  tracker.current = arms.length - 1;
  group.count++;
  // what an #else of its own would have to say, if it were not the last
  const value = fixedValue(own, values);
  group.taken ||= value === true;
  if (value !== null) return;
  if (negated.length < MAX_EARLIER) negated.push(negate(own));
  else tracker.cut = true;
}

/**
 * Takes one directive into account. `isGuard` tells that an #ifndef is the file's include guard, which is no
 * condition. Returns what kind of step it was.
 */
export function trackCondition(
  tracker: ConditionTracker,
  directive: Directive,
  isGuard = false,
): 'open' | 'next' | 'close' | null {
  const { name } = directive;
  if (name === 'if' || name === 'ifdef' || name === 'ifndef') {
    if (tracker.open.length >= MAX_LEVELS) {
      tracker.open.push(null);
      tracker.cut = true;
      return 'open';
    }
    const { arms, current } = tracker;
    const group: OpenGroup = { first: arms.length, count: 0, negated: [], taken: false, outer: current };
    tracker.open.push(group);
    pushArm(tracker, group, isGuard ? '' : askedBy(directive));
    return 'open';
  }
  if (name === 'elif' || name === 'else' || name === 'elifdef' || name === 'elifndef') {
    const group = tracker.open.at(-1);
    if (!group) return group === null ? 'next' : null;
    pushArm(tracker, group, askedBy(directive));
    return 'next';
  }
  if (name === 'endif') {
    const group = tracker.open.pop();
    if (group) tracker.current = group.outer;
    return group === undefined ? null : 'close';
  }
  return null;
}

/** What an #if, an #elif or one of their kin asks for, in #if syntax; '' for #else. */
function askedBy({ name, rest }: Directive): string {
  switch (name) {
    case 'if':
    case 'elif':
      return tidy(rest);
    case 'else':
      return '';
    case 'elifdef':
      return `defined(${rest})`;
    case 'elifndef':
      return `!defined(${rest})`;
    default:
      return `${name === 'ifndef' ? '!' : ''}defined(${/^\w+/.exec(rest)?.[0] ?? ''})`;
  }
}

/** The longest condition that is told; a kernel's longest has 810 characters. */
const MAX_TEXT = 1000;

const clip = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} …` : text);

function tidy(expression: string): string {
  return clip(expression)
    .replace(/\s+/g, ' ')
    .replace(/defined\s*\(\s*(\w+)\s*\)/g, 'defined($1)')
    .replace(/defined (\w+)/g, 'defined($1)')
    .trim();
}

/** The whole condition of an arm, its outer arms included; null when it is always there. */
export function armCondition(arms: readonly Arm[], arm: number): string | null {
  if (arm <= 0) return null;
  const known = arms[arm].whole;
  if (known !== undefined) return known;
  const parts: string[] = [];
  for (let a = arm; a > 0; a = arms[a].parent) if (arms[a].condition) parts.unshift(arms[a].condition);
  const whole =
    parts.length > 1 ? parts.map((p) => (p.includes('||') ? `(${p})` : p)).join(' && ') : (parts[0] ?? null);
  arms[arm].whole = whole && clip(whole);
  return arms[arm].whole ?? null;
}

/**
 * May an #if be a file's include guard: its first directive, or one that lets the file be read again, as trace headers
 * are: `#if !defined(_TRACE_X_H) || defined(TRACE_HEADER_MULTI_READ)`?
 */
export const mayGuard = ({ name, rest }: Directive, isFirst: boolean): boolean =>
  isFirst ? name === 'ifndef' || name === 'if' : name === 'if' && REREAD.test(rest);

const REREAD = /^!\s*defined\b[\s(\w)]+\|\|\s*defined\b/;

/** Is such an #if the include guard: does the next line define its name? */
export function isIncludeGuard(directive: Directive, next: Directive | null): boolean {
  const word = directive.name === 'ifndef' ? directive.rest : /^!\s*defined\s*\(?\s*(\w+)/.exec(directive.rest)?.[1];
  return word !== undefined && next?.name === 'define' && next.rest.split(/[\s(]/, 1)[0] === word.split(/\s/, 1)[0];
}

/** The #if structure of one file. */
export interface Conditions {
  arms: Arm[];
  /** arm of each token */
  arm: Int32Array;
  /** a limit was hit: conditions are less than whole */
  cut: boolean;
}

/**
 * The arm of every token of a file. `onDirective` sees each directive in order, with the arm it stands in. Arms that
 * `values` rule out are dead.
 */
export function findConditions(
  tokens: Tokens,
  onDirective: (token: number, directive: Directive, arm: number) => void,
  values: KnownValues | null = null,
): Conditions {
  const tracker = newConditionTracker(values);
  const arm = new Int32Array(tokens.count);
  let firstDirective = true;
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.kind[i] !== Kind.Directive) {
      arm[i] = tracker.current;
      continue;
    }
    const directive = parseDirective(tokens.text.slice(tokens.start[i], tokens.end[i]));
    arm[i] = tracker.current;
    if (!directive) continue;
    let guard = false;
    if (mayGuard(directive, firstDirective)) {
      let j = i + 1;
      while (j < tokens.count && tokens.kind[j] !== Kind.Directive) j++;
      guard =
        j < tokens.count &&
        isIncludeGuard(directive, parseDirective(tokens.text.slice(tokens.start[j], tokens.end[j])));
    }
    firstDirective = false;
    trackCondition(tracker, directive, guard);
    onDirective(i, directive, arm[i]);
  }
  return { arms: tracker.arms, arm, cut: tracker.cut };
}
