/** Outline of a file: tables with their slots, structs with their members, functions, the rest. */
import { type DocumentSymbol, type Position, SymbolKind } from 'vscode-languageserver';
import type { FileFacts, FunctionFact, PathStep, RecordFact, VariableFact } from '../../facts/types.ts';
import { functionsHeld } from '../../resolve/slots/tables.ts';
import { declare } from '../markdown.ts';
import { type Request, rangeOf } from '../request.ts';

const MAX_SLOTS = 500;
/** What an outline shows at most: an editor holds it all, and no reader goes through more. */
const MAX_SYMBOLS = 50_000;

/** The outline; empty beside another server, which has one of its own. */
export function documentSymbols(request: Request): DocumentSymbol[] {
  const { facts } = request.file;
  if (!facts || request.besideOther) return [];
  const inner = new Set(facts.records.flatMap((r) => r.fields.map((f) => f.record).filter((n) => n >= 0)));
  const made = lastMade(facts);
  const out: DocumentSymbol[] = [
    ...facts.records.flatMap((r, n) => (inner.has(n) || !r.tag ? [] : [recordSymbol(request, facts, r, 0)])),
    ...facts.functions
      .filter((f) => f.name && (!f.macro || made.get(f.line) === f))
      .map((f) => symbol(request, facts, f, f.name, f.endLine, SymbolKind.Function, f.macro ? 'made by a macro' : '')),
    ...facts.variables
      .filter((v) => !v.function && v.name && (!v.macro || (!made.has(v.line) && isTable(request, facts, v))))
      .map((v) => variableSymbol(request, facts, v)),
    ...facts.typedefs.map((t) => symbol(request, facts, t, t.name, t.line, SymbolKind.Interface, 'typedef')),
    ...facts.macros.map((m) =>
      symbol(
        request,
        facts,
        m,
        m.name,
        m.line,
        SymbolKind.Constant,
        m.params ? `macro(${m.params.join(', ')})` : 'macro',
      ),
    ),
    ...facts.labels.map((l) => symbol(request, facts, l, l.name, l.line, SymbolKind.Function, 'assembly')),
    ...enums(request, facts),
  ];
  out.sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
  return out.length > MAX_SYMBOLS ? out.slice(0, MAX_SYMBOLS) : out;
}

/** By the line of a macro's use the last function that it makes: of a SYSCALL_DEFINE's, the one whose body stands there. */
const lastMade = (facts: FileFacts): Map<number, FunctionFact> =>
  new Map(facts.functions.filter((f) => f.macro).map((f) => [f.line, f]));

/** Does a variable hold functions by the members of a struct? What a macro notes elsewhere, an initcall, is in no outline. */
const isTable = (request: Request, facts: FileFacts, v: VariableFact): boolean =>
  v.inits.some((i) => i.path.length > 0) && functionsHeld(request, facts, v, 1) > 0;

function symbol(
  request: Request,
  facts: FileFacts,
  at: { line: number; column: number },
  name: string,
  endLine: number,
  kind: SymbolKind,
  detail: string,
  children: DocumentSymbol[] = [],
): DocumentSymbol {
  const selectionRange = rangeOf(request, { file: facts.path, line: at.line, column: at.column }, name.length);
  const { start } = selectionRange;
  const inside = children.filter((c) => !isBefore(c.range.start, start));
  const last =
    endLine > at.line
      ? { line: endLine - 1, character: request.character(facts.path, endLine, Number.MAX_SAFE_INTEGER) }
      : selectionRange.end;
  // editors refuse an outline in which anything sticks out of what holds it
  const end = inside.reduce((e, c) => (isBefore(e, c.range.end) ? c.range.end : e), last);
  return { name, detail, kind, range: { start, end }, selectionRange, children: inside };
}

const isBefore = (a: Position, b: Position): boolean =>
  a.line < b.line || (a.line === b.line && a.character < b.character);

function recordSymbol(request: Request, facts: FileFacts, r: RecordFact, depth: number): DocumentSymbol {
  const children = r.fields.map((f) => {
    const inner = f.record >= 0 && depth < 6 ? facts.records[f.record] : undefined;
    const name = f.name || '(unnamed)';
    const members = inner ? recordSymbol(request, facts, inner, depth + 1).children : [];
    const kind = /\(\*/.test(f.type) ? SymbolKind.Method : SymbolKind.Field;
    return symbol(
      request,
      facts,
      f,
      name,
      Math.max(f.line, inner?.endLine ?? 0),
      kind,
      declare(f.type, '').trim(),
      members,
    );
  });
  return symbol(request, facts, r, r.tag || '(unnamed)', r.endLine, SymbolKind.Struct, r.keyword, children);
}

function variableSymbol(request: Request, facts: FileFacts, v: VariableFact): DocumentSymbol {
  const slots = v.inits
    .slice(0, MAX_SLOTS)
    .map((i) => symbol(request, facts, i.value, i.value.name, i.value.line, SymbolKind.Method, pathText(i.path)));
  // a table made by a macro, or by two arms of an #if, may have values outside its own lines
  const inside = slots.filter(
    (s) => s.range.start.line >= v.line - 1 && s.range.end.line < Math.max(v.endLine, v.line),
  );
  return symbol(
    request,
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

function enums(request: Request, facts: FileFacts): DocumentSymbol[] {
  return facts.enumerators.map((e) =>
    symbol(request, facts, e, e.name, e.line, SymbolKind.EnumMember, e.tag ? `enum ${e.tag}` : 'enum'),
  );
}
