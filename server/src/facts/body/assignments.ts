/** Registrations at run time: `ops->f = fn;`, also by way of a macro, and `*ops = (struct x){ … };`. */

import { MODULE_OBJECTS } from '../../kernel/idioms.ts';
import { STEP, skipGroup } from '../../syntax/brackets.ts';
import { MAX_EXPRESSION } from '../../syntax/expressions.ts';
import { both } from '../../syntax/macros/expand.ts';
import type { SyntaxNode } from '../../syntax/parser.ts';
import { addGlue, addTok, MAX_PARSED, tokAt } from '../../syntax/parseText.ts';
import { conditionOf, placeOf, posOf, type Source } from '../../syntax/source.ts';
import type { Statement } from '../../syntax/statements.ts';
import type { Tokens } from '../../syntax/tokens.ts';
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
  TILDE,
  tokenText,
} from '../../syntax/tokens.ts';
import { joinToks, type Tok } from '../../syntax/toks.ts';
import { isTagWord } from '../../syntax/words.ts';
import { mayNameValue, namesMeant } from '../names.ts';
import type { AssignmentFact, Expression, FunctionFact, InitFact } from '../types.ts';
import { readInitialiser } from '../values/initialisers.ts';
import { expressionOf, valuesOf } from '../values/values.ts';
import type { Visit } from '../visit.ts';

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
export function partsOf(source: Source, statement: Statement): Statement[] {
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

/** The last `=` of a statement outside brackets, or -1. */
function assignOf({ kind }: Tokens, { start, end }: Statement): number {
  let assign = -1;
  let depth = 0;
  for (let i = start; i < end; i++) {
    if (kind[i] === ASSIGN && depth === 0) assign = i;
    else depth += STEP[kind[i]];
  }
  return assign;
}

/**
 * May the statement put a function or a table somewhere? Tells by its tokens alone. What locals hold is no matter of
 * this, but in a list, where those that are not `isPlain` may hold a function.
 */
export function assignsFunction(
  source: Source,
  statement: Statement,
  isLocal: (name: string) => boolean,
  isPlain: (name: string) => boolean,
): boolean {
  const { tokens } = source;
  const { start, end } = statement;
  const assign = assignOf(tokens, statement);
  if (assign < 0) return false;
  const isList = tokens.kind.subarray(assign, end).includes(BRACE_OPEN);
  // a plain local on the left is the next step's matter (flow), not a registration
  if (!isList && assign === start + 1 && isLocal(tokenText(tokens, start))) return false;
  return mayNameObject(source, assign + 1, end, isList ? isPlain : isLocal);
}

/** May the right side of an assignment, tokens [from, end), be a function or a table? */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: flat: one case for each kind of token
function mayNameObject(source: Source, from: number, end: number, isLocal: (name: string) => boolean): boolean {
  const { tokens } = source;
  const { kind } = tokens;
  let literal = false;
  let candidate = false;
  const question = kind.subarray(from, end).includes(QUESTION);
  for (let i = from; i < end; i++) {
    const k = kind[i];
    if (k === BRACE_OPEN) literal = true;
    else if (ARITHMETIC.has(k) && !literal && !question) {
      // `TOKEN(HTYPE, 4_variant)`: the end of a name
      if (k !== Kind.Number || !/^\d+_/.test(tokenText(tokens, i))) return false;
    } else if (k === Kind.Identifier && !candidate) {
      const role = roleOf(source, i, end);
      // a call's result is no name, but `wrapper(fn)` may be a macro
      if (role === 'callee') {
        if (!question && !source.macros.lookup(tokenText(tokens, i), posOf(source, i))) return literal;
      } else if (role === 'value') {
        const word = tokenText(tokens, i);
        if (isTagWord(word)) i++;
        else candidate = isObjectName(source, word, i, isLocal);
      }
    }
  }
  return candidate;
}

/** What a name on the right of an assignment is: a value, what is called, or a part of something else. */
function roleOf({ tokens: { kind } }: Source, i: number, end: number): 'value' | 'callee' | 'part' {
  const before = kind[i - 1];
  const next = i + 1 < end ? kind[i + 1] : SEMICOLON;
  if (before === DOT || before === Kind.Arrow || next === Kind.Arrow) return 'part';
  if (next === DOT || next === BRACKET_OPEN) return before === AMPERSAND ? 'value' : 'part';
  return next === PAREN_OPEN ? 'callee' : 'value';
}

const isObjectName = (source: Source, word: string, i: number, isLocal: (name: string) => boolean): boolean =>
  (word !== 'NULL' && /[a-z]/.test(word) && !isLocal(word)) || namesObject(source, word, posOf(source, i));

/** `THIS_MODULE`, `HTYPE`: a name in capitals that stands for an object, or its address. */
function namesObject(source: Source, word: string, pos: number): boolean {
  if (!/^[A-Z]/.test(word)) return false;
  if (MODULE_OBJECTS.has(word)) return true;
  const macro = source.macros.lookup(word, pos);
  return macro !== null && macro.params === null && (/^\(?&[a-z_]/.test(macro.body) || /^[a-z]\w*$/.test(macro.body));
}

/** Notes the assignment of a name to a member; `named` gets the name whose type will be asked for. */
export function pushAssignment(
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

/** `THIS_MODULE` as the object that it is in modules. */
export const withModules = (toks: readonly Tok[]): Tok[] =>
  toks.flatMap((tok) => {
    const object = tok.kind === Kind.Identifier ? MODULE_OBJECTS.get(tok.text) : undefined;
    if (object === undefined) return [tok];
    const condition = both(tok.condition, IN_MODULES);
    return [
      { ...tok, kind: AMPERSAND, text: '&', condition },
      { ...tok, text: object, condition, plain: true },
    ];
  });

const IN_MODULES = 'defined(MODULE)';

/**
 * Adds `ops->f = fn` and `*ops = (struct x){ … }` by a statement's expanded tokens; what is not plain goes to the
 * parser. `named` gets the names whose types will be asked for.
 */
export function addAssignment(visit: Visit, toks: Tok[], fact: FunctionFact, named: Set<string>): void {
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

/** `= (struct x){ … }`, the whole right-hand side of a statement, or of `a = b = (struct x){ … }`. */
function assignedLiteral(visit: Visit, toks: readonly Tok[]): Literal | null {
  const list = toks.findIndex((t) => t.kind === BRACE_OPEN);
  const assign = toks.slice(0, Math.max(list, 0)).findLastIndex((t) => t.kind === ASSIGN);
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
