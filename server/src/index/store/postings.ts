/** What the index looks things up by, as bytes. */
import { isHolder } from '../link/holders.ts';
import { MAX_KEY } from './rows.ts';

/** What a name stands for at a place, as it is stored: numbers must stay as they are. */
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
/** One of these numbers. */
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
  /** a typedef's or a variable's type, what a function returns; '' for the rest */
  type: string;
}

const NAME_HEAD = 14;

/** Types that a third of all names has: one byte instead of their text. Changing the list means a new FORMAT. */
const COMMON_TYPES = [
  '',
  'void',
  'int',
  'unsigned int',
  'long',
  'unsigned long',
  'char',
  'bool',
  'void *',
  'char *',
  'const char *',
  'u8',
  'u16',
  'u32',
  'u64',
  's32',
  's64',
  'size_t',
  'ssize_t',
  'irqreturn_t',
  'netdev_tx_t',
  'const char []',
  'const char *[]',
  'u8 []',
  'u32 []',
  'const u8 []',
  'const u32 []',
  'const int []',
  'unsigned char',
  'unsigned short',
  'struct device_attribute',
  'struct platform_driver',
  'const struct of_device_id []',
  'const struct file_operations',
  'const struct dev_pm_ops',
];
const COMMON_CODE = new Map(COMMON_TYPES.map((type, i) => [type, i]));
const OTHER_TYPE = 255;

let nameRoom = Buffer.alloc(1 << 12);

/**
 * Value of a name; the name is the key. File (4 bytes), kind, flags, line (3), column (2), index (2), type (1, and its
 * text where it is not a common one). The bytes are good until the next call.
 */
export function encodeName(
  file: number,
  kind: NameKind,
  line: number,
  column: number,
  index: number,
  flags: number,
  type: string,
): Buffer {
  const l = Math.min(line, 0xffffff);
  const c = Math.min(column, 0xffff);
  const i = Math.min(index, 0xffff);
  const code = COMMON_CODE.get(type) ?? OTHER_TYPE;
  if (type.length * 3 + NAME_HEAD > nameRoom.length) nameRoom = Buffer.alloc(type.length * 6 + NAME_HEAD);
  const b = nameRoom;
  b[0] = file >>> 24;
  b[1] = file >>> 16;
  b[2] = file >>> 8;
  b[3] = file;
  b[4] = kind;
  b[5] = flags;
  b[6] = l >>> 16;
  b[7] = l >>> 8;
  b[8] = l;
  b[9] = c >>> 8;
  b[10] = c;
  b[11] = i >>> 8;
  b[12] = i;
  b[13] = code;
  return b.subarray(0, NAME_HEAD + (code === OTHER_TYPE ? b.write(type, NAME_HEAD, 'latin1') : 0));
}

/** The kind alone, without decoding the rest. */
export const kindOfName = (b: Buffer, at = 0): NameKind => b[at + 4] as NameKind;

