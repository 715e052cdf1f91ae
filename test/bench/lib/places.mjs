// @ts-check
// Where a reader of a kernel would ask: slots, functions and tables in the initialisers of well-known folders.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Place
 * @property {string} path
 * @property {import('./lspClient.mjs').Position} position
 * @property {'slot' | 'function' | 'table'} kind
 * @property {string} word
 */

const FOLDERS = [
  'fs',
  'mm',
  'ipc',
  'fs/ext4',
  'fs/xfs',
  'fs/btrfs',
  'fs/nfs',
  'fs/proc',
  'net/ipv4',
  'net/core',
  'block',
  'drivers/char',
  'drivers/tty',
  'drivers/net',
  'drivers/usb/core',
  'sound/core',
  'kernel/sched',
  'kernel/trace',
];

const SLOT = /^(\s+\.)(\w+)(\s*=\s*&?)([a-z_]\w*),?\s*$/;
const TABLE = /^(?:static\s+)?(?:const\s+)?struct\s+\w+_operations\s+(\w+)\s*=\s*\{/;

/**
 * A few hundred places, spread over the folders; the same ones in every run on one tree.
 * @param {string} tree @param {number} count @returns {Place[]}
 */
export function findPlaces(tree, count) {
  /** @type {Place[][]} */
  const perFolder = [];
  for (const folder of FOLDERS) {
    /** @type {Place[]} */
    const places = [];
    let files = 0;
    for (const name of listing(join(tree, folder))) {
      if (!name.endsWith('.c') || files > 12) continue;
      const path = `${folder}/${name}`;
      const before = places.length;
      readFileSync(join(tree, path), 'latin1')
        .split('\n')
        .forEach((text, line) => {
          const slot = SLOT.exec(text);
          if (slot) {
            const column = slot[1].length;
            places.push({ path, position: { line, character: column + 1 }, kind: 'slot', word: slot[2] });
            const at = column + slot[2].length + slot[3].length;
            places.push({ path, position: { line, character: at + 1 }, kind: 'function', word: slot[4] });
          }
          const table = TABLE.exec(text);
          if (table)
            places.push({
              path,
              position: { line, character: text.indexOf(table[1]) + 1 },
              kind: 'table',
              word: table[1],
            });
        });
      if (places.length > before) files++;
    }
    if (places.length) perFolder.push(places);
  }
  /** @type {Place[]} */
  const chosen = [];
  const share = Math.ceil(count / Math.max(1, perFolder.length));
  for (const places of perFolder) {
    const step = Math.max(1, places.length / share);
    for (let i = 0; i < places.length && chosen.length < count; i += step) chosen.push(places[Math.floor(i)]);
  }
  return chosen;
}

/** @param {string} folder */
function listing(folder) {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The first place of a word in a file, or null. @param {string} tree @param {string} path @param {RegExp} pattern with one group @returns {import('./lspClient.mjs').Position | null} */
export function placeOf(tree, path, pattern) {
  let text;
  try {
    text = readFileSync(join(tree, path), 'latin1').split('\n');
  } catch {
    return null;
  }
  for (let line = 0; line < text.length; line++) {
    const found = pattern.exec(text[line]);
    if (found) return { line, character: found.index + found[0].indexOf(found[1]) + 1 };
  }
  return null;
}

/** Queries as they are typed into a symbol search. */
export const QUERIES = [
  'ext4_file',
  'vmops',
  'ext4_file_vm_ops',
  'filemap_fault',
  'tcp',
  'tcpsend',
  'netdevops',
  'sys_read',
  'vm_operations_struct',
  'kmalloc',
  'schedclass',
  'irq_handler',
  'drm',
  'usbprobe',
  'xfsread',
  'pgfault',
  'i915gem',
  'rcu_read',
  'blkmq',
  'handle_mm_fault',
].flatMap((query) => [query.slice(0, 2), query.slice(0, 4), query]);
