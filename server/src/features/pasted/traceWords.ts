/** Resolved frames in words: how control goes on from a frame, how sure that is, what a reader has to know. */
import type { FrameNote, ResolvedFrame, Via } from '../../backtrace/resolvedTrace.ts';

/** ` of ext4_aops`, ` of ext4_aops, 1 of 14 tables: fs/ext4 is in the trace`, ` of one of 14 tables`; '' where no table is known. */
export function tableText({ table, tables, why }: Via): string {
  const because = why ? `: ${why}` : '';
  if (table) return tables > 1 ? ` of ${table}, 1 of ${tables} tables${because}` : ` of ${table}`;
  return tables > 1 ? ` of one of ${tables} tables${because}` : '';
}

/** `through ->readahead of ext4_aops`; null for a plain call. */
export function viaText(via: Via): string | null {
  const of = tableText(via);
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

/** The same in a word or two, for a narrow view: `->readahead`; '' for a plain call. */
export function viaBrief({ kind, slot }: Via): string {
  const member = slot?.split('.').pop() ?? '';
  switch (kind) {
    case 'dispatch':
    case 'tail':
      return member ? `->${member}` : 'jump';
    case 'pointer':
      return member ? `(*${member})` : 'pointer';
    case 'syscall':
      return 'system call';
    case 'event':
      return 'tracepoint';
    case 'call':
      return '';
    default:
      return kind;
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

/** What a note says. Successors, where there are some, are another matter. */
export function noteText(note: FrameNote): string {
  switch (note.kind) {
    case 'not-looked-up':
      return 'not looked up: the stack has too many frames';
    case 'not-indexed':
      return 'not indexed yet';
    case 'module-not-indexed':
      return `module ${note.module} is not indexed yet: perhaps another function of that name`;
    case 'missing':
      return `not in this tree${note.module ? ` (module ${note.module})` : ''}`;
    case 'elsewhere':
      return `not for ${note.architecture}: other architectures and programs have it`;
    case 'no-module':
      return `module ${note.module} is not in this tree: perhaps another function of that name`;
    case 'outside-module':
      return `not among the files of module ${note.module}: perhaps another function of that name`;
    case 'moved-line':
      return note.line === null
        ? `moved: line ${note.printed} is not in this function here`
        : `moved: line ${note.printed} in the trace, ${note.line} here`;
    case 'in-front':
      return 'in front of the function: its padding, or what the check of indirect calls reads';
    case 'moved-file':
      return `moved: it was in ${note.printed}`;
    case 'one-of':
      return `one of ${note.count} of that name`;
    case 'declared':
      return 'only declared here';
  }
}

/** What a reader has to know of a frame, with what may stand for it where the tree lacks it; '' for nothing. */
export function remarkOf({ note, successors, definition, frame }: ResolvedFrame): string {
  const like = successors.slice(0, 3).map((s) => `${s.function} (${s.file}:${s.line})`);
  const text = note ? noteText(note) : '';
  if (like.length > 0) return `${text || 'not in this tree'}; may have become ${like.join(' or ')}`;
  return text || definition || frame.user || frame.function === '' ? text : 'not in this tree';
}
