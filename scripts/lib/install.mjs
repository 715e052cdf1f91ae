// @ts-check
// Brings node_modules in line with the lock file; does nothing where it already is.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, ROOT, say, withRetries } from './run.mjs';

/**
 * @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> }} Lock
 */

/** Throws for an old Node before anything obscure can. */
export function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    say(`error: Kerntrail needs Node 20 or later; this is ${process.version}`);
    process.exit(1);
  }
}

/** Whether node_modules holds what package-lock.json says. npm keeps its own note of what it installed. */
export function isInstalled() {
  const note = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  /** @param {string} path @returns {Lock['packages']} */
  const read = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const installed = read(note);
  return Object.entries(read(join(ROOT, 'package-lock.json'))).every(([path, wanted]) => {
    if (path === '') return true;
    const present = installed[path];
    // Optional ones may be for another platform, or failed to compile, which is no reason to install again.
    if (!present) return wanted.optional === true || wanted.devOptional === true;
    return present.version === wanted.version && present.integrity === wanted.integrity;
  });
}

/** Installs the packages where they are missing or stale. */
export async function ensureInstalled() {
  checkNode();
  if (isInstalled()) return;
  say('Installing packages (npm ci)');
  await withRetries('npm ci', () => mustRun('npm', ['ci', '--no-progress'], { stdout: 'stderr' }));
}
