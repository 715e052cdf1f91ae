import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../scripts/lib/run.mjs';

// What CONTRIBUTING.md says of the house and biome can't check: folders, mirrored tests, docstrings, dead exports.
// Sources are read by their lines: the formatter sees to it that a declaration begins its line.

const MOST_FILES = 14;
const UNTESTED_LINES = 60;

/** Files without a test of their own. */
const WITHOUT_TEST: ReadonlySet<string> = new Set([
  // types and names, nothing that could fail
  'server/src/facts/types.ts',
  'server/src/index/build/buildOptions.ts',
  'server/src/index/build/messages.ts',
  'server/src/lsp/protocol.ts',
  'server/src/trace/types.ts',
  // what begins when it is loaded, in a thread or a process of its own: its owner's tests run it (build, server)
  'server/src/index/build/worker.ts',
  'server/src/lsp/indexing/indexer.ts',
]);

// Rooms that other branches put in order: these lists go as they come in.
const TODO_TESTS: ReadonlySet<string> = new Set([
  'client/src/traceModel.ts',
  'client/src/traceView.ts',
  'server/src/backtrace/frameCalls.ts',
  'server/src/backtrace/frameDefinitions.ts',
  'server/src/backtrace/patches/patchEdges.ts',
  'server/src/backtrace/resolvedTrace.ts',
  'server/src/backtrace/routes/routes.ts',
  'server/src/backtrace/successors.ts',
  'server/src/facts/body/expressions.ts',
  'server/src/facts/body/flows.ts',
  'server/src/facts/body/macroCalls.ts',
  'server/src/features/pasted/patchView.ts',
  'server/src/features/pasted/prose.ts',
  'server/src/features/pasted/traceDefinition.ts',
  'server/src/features/pasted/traceFrames.ts',
  'server/src/features/pasted/traceHover.ts',
  'server/src/features/pasted/traceOutline.ts',
  'server/src/features/pasted/traceText.ts',
  'server/src/features/pasted/traceTree.ts',
  'server/src/index/link/flows.ts',
  'server/src/index/read/reader.ts',
  'server/src/index/types/indexTypes.ts',
  'server/src/resolve/cursor/initialiserPath.ts',
  'server/src/resolve/cursor/localScope.ts',
  'server/src/resolve/cursor/signature.ts',
  'server/src/resolve/cursor/textView.ts',
  'server/src/resolve/dispatch/narrow.ts',
  'server/src/resolve/dispatch/pointerValues.ts',
  'server/src/resolve/dispatch/receiverOrigin.ts',
  'server/src/resolve/dump/ops.ts',
  'server/src/resolve/names/events.ts',
  'server/src/resolve/names/functionPlaces.ts',
  'server/src/resolve/names/scope.ts',
  'server/src/resolve/slots/installTests.ts',
  'server/src/resolve/slots/nullFallback.ts',
  'server/src/resolve/slots/tableKeys.ts',
  'server/src/resolve/sourceFiles.ts',
  'server/src/syntax/parameters.ts',
  'server/src/trace/arch.ts',
  'server/src/trace/clean.ts',
  'server/src/trace/formats/debuggers.ts',
  'server/src/trace/formats/frames.ts',
  'server/src/trace/formats/headings.ts',
  'server/src/trace/formats/tracers.ts',
  'server/src/trace/mail/place.ts',
  'server/src/trace/names.ts',
  'server/src/trace/parse.ts',
  'server/src/trace/stacks.ts',
]);
const TODO_DOCSTRINGS: ReadonlySet<string> = new Set([
  'server/src/backtrace/history.ts Removal',
  'server/src/backtrace/patches/patchPlaces.ts ResolvedPatch',
  'server/src/backtrace/patches/patchPlaces.ts ResolvedPatchFile',
  'server/src/backtrace/patches/patchPlaces.ts TouchedFunction',
  'server/src/backtrace/resolvedTrace.ts Confidence',
  'server/src/backtrace/resolvedTrace.ts ResolvedStack',
  'server/src/backtrace/vmlinux/elfSymbols.ts ElfSymbol',
  'server/src/backtrace/vmlinux/vmlinux.ts Exact',
  'server/src/facts/body/body.ts readBody',
  'server/src/facts/body/sites.ts posOf',
  'server/src/facts/body/sites.ts toksOf',
  'server/src/facts/fileFacts.ts emptyFacts',
  'server/src/facts/fileFacts.ts templateIncludes',
  'server/src/facts/kernelDoc.ts RecordDoc',
  'server/src/facts/types.ts EnumeratorFact',
  'server/src/facts/types.ts FieldFact',
  'server/src/facts/types.ts FileFacts',
  'server/src/facts/types.ts ParamFact',
  'server/src/facts/types.ts RecordFact',
  'server/src/facts/types.ts TypedefFact',
  'server/src/facts/values/values.ts ParsedText',
  'server/src/features/pasted/pastedText.ts PastedText',
  'server/src/index/link/flows.ts Flows',
  'server/src/index/link/link.ts NamedPosting',
  'server/src/index/link/link.ts NamedTable',
  'server/src/index/read/direct.ts DirectReader',
  'server/src/index/read/reader.ts IndexReader',
  'server/src/index/types/indexTypes.ts Cache',
  'server/src/index/types/indexTypes.ts StoreReader',
  'server/src/index/types/indexTypes.ts storeReader',
  'server/src/index/types/typeText.ts TypeShape',
  'server/src/index/types/typing.ts FoundField',
  'server/src/index/types/typing.ts RecordAt',
  'server/src/index/types/typing.ts findRecord',
  'server/src/kernel/proximity.ts nearness',
  'server/src/resolve/dispatch/dispatches.ts DispatchAnswer',
  'server/src/resolve/dump/ops.ts OpsRow',
  'server/src/resolve/dump/sites.ts CallRow',
  'server/src/resolve/dump/sites.ts InstallRow',
  'server/src/resolve/dump/sites.ts SiteRow',
  'server/src/resolve/graph/graph.ts EdgeKind',
  'server/src/resolve/graph/graph.ts GraphEdge',
  'server/src/resolve/graph/graph.ts GraphNode',
  'server/src/resolve/graph/graph.ts openGraph',
  'server/src/resolve/graph/paths.ts Chain',
  'server/src/resolve/graph/paths.ts Root',
  'server/src/resolve/graph/paths.ts SearchOptions',
  'server/src/resolve/graph/paths.ts SearchResult',
  'server/src/resolve/names/events.ts TraceEvents',
  'server/src/resolve/names/functionPlaces.ts FunctionAnswer',
  'server/src/resolve/names/scope.ts Definition',
  'server/src/syntax/callbacks.ts newCallbacks',
  'server/src/syntax/conditions.ts Conditions',
  'server/src/syntax/conditions.ts Directive',
  'server/src/syntax/conditions.ts newConditionTracker',
  'server/src/syntax/declarations.ts Declaration',
  'server/src/syntax/declarations.ts Declarator',
  'server/src/syntax/declarations.ts EnumNode',
  'server/src/syntax/declarations.ts Member',
  'server/src/syntax/declarations.ts Param',
  'server/src/syntax/declarations.ts RecordNode',
  'server/src/syntax/declarations.ts isStatementWord',
  'server/src/syntax/declarations.ts isTypeWord',
  'server/src/syntax/declarations.ts readParams',
  'server/src/syntax/macros/expand.ts ExpandOptions',
  'server/src/syntax/macros/expand.ts Expansion',
  'server/src/syntax/macros/macros.ts HeaderMacros',
  'server/src/syntax/macros/macros.ts MacroDefinition',
  'server/src/syntax/macros/macros.ts addHeaderMacros',
  'server/src/syntax/macros/macros.ts newMacroKnowledge',
  'server/src/syntax/macros/macros.ts normalize',
  'server/src/syntax/parseText.ts ParseText',
  'server/src/syntax/parseText.ts addTok',
  'server/src/syntax/parseText.ts newParseText',
  'server/src/syntax/parser.ts CParser',
  'server/src/syntax/parser.ts SyntaxTree',
  'server/src/syntax/source.ts Source',
  'server/src/syntax/statements.ts Statement',
  'server/src/syntax/tokens.ts Tokens',
  'server/src/syntax/tokens.ts tokenText',
  'server/src/trace/mail/patch.ts Hunk',
  'server/src/trace/mail/patch.ts HunkLine',
  'server/src/trace/mail/patch.ts HunkLineKind',
  'server/src/trace/mail/patch.ts PatchFile',
  'server/src/trace/mail/patch.ts PatchMail',
  'server/src/trace/mail/place.ts Placement',
  'server/src/trace/mail/prose.ts Expression',
  'server/src/trace/types.ts Frame',
  'server/src/trace/types.ts Stack',
  'server/src/trace/types.ts StackKind',
  'server/src/trace/types.ts Trace',
]);
const TODO_DEAD: ReadonlySet<string> = new Set([
  'server/src/backtrace/resolvedTrace.ts newTraceContext',
  'server/src/facts/values/values.ts plainText',
  'server/src/features/pasted/patchView.ts placementText',
  'server/src/features/pasted/traceTree.ts mergeStacks',
  'server/src/index/link/flows.ts paramKey',
  'server/src/index/link/link.ts ownTargets',
  'server/src/resolve/cursor/expression.ts castType',
  'server/src/resolve/dump/ops.ts collapseUnion',
  'server/src/resolve/graph/paths.ts findRootsSteps',
  'server/src/resolve/graph/paths.ts rootKind',
  'server/src/syntax/conditions.ts conditionValue',
  'server/src/trace/clean.ts stampEnd',
  'server/src/trace/formats/headings.ts FILE_LINE',
]);

