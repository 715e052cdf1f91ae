// @ts-check
// Small process helpers for the scripts here. No dependencies: they run before node_modules exists.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Git-ignored folder for what takes long to make: kernel tree, VS Code host. */
export const CACHE = join(ROOT, '.cache');

/** An error whose message is meant for the reader of the terminal; shown without a stack. */
export class UserError extends Error {}

/**
 * Progress goes to stderr, so that stdout stays a script's answer.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * The environment for a child: without what npm adds for the script it is running, since that would
 * reach a nested npm working in another folder.
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnv() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle)_|^npm_config_local_prefix$|^INIT_CWD$/.test(name),
  );
  return Object.fromEntries(kept);
}

/**
 * Runs a program to its end and gives its exit code (128 for a signal); its output is shown.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdout?: 'show' | 'stderr' | 'hide' }} [options]
 * @returns {Promise<number>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? ROOT,
      env: options.env ?? cleanEnv(),
      stdio: ['ignore', options.stdout === 'stderr' ? 2 : options.stdout === 'hide' ? 'ignore' : 'inherit', 'inherit'],
      shell: process.platform === 'win32' && /^(npm|npx)$/.test(program),
    });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 128));
  });
}

/**
 * Like run, but a failure is an error that names the command.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdout?: 'show' | 'stderr' | 'hide' }} [options]
 * @returns {Promise<void>}
 */
export async function mustRun(program, args, options = {}) {
  const code = await run(program, args, options).catch((error) => {
    throw new UserError(`Cannot run ${program}: ${error.message}`);
  });
  if (code !== 0) throw new UserError(`"${[program, ...args].join(' ')}" ended with code ${code}`);
}

/**
 * Runs a step that depends on the network again when it fails: mirrors and package locks are busy at times.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} step
 * @param {{ times?: number, pauseMs?: number }} [options]
 * @returns {Promise<T>}
 */
export async function withRetries(what, step, { times = 4, pauseMs = 10_000 } = {}) {
  for (let turn = 1; ; turn++) {
    try {
      return await step();
    } catch (error) {
      if (turn >= times) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      say(`${what}: ${reason}. Trying again in ${Math.round((pauseMs * turn) / 1000)} s (${turn + 1} of ${times})`);
      await new Promise((done) => setTimeout(done, pauseMs * turn));
    }
  }
}

/**
 * Where a program is on PATH, or undefined.
 * @param {string} program
 * @returns {string | undefined}
 */
export function which(program) {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, program + ending);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // not in this folder
      }
    }
  }
  return undefined;
}

/**
 * A script's main: errors for the reader are printed without a stack, and set the exit code.
 * @param {() => Promise<void>} body
 */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`error: ${error.message}`);
    process.exitCode = 1;
  }
}
