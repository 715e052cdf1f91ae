/** One function's body: runtime registrations, installs, tables of its own. Only statements that can carry a fact are parsed. */

import { stripAttributes, typeArguments } from '../../syntax/attributes.ts';
import { skipGroup } from '../../syntax/brackets.ts';
import { type Declarator, readDeclaration } from '../../syntax/declarations.ts';
import { expand } from '../../syntax/macros/expand.ts';
import type { MacroDefinition } from '../../syntax/macros/macros.ts';
import type { SyntaxNode } from '../../syntax/parser.ts';
import { addGlue, addTok, MAX_PARSED, tokAt } from '../../syntax/parseText.ts';
import { conditionOf, placeOf, type Source, sliceToks } from '../../syntax/source.ts';
import { findStatements, type Statement } from '../../syntax/statements.ts';
import {
  AMPERSAND,
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  CARET,
  COMMA,
  DOT,
  Kind,
  MINUS,
  PAREN_CLOSE,
  PAREN_OPEN,
  PERCENT,
  PIPE,
  PLUS,
  QUESTION,
  SEMICOLON,
  SLASH,
  STAR,
  TILDE,
  tokenText,
} from '../../syntax/tokens.ts';
import type { Tok } from '../../syntax/toks.ts';
import { joinToks } from '../../syntax/toks.ts';
import { isTagWord, isValueWord } from '../../syntax/words.ts';
import { addRecord, addVariable, isConditionalAlias, isConfigTest, type Visit } from '../fileFacts.ts';
import type { AssignmentFact, Expression, FunctionFact, InitFact } from '../types.ts';
import { mayNameValue, namesMeant, readInitialiser } from '../values/initialisers.ts';
import { expressionOf, valuesOf } from '../values/values.ts';
import { expressionOfToks, MAX_EXPRESSION } from './expressions.ts';
import { addReturnFlow, isCallbackType, isTableType } from './flows.ts';
import { isSelfContained } from './macroCalls.ts';
import { type Body, readSites } from './sites.ts';

/** Names a body declares, each with the statements that declare it. */
type Locals = Map<string, Statement[]>;

export function readBody(visit: Visit, source: Source, from: number, to: number, fact: FunctionFact): void {
  const statements = findStatements(source.tokens, from, to);
  const locals: Locals = new Map();
  const named = new Set<string>();
  for (const statement of statements) if (statement.kind === 'declaration') noteDeclared(source, statement, locals);
  const isLocal = (name: string) => locals.has(name) || fact.params.some((p) => p.name === name);
  const statics = new Map<string, boolean>();
  const isOnlyStatic = (name: string): boolean => {
    let known = statics.get(name);
    if (known === undefined) {
      known = locals.get(name)?.every((s) => isStatic(source, s)) ?? false;
      statics.set(name, known);
    }
    return known;
  };
  // a static one may be a table, whose address is worth as much as any other's
  const isPassing = (name: string) => isLocal(name) && !isOnlyStatic(name);
  for (const statement of statements) {
    if (statement.kind === 'declaration' && holdsTable(source, statement)) addTables(visit, source, statement, fact);
    else if (isMacroDefinition(visit, source, statement, isLocal))
      unlessInVain(visit, source, statement, visit.facts.variables, () => addTables(visit, source, statement, fact));
    else if (statement.kind === 'declaration') continue;
    else if (statement.kind !== 'return') {
      for (const part of partsOf(source, statement))
        if (assignsFunction(source, part, isPassing))
          addAssignment(visit, expanded(visit, source, sliceToks(source, part.start, part.end)), fact, named);
    }
    if (statement.kind === 'expression' && assignsByMacro(visit, source, statement, isPassing))
      unlessInVain(visit, source, statement, visit.facts.assignments, () =>
        addMacroAssignments(visit, source, statement, fact, named),
      );
  }
  const body: Body = {
    visit,
    source,
    from,
    to,
    expansion: false,
    function: visit.facts.functions.length - 1,
    params: fact.params,
    pointers: pointersAmong(source, locals),
    isLocal,
    aliases: new Map(),
    name: (name) => named.add(name),
  };
  readSites(body);
  if (isCallbackType(fact.returnType) || isTableType(fact.returnType))
    for (const { kind, start, end } of statements) if (kind === 'return') addReturnFlow(body, fact.name, start, end);
  // some names are known only when the parser has run
  visit.finish.push(() => {
    const read = new Map<Statement, Map<string, Declarator>>();
    for (const name of named) addLocals(visit, source, name, locals.get(name) ?? [], fact, read);
  });
}

