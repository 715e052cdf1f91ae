/** What a macro's body calls: the uses of some must be expanded to see who is called there. */

import { isStaticCall } from '../../kernel/idioms.ts';
import { argumentsAt } from '../../syntax/brackets.ts';
import { type MacroDefinition, macroBody } from '../../syntax/macros/definitions.ts';
import type { MacroView } from '../../syntax/macros/view.ts';
import {
  ASSIGN,
  BRACE_OPEN,
  BRACKET_CLOSE,
  COMMA,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  STAR,
} from '../../syntax/tokens.ts';
import { type Tok, toksOf } from '../../syntax/toks.ts';
import { callsNothing, isAsm, isTypeWord, isValueWord } from '../../syntax/words.ts';
import type { MacroCalls, Memos, Visit } from '../visit.ts';

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

/** A macro's body on its way to what it calls. */
interface Reading {
  body: readonly Tok[];
  params: readonly string[];
  /** what a macro that the body uses calls, null for what is none */
  inside(name: string): MacroCalls | null;
  /** the body's own locals, once somebody asks */
  declared: ReadonlySet<string> | null;
  direct: boolean;
  members: boolean;
  hands: boolean;
  /** parameters that are called */
  called: Set<number>;
}

function readCalls(macro: MacroDefinition, inside: Reading['inside']): MacroCalls {
  const body = macroBody(macro);
  const params = macro.params ?? [];
  const r: Reading = {
    body,
    params,
    inside,
    declared: null,
    direct: false,
    members: false,
    hands: false,
    called: new Set(),
  };
  for (let i = 0; i < body.length; i++) {
    const { kind } = body[i];
    const next = body[i + 1]?.kind;
    r.hands ||= (next === COMMA || next === PAREN_CLOSE) && isMemberName(body, i);
    r.members ||= isInAssembly(r, i);
    if (kind === PAREN_CLOSE && next === PAREN_OPEN) {
      const callee = isPatched(body, i) ? 'member' : calleeBefore(body, i, params);
      if (callee === 'member') r.members = true;
      else if (callee >= 0) r.called.add(callee);
    }
    if (kind === Kind.Identifier) readName(r, i);
  }
  const { direct, members, hands, called } = r;
  return direct || members || called.size ? { direct, members, params: [...called], hands } : NO_CALLS;
}

/** Assembly that calls what an operand points to: `call *%[op]`. */
const CALLS_OPERAND = /^"\s*call\w*\s+\*%/;

/** Is token `i` what makes assembly call an operand: the call, the operand, or an asm with a macro of such in it? */
function isInAssembly(r: Reading, i: number): boolean {
  const { kind, text } = r.body[i];
  if (kind === Kind.String) return CALLS_OPERAND.test(text) || isOperand(r.body, i);
  return kind === Kind.Identifier && isAsm(text) && callsOperand(r, i);
}

/** `[ptr] "m" (pv_ops.op)`: is the string at token `i` the constraint of a member that assembly may call? */
function isOperand(body: readonly Tok[], i: number): boolean {
  if (body[i].text !== '"m"' || body[i - 1]?.kind !== BRACKET_CLOSE || body[i + 1]?.kind !== PAREN_OPEN) return false;
  return body[i + 3]?.kind === DOT || body[i + 3]?.kind === Kind.Arrow;
}

/** Does the asm at token `at` name a macro of such assembly? */
function callsOperand(r: Reading, at: number): boolean {
  const { body, params } = r;
  let depth = 0;
  for (let i = at + 1; i < body.length; i++) {
    const { kind, text } = body[i];
    if (kind === PAREN_OPEN) depth++;
    else if (kind === PAREN_CLOSE && --depth <= 0) return false;
    else if (kind === Kind.Identifier && depth > 0 && !params.includes(text) && r.inside(text)?.members) return true;
  }
  return false;
}

/** Takes the name at token `i` into account: what it calls, or stands for. */
function readName(r: Reading, i: number): void {
  const { body, params } = r;
  const { text } = body[i];
  const next = body[i + 1]?.kind;
  const last = body[i - 1]?.kind;
  if (next === Kind.Paste) return;
  if (last === Kind.Paste) {
    // `i->f->set_##x(y)`
    if (next === PAREN_OPEN) r.members ||= isMemberName(body, i);
    return;
  }
  const param = params.indexOf(text);
  if (next !== PAREN_OPEN) {
    // a name for another macro or function
    const other = body.length === 1 && param < 0 ? r.inside(text) : null;
    if (!other) return;
    addCalls(r, other);
    r.members ||= other.params.length > 0;
    return;
  }
  if (last === Kind.Arrow || last === DOT || isDeclared(r, text)) r.members = true;
  else if (param >= 0) r.called.add(param);
  else if (!callsNothing(text)) {
    const inner = r.inside(text);
    addCalls(r, inner);
    if (inner?.params.length) readArguments(r, inner.params, argumentsAt(body, i + 1));
  }
}

/** Takes into account what a macro calls that the body uses, or that what it uses is a function. */
function addCalls(r: Reading, inner: MacroCalls | null): void {
  r.direct ||= inner ? inner.direct : true;
  r.members ||= inner?.members ?? false;
  r.hands ||= inner?.hands ?? false;
}

/** What the arguments are that a macro calls as its parameters `params`. */
function readArguments(r: Reading, params: readonly number[], args: readonly (readonly Tok[])[]): void {
  for (const p of params) {
    const arg = args[p] ?? [];
    const own = arg.length === 1 ? r.params.indexOf(arg[0].text) : -1;
    if (own >= 0) r.called.add(own);
    else if (arg.length === 1 && arg[0].kind === Kind.Identifier) addCalls(r, r.inside(arg[0].text));
    else r.members ||= isMember(arg);
  }
}

function isDeclared(r: Reading, name: string): boolean {
  r.declared ??= declaredIn(r.body);
  return r.declared.has(name);
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

/** `static_call(name)(x)`: does a static call's name end at the `)` at `close`? */
function isPatched(body: readonly Tok[], close: number): boolean {
  for (let i = close - 1; i > 0 && close - i < MAX_NAME; i--)
    if (body[i].kind === PAREN_OPEN) return isStaticCall(body[i - 1].text);
  return false;
}

/** Tokens that a name which a macro pastes together may have. */
const MAX_NAME = 10;

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

/**
 * Names that a macro's body hands to another macro which calls them: `__wait_event_locked(wq, condition, 0, do_wait_irq)`.
 * `called` are the names that it calls, `pos` is a place behind it.
 */
export function namesHanded(
  { memos, source }: Visit,
  { params, body }: { params: string[] | null; body: string },
  called: readonly string[],
  pos: number,
): string[] {
  const { macros } = source;
  const names = new Set<string>();
  let toks: Tok[] | null = null;
  for (const callee of called) {
    const macro = macros.lookup(callee, pos);
    const taken = macro?.params ? callsOfMacro(memos, macros, macro, pos).params : [];
    if (taken.length === 0) continue;
    toks ??= toksOf(body);
    for (let i = 0; i + 1 < toks.length; i++) {
      if (toks[i].text !== callee || toks[i + 1].kind !== PAREN_OPEN) continue;
      const args = argumentsAt(toks, i + 1);
      for (const p of taken) {
        const [tok, ...more] = args[p] ?? [];
        if (more.length > 0 || tok?.kind !== Kind.Identifier || !isValueWord(tok.text)) continue;
        if (!params?.includes(tok.text) && !macros.lookup(tok.text, pos)) names.add(tok.text);
      }
    }
  }
  return [...names];
}
