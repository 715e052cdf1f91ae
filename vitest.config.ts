import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts'],
    passWithNoTests: true,
    // machines are shared: what takes a second may take twenty
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
