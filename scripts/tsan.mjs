// `npm run tsan`: the native tests of threads under ThreadSanitizer, which follows each access of each
// thread and reports two that nothing orders. It is slow, so there are fewer cases.

import { join } from 'node:path';
import { attempt, Failure, knownCause, root } from './lib/command.mjs';
import { checkCompiler, checkNode, installRust } from './lib/prerequisites.mjs';
import { elapsed, explain, say, step } from './lib/steps.mjs';
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
 * The standard library is built with the sanitizer too, or its own synchronisation would be unknown.
 * @param {string} target
 */
const environment = (target) => ({
  RUSTC_BOOTSTRAP: '1',
  CARGO_UNSTABLE_BUILD_STD: 'std,test',
  CARGO_BUILD_TARGET: target,
  CARGO_TARGET_DIR: join(root, 'target', 'tsan'),
  CARGO_ENCODED_RUSTFLAGS: undefined,
  RUSTFLAGS: '-Zsanitizer=thread',
  FAULTLINE_CASES: '12',
  TSAN_OPTIONS: 'halt_on_error=0',
});

/** @param {string} target */
async function runTests(target) {
  const tests = ['stress', 'model'].flatMap((name) => ['--test', name]);
  const parameters = ['test', '--locked', '--package', 'faultline', ...tests];
  // One thread runs virtual CPUs: nothing to see there.
  const selection = ['--', '--skip', 'virtual', '--test-threads', '1'];
  const { status, output } = await attempt('cargo', [...parameters, ...selection], {
    env: environment(target),
  });
  if (/unexpected memory mapping/.test(output)) {
    throw new Failure(
      'ThreadSanitizer cannot place its memory: the kernel randomises addresses too much',
      'sudo sysctl vm.mmap_rnd_bits=28, or run it in a shell of: setarch -R bash',
    );
  }
  const reports = output.match(/WARNING: ThreadSanitizer: /g)?.length ?? 0;
  if (reports > 0) throw new Failure(`ThreadSanitizer reports ${reports}`, 'see its reports above');
  if (status !== 0) {
    const cause = knownCause(output);
    throw new Failure(
      cause?.reason ?? `cargo ended with status ${status}`,
      cause?.cure ?? 'see what cargo said above',
    );
  }
  const { passed } = cargoTotals(output);
  if (passed === 0) throw new Failure('no test ran', 'a suite without tests is a mistake');
  return `${passed} passed, no report`;
}

try {
  const target = await step('look for ThreadSanitizer', findTarget);
  await step('look at Node', checkNode);
  await step('install the Rust toolchain', installRust);
  await step('look for a C compiler', checkCompiler);
  await step('tests under ThreadSanitizer', () => runTests(target));
  say(`\nAll steps took ${elapsed()}.`);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
