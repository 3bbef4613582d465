import { defineConfig } from 'vitest/config';

/** Folders of functions and classes that leave nothing behind: their files share processes, and what those have loaded. */
const PARTS = [
  ...['kernel', 'math', 'random', 'connectivity', 'errors', 'units', 'memory', 'recording'],
  ...['engine', 'report/figures'],
];
const parts = PARTS.map((folder) => `test/${folder}/**/*.test.ts`);
const testTimeout = 30_000;

export default defineConfig({
  test: {
    // Worker threads run compiled code, so that must be up to date before any test.
    globalSetup: ['test/build.ts'],
    // Simulations bring their own threads: test files side by side would fight over the cores.
    maxWorkers: 2,
    projects: [
      { test: { name: 'parts', include: parts, isolate: false, testTimeout } },
      { test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: parts, testTimeout } },
    ],
  },
});
