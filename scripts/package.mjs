// @ts-check
// npm run package [-- OUT.vsix]
import { resolve } from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { makeVsix } from './lib/package.mjs';
import { main } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  const [out] = process.argv.slice(2);
  console.log(await makeVsix({ out: out && resolve(out), verbose: true }));
});
