/** A file of the tree with its text: what questions about a place start from. */

import type { FileFacts } from '../../facts/types.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { readTreeText } from '../../index/treeFiles.ts';
import { type TextView, textView } from './textView.ts';

/** A file as it is asked about: its current text and the facts of it. */
export interface FileView {
  path: string;
  text: TextView;
  facts: FileFacts | null;
}

/** A file of the tree as it is on disk, with the facts that the index has of it; null where it can't be read. */
export function readView(index: IndexReader, path: string): FileView | null {
  const text = readTreeText(index.root, path, 'utf8');
  return text === null ? null : { path, text: textView(text), facts: index.facts(path) };
}
