/**
 * Initialiser lists that name no function and no object: register values, pin tables, device ids. They are most of all
 * lists, many of them made of macros that grow to thousands of tokens, and nothing in them is worth a fact: a look at
 * the list as written, and at the bodies of its macros, spares the expansion.
 */

import type { MacroDefinition } from '../../syntax/macros/definitions.ts';
import type { Source } from '../../syntax/source.ts';
import {
  AMPERSAND,
  BRACE_CLOSE,
  BRACE_OPEN,
  DOT,
  Kind,
  PAREN_OPEN,
  SEMICOLON,
  tokenText,
} from '../../syntax/tokens.ts';
import { isTagWord, isValueWord } from '../../syntax/words.ts';
import type { Memos, Visit } from '../visit.ts';

/** Tokens as they are looked at here, out of a file or out of a macro's body. */
interface Words {
  from: number;
  to: number;
  kind(i: number): number;
  text(i: number): string;
  /** known to be no macro, without a look at its text */
  plain(i: number): boolean;
}

const NO_PARAMS: readonly string[] = [];
const MAX_DEPTH = 12;

/**
 * Is the list of a declaration, `{` at token `open` and the declaration's `;` before `end`, one that names nothing? The
 * macros that the answer depends on are added to what the visit has used.
 */
export function isConstantList(visit: Visit, source: Source, open: number, end: number): boolean {
  const { memos, used } = visit;
  const { tokens } = source;
  const { kind } = tokens;
  if (source.origin || kind[open] !== BRACE_OPEN || kind[end - 1] !== SEMICOLON || kind[end - 2] !== BRACE_CLOSE)
    return false;
  let depth = 0;
  for (let i = open; i < end - 2; i++) {
    if (kind[i] === BRACE_OPEN) depth++;
    else if (kind[i] === BRACE_CLOSE && --depth === 0) return false;
    else if (kind[i] === Kind.Directive && source.templates.has(i)) return false;
  }
  const pos = tokens.start[open];
  const names = namesNothing(
    memos,
    source,
    {
      from: open,
      to: end - 1,
      kind: (i) => kind[i],
      text: (i) => tokenText(tokens, i),
      plain: (i) => !source.macros.mayBe(tokens.hash[i]),
    },
    NO_PARAMS,
    pos,
    0,
  );
  if (!names) return false;
  for (const name of names) used.add(name);
  return true;
}

/** The macros that the words lead to, where none of them can name a function or an object; else null. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: flat: each word is passed over, or decides
function namesNothing(
  memos: Memos,
  source: Source,
  words: Words,
  params: readonly string[],
  pos: number,
  depth: number,
): string[] | null {
  const reached = new Set<string>();
  for (let i = words.from; i < words.to; i++) {
    if (words.kind(i) !== Kind.Identifier) continue;
    const before = i > words.from ? words.kind(i - 1) : 0;
    if (before === DOT || before === Kind.Arrow) continue;
    const text = words.text(i);
    // an argument is looked at where it is written
    if (params.includes(text)) continue;
    if (isTagWord(text)) {
      i++;
      continue;
    }
    const called = i + 1 < words.to && words.kind(i + 1) === PAREN_OPEN;
    const macro = words.plain(i) ? null : source.macros.lookup(text, pos);
    if (!macro) {
      // a called name that is no macro is a type or an operator
      if (isValueWord(text) && (!called || before === AMPERSAND)) return null;
      continue;
    }
    // `#define my_suspend NULL` in one #if arm: the other arm has the function
    if (macro.params === null && isValueWord(text)) return null;
    // even without its arguments: another macro may call it by the name it was handed
    if (reached.has(text)) continue;
    const inner = constantMacro(memos, source, macro, pos, depth);
    if (!inner) return null;
    reached.add(text);
    for (const name of inner) reached.add(name);
  }
  return [...reached];
}

function constantMacro(
  memos: Memos,
  source: Source,
  macro: MacroDefinition,
  pos: number,
  depth: number,
): string[] | null {
  const { constant } = memos;
  const known = constant.get(macro);
  if (known !== undefined) return known;
  if (depth > MAX_DEPTH) return null;
  // a macro that leads to itself is not expanded again
  constant.set(macro, []);
  const body = source.macros.body(macro);
  const names = namesNothing(
    memos,
    source,
    {
      from: 0,
      to: body.length,
      kind: (i) => body[i].kind,
      text: (i) => body[i].text,
      plain: () => false,
    },
    macro.variadic ? [...(macro.params ?? NO_PARAMS), '__VA_ARGS__', '__VA_OPT__'] : (macro.params ?? NO_PARAMS),
    pos,
    depth + 1,
  );
  const distinct = names && [...new Set(names)];
  constant.set(macro, distinct);
  return distinct;
}
