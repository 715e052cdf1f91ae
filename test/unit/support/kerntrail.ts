/** The bundled command in a tree, as a process of its own; what it prints as rows. */
import { spawnSync } from 'node:child_process';
import { script } from './shell.ts';

/** Runs the command in a tree, with its index; `input` is what it reads from standard input. */
export function kerntrailIn({ root, storage }: { root: string; storage: string }, args: readonly string[], input = '') {
  const run = spawnSync(process.execPath, [script(), ...args], {
    encoding: 'utf8',
    cwd: root,
    env: { ...process.env, KERNTRAIL_CACHE: storage },
    input,
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** JSON Lines as objects. */
export const rowsOf = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
