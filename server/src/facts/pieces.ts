/** A source piece by piece: each is expanded, and what its macros define cut into pieces again. */

import { stripAttributes } from '../syntax/attributes.ts';
import { closing, isBalanced } from '../syntax/brackets.ts';
import { readDeclaration } from '../syntax/declarations.ts';
import type { MacroDefinition } from '../syntax/macros/definitions.ts';
import { expand } from '../syntax/macros/expand.ts';
import type { MacroKnowledge } from '../syntax/macros/knowledge.ts';
import { type Rereading, rereadings } from '../syntax/macros/rereading.ts';
import { type MacroView, redefinedBy } from '../syntax/macros/view.ts';
import { findPieces, type MacroRole, type Piece } from '../syntax/pieces.ts';
import { expandedSource, posOf, type Source, sliceToks } from '../syntax/source.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  tokenText,
} from '../syntax/tokens.ts';
import type { Tok } from '../syntax/toks.ts';
import { addDeclaration, type OuterBody } from './declared.ts';
import {
  expandHead,
  hasArms,
  holdsDefinitions,
  isCallOfLiterals,
  isCallOfName,
  isQuiet,
  withOwnName,
} from './heads.ts';
import { isConfigTest } from './names.ts';
import type { FileFacts, InitFact } from './types.ts';
import { isConstantList } from './values/constantLists.ts';
import { guarded, newMemos, type Visit } from './visit.ts';

/** Reads what headers that read the file again make of it. */
export function visitRereaders(visit: Visit, knowledge: MacroKnowledge): void {
  const { source, facts } = visit;
  const readings = rereadings(knowledge, source.path, source.includes);
  if (readings.length === 0) return;
  const first = facts.variables.length;
  for (const reading of readings)
    visitAgain(
      { ...visit, memos: newMemos(), again: true },
      { ...source, macros: redefinedBy(source.macros, reading) },
      reading,
    );
  visit.finish.push(() => dropData(facts, source.macros, first));
}

/**
 * Of the objects that readings make, variable `first` and those behind it, drops what leads to data, an event's format and
 * fields: what is named by a member that holds functions, a function of the file, and an object of the file with such stay.
 */
function dropData({ variables, functions }: FileFacts, { isCallback }: MacroView, first: number): void {
  const made = variables.slice(first);
  const own = new Map(made.map((v) => [v.name, v]));
  const ofFile = new Set(functions.map((f) => f.name));
  const isCode = ({ path, value }: InitFact): boolean => {
    const last = path.at(-1);
    return (
      ofFile.has(value.name) ||
      (!own.has(value.name) && last !== undefined && 'member' in last && isCallback(last.member))
    );
  };
  const withCode = new Set(made.filter((v) => v.inits.some(isCode)).map((v) => v.name));
  // not `*__event_x = &event_x`: the linker's list of them, which names what stands there anyway
  for (const v of made)
    v.inits = v.inits.filter(
      (i) => isCode(i) || (i.path.length > 0 && i.value.name !== v.name && withCode.has(i.value.name)),
    );
}

/** What `name(…)`, or a name, without a `;` stands for, from the macro's own expansion. */
function roleOf(source: Source, used: Set<string>, token: number): MacroRole {
  const { tokens } = source;
  const name = tokenText(tokens, token);
  const macro = source.macros.lookup(name, posOf(source, token));
  if (!macro) return 'unknown';
  if (macro.params === null) {
    const { toks } = expand(sliceToks(source, token, token + 1), { macros: source.macros, used });
    return toks.at(-1)?.kind === SEMICOLON ? 'whole' : 'unknown';
  }
  const toks = sliceToks(source, token, Math.min(closing(tokens, token + 1) + 1, tokens.count));
  const expanded = stripAttributes(expand(toks, { macros: source.macros, used }).toks);
  if (expanded.length === 0) return macro.body === '' ? 'whole' : 'prefix';
  const last = expanded.at(-1)?.kind;
  if (last === SEMICOLON || last === BRACE_CLOSE) return 'whole';
  // a type or a storage class in front of a declaration; a declarator or an initialiser is a definition by itself
  return expanded.some((t) => t.kind === ASSIGN || t.kind === BRACE_OPEN || t.kind === PAREN_CLOSE)
    ? 'whole'
    : 'prefix';
}

