/** A worker thread of the index: reads files, makes facts, links them. It never writes to the store. */
import { parentPort, workerData } from 'node:worker_threads';
import { assemblyFacts } from '../../facts/assembly.ts';
import { fileFacts } from '../../facts/fileFacts.ts';
import type { FileFacts } from '../../facts/types.ts';
import { emptyFacts } from '../../facts/visit.ts';
import { isSyscallTable } from '../../kernel/layout.ts';
import { addHeaderMacros, type MacroKnowledge, newMacroKnowledge } from '../../syntax/macros/knowledge.ts';
import { type HeaderMacros, isOnlyDirectives, scanMacros } from '../../syntax/macros/scan.ts';
import { scannedTable } from '../../syntax/macros/syscallTables.ts';
import { type CParser, createParser } from '../../syntax/parser.ts';
import { dispatchesOf, eachCaller } from '../link/calls.ts';
import { endKey } from '../link/ends.ts';
import { flowsOf } from '../link/flows.ts';
import { registrationsOf, slotOfRegistration, tablesOf } from '../link/link.ts';
import { eachName } from '../link/names.ts';
import { probesOf } from '../link/tracepoints.ts';
import { modulePaths, searchPathsIn } from '../modules/includePaths.ts';
import { mountModules } from '../modules/mounts.ts';
import { type IndexReader, openReader } from '../read/reader.ts';
import { type StoreReader, storeReader } from '../read/storeReader.ts';
import { withModules } from '../read/withModules.ts';
import { siblingsOf } from '../siblings.ts';
import { IndexDamage } from '../store/checked.ts';
import { decodeMacros, encodeMacros } from '../store/codec.ts';
import {
  encodeCaller,
  encodeDispatch,
  encodeFlow,
  encodeName,
  encodeRegistration,
  encodeTable,
  encodeTarget,
  flowsToKey,
  slotKey,
} from '../store/postings.ts';
import { newRows } from '../store/rows.ts';
import { closeStore, openForReading, type Store, storeFolder, storeIdentity } from '../store/store.ts';
import { namesInFolder, readTreeFile, readTreeText, type TreeFile } from '../treeFiles.ts';
import { type IndexTypes, openTypes } from '../types/indexTypes.ts';
import type { TypeSource } from '../types/source.ts';
import { blocksOf, directiveFacts, factsResult, lostResult, MAX_FILE, reasonOf } from './fileResult.ts';
import {
  type BatchRows,
  BUSY,
  type FactsResult,
  IDLE,
  type NumberedFile,
  type ScannedFile,
  type WorkerJob,
  type WorkerReply,
  type WorkerSetup,
} from './messages.ts';

const setup = workerData as WorkerSetup;
mountModules(setup.root, setup.modules ?? []);
let knowledge: MacroKnowledge = newMacroKnowledge(setup.architecture);
let parser: CParser | null = null;
let store: { opened: Store; identity: number } | null = null;
/** a module's index: the tree's, and those of other modules beside it */
let below: IndexReader[] = [];
let reader: StoreReader | null = null;
let types: IndexTypes | null = null;

const identityNow = (): number =>
  storeIdentity(storeFolder(setup.storage, setup.root, setup.architecture, setup.module));

function typesOfIndex(): IndexTypes {
  if (!types) {
    const identity = identityNow();
    const opened = openForReading(setup.storage, setup.root, setup.architecture, setup.module);
    if (!opened) throw new Error('the index is gone');
    store = { opened, identity };
    reader = storeReader(opened);
    types = setup.module ? typesBeside() : openTypes(reader, (path) => opened.files.get(path)?.id, setup.architecture);
  }
  return types;
}

/** Types as a module sees them: its own, and those of all that it stands beside. */
function typesBeside(): IndexTypes {
  const { storage, root, architecture, modules } = setup;
  const tree = openReader(storage, root, architecture);
  if (!tree) throw new Error(`the index of ${root} is gone`);
  const beside = (modules ?? []).flatMap((m) => openReader(storage, root, architecture, m) ?? []);
  below = [tree, ...beside];
  const all = withModules(tree, beside);
  return { types: all.types, typesFor: all.typesFor, clear: all.refresh };
}

async function letGo(): Promise<void> {
  const old = store;
  store = null;
  reader = null;
  types = null;
  await Promise.all(below.map((r) => r.close()));
  below = [];
  if (old) await closeStore(old.opened);
}

/** Tells what is in hand, or that nothing is; ends this thread, and it alone, where the pool has told it to stop. */
function goOn(inHand: number): void {
  const { at } = setup;
  if (!at) return;
  Atomics.store(at, 0, inHand);
  if (Atomics.load(at, 2) !== 0) process.exit();
}

