// `npm start` installs what is missing in a fresh clone, builds the page, serves it and opens it.

import { openInBrowser } from './lib/open.mjs';
import { readOptions } from './lib/options.mjs';
import { makeModulesReady } from './lib/ready.mjs';
import { elapsed, explain, say, step } from './lib/steps.mjs';

async function start() {
  const { port, host } = readOptions('usage: npm start -- [--port N] [--host ADDRESS]', {
    port: { type: 'string', default: '5173' },
    host: { type: 'string', default: '127.0.0.1' },
  });
  await makeModulesReady();
  const address = await step('serve the page', async () => {
    const { createServer } = await import('vite');
    const server = await createServer({
      configFile: new URL('../vite.config.ts', import.meta.url).pathname,
      server: { host, port: Number(port) },
      logLevel: 'warn',
    });
    await server.listen();
    const [local] = server.resolvedUrls?.local ?? [];
    return local ?? server.resolvedUrls?.network[0] ?? `http://${host}:${port}/`;
  });
  const opened = openInBrowser(address);
  say(`\nFaultline is ready after ${elapsed()}: ${address}`);
  say(
    opened
      ? 'It opens in your browser; Ctrl-C ends it.'
      : 'Open the address in a browser; Ctrl-C ends it.',
  );
}

try {
  await start();
} catch (error) {
  explain(error);
  process.exit(1);
}
