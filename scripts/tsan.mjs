// `npm run tsan` runs the engine's threads under ThreadSanitizer, which follows each access of each thread
// and reports two that nothing orders. It is slow, so there are fewer cases than elsewhere.

import { join } from 'node:path';
import { attempt, Failure, knownCause, root } from './lib/command.mjs';
import { engineTests } from './lib/engine-tests.mjs';
import { makeNativeReady } from './lib/ready.mjs';
import { command, elapsed, say, step } from './lib/steps.mjs';
import { cargoTotals } from './lib/totals.mjs';

/** Where Rust has a ThreadSanitizer, by Node's names for platform and processor. */
const targets = /** @type {Record<string, string>} */ ({
  'darwin arm64': 'aarch64-apple-darwin',
  'darwin x64': 'x86_64-apple-darwin',
  'linux arm64': 'aarch64-unknown-linux-gnu',
  'linux x64': 'x86_64-unknown-linux-gnu',
});

function findTarget() {
  const platform = `${process.platform} ${process.arch}`;
  const target = targets[platform];
  if (target !== undefined) return target;
  throw new Failure(
    `Rust has no ThreadSanitizer for ${platform}`,
    `run it on one of ${Object.keys(targets).join(', ')}`,
  );
}

/**
 * The standard library is rebuilt too, or ThreadSanitizer would not know what its locks order.
 * @param {string} target
 */
const environment = (target) => ({
  RUSTC_BOOTSTRAP: '1',
  CARGO_UNSTABLE_BUILD_STD: 'std,test',
  CARGO_BUILD_TARGET: target,
  CARGO_TARGET_DIR: join(root, 'target', 'tsan'),
  CARGO_ENCODED_RUSTFLAGS: undefined,
  RUSTFLAGS: '-Zsanitizer=thread --cfg tsan',
  FAULTLINE_CASES: '12',
});

/**
 * Runs cargo and reads the reports of ThreadSanitizer.
 * @param {string} target
 * @param {string[]} parameters
 */
async function cargo(target, parameters) {
  const { status, output } = await attempt('cargo', parameters, { env: environment(target) });
  if (/ThreadSanitizer: unexpected memory mapping/.test(output)) {
    throw new Failure(
      'ThreadSanitizer finds no room: the kernel spreads addresses too widely',
      'sudo sysctl vm.mmap_rnd_bits=28, or run it under setarch -R',
    );
  }
  const reports = output.match(/WARNING: ThreadSanitizer: /g)?.length ?? 0;
  if (reports > 0) {
    throw new Failure(`ThreadSanitizer has ${reports} reports`, 'see its reports above');
  }
  if (status !== 0) {
    const cause = knownCause(output);
    throw new Failure(
      `cargo ${parameters[0]} ended with status ${status}${cause ? `: ${cause.reason}` : ''}`,
      cause?.cure ?? 'see what cargo said above',
    );
  }
  return output;
}

/** @param {string} target */
async function test(target) {
  const modules = [
    ...['machine::reference_model', 'machine::storms'],
    ...['memory::slow_devices', 'memory::swap_devices', 'memory::swap_files', 'audit::waits'],
  ];
  // Virtual CPUs are one thread, and have no data race.
  const output = await cargo(target, [
    ...['test', '--locked', '--package', 'faultline', ...engineTests(modules)],
    ...['--skip', 'virtual', '--test-threads', '1'],
  ]);
  const { passed } = cargoTotals(output);
  if (passed === 0) throw new Failure('no test ran', 'look at the names of the modules');
  return `${passed} passed`;
}

/** @param {string} target */
async function soak(target) {
  await cargo(target, [
    ...['run', '--locked', '--package', 'faultline-dev'],
    ...['--', 'soak', '--accesses', '1000000', '--patience', '600'],
  ]);
}

await command(1, async () => {
  const target = await step('look for ThreadSanitizer', findTarget);
  await makeNativeReady();
  await step('tests under ThreadSanitizer', () => test(target));
  await step('storms under ThreadSanitizer', () => soak(target));
  say(`\nThreadSanitizer reports nothing. All steps took ${elapsed()}.`);
});
