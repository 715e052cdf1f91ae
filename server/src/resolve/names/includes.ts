/** What a file sees by its #includes, as the compiler follows them for one architecture. */

import { type Cache, newCache } from '../../index/cache.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { architectureOf, domainOf } from '../../kernel/domain.ts';
import { nearness } from '../../kernel/proximity.ts';
import { includeCandidates } from '../../syntax/macros/knowledge.ts';
import { keptByReader, keptByTree } from '../kept.ts';
import type { World } from '../world.ts';

/** The #includes of a tree for one architecture, as far as they were asked for. Files go by numbers of their own. */
interface Includes {
  architecture: string;
  paths: string[];
  numbers: Map<string, number>;
  /** by number: what the file itself #includes */
  steps: (Step | undefined)[];
  /** the file that an #include means, by its folder (`"…"`) and text; -1: none in the tree */
  meant: Map<string, number>;
  closures: Cache<string, Closure>;
  /** names whose definitions all files of the kernel see alike; see `isSeenAlike` */
  alike: Map<string, boolean>;
}

/** What one file #includes by itself. */
interface Step {
  files: readonly number[];
  /** names of no file at the usual places: generated, or found by a folder that a Makefile names */
  others: readonly string[];
}

/** What a file sees, as far as it was followed: most questions are answered by the first steps. */
interface Closure {
  /** its own #includes that this was made of */
  own: string;
  /** a bit for the number of each file that is seen */
  bits: Uint8Array;
  others: Set<string>;
  /** numbers of the files that are seen, nearest first; those from `next` on were not looked into yet */
  seen: number[];
  next: number;
}

/** Closures are some 8 KB each, and twice as much while they are followed. */
const MAX_CLOSURES = 400;

const newIncludes = (architecture: string): Includes => ({
  architecture,
  paths: [],
  numbers: new Map(),
  steps: [],
  meant: new Map(),
  closures: newCache(MAX_CLOSURES),
  alike: new Map(),
});

const byArchitecture = (): Map<string, Includes> => new Map();
const ofTree = keptByTree(byArchitecture);
// where there is no index on disk, nothing tells when another file was read
const ofReader = keptByReader(byArchitecture);

function includesOf({ index, architecture }: World, from: string): Includes {
  const own = architectureOf(domainOf(from)) ?? architecture;
  const known = index.meta() ? ofTree(index) : ofReader(index);
  let includes = known.get(own);
  if (!includes) {
    includes = newIncludes(own);
    known.set(own, includes);
  }
  return includes;
}

function numberOf({ numbers, paths }: Includes, path: string): number {
  let n = numbers.get(path);
  if (n === undefined) {
    n = paths.length;
    paths.push(path);
    numbers.set(path, n);
  }
  return n;
}

/** What the kernel's Makefile has the compiler read in front of every file. */
const ALWAYS = ['<linux/kconfig.h>', '<linux/compiler_types.h>'];

function stepOf(index: IndexReader, includes: Includes, path: string, written: readonly string[]): Step {
  const files: number[] = [];
  const others: string[] = [];
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  for (const include of written) {
    const key = include.startsWith('"') ? folder + include : include;
    let n = includes.meant.get(key);
    if (n === undefined) {
      const found = includeCandidates(path, include, includes.architecture).find((p) => index.fileId(p) !== undefined);
      n = found === undefined ? -1 : numberOf(includes, found);
      includes.meant.set(key, n);
    }
    const name = include.replace(/^["<](?:\.{1,2}\/)*|[">].*$/g, '');
    if (n >= 0) files.push(n);
    // <string.h> is the C library's
    else if (include.startsWith('"') || name.includes('/')) others.push(name);
  }
  return { files, others };
}

function closureOf(world: World, from: string): { includes: Includes; closure: Closure } {
  const { index } = world;
  const includes = includesOf(world, from);
  const written = index.includes(from);
  // an open document says what it #includes with each key typed
  const own = written.join();
  let closure = includes.closures.get(from, () => newClosure(index, includes, from, written, own));
  if (closure.own !== own) {
    includes.closures.forget(from);
    closure = includes.closures.get(from, () => newClosure(index, includes, from, written, own));
  }
  return { includes, closure };
}

function newClosure(
  index: IndexReader,
  includes: Includes,
  from: string,
  written: readonly string[],
  own: string,
): Closure {
  const closure: Closure = {
    own,
    bits: new Uint8Array((includes.paths.length >> 3) + 512),
    others: new Set(),
    seen: [],
    next: 0,
  };
  take(closure, stepOf(index, includes, from, from.endsWith('.h') ? written : [...ALWAYS, ...written]));
  return closure;
}

function take(closure: Closure, { files, others }: Step): void {
  for (const n of files) {
    const at = n >> 3;
    if (at >= closure.bits.length) closure.bits = grown(closure.bits, at);
    if ((closure.bits[at] & (1 << (n & 7))) !== 0) continue;
    closure.bits[at] |= 1 << (n & 7);
    closure.seen.push(n);
  }
  for (const other of others) closure.others.add(other);
}

/** Looks into what is seen, the nearest first, until the file comes in sight; false where it doesn't. */
function comesInSight(index: IndexReader, includes: Includes, closure: Closure, file: string): boolean {
  const { steps, numbers } = includes;
  let n = numbers.get(file);
  for (;;) {
    if (n !== undefined && (closure.bits[n >> 3] & (1 << (n & 7))) !== 0) return true;
    if (closure.next >= closure.seen.length) {
      // all is known: only what is seen counts from now on
      closure.seen = [];
      closure.next = 0;
      return false;
    }
    const next = closure.seen[closure.next++];
    take(closure, steps[next] ?? keepStep(index, includes, next));
    // a file gets its number when something is found to #include it
    n ??= numbers.get(file);
  }
}

function grown(bits: Uint8Array, at: number): Uint8Array {
  const more = new Uint8Array(2 * at);
  more.set(bits);
  return more;
}

function keepStep(index: IndexReader, includes: Includes, n: number): Step {
  const path = includes.paths[n];
  const step = stepOf(index, includes, path, index.includes(path));
  includes.steps[n] = step;
  return step;
}

/** What a file sees by its #includes. */
export type Sight = (file: string) => boolean;

/**
 * Tells of other files whether code of `from` sees them: it #includes them, or what it #includes does. A header that is
 * found by a folder of some Makefile's is seen where one of its name is wanted, in the same part of the tree.
 */
export function sightOf(world: World, from: string): Sight {
  const { includes, closure } = closureOf(world, from);
  return (file) => {
    if (comesInSight(world.index, includes, closure, file)) return true;
    const { others } = closure;
    if (others.size === 0 || !file.endsWith('.h') || nearness(file, from) < 2) return false;
    if (domainOf(file) !== domainOf(from)) return false;
    return [...others].some((name) => file.endsWith(name) && file[file.length - name.length - 1] === '/');
  };
}

/**
 * Remembers for one name whether it means the same in all files of the architecture that `from` is seen with: `find` is
 * asked once. Which file #includes what is then no question.
 */
export function isSeenAlike(world: World, name: string, from: string, find: () => boolean): boolean {
  const { alike } = includesOf(world, from);
  let known = alike.get(name);
  if (known === undefined) {
    known = find();
    alike.set(name, known);
  }
  return known;
}
