/** Files of a tree as the patches of a series leave them, one after the other: kept in memory, the tree stays as it is. */
import { readTreeText } from '../../index/treeFiles.ts';
import type { Hunk, PatchFile } from '../../trace/mail/patchTypes.ts';
import { indexLines, type LineIndex, type Placement } from '../../trace/mail/place.ts';

/** A file as the patches so far leave it. */
export interface Stacked {
  lines: LineIndex;
  /** the tree's line (1-based) of each line; null for one that a patch brought */
  origin: (number | null)[];
}

/** The files that patches name: as they are in the tree, and as patches leave them. Read once each. */
export interface PatchedFiles {
  root: string;
  own: Map<string, LineIndex | null>;
  stacked: Map<string, Stacked>;
}

/** No file read yet. */
export const openFiles = (root: string): PatchedFiles => ({ root, own: new Map(), stacked: new Map() });

/** The lines of a file of the tree; null where it has none of that name. */
export function fileLines(files: PatchedFiles, path: string): LineIndex | null {
  let known = files.own.get(path);
  if (known === undefined) {
    // a patch may name any path: none outside the tree is read
    const isOutside = path.startsWith('/') || path.split('/').includes('..');
    const text = isOutside ? null : readTreeText(files.root, path, 'utf8');
    known = text === null ? null : indexLines(text.split('\n'));
    files.own.set(path, known);
  }
  return known;
}

/** The same once patches before have been applied; null where none of them touches it. */
export const stackedLines = (files: PatchedFiles, path: string): Stacked | null => files.stacked.get(path) ?? null;

/** A file of a patch and where its hunks stand, as far as applying them needs it. */
interface PlacedFile {
  file: PatchFile;
  path: string | null;
  hunks: readonly { hunk: Hunk; placement: Placement | null; onTop: number | null }[];
}

/** Applies what applies of a patch's file: to what the patches before left of it, or to the tree's own. */
export function applyFile(files: PatchedFiles, { file, path, hunks }: PlacedFile): void {
  const name = path ?? file.newPath ?? file.oldPath;
  const target = file.kind === 'renamed' || file.kind === 'copied' ? (file.newPath ?? name) : name;
  if (name === null || target === null) return;
  const before = files.stacked.get(name);
  const own = before?.lines.lines ?? fileLines(files, name)?.lines ?? [];
  const origin = before?.origin ?? own.map((_, i) => i + 1);
  const edits = hunks.flatMap(({ hunk, placement, onTop }) => {
    const applies = placement?.state === 'applies' || placement?.state === 'drifted';
    const line = before ? onTop : (placement?.line ?? null);
    return applies && line !== null ? [{ hunk, line }] : [];
  });
  if (edits.length === 0) return;
  const lines = [...own];
  const origins = [...origin];
  // from the end on, so that the places before stay true
  for (const { hunk, line } of edits.sort((a, b) => b.line - a.line)) applyHunk(lines, origins, hunk, line - 1);
  files.stacked.set(target, { lines: indexLines(lines), origin: origins });
}

/** Context stays as the file has it; lines that fuzz passed over are not the hunk's to change. */
function applyHunk(lines: string[], origin: (number | null)[], hunk: Hunk, from: number): void {
  const added: string[] = [];
  const origins: (number | null)[] = [];
  let at = from;
  for (const { kind, text } of hunk.lines) {
    if (kind === 'add') {
      added.push(text);
      origins.push(null);
      continue;
    }
    // fuzz at a file's top lies before its first line
    if (kind === 'context' && at >= 0 && at < lines.length) {
      added.push(lines[at]);
      origins.push(origin[at]);
    }
    at++;
  }
  const start = Math.max(0, from);
  lines.splice(start, at - start, ...added);
  origin.splice(start, at - start, ...origins);
}
