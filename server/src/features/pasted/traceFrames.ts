/** What features say of a resolved frame: the line to look at, and how control goes on from there, in words. */

import type { CodePlace, ResolvedFrame, ResolvedStack, Via } from '../../backtrace/backtrace.ts';
import { chainOf } from '../../trace/stacks.ts';

/** The line that executes, as far as it is known: printed by a debugger, found out, or else the function's own. */
export function lineOf({ source, call, definition }: ResolvedFrame): CodePlace | null {
  if (source && !source.moved) return source;
  return call ?? definition;
}

/** `through ->readahead of ext4_aops`; null for a plain call. */
export function viaText(via: Via): string | null {
  const of = via.table ? ` of ${via.table}` : '';
  switch (via.kind) {
    case 'dispatch':
      return `through ->${via.slot?.split('.').pop() ?? '?'}${of}`;
    case 'pointer':
      return via.slot ? `through the pointer ${via.slot}` : 'through a pointer';
    case 'tail':
      return via.slot ? `by a jump through ->${via.slot.split('.').pop()}${of}` : 'by a jump (tail call)';
    case 'syscall':
      return 'by the system call table';
    case 'exception':
      return 'by an exception';
    case 'event':
      return 'by a tracepoint';
    case 'assembly':
      return 'from assembly';
    case 'call':
      return null;
  }
}

const EVIDENCE: Record<NonNullable<Via['evidence']>, string> = {
  typed: 'typed',
  flow: 'pointer followed',
  signature: 'by signature alone',
  name: 'by name alone',
};

/** What an edge rests on and how sure the line is: `typed, likely`; '' where nothing is in doubt. */
export function evidenceText({ via, call }: ResolvedFrame): string {
  const parts = [
    via?.evidence ? EVIDENCE[via.evidence] : '',
    call && call.confidence !== 'certain' ? call.confidence : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** The frames of a chain of control, innermost first. */
function framesOnWay({ stack, frames }: ResolvedStack): ResolvedFrame[] {
  const byFrame = new Map(frames.map((f) => [f.frame, f]));
  return chainOf(stack)
    .filter((f) => f.reliable && !f.user)
    .flatMap((f) => byFrame.get(f) ?? []);
}

/** Frames that have one above them: what they call is known. */
export const framesWithCallee = (stack: ResolvedStack): Set<ResolvedFrame> => new Set(framesOnWay(stack).slice(1));

/** A frame's neighbours in the chain of control: `above` is what it calls, `below` its caller. */
export function neighbours(
  stack: ResolvedStack,
  frame: ResolvedFrame,
): { above: ResolvedFrame | null; below: ResolvedFrame | null } {
  const chain = framesOnWay(stack);
  const at = chain.indexOf(frame);
  if (at < 0) return { above: null, below: null };
  return { above: chain[at - 1] ?? null, below: chain[at + 1] ?? null };
}

/** What a reader has to know of a frame: said by the resolver, or that the tree lacks the function. */
export function noteOf(f: ResolvedFrame): string {
  const like = f.successors.slice(0, 3).map((s) => `${s.function} (${s.file}:${s.line})`);
  const note = f.note?.replace(/; likely successors:$/, '') ?? '';
  if (like.length > 0) return `${note || 'not in this tree'}; may have become ${like.join(' or ')}`;
  if (note) return note;
  if (f.definition || f.frame.user || f.frame.function === '') return '';
  return 'not in this tree';
}
