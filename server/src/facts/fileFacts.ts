/** Facts of one C file: cut into pieces, each piece expanded, read, and where it can hold functions parsed. */

import { stripAttributes, typeArguments } from '../syntax/attributes.ts';
import { closing, isBalanced, skipGroup } from '../syntax/brackets.ts';
import { armCondition } from '../syntax/conditions.ts';
import {
  type Declaration,
  type Declarator,
  MAX_PARAMS,
  type RecordNode,
  readDeclaration,
} from '../syntax/declarations.ts';
import { expand } from '../syntax/macros/expand.ts';
import {
  isBranchProfiling,
  isConstantBody,
  type MacroDefinition,
  type MacroKnowledge,
  redefinedBy,
  rereaders,
} from '../syntax/macros/macros.ts';
import { type Instance, instancesOf, type Sibling, wantedNames } from '../syntax/parameters.ts';
import { type CParser, errorBytes, type SyntaxNode } from '../syntax/parser.ts';
import { newParseText, type ParseText } from '../syntax/parseText.ts';
import { findPieces, type MacroRole, type Piece } from '../syntax/pieces.ts';
import { conditionOf, expandedSource, placeOf, readSource, type Source, sliceToks } from '../syntax/source.ts';
import {
  ASSIGN,
  BRACE_CLOSE,
  BRACE_OPEN,
  COMMA,
  hashName,
  Kind,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
  STAR,
  tokenText,
} from '../syntax/tokens.ts';
import type { Tok } from '../syntax/toks.ts';
import { isTypeWord } from '../syntax/words.ts';
import { readBody } from './body/body.ts';
import { namesCalled } from './body/macroCalls.ts';
import { docOf, memberDocs } from './kernelDoc.ts';
import type { FileFacts, FunctionFact, RecordFact, VariableFact } from './types.ts';
import { isDryList } from './values/constantLists.ts';
import { readInitialiser } from './values/initialisers.ts';

/** A variable or statement handed to the parser, and what to do with its node. */
export interface Pending {
  /** offset in the parse text at which it stands */
  at: number;
  done(node: SyntaxNode): void;
}

/** Everything one file's visit carries along. */
export interface Visit {
  source: Source;
  facts: FileFacts;
  text: ParseText;
  pending: Pending[];
  /** what is to be done when the parser has run */
  finish: (() => void)[];
  used: Set<string>;
  /** of a header that is read several times: what is known already, by its name and place */
  seen: Set<string> | null;
  /** how often in vain a macro was expanded in text that macros made: for what, and its name */
  fruitless: Map<string, number>;
  /** read functions' bodies, too */
  bodies: boolean;
}

export function emptyFacts(path: string): FileFacts {
  return {
    path,
    labels: [],
    functions: [],
    declarations: [],
    records: [],
    typedefs: [],
    enumerators: [],
    variables: [],
    assignments: [],
    locals: [],
    sites: [],
    calls: [],
    flows: [],
    includes: [],
    macros: [],
    instances: null,
    macrosUsed: [],
    parsedBytes: 0,
    errorBytes: 0,
    partial: false,
  };
}

/**
 * Facts of a C file or header. Never throws on any text: what can't be read is counted in `errorBytes`. `siblings` are
 * the C files of its folder: a header may get its names from them, and is then read once for each #include.
 */
export function fileFacts(
  path: string,
  bytes: Buffer,
  knowledge: MacroKnowledge,
  parser: CParser,
  siblings: () => Iterable<Sibling> = () => [],
): FileFacts {
  const source = readSource(path, bytes, knowledge);
  const facts = emptyFacts(path);
  facts.includes = source.includes;
  facts.partial = source.cut;
  const visit = newVisit(source, facts, true);
  for (const define of source.defines) addMacro(visit, define);
  const instances = path.endsWith('.h') ? instancesFor(source, knowledge, siblings) : null;
  facts.instances = instances?.map(({ includer, line }) => ({ includer, line })) ?? null;
  if (!instances?.length) visitPieces(visit, source, null);
  const seen = new Set<string>();
  for (const instance of instances ?? []) {
    const own = readSource(path, bytes, knowledge, instance);
    visitPieces({ ...visit, source: own, seen }, own, null);
  }
  visitRereaders(visit, knowledge);
  finishVisit(visit, parser);
  facts.partial ||= source.macros.work.left < 0;
  facts.assignments = facts.assignments.filter((a) => a.values.length > 0 || a.inits.length > 0);
  facts.assignments.sort((a, b) => a.line - b.line || a.column - b.column);
  facts.macrosUsed = [...visit.used].map(hashName).sort((a, b) => a - b);
  return facts;
}

