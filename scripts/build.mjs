// `npm run build` builds the page for a static host, in web/dist, and says how to host it.

import { waysToHost } from './lib/hosting.mjs';
import { makePageReady } from './lib/ready.mjs';
import { command, elapsed, say } from './lib/steps.mjs';

await command(1, async () => {
  await makePageReady();
  say(`\nweb/dist is ready after ${elapsed()}: ${waysToHost()}`);
});
