/** One file on its way to facts: its tokens, its #if arms, the macros it sees. */

import { type Arm, armCondition, type Conditions, findConditions } from './conditions.ts';
import { callbackNames } from './macros/callbacks.ts';
import { isConstantBody, type MacroDefinition, type OwnDefinition, parseDefine } from './macros/definitions.ts';
import type { MacroKnowledge } from './macros/knowledge.ts';
import type { Instance } from './macros/parameters.ts';
import { MAX_INCLUDE } from './macros/scan.ts';
import { templateAt } from './macros/templates.ts';
import { type MacroView, macroView, workFor } from './macros/view.ts';
import { withoutDepths } from './nesting.ts';
import { Kind, type Tokens, tokenize, tokenText } from './tokens.ts';
import type { Tok } from './toks.ts';

/** Byte offset of a token, of the last for one that lies behind it; of what a macro makes, that of the macro's use. */
export function posOf({ tokens, origin }: Source, token: number): number {
  const i = token < tokens.count ? token : tokens.count - 1;
  return origin ? origin[i].pos : tokens.start[i];
}

/** A file, or what an expansion makes of a part of it, ready to be read. */
export interface Source {
  path: string;
  tokens: Tokens;
  conditions: Conditions;
  macros: MacroView;
  /** every #define of the file, constants included */
  defines: { name: string; params: string[] | null; pos: number; body: string; arm: number }[];
  includes: string[];
  /** tokens of headers that are #included as a list of macro calls, by the directive's token */
  templates: Map<number, Tok[]>;
  /** for tokens out of an expansion: what each token came from; null for the file's own text */
  origin: Tok[] | null;
  /** byte offset of each line's start */
  lineStarts: Int32Array;
  /** a limit was hit: something of the text was left out */
  cut: boolean;
}

/** No more of a file is read than this: the longest of a kernel that holds more than #defines has 1.7 MB. */
const MAX_TEXT = 8 << 20;

function findLineStarts(text: string, lines: number): Int32Array {
  const starts = new Int32Array(lines + 1);
  let n = 1;
  for (let at = text.indexOf('\n'); at >= 0 && n <= lines; at = text.indexOf('\n', at + 1)) starts[n++] = at + 1;
  return starts.subarray(0, n);
}

/** Reads a file, or one instance of a header with parameters. */
export function readSource(
  path: string,
  bytes: Buffer,
  knowledge: MacroKnowledge,
  instance: Instance | null = null,
): Source {
  const whole = tokenize(bytes.length > MAX_TEXT ? bytes.subarray(0, MAX_TEXT) : bytes);
  const shallow = withoutDepths(whole);
  const tokens = shallow ?? whole;
  const own: OwnDefinition[] = instance ? [...instance.definitions] : [];
  const defines: Source['defines'] = [];
  const includes: string[] = [];
  const templates = new Map<number, Tok[]>();
  const conditions: Conditions = findConditions(
    tokens,
    (token, directive, arm) => {
      const pos = tokens.start[token];
      if (directive.name === 'define') {
        const parsed = parseDefine(directive.rest);
        if (!parsed) return;
        const nameAt = indexWithin(tokens.text, parsed.name, pos + 7, tokens.end[token]);
        defines.push({
          name: parsed.name,
          params: parsed.params,
          pos: nameAt < 0 ? pos : nameAt,
          body: parsed.body,
          arm,
        });
        if (parsed.params === null && isConstantBody(parsed.body)) return;
        own.push({ ...parsed, condition: null, file: path, pos, arm } as MacroDefinition & { arm: number });
      } else if (directive.name === 'undef') own.push({ name: directive.rest.split(/\s/, 1)[0], undef: true, pos });
      else if (directive.name === 'include' && directive.rest.length < MAX_INCLUDE) {
        includes.push(directive.rest);
        const template = templateAt(knowledge, { path, own, pos, arm }, directive.rest);
        if (!template) return;
        templates.set(token, template.toks);
        own.push(...template.definitions);
      }
    },
    instance?.values,
  );
  for (const def of own) {
    if (!('arm' in def)) continue;
    const arm = def.arm as number;
    (def as MacroDefinition).condition = armCondition(conditions.arms, arm);
  }
  const live = own.filter((d) => !('arm' in d) || !conditions.arms[d.arm as number].dead);
  const macros = macroView(knowledge, path, live, includes, callbackNames(bytes));
  macros.work.left = workFor(bytes.length);
  return {
    path,
    tokens,
    conditions,
    macros,
    defines,
    includes,
    templates,
    origin: null,
    lineStarts: findLineStarts(tokens.text, tokens.lines),
    cut: shallow !== null || conditions.cut || bytes.length > MAX_TEXT,
  };
}

/** Where a word stands in [from, to) of a text, or -1; a search that fails looks no further. */
function indexWithin(text: string, word: string, from: number, to: number): number {
  const at = text.slice(from, to).indexOf(word);
  return at < 0 ? -1 : from + at;
}

const NONE = new Int32Array(0);

