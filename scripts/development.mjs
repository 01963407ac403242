// `npm run against-libcachesim`, `bugs`, `explore`, `miss-counts`, `shared-list`, `soak` and `tradeoffs` build and run the
// subcommand of the development crate (crate/dev) that is named first, with the options of this call; `-- --help` lists
// them. Standard output is the subcommand's, all else goes to standard error. `--profile NAME` builds it with another profile.
//
// `npm run explore -- FILE [options]` is `faultline explore`, built to search; with --all or --random it is the
// subcommand.

import { attempt, run } from './lib/command.mjs';
import { development, explorer } from './lib/development.mjs';
import { makeNativeReady } from './lib/ready.mjs';
import { command, commentOnStandardError, step } from './lib/steps.mjs';

commentOnStandardError();
await command(2, async () => {
  const [name = '--help', ...parameters] = process.argv.slice(2);
  const at = parameters.indexOf('--profile');
  const [, profile] = at < 0 ? [] : parameters.splice(at, 2);
  const isOfFile = name === 'explore' && !parameters.some((word) => /^--(all|random)$/.test(word));
  const build = parameters.includes('--hesitate') ? `${name} --hesitate` : name;
  const cargo = isOfFile ? explorer(profile) : development(build, profile);
  await makeNativeReady();
  await step(`build ${name}`, () => run('cargo', ['build', ...cargo], { output: 'stderr' }));
  const { status } = await attempt(
    'cargo',
    ['run', '--quiet', ...cargo, '--', name, ...parameters],
    { output: 'terminal' },
  );
  return status;
});
