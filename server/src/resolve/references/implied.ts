/** Uses that don't spell the name: values of a list without designators, what a macro's name is pasted of. */
import { NameKind } from '../../index/store/postings.ts';
import { dispatchesSeen } from '../dispatch/dispatches.ts';
import { slotAnswer, usesOf } from '../slots/slots.ts';
import type { TreePlace, World } from '../world.ts';
import type { Sought } from './sought.ts';

/** A use by its place, and the length of what stands there (0: a line as a whole). */
export interface ImpliedUse extends TreePlace {
  length: number;
}

/** What the index knows of uses of a thing beyond the places where its word stands, in no order. */
export function impliedUses(world: World, { word, from, meaning }: Sought): ImpliedUse[] {
  if (meaning.kind === 'member') return ofMember(world, meaning.owner, word, from);
  if (meaning.kind !== 'name') return [];
  const [first] = meaning.definitions;
  if (!first || (first.kind !== NameKind.Function && first.kind !== NameKind.Variable)) return [];
  return usesOf(world, first, from).registrations.map((r) => ({
    file: r.filePath,
    line: r.targetLine,
    column: r.targetColumn,
    length: 0,
  }));
}

function ofMember(world: World, owner: string, member: string, from: string): ImpliedUse[] {
  if (!owner) return [];
  const { implementations, installs } = slotAnswer(world, owner, member, from);
  const registered = [...implementations.flatMap((i) => i.registrations), ...installs];
  return [
    ...registered.map((r) => ({
      file: r.filePath,
      line: r.targetLine,
      column: r.targetColumn,
      length: r.target.length,
    })),
    ...dispatchesSeen(world, owner, member, from).sites.map((d) => ({
      file: d.filePath,
      line: d.line,
      column: d.column,
      length: 0,
    })),
  ];
}
