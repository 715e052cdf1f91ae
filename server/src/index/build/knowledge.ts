/** What the headers' #defines are: worker threads are told them, and a build asks which have changed. */
import { madeHeaders } from '../../syntax/macros/syscallTables.ts';
import { decodeMacros } from '../store/codec.ts';
import { closeStore, openForReading, type Store, storeIdentity } from '../store/store.ts';
import type { IndexOf } from './buildOptions.ts';
import type { WorkerJob } from './messages.ts';
import { macrosBelow } from './moduleKnowledge.ts';
import type { Pool } from './pool.ts';

/** Which state of the tree's macros the workers of a pool were told: index and count. */
const poolKnows = new WeakMap<Pool, string>();

/** Tells workers the tree's macros, unless that is what they were told last; `version` is the index's Meta.knowledge. */
export async function tellKnowledge(store: Store, pool: Pool, version: number, of: IndexOf): Promise<void> {
  const below = of.module ? await macrosBelow(of) : [];
  const knowledge = (): WorkerJob => ({ kind: 'knowledge', macros: [...below, ...macrosOf(store)] });
  pool.restore = knowledge;
  const now = `${storeIdentity(store.folder)} ${version}`;
  if (poolKnows.get(pool) === now) return;
  await pool.all(knowledge());
  poolKnows.set(pool, now);
}

/** Starts workers and tells them the tree's macros, ahead of an update of a few files. Nothing happens without an index. */
export async function prepare(pool: Pool, of: IndexOf): Promise<void> {
  const { root, storage, architecture, module } = of;
  if (poolKnows.has(pool)) return;
  const store = openForReading(storage, root, architecture, module);
  if (!store) return;
  try {
    const version = store.meta.get('meta')?.knowledge ?? 0;
    await pool.all({ kind: 'knowledge', macros: [...(module ? await macrosBelow(of) : []), ...macrosOf(store)] });
    poolKnows.set(pool, `${storeIdentity(store.folder)} ${version}`);
  } finally {
    await closeStore(store);
  }
}

/** Names of macros that a header defines otherwise than before, and its own name where the calls that it lists differ. */
export function differing(path: string, before: Buffer | undefined, now: Buffer | undefined): Set<string> {
  const out = new Set<string>();
  const [a, b] = [before, now].map((bytes) => (bytes ? decodeMacros(bytes) : null));
  if (a?.template !== b?.template) {
    out.add(baseName(path));
    for (const header of [a, b].flatMap((h) => madeHeaders(h?.template ?? ''))) out.add(baseName(header.path));
  }
  const [old, next] = [a, b].map(
    (header) =>
      new Map(
        (header?.macros ?? []).map((m) => [`${m.name} ${m.condition ?? ''}`, `${m.params?.join() ?? ''} ${m.body}`]),
      ),
  );
  for (const [key, value] of next) if (old.get(key) !== value) out.add(key.split(' ', 1)[0]);
  for (const key of old.keys()) if (!next.has(key)) out.add(key.split(' ', 1)[0]);
  return out;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function macrosOf(store: Store): Buffer[] {
  const out: Buffer[] = [];
  for (const { value } of store.macros.entries()) out.push(Buffer.from(value));
  return out;
}
