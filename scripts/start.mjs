// `npm start` installs what is missing in a fresh clone, builds what the page needs first, serves the page and opens it.
// The other modules of the engine are built while it is served.

import { openInBrowser } from './lib/open.mjs';
import { readOptions } from './lib/options.mjs';
import { beginEngine } from './lib/ready.mjs';
import { elapsed, explain, say, step, together } from './lib/steps.mjs';

async function start() {
  const { port, host } = readOptions('usage: npm start -- [--port N] [--host ADDRESS]', {
    port: { type: 'string', default: '5173' },
    host: { type: 'string', default: '127.0.0.1' },
  });
  const { packages, builds } = await beginEngine();
  const [first, ...others] = builds.map(({ ready }) => ready);
  const complete = together(...others);
  complete.catch(() => {});
  await Promise.all([packages, first]);
  let address = '';
  await step('serve the page', async () => {
    const { servePage } = await import('./lib/page-server.mjs');
    ({ address } = await servePage({ host, port: Number(port), builds }));
  });
  const opened = openInBrowser(address);
  say(`\nFaultline is ready after ${elapsed()}: ${address}`);
  say(
    opened
      ? 'It opens in your browser; Ctrl-C ends it.'
      : 'Open the address in a browser; Ctrl-C ends it.',
  );
  if (builds.every(({ isCurrent }) => isCurrent)) return;
  say('The rest of the engine is built meanwhile; the page waits for it where it needs it.');
  try {
    await complete;
    say(`\nAll of the engine is built after ${elapsed()}.`);
  } catch (error) {
    explain(error);
    say('The page is served without it. Cure it, and run npm start again: it goes on from there.');
  }
}

try {
  await start();
} catch (error) {
  explain(error);
  process.exit(1);
}
