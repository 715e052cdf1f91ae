import { findReferences, type Reference } from '../../../server/src/resolve/references/references.ts';
import { type Sought, soughtAt, soughtByName } from '../../../server/src/resolve/references/sought.ts';
import { toEnd } from '../../../server/src/resolve/steps.ts';
import type { MemoryWorld } from './memoryIndex.ts';

/** Uses of a thing in a memory index, in the order in which they are found. */
export function usesOf(world: MemoryWorld, sought: Sought): Reference[] {
  const out: Reference[] = [];
  toEnd(
    findReferences(world, sought, {
      read: (path) => (world.files[path] === undefined ? null : Buffer.from(world.files[path], 'utf8')),
      found: (uses) => out.push(...uses),
    }),
  );
  return out;
}

/** `file:line:column`, and what it is where that is no plain use. */
export const placesOfUses = (uses: readonly Reference[]): string[] =>
  uses.map((u) => `${u.file}:${u.line}:${u.column}${u.use === 'use' ? '' : ` ${u.use}`}`);

/** The thing at the `n`th time that a text stands in a file, at `skip` bytes behind its start. */
export function soughtIn(world: MemoryWorld, path: string, text: string, skip = 0, n = 1): Sought {
  const { line, column } = world.at(path, text, n);
  const sought = soughtAt(world, world.view(path), line, column + skip);
  if (!sought) throw new Error(`nothing stands at ${text}`);
  return sought;
}

/** Uses of a name as a shell asks for them. */
export const usesNamed = (world: MemoryWorld, name: string): string[] =>
  soughtByName(world, name).flatMap((s) => placesOfUses(usesOf(world, s)));
