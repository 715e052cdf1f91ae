/** In which order files are read, and in which portions. */
import { isCore, readingRank } from '../../kernel/layout.ts';
import type { Changed } from './changes.ts';
import type { WorkerJob } from './messages.ts';

/** Jobs of some 1.5 MB each, so that workers stay busy and replies stay small. */
export function* batches(files: Iterable<Changed>, make: (files: Changed[]) => WorkerJob): Iterable<WorkerJob> {
  let batch: Changed[] = [];
  let bytes = 0;
  for (const file of files) {
    batch.push(file);
    bytes += file.size;
    if (bytes > 1_500_000 || batch.length >= 150) {
      yield make(batch);
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length) yield make(batch);
}

/** Is a path among some files, or below some folders (with a trailing slash)? */
function isAmong(first: readonly string[]): (path: string) => boolean {
  const files = new Set(first);
  const folders = first.filter((f) => f.endsWith('/'));
  return (path) => files.has(path) || folders.some((f) => path.startsWith(f));
}

/** Files in the order in which they are likely to be asked for; `first` names files or folders that people look at. */
export function inOrder(files: readonly Changed[], first: readonly string[], architecture: string): Changed[] {
  const isFirst = isAmong(first);
  return files
    .map((file) => ({ file, rank: isFirst(file.path) ? 0 : readingRank(file.path, architecture) }))
    .sort((x, y) => x.rank - y.rank || (x.file.path < y.file.path ? -1 : 1))
    .map(({ file }) => file);
}

/** The same, one at a time: what is added to `first` while they are taken comes next, where it wasn't taken yet. */
export function* inTurn(files: readonly Changed[], first: readonly string[], architecture: string): Iterable<Changed> {
  let known = first.length;
  let rest = inOrder(files, first, architecture);
  for (let at = 0; at < rest.length; at++) {
    if (first.length > known) {
      const isAdded = isAmong(first.slice(known));
      known = first.length;
      const left = rest.slice(at);
      rest = [...left.filter((f) => isAdded(f.path)), ...left.filter((f) => !isAdded(f.path))];
      at = 0;
    }
    yield rest[at];
  }
}

/** The core's files, and all others: the first are read to their end, headers and all, before the others begin. */
export function inStages(files: readonly Changed[], architecture: string): Changed[][] {
  const core: Changed[] = [];
  const rest: Changed[] = [];
  for (const file of files) (isCore(file.path, architecture) ? core : rest).push(file);
  return [core, rest].filter((stage) => stage.length > 0);
}

/** A list in parts of at most `size`. */
export const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
