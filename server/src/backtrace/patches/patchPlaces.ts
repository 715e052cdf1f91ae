/** A mailed patch -> its places in this tree: where each hunk stands, which functions it touches, what it connects. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FileFacts, FunctionFact } from '../../facts/types.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameKind } from '../../index/store/postings.ts';
import { dispatchesSeen } from '../../resolve/dispatch/dispatches.ts';
import type { Definition } from '../../resolve/names/scope.ts';
import { usesOf } from '../../resolve/slots/slots.ts';
import type { World } from '../../resolve/world.ts';
import type { Hunk, HunkLine, Patch, PatchFile } from '../../trace/mail/patchTypes.ts';
import { type LineIndex, type Placement, placeHunk } from '../../trace/mail/place.ts';
import { definedName, edgesOf, type NewEdge, sectionFunction } from './patchEdges.ts';
import { applyFile, fileLines, openFiles, type PatchedFiles, type Stacked, stackedLines } from './patchedFiles.ts';

/** A hunk's place. Lines are 1-based. */
export interface ResolvedHunk {
  hunk: Hunk;
  /** null where the tree has no such file */
  placement: Placement | null;
  /** line of the tree for each line of the hunk; null for what is not there */
  lines: (number | null)[];
  /** functions of the tree that its changed lines stand in */
  functions: string[];
  /** its line once the patches before it in the text are applied, where it applies on top of them; else null */
  onTop: number | null;
  /** the function that the hunk's header names, where the tree's file has it: for hunks that are not found by content */
  section: { function: string; line: number } | null;
}

/** One file of a patch, and where its hunks stand in the tree. */
export interface ResolvedPatchFile {
  file: PatchFile;
  /** path in this tree; null where it has no such file */
  path: string | null;
  hunks: ResolvedHunk[];
}

/** A slot that a touched function stands in. */
export interface TouchedSlot {
  /** `vm_operations_struct.page_mkwrite` */
  slot: string;
  table: string;
  file: string;
  line: number;
  /** where the slot is called, the nearest first */
  dispatches: { function: string; file: string; line: number }[];
}

/** A function whose body a patch changes, and the slots that it stands in. Lines are 1-based. */
export interface TouchedFunction {
  function: string;
  file: string;
  line: number;
  slots: TouchedSlot[];
}

/** A patch as it stands in a tree. */
export interface ResolvedPatch {
  patch: Patch;
  files: ResolvedPatchFile[];
  touched: TouchedFunction[];
  /** calls and registrations that the patch adds */
  edges: NewEdge[];
}

/**
 * Finds the patches of a text in a tree: those of a series each on top of the ones before, where they apply so. Files of
 * the tree are read as they are on disk now.
 */
export function resolvePatches(world: World, patches: readonly Patch[]): ResolvedPatch[] {
  const files = openFiles(world.index.root);
  return patches.map((patch) => {
    const resolved = resolveOne(world, patch, files);
    for (const file of resolved.files) applyFile(files, file);
    return resolved;
  });
}

function resolveOne(world: World, patch: Patch, texts: PatchedFiles): ResolvedPatch {
  const { index } = world;
  const files = patch.files.map((file) => resolveFile(index, file, texts));
  const touched = new Map<string, TouchedFunction>();
  for (const { path, hunks } of files)
    for (const name of path ? new Set(hunks.flatMap((h) => h.functions)) : [])
      if (path) touched.set(`${path} ${name}`, touchedFunction(world, path, name));
  return { patch, files, touched: [...touched.values()], edges: edgesOf(index, patch, files) };
}

function resolveFile(index: IndexReader, file: PatchFile, texts: PatchedFiles): ResolvedPatchFile {
  const named = [file.newPath, file.oldPath].flatMap((p) => (p === null ? [] : [p]));
  const isNew = file.kind === 'added';
  const paths = isNew ? named : [...named, ...named.flatMap((p) => endInTree(texts, p) ?? [])];
  const path =
    paths.find((p) => index.fileId(p) !== undefined) ?? paths.find((p) => fileLines(texts, p) !== null) ?? null;
  const lines = path === null ? null : fileLines(texts, path);
  const stacked =
    [path ?? [], ...paths]
      .flat()
      .map((p) => stackedLines(texts, p))
      .find((l) => l !== null) ?? null;
  const facts = path === null ? null : index.facts(path);
  return {
    file,
    path,
    // what a patch makes stands nowhere yet; a file that is there holds it already, or something else
    hunks: file.hunks.map((hunk) =>
      isNew && lines === null ? newFileHunk(hunk) : resolveHunk(hunk, lines, stacked, facts),
    ),
  };
}

/**
 * The end of a path that the tree has: a diff of other folders puts theirs in front. What stands below one of the tree's
 * own folders is a path of the tree, and just not there.
 */
