/** The list of names for fuzzy symbol search: one block of text, searched with a letter mask in front. */
import { decodeName, NameKind } from './postings.ts';
import type { Store } from './store.ts';

/** Kinds worth finding by a fuzzy query: functions, tables, records, typedefs, assembly symbols. */
const LISTED: ReadonlySet<number> = new Set([
  NameKind.Function,
  NameKind.Record,
  NameKind.Typedef,
  NameKind.Variable,
  NameKind.Label,
]);

/** All listed names, one a line, in order. */
export function encodeSymbols(store: Store): Buffer {
  const names: string[] = [];
  let last = '';
  for (const { key, value } of store.names.getRange()) {
    if (key === last) continue;
    const p = decodeName(value as Buffer);
    if (!LISTED.has(p.kind) && !otherListed(store, key)) {
      last = key;
      continue;
    }
    names.push(key);
    last = key;
  }
  return Buffer.from(names.join('\n'), 'latin1');
}

function otherListed(store: Store, name: string): boolean {
  for (const value of store.names.getValues(name)) if (LISTED.has(decodeName(value as Buffer).kind)) return true;
  return false;
}

export interface SymbolList {
  names: string[];
  /** one bit a letter, digit or underscore that occurs in the name */
  masks: Uint32Array;
}

const bit = (c: number): number => {
  if (c >= 97 && c <= 122) return 1 << (c - 97);
  if (c >= 65 && c <= 90) return 1 << (c - 65);
  if (c === 95) return 1 << 26;
  return c >= 48 && c <= 57 ? 1 << (27 + ((c - 48) % 5)) : 0;
};

function maskOf(name: string): number {
  let mask = 0;
  for (let i = 0; i < name.length; i++) mask |= bit(name.charCodeAt(i));
  return mask;
}

export function decodeSymbols(bytes: Buffer | undefined): SymbolList {
  const text = bytes?.toString('latin1') ?? '';
  const names = text ? text.split('\n') : [];
  const masks = new Uint32Array(names.length);
  for (let i = 0; i < names.length; i++) masks[i] = maskOf(names[i]);
  return { names, masks };
}

/**
 * Names that hold the query's letters in order, best first: whole match, prefix, word starts, then anywhere. At most
 * `limit`.
 */
export function searchSymbols(list: SymbolList, query: string, limit: number): { name: string; score: number }[] {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  if (!wanted) return [];
  const mask = maskOf(wanted);
  const found: { name: string; score: number }[] = [];
  let worst = -Infinity;
  for (let i = 0; i < list.names.length; i++) {
    if (((list.masks[i] & mask) | 0) !== mask) continue;
    const score = fuzzyScore(list.names[i], wanted);
    if (score === -Infinity || (found.length >= limit * 4 && score <= worst)) continue;
    found.push({ name: list.names[i], score });
    if (found.length > limit * 8) {
      found.sort((a, b) => b.score - a.score);
      found.length = limit * 4;
      worst = found[found.length - 1].score;
    }
  }
  found.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  return found.slice(0, limit);
}

/** How well `query` (lower case) fits `name`; -Infinity where its letters don't occur in order. */
export function fuzzyScore(name: string, query: string): number {
  const lower = name.toLowerCase();
  if (lower === query) return 1000;
  const at = lower.indexOf(query);
  if (at === 0) return 800 - name.length;
  if (at > 0) return (lower[at - 1] === '_' ? 600 : 400) - name.length - at;
  let score = 0;
  let n = 0;
  let run = 0;
  for (let q = 0; q < query.length; q++) {
    const next = lower.indexOf(query[q], n);
    if (next < 0) return -Infinity;
    const start = next === 0 || lower[next - 1] === '_';
    run = next === n && q > 0 ? run + 1 : 0;
    score += start ? 12 : run > 0 ? 6 : -2;
    n = next + 1;
  }
  return score - name.length;
}
