/** What a command reads: a file, or standard input. */
import { closeSync, openSync, readSync } from 'node:fs';
import { TreeError } from '../index/tree.ts';
import { say } from './output.ts';

/** More than this is read nowhere as a whole: what comes of it would not fit into memory. */
const MOST_MEGABYTES = 128;

/** Text of a file, or of standard input for `-` and for no name at all; says what is wrong where there is none. */
export function readInput(path: string | undefined): string {
  const isStandard = path === undefined || path === '-';
  if (isStandard && process.stdin.isTTY) say('paste the text, then press Ctrl+D on a line of its own.');
  const name = isStandard ? 'standard input' : path;
  let bytes: Buffer | null;
  try {
    bytes = isStandard ? readBytes(0) : readFile(path);
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
    throw new TreeError(`${name} can't be read: ${why}.`);
  }
  if (!bytes)
    throw new TreeError(
      `${name} holds more than ${MOST_MEGABYTES} MB, which is more than can be read at once. Cut out what matters first, for instance with: sed -n '1000,2000p' FILE > PART`,
    );
  const packer = PACKED.find(({ magic }) => bytes.subarray(0, magic.length / 2).toString('hex') === magic);
  if (packer) throw new TreeError(`${name} is compressed: unpack it with ${packer.tool} first.`);
  const text = decoded(bytes);
  if (text.trim() === '') throw new TreeError(`${name} is empty: nothing to read.`);
  return text;
}

function readFile(path: string): Buffer | null {
  const file = openSync(path, 'r');
  try {
    return readBytes(file);
  } finally {
    closeSync(file);
  }
}

/** Everything up to the end, null where that does not come: pipes and devices tell no size beforehand. */
function readBytes(file: number): Buffer | null {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(1 << 20);
    const got = readSome(file, piece);
    if (got === 0) return Buffer.concat(pieces, length);
    pieces.push(piece.subarray(0, got));
    length += got;
    if (length > MOST_MEGABYTES << 20) return null;
  }
}

function readSome(file: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(file, into);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      // somebody else has set the pipe not to wait
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
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