const MAX_IN_VAIN = 3;

/**
 * Looks into what a macro makes, for additions to `facts`. In text that itself comes out of macros, all uses of one are
 * alike: a thousand tracepoints' bodies are not expanded to find each time that nothing is there.
 */
function unlessInVain(visit: Visit, source: Source, { start }: Statement, facts: unknown[], look: () => void): void {
  if (!source.origin?.[start].macro) {
    look();
    return;
  }
  const key = `${facts === visit.facts.variables ? 'variable' : 'assignment'} ${tokenText(source.tokens, start)}`;
  const tries = visit.fruitless.get(key) ?? 0;
  if (tries >= MAX_IN_VAIN) return;
  const before = facts.length;
  look();
  visit.fruitless.set(key, facts.length === before ? tries + 1 : Number.NEGATIVE_INFINITY);
}

/** What a name means in the body, by the statements that declare it; each of them is `read` once. */
function addLocals(
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
    const endPos = originPos(source, statement.scopeEnd);
    visit.facts.locals.push({
      function: fact.name,
      name,
      type: declared.type,
      line: placeOf(visit.source, originPos(source, statement.start)).line,
      endLine: placeOf(visit.source, endPos).line,
    });
  }
}

const isStatic = (source: Source, { start, end }: Statement): boolean => {
  for (let i = start; i < Math.min(end, start + 3); i++)
    if (source.tokens.kind[i] === Kind.Identifier && tokenText(source.tokens, i) === 'static') return true;
  return false;
};

/** The locals that are declared as `int (*name)(int)`, by the first statement that declares them. */
function pointersAmong(source: Source, locals: Locals): Set<string> {
  const { kind } = source.tokens;
  const found = new Set<string>();
  const seen = new Set<Statement>();
  for (const [statement] of locals.values()) {
    if (seen.has(statement)) continue;
    seen.add(statement);
    for (let i = statement.start + 1; i < statement.end - 1; i++) {
      if (kind[i] !== STAR || kind[i - 1] !== PAREN_OPEN || kind[i + 1] !== Kind.Identifier) continue;
      if (kind[i + 2] !== PAREN_CLOSE || kind[i + 3] !== PAREN_OPEN) continue;
      const name = tokenText(source.tokens, i + 1);
      if (locals.get(name)?.[0] === statement) found.add(name);
    }
  }
  return found;
}

function originPos(source: Source, token: number): number {
  const i = Math.min(token, source.tokens.count - 1);
  return source.origin ? source.origin[i].pos : source.tokens.start[i];
}

/** Notes the names that a declaration statement declares, without reading its types. */
function noteDeclared(source: Source, statement: Statement, locals: Locals): void {
  const { kind } = source.tokens;
  let depth = 0;
  let initialiser = false;
  for (let i = statement.start; i < statement.end; i++) {
    const k = kind[i];
    if (k === PAREN_OPEN || k === BRACE_OPEN || k === BRACKET_OPEN) depth++;
    else if (k === PAREN_CLOSE || k === BRACE_CLOSE || k === BRACKET_CLOSE) depth--;
    else if (k === COMMA && depth === 0) initialiser = false;
    else if (k === ASSIGN && depth === 0) initialiser = true;
    else if (k === Kind.Identifier && !initialiser) {
      const next = i + 1 < statement.end ? kind[i + 1] : SEMICOLON;
      // `x`, `x =`, `x[`, or `(*x)(` of a function pointer
      const plain = depth === 0 && (next === ASSIGN || next === COMMA || next === SEMICOLON || next === BRACKET_OPEN);
      const pointer = depth === 1 && kind[i - 1] === STAR && (next === PAREN_CLOSE || next === BRACKET_OPEN);
      if (!plain && !pointer) continue;
      const name = tokenText(source.tokens, i);
      const known = locals.get(name);
      if (known) known.push(statement);
      else locals.set(name, [statement]);
    }
  }
}