/** A name's posting from its bytes. */
export function decodeName(b: Buffer): NamePosting {
  return {
    file: b.readUInt32BE(0),
    kind: b[4] as NameKind,
    flags: b[5],
    line: b.readUIntBE(6, 3),
    column: b.readUInt16BE(9),
    index: b.readUInt16BE(11),
    type: b[13] === OTHER_TYPE ? b.toString('latin1', NAME_HEAD) : COMMON_TYPES[b[13]],
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
  /** the target itself, where the same file defines it: most are, and nobody has to look for it then */
  own: OwnTarget | null;
  /** what holds the function where that is no member, as a slot's member (index/link/holders.ts); else '' */
  holder: string;
}

/** A function or a variable of the file in view. */
export interface OwnTarget {
  kind: NameKind;
  line: number;
  column: number;
  /** index in the file's facts of that kind */
  index: number;
  flags: number;
}

const KINDS = ['init', 'assign', 'install'] as const;
const EVIDENCE = ['typed', 'flow', 'signature', 'name'] as const;
/** Conditions and paths that a machine wrote: more than this nobody reads. */
const MAX_TEXT = 1000;

/** Number of the file that a stored value comes from: each begins with it. */
export const fileOfValue = (b: Buffer, at = 0): number => b.readUInt32BE(at);

const REGISTRATION_HEAD = 25;
/** no C text holds these */
const SEPARATOR = '\0';
const NO_CONDITION = '\x01';
let scratch = Buffer.allocUnsafe(1 << 14);

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/**
 * Value of a slot's registration; the slot itself is the key. The file's number in 4 bytes, so that a file's own are
 * found without decoding; line, target's line (4 each), its column (2), kind and evidence (1); kind, flags (1 each),
 * line (4), column and index (2 each) of the target itself, 0 where it stands elsewhere; then the texts. The bytes are
 * good until the next call.
 */
export function encodeRegistration(r: Registration): Buffer {
  const text = [
    cut(r.variable),
    cut(r.path),
    r.target,
    r.function,
    r.condition === null ? NO_CONDITION : cut(r.condition),
  ].join(SEPARATOR);
  const most = REGISTRATION_HEAD + text.length * 3;
  if (scratch.length < most) scratch = Buffer.allocUnsafe(most * 2);
  scratch.writeUInt32BE(r.file, 0);
  scratch.writeUInt32BE(r.line, 4);
  scratch.writeUInt32BE(r.targetLine, 8);
  scratch.writeUInt16BE(Math.min(r.targetColumn, 0xffff), 12);
  scratch[14] = KINDS.indexOf(r.kind) | (EVIDENCE.indexOf(r.evidence) << 4);
  scratch[15] = r.own?.kind ?? 0;
  scratch[16] = r.own?.flags ?? 0;
  scratch.writeUInt32BE(r.own?.line ?? 0, 17);
  scratch.writeUInt16BE(Math.min(r.own?.column ?? 0, 0xffff), 21);
  scratch.writeUInt16BE(Math.min(r.own?.index ?? 0, 0xffff), 23);
  return scratch.subarray(0, REGISTRATION_HEAD + scratch.write(text, REGISTRATION_HEAD, 'utf8'));
}

/** The registration behind a value of the slot `key`. */
export function decodeRegistration(key: string, b: Buffer): Registration {
  const [variable, path, target, inFunction, condition] = b.toString('utf8', REGISTRATION_HEAD).split(SEPARATOR);
  const dot = key.lastIndexOf('.');
  const owner = key.slice(0, dot);
  const member = key.slice(dot + 1);
  return {
    file: fileOfValue(b),
    owner: owner === UNKNOWN_OWNER ? '' : owner,
    member: isHolder(member) ? '' : member,
    holder: isHolder(member) ? member : '',
    variable,
    line: b.readUInt32BE(4),
    path,
    target,
    targetLine: b.readUInt32BE(8),
    targetColumn: b.readUInt16BE(12),
    kind: KINDS[b[14] & 15],
    function: inFunction,
    condition: condition === NO_CONDITION ? null : condition,
    evidence: EVIDENCE[b[14] >> 4],
    own: b[15]
      ? {
          kind: b[15] as NameKind,
          flags: b[16],
          line: b.readUInt32BE(17),
          column: b.readUInt16BE(21),
          index: b.readUInt16BE(23),
        }
      : null,
  };
}

/** In a key, in the place of a struct that isn't known, or is none. */
export const UNKNOWN_OWNER = '?';

/** Key of a slot's registrations; one with an unknown owner is `?.member`. */
export const slotKey = (owner: string, member: string): string =>
  `${owner || (member ? UNKNOWN_OWNER : '')}.${member}`.slice(0, MAX_KEY);

/** Where a function or table is registered: the file and the slot. The bytes are good until the next call. */
export function encodeTarget(file: number, slot: string): Buffer {
  scratch.writeUInt32BE(file, 0);
  return scratch.subarray(0, 4 + scratch.write(slot, 4, 'latin1'));
}
/** The slot (`struct.member`) in the value of a registered function. */
export const slotOfTarget = (b: Buffer): string => b.toString('latin1', 4);

/** A dispatch site: a call through a slot. */
export interface Dispatch {
  file: number;
  /** place of the member's name */
  line: number;
  column: number;
  /** `typed`, or `name` where the receiver's struct isn't known */
  evidence: Evidence;
  /** it comes out of a macro's body: the place is the macro's use */
  macro: boolean;
  /** enclosing function */
  function: string;
}

const DISPATCH_HEAD = 11;

/** Value of a dispatch site; its slot is the key. The bytes are good until the next call. */
export function encodeDispatch(d: Dispatch): Buffer {
  scratch.writeUInt32BE(d.file, 0);
  scratch.writeUInt32BE(d.line, 4);
  scratch.writeUInt16BE(Math.min(d.column, 0xffff), 8);
  scratch[10] = EVIDENCE.indexOf(d.evidence) | (d.macro ? 16 : 0);
  return scratch.subarray(0, DISPATCH_HEAD + scratch.write(d.function.slice(0, MAX_TEXT), DISPATCH_HEAD, 'latin1'));
}
/** A dispatch site from its bytes. */
export const decodeDispatch = (b: Buffer): Dispatch => ({
  file: fileOfValue(b),
  line: b.readUInt32BE(4),
  column: b.readUInt16BE(8),
  evidence: EVIDENCE[b[10] & 15],
  macro: (b[10] & 16) !== 0,
  function: b.toString('latin1', DISPATCH_HEAD),
});

/** Direct calls of one function or macro by another. */
export interface Caller {
  file: number;
  /** the caller; a macro where its body is what calls */
  function: string;
  /** its index among the file's functions; 0 for a macro */
  index: number;
  macro: boolean;
  /** lines of the calls, in order; the definition's where a macro calls */
  lines: number[];
}

const MAX_LINES = 40;
const CALLER_HEAD = 10;

/**
 * Value of the calls of a function; its name is the key. File (4 bytes), the number of lines and whether a macro calls
 * (1), the caller's index among the file's functions (2), the first line (3), each other line as the step from the one
 * before (2). A kernel has three million: only a macro stands there by its name. The bytes are good until the next call.
 */
export function encodeCaller(
  file: number,
  caller: string,
  index: number,
  macro: boolean,
  lines: readonly number[],
): Buffer {
  const count = Math.min(lines.length, MAX_LINES);
  scratch.writeUInt32BE(file, 0);
  scratch[4] = count | (macro ? 128 : 0);
  scratch.writeUInt16BE(Math.min(index, 0xffff), 5);
  scratch.writeUIntBE(Math.min(lines[0] ?? 0, 0xffffff), 7, 3);
  let at = CALLER_HEAD;
  for (let i = 1; i < count; i++)
    at = scratch.writeUInt16BE(Math.max(0, Math.min(lines[i] - lines[i - 1], 0xffff)), at);
  return scratch.subarray(0, macro ? at + scratch.write(caller.slice(0, MAX_TEXT), at, 'latin1') : at);
}

/**
 * The calls behind a value; `functionName` tells the name of a file's function by its index. It is asked when the name is:
 * ten thousand files call kfree(), and most who ask only count.
 */
export function decodeCaller(b: Buffer, functionName: (file: number, index: number) => string): Caller {
  const count = b[4] & 127;
  const macro = (b[4] & 128) !== 0;
  const lines = [b.readUIntBE(7, 3)];
  let at = CALLER_HEAD;
  for (let i = 1; i < count; i++, at += 2) lines.push(lines[i - 1] + b.readUInt16BE(at));
  const file = fileOfValue(b);
  let name: string | null = null;
  const index = macro ? 0 : b.readUInt16BE(5);
  return {
    file,
    index,
    macro,
    lines,
    get function() {
      name ??= macro ? b.toString('latin1', at) : functionName(file, index);
      return name;
    },
  };
}

/** A step of a function pointer as the store has it, found by either end: keys of ends, as `endKey` makes them. */
export interface StoredFlow {
  file: number;
  line: number;
  column: number;
  macro: boolean;
  from: string;
  to: string;
  /** enclosing function */
  function: string;
}

const FLOW_HEAD = 11;

/** Key of the steps that lead to an end; those that start from it have the end itself for a key. */
export const flowsToKey = (end: string): string => `<${end}`;

/** Value of a step; `other` is the end that is not the key. The bytes are good until the next call. */
export function encodeFlow(f: Omit<StoredFlow, 'from' | 'to'>, other: string): Buffer {
  scratch.writeUInt32BE(f.file, 0);
  scratch.writeUInt32BE(f.line, 4);
  scratch.writeUInt16BE(Math.min(f.column, 0xffff), 8);
  scratch[10] = f.macro ? 1 : 0;
  return scratch.subarray(0, FLOW_HEAD + scratch.write(`${other}${SEPARATOR}${f.function}`, FLOW_HEAD, 'latin1'));
}

/** The step behind a value of `key`. */
export function decodeFlow(key: string, b: Buffer): StoredFlow {
  const [other, inFunction] = b.toString('latin1', FLOW_HEAD).split(SEPARATOR);
  const back = key.startsWith('<');
  return {
    file: fileOfValue(b),
    line: b.readUInt32BE(4),
    column: b.readUInt16BE(8),
    macro: (b[10] & 1) !== 0,
    from: back ? other : key,
    to: back ? key.slice(1) : other,
    function: inFunction,
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

/** Value of a table; the struct's tag is the key. The bytes are good until the next call. */
export function encodeTable(t: TablePosting): Buffer {
  scratch.writeUInt32BE(t.file, 0);
  scratch.writeUInt32BE(t.line, 4);
  scratch.writeUInt32BE(t.slots, 8);
  scratch.writeUInt16BE(Math.min(t.column, 0xffff), 12);
  return scratch.subarray(0, 14 + scratch.write(t.variable.slice(0, MAX_TEXT), 14, 'latin1'));
}
/** A table from its bytes. */
export const decodeTable = (b: Buffer): TablePosting => ({
  file: fileOfValue(b),
  variable: b.toString('latin1', 14),
  line: b.readUInt32BE(4),
  column: b.readUInt16BE(12),
  slots: b.readUInt32BE(8),
});