/** 0, 1, 2 …: places of tokens that have none of their own, shared by all expansions. */
let counting = new Int32Array(0);

function countingTo(n: number): Int32Array {
  if (counting.length < n) counting = Int32Array.from({ length: 2 * n }, (_, i) => i);
  return counting;
}

/**
 * A source made of expanded tokens, so that what a macro defines is cut into pieces like a file's own text. Each token
 * stands on a line of its own.
 */
export function expandedSource(outer: Source, toks: Tok[]): Source {
  const n = toks.length;
  // who looks one token ahead finds nothing there
  const kind = new Uint8Array(n + 1);
  const arm = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    kind[i] = toks[i].kind;
    arm[i] = toks[i].arm;
  }
  const places = countingTo(n + 1);
  return {
    ...outer,
    tokens: {
      text: '',
      words: toks,
      count: n,
      kind,
      start: places,
      end: places,
      line: places,
      hash: NONE,
      docs: [],
      lines: 1,
    },
    conditions: { ...outer.conditions, arm },
    origin: toks,
  };
}

/** 1-based line and byte column of a byte offset. */
export function placeOf(source: Source, pos: number): { line: number; column: number } {
  const starts = source.lineStarts;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (starts[mid] <= pos) low = mid;
    else high = mid - 1;
  }
  return { line: low + 1, column: pos - starts[low] + 1 };
}

/** Which arms of the #ifs inside a run of tokens to take: all of them together, or one of each. */
type ArmChoice = 'all' | 'first' | 'last';

/** Tokens [from, to) without directives and dead arms. */
export function sliceToks(source: Source, from: number, to: number, choice: ArmChoice = 'all'): Tok[] {
  const { tokens, conditions, origin } = source;
  const { arms, arm } = conditions;
  const chosen =
    choice === 'all' || origin || !hasDirective(tokens, from, to) ? null : chooseArms(source, from, to, choice);
  const out: Tok[] = [];
  for (let i = from; i < to; i++) {
    if (tokens.kind[i] === Kind.Directive) {
      const template = origin ? undefined : source.templates.get(i);
      if (template && !arms[arm[i]].dead) for (const tok of template) out.push(tok);
      continue;
    }
    const a = arm[i];
    if (arms[a].dead || (chosen && !chosen(a))) continue;
    if (origin) out.push(origin[i]);
    else
      out.push({
        kind: tokens.kind[i],
        text: tokenText(tokens, i),
        pos: tokens.start[i],
        macro: false,
        arm: a,
        condition: null,
        plain: tokens.kind[i] === Kind.Identifier && !source.macros.mayBe(tokens.hash[i]),
      });
  }
  return out;
}

const hasDirective = (tokens: Tokens, from: number, to: number): boolean => {
  for (let i = from; i < to; i++) if (tokens.kind[i] === Kind.Directive) return true;
  return false;
};

/** A test for "this arm is the chosen one of every #if group that has an arm inside the run, but not around it". */
function chooseArms(source: Source, from: number, to: number, choice: 'first' | 'last'): (arm: number) => boolean {
  const { arms, arm } = source.conditions;
  let outer = arm[from];
  for (let i = from; i < to; i++)
    while (outer > 0 && arm[i] !== outer && !isAncestor(arms, outer, arm[i])) outer = arms[outer].parent;
  const live = liveArms(arms);
  const verdicts = new Map<number, boolean>();
  const test = (a: number): boolean => {
    if (a <= 0 || a === outer || isAncestor(arms, a, outer)) return true;
    const known = verdicts.get(a);
    if (known !== undefined) return known;
    const siblings = live.get(arms[a].group) ?? [];
    const wanted = choice === 'first' ? siblings[0] : siblings.at(-1);
    const verdict = wanted === arms[a] && test(arms[a].parent);
    verdicts.set(a, verdict);
    return verdict;
  };
  return test;
}

const liveOf = new WeakMap<readonly Arm[], Map<number, Arm[]>>();

/** The arms of each group that are not dead; worked out once, as every function with an #if in its head asks. */
function liveArms(arms: readonly Arm[]): Map<number, Arm[]> {
  let live = liveOf.get(arms);
  if (live) return live;
  live = new Map();
  for (const a of arms) {
    if (a.dead || a.parent < 0) continue;
    const group = live.get(a.group);
    if (group) group.push(a);
    else live.set(a.group, [a]);
  }
  liveOf.set(arms, live);
  return live;
}

function isAncestor(arms: readonly Arm[], a: number, of: number): boolean {
  for (let x = of; x > 0; x = arms[x].parent) if (x === a) return true;
  return false;
}

/** Condition a token stands under: of its #if arm and of the macro it comes from. */
export function conditionOf(source: Source, tok: Tok): string | null {
  const own = tok.arm === 0 ? null : armCondition(source.conditions.arms, tok.arm);
  if (tok.condition === null) return own;
  return own === null || own.includes(tok.condition) ? (own ?? tok.condition) : `${own} && ${tok.condition}`;
}
