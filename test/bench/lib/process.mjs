// @ts-check
// What a program costs: wall time, processor time, and memory, of all its threads and child processes.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Cost
 * @property {number} wall seconds
 * @property {number} cpu seconds, user and system
 * @property {number} peak bytes of memory at once
 * @property {number} code exit code, 128 for a signal
 * @property {string} stdout
 * @property {string} stderr
 */

/** @param {number} pid @param {string} field `VmRSS` or `VmHWM` */
export function memoryOf(pid, field) {
  try {
    const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Number(line[1]) * 1024 : 0;
  } catch {
    return 0;
  }
}

/** A process and all that it started. @param {number} pid @returns {number[]} */
export function family(pid) {
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // it has ended meanwhile
    }
  }
  const all = [pid];
  for (const one of all) all.push(...(children.get(one) ?? []));
  return all;
}

/**
 * Runs a program to its end. Its times come from bash's `time`, which counts every thread and child.
 * @param {string} program @param {string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Cost>}
 */
export function measure(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const script = 'TIMEFORMAT="KERNTRAIL_TIME %R %U %S"; time "$0" "$@"';
    const child = spawn('bash', ['-c', script, program, ...args], {
      cwd: options.cwd,
      env: { ...process.env, LC_ALL: 'C', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    let peak = 0;
    const sample = setInterval(() => {
      const pids = family(child.pid ?? 0).filter((pid) => pid !== child.pid);
      const now = pids.reduce((sum, pid) => sum + memoryOf(pid, 'VmRSS'), 0);
      peak = Math.max(peak, now, ...pids.map((pid) => memoryOf(pid, 'VmHWM')));
    }, 20);
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    child.on('error', (error) => {
      clearInterval(sample);
      reject(error);
    });
    child.on('close', (code) => {
      clearInterval(sample);
      const time = /KERNTRAIL_TIME (\S+) (\S+) (\S+)\n?/.exec(stderr);
      resolve({
        wall: Number(time?.[1] ?? 0),
        cpu: Number(time?.[2] ?? 0) + Number(time?.[3] ?? 0),
        peak,
        code: code ?? 128,
        stdout,
        stderr: stderr.replace(/KERNTRAIL_TIME .*\n?/, ''),
      });
    });
  });
}
