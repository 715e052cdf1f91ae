/** Where the table comes from that a dispatch calls through: named, by a pointer that only holds named ones, out of a member. */

import type { Expression, FileFacts, SiteFact, VariableFact } from '../../facts/types.ts';
import { localScopes } from '../../index/link/localScopes.ts';
import type { Type, TypeSource } from '../../index/types/source.ts';
import { recordTag } from '../../index/types/typeText.ts';
import { findField, recordOf, resolveType, type Scope, typeOfExpression } from '../../index/types/typing.ts';
import { COPIERS, READERS } from '../../kernel/idioms.ts';
import { before, behind, closing, opening } from '../../syntax/brackets.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  hashName,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  type Tokens,
} from '../../syntax/tokens.ts';
import { bodyOf, type Span, word } from '../cursor/branches.ts';
import type { FileView } from '../cursor/fileView.ts';
import { scopeAt, typeOf } from '../cursor/localScope.ts';
import { offsetOf, tokenAt } from '../cursor/textView.ts';
import { objectsNamed, tableKey } from '../slots/installs.ts';
import { sourcesOf } from '../sourceFiles.ts';
import type { WorldOfFile } from '../world.ts';
import { argumentWriters, assignedByMacros, type GivenValue, valuesGiven } from './pointerValues.ts';

/** Where a dispatch's table may come from, as far as the text tells. */
export interface Origin {
  /** the tables that are named, by name and key */
  tables: Map<string, { name: string }>;
  /** the pointer that holds them; '' where the call names the table itself */
  pointer: string;
  /** the pointer members that it is taken out of */
  members: { owner: string; member: string }[];
  /** it may come from elsewhere, too */
  open: boolean;
  /** one of the tables can be written to by way of a pointer */
  writable: boolean;
}

/** A file with dispatches, as it sees the world; its text is read when it has to be. */
export interface SiteFile extends WorldOfFile {
  facts: FileFacts;
  view(): FileView | null;
}

/** One question: a dispatch of a file. */
interface Request extends SiteFile {
  site: SiteFact;
}

/** Pointers that pointers are copied from. */
const MAX_STEPS = 4;

/** Where the table of a dispatch comes from; null where nothing is known of it. */
export function originOf(file: SiteFile, site: SiteFact): Origin | null {
  const { facts } = file;
  if (site.kind !== 'call' || !site.receiver) return null;
  const origin: Origin = { tables: new Map(), pointer: '', members: [], open: false, writable: false };
  const request: Request = { ...file, site };
  const fn = facts.functions[site.function];
  addReceiver(request, origin, site.receiver, localScopes(facts)(fn?.name ?? '', site.line));
  return origin.tables.size || origin.members.length ? origin : null;
}

/** What a part of an expression is taken out of, or handed on by; null for a name, a member, and what is neither. */
function takenOutOf(e: Expression): Expression | null {
  switch (e[0]) {
    case '[]':
    case '*':
    case '&':
      return e[1];
    case 'cast':
      return e[2];
    case 'call':
      return (e[1][0] === 'id' && READERS.test(e[1][1]) && e[2][0]) || null;
    default:
      return null;
  }
}

function addReceiver(request: Request, origin: Origin, receiver: Expression, scope: Scope): void {
  const { types, site } = request;
  let at = receiver;
  for (let depth = 0; depth < 20; depth++) {
    const inner = takenOutOf(at);
    if (inner) at = inner;
    else if (at[0] === '.' || at[0] === '->') {
      const found = memberOf(types, scope, at);
      if (!found) return;
      if (found.pointer) {
        origin.members.push({ owner: found.owner, member: found.member });
        return;
      }
      // a part of the object that holds it
      at = at[1];
    } else break;
  }
  if (at[0] !== 'id') return;
  const name = at[1];
  const type = typeOfExpression(types, scope, at);
  if (!type) return;
  if (isPointer(request, type)) {
    if (site.macro && !handedToMacro(request, name)) return;
    origin.pointer = name;
    addPointer(request, origin, name, new Set());
  } else if (isObject(request, type) && !isLocal(request, name)) addTable(request, origin, name);
}

/** The member that an expression names, where it has a struct's or a pointer's type. */
function memberOf(types: TypeSource, scope: Scope, e: Expression & { 0: '.' | '->' }) {
  const of = typeOfExpression(types, scope, e[1]);
  return fieldOf(types, of, e[2]);
}

function fieldOf(types: TypeSource, of: Type | null, member: string) {
  const record = of && recordOf(types, of);
  const found = record && findField(types, record, member);
  if (!found?.owner) return null;
  const { shape } = resolveType(types, { text: found.field.type, file: found.file });
  const ops = shape.ops.filter((op) => op !== '[]');
  if (!recordTag(shape.base) || ops.length > 1) return null;
  return { owner: found.owner, member, pointer: ops.length === 1 };
}

