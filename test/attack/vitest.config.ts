import { defineConfig } from 'vitest/config';

const SECONDS = 1000;

const attacks = (name: string, files: readonly string[], workers: number, order: number) => ({
  test: {
    name,
    include: files.map((file) => `test/attack/${file}.attack.ts`),
    maxWorkers: workers,
    testTimeout: 600 * SECONDS,
    hookTimeout: 600 * SECONDS,
    sequence: { groupOrder: order },
  },
});

// Attacks that take too long for every run: `npm run test:attack`, in some 15 minutes. Two at a time, but for those that
// look at how long something takes, or go on for a while.
export default defineConfig({
  test: {
    projects: [
      attacks('attacks', ['damage', 'index', 'shell', 'tree'], 2, 0),
      attacks('timed attacks', ['files', 'yields', 'soak'], 1, 1),
    ],
  },
});
