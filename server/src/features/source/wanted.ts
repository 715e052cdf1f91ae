/** What the reader points at and the index doesn't have yet: its definition is looked for in the text of the tree. */
import { NameKind } from '../../index/store/postings.ts';
import { type WordPlace, wordAt } from '../../resolve/cursor/cursor.ts';
import { callsNothing, isValueWord } from '../../syntax/words.ts';
import { entityOf, type Request } from '../request.ts';

/**
 * The function at a place (1-based line, byte column) of which no definition is known, while the index is being built:
 * only declared so far, or never heard of. Null for all else, and once the index is whole.
 */
export function wantedAt(request: Request, line: number, column: number): WordPlace | null {
  if (request.notYet === null || request.besideOther) return null;
  const entity = entityOf(request, line, column);
  if (entity) return entity.kind === 'function' && entity.definition.kind === NameKind.Declaration ? entity : null;
  const word = wordAt(request.file, line, column);
  return word && isValueWord(word.word) && !callsNothing(word.word) ? word : null;
}
