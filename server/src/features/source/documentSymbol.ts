/** Outline of a file: tables with their slots, structs with their members, functions, the rest. */
import { type DocumentSymbol, type Position, SymbolKind } from 'vscode-languageserver';
import type { FileFacts, PathStep, RecordFact, VariableFact } from '../../facts/types.ts';
import { declare } from '../markdown.ts';
import { type Ask, rangeOf } from '../request.ts';

const MAX_SLOTS = 500;
/** What an outline shows at most: an editor holds it all, and no reader goes through more. */
const MAX_SYMBOLS = 50_000;

/** The outline; empty beside another server, which has one of its own. */
export function documentSymbols(ask: Ask): DocumentSymbol[] {
  const { facts } = ask.file;
  if (!facts || ask.besideOther) return [];
  const inner = new Set(facts.records.flatMap((r) => r.fields.map((f) => f.record).filter((n) => n >= 0)));
  const out: DocumentSymbol[] = [
    ...facts.records.flatMap((r, n) => (inner.has(n) || !r.tag ? [] : [recordSymbol(ask, facts, r, 0)])),
    ...facts.functions
      .filter((f) => f.name)
      .map((f) => symbol(ask, facts, f, f.name, f.endLine, SymbolKind.Function, f.macro ? 'made by a macro' : '')),
    ...facts.variables.filter((v) => !v.function && v.name).map((v) => variableSymbol(ask, facts, v)),
    ...facts.typedefs.map((t) => symbol(ask, facts, t, t.name, t.line, SymbolKind.Interface, 'typedef')),
    ...facts.macros.map((m) =>
      symbol(ask, facts, m, m.name, m.line, SymbolKind.Constant, m.params ? `macro(${m.params.join(', ')})` : 'macro'),
    ),
    ...facts.labels.map((l) => symbol(ask, facts, l, l.name, l.line, SymbolKind.Function, 'assembly')),
    ...enums(ask, facts),
  ];
  out.sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
  return out.length > MAX_SYMBOLS ? out.slice(0, MAX_SYMBOLS) : out;
}

function symbol(
  ask: Ask,
  facts: FileFacts,
  at: { line: number; column: number },
  name: string,
  endLine: number,
  kind: SymbolKind,
  detail: string,
  children: DocumentSymbol[] = [],
): DocumentSymbol {
  const selectionRange = rangeOf(ask, { file: facts.path, line: at.line, column: at.column }, name.length);
  const { start } = selectionRange;
  const inside = children.filter((c) => !isBefore(c.range.start, start));
  const last =
    endLine > at.line
      ? { line: endLine - 1, character: ask.character(facts.path, endLine, Number.MAX_SAFE_INTEGER) }
      : selectionRange.end;
  // editors refuse an outline in which anything sticks out of what holds it
  const end = inside.reduce((e, c) => (isBefore(e, c.range.end) ? c.range.end : e), last);
  return { name, detail, kind, range: { start, end }, selectionRange, children: inside };
}

const isBefore = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

function recordSymbol(ask: Ask, facts: FileFacts, r: RecordFact, depth: number): DocumentSymbol {
  const children = r.fields.map((f) => {
    const inner = f.record >= 0 && depth < 6 ? facts.records[f.record] : undefined;
    const name = f.name || '(unnamed)';
    const members = inner ? recordSymbol(ask, facts, inner, depth + 1).children : [];
    const kind = /\(\*/.test(f.type) ? SymbolKind.Method : SymbolKind.Field;
    return symbol(
      ask,
      facts,
      f,
      name,
      Math.max(f.line, inner?.endLine ?? 0),
      kind,
      declare(f.type, '').trim(),
      members,
    );
  });
  return symbol(ask, facts, r, r.tag || '(unnamed)', r.endLine, SymbolKind.Struct, r.keyword, children);
}

function variableSymbol(ask: Ask, facts: FileFacts, v: VariableFact): DocumentSymbol {
  const slots = v.inits
    .slice(0, MAX_SLOTS)
    .map((i) => symbol(ask, facts, i.value, i.value.name, i.value.line, SymbolKind.Method, pathText(i.path)));
  // a table made by a macro, or by two arms of an #if, may have values outside its own lines
  const inside = slots.filter(
    (s) => s.range.start.line >= v.line - 1 && s.range.end.line < Math.max(v.endLine, v.line),
  );
  return symbol(
    ask,
    facts,
    v,
    v.name,
    v.endLine,
    v.inits.length ? SymbolKind.Object : SymbolKind.Variable,
    declare(v.type, '').trim(),
    inside,
  );
}

const pathText = (path: readonly PathStep[]): string =>
  path.map((s) => ('member' in s ? `.${s.member}` : 'index' in s ? `[${s.index}]` : `[${s.position}]`)).join('');

function enums(ask: Ask, facts: FileFacts): DocumentSymbol[] {
  return facts.enumerators.map((e) =>
    symbol(ask, facts, e, e.name, e.line, SymbolKind.EnumMember, e.tag ? `enum ${e.tag}` : 'enum'),
  );
}
