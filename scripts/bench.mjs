// `npm run bench` measures how fast the engine is against the limit and against Linux. It prints a table, or one JSON
// object (`npm run --silent bench -- --json`), on standard output. All else goes to standard error.
//
// -- instructions     how many instructions the hottest paths take instead, counted by valgrind

import { attempt } from './lib/command.mjs';
import { installValgrind } from './lib/prerequisites.mjs';
import { makeNativeReady } from './lib/ready.mjs';
import { command, commentOnStandardError, step } from './lib/steps.mjs';

commentOnStandardError();
await command(2, async () => {
  await makeNativeReady();
  if (process.argv[2] === 'instructions') await step('look for valgrind', installValgrind);
  const parameters = ['bench', '--quiet', '--package', 'faultline', '--bench', 'speed', '--'];
  const { status } = await attempt('cargo', [...parameters, ...process.argv.slice(2)]);
  return status;
});
