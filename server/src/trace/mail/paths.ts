/**
 * The files that a diff names: git's prefixes (`a/`, `b/`, and `i/`, `w/`, `c/`, `o/` with diff.mnemonicPrefix, on either
 * side), names of whole trees before them, suffixes that keep an old file apart, none of all that.
 */

/** Paths of one file before and after; null for /dev/null. */
export interface PathPair {
  oldPath: string | null;
  newPath: string | null;
}

const PREFIX = /^[abciow12]\/(?=.)/;
/** `linux-6.16/`, `linux-2.6.orig/`: the kernel's own tree has no such folder */
const TREE = /^(?:linux|kernel)[-_.][^/]{1,80}\/(?=.)|^linux\/(?=.)/;
/** what GNU diff and others print behind a name that has no tab */
const STAMP = /\s+(?:\d{4}-\d\d-\d\d[ T]\d\d:|[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:).*$/;

/** A path as printed behind `---` and `+++`, without time stamp and quotes; null for /dev/null. */
function printedPath(text: string): string | null {
  let path = text.split('\t')[0].replace(STAMP, '').trim();
  if (path.startsWith('"') && path.endsWith('"') && path.length > 1) path = path.slice(1, -1);
  return /^(?:a\/|b\/)?\/?dev\/null$/.test(path) ? null : path.replace(/^(?:\.\/)+/, '');
}

const withoutPrefix = (path: string | null): string | null => path?.replace(PREFIX, '').replace(TREE, '') ?? null;

/** The files of a `--- old` and `+++ new` pair, by what stands behind the marks. */
export function pairOf(oldText: string, newText: string): PathPair {
  const printed = { old: printedPath(oldText), new: printedPath(newText) };
  const oldPath = withoutPrefix(printed.old);
  const newPath = withoutPrefix(printed.new);
  if (oldPath === null || newPath === null || oldPath === newPath) return { oldPath, newPath };
  // mm/slub.c~one, floppy.c.vanilla: the old file, kept beside the new one
  if (isKept(oldPath, newPath)) return { oldPath: newPath, newPath };
  if (isKept(newPath, oldPath)) return { oldPath, newPath: oldPath };
  // two trees of any names: what they share behind the first folder
  const oldRest = oldPath.slice(oldPath.indexOf('/') + 1);
  const newRest = newPath.slice(newPath.indexOf('/') + 1);
  const isTwoTrees =
    oldPath.includes('/') && newPath.includes('/') && (oldRest === newRest || isKept(oldRest, newRest));
  return isTwoTrees ? { oldPath: newRest, newPath: newRest } : { oldPath, newPath };
}

const isKept = (kept: string, path: string): boolean =>
  kept.startsWith(path) &&
  /^(?:~[^/]*|[.-](?:orig|old|vanilla|bak|backup|org|save|base|prev|unpatched|before|new|patched|\d+)[^/]*)$/i.test(
    kept.slice(path.length),
  );

/** `a/x b/y` behind `diff --git`: halves that agree, else what stands before the second prefix. */
export function gitPaths(rest: string): PathPair {
  const text = rest.trim();
  const middle = (text.length - 1) / 2;
  const halves = [text.slice(0, middle), text.slice(middle + 1)];
  if (Number.isInteger(middle) && halves[0].replace(PREFIX, '') === halves[1].replace(PREFIX, ''))
    return pairOf(halves[0], halves[1]);
  const split = text.search(/ [abciow12]\//);
  if (split > 0) return pairOf(text.slice(0, split), text.slice(split + 1));
  const space = text.lastIndexOf(' ');
  return pairOf(text.slice(0, Math.max(0, space)), text.slice(space + 1));
}
