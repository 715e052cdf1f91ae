/** What comes of one file, as a worker hands it over. */
import { isAscii } from 'node:buffer';
import { namesCalled } from '../../facts/body/macroCalls.ts';
import type { FileFacts, MacroFact } from '../../facts/types.ts';
import { emptyFacts } from '../../facts/visit.ts';
import type { HeaderMacros } from '../../syntax/macros/scan.ts';
import { wordSetOf } from '../../syntax/text/wordSet.ts';
import { IndexDamage } from '../store/checked.ts';
import { encodeFacts, encodeRecords } from '../store/codec.ts';
import type { Rows } from '../store/rows.ts';
import { hashOf } from '../store/store.ts';
import type { FactsResult, NumberedFile, WorkerReply } from './messages.ts';

/** Everything over this size is read only for its #defines: no C file a person wrote is that large. */
export const MAX_FILE = 64 << 20;

/** Facts of a file that is looked at for its directives only. */
export function directiveFacts(path: string, bytes: Buffer, scanned: HeaderMacros): FileFacts {
  const { includes } = scanned;
  return { ...emptyFacts(path), includes, macros: macroFacts(bytes, scanned), partial: bytes.length > MAX_FILE };
}

const MAX_LISTED = 2000;

/** Places of a header's function-like macros; lists of registers have none. */
function macroFacts(bytes: Buffer, { macros }: HeaderMacros): MacroFact[] {
  const wanted = new Map(macros.filter((m) => m.params).map((m) => [m.name, m]));
  const out: MacroFact[] = [];
  if (wanted.size === 0 || wanted.size > MAX_LISTED) return out;
  bytes
    .toString('latin1')
    .split('\n')
    .forEach((text, i) => {
      const m = /^[ \t]*#[ \t]*define[ \t]+(\w+)\(/.exec(text);
      const macro = m && wanted.get(m[1]);
      if (!m || !macro) return;
      const { name, params } = macro;
      out.push({ name, params, calls: namesCalled(macro).join(' '), line: i + 1, column: m[0].length - name.length });
    });
  return out;
}

/** What the index keeps of a file that was read: facts and records packed, names of functions and #includes as text. */
export function factsResult({ path, id }: NumberedFile, bytes: Buffer, mtime: number, facts: FileFacts): FactsResult {
  return {
    path,
    id,
    size: bytes.length,
    mtime,
    hash: hashOf(bytes),
    facts: encodeFacts(facts),
    records: facts.records.length ? encodeRecords(facts.records) : null,
    words: wordSetOf(bytes),
    functions: facts.functions.map((f) => f.name).join('\n'),
    includes: facts.includes.join('\n'),
    parameterised: facts.instances !== null,
    ascii: isAscii(bytes),
    unlinked: false,
    lost: '',
    parsedBytes: facts.parsedBytes,
    errorBytes: facts.errorBytes,
  };
}

/** A file of which nothing was understood: it is in the index, so that it is not read again until it changes. */
export const lostResult = (file: NumberedFile, bytes: Buffer, mtime: number, why: string): FactsResult => ({
  ...factsResult(file, bytes, mtime, { ...emptyFacts(file.path), errorBytes: bytes.length, partial: true }),
  lost: why,
});

/** Why a file is lost, for the user. Damage of the index is no fault of the file: that is thrown on. */
export const reasonOf = (path: string, error: unknown): string => {
  if (error instanceof IndexDamage) throw error;
  if (process.env.KERNTRAIL_DEBUG) throw new Error(`${path}: ${(error as Error).stack}`);
  return (error as Error).message;
};

/** Puts the bytes of many files into one block, which then changes hands without being copied. */
function shareBlock(files: readonly FactsResult[]): ArrayBuffer {
  const length = files.reduce((n, f) => n + f.facts.length + (f.records?.length ?? 0) + f.words.length, 0);
  const block = Buffer.allocUnsafeSlow(length);
  let at = 0;
  const move = (bytes: Buffer): Buffer => {
    const moved = block.subarray(at, at + bytes.length);
    bytes.copy(moved);
    at += bytes.length;
    return moved;
  };
  for (const file of files) {
    file.facts = move(file.facts);
    if (file.records) file.records = move(file.records);
    file.words = move(file.words);
  }
  return block.buffer as ArrayBuffer;
}

/** Blocks of a reply that need not be copied on their way: nobody here looks at them again. */
export function blocksOf(reply: WorkerReply): ArrayBuffer[] {
  if (reply.kind === 'scan') return [shareBlock(reply.files.flatMap((f) => f.facts ?? []))];
  if (reply.kind !== 'facts' && reply.kind !== 'link') return [];
  const blocks = Object.values(reply.rows).flatMap((rows: Rows) => [
    rows.bytes.buffer as ArrayBuffer,
    rows.ends.buffer as ArrayBuffer,
    rows.buckets.buffer as ArrayBuffer,
  ]);
  return reply.kind === 'facts' ? [...blocks, shareBlock(reply.files)] : blocks;
}
