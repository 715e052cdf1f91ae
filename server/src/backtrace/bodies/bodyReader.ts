/** What reading bodies shares: the index, the sources, and what was found out of names and macros so far. */

import type { Cache } from '../../index/cache.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import type { SourceFiles } from '../../resolve/sourceFiles.ts';
import type { MacroDefinition } from '../../syntax/macros/definitions.ts';

/** What one reading of bodies shares: of one index, as one architecture compiles it. */
export interface BodyReader {
  index: IndexReader;
  sources: SourceFiles;
  architecture: string;
  /** macros that lead to no call */
  boring: WeakMap<MacroDefinition, boolean>;
  /** whether a name may be a function */
  functions: Cache<string, boolean>;
  /** struct of each member that a file calls: by `function:member`, and by `function:member:line` */
  ownersOf(path: string): Map<string, string>;
}
