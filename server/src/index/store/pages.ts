/**
 * The structure of the store's file, page by page: the library trusts it, and ends the process where a page that it
 * steps on is not one. Only what a step goes by is looked at (headers, offsets, sizes); the values have checksums.
 *
 * The layout is that of LMDB's data file as the library of lmdb-js writes it (mdb.c: MDB_page_header, MDB_node,
 * MDB_db, MDB_meta), little-endian as on every machine that it is built for.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MAGIC = 0xbeefc0de;
/** a page: number (8), transaction (8), pad (2), flags (2), then the bounds of its free space (2 + 2) or a count (4) */
const HEADER = 24;
const FLAGS = 18;
const LOWER = 20;
const UPPER = 22;
const BRANCH = 1;
const LEAF = 2;
const OVERFLOW = 4;
/** a node: two halves of a size or page number (2 + 2), flags (2), size of its key (2) */
const NODE = 8;
const IN_OVERFLOW = 1;
const IS_TABLE = 2;
/** what stands for a value with pages of its own: number of the first (8), transaction (8), how many (8) */
const OVERFLOW_REFERENCE = 24;
/** a table: 40 bytes of counts, the last of them its entries, and its root page (8) */
const TABLE_BYTES = 48;
const ROOT = 40;
/** in the meta block: page size at 24; tables of free pages and of tables at 24 and 72; last page at 120, transaction at 128 */
const PAGE_SIZE = 24;
const MAIN_ROOT = 24 + TABLE_BYTES + ROOT;
const LAST_PAGE = 120;
const TRANSACTION = 128;
const NO_PAGE = 0xffffffffffffffffn;

interface Data {
  file: number;
  pageSize: number;
  lastPage: bigint;
  mainRoot: bigint;
}

/** The newest meta block of a data file. Throws where it is no LMDB database, or is cut short. */
function openData(file: number): Data {
  const { size } = fstatSync(file);
  const head = Buffer.alloc(HEADER + 256);
  if (size < 8192 || readSync(file, head, 0, head.length, 0) < head.length)
    throw new Error('its data file is cut short');
  if (head.readUInt32LE(HEADER) !== MAGIC) throw new Error('its data file is no LMDB database');
  const pageSize = head.readUInt32LE(HEADER + PAGE_SIZE);
  const second = Buffer.alloc(head.length);
  readSync(file, second, 0, second.length, pageSize);
  const metas = second.readUInt32LE(HEADER) === MAGIC ? [head, second] : [head];
  // the newer of the two counts; the older one never names a later page than was written
  const newest = metas.reduce((x, y) =>
    y.readBigUInt64LE(HEADER + TRANSACTION) > x.readBigUInt64LE(HEADER + TRANSACTION) ? y : x,
  );
  const lastPage = newest.readBigUInt64LE(HEADER + LAST_PAGE);
  if (pageSize < 512 || pageSize > 65536 || size < Number(lastPage + 1n) * pageSize)
    throw new Error('its data file is cut short');
  return { file, pageSize, lastPage, mainRoot: newest.readBigUInt64LE(HEADER + MAIN_ROOT) };
}

/** Checks what the library would crash over at once: a file that is no database, or shorter than it says itself. */
export function checkHeader(path: string): void {
  const file = openSync(path, 'r');
  try {
    openData(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Checks the pages of some tables (none given: of all). Throws where one is not what leads there says. Whoever calls it
 * holds the writer's lock or a read transaction, so that no page is used for something else meanwhile.
 */
export function checkPages(path: string, names?: readonly string[]): void {
  const file = openSync(path, 'r');
  try {
    const data = openData(file);
    const roots: bigint[] = [];
    walk(data, data.mainRoot, (page, node, keySize) => {
      if ((page.readUInt16LE(node + 4) & IS_TABLE) === 0) return;
      const key = page.toString('latin1', node + NODE, node + NODE + keySize).replace(/\0$/, '');
      if (!names || names.includes(key)) roots.push(page.readBigUInt64LE(node + NODE + keySize + ROOT));
    });
    for (const root of roots) walk(data, root, () => {});
  } finally {
    closeSync(file);
  }
}

const damaged = (page: bigint): Error => new Error(`page ${page} of its data file is damaged`);

/** No tree of a kernel's size is deeper. */
const MAX_DEPTH = 12;

function walk(
  data: Data,
  root: bigint,
  leafNode: (page: Buffer, node: number, keySize: number) => void,
  depth = 0,
): void {
  if (root === NO_PAGE) return;
  const page = readPage(data, root);
  const flags = page.readUInt16LE(FLAGS) & (BRANCH | LEAF | OVERFLOW);
  const lower = page.readUInt16LE(LOWER);
  if ((flags !== BRANCH && flags !== LEAF) || depth > MAX_DEPTH) throw damaged(root);
  if (lower > page.readUInt16LE(UPPER) || HEADER + page.readUInt16LE(UPPER) > data.pageSize) throw damaged(root);
  for (let at = HEADER; at < HEADER + lower; at += 2) {
    const node = HEADER + page.readUInt16LE(at);
    if (node + NODE > data.pageSize) throw damaged(root);
    const low = page.readUInt32LE(node);
    const keySize = page.readUInt16LE(node + 6);
    if (node + NODE + keySize > data.pageSize) throw damaged(root);
    if (flags === BRANCH) {
      walk(data, BigInt(low) | (BigInt(page.readUInt16LE(node + 4)) << 32n), leafNode, depth + 1);
      continue;
    }
    const inOverflow = (page.readUInt16LE(node + 4) & IN_OVERFLOW) !== 0;
    if (node + NODE + keySize + (inOverflow ? OVERFLOW_REFERENCE : low) > data.pageSize) throw damaged(root);
    if (inOverflow) checkOverflow(data, page.readBigUInt64LE(node + NODE + keySize), low);
    leafNode(page, node, keySize);
  }
}

function readPage({ file, pageSize, lastPage }: Data, number: bigint, bytes = pageSize): Buffer {
  if (number > lastPage) throw damaged(number);
  const page = Buffer.allocUnsafe(bytes);
  if (readSync(file, page, 0, bytes, Number(number) * pageSize) < bytes || page.readBigUInt64LE(0) !== number)
    throw damaged(number);
  return page;
}

/** A value of `size` bytes that has pages of its own. */
function checkOverflow(data: Data, number: bigint, size: number): void {
  const head = readPage(data, number, HEADER);
  const pages = head.readUInt32LE(LOWER);
  const isOverflow = (head.readUInt16LE(FLAGS) & OVERFLOW) !== 0;
  if (!isOverflow || pages * data.pageSize < HEADER + size || number + BigInt(pages) > data.lastPage + 1n)
    throw damaged(number);
}
