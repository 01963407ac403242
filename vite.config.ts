import { resolve } from 'node:path';
import { defineConfig } from 'vite';

// Without these two headers a page has no shared memory, and so no real threads.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: resolve(import.meta.dirname, 'web'),
  // Relative addresses: the built page opens from any folder of any static host.
  base: './',
  server: { headers: isolation },
  preview: { headers: isolation },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    rolldownOptions: {
      input: {
        index: resolve(import.meta.dirname, 'web/index.html'),
        runner: resolve(import.meta.dirname, 'web/runner.html'),
      },
    },
  },
});
