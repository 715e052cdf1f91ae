/**
 * What compilers know and the grammar does not: attributes, `typeof`, types as arguments. Taken out of expanded tokens
 * before anybody reads them.
 */

import { skipGroup } from './brackets.ts';
import { COMMA, Kind, PAREN_CLOSE, PAREN_OPEN, STAR } from './tokens.ts';
import type { Tok } from './toks.ts';
import { ATTRIBUTES, isTypeWord, QUALIFIERS, TYPEOF } from './words.ts';

/** Drops compiler attributes and resolves `typeof(type)`; the language's own words, no macros. Itself where there is none. */
export function stripAttributes(toks: Tok[]): Tok[] {
  let i = 0;
  while (i < toks.length && !isAttributeWord(toks[i])) i++;
  if (i === toks.length) return toks;
  const out = toks.slice(0, i);
  for (; i < toks.length; i++) {
    const tok = toks[i];
    const end = isAttributeWord(tok) ? (ATTRIBUTES.has(tok.text) ? attributeEnd(toks, i) : addTypeOf(toks, i, out)) : 0;
    if (end > 0) {
      noteAlias(toks, i, end, out);
      i = end - 1;
    } else out.push(tok);
  }
  return out;
}

/** Notes the name in an `alias("f")` among tokens [from, to) at the last token of `out`. */
function noteAlias(toks: readonly Tok[], from: number, to: number, out: Tok[]): void {
  if (out.length === 0) return;
  for (let i = from; i + 2 < to; i++) {
    const name = /^(?:alias|__alias__)$/.test(toks[i].text) && /^"(\w+)"$/.exec(toks[i + 2].text)?.[1];
    if (name) out[out.length - 1] = { ...out[out.length - 1], alias: name };
  }
}

const isAttributeWord = ({ kind, text }: Tok): boolean =>
  kind === Kind.Identifier && (ATTRIBUTES.has(text) || TYPEOF.has(text));

/** Behind the parentheses of the attribute at `i`; 0 where it has none. */
function attributeEnd(toks: readonly Tok[], i: number): number {
  let open = i + 1;
  while (toks[open]?.kind === Kind.Identifier && QUALIFIERS.has(toks[open].text)) open++;
  return toks[open]?.kind === PAREN_OPEN ? skipGroup(toks, open) : 0;
}

/** Adds the type that the `typeof()` at `i` names, and tells where it ends; 0 where it takes a value. */
function addTypeOf(toks: readonly Tok[], i: number, out: Tok[]): number {
  if (toks[i + 1]?.kind !== PAREN_OPEN) return 0;
  const end = skipGroup(toks, i + 1);
  let from = i + 2;
  let to = end - 1;
  while (toks[from]?.kind === PAREN_OPEN && skipGroup(toks, from) === to) {
    from++;
    to--;
  }
  const inner = toks.slice(from, to);
  const [first] = inner;
  if (first?.kind !== Kind.Identifier) return 0;
  if (!isTypeWord(first.text) && inner.at(-1)?.kind !== STAR && !(inner.length === 1 && first.text.endsWith('_t')))
    return 0;
  for (const tok of stripAttributes(inner)) out.push(tok);
  return end;
}

/**
 * `container_of(p, struct foo, m)`: a type as an argument is no expression; as `(struct foo *)0` it parses and keeps its
 * meaning. Itself where there is none.
 */
export function typeArguments(toks: Tok[]): Tok[] {
  let out: Tok[] | null = null;
  for (let i = 1; i < toks.length; i++) {
    const tok = toks[i];
    const end = tok.kind === Kind.Identifier && isTypeWord(tok.text) && startsArgument(toks, i) ? typeEnd(toks, i) : 0;
    if (end === 0) {
      out?.push(tok);
      continue;
    }
    out ??= toks.slice(0, i);
    const glue = (kind: number, text: string): Tok => ({ ...tok, kind, text, macro: true });
    out.push(glue(PAREN_OPEN, '('));
    for (let j = i; j < end; j++) out.push(toks[j]);
    out.push(glue(STAR, '*'), glue(PAREN_CLOSE, ')'), glue(Kind.Number, '0'));
    i = end - 1;
  }
  return out ?? toks;
}

/** Behind a comma, or first in the parentheses of a call; `sizeof` and its like take types as they are. */
function startsArgument(toks: readonly Tok[], i: number): boolean {
  const before = toks[i - 1].kind;
  if (before === COMMA) return true;
  const callee = toks[i - 2];
  return before === PAREN_OPEN && callee?.kind === Kind.Identifier && !/^sizeof$|alignof/.test(callee.text);
}

/** End of a type that is a whole argument: words and stars up to a comma or `)`; 0 where it is none. */
function typeEnd(toks: readonly Tok[], from: number): number {
  let i = from;
  for (; toks[i]?.kind === Kind.Identifier || toks[i]?.kind === STAR; i++);
  return toks[i]?.kind === COMMA || toks[i]?.kind === PAREN_CLOSE ? i : 0;
}
