/** Hover on a macro: what its comment says, what it stands for at this use, and the tables and functions that it makes. */
import type { FileFacts, FunctionFact, VariableFact } from '../../../facts/types.ts';
import { NameKind } from '../../../index/store/postings.ts';
import type { Entity } from '../../../resolve/cursor/cursor.ts';
import { expansionOf, type MacroUse, macroUseAt, madeBy } from '../../../resolve/cursor/macroUse.ts';
import { offsetOf, tokenAt } from '../../../resolve/cursor/textView.ts';
import { isConstant } from '../../../resolve/names/constants.ts';
import type { Definition } from '../../../resolve/names/scope.ts';
import { functionsHeld } from '../../../resolve/slots/tables.ts';
import { BRACE_CLOSE, BRACE_OPEN, COMMA, DOT, PAREN_CLOSE, PAREN_OPEN, SEMICOLON } from '../../../syntax/tokens.ts';
import { joinToks, type Tok } from '../../../syntax/toks.ts';
import { block, count, link, paragraphs, placeLink, plain } from '../../markdown.ts';
import type { Request } from '../../request.ts';
import { functionDocText, linesOf } from './docs.ts';

const MAX_LINES = 16;
const MAX_LINE = 140;
const MAX_MADE = 8;

/** Markdown for a name that means a macro; null where none of its definitions is one. */
export function hoverMacro(request: Request, entity: Extract<Entity, { kind: 'name' }>): string | null {
  const { definitions, word, line, column } = entity;
  const macros = definitions.filter((d) => d.kind === NameKind.Macro);
  if (macros.length === 0) return null;
  const { text } = request.file;
  const at = tokenAt(text, offsetOf(text, line, column));
  const use = at >= 0 ? macroUseAt(request, request.file, at) : null;
  const definition = macros.find((d) => d.file === use?.macro.file) ?? macros[0];
  return paragraphs(
    `**${plain(word)}** · macro · ${placeLink(request, definition)}`,
    functionDocText(request, definition),
    isConstant(definition) && block(definedAs(request, definition)),
    use && expansionText(request, use),
    use && request.file.facts && madeText(request, request.file.facts, use),
  );
}

/** The #define itself, with the lines that it goes on in. */
function definedAs(request: Request, { file, line }: Definition): string {
  const lines = linesOf(request, file).slice(line - 1, line - 1 + MAX_LINES);
  const end = lines.findIndex((text) => !text.trimEnd().endsWith('\\'));
  return lines.slice(0, end < 0 ? lines.length : end + 1).join('\n');
}

/** What a use stands for: as the compiler sees it where that can be read, else by one step. */
function expansionText(request: Request, use: MacroUse): string {
  const all = codeLines(expansionOf(request, request.file, use, true));
  if (all.length === 0) return 'Expands to nothing here.';
  if (isReadable(all)) return paragraphs('Expands here to', block(all.join('\n')));
  const once = codeLines(expansionOf(request, request.file, use, false));
  const shown = once.slice(0, MAX_LINES).map((l) => (l.length > MAX_LINE ? `${l.slice(0, MAX_LINE)} …` : l));
  if (once.length > MAX_LINES) shown.push(`… ${count(once.length - MAX_LINES, 'more line')}`);
  return paragraphs('Expands here, by one step, to', block(shown.join('\n')));
}

const isReadable = (lines: readonly string[]): boolean =>
  lines.length <= MAX_LINES && lines.every((l) => l.length <= MAX_LINE);

/** Tokens as lines of C, a statement each, in kernel style. */
export function codeLines(toks: readonly Tok[]): string[] {
  const out: string[] = [];
  let depth = 0;
  let parens = 0;
  let line: Tok[] = [];
  const flush = (): void => {
    if (line.length > 0) out.push('\t'.repeat(depth) + inStyle(joinToks(line)));
    line = [];
  };
  for (const [i, tok] of toks.entries()) {
    if (tok.kind === PAREN_OPEN) parens++;
    else if (tok.kind === PAREN_CLOSE) parens--;
    if (tok.kind === BRACE_CLOSE) {
      flush();
      depth = Math.max(0, depth - 1);
    }
    line.push(tok);
    const next = toks[i + 1]?.kind;
    const ends =
      tok.kind === BRACE_OPEN ||
      (tok.kind === COMMA && next === DOT && parens <= 0) ||
      (tok.kind === SEMICOLON && (parens <= 0 || depth > 0)) ||
      (tok.kind === BRACE_CLOSE && next !== SEMICOLON && next !== PAREN_CLOSE);
    if (ends) flush();
    if (tok.kind === BRACE_OPEN) depth++;
  }
  flush();
  return out;
}

const inStyle = (line: string): string =>
  line.replace(/([\w)])\{$/, '$1 {').replace(/\b(if|for|while|switch)\(/g, '$1 (');

/** The tables of functions and the functions that a use makes. */
function madeText(request: Request, facts: FileFacts, use: MacroUse): string {
  const { functions, variables } = madeBy(facts, request.file.text, use);
  const at = (p: FunctionFact | VariableFact): string => link(request, p.name, { file: facts.path, line: p.line });
  const tables = variables.flatMap((n) => {
    const v = facts.variables[n];
    const held = functionsHeld(request, facts, v, Number.POSITIVE_INFINITY);
    return held > 0 && !isNote(v, held) ? [`${at(v)} (${count(held, 'slot')})`] : [];
  });
  const made = [...tables, ...functions.map((n) => at(facts.functions[n]))];
  const more = made.length > MAX_MADE ? ` · … ${made.length - MAX_MADE} more` : '';
  return made.length > 0 ? `**Makes** ${made.slice(0, MAX_MADE).join(' · ')}${more}` : '';
}

/** A bare pointer under a name that nobody writes, as an initcall's: no table. */
const isNote = (v: VariableFact, held: number): boolean => v.macro && held === 1 && v.inits[0].path.length === 0;
