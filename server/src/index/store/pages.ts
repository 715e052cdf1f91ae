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
/** may be left over from writing */
const DIRTY = 16;
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
const FREE_ROOT = 24 + ROOT;
const MAIN_ROOT = 24 + TABLE_BYTES + ROOT;
const LAST_PAGE = 120;
const TRANSACTION = 128;
const NO_PAGE = 2 ** 64;

/** Numbers that are too great for a double are too great for a page or a transaction as well. */
const u64 = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at));

interface Data {
  file: number;
  pageSize: number;
  lastPage: number;
  freeRoot: number;
  mainRoot: number;
  transaction: number;
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
  const newest = metas.reduce((x, y) => (u64(y, HEADER + TRANSACTION) > u64(x, HEADER + TRANSACTION) ? y : x));
  const lastPage = u64(newest, HEADER + LAST_PAGE);
  if (pageSize < 512 || pageSize > 65536 || size < (lastPage + 1) * pageSize)
    throw new Error('its data file is cut short');
  return {
    file,
    pageSize,
    lastPage,
    freeRoot: u64(newest, HEADER + FREE_ROOT),
    mainRoot: u64(newest, HEADER + MAIN_ROOT),
    transaction: u64(newest, HEADER + TRANSACTION),
  };
}

/**
 * Checks what the library would crash over at once: a file that is no database or shorter than it says itself, its table
 * of tables, its list of free pages. It needs no lock.
 */
export function checkTop(path: string): void {
  const file = openSync(path, 'r');
  try {
    for (let done: boolean | undefined; !done; ) {
      const data = openData(file);
      done = settled(data, () => {
        tableRoots(data);
        walk(data, data.freeRoot, () => {}, 1);
        return true;
      });
    }
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
    const roots = tableRoots(data);
    for (const [name, root] of roots) if (!names || names.includes(name)) walk(data, root, () => {});
  } finally {
    closeSync(file);
  }
}

/** The root page of each table, by its name. */
function tableRoots(data: Data): Map<string, number> {
  const roots = new Map<string, number>();
  walk(data, data.mainRoot, (page, node, keySize) => {
    if ((page.readUInt16LE(node + 4) & IS_TABLE) === 0) return;
    const name = page.toString('latin1', node + NODE, node + NODE + keySize).replace(/\0$/, '');
    roots.set(name, u64(page, node + NODE + keySize + ROOT));
  });
  return roots;
}

const damaged = (page: number): Error => new Error(`page ${page} of its data file is damaged`);

/** The list of free pages may do with one. */
const MIN_CHILDREN = 2;

/** No tree of a kernel's size is deeper. */
const MAX_DEPTH = 12;

function walk(
  data: Data,
  root: number,
  leafNode: (page: Buffer, node: number, keySize: number) => void,
  fewest = MIN_CHILDREN,
  depth = 0,
): void {
  if (root === NO_PAGE) return;
  if (depth > MAX_DEPTH) throw damaged(root);
  const page = readPage(data, root);
  const isBranch = checkNodes(data, root, page, fewest);
  for (let n = 0; n < nodeCount(page); n++) {
    const node = nodeAt(page, n);
    if (isBranch) walk(data, childOf(page, node), leafNode, fewest, depth + 1);
    else {
      checkValue(data, page, node);
      leafNode(page, node, page.readUInt16LE(node + 6));
    }
  }
}

const nodeCount = (page: Buffer): number => page.readUInt16LE(LOWER) >> 1;

/** Offset of the `n`th node of a page, from 0. */
const nodeAt = (page: Buffer, n: number): number => HEADER + page.readUInt16LE(HEADER + 2 * n);

const childOf = (page: Buffer, node: number): number => page.readUInt32LE(node) + page.readUInt16LE(node + 4) * 2 ** 32;

const isInOverflow = (page: Buffer, node: number): boolean => (page.readUInt16LE(node + 4) & IN_OVERFLOW) !== 0;

/** Checks a page of nodes, not what its nodes lead to. True: a branch. */
function checkNodes({ pageSize }: Data, number: number, page: Buffer, fewest = MIN_CHILDREN): boolean {
  const flags = page.readUInt16LE(FLAGS) & ~DIRTY;
  const lower = page.readUInt16LE(LOWER);
  const upper = page.readUInt16LE(UPPER);
  const isBranch = flags === BRANCH;
  if ((!isBranch && flags !== LEAF) || lower > upper || lower % 2 !== 0 || HEADER + upper > pageSize)
    throw damaged(number);
  if (isBranch && lower >> 1 < fewest) throw damaged(number);
  for (let n = 0; n < lower >> 1; n++) {
    const node = nodeAt(page, n);
    if (node < HEADER + upper || node % 2 !== 0 || node + NODE > pageSize) throw damaged(number);
    const end = node + NODE + page.readUInt16LE(node + 6);
    if (end + (isBranch ? 0 : bytesOfValue(page, node)) > pageSize) throw damaged(number);
    if (!isBranch && page.readUInt16LE(node + 4) & ~(IN_OVERFLOW | IS_TABLE)) throw damaged(number);
  }
  return isBranch;
}

const bytesOfValue = (page: Buffer, node: number): number =>
  isInOverflow(page, node) ? OVERFLOW_REFERENCE : page.readUInt32LE(node);

