// @ts-check
// A kernel tree for tests and benchmarks: KERNEL_TREE where it is set, else Debian's source package.
import { existsSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { aptInstall } from './apt.mjs';
import { CACHE, mustRun, say, UserError, which, withRetries } from './run.mjs';

const PACKAGE = 'linux-source-6.1';
const BY_HAND = 'Unpack any kernel source tree and give its path: KERNEL_TREE=/path/to/linux';

/**
 * Whether a folder is the root of a kernel tree.
 * @param {string} folder
 */
export function looksLikeKernelTree(folder) {
  return ['Makefile', 'Kconfig', 'arch', 'fs', 'include/linux/fs.h'].every((name) => existsSync(join(folder, name)));
}

/**
 * The path of a kernel tree; fetches one into .cache/kernel/ on the first call.
 * @returns {Promise<string>}
 */
export async function kernelTree() {
  const given = process.env.KERNEL_TREE;
  if (given) {
    const tree = resolve(given);
    if (!looksLikeKernelTree(tree)) {
      throw new UserError(
        `KERNEL_TREE is ${given}, which is not the root of a kernel tree (no Kconfig, arch/, include/linux/fs.h).`,
      );
    }
    return tree;
  }
  const tree = join(CACHE, 'kernel', PACKAGE);
  // It is renamed to this name when it is complete, so its being there is the stamp.
  if (!existsSync(tree)) await fetchTree(tree);
  return tree;
}

/** @param {string} tree */
async function fetchTree(tree) {
  for (const program of ['apt-get', 'dpkg-deb', 'tar']) {
    if (!which(program))
      throw new UserError(`There is no ${program} here to fetch Debian's ${PACKAGE} with. ${BY_HAND}`);
  }
  if (!which('xz')) await aptInstall(['xz-utils'], 'unpacking the kernel source');
  await mkdir(join(CACHE, 'kernel'), { recursive: true });
  const download = mkdtempSync(join(tmpdir(), 'kerntrail-kernel-'));
  const unpack = `${tree}.partial-${process.pid}`;
  try {
    const deb = await downloadPackage(download);
    say('Unpacking the source (about a minute, 1.4 GB)');
    await mustRun('dpkg-deb', ['-x', deb, join(download, 'root')], { stdout: 'stderr' });
    const archives = join(download, 'root', 'usr', 'src');
    const archive = readdirSync(archives).find((name) => name.startsWith('linux-source-') && name.includes('.tar.'));
    if (!archive) throw new UserError(`Debian's ${PACKAGE} holds no source archive. ${BY_HAND}`);
    await mkdir(unpack, { recursive: true });
    await mustRun('tar', ['-xf', join(archives, archive), '-C', unpack, '--strip-components=1', '--no-same-owner'], {
      stdout: 'stderr',
    });
    if (!looksLikeKernelTree(unpack))
      throw new UserError(`Debian's ${PACKAGE} is not laid out as expected. ${BY_HAND}`);
    await rename(unpack, tree).catch((error) => {
      if (!existsSync(tree)) throw error; // another process was quicker
    });
  } finally {
    await rm(unpack, { recursive: true, force: true });
    await rm(download, { recursive: true, force: true });
  }
}

/**
 * Downloads with package lists of our own, so that any user may do it and the system's lists stay as they are.
 * @param {string} folder
 * @returns {Promise<string>} the .deb
 */
async function downloadPackage(folder) {
  // As root, apt drops to the user _apt, who must be able to get in and write.
  await chmod(folder, 0o755);
  const state = join(folder, 'apt');
  for (const name of ['lists/partial', 'cache/archives/partial', 'deb'])
    await mkdir(join(state, name), { recursive: true });
  await chmod(join(state, 'deb'), 0o777);
  const own = [
    '-o',
    `Dir::State::Lists=${join(state, 'lists')}`,
    '-o',
    `Dir::Cache=${join(state, 'cache')}`,
    '-o',
    'Acquire::Languages=none',
  ];
  say(`Fetching Debian's ${PACKAGE} (about 140 MB)`);
  try {
    await withRetries(
      'apt-get',
      async () => {
        await mustRun('apt-get', [...own, '-q', 'update'], { stdout: 'stderr' });
        await mustRun('apt-get', [...own, '-q', 'download', PACKAGE], { cwd: join(state, 'deb'), stdout: 'stderr' });
      },
      { times: 3 },
    );
  } catch (error) {
    throw new UserError(
      `${error instanceof Error ? error.message : error}. Your system's package sources may not have ${PACKAGE}. ${BY_HAND}`,
    );
  }
  const deb = readdirSync(join(state, 'deb')).find((name) => name.endsWith('.deb'));
  if (!deb || statSync(join(state, 'deb', deb)).size === 0)
    throw new UserError(`apt-get brought no package. ${BY_HAND}`);
  return join(state, 'deb', deb);
}
