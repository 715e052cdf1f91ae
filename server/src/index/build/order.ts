/** In which order files are read, and in which portions. */
import type { Changed } from './changes.ts';
import type { WorkerJob } from './messages.ts';

const CORE = [
  'include/',
  'mm/',
  'fs/',
  'kernel/',
  'block/',
  'net/core/',
  'init/',
  'ipc/',
  'lib/',
  'security/',
  'drivers/base/',
];

/** Lower comes first: what the user looks at, the core folders, the rest, other architectures last. */
function rank(path: string, first: readonly string[], architecture: string): number {
  for (const p of first) if (path === p || path.startsWith(p)) return 0;
  const core = CORE.findIndex((c) => path.startsWith(c));
  if (core >= 0) return 1 + core / 100;
  if (path.startsWith(`arch/${architecture}/`)) return 2;
  if (path.startsWith('arch/')) return 8;
  if (path.startsWith('tools/') || path.startsWith('samples/') || path.startsWith('scripts/')) return 7;
  if (path.startsWith('drivers/gpu/') || path.startsWith('drivers/staging/')) return 6;
  return path.startsWith('drivers/') ? 5 : 4;
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
