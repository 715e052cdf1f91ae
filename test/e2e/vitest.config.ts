import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/e2e/tests/**/*.e2e.ts'],
    globalSetup: ['test/e2e/global-setup.ts'],
    // One VS Code at a time: two would fight for the same two cores, and time out.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
  },
});
