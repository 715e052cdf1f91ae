/** What typing is asked of: types and records with the files that they stand in. */
import type { RecordFact } from '../../facts/types.ts';

/** A type text and the file it stands in: `struct @3` means something only there. */
export interface Type {
  text: string;
  file: string;
}

/** A record, and the file that it stands in. */
export interface RecordAt {
  record: RecordFact;
  file: string;
}

/** What typing needs to know of other files. */
export interface TypeSource {
  architecture: string;
  /** what was found out before, until another file comes into view or the index changes; null where that can't be told */
  memo: Map<string, unknown> | null;
  /** all records with a tag */
  recordsByTag(tag: string): RecordAt[];
  /** record `n` of a file */
  recordAt(file: string, n: number): RecordFact | null;
  typedefs(name: string): Type[];
  /** types of global variables and return types of functions by name */
  variables(name: string): Type[];
  returns(name: string): Type[];
  /** what the file in view #includes: `linux/fs.h`, `own.h`; of any other file nothing is said */
  includes(file: string): readonly string[];
}
