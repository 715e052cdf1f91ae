/** Expressions in prose (`inode->i_mapping->a_ops->readpage(file, page)`, `->fault()`) -> what they mean in the tree. */

import type { FieldFact } from '../../facts/types.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind } from '../../index/store/postings.ts';
import type { RecordAt, Type } from '../../index/types/source.ts';
import { type FoundField, findField, findRecord, isFunctionPointer, recordOf } from '../../index/types/typing.ts';
import { OPERATIONS } from '../../kernel/idioms.ts';
import { commonness } from '../../kernel/layout.ts';
import type { SlotEntity } from '../../resolve/cursor/cursor.ts';
import { keptByReader } from '../../resolve/kept.ts';
import { similarity } from '../../resolve/names/nameLikeness.ts';
import { exactSymbols, type SymbolPlace } from '../../resolve/names/symbols.ts';
import type { World } from '../../resolve/world.ts';
import { type Expression, expressionsIn } from '../../trace/mail/prose.ts';
import type { PastedText } from '../../trace/pastedText.ts';
import { fileNamed } from '../functions/printedPath.ts';
import type { CodePlace } from '../resolvedTrace.ts';

/** A text whose words are asked about, and the tree that they are about. */
export interface TextInTree extends World {
  text: PastedText;
}

/** What an expression of prose stands for. */
export type Meaning =
  | { kind: 'file'; place: CodePlace }
  | { kind: 'symbols'; symbols: SymbolPlace[] }
  /** members of that name, the likeliest first; `guessed`: their struct is a guess */
  | { kind: 'slots'; slots: SlotEntity[]; guessed: boolean }
  /** the struct is known, and has no such member in this tree */
  | { kind: 'missing'; record: RecordAt; member: string; like: FieldFact[] };

const TYPES: ReadonlySet<NameKind> = new Set([NameKind.Record, NameKind.Typedef]);
const CALLABLE: ReadonlySet<NameKind> = new Set([
  NameKind.Function,
  NameKind.Label,
  NameKind.Macro,
  NameKind.Declaration,
]);

/** The meaning of an expression at a 0-based column of its line: each member of a chain has its own. Null: unknown. */
export function meaningOf(request: TextInTree, expression: Expression, character: number): Meaning | null {
  const { kind, name } = expression;
  if (kind === 'file') {
    const file = fileNamed(request.index, name);
    return file ? { kind: 'file', place: { file, line: expression.line ?? 1 } } : null;
  }
  if (kind === 'slot' || kind === 'member' || kind === 'access') return memberMeaning(request, expression, character);
  const symbols = symbolsNamed(request, name).filter((s) =>
    kind === 'type' ? TYPES.has(s.kind) : kind !== 'call' || CALLABLE.has(s.kind),
  );
  if (kind === 'call' && !symbols.some((s) => commonness(s.file) < 2)) {
    // in a mail, fault() is the member as often as not
    const slots = slotsOf(byName(request.index, name), name, false);
    if (slots.length) return { kind: 'slots', slots, guessed: true };
  }
  return symbols.length ? { kind: 'symbols', symbols } : null;
}

/** Definitions of a name; a table's own before its declarations in front of it. */
function symbolsNamed(request: TextInTree, name: string): SymbolPlace[] {
  const symbols = exactSymbols(request, name);
  const isTable = (s: SymbolPlace): boolean =>
    request.index
      .names(name)
      .some((p) => (p.flags & NameFlag.Table) !== 0 && p.line === s.line && request.index.pathOf(p.file) === s.file);
  const declared = symbols.filter((s) => s.kind === NameKind.Variable && !isTable(s));
  return [...symbols.filter((s) => !declared.includes(s)), ...declared];
}

/** The names of a chain with their columns: `inode`, `i_mapping`, `a_ops`, `readpage`. What stands in brackets is none. */
export function stepsOf({ text, start }: Expression): { name: string; start: number; end: number }[] {
  const steps: { name: string; start: number; end: number }[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; ) {
    const word = /^[A-Za-z_]\w*/.exec(text.slice(i, i + 200));
    if (!word) {
      if ('(['.includes(text[i])) depth++;
      else if (')]'.includes(text[i])) depth--;
      i++;
      continue;
    }
    if (depth === 0) steps.push({ name: word[0], start: start + i, end: start + i + word[0].length });
    i += word[0].length;
  }
  return steps;
}

function memberMeaning(request: TextInTree, expression: Expression, character: number): Meaning | null {
  const steps = stepsOf(expression);
  const at = steps.findIndex((s) => s.start <= character && character <= s.end);
  if (at < 0) return null;
  const own = expression.kind === 'slot';
  if (at === 0 && !own) {
    const base = symbolsNamed(request, steps[0].name);
    return base.length ? { kind: 'symbols', symbols: base } : null;
  }
  const names = steps.slice(own ? 0 : 1, at + 1).map((s) => s.name);
  const bases = own ? [] : baseRecords(request, steps[0].name);
  const typed = bases.flatMap((base) => follow(request.index, base.record, names, base.guessed));
  const member = names[names.length - 1];
  if (typed.length === 0) {
    const missing = missingMember(request.index, bases, names);
    if (missing) return missing;
  }
  const slots = slotsOf(typed.length ? typed : byName(request.index, member), member, typed.length > 0);
  return slots.length ? { kind: 'slots', slots, guessed: !typed.some((t) => !t.guessed) } : null;
}

