/** The kernel tree on disk: what is one, which files it has, what they say of its release. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTreeText } from './treeFiles.ts';

export class TreeError extends Error {}

export interface TreeInfo {
  /** absolute path */
  root: string;
  /** `6.1.192`, or null where the Makefile doesn't tell */
  release: string | null;
  architectures: string[];
}

/**
 * Looks at a folder. Throws a TreeError that says what to do where it is no kernel tree (or part of one that has
 * neither Makefile nor Kbuild).
 */
export function readTree(root: string): TreeInfo {
  let isFolder = false;
  try {
    isFolder = statSync(root).isDirectory();
  } catch {
    throw new TreeError(`${root}: no such folder. Give the top folder of a kernel tree with --tree.`);
  }
  if (!isFolder) throw new TreeError(`${root} is a file. Give the top folder of a kernel tree with --tree.`);
  const makefile = readTreeText(root, 'Makefile', 'latin1') ?? '';
  const number = (name: string) => new RegExp(`^${name}[ \\t]*=[ \\t]*(.*)$`, 'm').exec(makefile)?.[1].trim() ?? '';
  const version = number('VERSION');
  const hasInclude = exists(join(root, 'include/linux'));
  if (!version || !hasInclude)
    throw new TreeError(
      `${root} does not look like a kernel tree (no VERSION in its Makefile, or no include/linux). Give the tree's top folder with --tree.`,
    );
  const patch = number('PATCHLEVEL');
  const sub = number('SUBLEVEL');
  let architectures: string[] = [];
  try {
    architectures = readdirSync(join(root, 'arch'), { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .map((e) => e.name)
      .sort();
  } catch {
    architectures = [];
  }
  return { root, release: [version, patch, sub].filter(Boolean).join('.') + number('EXTRAVERSION'), architectures };
}

export function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

export const isSourceFile = (name: string) => name.endsWith('.c') || name.endsWith('.h') || name.endsWith('.S');

/** Every C, header and assembly file of the tree, relative, sorted. Symbolic links are not followed. */
export function listFiles(root: string, exclude: (path: string) => boolean = () => false): string[] {
  const out: string[] = [];
  const visit = (folder: string) => {
    let entries: import('node:fs').Dirent[];
    try {
      entries = readdirSync(folder ? join(root, folder) : root, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && entry.name !== 'node_modules' && !exclude(`${path}/`)) visit(path);
      } else if (entry.isFile() && isSourceFile(entry.name) && !exclude(path)) out.push(path);
    }
  };
  visit('');
  return out.sort();
}
