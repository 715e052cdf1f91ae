/** One file's visit: what it carries along, and the parser at its end, which gets all in one text. */
import type { MacroDefinition } from '../syntax/macros/definitions.ts';
import { type CParser, errorBytes, type SyntaxNode } from '../syntax/parser.ts';
import { newParseText, type ParseText } from '../syntax/parseText.ts';
import type { Source } from '../syntax/source.ts';
import type { Tok } from '../syntax/toks.ts';
import type { FileFacts } from './types.ts';

/** A variable or statement handed to the parser, and what to do with its node. */
interface Pending {
  /** offset in the parse text at which it stands */
  at: number;
  done(node: SyntaxNode): void;
}

/** What is worked out once about macros, as one view of them has them: another view needs memos of its own. */
export interface Memos {
  /** definitions that, called with a name, declare nothing worth a fact in this file */
  quiet: Set<MacroDefinition>;
  /** what an object-like macro comes to in a head; null: a call that is yet to come */
  words: Map<MacroDefinition, Tok[] | null>;
  /** macros that are known to name no function or object, with the macros their bodies lead to; null: they may */
  constant: Map<MacroDefinition, string[] | null>;
  /** does a macro declare an object, or put something into a member? By way of others, which each file may define anew */
  declares: Map<MacroDefinition, boolean>;
  assigns: Map<MacroDefinition, boolean>;
  /** does it put a function of its own text into a member: `init_wait(w)` */
  puts: Map<MacroDefinition, boolean>;
  /** or into an object that it declares */
  makes: Map<MacroDefinition, boolean>;
  /** what the file's own macros and those of headers near it call */
  calls: Map<MacroDefinition, MacroCalls>;
}

/** What is called in a macro's body, the macros it uses included. */
export interface MacroCalls {
  /** a function by its name */
  direct: boolean;
  /** a member or a pointer */
  members: boolean;
  /** parameters whose argument is called, by their index */
  params: readonly number[];
  /** its own text may hand a member on to what it calls */
  hands: boolean;
}

/** Memos with nothing in them. */
export const newMemos = (): Memos => ({
  quiet: new Set(),
  words: new Map(),
  constant: new Map(),
  declares: new Map(),
  assigns: new Map(),
  puts: new Map(),
  makes: new Map(),
  calls: new Map(),
});

/** Everything one file's visit carries along. */
export interface Visit {
  source: Source;
  facts: FileFacts;
  text: ParseText;
  pending: Pending[];
  /** what is to be done when the parser has run */
  finish: (() => void)[];
  /** names of the macros that the facts depend on */
  used: Set<string>;
  memos: Memos;
  /** of a header that is read several times: what is known already, by its name and place */
  seen: Set<string> | null;
  /** how often in vain a macro was expanded in text that macros made: for what, and its name */
  fruitless: Map<string, number>;
  /** expansions in each other that are being read: of what a macro makes, its own are cut into pieces again */
  depth: number;
  /** read functions' bodies, too */
  bodies: boolean;
  /** a header reads the file over again */
  again: boolean;
}

/** Facts of a file in which nothing has been found yet. */
export function emptyFacts(path: string): FileFacts {
  return {
    path,
    labels: [],
    functions: [],
    declarations: [],
    records: [],
    typedefs: [],
    enumerators: [],
    variables: [],
    assignments: [],
    locals: [],
    sites: [],
    calls: [],
    flows: [],
    includes: [],
    macros: [],
    instances: null,
    macrosUsed: [],
    parsedBytes: 0,
    errorBytes: 0,
    partial: false,
  };
}

/** A visit that adds to `facts`. Visits of one source may share what they find out about its macros. */
export const newVisit = (source: Source, facts: FileFacts, bodies: boolean, memos = newMemos()): Visit => ({
  source,
  facts,
  text: newParseText(),
  pending: [],
  finish: [],
  used: new Set(),
  memos,
  fruitless: new Map(),
  seen: null,
  depth: 0,
  bodies,
  again: false,
});

/** Hands the parser what was put together. What the facts held before the visit, up to variable `from`, stays as it is. */
export function finishVisit(visit: Visit, parser: CParser, from = 0): void {
  const { facts } = visit;
  guarded(visit, () => runParser(visit, parser));
  for (const finish of visit.finish) finish();
  facts.variables = facts.variables.filter((v, i) => i < from || v.inits.length > 0 || !(v.macro || v.function));
}

/** Parses what the visit has put together, in one go, and hands each piece its node. */
function runParser(visit: Visit, parser: CParser): void {
  const { text, pending, facts } = visit;
  if (pending.length === 0) return;
  const whole = text.parts.join('');
  const tree = parser.parse(whole);
  facts.parsedBytes = whole.length;
  facts.errorBytes = errorBytes(tree.rootNode);
  const tops = tree.rootNode.children;
  let t = 0;
  for (let i = 0; i < pending.length; i++) {
    const item = pending[i];
    while (t + 1 < tops.length && tops[t].endIndex <= item.at) t++;
    const node = tops[t];
    // what stands next to a fault is parsed again, alone
    const ready = node && node.startIndex === item.at && !node.hasError;
    guarded(visit, () =>
      ready ? item.done(node) : reparse(visit, item, pending[i + 1]?.at ?? whole.length, whole, parser),
    );
  }
  tree.delete();
}

function reparse(visit: Visit, item: Pending, next: number, whole: string, parser: CParser): void {
  const tree = parser.parse(whole.slice(item.at, next));
  const node = tree.rootNode.children[0];
  if (node) {
    visit.text.offset = item.at;
    item.done(node);
    visit.text.offset = 0;
  }
  tree.delete();
}

/** Runs what may nest too deep for the stack: a text made by a machine, or to do harm. The rest of the file still counts. */
export function guarded(visit: Visit, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    visit.facts.partial = true;
  }
}
