/** Lists of macro calls (`__SYSCALL(0, sys_read)`) where they are #included: their tokens, and what their own #defines mean. */

import { isNarrow } from '../../kernel/layout.ts';
import {
  armCondition,
  type Directive,
  isIncludeGuard,
  newConditionTracker,
  parseDirective,
  trackCondition,
} from '../conditions.ts';
import { Kind, type Tokens, tokenize, tokenText } from '../tokens.ts';
import type { Tok } from '../toks.ts';
import { isConstantBody, type OwnDefinition, parseDefine } from './definitions.ts';
import { type MacroKnowledge, type TemplateHeader, templateOf } from './knowledge.ts';
import { defaultOf } from './scan.ts';

/** Where a list is #included. */
interface Includer {
  path: string;
  /** the file's #defines and #undefs so far */
  own: readonly OwnDefinition[];
  /** byte offset of the #include, and the #if arm that it stands in */
  pos: number;
  arm: number;
}

/** A list as it stands at its #include. */
interface Template {
  toks: Tok[];
  /** macros that the list itself defines for its calls */
  definitions: OwnDefinition[];
}

/** The list that an #include brings; null where it brings none, or one whose macro the file leaves as the list has it. */
export function templateAt(knowledge: MacroKnowledge, at: Includer, include: string): Template | null {
  const header = templateOf(knowledge, at.path, include);
  if (!header) return null;
  const macro = defaultOf(header.text);
  if (macro === null) return header.through.length > 0 ? null : readList(header.text, at, null);
  return isDefined(at.own, macro) ? readList(header.text, at, valuesFor(knowledge, at, header)) : null;
}

/** Does the last of a file's #defines and #undefs of a name so far define it? */
function isDefined(own: readonly OwnDefinition[], name: string): boolean {
  const last = own.findLast((d) => d.name === name);
  return last !== undefined && !('undef' in last);
}

const TESTED = /^[ \t]*#[ \t]*(?:el)?if(?:n?def)?\b.*$/gm;

/**
 * What the names mean that a list's #ifs ask for: those that the file, or a header on the way, defines are defined, and no
 * others; what the configuration decides stays open.
 */
function valuesFor(
  knowledge: MacroKnowledge,
  { path, own }: Includer,
  header: TemplateHeader,
): Map<string, string | null> {
  const values = new Map<string, string | null>();
  for (const [line] of header.text.matchAll(TESTED))
    for (const [name] of line.matchAll(/\b[A-Za-z_]\w*/g)) {
      if (name.startsWith('CONFIG_') || /^(?:el)?if(?:n?def)?$|^defined$/.test(name)) continue;
      const isKnown =
        isDefined(own, name) || knowledge.byName.get(name)?.some((m) => header.through.includes(m.file)) === true;
      values.set(name, isKnown ? '' : null);
    }
  values.set('__BITS_PER_LONG', isNarrow(path) ? '32' : '64');
  return values;
}

function readList(text: string, { path, pos, arm }: Includer, values: Map<string, string | null> | null): Template {
  const tokens = tokenize(Buffer.from(text, 'latin1'));
  const tracker = newConditionTracker(values);
  const list: Template = { toks: [], definitions: [] };
  /** `#define __NR_read 63` */
  const numbers = new Map<string, string>();
  const takeDefine = ({ rest }: Directive): void => {
    const macro = parseDefine(rest);
    if (!macro || !values) return;
    values.set(macro.name, macro.body);
    const condition = armCondition(tracker.arms, tracker.current);
    if (macro.params === null && isConstantBody(macro.body)) numbers.set(macro.name, macro.body);
    // in force from the #include on
    else list.definitions.push({ ...macro, condition, file: path, pos: pos - 1 });
  };
  let first = true;
  for (let i = 0; i < tokens.count; i++) {
    const { dead } = tracker.arms[tracker.current];
    if (tokens.kind[i] === Kind.Directive) {
      const directive = directiveAt(tokens, i);
      if (!directive) continue;
      if (directive.name === 'define' && !dead) takeDefine(directive);
      trackCondition(tracker, directive, first && values === null && isGuardAt(tokens, i, directive));
      first = false;
      continue;
    }
    if (dead) continue;
    const word = tokenText(tokens, i);
    const number = tokens.kind[i] === Kind.Identifier ? numbers.get(word) : undefined;
    list.toks.push({
      kind: number === undefined ? tokens.kind[i] : Kind.Number,
      text: number ?? word,
      pos,
      macro: true,
      arm,
      condition: armCondition(tracker.arms, tracker.current),
      plain: false,
    });
  }
  return list;
}

const directiveAt = (tokens: Tokens, i: number): Directive | null =>
  parseDirective(tokens.text.slice(tokens.start[i], tokens.end[i]));

/** Is the directive at token `i`, the first of a list, its include guard? */
function isGuardAt(tokens: Tokens, i: number, directive: Directive): boolean {
  if (directive.name !== 'ifndef' && directive.name !== 'if') return false;
  let next = i + 1;
  while (next < tokens.count && tokens.kind[next] !== Kind.Directive) next++;
  return next < tokens.count && isIncludeGuard(directive, directiveAt(tokens, next));
}
