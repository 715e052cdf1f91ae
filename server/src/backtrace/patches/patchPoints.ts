/** Lines of a mail -> what of its patches they are, and where that stands in the tree. */

import type { World } from '../../resolve/world.ts';
import type { PatchMail } from '../../trace/mail/patchTypes.ts';
import type { CodePlace } from '../resolvedTrace.ts';
import { type ResolvedHunk, type ResolvedPatch, type ResolvedPatchFile, resolvePatches } from './patchPlaces.ts';

/** What a line of a mail is part of: a file's header, a hunk's header, or one of a hunk's lines. */
export interface PatchPoint {
  patch: ResolvedPatch;
  file: ResolvedPatchFile;
  hunk: ResolvedHunk | null;
  /** number of the line in its hunk, -1 for a header */
  n: number;
}

/** A mail's patches in a tree, looked up when asked for. */
export interface PatchView {
  patches(): ResolvedPatch[];
  /** the patch's part at a line of the mail (1-based); null outside of patches */
  at(line: number): PatchPoint | null;
}

/** Opens the patches of a mail. */
export function newPatchView(world: World, mail: () => PatchMail): PatchView {
  let patches: ResolvedPatch[] | null = null;
  let points: Map<number, PatchPoint> | null = null;
  const resolved = (): ResolvedPatch[] => {
    patches ??= resolvePatches(world, mail().patches);
    return patches;
  };
  return {
    patches: resolved,
    at(line) {
      points ??= pointsOf(resolved());
      return points.get(line) ?? null;
    },
  };
}

function pointsOf(patches: readonly ResolvedPatch[]): Map<number, PatchPoint> {
  const points = new Map<number, PatchPoint>();
  for (const patch of patches)
    for (const file of patch.files) {
      points.set(file.file.line, { patch, file, hunk: null, n: -1 });
      for (const hunk of file.hunks) {
        points.set(hunk.hunk.line, { patch, file, hunk, n: -1 });
        hunk.hunk.lines.forEach((l, n) => {
          points.set(l.line, { patch, file, hunk, n });
        });
      }
    }
  return points;
}

/** Less than this share of a conflicting hunk found: the function that its header names says more. */
const FEW = 0.5;

/** The place in the tree of a header, or of a line of a hunk or the next one that is there; null without the file. */
export function placeOfPoint({ file, hunk, n }: PatchPoint): CodePlace | null {
  const { path } = file;
  if (path === null) return null;
  if (!hunk) return { file: path, line: 1 };
  const { placement, section, lines } = hunk;
  if (!placement) return null;
  if (placement.state === 'conflicts' && placement.matched < FEW && section) return { file: path, line: section.line };
  const from =
    n >= 0
      ? n
      : Math.max(
          0,
          hunk.hunk.lines.findIndex((l) => l.kind !== 'context'),
        );
  for (let i = from; i < lines.length; i++) {
    const line = lines[i];
    if (line !== null) return { file: path, line };
  }
  return { file: path, line: lines.findLast((l) => l !== null) ?? placement.line };
}
