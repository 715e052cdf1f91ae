/** A disk of a given size, in a mount namespace of its own: what fills it up fills nothing else. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const sh = (script: string, timeout = 300_000) =>
  spawnSync('unshare', ['-m', 'sh', '-c', script], { encoding: 'utf8', timeout });

/** May this user mount one? (Linux, and root or its like.) */
export const canMount = (): boolean =>
  process.platform === 'linux' && sh('mount -t tmpfs -o size=64k tmpfs /mnt && umount /mnt', 10_000).status === 0;

/** Runs a shell script with a disk of `kilobytes` mounted at `folder`; `$disk` is its path. */
export function withSmallDisk(folder: string, kilobytes: number, script: string) {
  mkdirSync(folder, { recursive: true });
  return sh(`disk='${folder}'; mount -t tmpfs -o size=${kilobytes}k tmpfs "$disk" || exit 99\n${script}`);
}
