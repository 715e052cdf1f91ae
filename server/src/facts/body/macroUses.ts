/** Macros in a body's statements: which are expanded, and what is handed to them. */

import { stripAttributes, typeArguments } from '../../syntax/attributes.ts';
import type { MacroDefinition } from '../../syntax/macros/definitions.ts';
import { expand } from '../../syntax/macros/expand.ts';
import { posOf, type Source } from '../../syntax/source.ts';
import type { Statement } from '../../syntax/statements.ts';
import { AMPERSAND, COMMA, Kind, PAREN_CLOSE, PAREN_OPEN, tokenText } from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { isValueWord } from '../../syntax/words.ts';
import { isConditionalAlias, isConfigTest } from '../names.ts';
import type { Visit } from '../visit.ts';

const MAX_IN_VAIN = 3;

/**
 * Looks into what a macro makes, for additions to `facts`. In text that itself comes out of macros, all uses of one are
 * alike: a thousand tracepoints' bodies are not expanded to find each time that nothing is there.
 */
export function unlessInVain(
  visit: Visit,
  source: Source,
  { start }: Statement,
  facts: unknown[],
  look: () => void,
): void {
  if (!source.origin?.[start].macro) {
    look();
    return;
  }
  const key = `${facts === visit.facts.variables ? 'variable' : 'assignment'} ${tokenText(source.tokens, start)}`;
  const tries = visit.fruitless.get(key) ?? 0;
  if (tries >= MAX_IN_VAIN) return;
  const before = facts.length;
  look();
  visit.fruitless.set(key, facts.length === before ? tries + 1 : Number.NEGATIVE_INFINITY);
}

/** Is one of the arguments from token `from` on a plain name that no local has? */
export function namesValue(source: Source, from: number, to: number, isLocal: (name: string) => boolean): boolean {
  const { kind } = source.tokens;
  // a message for the log: what prints declares nothing that matters
  for (let i = from; i < to; i++)
    if (kind[i] === Kind.String && /[ %\\]/.test(tokenText(source.tokens, i))) return false;
  for (let i = from; i < to; i++) {
    if (kind[i] !== Kind.Identifier || (kind[i + 1] !== COMMA && kind[i + 1] !== PAREN_CLOSE)) continue;
    const before = kind[i - 1];
    if (before !== COMMA && before !== PAREN_OPEN && before !== AMPERSAND) continue;
    const word = tokenText(source.tokens, i);
    if (isValueWord(word) && !isLocal(word)) return true;
  }
  return false;
}

/** May a name out of a macro's own text be that of a function? What begins or ends with `_` is its local. */
export const mayBeFunction = (name: string): boolean => isValueWord(name) && /^[a-z]\w*[^_]$/.test(name);

/** `#define typeof_member(T, m) typeof(((T *)0)->m)`: a type, by what it stands for. */
const makesType = ({ body }: MacroDefinition): boolean => /^\(?\s*(?:__)?typeof(?:__)?\s*\(/.test(body);

/** `#define IRQ_WORK_INIT(f) (struct irq_work){ .func = f }` */
const MAKES_OBJECT = /^\(\s*struct\s+\w+\s*\)\s*\{/;

/** Is the name at a token that of a macro which makes a type of its arguments? */
export function isTypeMacro(source: Source, token: number): boolean {
  const macro = source.macros.lookup(tokenText(source.tokens, token), posOf(source, token));
  return macro !== null && macro.params !== null && makesType(macro);
}

/** `#define to_y(d) container_of(d, struct y, m)`: what is behind the call has the type, the call keeps it. */
const IS_ONE_CALL = /^\(?\w+\s*\([^(){};]*(\([^(){};]*\)[^(){};]*)*\)\)?$/;

/**
 * `pm_ptr(f)`, `RCU_INITIALIZER(p)`: hands its argument on. What does more (READ_ONCE, container_of, this_cpu_read) makes
 * hundreds of tokens in which no function is named: it stays a call.
 */
function passesThrough(macro: MacroDefinition): boolean {
  const params = macro.params ?? [];
  if (makesType(macro) || MAKES_OBJECT.test(macro.body)) return true;
  return (
    macro.body.length < 120 &&
    params.length > 0 &&
    (IS_ONE_CALL.test(macro.body) ||
      !/[{;]|\b(struct|union|do|asm|__asm__|sizeof|__typeof__|typeof|container_of\w*|offsetof)\b/.test(macro.body))
  );
}

/**
 * A statement's tokens with the macros expanded that hand their arguments on; others stay calls, and tests of the
 * configuration as written.
 */
export function expanded(visit: Visit, source: Source, toks: Tok[]): Tok[] {
  if (!toks.some((t) => t.kind === Kind.Identifier && !t.plain && source.macros.lookup(t.text, t.pos)))
    return typeArguments(toks);
  const keep = (macro: MacroDefinition, args: Tok[][] | null) =>
    isConfigTest(args) || (macro.params === null ? isConditionalAlias(macro) : !passesThrough(macro));
  return typeArguments(stripAttributes(expand(toks, { macros: source.macros, used: visit.used, keep }).toks));
}
