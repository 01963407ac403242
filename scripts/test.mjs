// `npm test` installs what is missing, runs every check and every test, and ends with the totals.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, Failure, knownCause, root } from './lib/command.mjs';
import { fuzzBriefly } from './lib/fuzz.mjs';
import {
  checkCompiler,
  checkCppCompiler,
  checkNode,
  installBrowserAndDriver,
  installCargoDeny,
  installPackages,
  installRust,
  installWasmBindgen,
  installWasmPack,
} from './lib/prerequisites.mjs';
import { elapsed, explain, say, step } from './lib/steps.mjs';
import { cargoTotals, vitestTotals } from './lib/totals.mjs';
import {
  bindingsEnvironment,
  buildModules,
  buildPage,
  modules,
  wasmEnvironment,
  wasmTarget,
} from './lib/wasm.mjs';
import { plainTests, testsWithWorkers } from './lib/wasm-tests.mjs';

/** The environment of the engine on loom's atomics, in a folder of its own, or native builds would start anew. */
const loomEnvironment = {
  CARGO_TARGET_DIR: join(root, 'target', 'loom'),
  CARGO_ENCODED_RUSTFLAGS: undefined,
  RUSTFLAGS: '--cfg loom',
};

const totals = { passed: 0, failed: 0 };
const failedSteps = /** @type {string[]} */ ([]);

/**
 * Runs a step whose failure is counted and reported, and does not keep the others from running.
 * @param {string} name
 * @param {() => Promise<unknown> | unknown} body
 */
async function tryStep(name, body) {
  try {
    await step(name, body);
    return true;
  } catch (error) {
    explain(error);
    failedSteps.push(name);
    return false;
  }
}

/**
 * @param {string} program
 * @param {string[]} parameters
 * @param {{env?: Record<string, string | undefined>, cure?: string, count?: (output: string) => {passed: number, failed: number}}} [options]
 */
async function check(program, parameters, { env = {}, cure, count } = {}) {
  const { status, output } = await attempt(program, parameters, { env });
  const counted = count?.(output) ?? { passed: 0, failed: 0 };
  totals.passed += counted.passed;
  totals.failed += counted.failed;
  if (status !== 0) {
    // A runner that fails with no failing test of its own (it did not compile) counts as one.
    if (counted.failed === 0) totals.failed += 1;
    const cause = knownCause(output);
    throw new Failure(
      `${program} ${parameters.join(' ')} ended with status ${status}${cause ? `: ${cause.reason}` : ''}`,
      cause?.cure ?? cure,
    );
  }
  if (count && counted.passed === 0) {
    totals.failed += 1;
    throw new Failure(`${program} ran no test`, 'a suite without tests is a mistake in the set-up');
  }
  return count ? `${counted.passed} passed` : '';
}

/** Holds a WebAssembly build of a crate to clippy's lints. @param {string} crate @param {string[]} build */
async function clippyOfWasm(crate, build) {
  const what = ['--locked', '--package', crate, '--target', await wasmTarget()];
  return check('cargo', ['clippy', ...what, ...build, '--', '-D', 'warnings'], {
    env: wasmEnvironment,
    cure: 'see what clippy said above',
  });
}

/**
 * @param {string} project
 */
