/** What is said where nothing was found: an index that is not complete can't know that there is nothing. */
import type { IndexReader } from '../index/read/reader.ts';
import { listFiles } from '../index/tree.ts';
import type { World } from '../resolve/world.ts';
import { EXIT } from './context.ts';
import { say } from './output.ts';

/** How much of its tree an index that is not complete holds, in whole percent, 99 at the most. The tree is listed for it. */
function shareOf(index: IndexReader): number {
  let files = 0;
  for (const _ of index.files()) files++;
  return Math.min(99, Math.floor((100 * files) / Math.max(1, files, listFiles(index.root).length)));
}

/** Says that nothing was found; of an incomplete index, that this is so as yet. Gives the exit code for it. */
export function sayNone({ index }: Pick<World, 'index'>, text: string): number {
  say(index.isWhole() ? text : `not indexed yet (${shareOf(index)} %): so far ${text}`);
  return EXIT.nothing;
}
