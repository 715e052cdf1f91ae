/** Reads a whole index and holds it against what it says of itself: the full check, where opening one only counts. */
import { join } from 'node:path';
import { IndexDamage, type Sums } from './checked.ts';
import { checkPages } from './pages.ts';
import { fileOfValue } from './postings.ts';
import { allRows } from './rows.ts';
import { closeStore, damageToOpen, type Meta, openForReading, ROW_TABLES, readDead, type Store } from './store.ts';
import { filesInWords } from './words.ts';

/** What a look at the whole index found. */
export interface CheckReport {
  /** every file of the tree was in when the index was written last */
  complete: boolean;
  files: number;
  /** values that were read, of all tables */
  values: number;
  /** what is wrong, in words; none: the index is whole */
  faults: string[];
}

const NOTHING: CheckReport = { complete: false, files: 0, values: 0, faults: [] };

/** More than this is not told: it is built anew anyway. */
const MOST_FAULTS = 20;

/**
 * Checks the index of a tree, all in one snapshot, whatever another process writes meanwhile. Null where there is none.
 * `progress` hears how many of how many tables are done.
 */
export async function checkIndex(
  storage: string,
  root: string,
  architecture: string,
  progress: (done: number, total: number) => void = () => {},
): Promise<CheckReport | null> {
  let store: Store | null;
  try {
    store = openForReading(storage, root, architecture);
  } catch (error) {
    return damaged(error);
  }
  if (!store) {
    const damage = damageToOpen(storage, root, architecture);
    return damage === null ? null : { ...NOTHING, faults: [damage] };
  }
  try {
    return check(store, progress);
  } catch (error) {
    return damaged(error);
  } finally {
    await closeStore(store);
  }
}

function damaged(error: unknown): CheckReport {
  if (!(error instanceof IndexDamage)) throw error;
  return { ...NOTHING, faults: [error.message] };
}

/** The library would end the process over some kinds of damage: its pages are looked at first. */
function checkAllPages(store: Store): void {
  try {
    // the snapshot that is read from here on: none of its pages is used for something else meanwhile
    store.meta.get('meta');
    checkPages(join(store.folder, 'data.mdb'));
  } catch (error) {
    throw error instanceof IndexDamage ? error : new IndexDamage((error as Error).message, store.folder);
  }
}

/** Without a turn of the event loop in between, all that is read belongs to one snapshot. */
function check(store: Store, progress: (done: number, total: number) => void): CheckReport {
  const meta = store.meta.get('meta');
  if (!meta) return NOTHING;
  const faults: string[] = [];
  const fault = (text: string): void => {
    if (faults.length < MOST_FAULTS) faults.push(text);
  };
  checkAllPages(store);
  const steps = store.summed.length + 2;
  const values = checkSums(store, fault, (n) => progress(n, steps));
  progress(steps - 2, steps);
  const alive = checkFiles(store, fault);
  progress(steps - 1, steps);
  checkRows(store, meta, alive, fault);
  return { complete: meta.complete > 0, files: alive.size, values, faults };
}

/** Reads every value, and holds what was found against the sums that were written; gives the number of values. */
function checkSums(store: Store, fault: (text: string) => void, progress: (table: number) => void): number {
  let values = 0;
  const found: Sums = new Map();
  for (const [n, db] of store.summed.entries()) {
    progress(n);
    for (const { key, value } of db.entries()) {
      db.tally(found, key, value);
      values++;
    }
  }
  const written = store.readSums();
  for (const part of new Set([...written.keys(), ...found.keys()])) {
    const [a, b] = [written.get(part), found.get(part)];
    if (a?.count !== b?.count || a?.sum !== b?.sum)
      fault(`table and part '${part}': ${b?.count ?? 0} values are there, ${a?.count ?? 0} were written`);
  }
  return values;
}

/** Do files and their numbers belong together? Gives the numbers of all files. */
function checkFiles(store: Store, fault: (text: string) => void): Set<number> {
  const alive = new Set<number>();
  for (const { key: path, value } of store.files.entries()) {
    alive.add(value.id);
    if (store.paths.get(value.id) !== path) fault(`${path}: its number ${value.id} stands for another file`);
    if (!store.facts.get(value.id)) fault(`${path}: nothing is known of it`);
  }
  for (const { key: id, value } of store.paths.entries())
    if (!alive.has(id)) fault(`number ${id} (${value}) belongs to no file`);
  return alive;
}

/** Does every row come from a file that is known, or was? */
function checkRows(store: Store, meta: Meta, alive: ReadonlySet<number>, fault: (text: string) => void): void {
  const dead = readDead(store);
  for (const db of ROW_TABLES.map((table) => store[table]))
    for (const { key, values } of allRows(db, meta.segments))
      for (const row of values) {
        const file = fileOfValue(row);
        if (!alive.has(file) && !dead.has(file))
          fault(`table '${db.name}', ${key}: a row of file ${file}, which is not known`);
      }
  for (const file of filesInWords(store.words, meta.segments))
    if (!alive.has(file) && !dead.has(file)) fault(`table 'words' names file ${file}, which is not known`);
}
