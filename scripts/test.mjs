// `npm test` installs what is missing, runs every check and every test, and ends with the totals. Two steps run at a time
// (lib/plan.mjs), and what each says is kept apart (lib/turns.mjs).

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserTableOf } from './lib/browser-table.mjs';
import { attempt, Failure, knownCause, root } from './lib/command.mjs';
import { fuzzBriefly } from './lib/fuzz.mjs';
import { buildCommand } from './lib/native.mjs';
import { installOtherBrowsers } from './lib/other-browsers.mjs';
import { carryOut } from './lib/plan.mjs';
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

/**
 * The environment of the engine on loom's atomics, in a folder of its own, or native builds would start anew. Its compiler
 * does not optimise across crates: that takes longer than the models are then faster by.
 */
const loomEnvironment = {
  CARGO_TARGET_DIR: join(root, 'target', 'loom'),
  CARGO_ENCODED_RUSTFLAGS: undefined,
  RUSTFLAGS: '--cfg loom',
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
};

const totals = { passed: 0, failed: 0 };
const failedSteps = /** @type {string[]} */ ([]);

/** Failures that are in the totals already, as tests that failed. */
const counted = /** @type {WeakSet<object>} */ (new WeakSet());

/** Runs a step whose failure is counted and reported, and keeps only those from running that need it. */
async function tryStep(/** @type {import('./lib/plan.mjs').Planned} */ { name, body }) {
  try {
    await step(name, body);
    return true;
  } catch (error) {
    explain(error);
    failedSteps.push(name);
    if (!(error instanceof Failure && counted.has(error))) totals.failed += 1;
    return false;
  }
}

/** A step that cannot run because an earlier one failed is a failure of its own. */
function block(/** @type {{name: string}} */ { name }, /** @type {string} */ by) {
  say(`\n== ${name}\n   not run: ${by} failed`);
  failedSteps.push(name);
  totals.failed += 1;
}

/**
 * @param {string} program
 * @param {string[]} parameters
 * @param {{env?: Record<string, string | undefined>, cure?: string, count?: (output: string) => {passed: number, failed: number}}} [options]
 */
async function check(program, parameters, { env = {}, cure, count } = {}) {
  const { status, output } = await attempt(program, parameters, { env });
  const { passed, failed } = count?.(output) ?? { passed: 0, failed: 0 };
  totals.passed += passed;
  totals.failed += failed;
  if (status !== 0) {
    const cause = knownCause(output);
    const failure = new Failure(
      `${program} ${parameters.join(' ')} ended with status ${status}${cause ? `: ${cause.reason}` : ''}`,
      cause?.cure ?? cure,
    );
    // A runner that fails with no failing test of its own (it did not compile) counts as one.
    if (failed > 0) counted.add(failure);
    throw failure;
  }
  if (count && passed === 0) {
    throw new Failure(`${program} ran no test`, 'a suite without tests is a mistake in the set-up');
  }
  return count ? `${passed} passed` : '';
}

const seeClippy = 'see what clippy said above';

/**
 * Holds a WebAssembly build to clippy's lints. Its profile is that of the page's modules, whose standard library and macros are
 * there then.
 * @param {string[]} build the crate, targets and features
 */
async function clippyOfWasm(build) {
  const what = ['--locked', '--profile', 'browser', '--target', await wasmTarget(), ...build];
  return check('cargo', ['clippy', ...what, '--', '-D', 'warnings'], {
    env: wasmEnvironment,
    cure: seeClippy,
  });
}

/**
 * @param {string} project
 * @param {(report: string) => void} [tell] says more of the report that was written, whether all is well or not
 */
