/** What this machine can bear. */
import { availableParallelism, totalmem } from 'node:os';

/** A worker of the index may need as much. */
const WORKER_BYTES = 1 << 30;

/** Worker threads that somebody may ask for: two a core, as far as memory goes. */
export function mostWorkers(): number {
  // 0 where nothing bounds the process but the machine
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.max(1, Math.min(2 * availableParallelism(), Math.floor(memory / WORKER_BYTES)));
}
