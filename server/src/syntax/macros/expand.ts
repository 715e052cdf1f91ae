/** The C preprocessor's macro expansion: `#`, `##`, nesting, variadics, hide sets by nesting. */

import { withoutDeepToks } from '../nesting.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COMMA,
  HASH,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
} from '../tokens.ts';
import { type Tok, toksOf } from '../toks.ts';
import { type MacroDefinition, replacementOf } from './definitions.ts';
import type { MacroView } from './view.ts';

/** A runaway expansion (nested min()/max() grow by powers) stops here; the rest stays unexpanded and the result says so. */
const MAX_TOKENS = 40_000;

/** What to expand, and what to leave as it stands. */
export interface ExpandOptions {
  macros: MacroView;
  /** macros to leave as they stand; `use` is the name's token */
  keep?: (macro: MacroDefinition, args: Tok[][] | null, use: Tok) => boolean;
  /** leave the bodies of functions that a macro defines unexpanded: who reads a body expands what it needs */
  lazyBodies?: boolean;
  /** collects the names of the macros expanded: what the result depends on */
  used?: Set<string>;
}

/** What an expansion came to. */
interface Expansion {
  toks: Tok[];
  /** false: a limit was hit and the rest stands unexpanded */
  complete: boolean;
}

interface Frame {
  toks: Tok[];
  at: number;
  macro: string | null;
}

/**
 * Expands `input` fully. Tokens out of macro bodies get the position of the outermost macro's use. What all expansions in
 * a file may cost together is bounded, too: a short text can ask for any number of them.
 */
export function expand(input: Tok[], options: ExpandOptions): Expansion {
  const { work } = options.macros;
  if (work.left < 0) return { toks: input, complete: false };
  const budget: Budget = { left: MAX_TOKENS, depth: 0, work };
  const { toks, complete } = expandWithin(input, options, new Set(), budget);
  const shallow = toks === input ? toks : withoutDeepToks(toks);
  return { toks: shallow, complete: complete && shallow === toks };
}

/** What all nested expansions of one call may still make. */
interface Budget {
  left: number;
  /** arguments in arguments */
  depth: number;
  /** see MacroView */
  work: { left: number };
}

/** Arguments in arguments that are expanded. */
const MAX_DEPTH = 250;

