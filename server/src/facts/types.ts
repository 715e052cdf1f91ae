/**
 * What one file says, as plain data: a pure function of (path, text, macro knowledge). Lines and columns are 1-based,
 * columns count bytes. A type is kept as C text without the declared name (`int (*)(struct inode *)`); an unnamed
 * record in it is `struct @n`, n being its index in `records` of the same file.
 */
import type { Expression } from '../syntax/expressions.ts';

export type { Expression } from '../syntax/expressions.ts';

/** A place in the file. Of what comes out of a macro's body (`macro` in what follows) it is the macro's use. */
export interface Place {
  line: number;
  column: number;
}

/** A parameter; of `...` both are that. */
export interface ParamFact {
  name: string;
  type: string;
}

/** A function definition. */
export interface FunctionFact extends Place {
  name: string;
  returnType: string;
  params: ParamFact[];
  /** last line of the body */
  endLine: number;
  static: boolean;
  inline: boolean;
  macro: boolean;
  condition: string | null;
  /** of a name that the linker gives another function: that one's name */
  alias?: string;
}

/** A declaration without a body or an initialiser: a prototype (`type` is what it returns) or an extern. */
export interface DeclarationFact extends Place {
  name: string;
  type: string;
  function: boolean;
}

/** A member of a record, as it is declared. */
export interface FieldFact extends Place {
  /** '' for an unnamed struct or union whose members show through */
  name: string;
  type: string;
  /** index in `records` when the type is a struct or union defined right here */
  record: number;
  /** kernel-doc text of the member, or '' */
  doc: string;
  condition: string | null;
}

/** A struct or union with its members. */
export interface RecordFact extends Place {
  keyword: 'struct' | 'union';
  /** tag; that of the typedef where it has none of its own; '' without either */
  tag: string;
  /** index of the record around it, -1 for none */
  outer: number;
  fields: FieldFact[];
  endLine: number;
  condition: string | null;
  /** first paragraph of its kernel-doc, or '' */
  doc: string;
}

/** `typedef type name;` */
export interface TypedefFact extends Place {
  name: string;
  type: string;
}

/** A name of an enum. */
export interface EnumeratorFact extends Place {
  name: string;
  /** tag of the enum, '' without */
  tag: string;
  /** its value where the text tells it without evaluating other names, else null */
  value: number | null;
}

/** A macro that is more than a plain constant. */
export interface MacroFact extends Place {
  name: string;
  params: string[] | null;
  /** functions and macros that its body calls, with a blank between them */
  calls: string;
}

/** One function or object named in an initialiser or on the right of an assignment. */
export interface ValueFact extends Place {
  name: string;
  /** `&name` */
  address: boolean;
  /** members selected behind the name: `&ops.inner` -> 'inner' */
  member: string;
  /** what must hold for it to be the value: of #if arms around it, and of a choice by the configuration; null: nothing */
  condition: string | null;
}

/** One step into an object: a member, an array index as written, or a position in a list without designators. */
export type PathStep = { member: string } | { index: string } | { position: number };

/** A value at a path inside a variable's initialiser. */
export interface InitFact {
  path: PathStep[];
  value: ValueFact;
  macro: boolean;
  /** type named by a compound literal that holds the value, else '' */
  literalType: string;
  /** index in `path` at which that literal starts */
  literalDepth: number;
}

/** An object with static storage, or a local one with an initialiser. */
export interface VariableFact extends Place {
  name: string;
  type: string;
  static: boolean;
  /** of a local the function's name; null at file scope */
  function: string | null;
  macro: boolean;
  condition: string | null;
  endLine: number;
  inits: InitFact[];
}

/** `receiver.member = value`, in a function's body. */
export interface AssignmentFact extends Place {
  /** name of the function whose body it stands in */
  function: string;
  /** the object assigned to, up to the last member */
  target: Expression;
  /** the last member's name; '' for `*p = …` and `tbl[i] = …` */
  member: string;
  values: ValueFact[];
  /** the values of `*ops = (struct x){ … }` */
  inits: InitFact[];
  literalType: string;
  macro: boolean;
  condition: string | null;
}

/** A call through a member or through a pointer, in a function's body. Its place is that of the member's or pointer's name. */
export interface SiteFact extends Place {
  /** index of the function in `functions` */
  function: number;
  kind: 'call' | 'pointer';
  /** the member's name; of a pointer the variable's */
  name: string;
  /** the object whose member is called; null for a pointer */
  receiver: Expression | null;
  /** it comes out of a macro's body */
  macro: boolean;
}

/**
 * A function pointer on its way: as an argument, or into a variable or member. Its place is that of the value, of what
 * it is put into where that is a member.
 */
export interface FlowFact extends Place {
  /** index of the function in `functions` */
  function: number;
  /** a function, parameter or local by name, or a member */
  from: Expression;
  /** what it is put into; of an argument, the callee: a name or a member */
  to: Expression;
  /** position of the argument; -1 for an assignment; -2 for what the function itself, `to`, returns */
  argument: number;
  macro: boolean;
}

/** The direct calls of one function, in order: a kernel has two million. */
export interface CallsFact {
  /** index of the function in `functions` */
  function: number;
  /** names of the callees, functions or macros, with a blank between them */
  names: string;
  /** line of each, as the step from the one before */
  steps: number[];
}

/** Types of the parameters and locals of a function that its assignments and sites name. */
export interface LocalFact {
  function: string;
  name: string;
  type: string;
  /** lines in which the name has this meaning */
  line: number;
  endLine: number;
}

/** A symbol of an assembly file. */
export interface LabelFact extends Place {
  name: string;
}

/** All that is known of one file. */
export interface FileFacts {
  path: string;
  labels: LabelFact[];
  functions: FunctionFact[];
  declarations: DeclarationFact[];
  records: RecordFact[];
  typedefs: TypedefFact[];
  enumerators: EnumeratorFact[];
  variables: VariableFact[];
  assignments: AssignmentFact[];
  locals: LocalFact[];
  sites: SiteFact[];
  calls: CallsFact[];
  flows: FlowFact[];
  /** as written: `"x.h"`, `<linux/x.h>` */
  includes: string[];
  macros: MacroFact[];
  /** of a header that takes parameters: each #include that it was read for, by file and 1-based line; else null */
  instances: { includer: string; line: number }[] | null;
  /** hashes of the names of the macros that the facts depend on, in order */
  macrosUsed: number[];
  /** bytes handed to the parser, and bytes of them that it could not read */
  parsedBytes: number;
  errorBytes: number;
  /** a limit was hit: facts may be missing */
  partial: boolean;
}
