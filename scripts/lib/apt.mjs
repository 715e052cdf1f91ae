// @ts-check
// Debian packages, for a bare machine. Everything here says what to do by hand when it can't do it itself.
import { mustRun, say, UserError, which, withRetries } from './run.mjs';

const LOCK = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];

/**
 * Installs Debian packages: as root, or through sudo where that asks for no password.
 * @param {readonly string[]} packages
 * @param {string} purpose what they are for, in the messages
 */
export async function aptInstall(packages, purpose) {
  const byHand = `Install them yourself: apt-get install ${packages.join(' ')}`;
  if (!which('apt-get')) throw new UserError(`${purpose} needs ${packages.join(', ')}, and there is no apt-get here.`);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !which('sudo')) throw new UserError(`${purpose} needs ${packages.join(', ')}. ${byHand}`);
  const prefix = isRoot ? [] : ['sudo', '-n'];
  say(`Installing ${packages.join(', ')} (for ${purpose})`);
  /** @param {string[]} args */
  const apt = ([...args]) => {
    const [program, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...LOCK, ...args];
    return mustRun(program, rest, { stdout: 'hide' });
  };
  try {
    await withRetries('apt-get', async () => {
      await apt(['update', '-qq']);
      await apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
    });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : error}. ${byHand}`);
  }
}
