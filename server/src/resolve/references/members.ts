/** Whether a word is a use of one struct's member: by the type of its object, or of what it is handed to a macro with. */
import { type FoundField, findField, recordOf, type Scope } from '../../index/types/typing.ts';
import { isGlobalHeader } from '../../kernel/layout.ts';
import { before, behind, closing, opening, splitCommas } from '../../syntax/brackets.ts';
import { readTypeName } from '../../syntax/declarations.ts';
import { readExpression } from '../../syntax/expressions.ts';
import type { Occurrence } from '../../syntax/text/occurrences.ts';
import type { Role } from '../../syntax/text/role.ts';
import {
  BRACE_CLOSE,
  BRACE_OPEN,
  COLON,
  COMMA,
  DOT,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  type Tokens,
  tokenText,
} from '../../syntax/tokens.ts';
import { type Tok, toksBetween } from '../../syntax/toks.ts';
import { entityAt } from '../cursor/cursor.ts';
import type { FileView } from '../cursor/fileView.ts';
import { scopeAt, typeOf } from '../cursor/localScope.ts';
import { tokenAt } from '../cursor/textView.ts';
import { type TreePlace, type World, type WorldOfFile, worldOf } from '../world.ts';
import { takesNames } from './memberSigns.ts';

/**
 * What a use is. `possible`: a member of a struct that the source doesn't tell; `implied`: the name isn't spelt there, as
 * in a list without designators.
 */
export type Use = 'declaration' | 'use' | 'possible' | 'implied';

/** A member that is sought. */
interface Member {
  owner: string;
  field: TreePlace | null;
}

/** How a word at an occurrence uses a member; null where it is something else. `view` reads the file, when it must be. */
export function memberUse(world: World, view: () => FileView, at: Occurrence, role: Role, member: Member): Use | null {
  // a #define's body knows no types
  if (at.directive >= 0) return role === 'member' || role === 'parameter' ? 'possible' : null;
  const file = view();
  if (role !== 'member' && !isNamedHere(file, at)) return handedOver(world, file, at, member);
  const entity = entityAt(world, file, at.line, at.column);
  if (entity?.kind === 'slot') {
    const { owner, field } = entity;
    if (owner === '' || member.owner === '') return owner === member.owner ? 'use' : 'possible';
    if (owner !== member.owner) return null;
    const place = field && { file: field.file, line: field.field.line, column: field.field.column };
    if (place && member.field && !mayBeSame(place.file, member.field.file)) return null;
    const isHere = place?.file === file.path && place.line === at.line && place.column === at.column;
    return isHere ? 'declaration' : 'use';
  }
  return role === 'member' ? 'possible' : null;
}

/** May a plain word be a member all the same: one that is declared there, or the old `member: value`? */
function isNamedHere({ text, facts }: FileView, at: Occurrence): boolean {
  const { tokens } = text;
  const token = tokenAt(text, at.offset);
  if (token < 0 || tokens.kind[behind(tokens, token)] === COLON) return true;
  const isHere = (p: { line: number; column: number }) => p.line === at.line && p.column === at.column;
  return facts?.records.some((r) => r.line <= at.line && at.line <= r.endLine && r.fields.some(isHere)) ?? false;
}

/** Structs of one tag in two files are two, but for those that architectures and configurations have instead of each other. */
const mayBeSame = (a: string, b: string): boolean => a === b || (isGlobalHeader(a) && isGlobalHeader(b));

/** `container_of(p, struct s, member)`, `list_for_each_entry(pos, head, member)`: a macro is told the member's name. */
function handedOver(world: World, file: FileView, at: Occurrence, member: Member): Use | null {
  const { text, facts } = file;
  const { tokens } = text;
  const token = tokenAt(text, at.offset);
  if (token < 1 || !facts || !isWholeArgument(tokens, token)) return null;
  const call = openParen(file, token);
  if (call < 1 || tokens.kind[call - 1] !== Kind.Identifier) return null;
  const callee = tokenText(tokens, call - 1);
  if (!takesNames(world, callee)) return null;
  const args = splitCommas(toksBetween(tokens, call + 1, closing(tokens, call)));
  const word = tokenText(tokens, token);
  const others = args.filter((arg) => !(arg[0]?.text === word && (arg.length === 1 || arg[1].kind === DOT)));
  if (others.length === args.length) return null;
  const scope = scopeAt(text, facts, worldOf(world, facts).types, at.line, token);
  const found = ownerAmong(worldOf(world, facts), scope, others, word);
  if (found) {
    const isSame = found.owner === member.owner && (!member.field || mayBeSame(found.file, member.field.file));
    return isSame ? 'use' : null;
  }
  const isName = scope.local(word) !== null || world.index.names(word).length > 0;
  return isName ? null : 'possible';
}

/** The member of that name in the struct of one of some arguments: of a type that is named, or an object's. */
function ownerAmong({ types }: WorldOfFile, scope: Scope, args: readonly Tok[][], word: string): FoundField | null {
  for (const arg of args) {
    const named = readTypeName(arg);
    const isTag = named !== null && /^(?:const )?(?:struct|union) /.test(named);
    const type =
      (isTag ? null : typeOf(types, scope, readExpression(arg))) ?? (named ? { text: named, file: scope.file } : null);
    const record = type && recordOf(types, type);
    const found = record && findField(types, record, word);
    if (found) return found;
  }
  return null;
}

const isWholeArgument = ({ kind }: Tokens, token: number): boolean =>
  (kind[token - 1] === COMMA || kind[token - 1] === PAREN_OPEN) &&
  (kind[token + 1] === COMMA || kind[token + 1] === PAREN_CLOSE || kind[token + 1] === DOT);

/** The `(` that a token stands in, directly; -1 where it stands in none. */
function openParen({ text: { tokens } }: FileView, token: number): number {
  for (let i = before(tokens, token); i >= 0; i = before(tokens, i)) {
    const k = tokens.kind[i];
    if (k === PAREN_OPEN) return i;
    if (k === PAREN_CLOSE) {
      i = opening(tokens, i);
      if (i < 0) return -1;
    } else if (k === SEMICOLON || k === BRACE_OPEN || k === BRACE_CLOSE) return -1;
  }
  return -1;
}
