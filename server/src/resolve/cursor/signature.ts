/** Whether a call's arguments fit a parameter list: what is left to go by where the struct of a called member isn't known. */

import type { Expression, FileFacts, SiteFact } from '../../facts/types.ts';
import type { Type, TypeSource } from '../../index/types/source.ts';
import { recordTag } from '../../index/types/typeText.ts';
import { findField, resolveType } from '../../index/types/typing.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { behind, closing, splitCommas } from '../../syntax/brackets.ts';
import { readParams } from '../../syntax/declarations.ts';
import { readExpression } from '../../syntax/expressions.ts';
import { BRACKET_CLOSE, BRACKET_OPEN, Kind, PAREN_CLOSE, PAREN_OPEN, tokenize } from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { toksBetween } from '../../syntax/toks.ts';
import type { Definition } from '../names/scope.ts';
import type { WorldOfFile } from '../world.ts';
import { word } from './branches.ts';
import type { FileView } from './fileView.ts';
import { scopeAt, typeOf } from './localScope.ts';
import { offsetOf, tokenAt } from './textView.ts';

/** Types of a call's arguments, null for each that the source does not tell. */
export type Arguments = (Type | null)[];

/** The arguments of a call; null where its text can't be found, as for one that a macro makes. */
export function argumentsOf(
  { types }: WorldOfFile,
  facts: FileFacts,
  site: SiteFact,
  view: FileView,
): Arguments | null {
  if (site.macro) return null;
  const { tokens } = view.text;
  const at = tokenAt(view.text, offsetOf(view.text, site.line, site.column));
  if (at < 0 || word(tokens, at) !== site.name) return null;
  let open = behind(tokens, at);
  // `x->f[i](a)`, `(*x->f)(a)`
  if (tokens.kind[open] === BRACKET_OPEN) open = behind(tokens, closing(tokens, open));
  while (tokens.kind[open] === PAREN_CLOSE) open = behind(tokens, open);
  if (tokens.kind[open] !== PAREN_OPEN) return null;
  const scope = scopeAt(view.text, facts, types, site.line, at);
  const list = splitCommas(toksBetween(tokens, open + 1, closing(tokens, open)));
  return list.map((toks) => {
    const e = isComputed(toks) ? null : readExpression(toks);
    return e && !isOfMacro(types, e) ? typeOf(types, scope, e) : null;
  });
}

/** Does a macro make it? What `sizeof(p)` or `ARRAY_SIZE(p)` is has nothing to do with p. */
function isOfMacro(types: TypeSource, e: Expression): boolean {
  if (e[0] === 'call') return e[1][0] === 'id' ? types.returns(e[1][1]).length === 0 : isOfMacro(types, e[1]);
  if (e[0] === '?') return isOfMacro(types, e[1]) || isOfMacro(types, e[2]);
  return e[0] !== 'id' && e[0] !== 'cast' && e[0] !== 'other' && isOfMacro(types, e[1]);
}

/** `p == q`, `a - b`: its type is not that of what it begins with. */
function isComputed(toks: readonly Tok[]): boolean {
  let depth = 0;
  for (const [n, { kind }] of toks.entries()) {
    if (kind === PAREN_OPEN || kind === BRACKET_OPEN) depth++;
    else if (kind === PAREN_CLOSE || kind === BRACKET_CLOSE) depth--;
    else if (depth > 0 || n === 0) continue;
    else if (kind === Kind.Compare || kind === Kind.LogicalAnd || kind === Kind.LogicalOr) return true;
    // of these only a postfix expression goes on behind its first token
    else if (/[-+<>/%|^]/.test(String.fromCharCode(kind)) || kind === Kind.Shift) return true;
  }
  return false;
}

/** Parameters by their types, and whether more may follow. */
interface Parameters {
  types: Type[];
  variadic: boolean;
}

/** Do the arguments fit what the members `owner.member` of that name take? Null where none is seen from `from`. */
export function fitsSlot(
  { types }: WorldOfFile,
  owner: string,
  member: string,
  args: Arguments,
  from: string,
): boolean | null {
  let seen: boolean | null = null;
  for (const at of types.recordsByTag(owner)) {
    if (!sameDomain(domainOf(from), domainOf(at.file), types.architecture)) continue;
    const found = findField(types, at, member);
    const params = found && parametersOf(types, { text: found.field.type, file: found.file });
    if (!params) continue;
    if (fits(types, args, params)) return true;
    seen = false;
  }
  return seen;
}

/** Do the arguments fit a function's own parameters? Null where they aren't known. */
export function fitsFunction({ index, types }: WorldOfFile, definition: Definition, args: Arguments): boolean | null {
  const fn = index.facts(definition.file)?.functions[definition.index];
  if (fn?.name !== definition.name) return null;
  const list = fn.params.filter((p) => p.type !== '...').map((p) => ({ text: p.type, file: definition.file }));
  return fits(types, args, { types: list, variadic: fn.params.length > list.length });
}

/** Parameters of a pointer to a function (or an array of them); null for any other type. */
function parametersOf(source: TypeSource, type: Type): Parameters | null {
  const { shape, file } = resolveType(source, type);
  const ops = shape.ops.filter((op) => op !== '[]');
  // one that returns a pointer to a function has two lists, of which the shape holds one
  if (ops[0] !== '*' || ops[1] !== '()' || ops.lastIndexOf('()') > 1) return null;
  const tokens = tokenize(Buffer.from(shape.params, 'latin1'));
  const params = readParams(toksBetween(tokens, 0, tokens.count));
  const types = params.filter((p) => p.type !== '...').map((p) => ({ text: p.type, file }));
  return { types, variadic: params.length > types.length };
}

function fits(source: TypeSource, args: Arguments, { types, variadic }: Parameters): boolean {
  if (args.length < types.length || (args.length > types.length && !variadic)) return false;
  return types.every((type, n) => agrees(source, args[n], type));
}

const NUMBER = /^(?:(?:unsigned|signed|long|short|int|char|bool|_Bool|[su](?:8|16|32|64)) ?)+$/;

/** May a value of one type be handed to a parameter of another? Only what is sure is refused. */
function agrees(source: TypeSource, arg: Type | null, param: Type): boolean {
  if (!arg) return true;
  const a = kindOf(source, arg);
  const b = kindOf(source, param);
  return a === null || b === null || a === b;
}

/** `*tag` for a pointer to a struct, `*number`, `number`; null for what any other may be handed to. */
function kindOf(source: TypeSource, type: Type): string | null {
  const { shape } = resolveType(source, type);
  if (shape.ops.length === 0) return NUMBER.test(shape.base) ? 'number' : null;
  const tag = recordTag(shape.base);
  if (shape.ops.length > 1 || shape.ops[0] === '()') return null;
  if (NUMBER.test(shape.base)) return '*number';
  return tag && !tag.startsWith('@') ? `*${tag}` : null;
}