async function checkWithVitest(project, tell) {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  try {
    return await check('vitest', ['run', '--project', project, ...reporters], {
      count: () => vitestTotals(file),
      cure: 'see the failing tests above',
    });
  } finally {
    if (existsSync(file)) tell?.(file);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string[]} parameters @param {Record<string, string | undefined>} [env] */
const cargoTest = (parameters, env) =>
  check('cargo', ['test', '--locked', ...parameters], {
    ...(env && { env }),
    count: cargoTotals,
    cure: 'see the failing tests above',
  });

// What several steps need.
const npm = 'install npm packages';
const rust = 'install the Rust toolchain';
const compiler = 'look for a C compiler';
const cpp = 'look for a C++ compiler';
const browser = 'look for Chromium and chromedriver';
const engine = 'build the engine for the browser';
const otherBrowsers = 'look for other browsers';
const command = 'build the command';
const page = 'build the page';
const bindgen = 'install wasm-bindgen';
const pack = 'install wasm-pack';
const deny = 'install cargo-deny';

/** The engine and the command, with what they are built of: no other crate is for others. */
const packages = ['rule', 'traces', 'replay']
  .map((name) => `faultline-${name}`)
  .concat('faultline', 'faultline-cli');

/**
 * What only one step at a time can use: the system's package manager, and folders of builds, where cargo would have the second
 * wait for the first.
 */
const apt = 'apt';
const tools = 'tools';
const native = 'target/debug';
const wasm = 'target/wasm';

/** @param {string} name @param {ReturnType<typeof plainTests>} tests @param {string} uses */
const wasmTests = (name, { parameters, env }, uses) => ({
  name,
  needs: [pack, bindgen, browser],
  uses,
  body: () =>
    check('wasm-pack', parameters, {
      env,
      count: cargoTotals,
      cure: 'see the failing tests above; chromedriver and Chromium must be of the same version',
    }),
});

/**
 * All steps. Of those that can begin the first does; tools are compiled while the compiler of the engine's modules optimises one
 * crate, on one core.
 * @type {import('./lib/plan.mjs').Planned[]}
 */
const plan = [
  { name: npm, body: installPackages },
  { name: rust, body: installRust },
  { name: compiler, needs: [rust], uses: apt, body: checkCompiler },
  { name: engine, needs: [npm, compiler], uses: wasm, body: buildModules },
  { name: browser, uses: apt, body: installBrowserAndDriver },
  // What runs in the browser is compared with what runs natively.
  { name: command, needs: [compiler], uses: native, body: () => buildCommand('dev') },
  { name: page, needs: [engine], body: buildPage },
  {
    name: 'tests of the page in Chromium',
    needs: [page, browser, command],
    // Beside a compiler they take half as long again, and nothing else is faster for it.
    alone: true,
    body: () => checkWithVitest('page'),
  },
  { name: otherBrowsers, needs: [browser], uses: apt, body: installOtherBrowsers },
  {
    name: 'the page in each browser',
    needs: [page, otherBrowsers],
    body: () => checkWithVitest('browsers', (report) => say(`\n${browserTableOf(report)}\n`)),
  },
  { name: bindgen, needs: [compiler], uses: tools, body: installWasmBindgen },
  { name: pack, needs: [compiler], uses: tools, body: installWasmPack },
  { name: deny, needs: [compiler], uses: tools, body: installCargoDeny },
  { name: cpp, needs: [compiler], uses: apt, body: checkCppCompiler },
  {
    name: 'rustfmt',
    needs: [rust],
    body: () => check('cargo', ['fmt', '--all', '--check'], { cure: 'cargo fmt --all' }),
  },
  {
    name: 'Biome',
    needs: [npm],
    body: () => check('biome', ['ci', '.'], { cure: 'npm run format' }),
  },
  {
    name: 'licences, versions and sources of crates',
    needs: [deny],
    body: async () => {
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
  },
  {
    name: 'packages of the engine and the command',
    needs: [compiler],
    body: async () => {
      // To compile what was packed takes minutes; that a crate reads nothing from elsewhere is a test of its own.
      const how = ['--locked', '--no-verify', '--allow-dirty', '--quiet'];
      const what = packages.flatMap((name) => ['--package', name]);
      await check('cargo', ['package', ...how, ...what], { cure: 'see what cargo said above' });
    },
  },
  {
    name: 'clippy, native',
    needs: [compiler],
    uses: native,
    body: () => {
      const what = ['--workspace', '--exclude', 'faultline-wasm', '--all-targets'];
      return check('cargo', ['clippy', '--locked', ...what, '--', '-D', 'warnings'], {
        cure: seeClippy,
      });
    },
  },
  {
    name: 'native tests',
    needs: [compiler],
    uses: native,
    body: () => cargoTest(['--workspace', '--exclude', 'faultline-wasm', '--no-fail-fast']),
  },
  {
    name: 'the explorer, and bugs that are switched on',
    needs: [compiler],
    // One call, so that the engine is compiled once for all: searches, the command and the development crate.
    body: () =>
      cargoTest([
        ...['--profile', 'explore', '--no-fail-fast'],
        ...['--test', 'searches', '--test', 'teaching', '--bin', 'faultline-dev'],
        ...['--features', 'faultline/footprints,faultline/bugs,faultline/coherence'],
        ...['--features', 'faultline-cli/teaching,faultline-dev/teaching'],
      ]),
  },
  {
    name: 'models of what threads do to each other',
    needs: [compiler],
    body: () =>
      cargoTest(['--package', 'faultline', '--release', '--test', 'loom'], loomEnvironment),
  },
  { name: 'invented scenarios and traces', needs: [cpp], body: fuzzBriefly },
  {
    name: 'clippy, WebAssembly',
    needs: [compiler],
    uses: wasm,
    body: async () => {
      for (const { folder, crate, cargo } of modules) {
        // The teaching build has all features, and so all tests.
        const targets = folder === 'pkg-bugs' ? '--all-targets' : '--lib';
        await clippyOfWasm(['--package', crate, targets, ...cargo]);
      }
    },
  },
  {
    name: 'the program that makes bindings',
    needs: [compiler],
    uses: wasm,
    body: async () => {
      const manifest = ['--manifest-path', 'bindings/Cargo.toml'];
      await check('cargo', ['fmt', ...manifest, '--check'], {
        cure: `cargo fmt ${manifest.join(' ')}`,
      });
      await check('cargo', ['clippy', '--locked', ...manifest, '--', '-D', 'warnings'], {
        env: bindingsEnvironment,
        cure: seeClippy,
      });
    },
  },
  {
    name: 'types',
    needs: [engine],
    body: () => check('tsc', ['--noEmit'], { cure: 'see what tsc said above' }),
  },
  {
    name: 'unit tests of the page',
    needs: [npm, engine],
    body: () => checkWithVitest('unit'),
  },
  wasmTests('tests of the WebAssembly module as wasm-pack runs them', plainTests('chrome'), native),
  wasmTests('tests of the WebAssembly module with workers', testsWithWorkers('chrome'), wasm),
];

const isFit = await tryStep({ name: 'look at Node', body: checkNode });
if (isFit) await carryOut(plan, { run: tryStep, block });
if (failedSteps.length > 0) say(`\nFailed: ${failedSteps.join(', ')}`);
say(`\nAll steps took ${elapsed()}.`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;
