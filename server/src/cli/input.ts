/** What a command reads: a file, or standard input. */
import { readFileSync } from 'node:fs';
import { TreeError } from '../index/tree.ts';

/** Text of a file, or of standard input for `-` and for no name at all; says what is wrong where there is none. */
export function readInput(path: string | undefined): string {
  const isStandard = path === undefined || path === '-';
  if (isStandard && process.stdin.isTTY)
    process.stderr.write('kerntrail: paste the text, then press Ctrl+D on a line of its own.\n');
  let bytes: Buffer;
  try {
    bytes = readFileSync(isStandard ? 0 : path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder, not a file'
          : code === 'EACCES'
            ? 'you may not read it'
            : message;
    throw new TreeError(`${path ?? 'standard input'} can't be read: ${why}.`);
  }
  const name = isStandard ? 'standard input' : path;
  const packer = PACKED.find(({ magic }) => bytes.subarray(0, magic.length / 2).toString('hex') === magic);
  if (packer) throw new TreeError(`${name} is compressed: unpack it with ${packer.tool} first.`);
  const text = decoded(bytes);
  if (text.trim() === '') throw new TreeError(`${name} is empty: nothing to read.`);
  return text;
}

/** How compressed files begin, in hexadecimal, and what unpacks them. */
const PACKED: readonly { magic: string; tool: string }[] = [
  { magic: '1f8b', tool: 'gzip -d' },
  { magic: 'fd377a585a00', tool: 'xz -d' },
  { magic: '28b52ffd', tool: 'zstd -d' },
  { magic: '425a68', tool: 'bzip2 -d' },
];

/** Bytes as text: UTF-8, or UTF-16 where a byte order mark says so. */
function decoded(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex');
  const even = bytes.subarray(0, bytes.length & ~1);
  if (mark === 'fffe') return even.toString('utf16le');
  if (mark === 'feff') return Buffer.from(even).swap16().toString('utf16le');
  return bytes.toString('utf8');
}
