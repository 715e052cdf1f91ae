/** The items of a call hierarchy: functions, macros, slots and pointers, and what each carries to be asked again. */

import { type CallHierarchyItem, type Range, SymbolKind } from 'vscode-languageserver';
import { holderName, isHolder } from '../../../index/link/holders.ts';
import { NameKind } from '../../../index/store/postings.ts';
import { readTreeText } from '../../../index/treeFiles.ts';
import { findField } from '../../../index/types/typing.ts';
import type { Definition } from '../../../resolve/names/scope.ts';
import type { TreePlace } from '../../../resolve/world.ts';
import { count } from '../../markdown.ts';
import { type Request, rangeOf, uriOf } from '../../request.ts';

/** A request of the hierarchy: its items tell which file they are of. */
export type HierarchyRequest = Omit<Request, 'file'>;

/** A function or macro, by its place. */
export interface FunctionData extends TreePlace {
  kind: 'function' | 'macro';
  name: string;
}

/** A slot as it is looked at: from dispatches, from a function that stands in it, or as a whole. */
export interface SlotData {
  kind: 'slot';
  owner: string;
  member: string;
  /** of a static variable that holds functions, its file */
  file?: string;
  /** the file that it is looked at from */
  from: string;
  /**
   * its dispatches in that file that are meant, where some are: what they may call is what the item opens into. Those by a
   * local that holds the member have the local's name.
   */
  sites: { line: number; column: number; name: string }[];
  /** the function in it that the caller's question is about: only who may get to that one counts */
  reached: FunctionData | null;
  /** only the functions of a folder */
  folder: string | null;
}

/** A pointer that is called, a parameter or local, at its place. */
export interface PointerData extends TreePlace {
  kind: 'pointer';
  name: string;
}

/** Stands for calls that an index which is still being built can't know yet; it opens into nothing. */
export interface PendingData {
  kind: 'pending';
}

/** What an item carries. */
export type ItemData = FunctionData | SlotData | PointerData | PendingData;

/** What a definition's item carries. */
export const dataOf = ({ name, kind, file, line, column }: Definition): FunctionData => ({
  kind: kind === NameKind.Macro ? 'macro' : 'function',
  name,
  file,
  line,
  column,
});

/** The item of a function or macro. */
export function functionItem(request: HierarchyRequest, d: Definition): CallHierarchyItem {
  const isMacro = d.kind === NameKind.Macro;
  const range = rangeOf(request, d, d.name.length);
  return {
    name: d.name,
    kind: isMacro ? SymbolKind.Constant : SymbolKind.Function,
    detail: isMacro ? `macro · ${d.file}` : d.file,
    uri: uriOf(request.root, d.file),
    range,
    selectionRange: range,
    data: dataOf(d) satisfies ItemData,
  };
}

/** Where a slot's member is declared; for want of that, where it is called. */
export function slotPlace(
  request: HierarchyRequest,
  owner: string,
  member: string,
  other: TreePlace | null,
): TreePlace {
  for (const record of request.index.types.recordsByTag(owner)) {
    const found = findField(request.index.types, record, member);
    if (found) return { file: found.file, line: found.field.line, column: found.field.column };
  }
  return other ?? { file: '', line: 1, column: 1 };
}

/** The item of a slot with so many functions, or of those in one folder. */
export function slotItem(
  request: HierarchyRequest,
  data: Omit<SlotData, 'kind'>,
  implementations: number,
  place: TreePlace,
): CallHierarchyItem {
  const { owner, member, folder } = data;
  const range = rangeOf(request, place, member.length);
  const many = count(implementations, 'implementation');
  const isMember = owner !== '' || !isHolder(member);
  const name = isMember ? `->${member}` : holderName(member);
  const of = isMember ? `${owner || 'struct not known'} · ` : '';
  return {
    name: folder === null ? name : folder,
    kind: folder === null ? SymbolKind.Event : SymbolKind.Package,
    detail: folder === null ? `${of}${many}` : `${name} · ${many}`,
    uri: uriOf(request.root, place.file),
    range,
    selectionRange: range,
    data: { kind: 'slot', ...data } satisfies ItemData,
  };
}

/** The item of a pointer that a function calls. */
export function pointerItem(
  request: HierarchyRequest,
  within: FunctionData,
  site: { name: string; line: number; column: number },
  range: Range,
): CallHierarchyItem {
  return {
    name: `(*${site.name})`,
    kind: SymbolKind.Event,
    detail: `pointer in ${within.name}`,
    uri: uriOf(request.root, within.file),
    range,
    selectionRange: range,
    data: {
      kind: 'pointer',
      name: site.name,
      file: within.file,
      line: site.line,
      column: site.column,
    } satisfies ItemData,
  };
}

/** The last item below another one while the index is being built: more may come. Null once that is known. */
export const pendingItem = ({ notYet }: HierarchyRequest, below: CallHierarchyItem): CallHierarchyItem | null =>
  notYet === null
    ? null
    : {
        name: '…',
        kind: SymbolKind.Null,
        detail: `the rest is ${notYet}`,
        uri: below.uri,
        range: below.range,
        selectionRange: below.selectionRange,
        data: { kind: 'pending' } satisfies ItemData,
      };

/** Columns of names in lines that the index has no column for. Files are read once a request. */
export function newColumns(request: HierarchyRequest): (place: TreePlace, name: string) => TreePlace {
  const files = new Map<string, string[]>();
  const MAX_FILES = 300;
  return (place, name) => {
    if (place.column) return place;
    let lines = files.get(place.file);
    if (!lines) {
      if (files.size >= MAX_FILES) return { ...place, column: 1 };
      lines = readTreeText(request.root, place.file, 'latin1')?.split('\n') ?? [];
      files.set(place.file, lines);
    }
    const text = lines[place.line - 1] ?? '';
    const at = new RegExp(`\\b${name}\\b`).exec(text);
    return { ...place, column: (at?.index ?? 0) + 1 };
  };
}
