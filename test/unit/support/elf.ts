/** ELF files of nothing but function symbols, and the places of their headers for who wants to spoil them. */

export interface ElfFunction {
  name: string;
  address: number;
  size: number;
}

/** Bytes of a 64-bit little-endian object: header, symbols, names, then sections (none, symbols, names). */
export function elfFile(functions: readonly ElfFunction[]): Buffer {
  const names = Buffer.from(`\0${functions.map((f) => `${f.name}\0`).join('')}`, 'latin1');
  const symbols = Buffer.alloc(24 * functions.length);
  let at = 1;
  functions.forEach((f, i) => {
    symbols.writeUInt32LE(at, i * 24);
    symbols[i * 24 + 4] = 0x12;
    symbols.writeBigUInt64LE(BigInt(f.address), i * 24 + 8);
    symbols.writeBigUInt64LE(BigInt(f.size), i * 24 + 16);
    at += f.name.length + 1;
  });
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeBigUInt64LE(BigInt(64 + symbols.length + names.length), ELF.sectionsAt);
  header.writeUInt16LE(64, ELF.sectionSize);
  header.writeUInt16LE(3, ELF.sectionCount);
  return Buffer.concat([
    ...[header, symbols, names, Buffer.alloc(64)],
    sectionHeader({ type: 2, offset: 64, size: symbols.length, link: 2, entry: 24 }),
    sectionHeader({ type: 3, offset: 64 + symbols.length, size: names.length, link: 0, entry: 0 }),
  ]);
}

/** Offsets of fields in the header, and in each section's. */
export const ELF = {
  sectionsAt: 40,
  sectionSize: 58,
  sectionCount: 60,
  type: 4,
  offset: 24,
  size: 32,
  link: 40,
  entry: 56,
};

/** Where the header of a section of such a file stands. */
export const sectionOf = (file: Buffer, section: number): number =>
  Number(file.readBigUInt64LE(ELF.sectionsAt)) + 64 * section;

function sectionHeader(s: { type: number; offset: number; size: number; link: number; entry: number }): Buffer {
  const out = Buffer.alloc(64);
  out.writeUInt32LE(s.type, ELF.type);
  out.writeBigUInt64LE(BigInt(s.offset), ELF.offset);
  out.writeBigUInt64LE(BigInt(s.size), ELF.size);
  out.writeUInt32LE(s.link, ELF.link);
  out.writeBigUInt64LE(BigInt(s.entry), ELF.entry);
  return out;
}
