/** A file on its way into the index, step by step as the index's worker takes it, without a store. */
import { assemblyFacts } from '../../../server/src/facts/assembly.ts';
import { fileFacts } from '../../../server/src/facts/fileFacts.ts';
import type { FileFacts } from '../../../server/src/facts/types.ts';
import { dispatchesOf, eachCaller } from '../../../server/src/index/link/calls.ts';
import { flowsOf } from '../../../server/src/index/link/flows.ts';
import { registrationsOf, tablesOf } from '../../../server/src/index/link/link.ts';
import { eachName } from '../../../server/src/index/link/names.ts';
import { decodeFacts, encodeFacts, encodeMacros, encodeRecords } from '../../../server/src/index/store/codec.ts';
import { openTypes, type TypesReader } from '../../../server/src/index/types/indexTypes.ts';
import {
  addHeaderMacros,
  type MacroKnowledge,
  newMacroKnowledge,
} from '../../../server/src/syntax/macros/knowledge.ts';
import { isOnlyDirectives, scanMacros } from '../../../server/src/syntax/macros/scan.ts';
import type { CParser } from '../../../server/src/syntax/parser.ts';

const NO_STORE: TypesReader = {
  factsOf: () => null,
  pathOf: () => '',
  names: () => [],
  record: () => null,
};

/** What the headers of a tree define, for files that are read one by one. */
export function knowledgeOf(headers: Iterable<{ path: string; bytes: Buffer }>): MacroKnowledge {
  const knowledge = newMacroKnowledge('x86');
  for (const { path, bytes } of headers) addHeaderMacros(knowledge, scanMacros(path, bytes));
  return knowledge;
}

/** Reads, encodes and links one file. What it makes is counted, so that nothing is left out by laziness. */
export function readFile(path: string, bytes: Buffer, knowledge: MacroKnowledge, parser: CParser): FileFacts {
  const scanned = scanMacros(path, bytes);
  encodeMacros(scanned);
  isOnlyDirectives(bytes);
  const facts = path.endsWith('.S') ? assemblyFacts(path, bytes) : fileFacts(path, bytes, knowledge, parser);
  decodeFacts(encodeFacts(facts));
  encodeRecords(facts.records);
  const types = openTypes(NO_STORE, () => undefined, 'x86').typesFor(facts);
  const registrations = registrationsOf(facts, types);
  tablesOf(facts, registrations, types);
  dispatchesOf(facts, types);
  flowsOf(facts, types);
  eachName(facts, () => {});
  eachCaller(facts, () => {});
  return facts;
}
