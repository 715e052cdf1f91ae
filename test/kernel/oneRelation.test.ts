// Callers and targets are one relation, read from two ends: random calls and functions of a real tree, both ways.
// KERNEL_INDEX names a folder with a ready index of all of it; without, a part of the tree is indexed.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIndex } from '../../server/src/index/build/build.ts';
import { type IndexReader, openReader } from '../../server/src/index/read/reader.ts';
import { domainOf, sameDomain } from '../../server/src/kernel/domain.ts';
import { type SiteTargets, targetsAt } from '../../server/src/resolve/dispatch/targets.ts';
import { callersOf } from '../../server/src/resolve/graph/callers.ts';
import { type GraphEdge, openGraph } from '../../server/src/resolve/graph/nodes.ts';
import { type Definition, definitionOf, FUNCTION_KINDS } from '../../server/src/resolve/names/scope.ts';
import { workerScript } from '../unit/index/tree.ts';
import { randomNumbers } from '../unit/support/oneView.ts';

const TREE = realpathSync(process.env.KERNEL_TREE as string);
const READY = process.env.KERNEL_INDEX;
const SITES = Number(process.env.KERNEL_PLACES ?? 150);
const SEED = Number(process.env.KERNEL_SEED ?? 1);
const PART = [
  'include/',
  'mm/',
  'kernel/',
  'lib/',
  'fs/ext4/',
  'ipc/',
  'drivers/tty/serial/',
  'net/core/',
  'arch/x86/',
];

let storage: string;
let index: IndexReader;

beforeAll(async () => {
  storage = READY ?? mkdtempSync(join(tmpdir(), 'kerntrail-kernel-'));
  const options = { root: TREE, storage, architecture: 'x86', workerScript: await workerScript() };
  const wanted = (path: string) => PART.some((p) => path.startsWith(p) || (path.endsWith('/') && p.startsWith(path)));
  if (!READY) await buildIndex({ ...options, exclude: (path) => !wanted(path) });
  index = openReader(storage, TREE, 'x86') as IndexReader;
});
afterAll(async () => {
  await index?.close();
  if (!READY) rmSync(storage, { recursive: true, force: true });
});

const random = randomNumbers(SEED);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
/** The kernel as x86 has it: what other architectures do is out of sight from there. */
const isSeen = (path: string) => sameDomain('kernel/*', domainOf(path), 'x86');
const world = () => ({ index, architecture: 'x86' });

const callersIn = (definition: Definition): GraphEdge[] =>
  callersOf(openGraph(world()), { kind: 'function', definition }).filter(
    (e) => e.kind === 'dispatch' || e.kind === 'pointer',
  );

const targetsOf = (file: string, line: number, column: number): SiteTargets[] => {
  const facts = index.facts(file);
  return facts ? targetsAt(world(), facts, line, column) : [];
};

const text = (d: Definition, at: { file: string; line: number }) =>
  `${d.name} (${d.file}:${d.line}) at ${at.file}:${at.line}`;

test('what a call may run has that call among its callers', () => {
  const files = [...index.files()].map((f) => f.path).filter((p) => /\.[ch]$/.test(p) && isSeen(p));
  const wrong: string[] = [];
  let asked = 0;
  while (asked < SITES) {
    const path = pick(files);
    const sites = index.facts(path)?.sites ?? [];
    if (sites.length === 0) continue;
    const { line, column } = pick(sites);
    for (const site of targetsOf(path, line, column)) {
      // where the struct is not known, what is told is a guess of the site's own
      const sure = site.targets.filter((t) => t.evidence !== 'name' && t.evidence !== 'signature');
      if (sure.length === 0) continue;
      asked++;
      for (const { definition } of [sure[0], pick(sure)])
        if (
          isSeen(definition.file) &&
          !callersIn(definition).some((e) => e.place.file === path && e.place.line === line)
        )
          wrong.push(text(definition, { file: path, line }));
    }
  }
  expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(asked / 100);
});

test('what calls a function by a pointer has it among its targets', () => {
  const files = [...index.files()].map((f) => f.path).filter((p) => p.endsWith('.c') && isSeen(p));
  const wrong: string[] = [];
  let asked = 0;
  while (asked < SITES) {
    const path = pick(files);
    const functions = index.facts(path)?.functions ?? [];
    if (functions.length === 0) continue;
    const { name } = pick(functions);
    const posting = index.names(name).find((p) => FUNCTION_KINDS.includes(p.kind) && index.pathOf(p.file) === path);
    const definition = posting && definitionOf(name, posting, path);
    const callers = definition ? callersIn(definition) : [];
    if (!definition || callers.length === 0) continue;
    asked++;
    const { place } = pick(callers);
    const found = targetsOf(place.file, place.line, 0).flatMap((s) => s.targets);
    if (!found.some((t) => t.definition.file === path && t.definition.line === definition.line))
      wrong.push(text(definition, place));
  }
  expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(asked / 100);
});
