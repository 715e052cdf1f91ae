/** In which order files are read, and in which portions. */
import { readingRank } from '../../kernel/layout.ts';
import type { Changed } from './changes.ts';
import type { WorkerJob } from './messages.ts';

/** Lower comes first: what the user looks at, then as `readingRank` has it. */
function rank(path: string, first: readonly string[], architecture: string): number {
  for (const p of first) if (path === p || path.startsWith(p)) return 0;
  return readingRank(path, architecture);
}

/** Jobs of some 1.5 MB each, so that workers stay busy and replies stay small. */
export function* batches(files: readonly Changed[], make: (files: Changed[]) => WorkerJob): Iterable<WorkerJob> {
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

/** Files in the order in which they are likely to be asked for; `first` names files or folders. */
export const inOrder = (files: readonly Changed[], first: readonly string[], architecture: string): Changed[] =>
  files
    .map((file) => ({ file, rank: rank(file.path, first, architecture) }))
    .sort((x, y) => x.rank - y.rank || (x.file.path < y.file.path ? -1 : 1))
    .map(({ file }) => file);

/** A list in parts of at most `size`. */
export const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
