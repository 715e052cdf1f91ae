/** What stands at a place of a file: the question every editor feature begins with. */

import type { FieldFact, FileFacts } from '../../facts/types.ts';
import { dispatchesOf } from '../../index/link/calls.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { type Evidence, NameFlag, NameKind } from '../../index/store/postings.ts';
import { followPath } from '../../index/types/objectPath.ts';
import type { Type, TypeSource } from '../../index/types/source.ts';
import { recordTag } from '../../index/types/typeText.ts';
import { findField, recordOf } from '../../index/types/typing.ts';
import { before, behind } from '../../syntax/brackets.ts';
import { postfixStart, readExpression } from '../../syntax/expressions.ts';
import { COLON, DOT, Kind, tokenText } from '../../syntax/tokens.ts';
import { toksBetween } from '../../syntax/toks.ts';
import { constantsFrom } from '../names/constants.ts';
import { type Definition, definitionsFrom, meaningsFrom } from '../names/scope.ts';
import { type World, type WorldOfFile, worldOf } from '../world.ts';
import type { FileView } from './fileView.ts';

import { initialiserAt } from './initialiserPath.ts';
import { functionAt, scopeAt, typeOf } from './localScope.ts';
import { madeOfArgument, memberOfArgument } from './macroUse.ts';
import { offsetOf, tokenAt } from './textView.ts';

/** A word's place in the text that was asked about; columns are 1-based bytes. */
export interface WordPlace {
  word: string;
  line: number;
  column: number;
}

/** A member of a struct, as far as it is known. */
export interface SlotEntity extends WordPlace {
  kind: 'slot';
  /** struct that owns it; '' where it isn't known */
  owner: string;
  member: string;
  /** its declared type; null where it isn't known */
  type: Type | null;
  /** where it is declared */
  field: { file: string; field: FieldFact } | null;
  evidence: Extract<Evidence, 'typed' | 'name'>;
}

/** The place of a member or name that defines itself there, or what a use of it means. */
export type Entity =
  | SlotEntity
  | (WordPlace & { kind: 'variable'; definition: Definition })
  | (WordPlace & { kind: 'function'; definition: Definition })
  | (WordPlace & { kind: 'record'; tag: string; definition: Definition | null })
  | (WordPlace & { kind: 'local'; type: Type })
  | (WordPlace & { kind: 'name'; definitions: Definition[] });

const NAMES: readonly NameKind[] = [
  NameKind.Function,
  NameKind.Variable,
  NameKind.Label,
  NameKind.Macro,
  NameKind.Enumerator,
  NameKind.Typedef,
  NameKind.Declaration,
];

/** The thing at a place (line and byte column from 1); null on white space, keywords and unknown names. */
export function entityAt(world: World, file: FileView, line: number, column: number): Entity | null {
  return find({ ...worldOf(world, file.facts), file }, line, column);
}

/** The identifier at a place that stands for itself, no member of anything; keywords count as identifiers here. */
export function wordAt({ text }: FileView, line: number, column: number): WordPlace | null {
  const { tokens, lineStarts } = text;
  const at = tokenAt(text, offsetOf(text, line, column));
  if (at < 0 || tokens.kind[at] !== Kind.Identifier) return null;
  const prev = before(tokens, at);
  if (prev >= 0 && (tokens.kind[prev] === DOT || tokens.kind[prev] === Kind.Arrow)) return null;
  return { word: tokenText(tokens, at), line, column: tokens.start[at] - lineStarts[line - 1] + 1 };
}

/** A file in view, with what it can see. */
interface View extends WorldOfFile {
  file: FileView;
}

function find(view: View, line: number, column: number): Entity | null {
  const { types, file } = view;
  const { tokens, lineStarts } = file.text;
  const offset = offsetOf(file.text, line, column);
  const at = tokenAt(file.text, offset);
  if (at < 0) return null;
  if (tokens.kind[at] === Kind.Directive) return inDirective(view, offset, line);
  if (tokens.kind[at] !== Kind.Identifier) return null;
  const word = tokenText(tokens, at);
  const place: WordPlace = { word, line, column: tokens.start[at] - lineStarts[line - 1] + 1 };
  const prev = before(tokens, at);
  const prevKind = prev < 0 ? 0 : tokens.kind[prev];
  if (prevKind === Kind.Identifier && /^(struct|union)$/.test(tokenText(tokens, prev)))
    return recordEntity(view, place, word);
  const defined = definedHere(view, place) ?? madeOf(view, place, at);
  if (defined) return defined;
  if (prevKind === DOT || prevKind === Kind.Arrow || tokens.kind[behind(tokens, at)] === COLON) {
    const initialiser = prevKind === Kind.Arrow ? null : initialiserAt(file.text, file.facts, at);
    if (initialiser?.designator) {
      const type = initialiser.type ? { text: initialiser.type, file: file.path } : null;
      const slot = type && followPath(types, type, initialiser.path);
      return slotEntity(types, place, slot?.owner ?? '', slot?.type ?? null);
    }
    if (prevKind === DOT || prevKind === Kind.Arrow) return memberEntity(view, place, at, prev);
  }
  return named(view, place, at) ?? calledByMacro(view, place);
}