/** A local object with an initialiser list: `static const struct x_ops ops = { … }`, `struct ctx c = { .actor = f }`. */
function holdsTable(source: Source, statement: Statement): boolean {
  const { kind } = source.tokens;
  for (let i = statement.start; i < statement.end; i++)
    if (kind[i] === ASSIGN)
      return (
        kind[i + 1] === BRACE_OPEN ||
        tokenText(source.tokens, statement.start) === 'static' ||
        braceFollows(source, i, statement.end)
      );
  return false;
}

function braceFollows(source: Source, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (source.tokens.kind[i] === BRACE_OPEN) return true;
  return false;
}

/** `DECLARE_WORK(w, fn)`, `hotplug_memory_notifier(fn, 0)`: a macro whose body declares an object, given a name that is no local. */
function isMacroDefinition(
  visit: Visit,
  source: Source,
  statement: Statement,
  isLocal: (name: string) => boolean,
): boolean {
  const { tokens } = source;
  let at = statement.start;
  if (tokens.kind[at] !== Kind.Identifier) return false;
  if (
    tokens.kind[at + 1] === Kind.Identifier &&
    tokens.kind[at + 2] === PAREN_OPEN &&
    tokenText(tokens, at) === 'static'
  )
    at++;
  if (tokens.kind[at + 1] !== PAREN_OPEN) {
    // `err = macro(…)`
    if (tokens.kind[at + 1] !== ASSIGN || tokens.kind[at + 2] !== Kind.Identifier || tokens.kind[at + 3] !== PAREN_OPEN)
      return false;
    at += 2;
  }
  if (!namesValue(source, at + 2, statement.end, isLocal)) return false;
  const macro = source.macros.lookup(tokenText(tokens, at), originPos(source, at));
  return macro !== null && macro.params !== null && declaresObject(visit, macro.name, originPos(source, at), 0);
}

/** Is one of the arguments from token `from` on a plain name that no local has? */
function namesValue(source: Source, from: number, to: number, isLocal: (name: string) => boolean): boolean {
  const { kind } = source.tokens;
  // a message for the log: what prints declares nothing that matters
  for (let i = from; i < to; i++)
    if (kind[i] === Kind.String && /[ %\\]/.test(tokenText(source.tokens, i))) return false;
  for (let i = from; i < to; i++) {
    if (kind[i] !== Kind.Identifier || (kind[i + 1] !== COMMA && kind[i + 1] !== PAREN_CLOSE)) continue;
    const before = kind[i - 1];
    if (before !== COMMA && before !== PAREN_OPEN && before !== AMPERSAND) continue;
    const word = tokenText(source.tokens, i);
    if (isValueWord(word) && !isLocal(word)) return true;
  }
  return false;
}

function declaresObject(visit: Visit, name: string, pos: number, depth: number): boolean {
  const macro = visit.source.macros.lookup(name, pos);
  if (!macro || depth > 6) return false;
  const { declares } = visit.source.macros;
  const known = declares.get(macro);
  if (known !== undefined) return known;
  declares.set(macro, false);
  const body = visit.source.macros.body(macro);
  const hasWords = body.some((t) => t.text === 'struct' || t.text === 'static');
  let result = false;
  for (let i = 0; i < body.length && !result; i++) {
    const tok = body[i];
    if (i === 0 && tok.kind === BRACE_OPEN) result = true;
    else if (
      tok.kind === ASSIGN &&
      (body[i + 1]?.kind === BRACE_OPEN || body[i + 1]?.kind === Kind.Identifier) &&
      hasWords
    )
      result = true;
    else if (
      tok.kind === Kind.Identifier &&
      body[i + 1]?.kind === PAREN_OPEN &&
      declaresObject(visit, tok.text, pos, depth + 1)
    )
      result = true;
  }
  declares.set(macro, result);
  return result;
}

/** `#define to_y(d) container_of(d, struct y, m)`: what is behind the call has the type, the call keeps it. */
const IS_ONE_CALL = /^\(?\w+\s*\([^(){};]*(\([^(){};]*\)[^(){};]*)*\)\)?$/;

