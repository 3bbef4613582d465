import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Worker threads run compiled code, so that must be up to date before any test.
    globalSetup: ['test/build.ts'],
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Simulations bring their own threads: test files side by side would fight over the cores.
    maxWorkers: 2,
  },
});
