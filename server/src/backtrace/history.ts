/** What git says of a function that a tree has no more: the commit that took it away, and what that put in its place. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { parsePatch } from '../trace/mail/patch.ts';
import { findTool } from './tools.ts';

/** The commit that took a function out of the tree. */
export interface Removal {
  commit: string;
  subject: string;
  /** functions that the same hunk of the commit defines or calls instead, likeliest first */
  replacements: string[];
}

/** A long history is searched this long, in milliseconds. */
const PATIENCE = 10_000;

/**
 * A tree from elsewhere may bring a configuration and attributes of its own: what they tell git to run, to fetch or to
 * read is overruled here, and by the options below. Of the user's configuration all else counts, safe.directory above all.
 */
const CLOSED = [
  'core.fsmonitor=false',
  `core.hooksPath=${devNull}`,
  'core.pager=',
  'core.askPass=',
  'core.sshCommand=',
  'credential.helper=',
  'diff.external=',
  'diff.submodule=short',
  `diff.orderFile=${devNull}`,
  'log.showSignature=false',
  'log.mailmap=false',
  'protocol.allow=never',
  'protocol.ext.allow=never',
];
const PLAIN = ['--no-ext-diff', '--no-textconv', '--no-show-signature', '--no-notes', '--no-mailmap', '--no-color'];

/** Variables that tell where the user's own configuration is; relative paths would lead into the tree. */
const isUsers = (name: string): boolean =>
  /^GIT_CONFIG_(?:GLOBAL|SYSTEM)$/.test(name) ? isAbsolute(process.env[name] ?? '') : name === 'GIT_CONFIG_NOSYSTEM';

function git(root: string, command: 'log' | 'show', ...args: string[]): string | null {
  const tool = findTool('git', root);
  if (!tool) return null;
  const closed = CLOSED.flatMap((c) => ['-c', c]);
  const options = ['-C', root, '--no-pager', '--literal-pathspecs', ...closed];
  const run = spawnSync(tool.file, [...options, command, ...PLAIN, '--ignore-submodules=all', ...args], {
    cwd: tool.cwd,
    encoding: 'utf8',
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
    env: {
      // the others of git's own lead to other repositories, programs and files
      ...tool.env((name) => name.startsWith('GIT_') && !isUsers(name)),
      GIT_ALLOW_PROTOCOL: '',
      GIT_ATTR_NOSYSTEM: '1',
      GIT_CEILING_DIRECTORIES: dirname(root),
      GIT_NO_LAZY_FETCH: '1',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
    },
  });
  return run.status === 0 ? run.stdout : null;
}

/** The last commit that took a function's name out of a file; null without a history, or where it says nothing. */
export function removalOf(root: string, file: string, name: string): Removal | null {
  if (!/^\w+$/.test(name) || !existsSync(join(root, '.git'))) return null;
  const log = git(root, 'log', '-n1', '--format=%h%x09%s', `-S${name}(`, '--', file);
  const [commit, subject] = log?.split('\n')[0].split('\t') ?? [];
  if (!commit || subject === undefined) return null;
  const diff = git(root, 'show', '--format=', '-U3', commit, '--', file);
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
