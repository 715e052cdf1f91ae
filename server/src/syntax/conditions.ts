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
}

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
  if (text.includes('/*') || text.includes('//'))
    text = text.replace(/"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?(?:\*\/|$)|\/\/.*/g, (m) => (m[0] === '"' ? m : ' '));
  return text;
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
export type KnownValues = ReadonlyMap<string, string | null>;

/** `true`/`false` for an expression that is fixed in every kernel compile, or by the known values; else null. */
function fixedValue(expression: string, values: KnownValues | null): boolean | null {
  if (/^\(?\s*0\s*\)?$/.test(expression)) return false;
  if (/^\(?\s*1\s*\)?$/.test(expression)) return true;
  const m = /^(!?)\s*defined\s*\(?\s*(\w+)\s*\)?$/.exec(expression);
  if (m && m[2] in FIXED) return FIXED[m[2]] !== (m[1] === '!');
  return values ? conditionValue(expression, values) : null;
}

/** What an #if expression comes to when some names' values are known; null where that does not settle it. */
export function conditionValue(expression: string, values: KnownValues): boolean | null {
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

/** Follows the #if structure of one file, directive by directive. */
export interface ConditionTracker {
  arms: Arm[];
  /** arm of whatever comes next */
  current: number;
  /** per open group: what the arms before the current one asked for */
  open: { first: number; earlier: string[]; taken: boolean; outer: number }[];
  values: KnownValues | null;
}

export function newConditionTracker(values: KnownValues | null = null): ConditionTracker {
  return { arms: [{ parent: -1, condition: '', group: 0, ordinal: 0, dead: false }], current: 0, open: [], values };
}

function pushArm(
  tracker: ConditionTracker,
  parent: number,
  group: number,
  ordinal: number,
  own: string,
  earlier: string[],
) {
  const { values } = tracker;
  const known = own === '' ? true : fixedValue(own, values);
  const parts = earlier.filter((e) => fixedValue(e, values) === null).map(negate);
  if (own !== '' && known === null) parts.push(own.includes('||') && parts.length ? `(${own})` : own);
  const dead = tracker.arms[parent].dead || known === false || earlier.some((e) => fixedValue(e, values) === true);
  tracker.arms.push({ parent, condition: parts.join(' && '), group, ordinal, dead });
  tracker.current = tracker.arms.length - 1;
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
  const { name, rest } = directive;
  if (name === 'if' || name === 'ifdef' || name === 'ifndef') {
    const word = /^\w+/.exec(rest)?.[0] ?? '';
    const own = isGuard ? '' : name === 'if' ? tidy(rest) : name === 'ifdef' ? `defined(${word})` : `!defined(${word})`;
    const first = tracker.arms.length;
    tracker.open.push({ first, earlier: [own], taken: false, outer: tracker.current });
    pushArm(tracker, tracker.current, first, 0, own, []);
    return 'open';
  }
  if (name === 'elif' || name === 'else' || name === 'elifdef' || name === 'elifndef') {
    const group = tracker.open.at(-1);
    if (!group) return null;
    const own =
      name === 'else' ? '' : name === 'elif' ? tidy(rest) : `${name === 'elifdef' ? '' : '!'}defined(${rest})`;
    pushArm(tracker, group.outer, group.first, group.earlier.length, own, group.earlier);
    group.earlier.push(own);
    return 'next';
  }
  if (name === 'endif') {
    const group = tracker.open.pop();
    if (!group) return null;
    tracker.current = group.outer;
    return 'close';
  }
  return null;
}

function tidy(expression: string): string {
  return expression
    .replace(/\s+/g, ' ')
    .replace(/defined\s*\(\s*(\w+)\s*\)/g, 'defined($1)')
    .replace(/defined (\w+)/g, 'defined($1)')
    .trim();
}

/** The whole condition of an arm, its outer arms included; null when it is always there. */
export function armCondition(arms: readonly Arm[], arm: number): string | null {
  const parts: string[] = [];
  for (let a = arm; a > 0; a = arms[a].parent) if (arms[a].condition) parts.unshift(arms[a].condition);
  if (!parts.length) return null;
  return parts.length === 1 ? parts[0] : parts.map((p) => (p.includes('||') ? `(${p})` : p)).join(' && ');
}

/** Is the #ifndef `name`, the file's first directive, its include guard (the next line defines it)? */
export function isIncludeGuard(directive: Directive, next: Directive | null): boolean {
  const word = directive.name === 'ifndef' ? directive.rest : /^!\s*defined\s*\(?\s*(\w+)/.exec(directive.rest)?.[1];
  return word !== undefined && next?.name === 'define' && next.rest.split(/[\s(]/, 1)[0] === word.split(/\s/, 1)[0];
}

export interface Conditions {
  arms: Arm[];
  /** arm of each token */
  arm: Int32Array;
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
    if (firstDirective && (directive.name === 'ifndef' || directive.name === 'if')) {
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
  return { arms: tracker.arms, arm };
}