/** Runs what concerns one file while the pool can see which one. */
function inHand<T>(file: number, work: () => T): T {
  const { at } = setup;
  if (!at) return work();
  Atomics.add(at, 1, 1);
  try {
    goOn(file);
    return work();
  } finally {
    Atomics.store(at, 0, BUSY);
  }
}

function factsOfFile(path: string, bytes: Buffer, c: CParser): FileFacts {
  if (path.endsWith('.S')) return assemblyFacts(path, bytes);
  if (isSyscallTable(path)) return emptyFacts(path);
  if (bytes.length > MAX_FILE || (path.endsWith('.h') && isOnlyDirectives(bytes)))
    return directiveFacts(path, bytes, scanMacros(path, bytes));
  return fileFacts(path, bytes, knowledge, c, () => siblingsOf(setup.root, path));
}

/** A file's bytes, and the time stamp they had before they were read; null where it can't be read. */
const readFile = (path: string): TreeFile | null => readTreeFile(setup.root, path);

type Batch = ReturnType<typeof newBatch>;

function newBatch() {
  const names = newRows();
  const slots = newRows();
  const targets = newRows();
  const tables = newRows();
  const sites = newRows();
  const callers = newRows();
  const flows = newRows();
  return {
    addNames(id: number, facts: FileFacts) {
      eachName(facts, (name, kind, line, column, index, flags, type) => {
        names.add(name, encodeName(id, kind, line, column, index, flags, type));
      });
      eachCaller(facts, (callee, caller, index, macro, lines) => {
        callers.add(callee, encodeCaller(id, caller, index, macro, lines));
      });
    },
    addLinks(id: number, facts: FileFacts, t: TypeSource) {
      const registrations = registrationsOf(facts, t);
      const seen = new Set<string>();
      for (const r of [...registrations, ...probesOf(facts, t)]) {
        const slot = slotOfRegistration(r);
        const key = slotKey(slot.owner, slot.member);
        slots.add(key, encodeRegistration({ ...r, file: id }));
        if (seen.has(`${r.target} ${key}`)) continue;
        seen.add(`${r.target} ${key}`);
        targets.add(r.target, encodeTarget(id, key));
      }
      for (const table of tablesOf(facts, registrations, t)) tables.add(table.tag, encodeTable({ ...table, file: id }));
      for (const d of dispatchesOf(facts, t)) sites.add(slotKey(d.owner, d.member), encodeDispatch({ ...d, file: id }));
      const found = flowsOf(facts, t);
      for (const d of found.dispatches) sites.add(slotKey(d.owner, d.member), encodeDispatch({ ...d, file: id }));
      for (const f of found.flows) {
        const [from, to] = [endKey(f.from), endKey(f.to)];
        flows.add(from, encodeFlow({ ...f, file: id }, to));
        if (to) flows.add(flowsToKey(to), encodeFlow({ ...f, file: id }, from));
      }
    },
    finish: (): BatchRows => ({
      names: names.finish(),
      slots: slots.finish(),
      targets: targets.finish(),
      tables: tables.finish(),
      sites: sites.finish(),
      callers: callers.finish(),
      flows: flows.finish(),
    }),
  };
}

/** Facts, names and links of one file; a fault of ours costs that file, not the index. */
function readInto(
  batch: Batch,
  file: NumberedFile,
  bytes: Buffer,
  mtime: number,
  c: CParser,
  link: boolean,
): FactsResult {
  if (file.lost) return lostResult(file, bytes, mtime, file.lost);
  let facts: FileFacts;
  let result: FactsResult;
  try {
    facts = factsOfFile(file.path, bytes, c);
    result = factsResult(file, bytes, mtime, facts);
  } catch (error) {
    return lostResult(file, bytes, mtime, reasonOf(file.path, error));
  }
  try {
    const hasValues =
      facts.assignments.length > 0 ||
      facts.sites.length > 0 ||
      facts.flows.length > 0 ||
      facts.variables.some((v) => v.inits.length > 0);
    batch.addNames(file.id, facts);
    if (link && hasValues) batch.addLinks(file.id, facts, typesOfIndex().typesFor(facts));
    return { ...result, unlinked: !link && hasValues };
  } catch (error) {
    return { ...result, lost: reasonOf(file.path, error) };
  }
}

