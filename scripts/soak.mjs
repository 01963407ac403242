// `npm run soak`: storms on real threads until a hundred million accesses are made; with --scarce, random scripts on
// machines that are short of frames and slots. Options go to the
// program, `npm run soak -- --help` tells them; crate/engine/examples/soak says what it does.

import { attempt } from './lib/command.mjs';
import { checkCompiler, checkNode, installRust } from './lib/prerequisites.mjs';
import { explain, step } from './lib/steps.mjs';

const parameters = ['run', '--locked', '--release', '--package', 'faultline', '--example', 'soak'];

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
