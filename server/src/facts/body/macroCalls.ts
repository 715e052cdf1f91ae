/** What a macro's body calls: the uses of some must be expanded to see who is called there. */

import { argumentsAt } from '../../syntax/brackets.ts';
import { type MacroDefinition, macroBody } from '../../syntax/macros/definitions.ts';
import type { MacroView } from '../../syntax/macros/view.ts';
import { ASSIGN, BRACE_OPEN, COMMA, DOT, Kind, PAREN_CLOSE, PAREN_OPEN, STAR } from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { callsNothing, isTypeWord } from '../../syntax/words.ts';
import type { MacroCalls, Memos } from '../visit.ts';

/** Of a macro that calls nothing. */
export const NO_CALLS: MacroCalls = { direct: false, members: false, params: [], hands: false };

const MAX_DEPTH = 12;

/**
 * What the body of `macro` calls, as the file sees it at byte offset `pos`. A global header's macro counts as the headers define what it uses:
 * that is worked out once for all files.
 */
export function callsOfMacro(
  memos: Memos,
  view: MacroView,
  macro: MacroDefinition,
  pos: number,
  depth = 0,
): MacroCalls {
  const shared = view.sharedFor(macro);
  return shared
    ? remembered(shared.calls as Memos['calls'], shared.lookup, macro, depth)
    : remembered(
        memos.calls,
        (name) => view.lookup(name, pos),
        macro,
        depth,
        (other) => callsOfMacro(memos, view, other, pos, depth + 1),
      );
}

type Lookup = (name: string) => MacroDefinition | null;

function remembered(
  memo: Memos['calls'],
  lookup: Lookup,
  macro: MacroDefinition,
  depth: number,
  of: (other: MacroDefinition) => MacroCalls = (other) => remembered(memo, lookup, other, depth + 1),
): MacroCalls {
  const known = memo.get(macro);
  if (known) return known;
  // a macro that comes back to itself adds nothing
  memo.set(macro, NO_CALLS);
  const calls = readCalls(macro, (name) => {
    const other = lookup(name);
    if (!other || other === macro) return null;
    return depth < MAX_DEPTH ? of(other) : NO_CALLS;
  });
  memo.set(macro, calls);
  return calls;
}

/** Reads a body; `inside` tells what a macro that it uses calls, null for what is none. */
function readCalls(macro: MacroDefinition, inside: (name: string) => MacroCalls | null): MacroCalls {
  const body = macroBody(macro);
  const params = macro.params ?? [];
  const called = new Set<number>();
  let declared: Set<string> | null = null;
  const isDeclared = (name: string): boolean => {
    declared ??= declaredIn(body);
    return declared.has(name);
  };
  let direct = false;
  let members = false;
  let hands = false;
  for (let i = 0; i < body.length; i++) {
    const tok = body[i];
    const next = body[i + 1]?.kind;
    hands ||= (next === COMMA || next === PAREN_CLOSE) && isMemberName(body, i);
    if (tok.kind === PAREN_CLOSE && next === PAREN_OPEN) {
      const callee = calleeBefore(body, i, params);
      if (callee === 'member') members = true;
      else if (callee >= 0) called.add(callee);
    }
    if (tok.kind !== Kind.Identifier) continue;
    const last = body[i - 1]?.kind;
    if (next === Kind.Paste) continue;
    if (last === Kind.Paste) {
      // `i->f->set_##x(y)`
      if (next === PAREN_OPEN) members ||= isMemberName(body, i);
      continue;
    }
    const param = params.indexOf(tok.text);
    if (next !== PAREN_OPEN) {
      // a name for another macro or function
      const other = body.length === 1 && param < 0 ? inside(tok.text) : null;
      direct ||= other?.direct ?? false;
      members ||= (other?.members ?? false) || (other?.params.length ?? 0) > 0;
      hands ||= other?.hands ?? false;
      continue;
    }
    if (last === Kind.Arrow || last === DOT || isDeclared(tok.text)) members = true;
    else if (param >= 0) called.add(param);
    else if (!callsNothing(tok.text)) {
      const inner = inside(tok.text);
      direct ||= inner ? inner.direct : true;
      members ||= inner?.members ?? false;
      hands ||= inner?.hands ?? false;
      if (inner?.params.length) {
        const args = argumentsAt(body, i + 1);
        for (const p of inner.params) {
          const arg = args[p] ?? [];
          const own = arg.length === 1 ? params.indexOf(arg[0].text) : -1;
          if (own >= 0) called.add(own);
          else if (arg.length === 1 && arg[0].kind === Kind.Identifier) {
            const named = inside(arg[0].text);
            direct ||= named ? named.direct : true;
            members ||= named?.members ?? false;
            hands ||= named?.hands ?? false;
          } else members ||= isMember(arg);
        }
      }
    }
  }
  return direct || members || called.size ? { direct, members, params: [...called], hands } : NO_CALLS;
}