/** The readings of a header that takes parameters of those who #include it, null for another; see syntax/parameters.ts. */
function instancesFor(source: Source, knowledge: MacroKnowledge, siblings: () => Iterable<Sibling>): Instance[] | null {
  const { path, tokens, conditions } = source;
  const wanted = wantedNames(knowledge, path, tokens, conditions);
  if (wanted.size === 0) return null;
  const words = new Set(tokens.text.match(/\w+/g));
  return instancesOf(path, wanted, (name) => words.has(name), siblings());
}

/** A visit that adds to `facts`. */
export const newVisit = (source: Source, facts: FileFacts, bodies: boolean): Visit => ({
  source,
  facts,
  text: newParseText(),
  pending: [],
  finish: [],
  used: new Set(),
  fruitless: new Map(),
  seen: null,
  bodies,
});

/** Adds a #define of the file, where it is more than a plain constant. */
export function addMacro({ source, facts }: Visit, { name, params, pos, body, arm }: Source['defines'][number]): void {
  if (!params && isConstantBody(body)) return;
  if (isBranchProfiling(armCondition(source.conditions.arms, arm))) return;
  facts.macros.push({ name, params, calls: namesCalled({ name, params, body }).join(' '), ...placeOf(source, pos) });
}

/** Reads what headers that read the file again make of it. */
export function visitRereaders(visit: Visit, knowledge: MacroKnowledge): void {
  const { source } = visit;
  for (const header of rereaders(knowledge, source.path, source.includes))
    visitAgain(visit, { ...source, macros: redefinedBy(knowledge, source.macros, header) }, header);
}

/** Hands the parser what was put together. What the facts held before the visit, up to variable `from`, stays as it is. */
export function finishVisit(visit: Visit, parser: CParser, from = 0): void {
  const { facts } = visit;
  guarded(visit, () => runParser(visit, parser));
  for (const finish of visit.finish) finish();
  facts.variables = facts.variables.filter((v, i) => i < from || v.inits.length > 0 || !(v.macro || v.function));
}

/** Parses what the visit has put together, in one go, and hands each piece its node. */
function runParser(visit: Visit, parser: CParser): void {
  const { text, pending, facts } = visit;
  if (pending.length === 0) return;
  const whole = text.parts.join('');
  const tree = parser.parse(whole);
  facts.parsedBytes = whole.length;
  facts.errorBytes = errorBytes(tree.rootNode);
  const tops = tree.rootNode.children;
  let t = 0;
  for (let i = 0; i < pending.length; i++) {
    const item = pending[i];
    while (t + 1 < tops.length && tops[t].endIndex <= item.at) t++;
    const node = tops[t];
    // what stands next to a fault is parsed again, alone
    const ready = node && node.startIndex === item.at && !node.hasError;
    guarded(visit, () =>
      ready ? item.done(node) : reparse(visit, item, pending[i + 1]?.at ?? whole.length, whole, parser),
    );
  }
  tree.delete();
}

function reparse(visit: Visit, item: Pending, next: number, whole: string, parser: CParser): void {
  const tree = parser.parse(whole.slice(item.at, next));
  const node = tree.rootNode.children[0];
  if (node) {
    visit.text.offset = item.at;
    item.done(node);
    visit.text.offset = 0;
  }
  tree.delete();
}