/** Exports that nobody imports, and why they are there. */
const ENTRIES: ReadonlySet<string> = new Set([
  'client/src/extension.ts activate',
  'client/src/extension.ts deactivate',
]);

const sources = filesBelow('server/src', 'client/src');
const texts = new Map(sources.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));

test(`a folder holds ${MOST_FILES} files at the most: then it shows what there is`, () => {
  const count = new Map<string, number>();
  for (const path of sources) count.set(dirname(path), (count.get(dirname(path)) ?? 0) + 1);
  expect([...count].filter(([, n]) => n > MOST_FILES)).toEqual([]);
});

test(`every source of more than ${UNTESTED_LINES} lines has a test in the same place below test/unit/`, () => {
  const without = [...texts]
    .filter(([path, text]) => text.split('\n').length - 1 > UNTESTED_LINES && !existsSync(join(ROOT, mirrored(path))))
    .map(([path]) => path);
  expect(without.filter((path) => !WITHOUT_TEST.has(path) && !TODO_TESTS.has(path))).toEqual([]);
});

test('every exported function and type has a docstring that says more than its name', () => {
  const missing = [...texts].flatMap(([path, text]) =>
    exportsOf(text)
      .filter(({ kind, name, doc }) => kind !== 'value' && !tellsMore(name, doc))
      .map(({ name }) => `${path} ${name}`),
  );
  expect(missing.filter((name) => !TODO_DOCSTRINGS.has(name))).toEqual([]);
});

