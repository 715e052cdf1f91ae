/** A tree that someone made to hang or to mislead its reader, and the server as a process of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { URI } from 'vscode-uri';
import { bundles } from './bundles.ts';

/** What a path may turn out to be. A device needs root: then it is one, else nothing is there. */
export const TRAPS: Record<string, (place: string, elsewhere: string) => void> = {
  pipe: (place) => void spawnSync('mkfifo', [place]),
  zero: (place) => symlinkSync('/dev/zero', place),
  secret: (place, elsewhere) => symlinkSync(join(elsewhere, 'secret.c'), place),
  outside: (place, elsewhere) => symlinkSync(elsewhere, place),
  loop: (place) => symlinkSync(place, place),
  nowhere: (place) => symlinkSync('/no/such/place', place),
  folder: (place) => void mkdirSync(place),
  device: (place) => void spawnSync('mknod', [place, 'c', '1', '5']),
};

/** Line by line what lies outside of the trees; a reader that knows any of it has left them. */
export const SECRET = 'int secret_function(int n)\n{\n\tint password = 4711;\n\treturn n + password;\n}\n';

/** A patch whose context is that of the secret, for a path of the tree. */
export const patchOf = (path: string): string =>
  `Subject: [PATCH] x\n\n--- a/${path}\n+++ b/${path}\n@@ -1,5 +1,5 @@ int secret_function(int n)\n int secret_function(int n)\n {\n \tint password = 4711;\n-\treturn n + password;\n+\treturn n;\n }\n`;

/** Lays every trap into the folder fs/ of a tree, as sources, headers and Makefiles, and a source that walks into them. */
export function layTraps(root: string): { elsewhere: string; paths: string[] } {
  const elsewhere = join(root, '..', 'elsewhere');
  mkdirSync(elsewhere);
  for (const name of ['secret.c', 'secret.h', 'Makefile']) writeFileSync(join(elsewhere, name), SECRET);
  const paths: string[] = [];
  for (const [name, lay] of Object.entries(TRAPS))
    for (const ending of ['c', 'h', 'S']) {
      paths.push(`fs/${name}.${ending}`);
      lay(join(root, 'fs', `${name}.${ending}`), elsewhere);
    }
  TRAPS.pipe(join(root, 'fs', 'Makefile'), elsewhere);
  TRAPS.zero(join(root, 'mm', 'Makefile'), elsewhere);
  TRAPS.outside(join(root, 'fs', 'out'), elsewhere);
  const includes = [...paths, 'out/secret.h'].map((p) => `#include "${p.replace('fs/', '')}"\n`).join('');
  writeFileSync(join(root, 'fs', 'walker.c'), `#include <../../../../../../../dev/zero>\n${includes}${WALKER}`);
  return { elsewhere, paths };
}

const WALKER = '#include <linux/mm.h>\nint walker(struct vm_fault *vmf)\n{\n\treturn filemap_fault(vmf);\n}\n';

/** Starts the server on a tree; its client waits until it is greeted. */
export async function serverProcess(
  root: string,
  storage: string,
): Promise<{ pid: number; connection: MessageConnection; kill(): void }> {
  const child = spawn(process.execPath, [join(bundles('server', 'indexer', 'worker'), 'server.cjs'), '--stdio'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onError(() => {});
  child.stdin.on('error', () => {});
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: URI.file(root).toString(), name: 'tree' }],
    initializationOptions: { storage, settings: { index: { workers: 1 } } },
  });
  return { pid: child.pid as number, connection, kill: () => void child.kill('SIGKILL') };
}

/** Processes that a process has started, by /proc; those that have ended and nobody asked after don't count. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(Number(name))?.parent === pid)
    .map(Number);
}

/** Does a process run? */
export const isRunning = (pid: number): boolean => statOf(pid) !== null;

function statOf(pid: number): { parent: number } | null {
  try {
    const [, state, parent] = /^.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return state === 'Z' || state === 'X' ? null : { parent: Number(parent) };
  } catch {
    return null;
  }
}
