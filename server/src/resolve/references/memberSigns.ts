/** Signs of a member, by the bytes around a word: what is needed to pass over plain words without reading their file as C. */
import { NameKind } from '../../index/store/postings.ts';
import type { Occurrence } from '../../syntax/text/occurrences.ts';
import { significantBefore, significantFrom } from '../../syntax/text/role.ts';
import { inWord } from '../../syntax/text/wordSet.ts';
import type { World } from '../world.ts';

const byte = (c: string): number => c.charCodeAt(0);
const [OPEN, CLOSE, COMMA, DOT, COLON] = ['(', ')', ',', '.', ':'].map(byte);
/** What ends a statement, and what may hide brackets. */
const ENDS = new Set([';', '{', '}'].map(byte));
const HIDES = new Set(['"', "'", '/'].map(byte));

/** How far a call is looked back for. */
const MOST_BYTES = 3000;

/**
 * May a word that stands behind no `.` or `->` be a member all the same: a bit field, the old `member: value`, or one
 * whose name a macro is told? True where the bytes alone don't tell.
 */
export function mayBeMember(world: World, bytes: Buffer, { offset }: Occurrence, length: number): boolean {
  const after = bytes[significantFrom(bytes, offset + length)];
  if (after === COLON) return true;
  if (after !== COMMA && after !== CLOSE && after !== DOT) return false;
  const last = significantBefore(bytes, offset, 0);
  if (bytes[last] !== COMMA && bytes[last] !== OPEN) return false;
  const open = openBefore(bytes, last);
  if (open === null) return true;
  const callee = open < 0 ? '' : wordBefore(bytes, open);
  return callee !== '' && takesNames(world, callee);
}

/** Is it told names of members: a macro, which may hand them to offsetof()? */
export const takesNames = ({ index }: World, callee: string): boolean =>
  callee.includes('offsetof') || index.names(callee).some((p) => p.kind === NameKind.Macro);

/** The `(` that is open at an offset; -1 where the statement has none, null where the bytes alone don't tell. */
function openBefore(bytes: Buffer, from: number): number | null {
  let depth = 0;
  const low = Math.max(0, from - MOST_BYTES);
  for (let i = from; i >= low; i--) {
    const c = bytes[i];
    if (c === CLOSE) depth++;
    else if (c === OPEN) {
      if (depth === 0) return i;
      depth--;
    } else if (ENDS.has(c)) return -1;
    else if (HIDES.has(c)) return null;
  }
  return low === 0 ? -1 : null;
}

function wordBefore(bytes: Buffer, open: number): string {
  const last = significantBefore(bytes, open, 0);
  let i = last;
  while (i >= 0 && inWord[bytes[i]] !== 0) i--;
  return bytes.toString('latin1', i + 1, last + 1);
}
