/** What is worked out of a whole index or tree, and kept until the index changes. */
import type { IndexReader } from '../index/read/reader.ts';

/** What is known of one index, and the state of it that it was worked out in. */
interface Kept<T> {
  state: string;
  value: T;
}

/** Changes whenever a file is indexed or removed: a file that is read again gets a new number. */
function stateOf(index: IndexReader): string {
  const meta = index.meta();
  return meta ? `${meta.nextFile} ${meta.complete} ${meta.totals.files}` : '';
}

/** More trees than one window has. */
const MOST_TREES = 4;

/**
 * Keeps something by tree: what the disk and the list of files tell, whoever looks. Open documents lay a new reader over
 * the index with each key typed, so that a reader is no key for this. `make` gets what was known before.
 */
export function keptByTree<T>(make: (index: IndexReader, before: T | null) => T): (index: IndexReader) => T {
  const trees = new Map<string, Kept<T>>();
  return (index) => {
    const tree = `${index.root}\0${index.types.architecture}`;
    const state = stateOf(index);
    const known = trees.get(tree);
    if (known?.state === state) return known.value;
    const value = make(index, known?.value ?? null);
    trees.delete(tree);
    for (const oldest of trees.keys()) if (trees.size >= MOST_TREES) trees.delete(oldest);
    trees.set(tree, { state, value });
    return value;
  };
}

/** Keeps something by reader, for what its names and facts go into. It goes when the reader does. */
export function keptByReader<T>(make: (index: IndexReader) => T): (index: IndexReader) => T {
  const readers = new WeakMap<IndexReader, Kept<T>>();
  return (index) => {
    const state = stateOf(index);
    const known = readers.get(index);
    if (known?.state === state) return known.value;
    const value = make(index);
    readers.set(index, { state, value });
    return value;
  };
}
