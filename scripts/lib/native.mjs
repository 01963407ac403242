// Builds the command `faultline` natively for a script that calls it many times.

import { Failure, run } from './command.mjs';

/**
 * Builds the command, and returns its path. It is made of what the tests are made of (default-members in Cargo.toml).
 * @param {string} profile
 */
export async function buildCommand(profile) {
  const { stdout } = await run(
    'cargo',
    [
      ...['build', '--locked', '--bin', 'faultline', '--profile', profile],
      '--message-format=json-render-diagnostics',
    ],
    { output: 'hide', cure: 'see what the compiler said above' },
  );
  const messages = stdout.split('\n').filter((line) => line.startsWith('{'));
  const built = messages.map((line) => JSON.parse(line).executable).findLast(Boolean);
  if (built === undefined) throw new Failure('cargo has built no command');
  return built;
}