/** In a #define's body no scope is known: the word is taken as a name. */
function inDirective(view: View, offset: number, line: number): Entity | null {
  const { file } = view;
  const { text } = file.text.tokens;
  let start = offset;
  let end = offset;
  while (start > 0 && /\w/.test(text[start - 1])) start--;
  while (/\w/.test(text[end] ?? '')) end++;
  const word = text.slice(start, end);
  if (!/^[A-Za-z_]/.test(word)) return null;
  const place = { word, line, column: start - file.text.lineStarts[line - 1] + 1 };
  if (/\b(struct|union)\s+$/.test(text.slice(Math.max(0, start - 20), start))) return recordEntity(view, place, word);
  return ofDefinitions(view, place);
}

function recordEntity(view: View, place: WordPlace, tag: string): Entity {
  const definition = definitionsFrom(view, tag, view.file.path, [NameKind.Record])[0] ?? null;
  return { ...place, kind: 'record', tag, definition };
}

/** The member or local table that is declared right at this place. */
function definedHere({ types, file }: View, place: WordPlace): Entity | null {
  const { facts } = file;
  if (!facts) return null;
  const here = (p: { line: number; column: number; name: string }) =>
    p.line === place.line && p.column === place.column && p.name === place.word;
  const variable = facts.variables.findIndex(here);
  if (variable >= 0) return { ...place, kind: 'variable', definition: variableDefinition(facts, variable) };
  for (const record of facts.records) {
    const field = place.line >= record.line && place.line <= record.endLine ? record.fields.find(here) : undefined;
    if (!field) continue;
    const owner = record.tag || ownerOf(facts, facts.records.indexOf(record));
    const found = owner ? types.recordsByTag(owner).find((r) => r.file === file.path) : undefined;
    return {
      ...place,
      kind: 'slot',
      owner: (found && findField(types, found, place.word)?.owner) || owner,
      member: place.word,
      type: { text: field.type, file: file.path },
      field: { file: file.path, field },
      evidence: 'typed',
    };
  }
  return null;
}

/** Tag of the named record around an unnamed one. */
function ownerOf(facts: FileFacts, n: number): string {
  for (let depth = 0; depth < 8 && n >= 0; depth++) {
    const outer: number = facts.records.findIndex((r) => r.fields.some((f) => f.record === n));
    if (outer < 0) return '';
    if (facts.records[outer].tag) return facts.records[outer].tag;
    n = outer;
  }
  return '';
}

function variableDefinition(facts: FileFacts, n: number): Definition {
  const v = facts.variables[n];
  return {
    name: v.name,
    kind: NameKind.Variable,
    file: facts.path,
    line: v.line,
    column: v.column,
    static: v.static,
    macro: v.macro,
    index: n,
  };
}

function slotEntity(types: TypeSource, place: WordPlace, owner: string, type: Type | null): SlotEntity {
  const record = owner ? types.recordsByTag(owner) : [];
  for (const r of record) {
    const found = findField(types, r, place.word);
    if (found)
      return {
        ...place,
        kind: 'slot',
        owner,
        member: place.word,
        type: type ?? { text: found.field.type, file: found.file },
        field: found,
        evidence: 'typed',
      };
  }
  return { ...place, kind: 'slot', owner, member: place.word, type, field: null, evidence: owner ? 'typed' : 'name' };
}

/** What a macro makes of its argument. */
function madeOf(view: View, place: WordPlace, at: number): Entity | null {
  const { types, file } = view;
  const { facts } = file;
  const made = facts && madeOfArgument(view, file, place.line, at);
  if (!facts || !made) {
    const member = facts && memberOfArgument(view, file, place.line, at);
    const slot = member && followPath(types, { text: member.type, file: file.path }, member.path);
    return slot ? slotEntity(types, place, slot.owner, slot.type) : null;
  }
  if (made.kind === 'variable')
    return { ...place, kind: 'variable', definition: variableDefinition(facts, made.index) };
  const { name, line, column, static: isStatic, macro } = facts.functions[made.index];
  const common = { name, kind: NameKind.Function, file: facts.path, line, column };
  return { ...place, kind: 'function', definition: { ...common, static: isStatic, macro, index: made.index } };
}

