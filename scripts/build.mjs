// `npm run build`: the page for a static host, in web/dist.

import { makePageReady } from './lib/ready.mjs';
import { elapsed, explain, say } from './lib/steps.mjs';

try {
  await makePageReady();
  say(`\nweb/dist is ready after ${elapsed()}: copy it to any static host.`);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