const slotsOf = (found: readonly Found[], member: string, typed: boolean): SlotEntity[] =>
  distinctSlots(found.map(({ field }) => slotOf(field, member, typed)));

/** How like a member's name must be to be named for one that is gone. */
const LIKE = 0.45;

/** The struct that a chain leads to, where only its last member is missing there. */
function missingMember(
  index: IndexReader,
  bases: readonly { record: RecordAt; guessed: boolean }[],
  names: readonly string[],
): Meaning | null {
  const member = names[names.length - 1];
  for (const base of bases) {
    const [before] = names.length > 1 ? follow(index, base.record, names.slice(0, -1), base.guessed) : [];
    const record = before && recordOf(index.types, { text: before.field.field.type, file: before.field.file });
    if (!record?.record.tag) continue;
    const like = record.record.fields
      .map((field) => ({ field, score: similarity(member, field.name) }))
      .filter((f) => f.score >= LIKE)
      .sort((a, b) => b.score - a.score);
    return { kind: 'missing', record, member, like: like.slice(0, 4).map((f) => f.field) };
  }
  return null;
}

interface Found {
  field: FoundField;
  guessed: boolean;
}

/** Follows members from a record; empty where one of them is missing. */
function follow(index: IndexReader, record: RecordAt, names: readonly string[], guessed: boolean): Found[] {
  let at: RecordAt | null = record;
  let field: FoundField | null = null;
  for (const name of names) {
    field = at && findField(index.types, at, name);
    if (!field) return [];
    at = recordOf(index.types, { text: field.field.type, file: field.file });
  }
  return field ? [{ field, guessed }] : [];
}

/** Structs that a word of prose may be an object of: itself one, a variable, or a parameter of a function named nearby. */
function baseRecords(request: TextInTree, name: string): { record: RecordAt; guessed: boolean }[] {
  const { types } = request.index;
  const tagged = findRecord(types, `struct ${name}`, '');
  const out: { record: RecordAt; guessed: boolean }[] = tagged ? [{ record: tagged, guessed: false }] : [];
  const add = (type: Type): void => {
    const record = recordOf(types, type);
    if (record && !out.some((o) => o.record.record.tag === record.record.tag)) out.push({ record, guessed: true });
  };
  for (const type of types.variables(name).slice(0, 10)) add(type);
  for (const type of parametersNamed(request, name)) add(type);
  return out;
}

/** Functions of a text whose parameters are looked at. */
const MAX_FUNCTIONS = 300;
const mentioned = new WeakMap<PastedText, string[]>();

function functionsNamed(text: PastedText): string[] {
  let names = mentioned.get(text);
  if (!names) {
    const set = new Set<string>();
    for (const line of text.lines) {
      for (const e of expressionsIn(line))
        if (e.kind === 'call' || e.kind === 'frame' || e.kind === 'name') set.add(e.name);
      if (set.size > MAX_FUNCTIONS) break;
    }
    names = [...set];
    mentioned.set(text, names);
  }
  return names;
}

function* parametersNamed(request: TextInTree, name: string): Generator<Type> {
  for (const fn of functionsNamed(request.text))
    for (const p of request.index.names(fn)) {
      if (p.kind !== NameKind.Function) continue;
      const file = request.index.pathOf(p.file);
      const fact = request.index.facts(file)?.functions[p.index];
      const param = fact?.name === fn ? fact.params.find((q) => q.name === name) : undefined;
      if (param) yield { text: param.type, file };
    }
}

/** How many structs of operations are looked through for a member without its object. */
const MAX_RECORDS = 400;

/** Structs that hold operations, by the tree's habit of naming them; the kernel's common ones first. */
const operationRecords = keptByReader((index): RecordAt[] => {
  const names = OPERATIONS.flatMap((q) => index.searchNames(q, MAX_RECORDS));
  return [...new Set(names.map((n) => n.name))]
    .flatMap((tag) => index.types.recordsByTag(tag).slice(0, 1))
    .sort(
      (a, b) =>
        Number(!a.file.endsWith('.h')) - Number(!b.file.endsWith('.h')) || commonness(a.file) - commonness(b.file),
    );
});

/** Members of operations' structs by their name alone, those that are called through first. */
function byName(index: IndexReader, name: string): Found[] {
  const found = operationRecords(index).flatMap((r) => follow(index, r, [name], true));
  const { types } = index;
  const callable = found.filter(({ field }) => isFunctionPointer(types, { text: field.field.type, file: field.file }));
  return callable.length ? callable : found;
}

const slotOf = ({ field, owner, file }: FoundField, member: string, typed: boolean): SlotEntity => ({
  kind: 'slot',
  word: member,
  line: 1,
  column: 1,
  owner,
  member,
  type: { text: field.type, file },
  field: { file, field },
  evidence: typed ? 'typed' : 'name',
});

function distinctSlots(slots: readonly SlotEntity[]): SlotEntity[] {
  const seen = new Set<string>();
  return slots.filter((s) => (seen.has(s.owner) ? false : seen.add(s.owner)));
}
