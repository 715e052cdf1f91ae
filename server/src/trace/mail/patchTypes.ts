/** A mailed patch as plain data. Lines of the input are 1-based. */
import type { Problem } from '../types.ts';

/** What a line of a hunk does to the file: its marker is a blank, `+` or `-`. */
export type HunkLineKind = 'context' | 'add' | 'remove';

/** One line of a hunk. */
export interface HunkLine {
  kind: HunkLineKind;
  /** the file's line, without marker and quoting */
  text: string;
  /** line of the input, 1-based, and column where `text` starts in it */
  line: number;
  column: number;
  /** `\ No newline at end of file` stands below */
  noNewline: boolean;
}

/** One `@@` part of a file. Lines are 1-based, in the file before (old) and after (new) the patch. */
export interface Hunk {
  /** line of `@@` in the input, 1-based */
  line: number;
  oldStart: number;
  oldCount: number;
  newStart: number;
  newCount: number;
  /** what git prints behind the second `@@`: the function around the hunk, '' where there is none */
  section: string;
  lines: HunkLine[];
  /** what a mailer or a reviewer did to the hunk, in words; empty where it is whole */
  damage: string[];
}

/** What a patch does to one file. */
export interface PatchFile {
  /** path before and after, without `a/` and `b/`; null for /dev/null */
  oldPath: string | null;
  newPath: string | null;
  kind: 'modified' | 'added' | 'deleted' | 'renamed' | 'copied';
  binary: boolean;
  /** line of the input where the file's part starts, 1-based */
  line: number;
  hunks: Hunk[];
}

/** One patch of a mail or a series. */
export interface Patch {
  subject: string | null;
  from: string | null;
  date: string | null;
  messageId: string | null;
  line: number;
  files: PatchFile[];
}

/** The patches of a text, in their order, and what could not be read as one. */
export interface PatchMail {
  patches: Patch[];
  problems: Problem[];
}
