/** What a member of unknown struct may hold, by the call's arguments: of every struct that has a member of that name. */

import type { SiteFact } from '../../facts/types.ts';
import { type LeftOut, nearnessTo } from '../../kernel/proximity.ts';
import type { FileView } from '../cursor/fileView.ts';
import { argumentsOf, fitsFunction, fitsSlot } from '../cursor/signature.ts';
import type { SlotAnswer } from '../slots/slots.ts';
import type { SiteFile } from './receiverOrigin.ts';
import { keepTarget, slotTargets, type Target, type TargetsByFunction } from './slotTargets.ts';

/** More functions of one name than this are not looked at one by one. */
const MAX_COMPARED = 60;

/** The functions that a call's arguments fit. */
interface Fitting {
  targets: Target[];
  /** how they were found, in words */
  narrowed: string;
  leftOut: LeftOut;
  /** what is registered under the member's name alone */
  whole: SlotAnswer;
}

/** Functions that the arguments of a call fit, the nearest first; null where the arguments can't be told, or fit nothing. */
export function bySignature(file: SiteFile, site: SiteFact, view: FileView): Fitting | null {
  const from = file.facts.path;
  const owners = file.index.ownersOf(site.name);
  const args = owners.length > 0 ? argumentsOf(file, file.facts, site, view) : null;
  if (!args) return null;
  const leftOut: LeftOut = { architectures: 0, programs: 0 };
  let seen = 0;
  let fitting = 0;
  const parts: Target[] = [];
  for (const owner of owners) {
    const fits = fitsSlot(file, owner, site.name, args, from);
    if (fits === null) continue;
    seen++;
    if (!fits) continue;
    const { targets, whole } = slotTargets(file, { owner, member: site.name }, from);
    if (targets.length > 0) fitting++;
    for (const t of targets) parts.push({ ...t, evidence: 'signature' });
    leftOut.architectures += whole.leftOut.architectures;
    leftOut.programs += whole.leftOut.programs;
  }
  if (fitting === 0) return null;
  // whose struct nobody knows either: there the functions themselves can be compared
  const unknown = slotTargets(file, { owner: '', member: site.name }, from);
  for (const [n, t] of unknown.targets.entries()) {
    const fits = n < MAX_COMPARED ? fitsFunction(file, t.definition, args) : null;
    if (fits !== false) parts.push({ ...t, evidence: fits ? 'signature' : 'name' });
  }
  const many = `${args.length} argument${args.length === 1 ? '' : 's'}`;
  const narrowed = `by signature: ${fitting} of ${seen} struct${seen === 1 ? '' : 's'} with a member ${site.name} fit${fitting === 1 ? 's' : ''} ${many}`;
  return { targets: nearestFirst(parts, from), narrowed, leftOut, whole: unknown.whole };
}

function nearestFirst(list: readonly Target[], from: string): Target[] {
  const near = nearnessTo(from);
  const nearest = ({ definition, registrations: [r] }: Target) =>
    Math.max(near(definition.file), r ? near(r.filePath) : 0);
  const targets: TargetsByFunction = new Map();
  for (const { t } of list.map((t) => ({ t, near: nearest(t) })).sort((x, y) => y.near - x.near))
    keepTarget(targets, t);
  return [...targets.values()];
}
