import { kernelTree } from '../../scripts/lib/kernel-tree.mjs';

/** Fetches the tree before any test file runs; the workers that vitest forks inherit the variable. */
export default async function setup(): Promise<void> {
  process.env.KERNEL_TREE = await kernelTree();
}
