/** Where the tree has functions of a name: definitions, entries in assembly, tracepoints, declarations. */
import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind, type NamePosting } from '../../index/store/postings.ts';
import { domainOf } from '../../kernel/domain.ts';
import { eventsOfFunction } from '../events.ts';
import { hiddenPlaces } from './hiddenPlaces.ts';

/** Where a function is. Lines and columns are 1-based, columns count bytes. */
export interface FunctionPlace {
  /** its name in the source: a system call's may be another than the trace's */
  name: string;
  file: string;
  line: number;
  column: number;
  /** `declaration`: the tree has no body for it that Kerntrail reads; `event`: made by a tracepoint's definition */
  kind: 'function' | 'assembly' | 'declaration' | 'event';
  static: boolean;
  /** a macro makes it, the place is the macro's use */
  macro: boolean;
  /** index in the facts of its file, among those of its kind */
  index: number;
}

const placeOf = (index: IndexReader, name: string, p: NamePosting): FunctionPlace => ({
  name,
  file: index.pathOf(p.file),
  line: p.line,
  column: p.column,
  kind: p.kind === NameKind.Label ? 'assembly' : p.kind === NameKind.Function ? 'function' : 'declaration',
  static: (p.flags & NameFlag.Static) !== 0,
  macro: (p.flags & NameFlag.Macro) !== 0,
  index: p.index,
});

/** Every place that defines a function of this name, and where there is none every one that declares it. */
export function placesNamed(index: IndexReader, name: string): FunctionPlace[] {
  const all = index.names(name);
  const defined = all.filter((p) => p.kind === NameKind.Function || p.kind === NameKind.Label);
  const found = defined.map((p) => placeOf(index, name, p));
  if (found.some((p) => domainOf(p.file).startsWith('kernel/'))) return found;
  const events = eventsOfFunction(index, name);
  if (events.length)
    return events.map(({ file, line, column }) => ({
      ...{ name, file, line, column },
      kind: 'event',
      static: false,
      macro: true,
      index: -1,
    }));
  const hidden = hiddenPlaces(index, name);
  if (hidden.length || found.length) return [...hidden, ...found];
  return all
    .filter((p) => p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0)
    .map((p) => placeOf(index, name, p));
}
