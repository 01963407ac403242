import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { contentPolicy, developmentPolicy, isolation } from './scripts/lib/policy.mjs';

const web = resolve(import.meta.dirname, 'web');
const serviceWorker = 'service-worker.js';

/** The built page carries its own policy: a static host may send no header. */
function policyInPage(): Plugin {
  return {
    name: 'policy-in-page',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentPolicy },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** Writes into the service worker which files the build has, each with its digest. */
function buildInServiceWorker(): Plugin {
  let dist = '';
  return {
    name: 'build-in-service-worker',
    apply: 'build',
    configResolved({ root, build }) {
      dist = resolve(root, build.outDir);
    },
    closeBundle() {
      const names = readdirSync(dist, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(dist.length + 1))
        // The command line's runner is no part of the page.
        .filter((name) => name !== serviceWorker && !/^\.|^(assets\/)?runner\b/.test(name))
        .sort();
      const digest = (name: string) => {
        // Some hosts unpack these on their way.
        if (name.endsWith('.gz')) return '';
        const hash = createHash('sha256').update(readFileSync(join(dist, name)));
        return `sha256-${hash.digest('base64')}`;
      };
      const files = JSON.stringify(Object.fromEntries(names.map((name) => [name, digest(name)])));
      const code = readFileSync(join(dist, serviceWorker), 'utf8');
      const build = createHash('sha256').update(files).update(code).digest('hex').slice(0, 16);
      const constants = `const FILES=${files},BUILD=${JSON.stringify(build)};\n`;
      writeFileSync(join(dist, serviceWorker), constants + code);
    },
  };
}

export default defineConfig({
  root: web,
  // Relative addresses: the built page opens from any folder of any static host.
  base: './',
  plugins: [policyInPage(), buildInServiceWorker()],
  server: { headers: { ...isolation, 'Content-Security-Policy': developmentPolicy } },
  preview: { headers: { ...isolation, 'Content-Security-Policy': contentPolicy } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: join(web, 'index.html'),
        runner: join(web, 'runner.html'),
        'service-worker': join(web, 'src/service-worker.ts'),
      },
      output: {
        // Its address stays the same from build to build, and its folder is what it serves.
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? serviceWorker : 'assets/[name]-[hash].js',
      },
    },
  },
});
