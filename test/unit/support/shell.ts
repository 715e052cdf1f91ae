/** Kerntrail as a shell runs it: a process of its own, its exit code as `$?` has it, with a terminal or without. */
import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { bundles } from './bundles.ts';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** The bundled command. */
export const script = (): string => join(bundles('cli', 'worker'), 'cli.cjs');

/** A word as a shell takes it to the letter. */
export const quoted = (word: string): string => `'${word.replace(/'/g, "'\\''")}'`;

/** The command with its arguments, for a line of a shell. */
export const command = (...args: string[]): string => [process.execPath, script(), ...args].map(quoted).join(' ');

/** Exit code of a process as a shell tells it. */
export const codeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal ? constants.signals[signal] : 0);

const environment = (storage: string) => ({ ...process.env, KERNTRAIL_CACHE: storage });

/** Runs the lines of a shell script. */
export function shell(lines: string, storage: string, cwd: string): Ran {
  const run = spawnSync('sh', ['-c', lines], { encoding: 'utf8', cwd, env: environment(storage) });
  return { code: codeOf(run.status, run.signal), out: run.stdout, err: run.stderr };
}

/** What a terminal gets of a shell script's lines: standard output and errors alike. */
export function terminal(lines: string, storage: string, cwd: string): string {
  const env: NodeJS.ProcessEnv = { ...environment(storage), TERM: 'xterm-256color' };
  delete env.NO_COLOR;
  const run = spawnSync('script', ['-qec', lines, '/dev/null'], { encoding: 'utf8', cwd, env });
  if (run.error) throw run.error;
  // a terminal makes \r\n of \n
  return run.stdout.replace(/\r\n/g, '\n');
}

/** Starts the command; `ended` tells what came of it. */
export function start(args: string[], storage: string, options: SpawnOptions = {}) {
  const child = spawn(process.execPath, [script(), ...args], { ...options, env: environment(storage) });
  let out = '';
  let err = '';
  child.stdout?.on('data', (text: Buffer) => {
    out += text.toString();
  });
  child.stderr?.on('data', (text: Buffer) => {
    err += text.toString();
  });
  const ended = new Promise<Ran>((resolve) =>
    child.on('close', (code, signal) => resolve({ code: codeOf(code, signal), out, err })),
  );
  return { child, ended };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences are what is looked for
const OWN = /\x1b\[(?:[012]|36)m|\x1b\]8;;[!-~]*\x1b\\|\r?\x1b\[K/g;

/** Text without the sequences that Kerntrail itself sends to a terminal. */
export const withoutOwn = (text: string): string => text.replace(OWN, '');

/** Characters that steer a terminal or deceive the eye; none of them ever goes out. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
export const STEERING = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/;
