// `npm run bench`: how fast the engine is against the limit and against Linux. The result is on standard output:
// a table, or one JSON object (`npm run --silent bench -- --json`). All else goes to standard error.
//
// -- instructions     how many instructions the hottest paths take instead, counted by valgrind

import { attempt } from './lib/command.mjs';
import { checkCompiler, installRust, installValgrind } from './lib/prerequisites.mjs';
import { commentOnStandardError, explain, step } from './lib/steps.mjs';

commentOnStandardError();
try {
  await step('install the Rust toolchain', installRust);
  await step('look for a C compiler', checkCompiler);
  if (process.argv[2] === 'instructions') await step('look for valgrind', installValgrind);
  const parameters = ['bench', '--quiet', '--package', 'faultline', '--bench', 'speed', '--'];
  const { status } = await attempt('cargo', [...parameters, ...process.argv.slice(2)]);
  process.exitCode = status;
} catch (error) {
  explain(error);
  process.exitCode = 2;
}
