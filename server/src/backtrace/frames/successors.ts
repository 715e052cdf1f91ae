/** What may have become of a function that a tree lacks: what stands in its slot today, what has a name like it. */

import type { IndexReader } from '../../index/read/reader.ts';
import { domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { openingWords, similarity } from '../../resolve/names/nameLikeness.ts';
import type { Bodies } from '../bodies/bodies.ts';
import { type FunctionPlace, placesNamed } from '../functions/functionPlaces.ts';
import type { Successor } from '../resolvedTrace.ts';

/** What is known of the function that is gone. */
export interface Gone {
  name: string;
  /** the file that it was in, where this tree has it */
  file: string | null;
  /** the function that called it, as this tree has it */
  caller: FunctionPlace | null;
}

const MOST = 5;
const LIKE = 0.45;
/** what it counts that the caller calls it today */
const CALLED = 0.5;

/** The likeliest first; empty where nothing comes near. */
export function successorsOf(bodies: Bodies, gone: Gone): Successor[] {
  const found = new Map<string, Successor & { score: number }>();
  const add = (s: Successor, score: number) => {
    const key = `${s.function} ${s.file}`;
    const old = found.get(key);
    if (!old || old.score < score) found.set(key, { ...s, score });
  };
  for (const s of inCallersSlots(bodies, gone)) add(s.successor, s.score);
  const called = new Set(gone.caller && bodies.body(gone.caller)?.calls.map((c) => c.name));
  for (const { successor, score } of knownLike(bodies, gone)) {
    const isCalled = called.has(successor.function);
    const why = isCalled ? `${successor.why}, and ${gone.caller?.name} calls it` : successor.why;
    add({ ...successor, why }, score + (isCalled ? CALLED : 0));
  }
  return [...found.values()]
    .sort((a, b) => b.score - a.score || (a.function < b.function ? -1 : 1))
    .slice(0, MOST)
    .map(({ score: _, ...s }) => s);
}

interface Scored {
  successor: Successor;
  score: number;
}

/** Functions of the same subsystem in the slots that the caller calls. */
function* inCallersSlots(bodies: Bodies, { name, file, caller }: Gone): Iterable<Scored> {
  const body = caller && bodies.body(caller);
  if (!body) return;
  const { index, architecture } = bodies;
  const prefix = openingWords(name);
  for (const call of body.calls) {
    if (call.kind !== 'member' || !call.owner) continue;
    for (const r of index.registrationsOfSlot(call.owner, call.name)) {
      if (r.kind === 'install') continue;
      const path = index.pathOf(r.file);
      // what fs/ext4/ puts there may be a library function by now
      const near = path === file || folderOf(path).endsWith(`/${prefix}`);
      if (!near && openingWords(r.target) !== prefix) continue;
      const place = placesNamed(index, r.target).find(
        (p) => (p.file === path || !p.static) && sameDomain('kernel/*', domainOf(p.file), architecture),
      );
      if (!place) continue;
      const like = similarity(name, r.target);
      const why = `in ${call.owner}.${call.name}, which ${caller.name} calls`;
      yield { successor: { function: r.target, file: place.file, line: place.line, why }, score: 0.5 + like };
    }
  }
}

const alike = new WeakMap<Bodies, Map<string, Scored[]>>();

/** The same for every caller: a look at all names of a tree takes a while. */
function knownLike(bodies: Bodies, gone: Gone): Scored[] {
  const known = alike.get(bodies) ?? new Map<string, Scored[]>();
  alike.set(bodies, known);
  const key = `${gone.name}\0${gone.file ?? ''}`;
  const found = known.get(key) ?? [...likeNamed(bodies, gone)];
  known.set(key, found);
  return found;
}

/** Functions whose names are like it: of its file, else of those that begin as it does. */
function* likeNamed(bodies: Bodies, { name, file }: Gone): Iterable<Scored> {
  const { index, architecture } = bodies;
  for (const f of (file && index.facts(file)?.functions) || []) {
    const like = similarity(name, f.name);
    if (like < LIKE || f.macro) continue;
    const why = 'a name like it in the same file';
    yield { successor: { function: f.name, file: file ?? '', line: f.line, why }, score: like + 0.2 };
  }
  for (const other of namesLike(index, name)) {
    const like = similarity(name, other);
    if (like < LIKE + 0.15) continue;
    for (const p of placesNamed(index, other)) {
      if (p.kind === 'declaration' || p.macro || !sameDomain('kernel/*', domainOf(p.file), architecture)) continue;
      yield { successor: { function: other, file: p.file, line: p.line, why: 'a name like it' }, score: like };
      break;
    }
  }
}

/** Names that share a beginning with it, underscores aside. */
function namesLike(index: IndexReader, name: string): string[] {
  const words = name.replace(/^_+/, '').split('_').filter(Boolean);
  const out = new Set<string>();
  for (const n of [words.length, words.length - 1, 2]) {
    if (n < 1 || (n < 2 && words.length > 1)) continue;
    for (const found of index.searchNames(words.slice(0, n).join('_'), 60)) out.add(found.name);
  }
  out.delete(name);
  return [...out];
}
