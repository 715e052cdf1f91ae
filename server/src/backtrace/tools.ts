/** Programs of the machine that are asked (git, addr2line): from PATH alone, never from the tree or the current folder. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, relative, sep } from 'node:path';

/** A program, and what it is to be started with. */
export interface Tool {
  file: string;
  /** a folder outside of the tree: some programs load what lies in the current one */
  cwd: string;
  /** the environment, without what `leave` names and with a PATH that leads to no tree either */
  env(leave: (name: string) => boolean): NodeJS.ProcessEnv;
}

const ENDING = process.platform === 'win32' ? '.exe' : '';

/** Finds a program for questions about a tree; null where it isn't installed. */
export function findTool(name: string, root: string): Tool | null {
  // whatever is relative is looked up in the current folder, which may be the tree
  const folders = (process.env.PATH ?? '').split(delimiter).filter((f) => isAbsolute(f) && !isInside(root, f));
  const file = folders.map((f) => join(f, name + ENDING)).find((f) => isProgram(f) && !isInside(root, f));
  if (file === undefined) return null;
  return {
    file,
    cwd: dirname(file),
    env(leave) {
      const kept = Object.entries(process.env).filter(([n]) => n.toUpperCase() !== 'PATH' && !leave(n));
      return { ...Object.fromEntries(kept), PATH: folders.join(delimiter) };
    },
  };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Does a path really lead into the tree? One that leads nowhere does not. */
function isInside(root: string, path: string): boolean {
  try {
    const way = relative(realpathSync.native(root), realpathSync.native(path));
    return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
  } catch {
    return false;
  }
}