/** The pieces of a source, by what its macros stand for. */
export const piecesOf = (source: Source, used: Set<string>): Piece[] =>
  findPieces(source.tokens, source.conditions, (token) => roleOf(source, used, token));

/** Reads all pieces of a source; the last takes `outerBody` for its own. */
export function visitPieces(visit: Visit, source: Source, outerBody: OuterBody | null): void {
  const pieces = piecesOf(source, visit.used);
  const templates = source.origin ? [] : templateIncludes(source);
  let t = 0;
  for (let i = 0; i < pieces.length; i++) {
    const isLast = i === pieces.length - 1;
    // a template header between two pieces makes pieces of its own; one inside a piece is part of it
    for (; t < templates.length && templates[t] < pieces[i].end; t++)
      if (templates[t] < pieces[i].start) visitTemplate(visit, source, templates[t]);
    readPiece(visit, source, pieces[i], isLast ? outerBody : null);
  }
  for (; t < templates.length; t++) visitTemplate(visit, source, templates[t]);
}

/** Reads what the header that is #included at the token `directive` makes there. */
export function visitTemplate(visit: Visit, source: Source, directive: number): void {
  const toks = source.templates.get(directive) ?? [];
  const expansion = expand([...toks], {
    macros: source.macros,
    used: visit.used,
    lazyBodies: true,
    keep: (_, args) => isConfigTest(args),
  });
  const expanded = stripAttributes(expansion.toks);
  if (expanded.length > 0 && expanded.some((x) => (x.macro && x.kind === SEMICOLON) || x.kind === BRACE_OPEN))
    visitPieces(visit, expandedSource(source, expanded), null);
}

/** What the file's macro calls come to in another reading: of `TRACE_EVENT(…)`, the tracepoint's functions and tables. */
function visitAgain(visit: Visit, source: Source, reading: Rereading): void {
  const { tokens, macros } = source;
  const counts = new Map<MacroDefinition, boolean>();
  for (const piece of piecesOf(source, visit.used)) {
    if (tokens.kind[piece.start] !== Kind.Identifier || tokens.kind[piece.start + 1] !== PAREN_OPEN) continue;
    const pos = tokens.start[piece.start];
    const macro = macros.lookup(tokenText(tokens, piece.start), pos);
    if (!macro) continue;
    let isWorth = counts.get(macro);
    if (isWorth === undefined) {
      isWorth = makesCode(macro, reading, macros, pos);
      counts.set(macro, isWorth);
    }
    if (!isWorth) continue;
    guarded(visit, () => {
      const raw = sliceToks(source, piece.start, piece.end);
      const { toks } = expand(raw, { macros, used: visit.used, lazyBodies: true });
      const expanded = stripAttributes(toks);
      if (expanded.some((t) => t.kind === BRACE_OPEN)) visitPieces(visit, expandedSource(source, expanded), null);
    });
  }
}

/** How many macros a use may go through to one of a header's own. */
const MAX_STEPS = 4;

