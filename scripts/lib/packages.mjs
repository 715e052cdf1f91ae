// @ts-check
// Which npm packages Kerntrail has at run time, as package-lock.json tells.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

/**
 * @typedef {object} LockEntry
 * @property {string} version
 * @property {string} [license]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {boolean} [dev]
 */

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} version
 * @property {string} [license] as its package.json names it
 * @property {string} path below the root: node_modules/…
 * @property {boolean} present whether it is installed here (some are for another platform)
 */

/** What the bundles load from node_modules: natives, and wasm next to its loader. */
export const EXTERNAL_PACKAGES = ['lmdb', 'msgpackr', 'tree-sitter', 'tree-sitter-c', 'web-tree-sitter'];

/** All direct dependencies, optional ones too. @returns {string[]} */
export function directDependencies() {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
}

/**
 * The named packages and all they need, sorted by path.
 * @param {readonly string[]} names
 * @returns {Package[]}
 */
export function withDependencies(names) {
  /** @type {Record<string, LockEntry>} */
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  /** @type {Map<string, Package>} */
  const found = new Map();
  // As Node looks for a package: in the folder's own node_modules first, then further out.
  const locate = (/** @type {string} */ name, /** @type {string} */ from) => {
    for (let folder = from; ; ) {
      const path = `${folder ? `${folder}/` : ''}node_modules/${name}`;
      if (lock[path]) return path;
      if (!folder) return undefined;
      const outer = folder.lastIndexOf('/node_modules/');
      folder = outer < 0 ? '' : folder.slice(0, outer);
    }
  };
  const visit = (/** @type {string} */ name, /** @type {string} */ from) => {
    const path = locate(name, from);
    if (!path || found.has(path)) return;
    const { version, license, dependencies, optionalDependencies } = lock[path];
    found.set(path, { name, version, license, path, present: existsSync(join(ROOT, path)) });
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) visit(needed, path);
  };
  for (const name of names) visit(name, '');
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
