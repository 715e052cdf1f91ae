/** The questions that an index answers by rows, so that what answers for several readers need not name each of them. */
import type { End } from '../link/ends.ts';
import type { Caller, Dispatch, NamePosting, Registration, StoredFlow, TablePosting } from '../store/postings.ts';

/** A step of a function pointer in a file. */
export interface Flow extends Omit<StoredFlow, 'from' | 'to'> {
  from: End;
  to: End;
}

/** Questions that are answered by rows, each of which says something of one file. */
export interface RowQuestions {
  /** what is defined or declared under a name */
  names(name: string): NamePosting[];
  /** what is put into a slot; an empty owner asks for the members whose struct isn't known */
  registrationsOfSlot(owner: string, member: string): Registration[];
  /** the slots that a function or table is put into */
  registrationsOfTarget(name: string): Registration[];
  /** tables of a struct or union */
  tablesOfRecord(tag: string): TablePosting[];
  /** calls through a slot */
  dispatchesOfSlot(owner: string, member: string): Dispatch[];
  /** who calls a function or macro by its name */
  callersOf(name: string): Caller[];
  /** files that hold a word outside comments and strings; a few that don't may be among them */
  filesOfWord(word: string): Row[];
  /** the steps of a function pointer from an end */
  flowsFrom(end: End): Flow[];
  /** and to one */
  flowsTo(end: End): Flow[];
}

/** All of them. A new question is added here, in `RowQuestions`, in `openReader`, and for one file in fileLinks.ts. */
const ROW_QUESTIONS: readonly (keyof RowQuestions)[] = [
  'names',
  'registrationsOfSlot',
  'registrationsOfTarget',
  'tablesOfRecord',
  'dispatchesOfSlot',
  'callersOf',
  'filesOfWord',
  'flowsFrom',
  'flowsTo',
];

/** The same asked of one file, whose number nobody needs. */
export type FileQuestions = {
  [Q in keyof RowQuestions]: (
    ...keys: Parameters<RowQuestions[Q]>
  ) => Omit<ReturnType<RowQuestions[Q]>[number], 'file'>[];
};

/** A row of an answer: each says which file it is of. */
export interface Row {
  file: number;
}

/** A question as all are asked. */
type AskRows = (...keys: unknown[]) => Row[];

/** Answers to every question of `RowQuestions`, each made of the answers of others. */
export const answersBy = (make: (question: keyof RowQuestions) => AskRows): RowQuestions =>
  Object.fromEntries(ROW_QUESTIONS.map((q) => [q, make(q)])) as unknown as RowQuestions;

/** A question of a reader, or of one file, in the form that all have. */
export const askOf = (reader: RowQuestions | FileQuestions, question: keyof RowQuestions): AskRows =>
  reader[question] as unknown as AskRows;
