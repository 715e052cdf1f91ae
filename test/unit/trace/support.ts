import { parseTrace } from '../../../server/src/trace/parse.ts';
import type { Frame, Stack } from '../../../server/src/trace/types.ts';

/** The only stack of a text. */
export function only(text: string): Stack {
  const { stacks } = parseTrace(text);
  if (stacks.length !== 1) throw new Error(`${stacks.length} stacks: ${stacks.map((s) => s.title).join(' | ')}`);
  return stacks[0];
}

/** `line kind?function+0x1/0x2 [module] file:line`, what is not there left out. `?` marks the unreliable, `~` the inlined. */
export function brief(frame: Frame): string {
  const offset = frame.offset === null ? '' : `+0x${frame.offset.toString(16)}`;
  const size = frame.size === null ? '' : `/0x${frame.size.toString(16)}`;
  const marks = `${frame.reliable ? '' : '?'}${frame.inlined ? '~' : ''}`;
  const module = frame.module === null ? '' : ` [${frame.module}]`;
  const source = frame.source === null ? '' : ` ${frame.source.file}:${frame.source.line}`;
  const kind = frame.kind === 'call' ? '' : `${frame.kind} `;
  return `${frame.line} ${kind}${marks}${frame.function}${offset}${size}${module}${source}`;
}

/** All frames of a text, stack by stack. */
export function frames(text: string): string[] {
  return parseTrace(text).stacks.flatMap((s) => s.frames.map(brief));
}

/** What a frame's columns cut out of the text: always the function as printed. */
export function cutOut(text: string, frame: Frame): string {
  return text.split('\n')[frame.line - 1].slice(frame.start, frame.end);
}

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Work done while `run` runs, as characters looked at: single ones, those that a search passes over, and the input of
 * each regular expression that is not bound to one place.
 */
export function workOf(run: () => void): number {
  let work = 0;
  const { charCodeAt, indexOf, lastIndexOf, includes } = String.prototype;
  const { exec } = RegExp.prototype;
  const search = (found: number, from: number, length: number) =>
    found < 0 ? Math.max(0, length - from) : found - from + 1;
  String.prototype.charCodeAt = function (this: string, i: number) {
    work++;
    return charCodeAt.call(this, i);
  };
  String.prototype.indexOf = function (this: string, what: string, from = 0) {
    const found = indexOf.call(this, what, from);
    work += search(found, from, this.length);
    return found;
  };
  String.prototype.lastIndexOf = function (this: string, what: string, from = this.length) {
    const found = lastIndexOf.call(this, what, from);
    work += Math.max(1, Math.min(from, this.length) - Math.max(0, found));
    return found;
  };
  String.prototype.includes = function (this: string, what: string, from = 0) {
    work += search(indexOf.call(this, what, from), from, this.length);
    return includes.call(this, what, from);
  };
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    work += this.sticky ? 32 : text.length;
    return exec.call(this, text);
  };
  try {
    run();
  } finally {
    Object.assign(String.prototype, { charCodeAt, indexOf, lastIndexOf, includes });
    RegExp.prototype.exec = exec;
  }
  return work;
}
