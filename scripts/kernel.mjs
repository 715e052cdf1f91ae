// @ts-check
// Prints the path of a kernel tree, fetching one where there is none: npm run kernel
import { kernelTree } from './lib/kernel-tree.mjs';
import { main } from './lib/run.mjs';

await main(async () => {
  console.log(await kernelTree());
});
