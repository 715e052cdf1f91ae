/**
 * Headers that take parameters: a C file #defines names (`MTYPE`, `PTTYPE`), #includes the header, and does so again
 * with others. Each #include makes functions and tables of its own out of one text.
 */

import { folderOf } from '../../kernel/domain.ts';
import { closing } from '../brackets.ts';
import type { Directive } from '../conditions.ts';

import { type Conditions, parseDirective } from '../conditions.ts';
import { BRACE_CLOSE, BRACE_OPEN, directiveEnd, Kind, PAREN_OPEN, type Tokens, tokenText } from '../tokens.ts';
import { type MacroDefinition, parseDefine } from './definitions.ts';
import type { MacroKnowledge } from './knowledge.ts';

/** A C file beside a header. */
export interface Sibling {
  path: string;
  bytes: Buffer;
}

/** One #include of a header with parameters. */
export interface Instance {
  /** the C file, relative to the tree, and the 1-based line of its #include */
  includer: string;
  line: number;
  /** what the parameters stand for there */
  definitions: MacroDefinition[];
  /** text of every parameter; null: not defined there, though other #includes define it */
  values: ReadonlyMap<string, string | null>;
}

/** Tokens that a name with parameters in it may have. */
const MAX_NAME = 500;

/** Readings of one header; a kernel's has a dozen at most. */
const MAX_INSTANCES = 30;

const PARAMETER = /\b[A-Z][A-Z0-9_]*\b/g;

/**
 * Names that the text of a header wants from those who #include it: in capitals, used in the names it makes, in its
 * own macros' names or in an #if, and defined by no header. Empty for a header that can be read once only.
 */
export function wantedNames(
  knowledge: MacroKnowledge,
  path: string,
  tokens: Tokens,
  conditions: Conditions,
): Set<string> {
  const wanted = new Set<string>();
  const own = new Set<string>();
  if (isGuarded(conditions, tokens) || knowledge.templates.has(path)) return wanted;
  const take = (text: string) => {
    for (const [name] of text.matchAll(PARAMETER)) if (!/^(?:CONFIG_|_)/.test(name)) wanted.add(name);
  };
  let depth = 0;
  for (let i = 0; i < tokens.count; i++) {
    const kind = tokens.kind[i];
    if (kind === BRACE_OPEN) depth++;
    else if (kind === BRACE_CLOSE) depth--;
    else if (kind === Kind.Directive) takeDirective(parseDirective(tokenText(tokens, i)), own, take);
    else if (depth === 0 && kind === Kind.Identifier && tokens.kind[i + 1] === PAREN_OPEN) {
      // `TOKEN(HTYPE, _create)(…)`, `FNAME(walk)(…)`
      const end = closing(tokens, i + 1);
      if (end < tokens.count && tokens.kind[end + 1] === PAREN_OPEN && end - i < MAX_NAME)
        take(tokens.text.slice(tokens.start[i], tokens.end[end]));
    }
  }
  for (const name of wanted) if (own.has(name) || knowledge.byName.has(name)) wanted.delete(name);
  return wanted;
}

/** Takes what a directive wants, and notes the macro that it defines in `own`. */
function takeDirective(directive: Directive | null, own: Set<string>, take: (text: string) => void): void {
  if (directive?.name === 'define') {
    const macro = parseDefine(directive.rest);
    if (!macro) return;
    own.add(macro.name);
    // `mtype_add` is TOKEN(MTYPE, _add)
    if (macro.params === null && /^\w+\s*\(|##/.test(macro.body)) take(macro.body);
  } else if ((directive?.name === 'if' || directive?.name === 'elif') && /[=<>]/.test(directive.rest))
    take(directive.rest);
}

/** Does the include guard hold every token of the file? Arm 1 is the guard's, when its condition is empty. */
function isGuarded({ arms, arm }: Conditions, tokens: Tokens): boolean {
  if (arms.length < 2 || arms[1].condition !== '') return false;
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.kind[i] === Kind.Directive) continue;
    let a = arm[i];
    while (a > 1) a = arms[a].parent;
    if (a !== 1) return false;
  }
  return true;
}

/**
 * How the C files of its folder #include a header that wants `wanted` of them. `siblings` are those C files; a file
 * that defines none of the names makes no instance.
 */
export function instancesOf(
  path: string,
  wanted: ReadonlySet<string>,
  mentioned: (name: string) => boolean,
  siblings: Iterable<Sibling>,
): Instance[] {
  const found: { includer: string; line: number; defined: Map<string, MacroDefinition> }[] = [];
  for (const sibling of siblings)
    for (const { line, defined } of includesOf(path, sibling))
      if (found.length < MAX_INSTANCES && [...defined.keys()].some((name) => wanted.has(name)))
        found.push({
          includer: sibling.path,
          line,
          defined: reached(defined, mentioned),
        });
  const names = new Set(found.flatMap(({ defined }) => [...defined.keys()]));
  return found.map(({ includer, line, defined }) => ({
    includer,
    line,
    definitions: [...defined.values()],
    values: new Map([...names].map((name) => [name, defined.get(name)?.body ?? null])),
  }));
}

/** The definitions that the header names, and those that they name in turn. */
function reached(
  defined: ReadonlyMap<string, MacroDefinition>,
  mentioned: (name: string) => boolean,
): Map<string, MacroDefinition> {
  const out = new Map([...defined].filter(([name]) => mentioned(name)));
  for (const macro of out.values())
    for (const [word] of macro.body.matchAll(/\w+/g)) {
      const next = defined.get(word);
      if (next) out.set(word, next);
    }
  return out;
}

/** Each #include of the header in a file, with the file's own #defines that are in force there. */
function includesOf(
  path: string,
  { path: file, bytes }: Sibling,
): { line: number; defined: Map<string, MacroDefinition> }[] {
  const out: { line: number; defined: Map<string, MacroDefinition> }[] = [];
  const name = path.slice(folderOf(path).length).replace(/^\//, '');
  if (folderOf(file) !== folderOf(path) || !bytes.includes(`"${name}"`)) return out;
  const defined = new Map<string, MacroDefinition>();
  let line = 1;
  let lineEnd = bytes.indexOf(10);
  for (let at = bytes.indexOf(35); at >= 0; at = bytes.indexOf(35, at + 1)) {
    if (at > 0 && !/\n[ \t]*$/.test(bytes.toString('latin1', Math.max(0, at - 40), at))) continue;
    const end = directiveEnd(bytes, at);
    const directive = parseDirective(bytes.toString('latin1', at, end));
    if (directive?.name === 'define') {
      const macro = parseDefine(directive.rest);
      if (macro) defined.set(macro.name, { ...macro, condition: null, file, pos: -1 });
    } else if (directive?.name === 'undef') defined.delete(directive.rest.split(/\s/, 1)[0]);
    else if (directive?.name === 'include' && directive.rest.startsWith(`"${name}"`)) {
      for (; lineEnd >= 0 && lineEnd < at; lineEnd = bytes.indexOf(10, lineEnd + 1)) line++;
      out.push({ line, defined: new Map(defined) });
      if (out.length === MAX_INSTANCES) break;
    }
    at = end - 1;
  }
  return out;
}
