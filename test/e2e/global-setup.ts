import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelTree } from '../../scripts/lib/kernel-tree.mjs';
import { makeVsix } from '../../scripts/lib/package.mjs';
import { ensureChromium, ensureHost } from '../../scripts/lib/vscode-host.mjs';

/**
 * Makes all that takes long before the first test, so that no test times out over it. The workers that vitest forks
 * inherit the variables. KERNTRAIL_VSIX tests an extension that is packaged already.
 */
export default async function setup(): Promise<() => void> {
  const scratch = mkdtempSync(join(tmpdir(), 'kerntrail-e2e-'));
  process.env.KERNTRAIL_CHROMIUM = await ensureChromium();
  await ensureHost();
  process.env.KERNEL_TREE = await kernelTree();
  process.env.KERNTRAIL_VSIX ??= await makeVsix({ out: join(scratch, 'kerntrail.vsix') });
  return () => rmSync(scratch, { recursive: true, force: true });
}