/** Checks the pages of a leaf's value, if it has some of its own. */
function checkValue(data: Data, page: Buffer, node: number): void {
  if (!isInOverflow(page, node)) return;
  const end = node + NODE + page.readUInt16LE(node + 6);
  checkOverflow(data, u64(page, end), page.readUInt32LE(node));
}

function readPage({ file, pageSize, lastPage }: Data, number: number, bytes = pageSize): Buffer {
  if (number > lastPage) throw damaged(number);
  const page = Buffer.allocUnsafe(bytes);
  if (readSync(file, page, 0, bytes, number * pageSize) < bytes || u64(page, 0) !== number) throw damaged(number);
  return page;
}

/** A value of `size` bytes that has pages of its own. */
function checkOverflow(data: Data, number: number, size: number): void {
  const head = readPage(data, number, HEADER);
  const pages = head.readUInt32LE(LOWER);
  const isOverflow = (head.readUInt16LE(FLAGS) & OVERFLOW) !== 0;
  if (!isOverflow || pages * data.pageSize < HEADER + size || number + pages > data.lastPage + 1) throw damaged(number);
}

/** A key as the table holds it: bytes, or a number of 32 bits. */
export type PageKey = Buffer | number;

/** Looks at the pages by which one value is reached. */
export interface PageGuard {
  /**
   * Checks the way to a key of a table, each page once as long as nobody writes; `aside` takes in what lies beside that way,
   * as a writer may join pages. Throws where a page is not what leads there says.
   */
  lookAt(table: string, key: PageKey, aside?: boolean): void;
  close(): void;
}

/** For how long a look at the newest transaction holds. */
const FRESH_MS = 1;

/** What is known of the pages as of one transaction. */
interface Seen {
  data: Data;
  roots: Map<string, number>;
  /** pages that were found to be right: those of branches, and of leaves whether a value of theirs has pages of its own */
  pages: Map<number, Buffer | boolean>;
}

/**
 * A guard over the data file at `path`. It needs no lock: the pages of the newest transaction stay as they are until
 * there is a newer one, and then it looks again.
 */
export function pageGuard(path: string): PageGuard {
  const file = openSync(path, 'r');
  let seen: Seen | undefined;
  let lookedAt = 0;
  const asOfNow = (): Seen => {
    const now = performance.now();
    // thousands of values are read in a row; a page of this transaction is not used anew before the next but one
    if (seen && now - lookedAt < FRESH_MS) return seen;
    lookedAt = now;
    if (seen && newestTransaction(seen.data) === seen.data.transaction) return seen;
    const data = openData(file);
    seen = settled(data, () => ({ data, roots: tableRoots(data), pages: new Map() }));
    return seen ?? asOfNow();
  };
  return {
    lookAt(table, key, aside = false) {
      for (let done: boolean | undefined; !done; ) {
        const { data, roots, pages } = asOfNow();
        done = settled(data, () => {
          lookDown(data, pages, roots.get(table) ?? NO_PAGE, key, aside);
          return true;
        });
      }
    },
    close: () => closeSync(file),
  };
}

/** What looking at pages gives; undefined where they turned out wrong, and a newer transaction may have used them anew. */
function settled<T>(data: Data, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (newestTransaction(data) === data.transaction) throw error;
    return undefined;
  }
}

const counter = Buffer.alloc(8);

function newestTransaction({ file, pageSize }: Data): number {
  readSync(file, counter, 0, 8, HEADER + TRANSACTION);
  const first = u64(counter, 0);
  readSync(file, counter, 0, 8, pageSize + HEADER + TRANSACTION);
  return Math.max(first, u64(counter, 0));
}

function lookDown(data: Data, pages: Seen['pages'], root: number, key: PageKey, aside: boolean): void {
  let number = root;
  for (let depth = 0; number !== NO_PAGE; depth++) {
    if (depth > MAX_DEPTH) throw damaged(number);
    const page = lookAtPage(data, pages, number);
    if (!(page instanceof Buffer)) {
      if (page) lookAtValue(data, number, key);
      return;
    }
    const n = placeOf(page, key, 1) - 1;
    if (aside)
      for (const m of [n - 1, n + 1])
        if (m >= 0 && m < nodeCount(page)) lookAtPage(data, pages, childOf(page, nodeAt(page, m)));
    number = childOf(page, nodeAt(page, n));
  }
}

function lookAtPage(data: Data, pages: Seen['pages'], number: number): Buffer | boolean {
  const known = pages.get(number);
  if (known !== undefined) return known;
  const page = readPage(data, number);
  let found: Buffer | boolean = page;
  if (!checkNodes(data, number, page)) {
    found = false;
    for (let n = 0; n < nodeCount(page) && !found; n++) found = isInOverflow(page, nodeAt(page, n));
  }
  pages.set(number, found);
  return found;
}

function lookAtValue(data: Data, number: number, key: PageKey): void {
  const page = readPage(data, number);
  const n = placeOf(page, key, 0) - 1;
  if (n >= 0) checkValue(data, page, nodeAt(page, n));
}

/** The first node from `low` on whose key is greater. A branch's first node stands for all that is less. */
function placeOf(page: Buffer, key: PageKey, low: number): number {
  let high = nodeCount(page);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isGreater(page, nodeAt(page, middle), key)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isGreater(page: Buffer, node: number, key: PageKey): boolean {
  const start = node + NODE;
  const size = page.readUInt16LE(node + 6);
  if (typeof key === 'number') return size >= 4 && page.readUInt32LE(start) > key;
  return key.compare(page, start, start + size) < 0;
}