function endInTree(texts: PatchedFiles, path: string): string | null {
  const parts = path.split('/').filter((p) => p !== '' && p !== '.');
  for (let i = 1; i < Math.min(parts.length, MOST_FOLDERS); i++) {
    if (existsSync(join(texts.root, parts[i - 1]))) return null;
    const end = parts.slice(i).join('/');
    if (fileLines(texts, end) !== null) return end;
  }
  return null;
}

/** Folders in front of the tree's that are looked past. */
const MOST_FOLDERS = 12;

const newFileHunk = (hunk: Hunk): ResolvedHunk => ({
  hunk,
  placement: { state: 'applies', line: 1, drift: 0, matched: 1, exact: true, unique: true },
  lines: hunk.lines.map(() => null),
  functions: [],
  onTop: null,
  section: null,
});

function resolveHunk(
  hunk: Hunk,
  lines: LineIndex | null,
  stacked: Stacked | null,
  facts: FileFacts | null,
): ResolvedHunk {
  const plain = lines && placeHunk(hunk, lines);
  const top = stacked && placeHunk(hunk, stacked.lines);
  const onTop = top !== null && (top.state === 'applies' || top.state === 'drifted') ? top.line : null;
  const found = onTop === null ? plain : top;
  const origin = onTop !== null && stacked ? stacked.origin : null;
  const places = found ? linesOf(hunk, found, origin) : hunk.lines.map(() => null);
  const placement = found && origin ? { ...found, line: lineBelow(origin, found.line) } : found;
  const named = ownFunctions(hunk);
  const functions = new Set<string>();
  // for a line that is not in the tree: the one above it that is
  let above = places.find((p) => p !== null) ?? null;
  let asked: number | null = null;
  hunk.lines.forEach((l, i) => {
    above = places[i] ?? above;
    if (l.kind === 'context' || above === null || above === asked || !facts) return;
    asked = above;
    const fn = functionAtLine(facts, above);
    if (fn && placement?.state !== 'conflicts') functions.add(fn.name);
  });
  const known = named.map((name) => facts?.functions.find((f) => f.name === name));
  if (functions.size === 0 && placement?.state === 'conflicts') for (const f of known) if (f) functions.add(f.name);
  const [fact] = known;
  return {
    hunk,
    placement,
    lines: places,
    functions: [...functions],
    onTop,
    section: fact ? { function: fact.name, line: fact.line } : null,
  };
}

/**
 * The functions that a hunk itself says its changed lines stand in: what its lines begin to define, and before that what
 * git prints in its header.
 */
function ownFunctions(hunk: Hunk): string[] {
  const out = new Set<string>();
  let around = sectionFunction(hunk.section);
  for (const { kind, text } of hunk.lines) {
    around = definedName(text) ?? around;
    if (kind !== 'context' && around) out.add(around);
    if (text.startsWith('}')) around = null;
  }
  return [...out];
}

/** The tree's line of each line of a hunk that stands there: of its new side where it is applied, else of its old one. */
function linesOf(hunk: Hunk, placement: Placement, origin: Stacked['origin'] | null): (number | null)[] {
  const gone: HunkLine['kind'] = placement.state === 'applied' ? 'remove' : 'add';
  let at = placement.line;
  return hunk.lines.map((l) => {
    if (l.kind === gone) return null;
    const line = at++;
    return origin ? (origin[line - 1] ?? null) : line;
  });
}

/** The tree's own line at or below a line of a file that patches have changed; the last one where none is below. */
function lineBelow(origin: Stacked['origin'], line: number): number {
  for (let i = Math.max(0, line - 1); i < origin.length; i++) {
    const own = origin[i];
    if (own !== null) return own;
  }
  return origin.findLast((l) => l !== null) ?? 1;
}

function functionAtLine(facts: FileFacts, line: number): FunctionFact | null {
  return facts.functions.find((f) => f.line <= line && line <= f.endLine && !f.macro) ?? null;
}

const MOST_DISPATCHES = 5;

function touchedFunction(world: World, file: string, name: string): TouchedFunction {
  const { index } = world;
  const facts = index.facts(file);
  const n = facts?.functions.findIndex((f) => f.name === name) ?? -1;
  const fact = facts?.functions[n];
  const line = fact?.line ?? 1;
  const definition: Definition = {
    ...{ name, file, line, kind: NameKind.Function, column: fact?.column ?? 1, index: n },
    static: fact?.static ?? false,
    macro: false,
  };
  const slots: TouchedSlot[] = [];
  for (const r of usesOf(world, definition, file).registrations) {
    if (!r.owner || slots.length >= 20) continue;
    const { sites } = dispatchesSeen(world, r.owner, r.member, file);
    slots.push({
      slot: `${r.owner}.${r.member}`,
      table: r.variable,
      file: r.filePath,
      line: r.targetLine,
      dispatches: sites
        .slice(0, MOST_DISPATCHES)
        .map((d) => ({ function: d.function, file: d.filePath, line: d.line })),
    });
  }
  return { function: name, file, line, slots };
}
