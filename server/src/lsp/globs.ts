/** Globs of the setting kerntrail.index.exclude. */

/** A test for paths relative to the tree; folders come with a slash at their end. `**` crosses folders, `*` doesn't. */
export function excluder(globs: readonly string[]): (path: string) => boolean {
  const tests = globs.filter(Boolean).map(globExpression);
  return (path) => tests.some((t) => t.test(path));
}

function globExpression(glob: string): RegExp {
  const text = glob.replace(/^\.?\//, '').replace(/\/$/, '/**');
  const source = text.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (c) => {
    if (c === '**/') return '(?:.*/)?';
    if (c === '**') return '.*';
    if (c === '*') return '[^/]*';
    return c === '?' ? '[^/]' : `\\${c}`;
  });
  return new RegExp(`^${source}$`);
}