/**
 * `pm_ptr(f)`, `RCU_INITIALIZER(p)`: hands its argument on. What does more (READ_ONCE, container_of, this_cpu_read) makes
 * hundreds of tokens in which no function is named: it stays a call.
 */
function passesThrough(macro: MacroDefinition): boolean {
  const params = macro.params ?? [];
  return (
    macro.body.length < 120 &&
    params.length > 0 &&
    (IS_ONE_CALL.test(macro.body) ||
      !/[{;]|\b(struct|union|do|asm|__asm__|sizeof|__typeof__|typeof|container_of\w*|offsetof)\b/.test(macro.body))
  );
}

function expanded(visit: Visit, source: Source, toks: Tok[]): Tok[] {
  if (!toks.some((t) => t.kind === Kind.Identifier && !t.plain && source.macros.lookup(t.text, t.pos)))
    return typeArguments(toks);
  const keep = (macro: MacroDefinition, args: Tok[][] | null) =>
    isConfigTest(args) || (macro.params === null ? isConditionalAlias(macro) : !passesThrough(macro));
  return typeArguments(stripAttributes(expand(toks, { macros: source.macros, used: visit.used, keep }).toks));
}

/** Expands only what can declare an object: min() and its like would make thousands of tokens for nothing. */
function expandedDefinitions(visit: Visit, source: Source, toks: Tok[]): Tok[] {
  const keep = (macro: MacroDefinition, args: Tok[][] | null, use: Tok) =>
    args !== null &&
    !isAttribute(macro) &&
    ((isSelfContained(macro, args, use) && !isValue(macro)) || !declaresObject(visit, macro.name, toks[0].pos, 0));
  return stripAttributes(expand(toks, { macros: source.macros, used: visit.used, keep }).toks);
}

/** `({ … })`: what it is worth may stand in a list. */
const isValue = (macro: MacroDefinition): boolean => macro.body.startsWith('(');

/** `__section(x)`: nothing is left of it once attributes are dropped. */
const isAttribute = (macro: MacroDefinition): boolean => macro.body === '' || macro.body.startsWith('__attribute__');

function declaratorsOf(visit: Visit, source: Source, statement: Statement): Declarator[] {
  const toks = expanded(visit, source, sliceToks(source, statement.start, statement.end));
  return readDeclaration(toks)?.declarators ?? [];
}

/** Adds the tables declared by one statement, wherever in its expansion the declarations stand. */
function addTables(visit: Visit, source: Source, statement: Statement, fact: FunctionFact): void {
  const toks = expandedDefinitions(visit, source, sliceToks(source, statement.start, statement.end));
  for (const part of declarationParts(toks)) {
    const declaration = readDeclaration(part);
    if (!declaration || declaration.typedef) continue;
    let record = -1;
    for (const d of declaration.declarators) {
      if (!d.nameTok || !d.init?.length) continue;
      if (d.init[0].kind !== BRACE_OPEN && !declaration.static && !d.init.some((t) => t.kind === BRACE_OPEN)) continue;
      if (declaration.record && record < 0) record = addRecord(visit, declaration.record);
      const type = declaration.record && !declaration.record.tag ? d.type.replace('@', `@${record}`) : d.type;
      addVariable(visit, d, type, declaration.static, fact.name, part.at(-1)?.pos ?? d.nameTok.pos);
    }
  }
}

/** The statement itself, or the declarations inside a macro's `({ … })` or `do { … } while (0)`. */
function declarationParts(toks: Tok[]): Tok[][] {
  const parts: Tok[][] = [];
  let from = 0;
  let initialiser = 0;
  for (let i = 0; i <= toks.length; i++) {
    const k = toks[i]?.kind;
    if (k === BRACE_OPEN && opensRecordBody(toks, i)) i = skipGroup(toks, i) - 1;
    else if (
      k === BRACE_OPEN &&
      (initialiser > 0 ||
        toks[i - 1]?.kind === ASSIGN ||
        (toks[i - 1]?.kind === PAREN_CLOSE && holdsAssign(toks, from, i)))
    )
      initialiser++;
    else if (k === BRACE_CLOSE && initialiser > 0) initialiser--;
    else if (initialiser === 0 && (k === undefined || k === SEMICOLON || k === BRACE_OPEN || k === BRACE_CLOSE)) {
      const part = toks.slice(from, i);
      if (part.some((t) => t.kind === ASSIGN)) parts.push(part);
      from = i + 1;
    }
  }
  return parts;
}

/** `struct {`, `struct tag {` */
const opensRecordBody = (toks: readonly Tok[], i: number): boolean =>
  [toks[i - 1], toks[i - 2]].some((t) => t !== undefined && isTagWord(t.text));

function holdsAssign(toks: readonly Tok[], from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (toks[i].kind === ASSIGN) return true;
  return false;
}

const ARITHMETIC = new Set([
  PLUS,
  MINUS,
  SLASH,
  PERCENT,
  PIPE,
  CARET,
  TILDE,
  Kind.Shift,
  Kind.Increment,
  Kind.Decrement,
  Kind.CompoundAssign,
  Kind.String,
  Kind.Number,
] as number[]);

/** The expressions between the commas of a statement: `dev.fops = &fops, ret = register(dev);`. */
function partsOf(source: Source, statement: Statement): Statement[] {
  const { kind } = source.tokens;
  const { end } = statement;
  let depth = 0;
  let { start } = statement;
  let parts: Statement[] | null = null;
  for (let i = start; i < end; i++) {
    const k = kind[i];
    if (k === PAREN_OPEN || k === BRACKET_OPEN || k === BRACE_OPEN) depth++;
    else if (k === PAREN_CLOSE || k === BRACKET_CLOSE || k === BRACE_CLOSE) depth--;
    else if (k === COMMA && depth === 0) {
      parts ??= [];
      parts.push({ ...statement, start, end: i });
      start = i + 1;
    }
  }
  return parts ? [...parts, { ...statement, start }] : [statement];
}

/** May the statement put a function or a table somewhere? Tells by its tokens alone. */
function assignsFunction(source: Source, statement: Statement, isLocal: (name: string) => boolean): boolean {
  const { tokens } = source;
  const { kind } = tokens;
  let assign = -1;
  let depth = 0;
  for (let i = statement.start; i < statement.end; i++) {
    const k = kind[i];
    if (k === PAREN_OPEN || k === BRACKET_OPEN || k === BRACE_OPEN) depth++;
    else if (k === PAREN_CLOSE || k === BRACKET_CLOSE || k === BRACE_CLOSE) depth--;
    else if (k === ASSIGN && depth === 0) assign = i;
  }
  if (assign < 0) return false;
  // a plain local on the left is the next step's matter (flow), not a registration
  if (assign === statement.start + 1 && isLocal(tokenText(tokens, statement.start))) return false;
  let literal = false;
  let candidate = false;
  let question = false;
  for (let i = assign + 1; i < statement.end; i++) if (kind[i] === QUESTION) question = true;
  for (let i = assign + 1; i < statement.end; i++) {
    const k = kind[i];
    if (k === BRACE_OPEN) literal = true;
    else if (ARITHMETIC.has(k) && !literal && !question) {
      // `TOKEN(HTYPE, 4_variant)`: the end of a name
      if (k !== Kind.Number || !/^\d+_/.test(tokenText(tokens, i))) return false;
    } else if (k === Kind.Identifier && !candidate) {
      const before = kind[i - 1];
      const next = i + 1 < statement.end ? kind[i + 1] : SEMICOLON;
      if (before === DOT || before === Kind.Arrow || next === Kind.Arrow) continue;
      if (next === DOT || next === BRACKET_OPEN) {
        if (before !== AMPERSAND) continue;
      } else if (next === PAREN_OPEN) {
        // a call's result is no name, but `wrapper(fn)` may be a macro
        if (!question && !source.macros.lookup(tokenText(tokens, i), originPos(source, i))) return literal;
        continue;
      }
      const word = tokenText(tokens, i);
      if (isTagWord(word)) {
        i++;
        continue;
      }
      if (word !== 'NULL' && /[a-z]/.test(word) && !isLocal(word)) candidate = true;
      else if (namesObject(source, word, originPos(source, i))) candidate = true;
    }
  }
  return candidate;
}

/** `THIS_MODULE`, `HTYPE`: a name in capitals that stands for an object, or its address. */
function namesObject(source: Source, word: string, pos: number): boolean {
  if (!/^[A-Z]/.test(word)) return false;
  const macro = source.macros.lookup(word, pos);
  return macro !== null && macro.params === null && (/^\(?&[a-z_]/.test(macro.body) || /^[a-z]\w*$/.test(macro.body));
}

/** Does a macro put something into a member: `(_work)->func = (_func)`? */
function assignsMember(visit: Visit, name: string, pos: number, depth: number): boolean {
  const macro = visit.source.macros.lookup(name, pos);
  if (!macro?.params || depth > 6) return false;
  const { assigns } = visit.source.macros;
  const known = assigns.get(macro);
  if (known !== undefined) return known;
  assigns.set(macro, false);
  const body = visit.source.macros.body(macro);
  let member = false;
  let result = false;
  for (let i = 0; i < body.length && !result; i++) {
    const { kind, text } = body[i];
    if (kind === SEMICOLON || kind === BRACE_OPEN) member = false;
    // `*(volatile typeof(x) *)&(x) = (val)`: what a parameter names is put into
    else if (kind === Kind.Arrow || kind === DOT || (kind === Kind.Identifier && macro.params.includes(text)))
      member = true;
    else if (kind === ASSIGN) result = member && (body[i - 1]?.kind !== Kind.Identifier || isSelected(body, i));
    else if (kind === Kind.Identifier && body[i + 1]?.kind === PAREN_OPEN)
      result = assignsMember(visit, body[i].text, pos, depth + 1);
  }
  assigns.set(macro, result);
  return result;
}

/** Does a `->` or `.` stand before the name in front of token `assign`? */
const isSelected = (body: readonly Tok[], assign: number): boolean =>
  body[assign - 2]?.kind === Kind.Arrow || body[assign - 2]?.kind === DOT;

/** `INIT_WORK(&p->work, fn)`: a macro that puts a function, named among its arguments, into a member. */
function assignsByMacro(
  visit: Visit,
  source: Source,
  { start, end }: Statement,
  isLocal: (name: string) => boolean,
): boolean {
  const { tokens } = source;
  return (
    tokens.kind[start] === Kind.Identifier &&
    tokens.kind[start + 1] === PAREN_OPEN &&
    namesValue(source, start + 2, end, isLocal) &&
    assignsMember(visit, tokenText(tokens, start), originPos(source, start), 0)
  );
}

/** The assignments in what a macro makes, each by itself. */
function addMacroAssignments(
  visit: Visit,
  source: Source,
  statement: Statement,
  fact: FunctionFact,
  named: Set<string>,
): void {
  const input = sliceToks(source, statement.start, statement.end);
  const toks = stripAttributes(
    expand(input, {
      macros: source.macros,
      used: visit.used,
      keep: (macro, args, use) => isConfigTest(args) || isSelfContained(macro, args, use),
    }).toks,
  );
  let from = 0;
  const aliases = new Map<string, { tok: Tok; address: boolean }>();
  // one value, though several arms of the macro put it there
  const pushed = new Set<string>();
  for (let i = 0; i <= toks.length; i++) {
    const k = toks[i]?.kind;
    if (k !== undefined && k !== SEMICOLON && k !== BRACE_OPEN && k !== BRACE_CLOSE) continue;
    const part = withoutControl(toks.slice(from, i));
    from = i + 1;
    const assign = part.findIndex((t) => t.kind === ASSIGN);
    const found = assign > 1 ? plainValue(part.slice(assign + 1)) : null;
    if (!found) continue;
    const left = part.slice(0, assign);
    const last = left[left.length - 1];
    // a local of the macro's own, by way of which the value goes on
    if (last.kind === Kind.Identifier && last.macro && isTypeWordOrName(left)) {
      if (!found.tok.macro) aliases.set(last.text, found);
      continue;
    }
    const value = found.tok.macro ? (aliases.get(found.tok.text) ?? found) : found;
    // a value out of the macro's own body is the same for everybody; one that an argument stands for is not
    if (value.tok.macro && value.tok.pos === input[0].pos) continue;
    const target = expressionOfToks(left);
    if (target[0] !== '->' && target[0] !== '.') continue;
    const name = target[2];
    const member = left.findLast((t) => t.text === name && t.kind === Kind.Identifier);
    if (!member || pushed.has(`${name} ${value.tok.pos}`)) continue;
    pushed.add(`${name} ${value.tok.pos}`);
    pushAssignment(visit, target, member, value.tok, value.address, fact, named);
  }
}

/** `uintptr_t p`, `typeof(x) p`: a declaration's words in front of a name. */
const isTypeWordOrName = (left: readonly Tok[]): boolean =>
  left.length > 1 && left.every((t) => t.kind !== Kind.Arrow && t.kind !== DOT && t.kind !== BRACKET_OPEN);

/** `if (x) a = b`, `do a = b`: the statement alone. */
function withoutControl(toks: Tok[]): Tok[] {
  let i = 0;
  while (toks[i]?.kind === Kind.Identifier) {
    const word = toks[i].text;
    if (word === 'do' || word === 'else') i++;
    else if ((word === 'if' || word === 'while' || word === 'for') && toks[i + 1]?.kind === PAREN_OPEN)
      i = skipGroup(toks, i + 1);
    else break;
  }
  return toks.slice(i);
}

/** `f`, `&t`, `((T)(f))`: the name that a value comes to, or null. */
function plainValue(toks: readonly Tok[]): { tok: Tok; address: boolean } | null {
  let rest = toks;
  let address = false;
  for (let n = 0; n < 12 && rest.length > 1; n++) {
    if (rest[0].kind === AMPERSAND && !address) {
      address = true;
      rest = rest.slice(1);
    } else if (rest[0].kind === PAREN_OPEN) {
      const end = skipGroup(rest, 0);
      // parentheses around it all, or a cast in front
      rest = end === rest.length ? rest.slice(1, -1) : rest.slice(end);
    } else return null;
  }
  const [tok] = rest;
  return rest.length === 1 && tok.kind === Kind.Identifier && isValueWord(tok.text) ? { tok, address } : null;
}

function pushAssignment(
  visit: Visit,
  target: Expression,
  member: Tok,
  value: Tok,
  address: boolean,
  fact: FunctionFact,
  named: Set<string>,
): void {
  const place = placeOf(visit.source, value.pos);
  visit.facts.assignments.push({
    function: fact.name,
    target,
    member: member.text,
    values: namesMeant(visit, value, conditionOf(visit.source, value)).map(({ name, condition }) => ({
      name,
      line: place.line,
      column: place.column,
      address,
      member: '',
      condition,
    })),
    inits: [],
    literalType: '',
    macro: member.macro,
    condition: conditionOf(visit.source, member),
    ...placeOf(visit.source, member.pos),
  });
  const root = rootName(target);
  if (root) named.add(root);
}

function addAssignment(visit: Visit, toks: Tok[], fact: FunctionFact, named: Set<string>): void {
  if (!mayNameValue(toks)) return;
  if (addPlainAssignment(visit, toks, fact, named)) return;
  const literal = assignedLiteral(visit, toks);
  if ((literal?.from ?? toks.length) > MAX_PARSED) {
    visit.facts.partial = true;
    return;
  }
  const at = visit.text.length;
  addGlue(visit.text, 'void f(){');
  // the list of `*ops = (struct x){ … }` has been read; the parser needs the left side only
  for (const tok of literal ? toks.slice(0, literal.from) : toks) addTok(visit.text, tok);
  addGlue(visit.text, literal ? '0;}\n' : ';}\n');
  visit.pending.push({ at, done: (node) => collectAssignments(visit, node, fact, named, literal) });
}

/** `a->b.c = f;` and `a->b = &t;`, by far the most: no need of the parser. */
function addPlainAssignment(visit: Visit, toks: readonly Tok[], fact: FunctionFact, named: Set<string>): boolean {
  const assign = toks.findIndex((t) => t.kind === ASSIGN);
  const rest = toks.length - assign - 1;
  if (assign < 3 || assign % 2 === 0 || rest < 1 || rest > 2 || toks[0].kind !== Kind.Identifier) return false;
  const address = rest === 2;
  const value = toks[toks.length - 1];
  if (value.kind !== Kind.Identifier || (address && toks[assign + 1].kind !== AMPERSAND)) return false;
  if (assign > 2 * MAX_EXPRESSION) return false;
  let target: Expression = ['id', toks[0].text];
  for (let i = 1; i < assign; i += 2) {
    const { kind } = toks[i];
    if ((kind !== Kind.Arrow && kind !== DOT) || toks[i + 1].kind !== Kind.Identifier) return false;
    target = [kind === Kind.Arrow ? '->' : '.', target, toks[i + 1].text];
  }
  pushAssignment(visit, target, toks[assign - 1], value, address, fact, named);
  return true;
}

interface Literal {
  type: string;
  inits: InitFact[];
  /** token behind the `=` */
  from: number;
}

/** `= (struct x){ … }`, the whole right-hand side of a statement. */
function assignedLiteral(visit: Visit, toks: readonly Tok[]): Literal | null {
  const assign = toks.findIndex((t) => t.kind === ASSIGN);
  if (assign < 0 || toks[assign + 1]?.kind !== PAREN_OPEN || toks.at(-1)?.kind !== BRACE_CLOSE) return null;
  const end = skipGroup(toks, assign + 1);
  if (toks[end]?.kind !== BRACE_OPEN || skipGroup(toks, end) !== toks.length) return null;
  const inits: InitFact[] = [];
  readInitialiser(visit, toks.slice(end), inits);
  return { type: joinToks(toks.slice(assign + 2, end - 1)), inits, from: assign + 1 };
}

function rootName(e: Expression): string | null {
  let at: Expression = e;
  for (;;) {
    switch (at[0]) {
      case 'id':
        return at[1];
      case '.':
      case '->':
      case '[]':
      case '*':
      case '&':
      case '?':
        at = at[1] as Expression;
        break;
      case 'cast':
        at = at[2];
        break;
      case 'call':
        at = at[2][0] ?? at[1];
        break;
      default:
        return null;
    }
  }
}

function collectAssignments(
  visit: Visit,
  node: SyntaxNode,
  fact: FunctionFact,
  named: Set<string>,
  literal: Literal | null,
  depth = 0,
): void {
  if (node.type === 'assignment_expression') {
    const left = node.childForFieldName('left');
    const right = node.childForFieldName('right');
    if (left && right) {
      const assignment = assignmentOf(visit, left, right, fact, literal);
      if (assignment) {
        visit.facts.assignments.push(assignment);
        const root = rootName(assignment.target);
        if (root) named.add(root);
      }
      if (right.type === 'assignment_expression' && depth < MAX_EXPRESSION)
        collectAssignments(visit, right, fact, named, literal, depth + 1);
    }
    return;
  }
  if (depth < MAX_EXPRESSION)
    for (const child of node.namedChildren) collectAssignments(visit, child, fact, named, literal, depth + 1);
}

function assignmentOf(
  visit: Visit,
  left: SyntaxNode,
  right: SyntaxNode,
  fact: FunctionFact,
  literal: Literal | null,
): AssignmentFact | null {
  const parsed = { source: visit.source, text: visit.text };
  const values = literal ? [] : valuesOf(parsed, right);
  if (values.length === 0 && !literal) return null;
  let at = left;
  while (at.type === 'parenthesized_expression' && at.namedChildren[0]) at = at.namedChildren[0];
  const field = at.type === 'field_expression' && !literal ? at.childForFieldName('field') : null;
  const tok = tokAt(visit.text, (field ?? at).startIndex);
  return {
    function: fact.name,
    target: expressionOf(at),
    member: field?.text ?? '',
    values,
    inits: literal?.inits ?? [],
    literalType: literal?.type ?? '',
    macro: tok.macro,
    condition: conditionOf(visit.source, tok),
    ...placeOf(visit.source, tok.pos),
  };
}
