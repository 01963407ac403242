// `npm run bench`: how fast the engine is against the limit and against Linux. The result is on standard output:
// a table, or one JSON object (`npm run --silent bench -- --json`). All else goes to standard error.

import { attempt } from './lib/command.mjs';
import { makeNativeReady } from './lib/ready.mjs';
import { command, commentOnStandardError } from './lib/steps.mjs';

commentOnStandardError();
await command(2, async () => {
  await makeNativeReady();
  const parameters = ['bench', '--quiet', '--package', 'faultline', '--bench', 'speed', '--'];
  const { status } = await attempt('cargo', [...parameters, ...process.argv.slice(2)]);
  return status;
});
