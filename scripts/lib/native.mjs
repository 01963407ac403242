// Builds the command `faultline` natively for a script that calls it many times.

import { Failure, run } from './command.mjs';

/**
 * Builds the command, and returns its path.
 * @param {string} profile
 * @param {string[]} [features]
 */
export async function buildCommand(profile, features = []) {
  const { stdout } = await run(
    'cargo',
    [
      ...['build', '--locked', '--package', 'faultline-cli', '--profile', profile],
      ...features.flatMap((feature) => ['--features', feature]),
      '--message-format=json-render-diagnostics',
    ],
    { output: 'hide', cure: 'see what the compiler said above' },
  );
  const messages = stdout.split('\n').filter((line) => line.startsWith('{'));
  const built = messages.map((line) => JSON.parse(line).executable).findLast(Boolean);
  if (built === undefined) throw new Failure('cargo has built no command');
  return built;
}