/** Index of the first token that may be a macro's use; the end where there is none. */
function firstMacro(input: readonly Tok[], macros: MacroView): number {
  let i = 0;
  while (i < input.length && (input[i].kind !== Kind.Identifier || !macros.find(input[i]))) i++;
  return i;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: hot: one loop over a stack of frames, whose state its steps would hand to and fro
function expandWithin(input: Tok[], options: ExpandOptions, hidden: ReadonlySet<string>, budget: Budget): Expansion {
  const { macros, used, keep, lazyBodies } = options;
  const start = lazyBodies ? 0 : firstMacro(input, macros);
  if (start === input.length) return { toks: input, complete: true };
  if (budget.depth > MAX_DEPTH) return { toks: input, complete: false };
  const out = input.slice(0, start);
  let frame: Frame = { toks: input, at: start, macro: null };
  const frames: Frame[] = [frame];
  const active = new Set<string>(hidden);
  let complete = true;

  const push = (toks: Tok[], macro: string | null) => {
    frame = { toks, at: 0, macro };
    frames.push(frame);
  };
  const next = (): Tok | null => {
    for (;;) {
      if (frame.at < frame.toks.length) return frame.toks[frame.at++];
      if (frames.length === 1) return null;
      if (frame.macro) active.delete(frame.macro);
      frames.pop();
      frame = frames[frames.length - 1];
    }
  };
  const peekIsParen = (): boolean => {
    for (let f = frames.length - 1; f >= 0; f--) {
      const { toks, at } = frames[f];
      if (at < toks.length) return toks[at].kind === PAREN_OPEN;
    }
    return false;
  };

  let body = 0;
  let initialiser = false;
  for (let tok = next(); tok; tok = next()) {
    if (tok.kind !== Kind.Identifier) {
      if (lazyBodies) {
        if (body > 0) body += tok.kind === BRACE_OPEN ? 1 : tok.kind === BRACE_CLOSE ? -1 : 0;
        else if (tok.kind === ASSIGN) initialiser = true;
        else if (tok.kind === SEMICOLON) initialiser = false;
        else if (tok.kind === BRACE_OPEN && !initialiser && out.at(-1)?.kind === PAREN_CLOSE) body = 1;
      }
      out.push(tok);
      continue;
    }
    const macro = body > 0 ? null : macros.find(tok);
    if (!macro || active.has(tok.text)) {
      out.push(tok);
      continue;
    }
    if (budget.left < 0 || budget.work.left < 0 || frames.length > 200) {
      complete = false;
      out.push(tok);
      continue;
    }
    if (macro.params === null) {
      if (keep?.(macro, null, tok)) {
        out.push(tok);
        continue;
      }
      used?.add(macro.name);
      active.add(macro.name);
      const placed = place(macro, tok, macros);
      budget.left -= placed.length;
      budget.work.left -= placed.length;
      push(placed, macro.name);
      continue;
    }
    // an argument that ends in a body is expanded before anybody sees the body
    if (!peekIsParen() || (lazyBodies && isStatements(macro))) {
      out.push(tok);
      continue;
    }
    const taken: Tok[] = [];
    const args = readArguments(next, taken);
    budget.work.left -= taken.length;
    if (!args || keep?.(macro, args, tok)) {
      // not a whole call, or one to keep: its parts still stand for themselves
      out.push(tok);
      push(taken, null);
      continue;
    }
    used?.add(macro.name);
    const replaced = substitute(macro, args, tok, options, active, budget);
    budget.left -= replaced.length;
    budget.work.left -= replaced.length;
    active.add(macro.name);
    push(replaced, macro.name);
  }
  return { toks: out, complete };
}

/** `({ … })`, `do { … } while (0)`: nothing that stands outside a body. */
const isStatements = ({ body }: MacroDefinition): boolean => /^(?:\(|do)\s*\{/.test(body);

/** Reads `( … )` up to the matching parenthesis; null where it never closes. `taken` gets every token read. */
function readArguments(next: () => Tok | null, taken: Tok[]): Tok[][] | null {
  const args: Tok[][] = [];
  let current: Tok[] = [];
  let depth = 0;
  // C splits arguments at commas outside parentheses only: braces and brackets do not protect a comma
  let parens = 0;
  for (let tok = next(); tok; tok = next()) {
    taken.push(tok);
    const { kind } = tok;
    if (kind === PAREN_OPEN || kind === BRACKET_OPEN || kind === BRACE_OPEN) {
      if (depth++ === 0) continue;
      if (kind === PAREN_OPEN) parens++;
    } else if (kind === PAREN_CLOSE || kind === BRACKET_CLOSE || kind === BRACE_CLOSE) {
      if (--depth === 0) {
        args.push(current);
        return args;
      }
      if (kind === PAREN_CLOSE) parens--;
    } else if (kind === COMMA && (depth === 1 || parens === 0)) {
      args.push(current);
      current = [];
      parens = 0;
      continue;
    }
    current.push(tok);
    if (taken.length > MAX_TOKENS) return null;
  }
  return null;
}

/** A token of a macro's replacement, as it stands where the macro is used. */
const placeTok = (tok: Tok, use: Tok, condition: string | null, plain: boolean): Tok => ({
  kind: tok.kind,
  text: tok.text,
  pos: use.pos,
  macro: true,
  arm: use.arm,
  condition,
  plain,
});

function place(macro: MacroDefinition, use: Tok, macros: MacroView): Tok[] {
  const { toks, hashes } = replacementOf(macro);
  const condition = both(use.condition, macro.condition);
  const out: Tok[] = [];
  for (let i = 0; i < toks.length; i++) out.push(placeTok(toks[i], use, condition, !macros.mayBe(hashes[i])));
  return out;
}

/** A longer condition tells nobody anything. */
const MAX_CONDITION = 200;

/** Two conditions as one, without what both say. */
export function both(a: string | null, b: string | null): string | null {
  if (a === null || a === b) return b;
  if (b === null || a.length > MAX_CONDITION || a.includes(b)) return a;
  const wrap = (c: string) => (c.includes('||') ? `(${c})` : c);
  if (!b.includes(' && ') || b.includes('||') || a.includes('||')) return `${wrap(a)} && ${wrap(b)}`;
  const terms = a.split(' && ');
  const more = b.split(' && ').filter((term) => !terms.includes(term));
  return [a, ...more].join(' && ');
}

/** No more of a string is made than this: nobody asks for what is in one. */
const MAX_STRING = 2000;

function stringify(arg: Tok[]): string {
  let text = '';
  for (let i = 0; i < arg.length && text.length < MAX_STRING; i++) {
    const gap = i > 0 && !arg[i].macro && !arg[i - 1].macro && arg[i].pos > arg[i - 1].pos + arg[i - 1].text.length;
    text += (gap ? ' ' : '') + arg[i].text;
  }
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: hot: one loop over a body, one case for each operator
function substitute(
  macro: MacroDefinition,
  args: Tok[][],
  use: Tok,
  options: ExpandOptions,
  active: ReadonlySet<string>,
  budget: Budget,
): Tok[] {
  const params = macro.params as string[];
  const bound = bindArguments(macro, args);
  const expanded: (Tok[] | undefined)[] = [];
  const { toks: body, hashes, params: paramOf } = replacementOf(macro);
  const condition = both(use.condition, macro.condition);
  const { macros } = options;
  const out: Tok[] = [];
  const fromBody = (i: number): Tok => placeTok(body[i], use, condition, !macros.mayBe(hashes[i]));
  for (let i = 0; i < body.length && out.length <= 2 * MAX_TOKENS; i++) {
    const tok = body[i];
    if (tok.kind === HASH && i + 1 < body.length) {
      const p = paramOf[i + 1];
      if (p >= 0) {
        out.push({ ...fromBody(i), kind: Kind.String, text: stringify(bound[p] ?? []) });
        i++;
        continue;
      }
    }
    if (tok.kind === Kind.Paste && out.length && i + 1 < body.length) {
      const p = paramOf[++i];
      const list = p >= 0 ? (bound[p] ?? []) : [fromBody(i)];
      if (list.length === 0) {
        // `, ## __VA_ARGS__` with nothing to add drops the comma
        if (out.at(-1)?.kind === COMMA && macro.variadic && p === params.length - 1) out.pop();
        continue;
      }
      const left = out.at(-1) as Tok;
      if (left.kind === COMMA && macro.variadic && p === params.length - 1) append(out, list);
      else {
        out.pop();
        append(out, paste(left, list[0], use));
        append(out, list, 1);
      }
      continue;
    }
    const p = tok.kind === Kind.Identifier ? paramOf[i] : -1;
    if (p < 0) {
      out.push(fromBody(i));
      continue;
    }
    const pasted = body[i + 1]?.kind === Kind.Paste;
    if (pasted) {
      const list = bound[p] ?? [];
      if (list.length) append(out, list);
      else if (body[i + 2]) {
        // an empty left side leaves the right side alone
        const q = paramOf[i + 2];
        append(out, q >= 0 ? (bound[q] ?? []) : [fromBody(i + 2)]);
        i += 2;
      }
      continue;
    }
    budget.depth++;
    const full = expanded[p] ?? expandWithin(bound[p] ?? [], options, active, budget).toks;
    budget.depth--;
    expanded[p] = full;
    append(out, full);
    budget.left -= full.length;
    if (budget.left < -MAX_TOKENS) break;
  }
  return out;
}

/** Without a spread: a call takes so many arguments only. */
function append(out: Tok[], list: readonly Tok[], from = 0): void {
  for (let i = from; i < list.length; i++) out.push(list[i]);
}

function bindArguments(macro: MacroDefinition, args: Tok[][]): Tok[][] {
  const count = (macro.params as string[]).length;
  if (!macro.variadic || args.length <= count) return args;
  const rest: Tok[] = [];
  for (let i = count - 1; i < args.length; i++) {
    if (i >= count)
      rest.push({
        kind: COMMA,
        text: ',',
        pos: args[i][0]?.pos ?? 0,
        macro: true,
        arm: 0,
        condition: null,
        plain: false,
      });
    append(rest, args[i]);
  }
  return [...args.slice(0, count - 1), rest];
}

/** A name pasted together that is longer is none. */
const MAX_NAME = 1000;

function paste(left: Tok, right: Tok, use: Tok): Tok[] {
  const text = left.text + right.text;
  if (text.length > MAX_NAME) return [left, right];
  let kind: number = Kind.Identifier;
  // most make a name: no need to look at its letters again
  if (left.kind !== Kind.Identifier || (right.kind !== Kind.Identifier && !/^\w+$/.test(right.text))) {
    const joined = toksOf(text);
    if (joined.length !== 1) return [left, right];
    kind = joined[0].kind;
  }
  // the name made from an argument keeps the argument's own place in the file, where there is one
  const from = !left.macro ? left : !right.macro ? right : use;
  const condition = both(left.condition, right.condition);
  return [{ kind, text, pos: from.pos, macro: true, arm: use.arm, condition, plain: false }];
}