test('every function that is exported is imported somewhere', () => {
  const imported = importedNames(filesBelow('server/src', 'client/src', 'test', 'scripts'));
  const dead = [...texts].flatMap(([path, text]) =>
    exportsOf(text)
      .filter(({ kind, name }) => kind !== 'type' && !imported.has(`${path} ${name}`))
      .map(({ name }) => `${path} ${name}`),
  );
  expect(dead.filter((name) => !ENTRIES.has(name) && !TODO_DEAD.has(name))).toEqual([]);
});

test('docstrings are found, and weighed', () => {
  const text = [
    '/** Reads a tree. Throws where there is none. */',
    'export function readTree(): void {}',
    'export const bare = (a: string) => a;',
    '/** Not its docstring: a line stands between. */',
    '',
    'export type Lone = string;',
    "export const KIND = 'kind';",
  ].join('\n');
  expect(exportsOf(text)).toEqual([
    { kind: 'function', name: 'readTree', doc: 'Reads a tree. Throws where there is none.' },
    { kind: 'function', name: 'bare', doc: '' },
    { kind: 'type', name: 'Lone', doc: '' },
    { kind: 'value', name: 'KIND', doc: '' },
  ]);
  expect(tellsMore('readTree', 'Reads a tree.')).toBe(false);
  expect(tellsMore('readTree', 'Reads a tree. Throws where there is none.')).toBe(true);
});

