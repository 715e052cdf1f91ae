// @ts-check
// Makes the .vsix, with a production build.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EXTERNAL_PACKAGES, withDependencies } from './packages.mjs';
import { mustRun, ROOT } from './run.mjs';

const FILES = [
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'THIRD_PARTY_NOTICES.md',
  '.vscodeignore',
  'dist',
  'media',
  'syntaxes',
];

/**
 * Builds and packages the extension for the platform this runs on: its native modules are in it.
 * @param {{ out?: string, verbose?: boolean }} [options]
 * @returns {Promise<string>} path of the .vsix
 */
export async function makeVsix({ out, verbose } = {}) {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const vsix = out ?? join(ROOT, `kerntrail-${process.platform}-${process.arch}-${manifest.version}.vsix`);
  await mkdir(dirname(vsix), { recursive: true });
  await mustRun(process.execPath, [join(ROOT, 'scripts', 'build.mjs'), '--production'], { stdout: 'stderr' });

  // vsce matches every file below the folder it packages against every pattern: six minutes with a kernel tree
  // in .cache/. So it gets a folder that holds only what may go in.
  const stage = mkdtempSync(join(tmpdir(), 'kerntrail-vsix-'));
  try {
    for (const name of FILES) {
      if (existsSync(join(ROOT, name))) await cp(join(ROOT, name), join(stage, name), { recursive: true });
    }
    for (const { path, present } of withDependencies(EXTERNAL_PACKAGES)) {
      if (!present) continue;
      await mkdir(dirname(join(stage, path)), { recursive: true });
      // Nested packages have entries of their own in the list.
      const isWanted = (/** @type {string} */ source) =>
        basename(source) !== 'node_modules' && basename(source) !== 'obj.target';
      await cp(join(ROOT, path), join(stage, path), { recursive: true, filter: isWanted });
    }
    await writeFile(join(stage, 'package.json'), JSON.stringify(stagedManifest(manifest), null, 2));
    const vsce = join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
    await mustRun(
      process.execPath,
      [
        ...[vsce, 'package', '--out', vsix, '--allow-missing-repository', '--no-rewrite-relative-links'],
        // The search for secrets takes minutes in native modules, and .vscodeignore names all that goes in.
        ...['--allow-package-all-secrets', '--allow-package-env-file'],
      ],
      { cwd: stage, stdout: verbose ? 'stderr' : 'hide' },
    );
    return vsix;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Without what is bundled or only for development, which vsce would otherwise miss in the staging folder. */
function stagedManifest(/** @type {Record<string, Record<string, string>>} */ manifest) {
  const { scripts, devDependencies, allowScripts, dependencies, ...rest } = manifest;
  const external = Object.entries(dependencies).filter(([name]) => EXTERNAL_PACKAGES.includes(name));
  return { ...rest, dependencies: Object.fromEntries(external) };
}
