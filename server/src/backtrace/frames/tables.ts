/** Which of the tables that hold a function a dispatch went through: more than their number is said where the trace tells more. */

import type { Registration } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { partOf } from '../../kernel/layout.ts';
import { FUNCTION_KINDS } from '../../resolve/names/scope.ts';
import type { TraceContext, Via } from '../resolvedTrace.ts';

/** Parts of the tree that a trace's functions are from, for as long as its list of functions lives. */
const parts = new WeakMap<ReadonlySet<string>, Set<string>>();

/** Filesystems, drivers and protocols (`fs/ext4`) that functions of the trace are defined in, and nowhere else. */
function partsOfTrace({ index, outOfLine }: TraceContext): Set<string> {
  let found = parts.get(outOfLine);
  if (found) return found;
  found = new Set();
  for (const name of outOfLine) {
    const own = new Set(
      index.names(name).flatMap((p) => (FUNCTION_KINDS.includes(p.kind) ? [partOf(index.pathOf(p.file))] : [])),
    );
    const [part] = own;
    if (own.size === 1 && part) found.add(part);
  }
  parts.set(outOfLine, found);
  return found;
}

/**
 * What is said of the tables that a dispatch in the file `from` may have gone through: the only one, the only one of a
 * part that the trace names otherwise, or how many there are.
 */
export function tablesSaid(
  context: TraceContext,
  from: string,
  holders: readonly Registration[],
): Pick<Via, 'table' | 'tables' | 'why'> {
  const { index, architecture } = context;
  const domain = domainOf(from);
  const seen = new Map<string, { table: string; part: string }>();
  for (const r of holders) {
    const file = index.pathOf(r.file);
    if (r.variable && sameDomain(domain, domainOf(file), architecture))
      seen.set(`${r.variable} ${file} ${r.function}`, { table: r.variable, part: partOf(file) });
  }
  const all = [...seen.values()];
  const names = new Set(all.map(({ table }) => table));
  // one of each configuration, by the same name
  if (names.size <= 1) return { table: all[0]?.table ?? null, tables: names.size, why: null };
  const known = partsOfTrace(context);
  const near = all.filter(({ part }) => known.has(part));
  const nearParts = [...new Set(near.map(({ part }) => part))];
  if (near.length === 0 || nearParts.length > 1) return { table: null, tables: all.length, why: null };
  const inTrace = `${nearParts[0]} is in the trace`;
  if (near.length === 1) return { table: near[0].table, tables: all.length, why: inTrace };
  if (near.length === all.length) return { table: null, tables: all.length, why: null };
  return { table: null, tables: all.length, why: `${near.length} of ${nearParts[0]}, which is in the trace` };
}