async function makeFacts(files: NumberedFile[], link: boolean): Promise<WorkerReply> {
  parser ??= await createParser();
  const c = parser;
  const results: FactsResult[] = [];
  const unreadable: string[] = [];
  const batch = newBatch();
  for (const file of files) {
    const result = inHand(file.id, () => {
      const read = readFile(file.path);
      return read && readInto(batch, file, read.bytes, read.mtime, c, link);
    });
    if (result) results.push(result);
    else unreadable.push(file.path);
    // native trees are freed only when the event loop turns
    if (results.length % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { kind: 'facts', files: results, rows: batch.finish(), unreadable };
}

function linkFile(batch: Batch, file: number, t: IndexTypes): void {
  const facts = reader?.factsOf(file);
  if (!facts || !reader) return;
  const whole: FileFacts = { ...facts, records: [] };
  for (let n = 0; ; n++) {
    const record = reader.record(file, n);
    if (!record) break;
    whole.records.push(record);
  }
  batch.addLinks(file, whole, t.typesFor(whole));
}

function linkFiles(files: number[]): WorkerReply {
  const t = typesOfIndex();
  const batch = newBatch();
  const lost: [number, string][] = [];
  for (const file of files)
    inHand(file, () => {
      try {
        linkFile(batch, file, t);
      } catch (error) {
        lost.push([file, reasonOf(reader?.pathOf(file) ?? '', error)]);
      }
    });
  return { kind: 'link', rows: batch.finish(), lost };
}

/** What a header tells of macros; of a table of system calls, the headers that a build makes of it. */
function scanOf(path: string, bytes: Buffer): HeaderMacros {
  if (!isSyscallTable(path)) return scanMacros(path, bytes);
  return scannedTable(
    path,
    bytes,
    (other) => readTreeText(setup.root, other, 'latin1'),
    namesInFolder(setup.root, 'arch'),
  );
}

function scanFile(file: NumberedFile, bytes: Buffer, mtime: number): ScannedFile {
  try {
    if (file.lost) throw new Error(file.lost);
    const macros = scanOf(file.path, bytes);
    const facts = isSyscallTable(file.path)
      ? emptyFacts(file.path)
      : bytes.length > MAX_FILE || isOnlyDirectives(bytes)
        ? directiveFacts(file.path, bytes, macros)
        : null;
    return {
      path: file.path,
      macros: encodeMacros(macros),
      // one with names to look up takes the way of all others
      facts: facts && facts.macros.length === 0 ? factsResult(file, bytes, mtime, facts) : null,
    };
  } catch (error) {
    const why = reasonOf(file.path, error);
    const macros = encodeMacros(scanMacros(file.path, Buffer.alloc(0)));
    return { path: file.path, macros, facts: lostResult(file, bytes, mtime, why) };
  }
}

function scan(files: NumberedFile[]): WorkerReply {
  const scanned: ScannedFile[] = [];
  const unreadable: string[] = [];
  for (const file of files) {
    const result = inHand(file.id, () => {
      const read = readFile(file.path);
      return read && scanFile(file, read.bytes, read.mtime);
    });
    if (result) scanned.push(result);
    else unreadable.push(file.path);
  }
  return { kind: 'scan', files: scanned, unreadable };
}

async function run(job: WorkerJob): Promise<WorkerReply> {
  switch (job.kind) {
    case 'scan':
      return scan(job.files);
    case 'knowledge':
      knowledge = newMacroKnowledge(setup.architecture);
      if (setup.module) knowledge.searchPaths = searchPathsIn(modulePaths(setup.root));
      for (const bytes of job.macros)
        addHeaderMacros(knowledge, decodeMacros(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
      return { kind: 'done' };
    case 'facts':
      return makeFacts(job.files, job.link);
    case 'link':
      return linkFiles(job.files);
    case 'refresh':
      // built anew meanwhile: what is open is not it
      if (store && store.identity !== identityNow()) await letGo();
      reader?.clear();
      types?.clear();
      return { kind: 'done' };
    case 'close':
      await letGo();
      return { kind: 'done' };
  }
}

/** jobs are answered one after the other, in the order in which they came */
let last: Promise<void> = Promise.resolve();

goOn(IDLE);
parentPort?.on('message', (job: WorkerJob) => {
  last = last
    .then(() => goOn(BUSY))
    .then(() => run(job))
    .finally(() => goOn(IDLE))
    .then(
      (reply) => parentPort?.postMessage(reply, blocksOf(reply)),
      (error: Error) => {
        const damage = error instanceof IndexDamage ? error.folder : null;
        const message = damage === null ? (error.stack ?? String(error)) : error.message;
        parentPort?.postMessage({ kind: 'error', message, damage });
      },
    );
});
