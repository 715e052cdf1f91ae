/** Which table is meant, and which tables get into a pointer member. */

import { NameKind } from '../../index/store/postings.ts';
import { inDomain, nearnessTo } from '../../kernel/proximity.ts';
import { type Definition, definitionsFrom } from '../names/scope.ts';
import type { World } from '../world.ts';
import { tablesHanded } from './installs.ts';
import type { Registered } from './slots.ts';

/** A table apart from all others: statics of one name stand in several files, and in several functions of one. */
export const tableKey = (name: string, file: string, inFunction = ''): string => `${name} ${file} ${inFunction}`;

/** The objects with static storage that a name may mean in a file: one, or one of each configuration. */
export function objectsNamed(world: World, name: string, from: string): Definition[] {
  const [first, ...others] = definitionsFrom(world, name, from, [NameKind.Variable]);
  if (!first) return [];
  if (first.static) return [first, ...others.filter((d) => d.static && d.file === first.file)];
  return [first, ...others.filter((d) => !d.static)];
}

/** Finds the keys of the tables that registrations stand in; what a name means is looked up once a file. */
export function tableKeys(world: World): (r: Registered) => string[] {
  const named = keysOfNames(world);
  return (r) => {
    if (r.kind === 'init') return [tableKey(r.variable, r.filePath, r.function)];
    // `foo_ops.f = g` goes into foo_ops, `ops->f = g` into nobody knows which
    const name = /^(\w+)(?:[.[]|$)/.exec(r.variable)?.[1];
    return name ? named(name, r.filePath, r.function) : [];
  };
}

function keysOfNames(world: World) {
  const known = new Map<string, string[]>();
  return (name: string, file: string, inFunction: string): string[] => {
    const question = `${name} ${file}`;
    let keys = known.get(question);
    if (!keys) {
      const files = new Set(objectsNamed(world, name, file).map((d) => d.file));
      keys = [...files].map((f) => tableKey(name, f));
      known.set(question, keys);
    }
    // a static of the function itself; where there is none, no table has that key
    return inFunction ? [...keys, tableKey(name, file, inFunction)] : keys;
  };
}

/**
 * The tables that get into the pointer `owner.member`, by key, with what puts each there, the nearest first; as far as
 * code of the file `from` can see.
 */
export function tablesInto(world: World, owner: string, member: string, from: string): Map<string, Registered[]> {
  const { index, architecture } = world;
  const out = new Map<string, Registered[]>();
  const named = keysOfNames(world);
  const installs: Registered[] = tablesHanded(world, owner, member, from);
  for (const r of index.registrationsOfSlot(owner, member))
    if (r.kind === 'install') installs.push(Object.assign(r, { filePath: index.pathOf(r.file) }));
  const near = nearnessTo(from);
  const { seen } = inDomain(installs, (i) => i.filePath, from, architecture);
  for (const r of seen.sort((a, b) => near(b.filePath) - near(a.filePath))) {
    // of `&foo.ops` and `tbl[3]` the object
    const name = /^\w+/.exec(r.target)?.[0];
    if (!name) continue;
    const keys = r.own?.kind === NameKind.Variable ? [tableKey(name, r.filePath)] : named(name, r.filePath, r.function);
    for (const key of keys) {
      const list = out.get(key);
      if (list) list.push(r);
      else out.set(key, [r]);
    }
  }
  return out;
}