async function checkWithVitest(project) {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
  const file = join(folder, 'report.json');
  try {
    return await check(
      'vitest',
      [
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ],
      { count: () => vitestTotals(file), cure: 'see the failing tests above' },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A step that cannot run because an earlier one failed is a failure of its own. */
function blocked(/** @type {string} */ name, /** @type {string} */ by) {
  say(`\n== ${name}\n   not run: ${by} failed`);
  failedSteps.push(name);
  totals.failed += 1;
}

async function test() {
  /** Failures to install are counted: they keep tests from running. */
  const install = async (
    /** @type {string} */ name,
    /** @type {() => Promise<unknown> | unknown} */ body,
  ) => {
    const done = await tryStep(name, body);
    if (!done) totals.failed += 1;
    return done;
  };

  if (!(await install('look at Node', checkNode))) return;
  const rust =
    (await install('install the Rust toolchain', installRust)) &&
    (await install('look for a C compiler', checkCompiler));
  const cpp = rust && (await install('look for a C++ compiler', checkCppCompiler));
  const packages = await install('install npm packages', installPackages);
  const bindgen = rust && (await install('install wasm-bindgen', installWasmBindgen));
  const pack = rust && (await install('install wasm-pack', installWasmPack));
  const deny = rust && (await install('install cargo-deny', installCargoDeny));
  const browser = await install('look for Chromium and chromedriver', installBrowserAndDriver);

  /** @type {[string, string | false, () => Promise<unknown>][]} */
  const checks = [];
  const needs = (/** @type {[boolean, string][]} */ ...pairs) =>
    pairs.find(([ready]) => !ready)?.[1] ?? false;

  const engineBuild = 'build the engine for the browser';
  let wasm = false;
  if (rust && packages) wasm = await install(engineBuild, buildModules);
  else blocked(engineBuild, 'an installation');

  checks.push(
    [
      'rustfmt',
      needs([rust, 'Rust']),
      () => check('cargo', ['fmt', '--all', '--check'], { cure: 'cargo fmt --all' }),
    ],
    [
      'licences, versions and sources of crates',
      needs([deny, 'cargo-deny']),
      async () => {
        const what = ['licenses', 'bans', 'sources'];
        const cure = 'see what cargo-deny said above; deny.toml says what is legal';
        await check('cargo-deny', ['--locked', 'check', ...what], { cure });
        for (const folder of ['fuzz', 'bindings']) {
          const how = ['--manifest-path', `${folder}/Cargo.toml`, '--config', 'deny.toml'];
          // Fewer crates have fewer licences.
          const licences = ['-A', 'license-not-encountered'];
          await check('cargo-deny', [...how, '--locked', 'check', ...licences, ...what], { cure });
        }
      },
    ],
    [
      'clippy, native',
      needs([rust, 'Rust']),
      () =>
        check(
          'cargo',
          [
            'clippy',
            '--locked',
            '--workspace',
            '--exclude',
            'faultline-wasm',
            '--all-targets',
            '--',
            '-D',
            'warnings',
          ],
          {
            cure: 'see what clippy said above',
          },
        ),
    ],
    [
      'clippy, WebAssembly',
      needs([rust, 'Rust']),
      () => clippyOfWasm('faultline-wasm', ['--all-targets']),
    ],
    ...modules.map(
      ({ folder, crate, cargo }) =>
        /** @type {[string, string | false, () => Promise<string>]} */ ([
          `clippy, WebAssembly, ${folder}`,
          needs([rust, 'Rust']),
          () => clippyOfWasm(crate, ['--lib', ...cargo]),
        ]),
    ),
    [
      'the program that makes bindings',
      needs([rust, 'Rust']),
      async () => {
        const manifest = ['--manifest-path', 'bindings/Cargo.toml'];
        await check('cargo', ['fmt', ...manifest, '--check'], {
          cure: `cargo fmt ${manifest.join(' ')}`,
        });
        await check('cargo', ['clippy', '--locked', ...manifest, '--', '-D', 'warnings'], {
          env: bindingsEnvironment,
          cure: 'see what clippy said above',
        });
      },
    ],
    [
      'native tests',
      needs([rust, 'Rust']),
      () =>
        check(
          'cargo',
          ['test', '--locked', '--workspace', '--exclude', 'faultline-wasm', '--no-fail-fast'],
          {
            count: cargoTotals,
            cure: 'see the failing tests above',
          },
        ),
    ],
    [
      'the explorer, and bugs that are switched on',
      needs([rust, 'Rust']),
      () =>
        check(
          'cargo',
          [
            ...['test', '--locked', '--profile', 'explore', '--package', 'faultline'],
            ...['--features', 'footprints,bugs', '--test', 'searches'],
          ],
          { count: cargoTotals, cure: 'see the failing tests above' },
        ),
    ],
    [
      'the command and the development crate in a teaching build',
      needs([rust, 'Rust']),
      () =>
        check(
          'cargo',
          [
            ...['test', '--locked', '--profile', 'explore', '--features', 'teaching'],
            ...['--package', 'faultline-cli', '--test', 'teaching'],
            ...['--package', 'faultline-dev', '--bin', 'faultline-dev'],
            ...['--', 'explore::', 'bugs::', 'output::'],
          ],
          { count: cargoTotals, cure: 'see the failing tests above' },
        ),
    ],
    [
      'models of what threads do to each other',
      needs([rust, 'Rust']),
      () =>
        check(
          'cargo',
          ['test', '--locked', '--package', 'faultline', '--release', '--test', 'loom'],
          { env: loomEnvironment, count: cargoTotals, cure: 'see the failing models above' },
        ),
    ],
    ['invented scenarios and traces', needs([cpp, 'the C++ compiler']), fuzzBriefly],
    [
      'types',
      needs([wasm, 'the engine for the browser']),
      () => check('tsc', ['--noEmit'], { cure: 'see what tsc said above' }),
    ],
    [
      'Biome',
      needs([packages, 'npm']),
      () => check('biome', ['ci', '.'], { cure: 'npm run format' }),
    ],
    [
      'unit tests of the page',
      needs([packages, 'npm'], [wasm, 'the engine for the browser']),
      () => checkWithVitest('unit'),
    ],
    ...[
      /** @type {const} */ (['tests of the WebAssembly module as wasm-pack runs them', plainTests]),
      /** @type {const} */ (['tests of the WebAssembly module with workers', testsWithWorkers]),
    ].map(([name, tests]) => {
      const { parameters, env } = tests('chrome');
      return /** @type {[string, string | false, () => Promise<string>]} */ ([
        name,
        needs([pack, 'wasm-pack'], [bindgen, 'wasm-bindgen'], [browser, 'Chromium']),
        () =>
          check('wasm-pack', parameters, {
            env,
            count: cargoTotals,
            cure: 'see the failing tests above; chromedriver and Chromium must be of the same version',
          }),
      ]);
    }),
  );
  const page = wasm && (await install('build the page', buildPage));
  checks.push([
    'tests of the page in Chromium',
    needs([page, 'the page'], [browser, 'Chromium']),
    () => checkWithVitest('page'),
  ]);

  for (const [name, blocker, body] of checks) {
    if (blocker) blocked(name, blocker);
    else await tryStep(name, body);
  }
}

await test();
if (failedSteps.length > 0) say(`\nFailed: ${failedSteps.join(', ')}`);
say(`\nAll steps took ${elapsed()}.`);
if (failedSteps.length > 0 && totals.failed === 0) totals.failed = failedSteps.length;
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;