/** What `name(…)` without a `;` stands for, from the macro's own expansion. */
function roleOf(source: Source, used: Set<string>, token: number): MacroRole {
  const { tokens } = source;
  const name = tokenText(tokens, token);
  const macro = source.macros.lookup(name, source.origin ? source.origin[token].pos : tokens.start[token]);
  if (!macro) return 'unknown';
  if (macro.params === null) return 'unknown';
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

/** A function body that the last head of an expansion belongs to: `SYSCALL_DEFINE3(…) { … }`. */
interface OuterBody {
  source: Source;
  piece: Piece;
}

/** The pieces of a source, by what its macros stand for. */
export const piecesOf = (source: Source, used: Set<string>): Piece[] =>
  findPieces(source.tokens, source.conditions, (token) => roleOf(source, used, token));

function visitPieces(visit: Visit, source: Source, outerBody: OuterBody | null): void {
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

/** What the file's macro calls come to with a header's own definitions: of `TRACE_EVENT(…)`, the tracepoint's functions. */
function visitAgain(visit: Visit, source: Source, header: string): void {
  const { tokens, macros } = source;
  for (const piece of piecesOf(source, visit.used)) {
    if (tokens.kind[piece.start] !== Kind.Identifier || tokens.kind[piece.start + 1] !== PAREN_OPEN) continue;
    const name = tokenText(tokens, piece.start);
    const pos = tokens.start[piece.start];
    if (!leadsTo(macros.lookup(name, pos), header, macros, pos)) continue;
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

/** Is a macro the header's own, or does it use one that is? Each is looked at once, the nearest first. */
function leadsTo(macro: MacroDefinition | null, header: string, macros: Source['macros'], pos: number): boolean {
  const seen = new Set<MacroDefinition>(macro ? [macro] : []);
  let level = [...seen];
  for (let step = 0; level.length > 0; step++) {
    if (level.some((m) => m.file === header)) return true;
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

export const templateIncludes = (source: Source): number[] => [...source.templates.keys()].sort((a, b) => a - b);

const MAX_EXPANSION_DEPTH = 4;
let expansionDepth = 0;

/** Runs what may nest too deep for the stack: a text made by a machine, or to do harm. The rest of the file still counts. */
function guarded(visit: Visit, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    visit.facts.partial = true;
  }
}

/** Reads one of a source's pieces. */
export const readPiece = (visit: Visit, source: Source, piece: Piece, outerBody: OuterBody | null = null): void =>
  guarded(visit, () => visitPiece(visit, source, piece, outerBody));

function visitPiece(visit: Visit, source: Source, piece: Piece, outerBody: OuterBody | null): void {
  const headEnd = piece.body >= 0 ? piece.body : piece.end;
  const isFunction = piece.body >= 0 || outerBody !== null;
  if (piece.assign >= 0 && !isFunction && isDryList(source, piece.assign + 1, piece.end, visit.used)) {
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
  visitHead(visit, source, piece, raw, outerBody);
  if (isFunction && !source.origin) {
    // a head written twice, once for each arm: the other arm may give it another name
    raw = withOwnName(source, sliceToks(source, piece.start, headEnd, 'last'));
    const name = (list: Tok[]) =>
      readDeclaration(stripAttributes(expandHead(visit, source, list)))?.declarators[0]?.name;
    if (hasArms(source, piece.start, headEnd)) {
      const first = sliceToks(source, piece.start, headEnd, 'first');
      const other = name(raw);
      if (other && other !== name(first)) visitHead(visit, source, piece, raw, outerBody);
    }
  }
}

const STORAGE = /^(?:static|extern|inline|__inline|__inline__|const|volatile|register)$/;

/**
 * A function's head whose name some configuration has a macro for (`#define remove_proc_entry(name, parent) …`): behind
 * a type it is the name all the same.
 */
function withOwnName(source: Source, toks: Tok[]): Tok[] {
  const macroOf = (tok: Tok) =>
    tok.kind === Kind.Identifier && !tok.plain ? source.macros.lookup(tok.text, tok.pos) : null;
  const at = toks.findIndex((tok, i) => toks[i + 1]?.kind === PAREN_OPEN && (macroOf(tok)?.params ?? null) !== null);
  // `FNAME(walk)(int level)`: the macro makes the name
  if (at < 1 || toks[skipGroup(toks, at + 1)]?.kind === PAREN_OPEN) return toks;
  let p = at - 1;
  while (p >= 0 && macroOf(toks[p])?.params === null) p--;
  if (p < 0 || (toks[p].kind !== STAR && (toks[p].kind !== Kind.Identifier || STORAGE.test(toks[p].text)))) return toks;
  return toks.map((tok, i) => (i === at ? { ...tok, plain: true } : tok));
}

function hasArms(source: Source, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (source.tokens.kind[i] === Kind.Directive) return true;
  return false;
}

/** Kernel-configuration tests stay as written: their expansion says nothing, their text is a condition. */
export const isConfigTest = (args: Tok[][] | null) =>
  args !== null && args.length === 1 && args[0].length === 1 && args[0][0].text.startsWith('CONFIG_');

function expandHead(visit: Visit, source: Source, input: Tok[]): Tok[] {
  const toks = expandWords(visit, source, input);
  if (!toks) return input;
  if (toks.calls === 0) return toks.list;
  const expansion = expand(toks.list, {
    macros: source.macros,
    used: visit.used,
    lazyBodies: true,
    // a macro for NULL in one #if arm names the function of the other arm
    keep: (macro, args) =>
      isConfigTest(args) || (macro.params === null && (isNothing(macro.body) || isConditionalAlias(macro))),
  });
  if (!expansion.complete) visit.facts.partial = true;
  return expansion.toks;
}

/**
 * Replaces object-like macros (`__init`, `inline`, `asmlinkage`), whose expansion is worked out once a file. Returns
 * null where there is no macro at all, and how many calls of function-like ones are left.
 */
function expandWords(visit: Visit, source: Source, toks: Tok[]): { list: Tok[]; calls: number } | null {
  let list: Tok[] | null = null;
  let calls = 0;
  for (let i = 0; i < toks.length; i++) {
    const tok = toks[i];
    const macro = tok.kind === Kind.Identifier && !tok.plain ? source.macros.lookup(tok.text, tok.pos) : null;
    if (!macro || (macro.params && toks[i + 1]?.kind !== PAREN_OPEN)) {
      list?.push(tok);
      continue;
    }
    if (macro.params) calls++;
    else if (!isNothing(macro.body) && !isConditionalAlias(macro)) {
      const words = wordsOf(visit, source, macro, tok);
      if (words) {
        list ??= toks.slice(0, i);
        for (const word of words) list.push({ ...word, pos: tok.pos, arm: tok.arm });
        continue;
      }
      calls++;
    }
    list?.push(tok);
  }
  return list || calls ? { list: list ?? toks, calls } : null;
}

/** What an object-like macro comes to without attributes; null where it names a function-like one, whose call is yet to come. */
function wordsOf(visit: Visit, source: Source, macro: MacroDefinition, use: Tok): Tok[] | null {
  const { memo } = source.macros;
  const known = memo.get(macro);
  if (known !== undefined) return known;
  const toks = stripAttributes(expand([use], { macros: source.macros, used: visit.used }).toks);
  const last = toks.at(-1);
  const open = toks.length > 12 || (last?.kind === Kind.Identifier && source.macros.lookup(last.text, use.pos)?.params);
  const words = open || toks.some((t) => t.text === '__attribute__') ? null : toks;
  memo.set(macro, words);
  return words;
}

/** `#define f g` in one #if arm: the other arm has the function itself. See also `aliasOf`. */
export const isConditionalAlias = (macro: MacroDefinition) =>
  macro.condition !== null &&
  /^[a-z]\w*$/.test(macro.body) &&
  /[a-z]/.test(macro.name) &&
  !isTypeWord(macro.body) &&
  !macro.body.startsWith('__');

const isNothing = (body: string) => body === 'NULL' || body === '(NULL)' || body === '((void *)0)' || body === '0';

/** `MODULE_LICENSE("GPL");`: what a macro makes of strings alone names no function. */
function isCallOfLiterals(toks: readonly Tok[]): boolean {
  if (toks[1]?.kind !== PAREN_OPEN || toks[0].kind !== Kind.Identifier) return false;
  const end = toks.at(-1)?.kind === SEMICOLON ? toks.length - 2 : toks.length - 1;
  if (toks[end]?.kind !== PAREN_CLOSE || end < 3) return false;
  for (let i = 2; i < end; i++) if (toks[i].kind !== Kind.String && toks[i].kind !== COMMA) return false;
  return true;
}

/** `EXPORT_SYMBOL(f);`: what is true of one name is true of the next; of a type (`DECLARE_PER_CPU(int, x)`) it is not. */
const isCallOfName = (toks: readonly Tok[]): boolean =>
  toks[2]?.kind === Kind.Identifier && toks[3]?.kind === PAREN_CLOSE && toks.length <= 5;

/** `EXPORT_SYMBOL(f);`: nothing but externs and objects of the macro's own naming, none with a value. */
function isQuiet(toks: readonly Tok[]): boolean {
  let extern = false;
  for (let i = 0; i < toks.length; i++) {
    const tok = toks[i];
    if (tok.kind === ASSIGN || tok.kind === BRACE_OPEN) return false;
    if (tok.kind === SEMICOLON) extern = false;
    else if (tok.kind !== Kind.Identifier) continue;
    else if (tok.text === 'extern') extern = true;
    else if (tok.text === 'typedef' || (!extern && !tok.macro)) return false;
    else if (extern && !tok.macro && toks[i - 1]?.kind !== PAREN_OPEN && toks[i + 1]?.kind !== SEMICOLON) return false;
  }
  return true;
}

function visitHead(visit: Visit, source: Source, piece: Piece, raw: Tok[], outerBody: OuterBody | null): void {
  const caller =
    piece.body < 0 && !outerBody && raw[1]?.kind === PAREN_OPEN && raw[0].kind === Kind.Identifier && !raw[0].macro
      ? source.macros.lookup(raw[0].text, raw[0].pos)
      : null;
  const ofName = isCallOfName(raw);
  if (caller && (isCallOfLiterals(raw) || (ofName && source.macros.quiet.has(caller)))) return;
  const expanded = stripAttributes(expandHead(visit, source, raw));
  if (expanded.length === 0) return;
  if (caller && isQuiet(expanded)) {
    if (ofName) source.macros.quiet.add(caller);
    return;
  }
  const body = piece.body >= 0 ? { source, piece } : outerBody;
  if (expansionDepth < MAX_EXPANSION_DEPTH && holdsDefinitions(expanded, piece)) {
    expansionDepth++;
    try {
      visitPieces(visit, expandedSource(source, expanded), body);
    } finally {
      expansionDepth--;
    }
    return;
  }
  const declaration = readDeclaration(expanded);
  if (!declaration) return;
  addDeclaration(visit, source, expanded, declaration, body);
}

/** Did the expansion make more than one declaration, or a function with its body? */
function holdsDefinitions(toks: readonly Tok[], piece: Piece): boolean {
  let depth = 0;
  for (let i = 0; i < toks.length; i++) {
    const k = toks[i].kind;
    if (k === BRACE_OPEN || k === PAREN_OPEN) {
      if (k === BRACE_OPEN && depth === 0 && toks[i].macro && toks[i - 1]?.kind === PAREN_CLOSE) return true;
      depth++;
    } else if (k === BRACE_CLOSE || k === PAREN_CLOSE) depth--;
    else if (k === SEMICOLON && depth === 0 && (i < toks.length - 1 || piece.body >= 0)) return true;
  }
  return false;
}

function addDeclaration(
  visit: Visit,
  source: Source,
  toks: Tok[],
  declaration: Declaration,
  body: OuterBody | null,
): void {
  const { facts } = visit;
  if (visit.seen) {
    const key = [declaration.record?.tag ?? '', ...declaration.declarators.map((d) => d.name), toks[0].pos].join(' ');
    if (visit.seen.has(key)) return;
    visit.seen.add(key);
  }
  const record = declaration.record ? addRecord(visit, declaration.record) : -1;
  const typed = (type: string) => (record >= 0 && !declaration.record?.tag ? type.replace('@', `@${record}`) : type);
  if (declaration.enum) addEnumerators(visit, declaration.enum);
  if (declaration.typedef) {
    // `typedef struct { … } name;`: what people know it by
    const alias = declaration.declarators.find((d) => d.nameTok && /^\w+ @$/.test(d.type));
    if (alias && record >= 0 && !declaration.record?.tag) facts.records[record].tag = alias.name;
    for (const d of declaration.declarators)
      if (d.nameTok)
        facts.typedefs.push({ name: d.name, type: typed(d.type), ...placeOf(visit.source, d.nameTok.pos) });
    return;
  }
  const [first] = declaration.declarators;
  if (body && first?.params && first.nameTok) {
    addFunction(visit, declaration, first, body);
    return;
  }
  for (const d of declaration.declarators) {
    if (!d.nameTok) continue;
    if (d.params && !d.init) {
      facts.declarations.push({
        name: d.name,
        type: d.returnType,
        function: true,
        ...placeOf(visit.source, d.nameTok.pos),
      });
      continue;
    }
    if (declaration.extern && !d.init) {
      facts.declarations.push({
        name: d.name,
        type: typed(d.type),
        function: false,
        ...placeOf(visit.source, d.nameTok.pos),
      });
      continue;
    }
    addVariable(visit, d, typed(d.type), declaration.static, null, toks.at(-1)?.pos ?? d.nameTok.pos);
  }
  void source;
}

/** A variable and, where it may hold functions, its initialiser. Also used for locals: `inFunction` names the function. */
export function addVariable(
  visit: Visit,
  d: Declarator,
  type: string,
  isStatic: boolean,
  inFunction: string | null,
  endPos: number,
): void {
  const tok = d.nameTok as Tok;
  const variable: VariableFact = {
    name: d.name,
    type,
    ...placeOf(visit.source, tok.pos),
    static: isStatic,
    function: inFunction,
    macro: tok.macro,
    condition: conditionOf(visit.source, tok),
    endLine: placeOf(visit.source, endPos).line,
    inits: [],
  };
  visit.facts.variables.push(variable);
  if (d.init?.length) readInitialiser(visit, typeArguments(d.init), variable.inits);
}

function addFunction(visit: Visit, declaration: Declaration, d: Declarator, body: OuterBody): void {
  const tok = d.nameTok as Tok;
  const { source, piece } = body;
  const lastToken = Math.max(piece.body, piece.end - 1);
  const endPos = source.origin ? source.origin[lastToken].pos : source.tokens.start[lastToken];
  const fact: FunctionFact = {
    name: d.name,
    returnType: d.returnType,
    // a tracepoint makes half a dozen functions with the same long parameter list
    params: tok.macro && declaration.inline && visit.facts.path.endsWith('.h') ? [] : (d.params ?? []),
    ...placeOf(visit.source, tok.pos),
    endLine: placeOf(visit.source, endPos).line,
    static: declaration.static,
    inline: declaration.inline,
    macro: tok.macro,
    condition: conditionOf(visit.source, tok),
  };
  visit.facts.functions.push(fact);
  if (fact.params.length === MAX_PARAMS) visit.facts.partial = true;
  if (visit.bodies) readBody(visit, source, piece.body + 1, Math.max(piece.body + 1, piece.end - 1), fact);
}

/** Adds a record with all records inside it. Returns its index, which `struct @n` in a type text refers to. */
export function addRecord(visit: Visit, node: RecordNode, outer = -1): number {
  const { facts, source } = visit;
  const index = facts.records.length;
  const place = placeOf(source, node.place.pos);
  const record: RecordFact = {
    keyword: node.keyword,
    tag: node.tag,
    outer,
    ...place,
    endLine: placeOf(source, node.end.pos).line,
    fields: [],
    condition: conditionOf(source, node.place),
    doc: '',
  };
  facts.records.push(record);
  const docs = node.place.macro ? null : docOf(source, node.place.pos);
  if (docs) record.doc = docs.summary;
  const inner = node.place.macro ? null : memberDocs(source, node.place.pos, node.end.pos);
  for (const member of node.members) {
    const nested = member.record ? addRecord(visit, member.record, index) : -1;
    const typed = (type: string) => (nested >= 0 && !member.record?.tag ? type.replace('@', `@${nested}`) : type);
    if (member.declarators.length === 0) {
      // `struct tag { … };` inside a record declares a type, an untagged one shows its members through
      if (member.record && !member.record.tag)
        record.fields.push({
          name: '',
          type: `${member.record.keyword} @${nested}`,
          record: nested,
          doc: '',
          condition: conditionOf(source, member.first),
          ...placeOf(source, member.first.pos),
        });
      else if (member.record)
        record.fields.push({
          name: '',
          type: `${member.record.keyword} ${member.record.tag}`,
          record: nested,
          doc: '',
          condition: conditionOf(source, member.first),
          ...placeOf(source, member.first.pos),
        });
      continue;
    }
    for (const d of member.declarators) {
      if (!d.nameTok) continue;
      record.fields.push({
        name: d.name,
        type: typed(d.type),
        record: nested,
        doc: inner?.get(d.name) ?? docs?.members.get(d.name) ?? '',
        condition: conditionOf(source, d.nameTok),
        ...placeOf(source, d.nameTok.pos),
      });
    }
  }
  return index;
}

function addEnumerators(visit: Visit, node: NonNullable<Declaration['enum']>): void {
  let value: number | null = 0;
  for (const e of node.enumerators) {
    if (e.value.length)
      value =
        e.value.length === 1 && e.value[0].kind === Kind.Number
          ? Number.parseInt(e.value[0].text, e.value[0].text.startsWith('0x') ? 16 : 10)
          : null;
    visit.facts.enumerators.push({ name: e.tok.text, tag: node.tag, value, ...placeOf(visit.source, e.tok.pos) });
    if (value !== null) value++;
  }
}
