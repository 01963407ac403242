import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        extends: './vite.config.ts',
        root: import.meta.dirname,
        test: { name: 'unit', include: ['web/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'] },
      },
      {
        extends: './vite.config.ts',
        root: import.meta.dirname,
        test: {
          name: 'page',
          include: ['web/e2e/**/*.test.ts'],
          // One browser at a time: the engine's threads want the cores for themselves.
          fileParallelism: false,
          globalSetup: 'web/e2e/browser.ts',
          // Each test has a browser profile of its own; what the files share of Node they may share.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
