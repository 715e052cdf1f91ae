/** Facts and macro definitions as bytes: msgpack with the field names kept once, in the shared list below. */
import { createRequire } from 'node:module';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Packr } from 'msgpackr';
import type { FileFacts, RecordFact } from '../../facts/types.ts';
import type { HeaderMacros } from '../../syntax/macros/scan.ts';

/** What the index knows of a file as such. */
export interface FileRecord {
  id: number;
  size: number;
  mtime: number;
  /** hash of the bytes */
  hash: string;
  /** what the parser got and could not read */
  parsedBytes: number;
  errorBytes: number;
  /** false while its registrations wait for the types of headers that were read after it */
  linked: boolean;
  /** a header that depends on the #defines of the C files beside it, which #include it */
  parameterised: boolean;
  /** every byte of it is a character: byte columns are an editor's, too */
  ascii: boolean;
  /** why nothing of it is in the index, where reading it failed; '' where it didn't */
  lost: string;
}

/**
 * The shapes that occur, in a fixed order: every process writes the same bytes for the same facts. Adding one means a
 * new FORMAT.
 */
const SHAPES: string[][] = [
  ['name', 'returnType', 'params', 'line', 'column', 'endLine', 'static', 'inline', 'macro', 'condition'],
  ['name', 'type'],
  ['name', 'type', 'function', 'line', 'column'],
  ['name', 'type', 'line', 'column'],
  ['name', 'tag', 'value', 'line', 'column'],
  ['name', 'type', 'line', 'column', 'static', 'function', 'macro', 'condition', 'endLine', 'inits'],
  ['path', 'value', 'macro', 'literalType', 'literalDepth'],
  ['name', 'line', 'column', 'address', 'member', 'condition'],
  ['member'],
  ['index'],
  ['position'],
  ['function', 'target', 'member', 'values', 'inits', 'literalType', 'macro', 'condition', 'line', 'column'],
  ['function', 'name', 'type', 'line', 'endLine'],
  ['function', 'kind', 'name', 'receiver', 'macro', 'line', 'column'],
  ['function', 'names', 'steps'],
  ['name', 'params', 'calls', 'line', 'column'],
  ['function', 'from', 'to', 'argument', 'macro', 'line', 'column'],
  ['name', 'line', 'column'],
  ['includer', 'line'],
  ['keyword', 'tag', 'outer', 'line', 'column', 'endLine', 'fields', 'condition', 'doc'],
  ['name', 'type', 'record', 'doc', 'condition', 'line', 'column'],
  ['name', 'params', 'variadic', 'body', 'condition', 'file', 'pos'],
  ['file', 'macros', 'includes', 'callbacks', 'template'],
  [
    'path',
    'labels',
    'functions',
    'declarations',
    'records',
    'typedefs',
    'enumerators',
    'variables',
    'assignments',
    'locals',
    'sites',
    'calls',
    'flows',
    'includes',
    'macros',
    'instances',
    'macrosUsed',
    'parsedBytes',
    'errorBytes',
    'partial',
  ],
  ['name', 'returnType', 'params', 'line', 'column', 'endLine', 'static', 'inline', 'macro', 'condition', 'alias'],
  ['id', 'size', 'mtime', 'hash', 'parsedBytes', 'errorBytes', 'linked', 'parameterised', 'ascii', 'lost'],
];

/** esbuild bundles to CommonJS, where `require` is; tests run as ES modules. */
const load = typeof require === 'function' ? require : createRequire(import.meta.url);

let shared: Packr | null = null;

/** The library is loaded when there is something to read: without an index, the first answer does not wait for it. */
function packr(): Packr {
  if (shared) return shared;
  const library = load('msgpackr') as typeof import('msgpackr');
  const options = { structures: SHAPES.map((s) => [...s]), maxSharedStructures: SHAPES.length };
  shared = new library.Packr(options as ConstructorParameters<typeof Packr>[0]);
  return shared;
}

const pack = (value: unknown): Buffer => Buffer.from(packr().pack(value));

/** Facts smaller than this are kept as they are: starting the compressor costs more than it saves. */
const SMALL = 400;

/** Facts without records, deflated: half of what LMDB's own compression leaves, and the worker does it. */
export function encodeFacts(facts: FileFacts): Buffer {
  const { macrosUsed } = facts;
  // numbers without any pattern: as one block they are neither packed one by one nor compressed in vain
  const used = Buffer.from(Int32Array.from(macrosUsed).buffer);
  const packed = packr().pack({ ...facts, records: [], macrosUsed: used });
  const small = packed.length < SMALL;
  return Buffer.concat([Buffer.from([small ? 0 : 1]), small ? packed : deflateRawSync(packed, { level: 1 })]);
}

/** The facts of a file from what `encodeFacts` wrote. */
export function decodeFacts(bytes: Buffer): FileFacts {
  const body = bytes.subarray(1);
  const facts = packr().unpack(bytes[0] ? inflateRawSync(body) : body) as FileFacts & { macrosUsed: unknown };
  facts.macrosUsed = [...new Int32Array(new Uint8Array(facts.macrosUsed as unknown as Buffer).buffer)];
  return facts;
}

/** The records of a file as one block: their number, the end of each (4 bytes each), the records. */
export function encodeRecords(records: readonly RecordFact[]): Buffer {
  const parts = records.map(pack);
  const head = Buffer.allocUnsafe(4 * (records.length + 1));
  head.writeUInt32LE(records.length, 0);
  let at = head.length;
  parts.forEach((part, i) => {
    at += part.length;
    head.writeUInt32LE(at, 4 * (i + 1));
  });
  return Buffer.concat([head, ...parts]);
}

/** Record `n` of a block, null where there are not so many. */
export function recordIn(block: Buffer, n: number): RecordFact | null {
  const count = block.readUInt32LE(0);
  if (n < 0 || n >= count) return null;
  const start = n ? block.readUInt32LE(4 * n) : 4 * (count + 1);
  return packr().unpack(block.subarray(start, block.readUInt32LE(4 * (n + 1)))) as RecordFact;
}

/** All records of a block, in the order of the file. */
export const recordsIn = (block: Buffer): RecordFact[] =>
  Array.from({ length: block.readUInt32LE(0) }, (_, n) => recordIn(block, n) as RecordFact);

/** A header's #defines as bytes. */
export const encodeMacros = (macros: HeaderMacros): Buffer => pack(macros);
/** The same back from bytes. */
export const decodeMacros = (bytes: Buffer): HeaderMacros => packr().unpack(bytes) as HeaderMacros;

/** What the index knows of a file as such (size, time, hash), as bytes. */
export const encodeFileRecord = (record: FileRecord): Buffer => pack(record);
/** The same back from bytes. */
export const decodeFileRecord = (bytes: Buffer): FileRecord => packr().unpack(bytes) as FileRecord;

/** For tests: a codec that has seen nothing, as another process would have it. */
export function resetCodec(): void {
  shared = null;
}
