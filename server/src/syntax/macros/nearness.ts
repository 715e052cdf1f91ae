/** Which of several definitions of one name a file means. */

import { architectureOf, domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { isForModules } from '../../kernel/idioms.ts';
import { isGlobalHeader, isUniprocessor, moduleOf } from '../../kernel/layout.ts';
import type { Home, MacroDefinition } from './definitions.ts';
import { candidatesOf, includeCandidates, type MacroKnowledge } from './knowledge.ts';

const homes = new Map<string, Home>();

/** Where a file stands, as far as its macros' nearness goes; remembered. */
export function homeOf(file: string): Home {
  let home = homes.get(file);
  if (!home) {
    if (homes.size > 100_000) homes.clear();
    home = { folder: folderOf(file), domain: domainOf(file), global: isGlobalHeader(file) };
    homes.set(file, home);
  }
  return home;
}

/** The headers a file sees through its own and their `"…"` includes, outside the global include folders. */
export function localIncludes(knowledge: MacroKnowledge, file: string, includes: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const queue: [string, readonly string[]][] = [[file, includes]];
  for (const [from, names] of queue) {
    for (const name of names) {
      // `<…>` leads to the global folders, which every file sees; from a module also to its own
      if (!name.startsWith('"') && !moduleOf(from)) continue;
      const path = candidatesOf(knowledge, from, name).find((p) => knowledge.includesOf.has(p));
      if (!path || seen.has(path) || isGlobalHeader(path) || queue.length > 400) continue;
      seen.add(path);
      queue.push([path, knowledge.includesOf.get(path) ?? []]);
    }
  }
  return seen;
}

/** `asm/x.h` of a header of asm-generic, `include/uapi/asm-generic/x.h` included; null of any other. */
const genericName = (path: string): string | null => /^include\/(?:uapi\/)?asm-generic\/(.+)$/.exec(path)?.[1] ?? null;

/** Headers of asm-generic in whose place an architecture has its own, which does not lead to them. */
function findReplaced(knowledge: MacroKnowledge, architecture: string): Set<string> {
  const { includesOf } = knowledge;
  const resolve = (from: string, include: string): string | undefined =>
    includeCandidates(from, include, architecture).find((p) => includesOf.has(p));
  const replaced = new Set<string>();
  const queue: string[] = [];
  for (const path of includesOf.keys()) {
    const name = genericName(path);
    if (name === null) {
      if (homeOf(path).global && sameDomain('kernel/*', homeOf(path).domain, architecture)) queue.push(path);
    } else if (genericName(resolve(path, `<asm/${name}>`) ?? '') === null) replaced.add(path);
    else queue.push(path);
  }
  // a header's own way to the generic one: `#include <asm-generic/x.h>` behind what differs
  for (const from of queue)
    for (const include of includesOf.get(from) ?? []) {
      const path = /^<asm(?:-generic)?\//.test(include) ? resolve(from, include) : undefined;
      if (path !== undefined && replaced.delete(path)) queue.push(path);
    }
  return replaced;
}

/** Is a header one of asm-generic that code of a domain never sees, as its architecture has its own? */
function isReplaced(knowledge: MacroKnowledge, domain: string, path: string): boolean {
  if (genericName(path) === null) return false;
  const architecture = architectureOf(domain) ?? knowledge.architecture;
  let replaced = knowledge.replaced.get(architecture);
  if (!replaced) {
    replaced = findReplaced(knowledge, architecture);
    knowledge.replaced.set(architecture, replaced);
  }
  return replaced.has(path);
}

/** How near a definition is to the file that uses it; 0: out of sight. `local`: in a header that the file includes. */
export function nearness(
  knowledge: MacroKnowledge,
  own: Home,
  macro: MacroDefinition,
  home: Home,
  local: boolean,
): number {
  if (local) return 8;
  if (home.global) {
    if (!sameDomain(own.domain, home.domain, knowledge.architecture)) return 0;
    if (isReplaced(knowledge, own.domain, macro.file)) return 0;
    return macro.file.startsWith('arch/') ? 6 : macro.file.startsWith('include/linux/') ? 5 : 4;
  }
  if (home.folder === own.folder) return 3;
  return own.domain === home.domain && !own.domain.startsWith('kernel/') ? 2 : 0;
}

/** What one domain sees of the global headers: the same for all its files. */
export function globalsOf(knowledge: MacroKnowledge, domain: string): Map<string, MacroDefinition | null> {
  let globals = knowledge.globals.get(domain);
  if (!globals) {
    globals = new Map();
    knowledge.globals.set(domain, globals);
  }
  return globals;
}

/**
 * Which of several definitions of one name the parser learns most from, 0 to 3: one with a body, and not an asm one; of
 * equals, one that holds for what is built in, on several processors.
 */
export function informative(macro: MacroDefinition): number {
  // `__exit_p(x)` is x in modules, and NULL in what is built in
  if (macro.body.length < 3) return macro.body === '' ? 1 : 3;
  const rare = isForModules(macro.condition) || isUniprocessor(macro.file) ? 0.5 : 0;
  return (/\basm\b|__asm__/.test(macro.body) ? 2 : 3) - rare;
}
