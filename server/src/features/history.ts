/** What git says of a function that a tree has no more: the commit that took it away, and what that put in its place. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parsePatch } from '../trace/patch.ts';

export interface Removal {
  commit: string;
  subject: string;
  /** functions that the same hunk of the commit defines or calls instead, likeliest first */
  replacements: string[];
}

/** A long history is searched this long, in milliseconds. */
const PATIENCE = 10_000;

const git = (root: string, ...args: string[]): string | null => {
  const run = spawnSync('git', ['-C', root, '--no-pager', '-c', 'protocol.allow=never', ...args], {
    encoding: 'utf8',
    timeout: PATIENCE,
    maxBuffer: 1 << 26,
    // a tree from elsewhere may bring a configuration: none of its commands are to run
    env: { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1' },
  });
  return run.status === 0 ? run.stdout : null;
};

/** The last commit that took a function's name out of a file; null without a history, or where it says nothing. */
export function removalOf(root: string, file: string, name: string): Removal | null {
  if (!/^\w+$/.test(name) || !existsSync(join(root, '.git'))) return null;
  const log = git(
    root,
    'log',
    '-n1',
    '--no-ext-diff',
    '--no-textconv',
    '--no-show-signature',
    '--format=%h%x09%s',
    `-S${name}(`,
    '--',
    file,
  );
  const [commit, subject] = log?.split('\n')[0].split('\t') ?? [];
  if (!commit || subject === undefined) return null;
  const diff = git(
    root,
    'show',
    '--no-ext-diff',
    '--no-textconv',
    '--no-show-signature',
    '--format=',
    '-U3',
    commit,
    '--',
    file,
  );
  return { commit, subject, replacements: diff === null ? [] : replacementsIn(diff, name) };
}

/** Functions on added lines of the hunks that take the name away; those at a line's start, definitions, first. */
function replacementsIn(diff: string, name: string): string[] {
  const taken = new RegExp(`\\b${name}\\s*\\(`);
  const defined: string[] = [];
  const used: string[] = [];
  for (const { files } of parsePatch(diff).patches)
    for (const hunk of files.flatMap((f) => f.hunks)) {
      if (!hunk.lines.some((l) => l.kind === 'remove' && taken.test(l.text))) continue;
      for (const l of hunk.lines) {
        if (l.kind !== 'add') continue;
        for (const m of l.text.matchAll(/\b([a-z_]\w*)\s*\(/g)) (/^\w/.test(l.text) ? defined : used).push(m[1]);
      }
    }
  return [...new Set([...defined, ...used])].filter(
    (n) => n !== name && !/^(?:if|for|while|switch|return|sizeof)$/.test(n),
  );
}
