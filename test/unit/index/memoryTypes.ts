/** What linking asks of other files, from facts in memory. */
import type { FileFacts } from '../../../server/src/facts/types.ts';
import { includedNames } from '../../../server/src/index/types/nearest.ts';
import type { TypeSource } from '../../../server/src/index/types/source.ts';

export function memoryTypes(files: readonly FileFacts[], architecture = 'x86'): TypeSource {
  const all = <T>(pick: (facts: FileFacts) => T[]): T[] => files.flatMap(pick);
  return {
    architecture,
    memo: null,
    recordsByTag: (tag) =>
      all((f) => f.records.filter((r) => r.tag === tag).map((record) => ({ record, file: f.path }))),
    recordAt: (file, n) => files.find((f) => f.path === file)?.records[n] ?? null,
    typedefs: (name) =>
      all((f) => f.typedefs.filter((t) => t.name === name).map((t) => ({ text: t.type, file: f.path }))),
    variables: (name) =>
      all((f) =>
        [
          ...f.variables.filter((v) => v.name === name && !v.function),
          ...f.declarations.filter((d) => d.name === name && !d.function),
        ].map((v) => ({ text: v.type, file: f.path })),
      ),
    returns: (name) =>
      all((f) => f.functions.filter((d) => d.name === name).map((d) => ({ text: d.returnType, file: f.path }))),
    includes: (path) => includedNames(files.find((f) => f.path === path)?.includes ?? []),
  };
}
