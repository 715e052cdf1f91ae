import { defineConfig } from 'vitest/config';

// Attacks that take too long for every run: `npm run test:attack`, one after the other.
export default defineConfig({
  test: {
    include: ['test/attack/**/*.attack.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
