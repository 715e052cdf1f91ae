/** Which calls and registrations a patch adds: read from its lines, as the tree does not have them yet. */

import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind } from '../../index/store/postings.ts';
import type { Hunk, Patch } from '../../trace/mail/patchTypes.ts';

/** One step of control that a patch adds. */
export interface NewEdge {
  kind: 'call' | 'registration';
  /** the calling function, or the table */
  from: string;
  to: string;
  /** of a registration: the struct's tag where the patch shows it, and the member */
  slot: string | null;
  /** file of the patch, and line of the input, 1-based */
  file: string;
  inputLine: number;
}

/** Words before a `(` that call nothing. */
const NOT_CALLED = /^(?:if|while|for|switch|return|sizeof|typeof|offsetof|defined|__attribute__)$/;
const DEFINES = /^(?:[A-Za-z_][\w\s*]*?[\s*])?([A-Za-z_]\w*)\s*\([^;]*$/;
const TABLE =
  /^\s*(?:static\s+|const\s+|extern\s+|__\w+\s+)*(?:struct|union)\s+(\w+)\s+(?:\w+\s+)*?(\w+)\s*(?:\[[^\]]*\]\s*)?=/;
const ENTRY = /^\s*\.(\w+)\s*=\s*&?([A-Za-z_]\w*)\s*,?\s*$/;
const ASSIGNED = /(?:->|\.)(\w+)\s*=\s*&?([A-Za-z_]\w*)\s*;/g;
const CALL = /\b([A-Za-z_]\w*)\s*\(/g;

/** What is known of a patched file: its path in the tree, and the functions that each hunk stands in. */
interface PatchedFile {
  path: string | null;
  hunks: readonly { functions: readonly string[] }[];
}

/** The function in what git prints behind `@@`: `static int ext4_foo(struct inode *inode,`. */
export function sectionFunction(section: string): string | null {
  return /(\w+)\s*\(/.exec(section)?.[1] ?? null;
}

/** Every call and registration on added lines that the same patch does not take away elsewhere, in their order. */
export function edgesOf(index: IndexReader, patch: Patch, places: readonly PatchedFile[]): NewEdge[] {
  const defined = new Set<string>();
  for (const file of patch.files)
    for (const hunk of file.hunks)
      for (const line of hunk.lines) {
        const name = line.kind === 'add' ? definedName(line.text) : null;
        if (name) defined.add(name);
      }
  const isFunction = (name: string) => defined.has(name) || isKnownFunction(index, name);
  const out: NewEdge[] = [];
  const removed = new Set<string>();
  patch.files.forEach((file, i) => {
    const path = places[i]?.path ?? file.newPath ?? file.oldPath ?? '';
    file.hunks.forEach((hunk, h) => {
      const around = functionAround(hunk.section, places[i]?.hunks[h]?.functions[0] ?? null);
      for (const e of edgesOfSide(hunk, around, 'remove', path, isFunction)) removed.add(keyOf(e));
      out.push(...edgesOfSide(hunk, around, 'add', path, isFunction));
    });
  });
  const seen = new Set<string>();
  return out.filter((e) => !removed.has(keyOf(e)) && !seen.has(keyOf(e)) && seen.add(keyOf(e)));
}

/**
 * The function that a hunk begins in. What a macro makes (`STORE(__cached_dev)`, `SYSCALL_DEFINE3(read, …`) bears another
 * name in the tree; where that is not known, it is called as it stands.
 */
function functionAround(section: string, inTree: string | null): string | null {
  const name = sectionFunction(section);
  if (name === null || !/^[A-Z][A-Z0-9_]*$/.test(name)) return name ?? inTree;
  const first = /\(\s*(\w+)/.exec(section)?.[1];
  return inTree ?? (first ? `${name}(${first})` : name);
}

const keyOf = (e: NewEdge): string => `${e.kind} ${e.from} ${e.to} ${e.slot}`;

function isKnownFunction(index: IndexReader, name: string): boolean {
  return index
    .names(name)
    .some(
      (p) => p.kind === NameKind.Function || (p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0),
    );
}

/** The function that a line at the left margin begins to define; null for anything else. */
export function definedName(text: string): string | null {
  if (!/^[A-Za-z_]/.test(text)) return null;
  const name = DEFINES.exec(text)?.[1];
  return name && !NOT_CALLED.test(name) && !/^[A-Z0-9_]+$/.test(name) ? name : null;
}

/** What a hunk's lines so far say of the place that the next one stands in. */
interface Around {
  /** the function, and the table of functions with its struct's tag */
  function: string | null;
  table: { tag: string; name: string } | null;
  /** a comment goes on */
  comment: boolean;
}

const tableIn = (text: string): Around['table'] => {
  const m = TABLE.exec(text);
  return m && { tag: m[1], name: m[2] };
};

function edgesOfSide(
  hunk: Hunk,
  section: string | null,
  side: 'add' | 'remove',
  file: string,
  isFunction: (name: string) => boolean,
): NewEdge[] {
  const out: NewEdge[] = [];
  const around: Around = { function: section, table: tableIn(hunk.section), comment: false };
  for (const { kind, text, line } of hunk.lines) {
    if (kind !== 'context' && kind !== side) continue;
    const plain = withoutComments(text, around.comment);
    around.comment = plain.open;
    const begun = definedName(plain.text);
    if (begun) {
      around.function = begun;
      around.table = null;
    }
    around.table = tableIn(plain.text) ?? around.table;
    if (kind === side && !begun)
      for (const edge of edgesOfLine(plain.text, around, isFunction)) out.push({ ...edge, file, inputLine: line });
    if (plain.text.startsWith('}')) {
      around.function = null;
      around.table = null;
    }
  }
  return out;
}

/** A table's entry, assignments to members, and calls, as far as they name functions. */
function* edgesOfLine(
  text: string,
  { function: fn, table }: Around,
  isFunction: (name: string) => boolean,
): Iterable<Pick<NewEdge, 'kind' | 'from' | 'to' | 'slot'>> {
  const entry = ENTRY.exec(text);
  if (entry && isFunction(entry[2]))
    yield { kind: 'registration', from: table?.name ?? '?', to: entry[2], slot: slotOf(table?.tag, entry[1]) };
  for (const m of text.matchAll(ASSIGNED))
    if (isFunction(m[2])) yield { kind: 'registration', from: fn ?? '?', to: m[2], slot: m[1] };
  if (!fn) return;
  for (const m of text.matchAll(CALL)) {
    const before = text.slice(0, m.index).trimEnd();
    const isMember = before.endsWith('->') || before.endsWith('.');
    if (!isMember && !NOT_CALLED.test(m[1]) && m[1] !== fn && isFunction(m[1]))
      yield { kind: 'call', from: fn, to: m[1], slot: null };
  }
}

const slotOf = (tag: string | undefined, member: string): string => (tag ? `${tag}.${member}` : member);

/** A line without comments and strings; `open`: a comment goes on behind it. */
function withoutComments(text: string, inside: boolean): { text: string; open: boolean } {
  let rest = text;
  if (inside) {
    const end = rest.indexOf('*/');
    if (end < 0) return { text: '', open: true };
    rest = rest.slice(end + 2);
  }
  rest = rest
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\/\*.*?\*\//g, ' ')
    .replace(/\/\/.*/, '');
  const open = rest.indexOf('/*');
  return open < 0 ? { text: rest, open: false } : { text: rest.slice(0, open), open: true };
}
