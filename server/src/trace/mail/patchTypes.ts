/** A mailed patch as plain data. Lines of the input are 1-based. */
import type { Problem } from '../types.ts';

export type HunkLineKind = 'context' | 'add' | 'remove';

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

export interface PatchMail {
  patches: Patch[];
  problems: Problem[];
}
