/** The C preprocessor's macro expansion: `#`, `##`, nesting, variadics, hide sets by nesting. */
import { type MacroDefinition, type MacroView, macroBody, type Tok, toksOf } from './macros.ts';
import { ASSIGN, BRACE_CLOSE, BRACE_OPEN, COMMA, HASH, Kind, PAREN_CLOSE, PAREN_OPEN, SEMICOLON } from './tokens.ts';

/** A runaway expansion (nested min()/max() grow by powers) stops here; the rest stays unexpanded and the result says so. */
const MAX_TOKENS = 40_000;

export interface ExpandOptions {
  macros: MacroView;
  /** macros to leave as they stand */
  keep?: (macro: MacroDefinition, args: Tok[][] | null) => boolean;
  /** leave the bodies of functions that a macro defines unexpanded: who reads a body expands what it needs */
  lazyBodies?: boolean;
  /** collects the names of the macros expanded: what the result depends on */
  used?: Set<string>;
}

export interface Expansion {
  toks: Tok[];
  /** false: a limit was hit and the rest stands unexpanded */
  complete: boolean;
}

interface Frame {
  toks: Tok[];
  at: number;
  macro: string | null;
}

/** Expands `input` fully. Tokens out of macro bodies get the position of the outermost macro's use. */
export function expand(input: Tok[], options: ExpandOptions): Expansion {
  return expandWithin(input, options, new Set(), { left: MAX_TOKENS });
}

/** What all nested expansions of one call may still make. */
interface Budget {
  left: number;
}

function expandWithin(input: Tok[], options: ExpandOptions, hidden: ReadonlySet<string>, budget: Budget): Expansion {
  const out: Tok[] = [];
  const frames: Frame[] = [{ toks: input, at: 0, macro: null }];
  const active = new Set<string>(hidden);
  let complete = true;

  const next = (): Tok | null => {
    for (;;) {
      const frame = frames[frames.length - 1];
      if (frame.at < frame.toks.length) return frame.toks[frame.at++];
      if (frames.length === 1) return null;
      if (frame.macro) active.delete(frame.macro);
      frames.pop();
    }
  };
  const peekIsParen = (): boolean => {
    for (let f = frames.length - 1; f >= 0; f--) {
      const frame = frames[f];
      if (frame.at < frame.toks.length) return frame.toks[frame.at].kind === PAREN_OPEN;
    }
    return false;
  };

  let body = 0;
  let initialiser = false;
  for (let tok = next(); tok; tok = next()) {
    if (tok.kind !== Kind.Identifier || tok.plain || body > 0 || active.has(tok.text)) {
      if (options.lazyBodies) {
        if (body > 0) body += tok.kind === BRACE_OPEN ? 1 : tok.kind === BRACE_CLOSE ? -1 : 0;
        else if (tok.kind === ASSIGN) initialiser = true;
        else if (tok.kind === SEMICOLON) initialiser = false;
        else if (tok.kind === BRACE_OPEN && !initialiser && out.at(-1)?.kind === PAREN_CLOSE) body = 1;
      }
      out.push(tok);
      continue;
    }
    const macro = options.macros.lookup(tok.text, tok.pos);
    if (!macro || budget.left < 0 || frames.length > 200) {
      if (macro) complete = false;
      out.push(tok);
      continue;
    }
    if (macro.params === null) {
      if (options.keep?.(macro, null)) {
        out.push(tok);
        continue;
      }
      options.used?.add(macro.name);
      active.add(macro.name);
      const body = place(macroBody(macro), tok, tok.condition);
      budget.left -= body.length;
      frames.push({ toks: body, at: 0, macro: macro.name });
      continue;
    }
    if (!peekIsParen()) {
      out.push(tok);
      continue;
    }
    const taken: Tok[] = [];
    const args = readArguments(next, taken);
    if (!args || options.keep?.(macro, args)) {
      // not a whole call, or one to keep: its parts still stand for themselves
      out.push(tok);
      frames.push({ toks: taken, at: 0, macro: null });
      continue;
    }
    options.used?.add(macro.name);
    const replaced = substitute(macro, args, tok, options, active, budget);
    budget.left -= replaced.length;
    active.add(macro.name);
    frames.push({ toks: replaced, at: 0, macro: macro.name });
  }
  return { toks: out, complete };
}

