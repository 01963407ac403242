// `npm run --silent miss-counts -- TRACE`: how often a published trace faults on the real machine, by policy and
// frames. Options go to the program, `--help` tells them; crate/engine/examples/miss_counts.rs says what it does.

import { attempt } from './lib/command.mjs';
import { checkCompiler, checkNode, installRust } from './lib/prerequisites.mjs';
import { commentOnStandardError, explain, step } from './lib/steps.mjs';

const program = ['--package', 'faultline', '--example', 'miss_counts'];
const parameters = ['run', '--quiet', '--locked', '--release', ...program];

commentOnStandardError();
try {
  await step('look at Node', checkNode);
  await step('install the Rust toolchain', installRust);
  await step('look for a C compiler', checkCompiler);
  const { status } = await attempt('cargo', [...parameters, '--', ...process.argv.slice(2)], {
    output: 'terminal',
  });
  process.exitCode = status;
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
