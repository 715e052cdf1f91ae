/**
 * Function symbols of an ELF file: where each starts and how long it is. Nothing but the symbol table is read. What its
 * headers claim is held against the file's size, and no symbol costs more than the names that are looked for.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A function of an object file. */
export interface ElfSymbol {
  name: string;
  /** 64 bits do not fit a number */
  address: bigint;
  size: number;
}

interface Section {
  type: number;
  offset: number;
  size: number;
  link: number;
}

const SYMTAB = 2;
const DYNSYM = 11;
const FUNC = 2;
/** Tables larger than this are in no kernel: those of one with all its drivers have a fifth of it. */
const MOST_BYTES = 1 << 28;
/** Of one name: several files of a kernel have statics of one name, the most some hundreds. */
const MOST_OF_A_NAME = 10_000;
const CHUNK_ENTRIES = 1 << 16;
const SMALLEST_HEADER = 52;

type Read = (offset: number, size: number) => Buffer;

/** The symbols of these names. Throws where it is no ELF file with symbols; the message goes on from the file's name. */
export function elfFunctions(path: string, names: ReadonlySet<string>): Map<string, ElfSymbol[]> {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new Error('it is no file');
    if (stats.size < SMALLEST_HEADER) throw new Error('it is no ELF file');
    return symbolsOf((offset, size) => {
      if (offset + size > stats.size) throw new Error('its headers lead past its end');
      if (size > MOST_BYTES) throw new Error('its tables are larger than those of any kernel');
      const bytes = Buffer.alloc(size);
      return bytes.subarray(0, readSync(fd, bytes, 0, size, offset));
    }, names);
  } finally {
    closeSync(fd);
  }
}

/** How an ELF file writes its numbers. */
interface Layout {
  /** 64 bits */
  wide: boolean;
  little: boolean;
}

function layoutOf(ident: Buffer): Layout {
  if (ident.readUInt32BE(0) !== 0x7f454c46) throw new Error('it is no ELF file');
  return { wide: ident[4] === 2, little: ident[5] === 1 };
}

const bigAt = ({ little }: Layout, b: Buffer, at: number): bigint =>
  little ? b.readBigUInt64LE(at) : b.readBigUInt64BE(at);

const numberAt = ({ little }: Layout, b: Buffer, at: number, size: 2 | 4): number =>
  little ? b.readUIntLE(at, size) : b.readUIntBE(at, size);

/** A number as wide as an address. */
const wordAt = (layout: Layout, b: Buffer, at: number): number =>
  layout.wide ? Number(bigAt(layout, b, at)) : numberAt(layout, b, at, 4);

/** The section headers of a file (Elf32_Shdr, Elf64_Shdr). */
function sectionsOf(read: Read, layout: Layout): Section[] {
  const { wide } = layout;
  const head = read(0, wide ? 64 : 52);
  const start = wordAt(layout, head, wide ? 40 : 32);
  const each = numberAt(layout, head, wide ? 58 : 46, 2);
  if (each !== (wide ? 64 : 40)) throw new Error(each ? 'its headers make no sense' : 'it has no symbol table');
  const section = (table: Buffer, at: number): Section => ({
    type: numberAt(layout, table, at + 4, 4),
    offset: wordAt(layout, table, at + (wide ? 24 : 16)),
    size: wordAt(layout, table, at + (wide ? 32 : 20)),
    link: numberAt(layout, table, at + (wide ? 40 : 24), 4),
  });
  // where there are more sections than 16 bits can count, the first one's size is their number
  const count = numberAt(layout, head, wide ? 60 : 48, 2) || section(read(start, each), 0).size;
  const table = read(start, each * count);
  return Array.from({ length: table.length / each }, (_, i) => section(table, i * each));
}

/** The name that starts at an offset of a string table; null where it is longer than any that is looked for. */
function nameAt(names: Buffer, from: number, longest: number): string | null {
  for (let end = from; end - from <= longest && end < names.length; end++)
    if (names[end] === 0) return names.toString('latin1', from, end);
  return null;
}

function symbolsOf(read: Read, wanted: ReadonlySet<string>): Map<string, ElfSymbol[]> {
  const layout = layoutOf(read(0, 16));
  const sections = sectionsOf(read, layout);
  const symbols = sections.find((s) => s.type === SYMTAB) ?? sections.find((s) => s.type === DYNSYM);
  const strings = symbols && sections[symbols.link];
  if (!symbols || !strings) throw new Error('it has no symbol table');
  const names = read(strings.offset, strings.size);
  const longest = Math.max(0, ...[...wanted].map((name) => name.length));
  const entry = layout.wide ? 24 : 16;
  const out = new Map<string, ElfSymbol[]>();
  const last = symbols.offset + symbols.size - (symbols.size % entry);
  // throws where that is past the end: the loop's numbers are exact
  read(last, 0);
  for (let from = symbols.offset; from < last; from += CHUNK_ENTRIES * entry) {
    const bytes = read(from, Math.min(CHUNK_ENTRIES * entry, last - from));
    for (let at = 0; at + entry <= bytes.length; at += entry) {
      if ((bytes[at + (layout.wide ? 4 : 12)] & 15) !== FUNC) continue;
      const name = nameAt(names, numberAt(layout, bytes, at, 4), longest);
      if (name === null || !wanted.has(name)) continue;
      const list = out.get(name);
      if (!list) out.set(name, [symbolAt(layout, bytes, at, name)]);
      else if (list.length < MOST_OF_A_NAME) list.push(symbolAt(layout, bytes, at, name));
    }
  }
  return out;
}

const symbolAt = (layout: Layout, bytes: Buffer, at: number, name: string): ElfSymbol => ({
  name,
  address: layout.wide ? bigAt(layout, bytes, at + 8) : BigInt(numberAt(layout, bytes, at + 4, 4)),
  size: wordAt(layout, bytes, at + (layout.wide ? 16 : 8)),
});
