/** Which names are functions, and which macros lead to a call of one: the others need no expanding. */

import { NameFlag, NameKind } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { type MacroDefinition, macroBody } from '../../syntax/macros/definitions.ts';
import type { MacroView } from '../../syntax/macros/view.ts';
import { DOT, Kind, PAREN_OPEN, SEMICOLON } from '../../syntax/tokens.ts';
import { isStatementWord, isTypeWord } from '../../syntax/words.ts';
import { eventsOfFunction } from '../events.ts';
import type { BodyReader } from './bodyReader.ts';

/** Words with a `(` behind them that the compiler answers itself. */
export const NOT_CALLED = new Set([
  'sizeof',
  'typeof',
  '__typeof__',
  '__alignof__',
  'offsetof',
  'defined',
  '_Static_assert',
]);

/** Does a macro lead to no call of anything, so that it may stay as it is? */
export function isBoring(reader: BodyReader, macros: MacroView, macro: MacroDefinition, depth: number): boolean {
  const known = reader.boring.get(macro);
  if (known !== undefined) return known;
  reader.boring.set(macro, true);
  // some configuration has a macro in the function's place
  if (macro.params && isOwnFunction(reader, macro.name)) return true;
  const verdict = depth > 12 || !leadsToCall(reader, macros, macro, depth);
  reader.boring.set(macro, verdict);
  return verdict;
}

const isOwnFunction = ({ index, architecture }: BodyReader, name: string): boolean =>
  index
    .names(name)
    .some(
      (p) =>
        p.kind === NameKind.Function &&
        (p.flags & NameFlag.Static) === 0 &&
        sameDomain('kernel/*', domainOf(index.pathOf(p.file)), architecture),
    );

function leadsToCall(reader: BodyReader, macros: MacroView, macro: MacroDefinition, depth: number): boolean {
  // compilers' hints and calls that are patched in: their names say more than their text
  if (/^_*(?:un)?likely(?:_notrace)?$|^static_call(?:_cond|_mod)?$/.test(macro.name)) return false;
  if (/__compiletime_error|__attribute__\s*\(\(error|_Static_assert/.test(macro.body)) return false;
  if (/^_*(?:compiletime_assert|BUILD_BUG)/i.test(macro.name)) return false;
  if (/"call /.test(macro.body)) return true;
  const body = macroBody(macro);
  for (let i = 0; i < body.length; i++) if (wordLeadsToCall(reader, macros, macro, body, i, depth)) return true;
  return false;
}

function wordLeadsToCall(
  reader: BodyReader,
  macros: MacroView,
  macro: MacroDefinition,
  body: ReturnType<typeof macroBody>,
  i: number,
  depth: number,
): boolean {
  const { kind, text } = body[i];
  if (kind === Kind.Paste) return true;
  if (kind !== Kind.Identifier) return false;
  const after = body[i + 1]?.kind;
  // a callee, or a statement handed in
  if (macro.params?.includes(text)) return after === PAREN_OPEN || after === SEMICOLON;
  const before = body[i - 1]?.kind;
  if (before === Kind.Arrow || before === DOT) return after === PAREN_OPEN;
  if (NOT_CALLED.has(text) || isTypeWord(text) || isStatementWord(text)) return false;
  if (after === PAREN_OPEN && isFunction(reader, text)) return true;
  const inner = macros.lookup(text, 0);
  if (inner && !isBoring(reader, macros, inner, depth + 1)) return true;
  return body.length === 1 && isFunction(reader, text);
}

/** May a name be a function of the kernel's? */
export function isFunction({ index, architecture, functions }: BodyReader, name: string): boolean {
  return functions.get(
    name,
    () =>
      index
        .names(name)
        .some(
          (p) =>
            (p.kind === NameKind.Function ||
              p.kind === NameKind.Label ||
              (p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0)) &&
            sameDomain('kernel/*', domainOf(index.pathOf(p.file)), architecture),
        ) || eventsOfFunction(index, name).length > 0,
  );
}
