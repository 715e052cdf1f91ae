import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests that ask a real tree. They get its path in KERNEL_TREE.
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/kernel/**/*.test.ts'],
    globalSetup: ['test/kernel/global-setup.ts'],
    // One after the other: each may fill all cores, and some measure time.
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 1_200_000,
    passWithNoTests: true,
  },
});