/** `receiver->word`: the receiver's type tells the struct. */
function memberEntity({ index, types, file }: View, place: WordPlace, at: number, operator: number): Entity {
  const { tokens } = file.text;
  const last = before(tokens, operator);
  const unknown: SlotEntity = {
    ...place,
    kind: 'slot',
    owner: '',
    member: place.word,
    type: null,
    field: null,
    evidence: 'name',
  };
  if (last < 0 || !file.facts) return unknown;
  const expression = readExpression(toksBetween(tokens, postfixStart(tokens, last), last + 1));
  const scope = scopeAt(file.text, file.facts, types, place.line, at);
  const type = typeOf(types, scope, expression, (name) => declaredReturn(index, name));
  const record = type && recordOf(types, type);
  const found = record && findField(types, record, place.word);
  if (!found) return unknown;
  return {
    ...unknown,
    owner: found.owner,
    type: { text: found.field.type, file: found.file },
    field: found,
    evidence: 'typed',
  };
}

/** What a function returns that the tree only declares: its body may be assembly, or another architecture's. */
function declaredReturn(index: IndexReader, name: string): string | null {
  for (const p of index.names(name)) {
    if (p.kind !== NameKind.Declaration || (p.flags & NameFlag.Function) === 0) continue;
    const declared = index.facts(index.pathOf(p.file))?.declarations[p.index];
    if (declared?.name !== name) continue;
    return declared.type;
  }
  return null;
}

/** `call_op(x, member)`: a macro makes a call through the member that stands among its arguments. */
function calledByMacro({ types, file }: View, place: WordPlace): Entity | null {
  const site = file.facts?.sites.find(
    (s) => s.kind === 'call' && s.line === place.line && s.column === place.column && s.name === place.word,
  );
  if (!file.facts || !site) return null;
  const [{ owner }] = dispatchesOf({ ...file.facts, sites: [site] }, types);
  return owner ? slotEntity(types, place, owner, null) : null;
}

function named(view: View, place: WordPlace, at: number): Entity | null {
  const { types, file } = view;
  const { facts } = file;
  const around = facts ? functionAt(facts, place.line) : null;
  if (facts && around) {
    const local = facts.variables.findIndex(
      (v) => v.function === around.name && v.name === place.word && v.line <= place.line && v.line >= around.line,
    );
    if (local >= 0) return { ...place, kind: 'variable', definition: variableDefinition(facts, local) };
    if (around.name !== place.word) {
      const type = scopeAt(file.text, facts, types, place.line, at).local(place.word);
      if (type) return { ...place, kind: 'local', type };
    }
  }
  return ofDefinitions(view, place);
}

function ofDefinitions(view: View, place: WordPlace): Entity | null {
  const { index } = view;
  const { path } = view.file;
  const meanings = meaningsFrom(view, place.word, path, NAMES);
  const constants = meanings.some((m) => m.sighting !== 'near')
    ? []
    : constantsFrom(view, place.word, path, view.file.text.tokens.text);
  const all = [...constants, ...meanings.map((m) => m.definition)];
  // a body beats a prototype, whatever file it is in; a definition right here beats both
  const first =
    all.find((d) => d.file === path && d.line === place.line && d.kind !== NameKind.Declaration) ??
    all.find((d) => d.kind !== NameKind.Declaration) ??
    all[0];
  if (!first) return null;
  if (first.kind === NameKind.Typedef) {
    const target = index.facts(first.file)?.typedefs[first.index];
    const tag = target ? recordTag(target.type.replace(/^const /, '')) : '';
    if (tag && !tag.startsWith('@')) return recordEntity(view, place, tag);
  }
  if (first.kind === NameKind.Variable) return { ...place, kind: 'variable', definition: first };
  if (first.kind === NameKind.Function || first.kind === NameKind.Label)
    return { ...place, kind: 'function', definition: first };
  if (first.kind === NameKind.Declaration) return declared(index, place, first, all);
  return { ...place, kind: 'name', definitions: all };
}

/** Only declared: the tree has no body for it, as for what assembly or a generator makes. */
function declared(index: IndexReader, place: WordPlace, first: Definition, all: Definition[]): Entity {
  const isFunction = index
    .names(place.word)
    .some((p) => p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0);
  return isFunction ? { ...place, kind: 'function', definition: first } : { ...place, kind: 'name', definitions: all };
}
