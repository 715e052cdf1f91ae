/** What the index looks things up by, as bytes. */
import { Packr } from 'msgpackr';
import { MAX_KEY } from './rows.ts';

export const NameKind = {
  Function: 1,
  Declaration: 2,
  Record: 3,
  Typedef: 4,
  Enumerator: 5,
  Variable: 6,
  Macro: 7,
  Label: 8,
} as const;
export type NameKind = (typeof NameKind)[keyof typeof NameKind];

export const NameFlag = { Static: 1, Macro: 2, Conditional: 4, Union: 8, Local: 16, Function: 32, Table: 64 } as const;

/** One place a name is defined or declared at. */
export interface NamePosting {
  kind: NameKind;
  file: number;
  line: number;
  column: number;
  /** index in the file's list of that kind */
  index: number;
  flags: number;
}

/** 13 bytes: file, kind, flags, line, column, index. `b` may be used again for each where it is copied at once. */
export function encodeName(p: NamePosting, b: Buffer = Buffer.allocUnsafe(13)): Buffer {
  b.writeUInt32BE(p.file, 0);
  b[4] = p.kind;
  b[5] = p.flags;
  b.writeUIntBE(Math.min(p.line, 0xffffff), 6, 3);
  b.writeUInt16BE(Math.min(p.column, 0xffff), 9);
  b.writeUInt16BE(Math.min(p.index, 0xffff), 11);
  return b;
}

export function decodeName(b: Buffer): NamePosting {
  return {
    file: b.readUInt32BE(0),
    kind: b[4] as NameKind,
    flags: b[5],
    line: b.readUIntBE(6, 3),
    column: b.readUInt16BE(9),
    index: b.readUInt16BE(11),
  };
}

/** How sure it is that a slot belongs to the struct named. */
export type Evidence = 'typed' | 'flow' | 'signature' | 'name';

/** A function in a slot, or a table in a pointer (an install). */
export interface Registration {
  file: number;
  /** struct or union tag that owns the member; '' for a bare pointer or where the type isn't known */
  owner: string;
  member: string;
  /** table or expression that holds it: `ext4_file_vm_ops`, `ops->fault` */
  variable: string;
  /** line of the variable's declaration, or of the assignment */
  line: number;
  /** path inside the variable, `[3].probe` */
  path: string;
  target: string;
  /** where the target's name stands */
  targetLine: number;
  targetColumn: number;
  /** `init`: an initialiser, `assign`: a statement, `install`: a table's address put into a pointer */
  kind: 'init' | 'assign' | 'install';
  /** enclosing function, or '' */
  function: string;
  condition: string | null;
  evidence: Evidence;
}

const packr = new Packr({ useRecords: false });
const KINDS = ['init', 'assign', 'install'] as const;
const EVIDENCE = ['typed', 'flow', 'signature', 'name'] as const;
/** Conditions and paths that a machine wrote: more than this nobody reads. */
const MAX_VALUE = 4000;

/** The file's number in 4 bytes, so that a file's own are found without decoding, then the rest. */
function withFile(file: number, rest: Buffer): Buffer {
  const out = Buffer.allocUnsafe(rest.length + 4);
  out.writeUInt32BE(file, 0);
  rest.copy(out, 4);
  return out;
}

export const fileOfValue = (b: Buffer): number => b.readUInt32BE(0);

/** Value of a slot's registration. The slot itself is the key. */
export function encodeRegistration(r: Registration): Buffer {
  const values = (condition: string | null, path: string, variable: string) => [
    variable,
    r.line,
    path,
    r.target,
    r.targetLine,
    r.targetColumn,
    KINDS.indexOf(r.kind),
    r.function,
    condition,
    EVIDENCE.indexOf(r.evidence),
  ];
  let out = packr.pack(values(r.condition, r.path, r.variable));
  if (out.length > MAX_VALUE)
    out = packr.pack(values(r.condition && '…', r.path.slice(0, 80), r.variable.slice(0, 80)));
  return withFile(r.file, out);
}

/** The registration behind a value of the slot `key`. */
export function decodeRegistration(key: string, b: Buffer): Registration {
  const v = packr.unpack(b.subarray(4)) as unknown[];
  const dot = key.lastIndexOf('.');
  const owner = key.slice(0, dot);
  return {
    file: fileOfValue(b),
    owner: owner === '?' ? '' : owner,
    member: key.slice(dot + 1),
    variable: v[0] as string,
    line: v[1] as number,
    path: v[2] as string,
    target: v[3] as string,
    targetLine: v[4] as number,
    targetColumn: v[5] as number,
    kind: KINDS[v[6] as number],
    function: v[7] as string,
    condition: v[8] as string | null,
    evidence: EVIDENCE[v[9] as number],
  };
}

/** Key of a slot's registrations; one with an unknown owner is `?.member`. */
export const slotKey = (owner: string, member: string): string =>
  `${owner || (member ? '?' : '')}.${member}`.slice(0, MAX_KEY);

/** Where a function or table is registered: the file and the slot. */
export const encodeTarget = (file: number, slot: string): Buffer => withFile(file, Buffer.from(slot, 'latin1'));
export const slotOfTarget = (b: Buffer): string => b.toString('latin1', 4);

/** An object of a record type that holds functions. */
export interface TablePosting {
  file: number;
  variable: string;
  line: number;
  column: number;
  /** how many slots of it are registered */
  slots: number;
}

export const encodeTable = (t: TablePosting): Buffer =>
  withFile(t.file, packr.pack([t.variable, t.line, t.column, t.slots]));
export function decodeTable(b: Buffer): TablePosting {
  const v = packr.unpack(b.subarray(4)) as [string, number, number, number];
  return { file: fileOfValue(b), variable: v[0], line: v[1], column: v[2], slots: v[3] };
}
