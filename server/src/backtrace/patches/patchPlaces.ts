/** A mailed patch -> its places in this tree: where each hunk stands, which functions it touches, what it connects. */

import type { FileFacts, FunctionFact } from '../../facts/types.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameKind } from '../../index/store/postings.ts';
import { readTreeText } from '../../index/treeFiles.ts';
import { dispatchesSeen } from '../../resolve/dispatch/dispatches.ts';
import type { Definition } from '../../resolve/names/scope.ts';
import { usesOf } from '../../resolve/slots/slots.ts';
import type { World } from '../../resolve/world.ts';
import type { Hunk, HunkLine, Patch, PatchFile } from '../../trace/mail/patchTypes.ts';
import { indexLines, type LineIndex, type Placement, placeHunk } from '../../trace/mail/place.ts';
import { edgesOf, type NewEdge, sectionFunction } from './patchEdges.ts';

/** A hunk's place. Lines are 1-based. */
export interface ResolvedHunk {
  hunk: Hunk;
  /** null where the tree has no such file */
  placement: Placement | null;
  /** line of the tree for each line of the hunk; null for what is not there */
  lines: (number | null)[];
  /** functions of the tree that its changed lines stand in */
  functions: string[];
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

/** Finds a patch in a tree. Files of the tree are read as they are on disk now. */
export function resolvePatch(world: World, patch: Patch): ResolvedPatch {
  const { index } = world;
  const texts = new Map<string, LineIndex | null>();
  const files = patch.files.map((file) => resolveFile(index, file, texts));
  const touched = new Map<string, TouchedFunction>();
  for (const { path, hunks } of files)
    for (const name of path ? new Set(hunks.flatMap((h) => h.functions)) : [])
      if (path) touched.set(`${path} ${name}`, touchedFunction(world, path, name));
  return {
    patch,
    files,
    touched: [...touched.values()],
    edges: edgesOf(index, patch, files),
  };
}

/** `texts` are the files read so far: a patch may name one any number of times. */
function resolveFile(index: IndexReader, file: PatchFile, texts: Map<string, LineIndex | null>): ResolvedPatchFile {
  const path = [file.newPath, file.oldPath].find((p) => p !== null && index.fileId(p) !== undefined) ?? null;
  const read = [path, file.newPath, file.oldPath].flatMap((p) => (p === null ? [] : [p]));
  const linesAt = (p: string): LineIndex | null => {
    let known = texts.get(p);
    if (known === undefined) {
      const text = textOf(index.root, p);
      known = text === null ? null : indexLines(text.split('\n'));
      texts.set(p, known);
    }
    return known;
  };
  const lines = read.map(linesAt).find((l) => l !== null) ?? null;
  const facts = path === null ? null : index.facts(path);
  // what a patch makes stands nowhere yet; a file that is there holds it already, or something else
  const isNew = file.kind === 'added' && lines === null;
  return {
    file,
    path: path ?? (lines === null ? null : (read[0] ?? null)),
    hunks: file.hunks.map((hunk) => (isNew ? newFileHunk(hunk) : resolveHunk(hunk, lines, facts))),
  };
}

const newFileHunk = (hunk: Hunk): ResolvedHunk => ({
  hunk,
  placement: { state: 'applies', line: 1, drift: 0, matched: 1, exact: true, unique: true },
  lines: hunk.lines.map(() => null),
  functions: [],
  section: null,
});

function textOf(root: string, path: string): string | null {
  // a patch may name any path: none outside the tree is read
  return path.startsWith('/') || path.split('/').includes('..') ? null : readTreeText(root, path, 'utf8');
}

function resolveHunk(hunk: Hunk, lines: LineIndex | null, facts: FileFacts | null): ResolvedHunk {
  const placement = lines && placeHunk(hunk, lines);
  const places = placement ? linesOf(hunk, placement) : hunk.lines.map(() => null);
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
  const named = sectionFunction(hunk.section);
  const fact = named && facts?.functions.find((f) => f.name === named);
  if (fact && functions.size === 0 && placement?.state === 'conflicts') functions.add(fact.name);
  return {
    hunk,
    placement,
    lines: places,
    functions: [...functions],
    section: fact ? { function: fact.name, line: fact.line } : null,
  };
}

/** The tree's line of each line of a hunk that stands there: of its new side where it is applied, else of its old one. */
function linesOf(hunk: Hunk, placement: Placement): (number | null)[] {
  const gone: HunkLine['kind'] = placement.state === 'applied' ? 'remove' : 'add';
  let at = placement.line;
  return hunk.lines.map((l) => (l.kind === gone ? null : at++));
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