/** Reads `( … )` up to the matching parenthesis; null where it never closes. `taken` gets every token read. */
function readArguments(next: () => Tok | null, taken: Tok[]): Tok[][] | null {
  const args: Tok[][] = [];
  let current: Tok[] = [];
  let depth = 0;
  for (let tok = next(); tok; tok = next()) {
    taken.push(tok);
    if (tok.kind === PAREN_OPEN || tok.kind === 0x5b || tok.kind === 0x7b) {
      if (depth++ === 0) continue;
    } else if (tok.kind === PAREN_CLOSE || tok.kind === 0x5d || tok.kind === 0x7d) {
      if (--depth === 0) {
        args.push(current);
        return args;
      }
    } else if (tok.kind === COMMA && depthIsPlain(depth, current)) {
      args.push(current);
      current = [];
      continue;
    }
    current.push(tok);
    if (taken.length > MAX_TOKENS) return null;
  }
  return null;
}

/** C splits arguments at commas outside parentheses only: braces and brackets do not protect a comma. */
function depthIsPlain(depth: number, current: Tok[]): boolean {
  if (depth === 1) return true;
  let parens = 0;
  for (const tok of current) {
    if (tok.kind === PAREN_OPEN) parens++;
    else if (tok.kind === PAREN_CLOSE) parens--;
  }
  return parens === 0;
}

function place(body: readonly Tok[], use: Tok, condition: string | null): Tok[] {
  const out = new Array<Tok>(body.length);
  for (let i = 0; i < body.length; i++) {
    const tok = body[i];
    out[i] = {
      kind: tok.kind,
      text: tok.text,
      pos: use.pos,
      macro: true,
      arm: use.arm,
      condition: both(condition, tok.condition),
      plain: false,
    };
  }
  return out;
}

/** A longer condition tells nobody anything. */
const MAX_CONDITION = 200;

/** Two conditions as one. */
export function both(a: string | null, b: string | null): string | null {
  if (a === null || a === b) return b;
  if (b === null || a.length > MAX_CONDITION || a.includes(b)) return a;
  const wrap = (c: string) => (c.includes('||') ? `(${c})` : c);
  return `${wrap(a)} && ${wrap(b)}`;
}

function stringify(arg: Tok[]): string {
  let text = '';
  for (let i = 0; i < arg.length; i++) {
    const gap = i > 0 && !arg[i].macro && !arg[i - 1].macro && arg[i].pos > arg[i - 1].pos + arg[i - 1].text.length;
    text += (gap ? ' ' : '') + arg[i].text;
  }
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

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
  const argument = (name: string): number =>
    params.indexOf(name === '__VA_ARGS__' && macro.variadic ? (params.at(-1) ?? '') : name);
  const body = macroBody(macro);
  const out: Tok[] = [];
  const fromBody = (tok: Tok): Tok => ({
    kind: tok.kind,
    text: tok.text,
    pos: use.pos,
    macro: true,
    arm: use.arm,
    condition: both(use.condition, tok.condition),
    plain: false,
  });
  for (let i = 0; i < body.length; i++) {
    const tok = body[i];
    if (tok.kind === HASH && i + 1 < body.length) {
      const p = argument(body[i + 1].text);
      if (p >= 0) {
        out.push({ ...fromBody(tok), kind: Kind.String, text: stringify(bound[p] ?? []) });
        i++;
        continue;
      }
    }
    if (tok.kind === Kind.Paste && out.length && i + 1 < body.length) {
      const right = body[++i];
      const p = argument(right.text);
      const list = p >= 0 ? (bound[p] ?? []) : [fromBody(right)];
      if (list.length === 0) {
        // `, ## __VA_ARGS__` with nothing to add drops the comma
        if (out.at(-1)?.kind === COMMA && macro.variadic && p === params.length - 1) out.pop();
        continue;
      }
      const left = out.at(-1) as Tok;
      if (left.kind === COMMA && macro.variadic && p === params.length - 1) out.push(...list);
      else {
        out.pop();
        out.push(...paste(left, list[0], use), ...list.slice(1));
      }
      continue;
    }
    const p = tok.kind === Kind.Identifier ? argument(tok.text) : -1;
    if (p < 0) {
      out.push(fromBody(tok));
      continue;
    }
    const pasted = body[i + 1]?.kind === Kind.Paste;
    if (pasted) {
      const list = bound[p] ?? [];
      if (list.length) out.push(...list);
      else if (body[i + 2]) {
        // an empty left side leaves the right side alone
        const right = body[i + 2];
        const q = argument(right.text);
        out.push(...(q >= 0 ? (bound[q] ?? []) : [fromBody(right)]));
        i += 2;
      }
      continue;
    }
    const full = expanded[p] ?? expandWithin(bound[p] ?? [], options, active, budget).toks;
    expanded[p] = full;
    for (const t of full) out.push(t);
    budget.left -= full.length;
    if (budget.left < -MAX_TOKENS) break;
  }
  return out;
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
    rest.push(...args[i]);
  }
  return [...args.slice(0, count - 1), rest];
}

function paste(left: Tok, right: Tok, use: Tok): Tok[] {
  const text = left.text + right.text;
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
