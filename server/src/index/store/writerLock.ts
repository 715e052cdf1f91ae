/**
 * One process writes an index at a time. The lock is a file beside the index that names its holder; it is free as soon
 * as the holder is gone, however it ended. Where processes can't see each other (containers that share a cache), a
 * holder that has not shown itself for a while counts as gone. Should one be wrongly taken for gone, nothing is
 * lost: `transact` (store.ts) lets only the latest holder write.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { makeFolder } from './folders.ts';

/** Who writes, and how far it is; `total` is 0 where that isn't known yet. */
export interface LockHolder {
  pid: number;
  phase: string;
  done: number;
  total: number;
}

/** The right to write an index, until it is released. */
export interface WriterLock {
  /** unlike any other holder's */
  token: string;
  /** shows others how far this one is */
  tell(progress: Omit<LockHolder, 'pid'>): void;
  release(): void;
}

interface Held extends LockHolder {
  token: string;
  /** where the process number means something: host and process namespace */
  place: string;
  /** when the process began, where the system tells: numbers are used again */
  started: string;
}

/** A holder shows itself so often, and counts as gone after so long without (both in ms). */
const SHOW_MS = 2000;
const GONE_MS = 120_000;
/** A file without contents that is younger than this is still being written, in ms. */
const FRESH_MS = 5000;

const placeHere = (): string => {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
};

/** When a process began, in the system's own count; '' where it doesn't tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the second field, a name in brackets, may hold blanks; of the others the 20th from there is meant
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What a lock file says, and when its holder last showed itself; null where there is no lock. */
function readLock(path: string): { held: Held | null; shown: number } | null {
  try {
    const shown = statSync(path).mtimeMs;
    try {
      return { held: JSON.parse(readFileSync(path, 'utf8')) as Held, shown };
    } catch {
      return { held: null, shown };
    }
  } catch {
    return null;
  }
}

function isGone({ held, shown }: { held: Held | null; shown: number }): boolean {
  const silent = Date.now() - shown;
  if (!held) return silent > FRESH_MS;
  if (silent > GONE_MS) return true;
  if (held.place !== placeHere()) return false;
  return !isRunning(held.pid) || (held.started !== '' && held.started !== startOf(held.pid));
}

/** Lines of a fixed length: they are written over each other while others read. */
const lineOf = (held: Held): string => `${JSON.stringify(held).padEnd(400)}\n`;

/** Puts the file at its place in one step; false where another is there. */
function place(path: string, held: Held): number | null {
  const own = `${path}.${held.token}`;
  const file = openSync(own, 'wx');
  try {
    writeSync(file, lineOf(held));
    linkSync(own, path);
    return file;
  } catch (error) {
    closeSync(file);
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return null;
    // a file system without hard links
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') return create(path, held);
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function create(path: string, held: Held): number | null {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, lineOf(held));
    return file;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}

/** Takes the file of a holder that is gone out of the way; one that came in between is put back. */
function clear(path: string, gone: Held | null): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  try {
    if (readLock(aside)?.held?.token !== gone?.token) linkSync(aside, path);
  } catch {
    // its holder finds out when it writes
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Takes the lock of an index folder, or tells who has it. Throws what the file system says where no file can be made.
 */
export function tryLock(folder: string): WriterLock | LockHolder {
  const path = `${folder}.lock`;
  makeFolder(dirname(path));
  let held: Held = {
    pid: process.pid,
    phase: 'listing',
    done: 0,
    total: 0,
    token: randomUUID(),
    place: placeHere(),
    started: startOf(process.pid),
  };
  for (let turn = 0; turn < 3; turn++) {
    const file = place(path, held);
    if (file !== null) {
      const show = (): void => {
        try {
          writeSync(file, lineOf(held), 0);
        } catch {
          // a full disk: others wait a little in vain
        }
      };
      const timer = setInterval(show, SHOW_MS);
      timer.unref();
      return {
        token: held.token,
        tell(progress) {
          held = { ...held, ...progress };
        },
        release() {
          clearInterval(timer);
          closeSync(file);
          if (readLock(path)?.held?.token === held.token) rmSync(path, { force: true });
        },
      };
    }
    const other = readLock(path);
    if (!other) continue;
    if (!isGone(other)) return other.held ?? { pid: 0, phase: 'listing', done: 0, total: 0 };
    clear(path, other.held);
  }
  return readLock(path)?.held ?? { pid: 0, phase: 'listing', done: 0, total: 0 };
}

/** Is the answer of `tryLock` the lock itself? */
export const isLock = (answer: WriterLock | LockHolder): answer is WriterLock => 'release' in answer;

/** How often a waiting process looks, in ms. */
const LOOK_MS = 150;

/**
 * Waits for the lock of an index folder. `waiting` is told of the holder at each look; where it returns false, or the
 * signal says stop, waiting ends with who has it.
 */
export async function waitForLock(
  folder: string,
  waiting: (holder: LockHolder) => boolean,
  signal?: AbortSignal,
): Promise<WriterLock | LockHolder> {
  for (;;) {
    const answer = tryLock(folder);
    if (isLock(answer) || signal?.aborted || !waiting(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