function isPointer({ types }: Request, type: Type): boolean {
  const { shape } = resolveType(types, type);
  return shape.ops.length === 1 && shape.ops[0] === '*' && recordTag(shape.base) !== '';
}

function isObject({ types }: Request, type: Type): boolean {
  const { shape } = resolveType(types, type);
  return shape.ops.every((op) => op === '[]') && recordTag(shape.base) !== '';
}

function isLocal({ facts, site }: Request, name: string): boolean {
  const fn = facts.functions[site.function];
  return (
    fn !== undefined &&
    (fn.params.some((p) => p.name === name) ||
      facts.locals.some((l) => l.function === fn.name && l.name === name && isWithin(l.line, fn)) ||
      facts.variables.some((v) => v.function === fn.name && v.name === name && isWithin(v.line, fn)))
  );
}

const isWithin = (line: number, fn: { line: number; endLine: number }): boolean =>
  line >= fn.line && line <= fn.endLine;

/** A macro's own variables are out of sight: only what stands in its use is the function's. */
function handedToMacro(request: Request, name: string): boolean {
  const text = request.view()?.text;
  if (!text) return false;
  const { tokens } = text;
  const at = tokenAt(text, offsetOf(text, request.site.line, request.site.column));
  if (at < 0) return false;
  // the site stands at the macro's name, or at the argument that it calls
  const next = behind(tokens, at);
  const open = tokens.kind[next] === PAREN_OPEN ? next : enclosing(tokens, at);
  const close = open < 0 ? open : closing(tokens, open);
  for (let i = open; i < close; i++) if (word(tokens, i) === name) return true;
  return false;
}

/** The parenthesis that a token stands in; -1 where it stands in none. */
function enclosing(tokens: Tokens, at: number): number {
  for (let i = at - 1; i >= 0; i--) {
    const k = tokens.kind[i];
    if (k === PAREN_OPEN) return i;
    if (k === SEMICOLON || k === BRACE_OPEN || k === BRACE_CLOSE) return -1;
    if (k === PAREN_CLOSE || k === BRACKET_CLOSE) i = opening(tokens, i);
  }
  return -1;
}

/** What the pointer `name` may hold: a local of the site's function, or a pointer that only this file can write. */
function addPointer(request: Request, origin: Origin, name: string, seen: Set<string>): void {
  const { facts, site } = request;
  if (seen.has(name)) return;
  seen.add(name);
  const fn = facts.functions[site.function];
  // a parameter needs no reading of the text: that is a millisecond in a large file
  const view = seen.size > MAX_STEPS || fn?.params.some((p) => p.name === name) ? null : request.view();
  if (!view || !fn || !isFresh(request, view)) {
    origin.open = true;
    return;
  }
  const { tokens } = view.text;
  const body = bodyOf(tokens, fn);
  const declaredIn = declares(request, view, body, name);
  const whole = declaredIn ? null : facts.variables.find((v) => v.name === name && v.function === null);
  if (!declaredIn && (!whole || !isOwn(view, whole))) {
    origin.open = true;
    return;
  }
  const span: Span = declaredIn ? body : { from: 0, to: tokens.count };
  const writes = argumentWriters(request.index, () =>
    sourcesOf(request.index).macros(facts.path, request.architecture),
  );
  const values = assignedByMacros(tokens, name) ? null : valuesGiven(tokens, span, name, writes);
  if (!values) {
    origin.open = true;
    return;
  }
  for (const given of values) addValue(request, origin, view, given, given.value, seen);
}

/** Can only code of its file write to it? A header's static is another one in each file. */
function isOwn({ path, text }: FileView, v: VariableFact): boolean {
  if (v.static && !path.endsWith('.h')) return true;
  // `struct x_ops *const ops`: a type's text does not say that the pointer itself is const
  const at = tokenAt(text, offsetOf(text, v.line, v.column));
  return at > 0 && word(text.tokens, at) === v.name && word(text.tokens, before(text.tokens, at)) === 'const';
}

/** Is the text that of the facts? */
function isFresh({ site }: Request, view: FileView): boolean {
  if (site.macro) return true;
  const { tokens } = view.text;
  const at = tokenAt(view.text, offsetOf(view.text, site.line, site.column));
  return at >= 0 && word(tokens, at) === site.name;
}

