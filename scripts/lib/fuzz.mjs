// Builds and runs the fuzz targets of the folder fuzz: libFuzzer generates inputs, and keeps those that reach new code.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, Failure, knownCause, root, run } from './command.mjs';
import { writer } from './turns.mjs';

const targetFolder = join(root, 'target', 'fuzz');

/** The targets, each with the folders that have inputs to begin with besides its own, and the longest input in bytes. */
export const fuzzTargets = [
  { name: 'scenario', seeds: ['scenarios'], longest: 8192 },
  { name: 'trace', seeds: ['crate/traces/tests/it/samples'], longest: 1024 },
];

// What cargo-fuzz passes to the compiler, but for the sanitizer: the readers have no unsafe code. These flags are known
// to the pinned toolchain too, where cargo-fuzz asks for a nightly one.
const instruments = [
  '-Cpasses=sancov-module',
  ...['level=4', 'inline-8bit-counters', 'pc-table', 'trace-compares'].map(
    (what) => `-Cllvm-args=-sanitizer-coverage-${what}`,
  ),
  '-Ccodegen-units=1',
  '--cfg=fuzzing',
];

const environment = {
  CARGO_TARGET_DIR: targetFolder,
  CARGO_ENCODED_RUSTFLAGS: undefined,
  CARGO_BUILD_TARGET: undefined,
  RUSTFLAGS: instruments.join(' '),
};

/** Returns the compiler's target here. Passed to cargo, it keeps the flags from build scripts and macros. */
async function host() {
  const { stdout } = await run('rustc', ['-vV'], { output: 'hide' });
  const target = stdout.match(/^host: (.+)$/m)?.[1];
  if (target === undefined) throw new Failure('rustc -vV names no host', 'look at what it says');
  return target;
}

const manifest = ['--manifest-path', 'fuzz/Cargo.toml'];

/** Holds the targets' own code to the lints, and builds them. */
export async function buildFuzzTargets() {
  const how = [...manifest, '--locked', '--release', '--target', await host()];
  await run('cargo', ['fmt', ...manifest, '--check'], { cure: `cargo fmt ${manifest.join(' ')}` });
  const cure = 'see what the compiler said above';
  await run('cargo', ['clippy', ...how, '--', '-D', 'warnings'], { env: environment, cure });
  await run('cargo', ['build', ...how], { env: environment, cure });
}

/**
 * Runs a target until its limit, or until an input breaks it.
 * @param {typeof fuzzTargets[number]} target
 * @param {string[]} limits libFuzzer's
 * @param {string} corpus where inputs that reach new code are kept; from the project's root
 */
export async function fuzz({ name, seeds, longest }, limits, corpus) {
  const program = join(targetFolder, await host(), 'release', name);
  const kept = `fuzz/corpus/${name}`;
  mkdirSync(join(root, corpus), { recursive: true });
  const options = [
    ...[`-max_len=${longest}`, '-detect_leaks=0', '-print_final_stats=1'],
    `-artifact_prefix=${kept}/`,
    ...limits,
  ];
  const { status, output } = await attempt(program, [...options, corpus, kept, ...seeds], {
    output: 'hide',
  });
  if (status !== 0) {
    // Lines with a number report progress.
    const words = output.split('\n').filter((line) => !line.startsWith('#'));
    writer()(process.stderr, words.join('\n'));
    const input = output.match(/Test unit written to (\S+)/)?.[1];
    throw new Failure(
      input === undefined
        ? (knownCause(output)?.reason ?? `the target ${name} ended with status ${status}`)
        : `${input} is an input that the target ${name} cannot bear`,
      'see its words above; the input is a test from now on (cargo test -p faultline --test it inputs_that_were_found)',
    );
  }
  const stat = (/** @type {RegExp} */ pattern) => output.match(pattern)?.[1] ?? '?';
  return `${stat(/number_of_executed_units: (\d+)/)} inputs, ${stat(/new_units_added: +(\d+)/)} of them reached new code`;
}

/** Builds the targets, and feeds each some inputs, drawn from the same seed in every run. */
export async function fuzzBriefly() {
  await buildFuzzTargets();
  const notes = [];
  for (const target of fuzzTargets) {
    const corpus = `target/fuzz/brief/${target.name}`;
    rmSync(join(root, corpus), { recursive: true, force: true });
    notes.push(`${target.name}: ${await fuzz(target, ['-runs=20000', '-seed=1'], corpus)}`);
  }
  return notes.join('; ');
}
