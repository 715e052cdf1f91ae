/** Workspace symbols: fuzzy, ranked, the architecture in view first. */
import { type SymbolInformation, SymbolKind } from 'vscode-languageserver';
import { NameKind } from '../../index/store/postings.ts';
import { fuzzySymbols, type SymbolPlace, writtenName } from '../../resolve/names/symbols.ts';
import { locationOf, type Request } from '../request.ts';

const LIMIT = 128;

/** What the query finds in the whole tree; empty beside another server. */
export function workspaceSymbols(request: Omit<Request, 'file'>, query: string): SymbolInformation[] {
  if (request.besideOther || query.trim() === '') return [];
  // to read a hundred files for the rare line that has more than ASCII in front of a name would take too long
  const places = { root: request.root, character: (_path: string, _line: number, column: number) => column - 1 };
  const asked = query.trim();
  const { file, keyword, owner, name } = writtenName(asked);
  // an editor shows what it finds the query in: `struct page` is answered under that name
  const isMore = file !== '' || keyword !== '' || owner !== '';
  return fuzzySymbols(request, asked, LIMIT).map((p) => ({
    name: isMore && p.name === name ? asked : p.name,
    kind: kindOf(p),
    // an editor shows the file's path itself
    ...(p.owner ? { containerName: p.owner } : {}),
    location: locationOf(places, p, p.name.length),
  }));
}

function kindOf(p: SymbolPlace): SymbolKind {
  if (p.owner) return SymbolKind.Field;
  switch (p.kind) {
    case NameKind.Record:
      return SymbolKind.Struct;
    case NameKind.Variable:
      return SymbolKind.Variable;
    case NameKind.Typedef:
      return SymbolKind.Interface;
    case NameKind.Macro:
      return SymbolKind.Constant;
    case NameKind.Enumerator:
      return SymbolKind.EnumMember;
    default:
      return SymbolKind.Function;
  }
}
