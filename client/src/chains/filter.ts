/** What the view's filter keeps: by words, folders (`fs/ext4/`) and evidence (`@typed`, `-@name`). */
import type { ChainLink, ChainNode } from '../../../server/src/lsp/protocol.ts';

/** A filter as it was typed, taken apart. */
export interface Filter {
  text: string;
  words: string[];
  folders: string[];
  /** kinds of evidence, or of links, one of which must be there */
  evidence: string[];
  /** and those which must not */
  without: string[];
}

/** Evidence, and kinds of links, that a filter may name; the beginning of one is enough. */
const EVIDENCE = ['named', 'typed', 'flow', 'signature', 'name', 'call', 'dispatch', 'member', 'argument'];

/** Reads a filter: parts that hold a slash are folders, those with an @ evidence, `-@` without it, all others words. */
export function readFilter(text: string): Filter | null {
  const parts = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return null;
  const filter: Filter = { text: text.trim(), words: [], folders: [], evidence: [], without: [] };
  for (const part of parts) {
    if (part.startsWith('-@')) filter.without.push(part.slice(2));
    else if (part.startsWith('@')) filter.evidence.push(part.slice(1));
    else if (part.includes('/')) filter.folders.push(part.replace(/^\.?\//, ''));
    else filter.words.push(part);
  }
  return filter;
}

/** Evidence that a filter names and nobody has; '' where all is well. */
export function filterProblem(text: string): string {
  const filter = readFilter(text);
  const unknown = [...(filter?.evidence ?? []), ...(filter?.without ?? [])].find(
    (word) => !EVIDENCE.some((known) => known.startsWith(word)),
  );
  return unknown === undefined ? '' : `@${unknown} is no evidence: ${EVIDENCE.map((word) => `@${word}`).join(' ')}`;
}

/** Does a step stay? Each word must stand in its name, its struct, or in how it is got to. */
export function isKept(
  { words, folders, evidence, without }: Filter,
  node: ChainNode,
  link: ChainLink | null,
): boolean {
  const said = `${node.name} ${node.owner} ${link?.how ?? ''}`.toLowerCase();
  if (!words.every((word) => said.includes(word))) return false;
  const { file } = node;
  if (folders.length > 0 && !folders.some((folder) => file.toLowerCase().includes(folder))) return false;
  const known = link ? [link.evidence, link.kind] : [];
  const has = (word: string): boolean => known.some((k) => (EVIDENCE.includes(word) ? k === word : k.startsWith(word)));
  if (evidence.length > 0 && !evidence.some(has)) return false;
  return !without.some(has);
}
