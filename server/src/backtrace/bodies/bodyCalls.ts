/** The calls in a body's tokens, in order: functions, members, pointers, arguments that are functions. */

import type { FileFacts, FunctionFact } from '../../facts/types.ts';
import { closingIn, openingIn } from '../../syntax/brackets.ts';
import {
  AMPERSAND,
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  COMMA,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
} from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import type { BodyReader } from './bodyReader.ts';
import { SYSTEM_CALLS } from './bodyTokens.ts';
import type { BodyCall } from './callees.ts';
import { type Callee, calleeBefore } from './callees.ts';
import { isTail, type Spans, spansOf } from './callShape.ts';
import { isBoring, isFunction } from './macroCalls.ts';

/** What is known while a body's tokens are gone through. */
interface Walk extends Spans {
  reader: BodyReader;
  toks: readonly Tok[];
  /** the function whose body it is, and whether it returns nothing */
  function: string;
  isVoid: boolean;
  /** names that hold a function here: parameters, locals, and the members that these were given */
  pointers: ReadonlySet<string>;
  members: ReadonlyMap<string, string>;
  owners: ReadonlyMap<string, string>;
  /** is the name a macro's that comes to nothing? */
  isNothing(name: string): boolean;
  calls: BodyCall[];
}

/**
 * The calls of a function's body in the order of its tokens. `toks` are the body's, macros that lead to calls expanded;
 * of two calls in one expression the outer one comes first, as its `(` does.
 */
export function callsOf(
  reader: BodyReader,
  path: string,
  facts: FileFacts,
  fact: FunctionFact,
  toks: readonly Tok[],
): BodyCall[] {
  const pointers = new Set<string>(fact.params.map((p) => p.name));
  const n = facts.functions.indexOf(fact);
  for (const s of facts.sites) if (s.function === n && s.kind === 'pointer') pointers.add(s.name);
  const members = assignedMembers(toks, pointers);
  const macros = reader.sources.macros(path, reader.architecture);
  const walk: Walk = {
    reader,
    toks,
    function: fact.name,
    isVoid: fact.returnType === 'void',
    pointers,
    members,
    owners: reader.ownersOf(path),
    ...spansOf(toks),
    isNothing(name) {
      const macro = isFunction(reader, name) ? null : macros.lookup(name, 0);
      return macro !== null && isBoring(reader, macros, macro, 0);
    },
    calls: [],
  };
  let depth = 0;
  for (let i = 0; i < toks.length; i++) {
    const { kind, text } = toks[i];
    if (text === SYSTEM_CALLS) addCall(walk, i, 'syscall', '', { at: 0.5, tail: true });
    if (kind === PAREN_OPEN) {
      depth++;
      addCallAt(walk, i);
    } else if (kind === PAREN_CLOSE) depth--;
    else if (kind === Kind.String) addAssembly(walk, i);
    else if (kind === Kind.Identifier && depth > 0 && isHandedOn(reader, toks, i) && !pointers.has(text))
      addCall(walk, i, 'argument', text, {});
  }
  return walk.calls;
}

function addCall(walk: Walk, i: number, kind: BodyCall['kind'], name: string, more: Partial<BodyCall>): void {
  const { toks, cold, leaves } = walk;
  const at = i / Math.max(1, toks.length);
  walk.calls.push({
    ...{ kind, name, owner: '', line: toks[i].pos, at, tail: false, member: '', patched: false, args: [] },
    cold: cold[i] === 1,
    leaves: leaves[i] === 1,
    ...more,
  });
}

/** The call whose `(` is at `open`, where it is one. */
function addCallAt(walk: Walk, open: number): void {
  const { reader, toks, asm, pointers } = walk;
  const callee = open > 0 && asm[open] === 0 ? calleeBefore(reader, toks, open, pointers) : null;
  if (!callee) return;
  addCall(walk, open, callee.kind, callee.name, {
    line: callee.line,
    owner: callee.kind === 'member' ? ownerOf(walk.owners, walk.function, callee) : '',
    tail: isTail(toks, callee.start, open, walk.isVoid, walk.isNothing),
    member: callee.kind === 'pointer' ? (walk.members.get(callee.name) ?? '') : '',
    patched: toks[callee.start].text.startsWith('static_call'),
    args: callee.kind === 'call' ? namesIn(toks, open) : [],
  });
}

/** What the assembly calls whose text starts with the string at `i`. */
function addAssembly(walk: Walk, i: number): void {
  if (walk.asm[i] === 0 || walk.toks[i - 1]?.kind === Kind.String) return;
  for (const name of calledInAssembly(walk.toks, i)) addCall(walk, i, 'call', name, {});
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
      const open = openingIn(toks, left);
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
  const end = closingIn(toks, open);
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

const ownerOf = (owners: ReadonlyMap<string, string>, fn: string, { name, line }: Callee): string =>
  owners.get(`${fn}:${name}:${line}`) ?? owners.get(`${fn}:${name}`) ?? owners.get(name) ?? '';

/** A function's name that is an argument: `f` in `kthread_run(f, …)`. */
function isHandedOn(reader: BodyReader, toks: readonly Tok[], i: number): boolean {
  const before = toks[i - 1]?.kind;
  const after = toks[i + 1]?.kind;
  if (before !== PAREN_OPEN && before !== COMMA && before !== AMPERSAND) return false;
  return (after === COMMA || after === PAREN_CLOSE) && isFunction(reader, toks[i].text);
}
