// Runs a program of the engine's examples, built for speed, with the options of this call.

import { attempt } from './command.mjs';
import { checkCompiler, checkNode, installRust } from './prerequisites.mjs';
import { commentOnStandardError, explain, step } from './steps.mjs';

/** Ends as the program ends; its output is this call's, and all else goes to standard error. @param {string} name */
export async function runExample(name) {
  const program = ['--package', 'faultline', '--example', name];
  const cargo = ['run', '--quiet', '--locked', '--release', ...program];
  commentOnStandardError();
  try {
    await step('look at Node', checkNode);
    await step('install the Rust toolchain', installRust);
    await step('look for a C compiler', checkCompiler);
    const { status } = await attempt('cargo', [...cargo, '--', ...process.argv.slice(2)], {
      output: 'terminal',
    });
    process.exitCode = status;
  } catch (error) {
    explain(error);
    process.exitCode = 1;
  }
}
