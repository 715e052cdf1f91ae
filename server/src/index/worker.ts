/** A worker thread of the index: reads files, makes facts, links them. It never writes to the store. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { assemblyFacts } from '../facts/assembly.ts';
import { emptyFacts, fileFacts } from '../facts/fileFacts.ts';
import type { FileFacts } from '../facts/types.ts';
import { addHeaderMacros, isOnlyDirectives, type MacroKnowledge, newMacroKnowledge, scanMacros } from '../syntax/macros.ts';
import { type CParser, createParser } from '../syntax/parser.ts';
import { decodeMacros, encodeFacts, encodeMacros, encodeRecord } from './codec.ts';
import { namesOf, type NamedPosting, type NamedTable, type NewRegistration, registrationsOf, tablesOf } from './link.ts';
import { openStore, type Store } from './store.ts';
import { type StoreReader, storeReader, storeTypes } from './storeTypes.ts';

export interface WorkerSetup {
  root: string;
  storage: string;
  architecture: string;
}

export type WorkerJob =
  | { kind: 'scan'; files: string[] }
  | { kind: 'knowledge'; macros: Buffer[] }
  | { kind: 'facts'; files: string[]; link: boolean }
  | { kind: 'link'; files: number[] }
  /** the store has changed: forget what was read from it */
  | { kind: 'refresh' };

export interface ScannedFile {
  path: string;
  macros: Buffer;
}

export interface FactsResult {
  path: string;
  size: number;
  mtime: number;
  hash: string;
  facts: Buffer;
  records: Buffer[];
  names: NamedPosting[];
  registrations: NewRegistration[];
  tables: NamedTable[];
  /** has initialisers or assignments that a later link must look at */
  unlinked: boolean;
  functions: number;
  parsedBytes: number;
  errorBytes: number;
}

export interface LinkResult {
  file: number;
  registrations: NewRegistration[];
  tables: NamedTable[];
}

export type WorkerReply =
  | { kind: 'scan'; files: ScannedFile[]; unreadable: string[] }
  | { kind: 'facts'; files: FactsResult[]; unreadable: string[] }
  | { kind: 'link'; files: LinkResult[] }
  | { kind: 'done' }
  | { kind: 'error'; message: string };

/** Everything over this size is read only for its #defines: no C file a person wrote is that large. */
const MAX_FILE = 64 << 20;

const setup = workerData as WorkerSetup;
let knowledge: MacroKnowledge = newMacroKnowledge(setup.architecture);
let parser: CParser | null = null;
let store: Store | null = null;
let reader: StoreReader | null = null;
let types: ReturnType<typeof storeTypes> | null = null;

function openTypes(): ReturnType<typeof storeTypes> {
  if (!types) {
    store = openStore(setup.storage, setup.root, true, () => {});
    if (!store) throw new Error('the index is gone');
    const files = store.files;
    reader = storeReader(store);
    types = storeTypes(reader, (path) => files.get(path)?.id, setup.architecture);
  }
  return types;
}

function factsOfFile(path: string, bytes: Buffer, c: CParser): FileFacts {
  if (path.endsWith('.S')) return assemblyFacts(path, bytes);
  if (bytes.length > MAX_FILE || (path.endsWith('.h') && isOnlyDirectives(bytes))) {
    const scanned = scanMacros(path, bytes);
    const facts = emptyFacts(path);
    facts.includes = scanned.includes;
    facts.partial = bytes.length > MAX_FILE;
    return facts;
  }
  return fileFacts(path, bytes, knowledge, c);
}

async function makeFacts(files: string[], link: boolean): Promise<WorkerReply> {
  parser ??= await createParser();
  const results: FactsResult[] = [];
  const unreadable: string[] = [];
  for (const path of files) {
    let bytes: Buffer;
    let mtime = 0;
    try {
      const full = join(setup.root, path);
      mtime = Math.floor(statSync(full).mtimeMs);
      bytes = readFileSync(full);
    } catch {
      unreadable.push(path);
      continue;
    }
    const facts = factsOfFile(path, bytes, parser);
    const hasValues = facts.assignments.length > 0 || facts.variables.some((v) => v.inits.length > 0);
    let registrations: NewRegistration[] = [];
    let tables: NamedTable[] = [];
    if (link && hasValues) {
      const t = openTypes();
      t.setOwn(facts);
      registrations = registrationsOf(facts, t);
      tables = tablesOf(facts, registrations, t);
      t.setOwn(null);
    }
    results.push({
      path,
      size: bytes.length,
      mtime,
      hash: createHash('sha1').update(bytes).digest('base64'),
      facts: encodeFacts(facts),
      records: facts.records.map(encodeRecord),
      names: namesOf(facts),
      registrations,
      tables,
      unlinked: !link && hasValues,
      functions: facts.functions.length,
      parsedBytes: facts.parsedBytes,
      errorBytes: facts.errorBytes,
    });
    // native trees are freed only when the event loop turns
    if (results.length % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { kind: 'facts', files: results, unreadable };
}

function linkFiles(files: number[]): WorkerReply {
  const t = openTypes();
  const out: LinkResult[] = [];
  for (const file of files) {
    const facts = reader?.factsOf(file);
    if (!facts || !reader) continue;
    const whole: FileFacts = { ...facts, records: [] };
    for (let n = 0; ; n++) {
      const record = reader.record(file, n);
      if (!record) break;
      whole.records.push(record);
    }
    t.setOwn(whole);
    const registrations = registrationsOf(whole, t);
    out.push({ file, registrations, tables: tablesOf(whole, registrations, t) });
    t.setOwn(null);
  }
  return { kind: 'link', files: out };
}

async function run(job: WorkerJob): Promise<WorkerReply> {
  switch (job.kind) {
    case 'scan': {
      const files: ScannedFile[] = [];
      const unreadable: string[] = [];
      for (const path of job.files) {
        try {
          files.push({ path, macros: encodeMacros(scanMacros(path, readFileSync(join(setup.root, path)))) });
        } catch {
          unreadable.push(path);
        }
      }
      return { kind: 'scan', files, unreadable };
    }
    case 'knowledge':
      knowledge = newMacroKnowledge(setup.architecture);
      for (const bytes of job.macros) addHeaderMacros(knowledge, decodeMacros(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
      return { kind: 'done' };
    case 'facts':
      return makeFacts(job.files, job.link);
    case 'link':
      return linkFiles(job.files);
    case 'refresh':
      reader?.clear();
      types?.clear();
      return { kind: 'done' };
  }
}

parentPort?.on('message', (job: WorkerJob) => {
  run(job).then(
    (reply) => parentPort?.postMessage(reply),
    (error: Error) => parentPort?.postMessage({ kind: 'error', message: error.stack ?? String(error) }),
  );
});
