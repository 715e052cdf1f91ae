/**
 * #defines of plain values (`#define EXT4_SUPER_MAGIC 0xEF53`). They say nothing of functions, and are more than all other
 * names of a tree (millions of registers): the index knows the files that hold the word, and those are read for them.
 */
import { NameKind } from '../../index/store/postings.ts';
import { readTreeText } from '../../index/treeFiles.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { commonness } from '../../kernel/layout.ts';
import { nearnessTo } from '../../kernel/proximity.ts';
import type { World } from '../world.ts';
import { sightOf } from './includes.ts';
import type { Definition } from './scope.ts';

/** Is a definition one of those that are read from the text? */
export const isConstant = ({ kind, index }: Definition): boolean => kind === NameKind.Macro && index < 0;

/** Files that are read for one name: a question waits for them. */
const MOST_FILES = 200;

/**
 * The #defines of a name that a file sees: its own, and those of what it #includes, the nearest first. `own` is the file's
 * text, a byte a character. Reads files; for what someone points at, not for the hundred names of a body.
 */
export function constantsFrom(world: World, name: string, from: string, own: string): Definition[] {
  const sees = sightOf(world, from);
  const paths = [from, ...filesOf(world, name, from).filter((path) => path !== from && sees(path))];
  return paths
    .slice(0, MOST_FILES)
    .flatMap((path) => definesIn(path === from ? own : readTreeText(world.index.root, path, 'latin1'), name, path));
}

/** The #defines of a name in the kernel of the architecture in view, in some files alone, headers that everybody includes first. */
export const constantsNamed = (world: World, name: string, isWanted: (path: string) => boolean): Definition[] =>
  filesOf(world, name, '')
    .filter(isWanted)
    .slice(0, MOST_FILES)
    .flatMap((path) => definesIn(readTreeText(world.index.root, path, 'latin1'), name, path));

/** Files of the same program that hold a word, the nearest to a file first, headers before others. */
function filesOf({ index, architecture }: World, name: string, from: string): string[] {
  // until then any name may be missing, and each would be looked for in files
  if (!index.isWhole()) return [];
  const near = nearnessTo(from);
  const domain = domainOf(from);
  const rank = (path: string): number => 10 * near(path) - commonness(path) + (path.endsWith('.h') ? 5 : 0);
  return [...new Set(index.filesOfWord(name).map(({ file }) => index.pathOf(file)))]
    .filter((path) => sameDomain(domain, domainOf(path), architecture))
    .map((path) => ({ path, rank: rank(path) }))
    .sort((a, b) => b.rank - a.rank || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}

/** Where a text #defines a name, as an object-like macro. */
function definesIn(text: string | null, name: string, file: string): Definition[] {
  if (text === null || !/^\w+$/.test(name)) return [];
  return [...text.matchAll(new RegExp(`^([ \\t]*#[ \\t]*define[ \\t]+)${name}(?![\\w(])`, 'gm'))].map((m) => ({
    name,
    kind: NameKind.Macro,
    file,
    line: lineAt(text, m.index),
    column: m[1].length + 1,
    static: false,
    macro: false,
    index: -1,
  }));
}

/** The line (1-based) of an offset. */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
