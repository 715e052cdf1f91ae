/** Calls of an array's element, `tbl[i](x)`: which elements an index may mean. */

import type { SiteFact } from '../../facts/types.ts';
import { heldVariable } from '../../index/link/holders.ts';
import { NameKind } from '../../index/store/postings.ts';
import { behind, closing } from '../../syntax/brackets.ts';
import { BRACKET_OPEN, Kind, tokenText } from '../../syntax/tokens.ts';
import { offsetOf, tokenAt } from '../cursor/textView.ts';
import type { Implementation } from '../slots/slots.ts';
import { type Narrowed, narrowTo } from './narrow.ts';
import type { SiteFile } from './receiverOrigin.ts';

/** Of the functions in an array, those that the index of a call picks: all where it is no constant that some element is given under. */
export function narrowToElement(
  file: SiteFile,
  site: SiteFact,
  member: string,
  all: readonly Implementation[],
): Narrowed {
  const path = heldVariable(member) === site.name ? elementPicked(file, site) : null;
  const picked = path === null ? [] : all.filter((i) => i.registrations.some((r) => r.path === path));
  if (picked.length === 0) return narrowTo(file, all, null, file.facts.path);
  // `[0 ... 9] = f` may be under the others
  const reached = picked.map((i) => ({
    ...i,
    registrations: i.registrations.filter((r) => r.path === path),
    into: [],
  }));
  return { reached, narrowed: `element ${path}`, strangers: false, group: null };
}

/** The element, `[READ]`, that a call of a pointer picks by a constant; null for any other call. */
export function elementPicked(file: SiteFile, site: SiteFact): string | null {
  const index = site.kind === 'pointer' ? constantIndex(file, site) : null;
  return index === null ? null : `[${index}]`;
}

/** The index of an array's call at a site, where it is a number, an enumerator or a macro; else null. */
function constantIndex(file: SiteFile, site: SiteFact): string | null {
  const text = site.macro ? null : file.view()?.text;
  if (!text) return null;
  const { tokens } = text;
  const at = tokenAt(text, offsetOf(text, site.line, site.column));
  const open = at < 0 ? -1 : behind(tokens, at);
  if (open < 0 || tokens.kind[open] !== BRACKET_OPEN || closing(tokens, open) !== open + 2) return null;
  const word = tokenText(tokens, open + 1);
  if (tokens.kind[open + 1] === Kind.Number) return word;
  const isConstant = file.index.names(word).some((p) => p.kind === NameKind.Enumerator || p.kind === NameKind.Macro);
  return isConstant || /^[A-Z][A-Z0-9_]*$/.test(word) ? word : null;
}
