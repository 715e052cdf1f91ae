/** What the index looks things up by. Values are small enough for LMDB's sorted duplicates (511 bytes). */
import { Packr } from 'msgpackr';

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

/** 15 bytes: file, kind, flags, line, column, index. */
export function encodeName(p: NamePosting): Buffer {
  const b = Buffer.allocUnsafe(15);
  b.writeUInt32BE(p.file, 0);
  b[4] = p.kind;
  b[5] = p.flags;
  b.writeUIntBE(Math.min(p.line, 0xffffff), 6, 3);
  b.writeUInt16BE(Math.min(p.column, 0xffff), 9);
  b.writeUInt32BE(p.index, 11);
  return b;
}

export function decodeName(b: Buffer): NamePosting {
  return {
    file: b.readUInt32BE(0),
    kind: b[4] as NameKind,
    flags: b[5],
    line: b.readUIntBE(6, 3),
    column: b.readUInt16BE(9),
    index: b.readUInt32BE(11),
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
const MAX_VALUE = 500;

export function encodeRegistration(r: Registration): Buffer {
  const values = (condition: string | null, path: string, variable: string) => [
    r.file,
    r.owner,
    r.member,
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
  if (out.length > MAX_VALUE) out = packr.pack(values(r.condition && '…', r.path.slice(0, 80), r.variable.slice(0, 80)));
  return Buffer.from(out);
}

export function decodeRegistration(b: Buffer): Registration {
  const v = packr.unpack(b) as unknown[];
  return {
    file: v[0] as number,
    owner: v[1] as string,
    member: v[2] as string,
    variable: v[3] as string,
    line: v[4] as number,
    path: v[5] as string,
    target: v[6] as string,
    targetLine: v[7] as number,
    targetColumn: v[8] as number,
    kind: KINDS[v[9] as number],
    function: v[10] as string,
    condition: v[11] as string | null,
    evidence: EVIDENCE[v[12] as number],
  };
}

/** An object of a record type that holds functions. */
export interface TablePosting {
  file: number;
  variable: string;
  line: number;
  column: number;
  /** how many slots of it are registered */
  slots: number;
}

export const encodeTable = (t: TablePosting): Buffer => Buffer.from(packr.pack([t.file, t.variable, t.line, t.column, t.slots]));
export function decodeTable(b: Buffer): TablePosting {
  const v = packr.unpack(b) as [number, string, number, number, number];
  return { file: v[0], variable: v[1], line: v[2], column: v[3], slots: v[4] };
}