/** `typeof(f) __f = (f);`: locals of the macro, whose calls are calls of what they were made with. */
function declaredIn(body: readonly Tok[]): Set<string> {
  const names = new Set<string>();
  for (let i = 1; i + 1 < body.length; i++) {
    const before = body[i - 1].kind;
    if (body[i + 1].kind === ASSIGN && (before === PAREN_CLOSE || before === Kind.Identifier || before === STAR))
      names.add(body[i].text);
  }
  return names;
}

/** `ops->f`, not a type or a constant: what a macro may call as it calls a name. */
export const isMember = (arg: readonly Tok[]): boolean =>
  arg.some((t) => t.kind === Kind.Arrow || t.kind === DOT) && !isTypeWord(arg[0].text);

/** A value that the macro may hand on, not seen in its own text. */
export const holdsMember = (args: readonly (readonly Tok[])[]): boolean =>
  args.some((arg) => arg.some((t) => t.kind === Kind.Arrow || t.kind === DOT));

/**
 * Is a macro's use, with these arguments, statements that are all its own and other macros' text? What they declare and
 * put somewhere is known of the macro: thousands of tokens (`WARN_ON_ONCE` in a tracepoint) need not be made of it.
 */
export function isSelfContained(macro: MacroDefinition, args: readonly (readonly Tok[])[] | null, use: Tok): boolean {
  if (!use.macro || !args?.every((arg) => arg.every((t) => t.macro))) return false;
  const [first, second] = macroBody(macro);
  return first?.text === 'do' || (first?.kind === PAREN_OPEN && second?.kind === BRACE_OPEN);
}

/** Does the name that is pasted together up to token `end` stand behind `->` or `.`? */
function isMemberName(body: readonly Tok[], end: number): boolean {
  let i = end;
  while (body[i - 1]?.kind === Kind.Paste) i -= 2;
  const kind = body[i - 1]?.kind;
  return kind === Kind.Arrow || kind === DOT;
}

/** Tokens that a callee in parentheses may have. */
const MAX_CALLEE = 1000;

/** `(*f)(`, `(ops->f)(`, `(f)(` with a parameter f: what the `)` at `close` ends, where that is called; -1: it is a cast. */
function calleeBefore(body: readonly Tok[], close: number, params: readonly string[]): number | 'member' {
  let depth = 0;
  let open = close;
  for (; open >= 0 && close - open < MAX_CALLEE; open--) {
    if (body[open].kind === PAREN_CLOSE) depth++;
    else if (body[open].kind === PAREN_OPEN && --depth === 0) break;
  }
  if (depth > 0 && open >= 0) return -1;
  const first = body[open + 1];
  if (!first || open + 1 === close || body[open - 1]?.kind === Kind.Identifier) return -1;
  if (first.kind === STAR) return 'member';
  if (close === open + 2) return params.indexOf(first.text);
  for (let i = open + 1; i < close; i++)
    if (body[i].kind === Kind.Arrow || body[i].kind === DOT)
      return body[close - 1].kind === Kind.Identifier ? 'member' : -1;
  return -1;
}

/** A name before a `(`, or one that stands alone. */
const CALLED = /(##\s*|->\s*|\.\s*)?\b([A-Za-z_]\w*)(\s*##)?\s*\(/g;

const ALIAS = /^\s*([A-Za-z_]\w*)\s*$/;

/** Names that a macro's body calls, functions and macros alike, once each: `f(`, and the name that it stands for. */
export function namesCalled({ name, params, body }: { name: string; params: string[] | null; body: string }): string[] {
  const names = new Set<string>();
  const take = (word: string) => {
    if (word !== name && !params?.includes(word) && !callsNothing(word)) names.add(word);
  };
  const alias = ALIAS.exec(body);
  if (alias) take(alias[1]);
  else if (body.includes('(')) for (const m of body.matchAll(CALLED)) if (!m[1] && !m[3]) take(m[2]);
  return [...names];
}
