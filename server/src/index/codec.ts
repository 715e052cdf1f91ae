/** Facts and macro definitions as bytes: msgpack with the field names kept once, in the shared list below. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Packr } from 'msgpackr';
import type { FileFacts, RecordFact } from '../facts/types.ts';
import type { HeaderMacros } from '../syntax/macros.ts';

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
  ['name', 'params', 'line', 'column'],
  ['name', 'line', 'column'],
  ['keyword', 'tag', 'line', 'column', 'endLine', 'fields', 'condition', 'doc'],
  ['name', 'type', 'record', 'doc', 'condition', 'line', 'column'],
  ['name', 'params', 'variadic', 'body', 'condition', 'file', 'pos'],
  ['file', 'macros', 'includes', 'template'],
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
    'includes',
    'macros',
    'macrosUsed',
    'parsedBytes',
    'errorBytes',
    'partial',
  ],
];

const newPackr = () =>
  new Packr({ structures: SHAPES.map((s) => [...s]), maxSharedStructures: SHAPES.length } as ConstructorParameters<
    typeof Packr
  >[0]);
let packr = newPackr();

function pack(value: unknown): Buffer {
  const bytes = Buffer.from(packr.pack(value));
  return bytes;
}

/** Facts without records, deflated: half of what LMDB's own compression leaves, and the worker does it. */
export const encodeFacts = (facts: FileFacts): Buffer => deflateRawSync(pack({ ...facts, records: [] }), { level: 1 });
export const decodeFacts = (bytes: Buffer): FileFacts => packr.unpack(inflateRawSync(bytes)) as FileFacts;
export const encodeRecord = (record: RecordFact): Buffer => pack(record);
export const decodeRecord = (bytes: Buffer): RecordFact => packr.unpack(bytes) as RecordFact;
export const encodeMacros = (macros: HeaderMacros): Buffer => pack(macros);
export const decodeMacros = (bytes: Buffer): HeaderMacros => packr.unpack(bytes) as HeaderMacros;

/** For tests: a codec that has seen nothing, as another process would have it. */
export function resetCodec(): void {
  packr = newPackr();
}
