/** The names that a body declares, and what they mean where somebody asks. */

import { STEP } from '../../syntax/brackets.ts';
import { type Declarator, readDeclaration } from '../../syntax/declarations.ts';
import { placeOf, posOf, type Source, sliceToks } from '../../syntax/source.ts';
import type { Statement } from '../../syntax/statements.ts';
import {
  ASSIGN,
  BRACKET_OPEN,
  COMMA,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  STAR,
  tokenText,
} from '../../syntax/tokens.ts';
import { isTagWord, isTypeWord } from '../../syntax/words.ts';
import type { FunctionFact } from '../types.ts';
import type { Visit } from '../visit.ts';
import { expanded } from './macroUses.ts';

/** Names a body declares, each with the statements that declare it. */
export type Locals = Map<string, Statement[]>;

/** What a name means in the body, by the statements that declare it; each of them is `read` once. */
export function addLocals(
  visit: Visit,
  source: Source,
  name: string,
  declarations: Statement[],
  fact: FunctionFact,
  read: Map<Statement, Map<string, Declarator>>,
): void {
  for (const statement of declarations) {
    let declarators = read.get(statement);
    if (!declarators) {
      // of two of one name the first counts
      declarators = new Map([...declaratorsOf(visit, source, statement)].reverse().map((d) => [d.name, d]));
      read.set(statement, declarators);
    }
    const declared = declarators.get(name);
    if (!declared) continue;
    const endPos = posOf(source, statement.scopeEnd);
    visit.facts.locals.push({
      function: fact.name,
      name,
      type: declared.type,
      line: placeOf(visit.source, posOf(source, statement.start)).line,
      endLine: placeOf(visit.source, endPos).line,
    });
  }
}

/** Does the declaration begin with `static`? */
export const isStatic = (source: Source, { start, end }: Statement): boolean => {
  for (let i = start; i < Math.min(end, start + 3); i++)
    if (source.tokens.kind[i] === Kind.Identifier && tokenText(source.tokens, i) === 'static') return true;
  return false;
};

/** The locals that are declared as `int (*name)(int)`, or by a type of such pointers, by the first statement that declares them. */
export function pointersAmong(source: Source, locals: Locals): Set<string> {
  const { kind } = source.tokens;
  const found = new Set<string>();
  const typed = new Map<Statement, boolean>();
  for (const [name, [statement]] of locals) {
    let isTyped = typed.get(statement);
    if (isTyped === undefined) {
      isTyped = declaresByType(source, statement);
      typed.set(statement, isTyped);
      for (let i = statement.start + 1; i < statement.end - 1; i++) {
        if (kind[i] !== STAR || kind[i - 1] !== PAREN_OPEN || kind[i + 1] !== Kind.Identifier) continue;
        if (kind[i + 2] !== BRACKET_OPEN && (kind[i + 2] !== PAREN_CLOSE || kind[i + 3] !== PAREN_OPEN)) continue;
        const pointer = tokenText(source.tokens, i + 1);
        if (locals.get(pointer)?.[0] === statement) found.add(pointer);
      }
    }
    if (isTyped) found.add(name);
  }
  return found;
}

/** `irq_handler_t handler`, `vq_callback_t *callbacks[4]`: is the type a typedef of a function, or of a pointer to one? */
function declaresByType({ tokens, macros }: Source, { start, end }: Statement): boolean {
  for (let i = start; i < end && tokens.kind[i] === Kind.Identifier; i++) {
    const word = tokenText(tokens, i);
    if (isTagWord(word)) return false;
    if (!isTypeWord(word)) return tokens.kind[i + 1] !== PAREN_OPEN && macros.isCallback(word);
  }
  return false;
}

/** Notes the names that a declaration statement declares, without reading its types. */
export function noteDeclared(source: Source, statement: Statement, locals: Locals): void {
  const { kind } = source.tokens;
  let depth = 0;
  let initialiser = false;
  for (let i = statement.start; i < statement.end; i++) {
    const k = kind[i];
    if (STEP[k] !== 0) depth += STEP[k];
    else if (k === COMMA && depth === 0) initialiser = false;
    else if (k === ASSIGN && depth === 0) initialiser = true;
    else if (k === Kind.Identifier && !initialiser && isDeclaredAt(source, i, depth, statement.end)) {
      const name = tokenText(source.tokens, i);
      const known = locals.get(name);
      if (known) known.push(statement);
      else locals.set(name, [statement]);
    }
  }
}

/** `x`, `x =`, `x[`, or `(*x)(` of a function pointer. */
function isDeclaredAt({ tokens: { kind } }: Source, i: number, depth: number, end: number): boolean {
  const next = i + 1 < end ? kind[i + 1] : SEMICOLON;
  if (depth === 0) return next === ASSIGN || next === COMMA || next === SEMICOLON || next === BRACKET_OPEN;
  return depth === 1 && kind[i - 1] === STAR && (next === PAREN_CLOSE || next === BRACKET_OPEN);
}

function declaratorsOf(visit: Visit, source: Source, statement: Statement): Declarator[] {
  const toks = expanded(visit, source, sliceToks(source, statement.start, statement.end));
  return readDeclaration(toks)?.declarators ?? [];
}
