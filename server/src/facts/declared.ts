/** What one declaration declares: types, names, objects, and a function with its body. */

import { type Declaration, type Declarator, MAX_PARAMS } from '../syntax/declarations.ts';
import type { Piece } from '../syntax/pieces.ts';
import { conditionOf, placeOf, posOf, type Source } from '../syntax/source.ts';
import type { Tok } from '../syntax/toks.ts';
import { readBody } from './body/body.ts';
import { addEnumerators, addRecord } from './records.ts';
import type { FunctionFact, ParamFact } from './types.ts';
import { addVariable } from './variables.ts';
import type { Visit } from './visit.ts';

/** A function body that the last head of an expansion belongs to: `SYSCALL_DEFINE3(…) { … }`. */
export interface OuterBody {
  source: Source;
  piece: Piece;
}

/**
 * Adds what a declaration declares. `toks` are those that it was read from, `body` the function's body where its head is
 * one. Of a header that is read several times only what is new is added.
 */
export function addDeclaration(visit: Visit, toks: Tok[], declaration: Declaration, body: OuterBody | null): void {
  if (isSeen(visit, declaration, toks[0].pos)) return;
  const record = declaration.record ? addRecord(visit, declaration.record) : -1;
  if (declaration.enum) addEnumerators(visit, declaration.enum);
  const [first] = declaration.declarators;
  if (declaration.typedef) {
    // those of an event's functions: nobody writes them
    if (!visit.again) addTypedefs(visit, declaration, record);
  } else if (body && first?.params && first.nameTok) addFunction(visit, declaration, first, body);
  else for (const d of declaration.declarators) addDeclarator(visit, declaration, d, record, toks);
}

/** Has another reading of the header given the same, by its names and its place? */
function isSeen({ seen }: Visit, { record, declarators }: Declaration, pos: number): boolean {
  if (!seen) return false;
  const key = [record?.tag ?? '', ...declarators.map((d) => d.name), pos].join(' ');
  if (seen.has(key)) return true;
  seen.add(key);
  return false;
}

/** A type's text, in which a record without a tag goes by its index in the file's facts: `struct @3`. */
const typedBy = (type: string, { record }: Declaration, index: number): string =>
  index >= 0 && !record?.tag ? type.replace('@', `@${index}`) : type;

function addTypedefs({ facts, source }: Visit, declaration: Declaration, record: number): void {
  // `typedef struct { … } name;`: what people know it by
  const alias = declaration.declarators.find((d) => d.nameTok && /^\w+ @$/.test(d.type));
  if (alias && record >= 0 && !declaration.record?.tag) facts.records[record].tag = alias.name;
  for (const { name, nameTok, type } of declaration.declarators)
    if (nameTok)
      facts.typedefs.push({ name, type: typedBy(type, declaration, record), ...placeOf(source, nameTok.pos) });
}

/** Adds a prototype, an extern or an object. */
function addDeclarator(visit: Visit, declaration: Declaration, d: Declarator, record: number, toks: Tok[]): void {
  if (!d.nameTok) return;
  // declared in the first reading, or defined in another one
  if (visit.again && !d.init && (d.params || declaration.extern)) return;
  const { facts, source } = visit;
  const alias = d.params && !d.init ? toks.find((t) => t.alias)?.alias : undefined;
  if (alias) addAlias(visit, declaration, d, alias);
  else if (d.params && !d.init)
    facts.declarations.push({ name: d.name, type: d.returnType, function: true, ...placeOf(source, d.nameTok.pos) });
  else if (declaration.extern && !d.init)
    facts.declarations.push({
      name: d.name,
      type: typedBy(d.type, declaration, record),
      function: false,
      ...placeOf(source, d.nameTok.pos),
    });
  else
    addVariable(
      visit,
      d,
      typedBy(d.type, declaration, record),
      declaration.static,
      null,
      toks.at(-1)?.pos ?? d.nameTok.pos,
    );
}

/** `long __x64_sys_getpid(…) __alias(__do_sys_getpid);`: another name of a function, which gets there by no call of its own. */
function addAlias(visit: Visit, declaration: Declaration, d: Declarator, alias: string): void {
  const { facts, source } = visit;
  const tok = d.nameTok as Tok;
  const place = placeOf(source, tok.pos);
  facts.functions.push({
    name: d.name,
    returnType: d.returnType,
    params: d.params ?? [],
    ...place,
    endLine: place.line,
    static: declaration.static,
    inline: false,
    macro: tok.macro,
    condition: conditionOf(source, tok),
    alias,
  });
  if (visit.bodies) facts.calls.push({ function: facts.functions.length - 1, names: alias, steps: [place.line] });
}

/**
 * The parameters of a function that a macro makes, where it may hand a function on: a tracepoint makes half a dozen
 * functions with the same long list.
 */
const pointersIn = (params: ParamFact[], { body, end }: Piece): ParamFact[] =>
  end - body > 2 && params.some((p) => p.type.includes('(')) ? params : [];

function addFunction(visit: Visit, declaration: Declaration, d: Declarator, body: OuterBody): void {
  // what a header reads a file again for stands elsewhere than in such functions: they check types, or are part of others
  if (visit.again && declaration.inline) return;
  const tok = d.nameTok as Tok;
  const { source, piece } = body;
  const lastToken = Math.max(piece.body, piece.end - 1);
  const endPos = posOf(source, lastToken);
  const fact: FunctionFact = {
    name: d.name,
    returnType: d.returnType,
    params:
      tok.macro && declaration.inline && visit.facts.path.endsWith('.h')
        ? pointersIn(d.params ?? [], piece)
        : (d.params ?? []),
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
