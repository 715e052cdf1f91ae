/** The rows of a store, decoded: what every question to an index is answered from. */
import type { FileFacts, RecordFact } from '../../facts/types.ts';
import { newCache } from '../cache.ts';
import { IndexDamage } from '../store/checked.ts';
import { decodeFacts, recordIn } from '../store/codec.ts';
import { decodeName, fileOfValue, type NamePosting } from '../store/postings.ts';
import { type RowsDb, rowsOf, type Segments } from '../store/rows.ts';
import { readDead, type Store } from '../store/store.ts';
import { filesOfWord } from '../store/words.ts';

/** How much a file's facts hold: a list's entry takes some 150 bytes, whatever it is. */
const sizeOfFacts = (facts: FileFacts | null): number =>
  facts === null
    ? 1
    : Object.values(facts).reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 1), 0);
const MAX_FACTS = 60_000;
const MAX_RECORD_BYTES = 4 << 20;
/** Rows are counted first and read a little later, a search for chains does so. */
const MAX_RECENT_BYTES = 4 << 20;

/** What rows hold on to: all that were read with them, which is some pages for the rows of any key. */
const weigh = (rows: readonly Buffer[]): number => (rows[0]?.buffer.byteLength ?? 100) + rows.length * 100;

/** Questions by a file's number, and by name. */
export interface StoreReader {
  /** `once`: they need not be kept, as thousands of files are gone through */
  factsOf(file: number, once?: boolean): FileFacts | null;
  pathOf(file: number): string;
  names(name: string): NamePosting[];
  record(file: number, n: number): RecordFact | null;
  /** name of a file's function by its index; '' where there is none */
  functionName(file: number, index: number): string;
  /** numbers of the files that hold a word outside comments and strings; some that don't may be among them */
  filesOfWord(word: string): number[];
  /** values of a key in one of the tables of rows, without those of dead files */
  rows(table: (store: Store) => RowsDb, key: string): Buffer[];
  /** forgets what it holds: after the index changed */
  clear(): void;
}

const NO_SEGMENTS = { first: 0, next: 0 };

/** Reads a store; what was read is kept within bounds. After a change `clear` must be called. */
export function storeReader(store: Store): StoreReader {
  const facts = newCache<number, FileFacts | null>(MAX_FACTS, sizeOfFacts);
  const records = newCache<number, Buffer | null>(MAX_RECORD_BYTES, (block) => (block?.length ?? 0) + 100);
  const functions = newCache<number, string[]>(2000);
  const paths = newCache<number, string>(60_000);
  const names = newCache<string, NamePosting[]>(20_000);
  const recent = newCache<string, Buffer[]>(MAX_RECENT_BYTES, weigh);
  let segments = store.meta.get('meta')?.segments ?? NO_SEGMENTS;
  let dead = readDead(store);
  const clear = () => {
    // a file that is read again gets a new number: what is known by number stays true
    names.clear();
    recent.clear();
    segments = store.meta.get('meta')?.segments ?? NO_SEGMENTS;
    dead = readDead(store);
  };
  const inSegments = <T>(read: (segments: Segments) => T): T => {
    const { first, next } = segments;
    try {
      return read(segments);
    } catch (error) {
      // what looks like a segment that is lost may be one that another process has merged into the next
      clear();
      if (!(error instanceof IndexDamage) || (segments.first === first && segments.next === next)) throw error;
      return read(segments);
    }
  };
  const rows: StoreReader['rows'] = (table, key) =>
    recent.get(`${table(store).name} ${key}`, () => {
      const all = inSegments((now) => rowsOf(table(store), now, key));
      return dead.size ? all.filter((value) => !dead.has(fileOfValue(value))) : all;
    });
  return {
    rows,
    filesOfWord: (word) => inSegments((now) => filesOfWord(store, now, word)).filter((file) => !dead.has(file)),
    factsOf(file, once = false) {
      const read = (): FileFacts | null => {
        const bytes = store.facts.get(file);
        return bytes ? decodeFacts(bytes) : null;
      };
      return once ? (facts.peek(file) ?? read()) : facts.get(file, read);
    },
    pathOf: (file) => paths.get(file, () => store.paths.get(file) ?? ''),
    names: (name) =>
      names.get(name, () =>
        rows((s) => s.names, name)
          .map(decodeName)
          .sort((a, b) => a.file - b.file),
      ),
    functionName: (file, index) =>
      functions.get(file, () => store.functions.get(file)?.toString('latin1').split('\n') ?? [])[index] ?? '',
    record(file, n) {
      const block = records.get(file, () => store.records.get(file) ?? null);
      return block && recordIn(block, n);
    },
    clear,
  };
}
