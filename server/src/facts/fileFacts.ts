/** Facts of one C file: cut into pieces, each piece expanded, read, and where it can hold functions parsed. */

import { armCondition } from '../syntax/conditions.ts';
import { isConstantBody } from '../syntax/macros/definitions.ts';
import type { MacroKnowledge } from '../syntax/macros/knowledge.ts';
import { type Instance, instancesOf, type Sibling, wantedNames } from '../syntax/macros/parameters.ts';
import { isBranchProfiling } from '../syntax/macros/scan.ts';
import type { CParser } from '../syntax/parser.ts';
import { placeOf, readSource, type Source } from '../syntax/source.ts';
import { hashName } from '../syntax/tokens.ts';
import { namesCalled, namesHanded } from './body/macroCalls.ts';
import { visitPieces, visitRereaders } from './pieces.ts';
import type { FileFacts } from './types.ts';
import { emptyFacts, finishVisit, newMemos, newVisit, type Visit } from './visit.ts';

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
    visitPieces({ ...visit, source: own, memos: newMemos(), seen }, own, null);
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

/** Adds a #define of the file, where it is more than a plain constant. */
export function addMacro(visit: Visit, { name, params, pos, body, arm }: Source['defines'][number]): void {
  const { source, facts } = visit;
  if (!params && isConstantBody(body)) return;
  if (isBranchProfiling(armCondition(source.conditions.arms, arm))) return;
  const called = namesCalled({ name, params, body });
  // what such names are lies behind the whole file: a macro is written before what it uses
  const handed = namesHanded(visit, { params, body }, called, Number.MAX_SAFE_INTEGER);
  facts.macros.push({ name, params, calls: [...called, ...handed].join(' '), ...placeOf(source, pos) });
}