/** A function's body, or a member that gets a value; what else is made, an event's struct and its fields, calls nothing. */
const HAS_CODE = /\)\s*\{|\.\w+\s*=/;

/**
 * Does a use of a macro come to functions or tables, by one that this reading defines? The macros in it are each looked at
 * once, the nearest first.
 */
function makesCode(macro: MacroDefinition, reading: Rereading, macros: Source['macros'], pos: number): boolean {
  const seen = new Set<MacroDefinition>([macro]);
  let level = [...seen];
  let isOwn = false;
  let hasCode = false;
  for (let step = 0; level.length > 0; step++) {
    for (const m of level) {
      isOwn ||= reading.get(m.name) === m;
      hasCode ||= HAS_CODE.test(m.body);
    }
    if (isOwn && hasCode) return true;
    if (step === MAX_STEPS) return false;
    const next: MacroDefinition[] = [];
    for (const m of level)
      for (const t of macros.body(m)) {
        const used = t.kind === Kind.Identifier ? macros.lookup(t.text, pos) : null;
        if (!used || seen.has(used)) continue;
        seen.add(used);
        next.push(used);
      }
    level = next;
  }
  return false;
}

/** The directives that #include template headers, in the order of the file. */
export const templateIncludes = (source: Source): number[] => [...source.templates.keys()].sort((a, b) => a - b);

/** Expansions in each other that are cut into pieces again. */
const MAX_EXPANSION_DEPTH = 4;

/** Reads one of a source's pieces. */
export const readPiece = (visit: Visit, source: Source, piece: Piece, outerBody: OuterBody | null = null): void =>
  guarded(visit, () => visitPiece(visit, source, piece, outerBody));

function visitPiece(visit: Visit, source: Source, piece: Piece, outerBody: OuterBody | null): void {
  const headEnd = piece.body >= 0 ? piece.body : piece.end;
  const isFunction = piece.body >= 0 || outerBody !== null;
  if (piece.assign >= 0 && !isFunction && isConstantList(visit, source, piece.assign + 1, piece.end)) {
    // the declaration, and the `;` that tells where it ends
    const toks = sliceToks(source, piece.start, piece.assign);
    if (toks.length && isBalanced(toks)) {
      visitHead(visit, source, piece, [...toks, ...sliceToks(source, piece.end - 1, piece.end)], outerBody);
      return;
    }
  }
  let raw = sliceToks(source, piece.start, headEnd, isFunction ? 'first' : 'all');
  if (raw.length === 0) return;
  if (!isFunction && !isBalanced(raw)) {
    const first = sliceToks(source, piece.start, headEnd, 'first');
    const last = sliceToks(source, piece.start, headEnd, 'last');
    visitHead(visit, source, piece, first, outerBody);
    if (last.length !== first.length || last.some((t, i) => t.pos !== first[i].pos))
      visitHead(visit, source, piece, last, outerBody);
    return;
  }
  if (isFunction) raw = withOwnName(source, raw);
  if (!isFunction || source.origin || !hasArms(source, piece.start, headEnd)) {
    visitHead(visit, source, piece, raw, outerBody);
    return;
  }
  // a head written twice, once for each arm: the other arm may give it another name, else it is there with its body
  const last = withOwnName(source, sliceToks(source, piece.start, headEnd, 'last'));
  const name = (list: Tok[]) => readDeclaration(stripAttributes(expandHead(visit, source, list)))?.declarators[0]?.name;
  const [first, other] = [name(raw), name(last)];
  if (other && other !== first) {
    visitHead(visit, source, piece, raw, outerBody);
    visitHead(visit, source, piece, last, outerBody);
    return;
  }
  const arm = piece.body >= 0 ? source.conditions.arm[piece.body] : -1;
  visitHead(visit, source, piece, arm < 0 ? raw : raw.map((tok) => ({ ...tok, arm })), outerBody);
}

function visitHead(visit: Visit, source: Source, piece: Piece, raw: Tok[], outerBody: OuterBody | null): void {
  const caller =
    piece.body < 0 && !outerBody && raw[1]?.kind === PAREN_OPEN && raw[0].kind === Kind.Identifier && !raw[0].macro
      ? source.macros.lookup(raw[0].text, raw[0].pos)
      : null;
  const ofName = isCallOfName(raw);
  if (caller && (isCallOfLiterals(raw) || (ofName && visit.memos.quiet.has(caller)))) return;
  const expanded = stripAttributes(expandHead(visit, source, raw));
  if (expanded.length === 0) return;
  if (caller && isQuiet(expanded)) {
    if (ofName) visit.memos.quiet.add(caller);
    return;
  }
  const body = piece.body >= 0 ? { source, piece } : outerBody;
  if (visit.depth < MAX_EXPANSION_DEPTH && holdsDefinitions(expanded, piece)) {
    visitPieces({ ...visit, depth: visit.depth + 1 }, expandedSource(source, expanded), body);
    return;
  }
  const declaration = readDeclaration(expanded);
  if (!declaration) return;
  addDeclaration(visit, expanded, declaration, body);
}
