// `npm run fuzz` feeds generated scenarios and traces to their readers, a minute for each target.
//
// -- --seconds S      how long for each target
// -- --target NAME    this target alone (may be repeated): scenario, trace
//
// Inputs that reach new code stay in target/fuzz/corpus, and the next call begins with them. An input that breaks a
// reader is written to fuzz/corpus, whose files are tests: commit it with the fix.

import { Failure } from './lib/command.mjs';
import { buildFuzzTargets, fuzz, fuzzTargets } from './lib/fuzz.mjs';
import { count, readOptions } from './lib/options.mjs';
import { checkCppCompiler } from './lib/prerequisites.mjs';
import { makeNativeReady } from './lib/ready.mjs';
import { command, elapsed, say, step } from './lib/steps.mjs';

const usage = 'usage: npm run fuzz -- [--seconds S] [--target scenario|trace]...';

function readCall() {
  const { seconds, target } = readOptions(usage, {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string', multiple: true },
  });
  const names = fuzzTargets.map(({ name }) => name);
  const unknown = target?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Failure(`--target ${unknown} is not known; legal are ${names.join(', ')}`, usage);
  }
  const targets = fuzzTargets.filter(({ name }) => target?.includes(name) ?? true);
  return { seconds: count(usage, 'seconds', seconds), targets };
}

await command(1, async () => {
  const { seconds, targets } = readCall();
  await makeNativeReady();
  await step('look for a C++ compiler', checkCppCompiler);
  await step('build the fuzz targets', buildFuzzTargets);
  for (const target of targets) {
    // A document that takes a minute is as bad as one that ends the reader.
    const limits = [`-max_total_time=${seconds}`, '-timeout=60'];
    const corpus = `target/fuzz/corpus/${target.name}`;
    await step(`fuzz ${target.name}`, () => fuzz(target, limits, corpus));
  }
  say(`\nNo input was found that a reader cannot bear. All steps took ${elapsed()}.`);
});
