import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // the editor's own module is there only inside an editor
  resolve: { alias: { vscode: fileURLToPath(new URL('test/unit/support/vscode.ts', import.meta.url)) } },
  test: {
    include: ['test/unit/**/*.test.ts'],
    passWithNoTests: true,
    // machines are shared: what takes a second may take twenty
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
