// Serves the page by Vite while it is developed, and tells it of each module of the engine whether it is built yet.

import { join } from 'node:path';
import { createServer } from 'vite';
import { Failure, root, withoutColours } from './command.mjs';
import { explanation } from './steps.mjs';

/** Where the page asks for a module, by its folder: web/src/engine/awaited.ts. */
const builds = '/builds/';

/** How much of what a program said a page shows. */
const shownLines = 40;

/**
 * A build as the page is told of it, and when it is over in one way or the other.
 * @typedef {{status: 200 | 500 | 503, words: string, over: Promise<void>}} State
 */

/** What a page is told of a build that failed: how it was explained, and the end of what the program said. @param {unknown} error */
function wordsOf(error) {
  const said = error instanceof Failure ? withoutColours(error.output).trimEnd().split('\n') : [];
  return [...said.slice(-shownLines), explanation(error)].join('\n').trim();
}

/**
 * Lets the page be served before all modules of the engine are built. An import of one that is not there has its address
 * already, and the page asks before it imports.
 * @param {import('./wasm.mjs').Build[]} begun
 * @param {string} web the folder that is served
 * @returns {import('vite').Plugin}
 */
function modulesInTheMaking(begun, web) {
  const states = new Map(
    begun.map(({ module, isCurrent, ready }) => {
      /** @type {State} */
      const state = { status: isCurrent ? 200 : 503, words: '', over: Promise.resolve() };
      state.over = ready.then(
        () => void Object.assign(state, { status: 200 }),
        (error) => void Object.assign(state, { status: 500, words: wordsOf(error) }),
      );
      return [module.folder, state];
    }),
  );
  const addresses = new Map(
    begun.map(({ module: { folder, name } }) => [
      `${folder}/${name}.js`,
      join(web, folder, `${name}.js`),
    ]),
  );
  return {
    name: 'modules-in-the-making',
    enforce: 'pre',
    resolveId(source, _importer, options) {
      const file = addresses.get(source.split('/').slice(-2).join('/'));
      // The search for packages leaves alone what has no file's name; those of the engine import none.
      return file !== undefined && 'scan' in options && options.scan ? `\0${file}` : file;
    },
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const path = new URL(request.url ?? '/', 'http://localhost').pathname;
        const state = path.startsWith(builds) ? states.get(path.slice(builds.length)) : undefined;
        if (state === undefined) {
          // Whoever imports a module without having asked waits for it, too.
          const awaited = states.get(path.split('/')[1] ?? '');
          if (awaited?.status === 503) awaited.over.then(() => next());
          else next();
          return;
        }
        response.writeHead(state.status, {
          'Content-Type': 'text/plain; charset=utf-8',
          'Cache-Control': 'no-store',
          ...(state.status === 503 && { 'Retry-After': '1' }),
        });
        response.end(state.words);
      });
    },
  };
}

/**
 * Serves the page, and returns the server and the page's address.
 * @param {{host: string, port: number, builds: import('./wasm.mjs').Build[], web?: string, cacheDir?: string}} options
 *   the builds of the engine's modules, which may still be under way; and, for tests, another folder than web
 */
export async function servePage({ host, port, builds, web = join(root, 'web'), ...rest }) {
  const server = await createServer({
    configFile: join(root, 'vite.config.ts'),
    root: web,
    ...rest,
    plugins: [modulesInTheMaking(builds, web)],
    server: {
      host,
      port,
      // A module that comes is asked for by those who wait for it: no page is to be loaded again.
      watch: { ignored: builds.map(({ module: { folder } }) => join(web, folder, '**')) },
    },
    logLevel: 'warn',
  });
  await server.listen();
  const [local] = server.resolvedUrls?.local ?? [];
  const address = local ?? server.resolvedUrls?.network[0] ?? `http://${host}:${port}/`;
  return { server, address };
}
