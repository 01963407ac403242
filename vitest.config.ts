import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { waitFor, wholeTest } from './scripts/lib/patience.mjs';

/** As long for every test. */
const patience = {
  expect: { poll: { timeout: waitFor } },
  testTimeout: wholeTest,
  hookTimeout: wholeTest,
};

export default defineConfig({
  test: {
    // Where so many fail the page itself is broken, and each of the rest would wait its longest.
    bail: 10,
    projects: [
      {
        extends: './vite.config.ts',
        root: import.meta.dirname,
        test: {
          ...patience,
          name: 'browsers',
          include: ['web/browsers/**/*.test.ts'],
        },
      },
      {
        extends: './vite.config.ts',
        root: import.meta.dirname,
        test: {
          ...patience,
          name: 'unit',
          include: ['web/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
        },
      },
      {
        extends: './vite.config.ts',
        root: import.meta.dirname,
        test: {
          ...patience,
          name: 'page',
          include: ['web/e2e/**/*.test.ts'],
          // Two pages keep two cores at work: one page waits for what it animates for a third of its time.
          maxWorkers: Math.min(2, availableParallelism()),
          globalSetup: 'web/e2e/browser.ts',
          // Each test has a browser profile of its own; what the files share of Node they may share.
          isolate: false,
        },
      },
    ],
  },
});