interface Export {
  kind: 'function' | 'type' | 'value';
  name: string;
  doc: string;
}

/** What a source exports, in its order. */
function exportsOf(text: string): Export[] {
  const out: Export[] = [];
  const declaration =
    /^(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?(?:\/\/ biome-ignore .*\n)?export (?:async )?(?:abstract )?(function\*?|const|class|interface|type) (\w+)/gm;
  for (const found of text.matchAll(declaration)) {
    const [all, doc = '', keyword, name] = found;
    const rest = text.slice(found.index + all.length, found.index + all.length + 400);
    const isArrow =
      /^(?::[^=;]*=>[^=;]*)?(?::[^=;]*)? =\s*(?:async )?(?:<[^>]*>)?(?:\(|\w+ =>)/.test(rest) && /=>/.test(rest);
    out.push({
      kind:
        keyword === 'interface' || keyword === 'type' ? 'type' : keyword === 'const' && !isArrow ? 'value' : 'function',
      name,
      doc: doc
        .split('\n')
        .map((line) => line.replace(/^\s*\*?\s*/, '').trimEnd())
        .join(' ')
        .trim(),
    });
  }
  return out;
}

/** Has a docstring a word that the name doesn't hold already? */
function tellsMore(name: string, doc: string): boolean {
  const stem = (word: string): string => word.toLowerCase().slice(0, 4);
  const said = new Set(name.split(/(?=[A-Z])|_/).map(stem));
  const words = (doc.match(/[A-Za-z]{3,}/g) ?? []).filter(
    (word) => !/^(?:the|and|its|for|all|that|this|with|from)$/i.test(word),
  );
  return words.some((word) => !said.has(stem(word)));
}

/** `path name` of all that is imported by name from a file of the repository. */
function importedNames(paths: readonly string[]): Set<string> {
  const out = new Set<string>();
  const add = (from: string, specifier: string, name: string): void => {
    if (specifier.startsWith('.')) out.add(`${normalize(join(dirname(from), specifier))} ${name}`);
  };
  for (const path of paths) {
    const text = texts.get(path) ?? readFileSync(join(ROOT, path), 'utf8');
    for (const [, names, specifier] of text.matchAll(/(?:import|export) (?:type )?\{([^}]*)\} from '([^']+)'/g))
      for (const name of names.split(',')) add(path, specifier, (/^\s*(?:type )?(\w+)/.exec(name) ?? ['', ''])[1]);
    for (const [, whole, specifier] of text.matchAll(/import \* as (\w+) from '([^']+)'/g))
      for (const [, name] of text.matchAll(new RegExp(`\\b${whole}\\.(\\w+)`, 'g'))) add(path, specifier, name);
  }
  return out;
}

/** `server/src/index/tree.ts` -> `test/unit/index/tree.test.ts`; the client's are in test/unit/client/. */
const mirrored = (path: string): string =>
  path
    .replace(/^server\/src\//, 'test/unit/')
    .replace(/^client\/src\//, 'test/unit/client/')
    .replace(/\.ts$/, '.test.ts');

function filesBelow(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:ts|mjs)$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      .filter((path) => !path.includes('node_modules')),
  );
}
