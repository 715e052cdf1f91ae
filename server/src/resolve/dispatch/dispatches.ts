/** Where a slot is called: its dispatch sites, as one reader sees them. */

import type { NewDispatch } from '../../index/link/calls.ts';
import { isHolder, listOf } from '../../index/link/holders.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import type { Dispatch } from '../../index/store/postings.ts';
import { inDomain, type LeftOut } from '../../kernel/proximity.ts';
import { groupsCalled } from '../slots/sections.ts';
import { byNearness, isSameSlot, type SlotSeen } from '../slots/slots.ts';
import type { World } from '../world.ts';

/** A dispatch site with its file's path. */
interface DispatchSite extends Dispatch {
  filePath: string;
}

/** The dispatch sites of one slot. */
interface DispatchAnswer {
  /** calls through the slot, the nearest to the reader first */
  sites: DispatchSite[];
  /** calls through a member of that name whose struct could not be told: perhaps this one */
  unknown: DispatchSite[];
  leftOut: LeftOut;
}

/** Calls through `owner.member`, as seen from the file `from`. An empty owner asks by the member's name alone. */
export function dispatchesSeen(world: World, owner: string, member: string, from: string): DispatchAnswer {
  const { index, architecture } = world;
  const nearer = byNearness(from);
  const of = (name: string) => {
    const all = index.dispatchesOfSlot(name, member).map((d) => ({ ...d, filePath: index.pathOf(d.file) }));
    const { seen, leftOut } = inDomain(all, (d) => d.filePath, from, architecture);
    seen.sort((a, b) => nearer(a.filePath, b.filePath) || a.line - b.line || a.column - b.column);
    return { seen, leftOut };
  };
  const known = of(owner);
  const unknown = owner ? of('').seen.filter((d) => d.evidence === 'name') : [];
  return { sites: known.seen, unknown, leftOut: known.leftOut };
}

/** The calls through a slot, whatever holds it: a member, a variable of one file, a section of the linker's. */
export function callsOfSlot(world: World, slot: SlotSeen, from: string): DispatchSite[] {
  const { owner, member } = slot;
  if (owner) return dispatchesSeen(world, owner, member, from).sites;
  if (!isHolder(member)) return [];
  const list = listOf(member);
  const { sites } = dispatchesSeen(world, '', list ? `(${list.type})` : member, from);
  return sites.filter(
    ({ filePath, function: name }) =>
      isSameSlot(world, slot, filePath) && (!list || groupsCalled(world.index, filePath, name).includes(list.group)),
  );
}

/** Of a call through pointers of a type, the lists of them that it goes through; any other dispatch as it is. */
export function listsCalled(index: IndexReader, filePath: string, dispatch: NewDispatch): NewDispatch[] {
  const list = listOf(dispatch.member);
  if (!list) return [dispatch];
  const groups = groupsCalled(index, filePath, dispatch.function);
  return groups.map((group) => ({ ...dispatch, member: `(${list.type})${group}` }));
}
