// @ts-check
// npm start [-- [--tree] DIR]: VS Code with Kerntrail, on a kernel tree or on the sample.
import { existsSync, mkdtempSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { CACHE, main, mustRun, ROOT, say, UserError, which } from './lib/run.mjs';
import { ensureHost, installExtension, startServer } from './lib/vscode-host.mjs';

const USAGE = 'npm start [-- [--tree] DIR] [--port N] [--browser]';
const SAMPLE = join(ROOT, 'samples', 'mini-kernel');

/** @returns {{ folder: string, port: number | undefined, browser: boolean }} */
function readArguments() {
  /** @type {{ values: { tree?: string, port?: string, browser?: boolean, help?: boolean }, positionals: string[] }} */
  let parsed;
  try {
    parsed = parseArgs({
      options: {
        tree: { type: 'string' },
        port: { type: 'string' },
        browser: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : error}\nUse: ${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    say(`${USAGE}
  DIR        a kernel tree (default: the sample, samples/mini-kernel)
  --browser  a VS Code server for the browser, even where desktop VS Code is on PATH
  --port N   the server's port (default: a free one)`);
    process.exit(0);
  }
  if (positionals.length + (values.tree === undefined ? 0 : 1) > 1)
    throw new UserError(`one folder only. Use: ${USAGE}`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new UserError(`--port ${values.port} is not a port number`);
  }
  const given = values.tree ?? positionals[0];
  // npm runs scripts from the package's folder, and says in INIT_CWD where it was called.
  const folder = given === undefined ? SAMPLE : resolve(process.env.INIT_CWD ?? process.cwd(), given);
  if (!existsSync(folder)) throw new UserError(`${folder} does not exist`);
  if (!statSync(folder).isDirectory()) throw new UserError(`${folder} is not a folder`);
  return { folder, port, browser: values.browser === true };
}

/** @param {string} folder @param {number | undefined} port */
async function openInBrowser(folder, port) {
  const host = await ensureHost();
  // Imported late: vsce is there only when the packages are installed.
  const { makeVsix } = await import('./lib/package.mjs');
  const scratch = mkdtempSync(join(tmpdir(), 'kerntrail-start-'));
  // Data (and the index in it) is kept for the next start.
  const dataDir = join(CACHE, 'start', 'data');
  const extensionsDir = join(CACHE, 'start', 'extensions');
  try {
    const vsix = await makeVsix({ out: join(scratch, 'kerntrail.vsix') });
    await installExtension(host, { dataDir, extensionsDir, vsix, force: true });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const server = await startServer(host, { dataDir, extensionsDir, port });
  const interrupted = new Promise((done) => {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, done);
  });
  console.log(`\nVS Code with Kerntrail: ${server.url(folder)}\n(Ctrl+C ends it)`);
  await Promise.race([interrupted, server.ended]);
  await server.stop();
  say('stopped');
}

await main(async () => {
  const { folder, port, browser } = readArguments();
  await ensureInstalled();
  const code = browser ? undefined : which('code');
  if (!code) return openInBrowser(folder, port);
  await mustRun(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { stdout: 'stderr' });
  say(`Opening ${folder} in VS Code`);
  await mustRun(code, [`--extensionDevelopmentPath=${ROOT}`, '--new-window', '--wait', folder]);
});
