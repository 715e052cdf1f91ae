/** What a question is asked of: the index, and the architecture in view. */
import type { FileFacts } from '../facts/types.ts';
import type { IndexReader } from '../index/read/reader.ts';
import type { TypeSource } from '../index/types/source.ts';
import { architectureOf, domainOf } from '../kernel/domain.ts';

/**
 * Comes first in every question. The architecture is a folder's name in arch/; it may be another than the one the index
 * was made for, as a pasted trace may come from any machine.
 */
export interface World {
  index: IndexReader;
  architecture: string;
}

/** The world as one file sees it: what the file itself declares comes first among the types. */
export interface WorldOfFile extends World {
  types: TypeSource;
}

/** The world as the file that `facts` are of sees it; null for no file in view. */
export const worldOf = ({ index, architecture }: World, facts: FileFacts | null): WorldOfFile => ({
  index,
  architecture,
  types: index.typesFor(facts),
});

/** The world as the architecture of a file has it, where it is one's own. */
export const viewedFrom = ({ index, architecture }: World, file: string): World => ({
  index,
  architecture: architectureOf(domainOf(file)) ?? architecture,
});

/** A place in the tree: a path relative to it, a 1-based line and byte column (0: the line as a whole). */
export interface TreePlace {
  file: string;
  line: number;
  column: number;
}
