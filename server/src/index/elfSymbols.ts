/** Function symbols of an ELF file: where each starts and how long it is. Nothing but the symbol table is read. */
import { closeSync, openSync, readSync } from 'node:fs';

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
  entry: number;
}

const SYMTAB = 2;
const DYNSYM = 11;
const FUNC = 2;
const MOST_BYTES = 1 << 29;

/** Symbols by name; several files of a kernel have statics of one name. Throws where it is no ELF file with symbols. */
export function elfFunctions(path: string): Map<string, ElfSymbol[]> {
  const fd = openSync(path, 'r');
  try {
    const read = (offset: number, size: number): Buffer => {
      if (size < 0 || size > MOST_BYTES) throw new Error('its headers make no sense');
      const bytes = Buffer.alloc(size);
      const got = readSync(fd, bytes, 0, size, offset);
      return bytes.subarray(0, got);
    };
    return symbolsOf(read);
  } finally {
    closeSync(fd);
  }
}

function symbolsOf(read: (offset: number, size: number) => Buffer): Map<string, ElfSymbol[]> {
  const head = read(0, 64);
  if (head.length < 52 || head.readUInt32BE(0) !== 0x7f454c46) throw new Error('it is no ELF file');
  const wide = head[4] === 2;
  const little = head[5] === 1;
  const number = (b: Buffer, at: number, size: 2 | 4 | 8): number =>
    size === 8
      ? Number(little ? b.readBigUInt64LE(at) : b.readBigUInt64BE(at))
      : little
        ? b.readUIntLE(at, size)
        : b.readUIntBE(at, size);
  const word = wide ? 8 : 4;
  const start = number(head, wide ? 40 : 32, word);
  const each = number(head, wide ? 58 : 46, 2);
  const count = number(head, wide ? 60 : 48, 2);
  const table = read(start, each * count);
  const sections: Section[] = [];
  for (let at = 0; at + each <= table.length && each >= (wide ? 64 : 40); at += each)
    sections.push({
      type: number(table, at + 4, 4),
      offset: number(table, at + (wide ? 24 : 16), word),
      size: number(table, at + (wide ? 32 : 20), word),
      link: number(table, at + (wide ? 40 : 24), 4),
      entry: number(table, at + (wide ? 56 : 36), word),
    });
  const symbols = sections.find((s) => s.type === SYMTAB) ?? sections.find((s) => s.type === DYNSYM);
  const strings = symbols && sections[symbols.link];
  if (!symbols || !strings) throw new Error('it has no symbol table');
  const bytes = read(symbols.offset, symbols.size);
  const names = read(strings.offset, strings.size);
  const out = new Map<string, ElfSymbol[]>();
  for (let at = 0; at + symbols.entry <= bytes.length && symbols.entry >= (wide ? 24 : 16); at += symbols.entry) {
    if ((bytes[at + (wide ? 4 : 12)] & 15) !== FUNC) continue;
    const from = number(bytes, at, 4);
    const end = names.indexOf(0, from);
    const name = names.toString('latin1', from, end < 0 ? from : end);
    const address = wide
      ? little
        ? bytes.readBigUInt64LE(at + 8)
        : bytes.readBigUInt64BE(at + 8)
      : BigInt(number(bytes, at + 4, 4));
    const symbol = { name, address, size: number(bytes, at + (wide ? 16 : 8), word) };
    const list = out.get(name);
    if (list) list.push(symbol);
    else out.set(name, [symbol]);
  }
  return out;
}
