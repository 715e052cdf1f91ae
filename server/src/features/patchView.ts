/** Hunks of a patch -> their places in the tree's files as they are now. */
import type { CodeLens } from 'vscode-languageserver';
import type { Hunk, HunkLine, PatchFile, PatchMail } from '../trace/patch.ts';
import { indexLines, type LineIndex, type Placement, placeHunk } from '../trace/place.ts';
import type { CodePlace } from './backtrace.ts';

/** A hunk, where it stands in the mail, and where it belongs. */
export interface PlacedHunk {
  file: PatchFile;
  hunk: Hunk;
  /** path in this tree; null where the tree has no such file */
  path: string | null;
  placement: Placement | null;
}

export interface PatchPlaces {
  /** places a hunk; found once and kept */
  place(file: PatchFile, hunk: Hunk): PlacedHunk;
}

/** Opens the places of patches. `read` gives a file of the tree, null where there is none. */
export function newPatchPlaces(read: (path: string) => string | null): PatchPlaces {
  const files = new Map<string, LineIndex | null>();
  const placed = new Map<Hunk, PlacedHunk>();
  const fileOf = (path: string): LineIndex | null => {
    let index = files.get(path);
    if (index === undefined) {
      const text = read(path);
      index = text === null ? null : indexLines(text.split(/\r?\n/));
      files.set(path, index);
    }
    return index;
  };
  return {
    place(file, hunk) {
      let known = placed.get(hunk);
      if (!known) {
        // what the patch adds may be in the tree already; what it renames may not have been renamed yet
        const path = [file.newPath, file.oldPath].find((p) => p !== null && fileOf(p) !== null) ?? null;
        const lines = path === null ? null : fileOf(path);
        known = { file, hunk, path, placement: lines && placementOf(hunk, lines) };
        placed.set(hunk, known);
      }
      return known;
    },
  };
}

/** Less than this share of a side found: the function that the hunk's header names says more. */
const FEW = 0.5;

function placementOf(hunk: Hunk, index: LineIndex): Placement {
  const placement = placeHunk(hunk, index);
  if (placement.state !== 'conflicts' || placement.matched >= FEW || hunk.section === '') return placement;
  const at = index.lines.findIndex((l) => l.startsWith(hunk.section));
  return at < 0 ? placement : { ...placement, line: at + 1, drift: at + 1 - hunk.oldStart };
}

/** What became of a hunk, in few words: `applies`, `applies 12 lines further down`, `applied already`, `conflicts`. */
export function placementText({ file, path, placement }: PlacedHunk): string {
  if (!placement) {
    if (file.kind === 'added') return 'adds a file';
    return path === null ? 'this tree has no such file' : 'could not be placed';
  }
  const { state, drift, unique, exact } = placement;
  const moved = drift === 0 ? '' : ` ${Math.abs(drift)} lines further ${drift > 0 ? 'down' : 'up'}`;
  const how = `${unique ? '' : ', in one of several places'}${exact ? '' : ', white space or context aside'}`;
  if (state === 'conflicts') return 'conflicts: neither its old nor its new lines stand here';
  return `${state === 'applied' ? `applied already${moved ? `,${moved}` : ''}` : `applies${moved}`}${how}`;
}

/** A CodeLens over each hunk: what became of it, and a way to its place. `target` makes the command for that. */
export function hunkLenses(
  places: PatchPlaces,
  mail: PatchMail,
  target: (place: CodePlace) => { command: string; arguments: unknown[] },
): CodeLens[] {
  return mail.patches.flatMap((patch) =>
    patch.files.flatMap((file) =>
      file.hunks.map((hunk): CodeLens => {
        const start = { line: hunk.line - 1, character: 0 };
        const title = placementText(places.place(file, hunk));
        const place = placeOfPoint(places, { file, hunk, line: null });
        const command = place ? { title, ...target(place) } : { title, command: '' };
        return { range: { start, end: start }, command };
      }),
    ),
  );
}

/** A line of a hunk and its number among the lines of the side that stands in the file. */
function lineInFile(hunk: Hunk, placement: Placement, line: HunkLine): number {
  const skipped = placement.state === 'applied' ? 'remove' : 'add';
  let at = placement.line;
  for (const l of hunk.lines) {
    if (l === line) break;
    if (l.kind !== skipped) at++;
  }
  return at;
}

/** What a line of the mail (1-based) is part of: a hunk's header, one of its lines, a file's header. */
export interface PatchPoint {
  file: PatchFile;
  hunk: Hunk | null;
  line: HunkLine | null;
}

/** Finds the patch's part at a line of the mail (1-based); null outside of patches. */
export function patchPointAt(mail: PatchMail, line: number): PatchPoint | null {
  for (const patch of mail.patches)
    for (const file of patch.files)
      for (const hunk of file.hunks) {
        if (hunk.line === line) return { file, hunk, line: null };
        const found = hunk.lines.find((l) => l.line === line);
        if (found) return { file, hunk, line: found };
      }
  for (const patch of mail.patches)
    for (const file of patch.files) if (file.line === line) return { file, hunk: null, line: null };
  return null;
}

/** The place in the tree of a hunk's header or of one of its lines; null where the tree lacks the file. */
export function placeOfPoint(places: PatchPlaces, { file, hunk, line }: PatchPoint): CodePlace | null {
  const first = hunk ?? file.hunks[0];
  if (!first) return null;
  const placed = places.place(file, first);
  if (!placed.path || !placed.placement) return null;
  if (!hunk) return { file: placed.path, line: 1 };
  const changed = line ?? hunk.lines.find((l) => l.kind !== 'context') ?? hunk.lines[0];
  return { file: placed.path, line: changed ? lineInFile(hunk, placed.placement, changed) : placed.placement.line };
}
