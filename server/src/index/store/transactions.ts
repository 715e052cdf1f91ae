/** Changes to a store: all of a transaction or nothing of it, and only by the process that holds the lock. */
import { explained, WriterChanged } from './storageError.ts';
import type { Meta, Store } from './store.ts';

/**
 * Makes changes in one transaction, of which nothing stays where it throws. Throws WriterChanged where another process
 * has begun to write meanwhile, and a StorageError where they can't be written.
 */
export function transact(store: Store, token: string, change: () => void): void {
  try {
    store.root.transactionSync(() => {
      checkWriter(store, token);
      change();
      store.writeSums();
    });
  } catch (error) {
    throw undone(store, error);
  }
}

/** Work of a transaction goes on so long before others have their turn, in ms. */
const SLICE_MS = 50;

/**
 * The same for changes that take seconds: they are made in steps, others have their turn in between, and a signal stops
 * them. False where it did: then nothing of them stays.
 */
export async function transactInSteps(
  store: Store,
  token: string,
  steps: () => Iterable<void>,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await store.root.transactionSync(async () => {
      checkWriter(store, token);
      let since = Date.now();
      for (const _ of steps()) {
        if (Date.now() - since < SLICE_MS) continue;
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
        since = Date.now();
      }
      store.writeSums();
    });
    return true;
  } catch (error) {
    const why = undone(store, error);
    if (signal?.aborted) return false;
    throw why;
  }
}

function checkWriter(store: Store, token: string): void {
  const writer = store.meta.get('meta')?.writer;
  if (writer !== undefined && writer !== token)
    throw new WriterChanged('another Kerntrail process has begun to write this index: this one stops.');
}

/** After a transaction that failed: sums are again what is written. */
function undone(store: Store, error: unknown): Error {
  try {
    const sums = store.readSums();
    store.sums.clear();
    for (const [part, sum] of sums) store.sums.set(part, sum);
  } catch {
    // what made the transaction fail is what is told
  }
  return explained(error, store.folder);
}

/** Makes the holder of `token` the one who writes. Returns what the index says of itself, `begin` where it is new. */
export function claim(store: Store, token: string, begin: Meta): Meta {
  let meta = begin;
  try {
    store.root.transactionSync(() => {
      meta = { ...(store.meta.get('meta') ?? begin), writer: token };
      store.meta.put('meta', meta);
      if (store.readSums().size === 0) store.writeSums();
    });
  } catch (error) {
    throw explained(error, store.folder);
  }
  return meta;
}
