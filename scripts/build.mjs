// `npm run build` builds the page for a static host, in web/dist, and says how to host it.

import { isolation } from './lib/policy.mjs';
import { makePageReady } from './lib/ready.mjs';
import { command, elapsed, say } from './lib/steps.mjs';

const headers = Object.entries(isolation).map(([name, value]) => `     ${name}: ${value}`);

await command(1, async () => {
  await makePageReady();
  say(`
web/dist is ready after ${elapsed()}: copy it to any static host, into any folder, and open the folder with its last slash.
   Over https, or on localhost, the page gives itself what threads need: the first visit loads it twice.
   A host that sends these headers saves that, and threads run in private windows without service workers, too:
${headers.join('\n')}
   Over plain http, machines run on virtual CPUs alone, and nothing is kept for offline use.`);
});
