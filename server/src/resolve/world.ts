/** What a question is asked of: the index, and the architecture in view. */
import type { IndexReader } from '../index/read/reader.ts';

/**
 * Comes first in every question. The architecture is a folder's name in arch/; it may be another than the one the index
 * was made for, as a pasted trace may come from any machine.
 */
export interface World {
  index: IndexReader;
  architecture: string;
}