/** Does the function's body declare a variable of that name? */
function declares(request: Request, view: FileView, body: Span, name: string): boolean {
  const { facts, site } = request;
  const fn = facts.functions[site.function];
  if (facts.locals.some((l) => l.function === fn.name && l.name === name && isWithin(l.line, fn))) return true;
  const { tokens } = view.text;
  const hash = hashName(name);
  for (let i = body.to - 1; i > body.from; i--)
    if (tokens.hash[i] === hash) {
      // as the last mention of it sees it
      const scope = scopeAt(view.text, facts, request.types, tokens.line[i], i);
      if (scope.local(name)) return true;
    }
  return false;
}

/** Adds what one value may be; `origin` stays as it is for NULL. */
function addValue(
  request: Request,
  origin: Origin,
  view: FileView,
  given: GivenValue,
  e: Expression,
  seen: Set<string>,
): void {
  const inner = innerValues(e);
  if (inner) for (const value of inner) addValue(request, origin, view, given, value, seen);
  else if (!isKnown(request, origin, view, given, e, seen)) origin.open = true;
}

/** What an expression hands on: that of a cast, either of a choice; null where it is a value itself. */
function innerValues(e: Expression): Expression[] | null {
  if (e[0] === 'cast') return [e[2]];
  if (e[0] === '?') return [e[1], e[2]];
  if (e[0] === 'call' && e[1][0] === 'id') {
    // an error's number is no table
    if (e[1][1] === 'ERR_PTR') return [];
    if (READERS.test(e[1][1])) return e[2].slice(0, 1);
  }
  return (e[0] === 'other' && e[1] === '0') || (e[0] === 'id' && e[1] === 'NULL') ? [] : null;
}

/** Adds a table, a member or what a pointer holds; false where the value is nothing of that kind. */
function isKnown(
  request: Request,
  origin: Origin,
  view: FileView,
  given: GivenValue,
  e: Expression,
  seen: Set<string>,
): boolean {
  const { types, facts } = request;
  if (e[0] === '&') {
    let of = e[1];
    while (of[0] === '[]' || of[0] === '.') of = of[1];
    return of[0] === 'id' && addTable(request, origin, of[1]);
  }
  if (e[0] !== 'id' && e[0] !== '.' && e[0] !== '->') return false;
  const scope = scopeAt(view.text, facts, types, view.text.tokens.line[given.at], given.at);
  if (e[0] === 'id') {
    const type = typeOf(types, scope, e);
    if (type && isPointer(request, type)) {
      addPointer(request, origin, e[1], seen);
      return true;
    }
    return type !== null && isObject(request, type) && addTable(request, origin, e[1]);
  }
  const found = fieldOf(types, typeOf(types, scope, e[1]), e[2]);
  if (!found?.pointer) return false;
  if (!origin.members.some((m) => m.owner === found.owner && m.member === found.member))
    origin.members.push({ owner: found.owner, member: found.member });
  return true;
}

/** The object of that name as a table, if it has static storage; false where it is none, or none is in sight. */
function addTable(request: Request, origin: Origin, name: string): boolean {
  const { index, facts, site } = request;
  const fn = facts.functions[site.function];
  const own = facts.variables.find((v) => v.function === fn?.name && v.name === name && isWithin(v.line, fn));
  if (own) {
    if (!own.static) return false;
    origin.tables.set(tableKey(name, facts.path, fn.name), { name });
    origin.writable ||= !isConst(own);
    return true;
  }
  if (isLocal(request, name)) return false;
  const objects = objectsNamed(request, name, facts.path);
  if (objects.length === 0) return false;
  for (const d of objects) {
    const where = d.file === facts.path ? facts : index.facts(d.file);
    const variable = where?.variables.find((v) => v.name === name && v.function === null);
    origin.tables.set(tableKey(name, d.file), { name });
    if (variable && isConst(variable)) continue;
    origin.writable = true;
    // any file may copy another table over it
    if (!variable?.static || d.file !== facts.path || isOverwritten(request, name)) origin.open = true;
  }
  return true;
}

const isConst = (v: VariableFact): boolean => /\bconst\b/.test(v.type.replace(/\*.*/, ''));

/** Is a whole object put over the table, by `foo_ops = *other` or memcpy()? */
function isOverwritten(request: Request, name: string): boolean {
  const view = request.view();
  if (!view) return true;
  const { tokens } = view.text;
  const hash = hashName(name);
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.hash[i] !== hash) continue;
    let next = behind(tokens, i);
    if (tokens.kind[next] === BRACKET_OPEN) next = behind(tokens, closing(tokens, next));
    // a list, and a literal in parentheses, have their functions in the index
    const value = tokens.kind[next] === ASSIGN ? tokens.kind[behind(tokens, next)] : 0;
    if (value && value !== BRACE_OPEN && value !== PAREN_OPEN) return true;
    for (let at = i - 1; at > i - 4 && at > 0; at--) if (COPIERS.test(word(tokens, at))) return true;
  }
  return false;
}
