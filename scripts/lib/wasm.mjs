// Builds the WebAssembly modules that the page runs, and the page itself.

import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './command.mjs';
import { contentHash, isCurrent, markCurrent, unlessCurrent } from './content-stamp.mjs';
import { step, together } from './steps.mjs';

// A folder of its own: the variables below reach build scripts too, and in a folder shared with
// native builds each build would throw away the other's work.
const targetFolder = join(root, 'target', 'wasm');

/** What makes a linear memory that worker threads share, for the compiler and for the linker. */
const features = '+atomics,+bulk-memory,+mutable-globals,+simd128';
const linking = [
  '--shared-memory',
  '--import-memory',
  '--max-memory=2147483648',
  '--export=__wasm_init_tls',
  '--export=__tls_size',
  '--export=__tls_align',
  '--export=__tls_base',
];

/** The same as flags of the compiler, for those who can name no target but the compiler's own. */
export const sharedMemoryFlags = [
  `-Ctarget-feature=${features}`,
  ...linking.map((argument) => `-Clink-arg=${argument}`),
];

/**
 * The environment of the WebAssembly build, which no other build may have: the standard library is rebuilt with atomics.
 */
export const wasmEnvironment = {
  RUSTC_BOOTSTRAP: '1',
  CARGO_UNSTABLE_BUILD_STD: 'panic_abort,std',
  CARGO_UNSTABLE_BUILD_STD_FEATURES: 'optimize_for_size',
  CARGO_UNSTABLE_JSON_TARGET_SPEC: 'true',
  CARGO_TARGET_DIR: targetFolder,
  RUSTFLAGS: undefined,
  CARGO_ENCODED_RUSTFLAGS: undefined,
  CARGO_BUILD_TARGET: undefined,
};

/** The name of the target of the build, and of its folder. */
const targetName = 'wasm32-shared-memory';

/**
 * Writes the target of the WebAssembly build, and returns its file: the compiler's own with shared memory, because the
 * compiler warns of atomics as a flag, and a target has them without. A module that is linked without the arguments has a
 * private memory and says nothing, so start-up and a test assert that it is shared.
 */
export async function wasmTarget() {
  const ask = ['-Zunstable-options', '--print=target-spec-json', '--target=wasm32-unknown-unknown'];
  const { stdout } = await run('rustc', ask, { env: wasmEnvironment, output: 'hide' });
  const own = JSON.parse(stdout);
  const target = {
    ...own,
    features,
    singlethread: false,
    'pre-link-args': { 'wasm-lld': [...own['pre-link-args']['wasm-lld'], ...linking] },
  };
  mkdirSync(targetFolder, { recursive: true });
  const file = join(targetFolder, `${targetName}.json`);
  writeFileSync(file, JSON.stringify(target, null, 2));
  return file;
}

/** What all modules are made of, besides their crates. */
const commonSources = [
  'Cargo.lock',
  'Cargo.toml',
  'bindings',
  'package-lock.json',
  'rust-toolchain.toml',
  'scripts/lib/wasm.mjs',
];

const engine = { crate: 'faultline-wasm', sources: ['crate/engine', 'crate/wasm'] };

/**
 * The engine for virtual CPUs, which a first visit loads and so is built first; for threads; and its teaching build, whose
 * machines can have bugs. A page loads the one that a scenario asks for. The reader of traces is loaded when one is opened. The
 * standard library is built once for all.
 */
export const modules = [
  {
    folder: 'pkg',
    name: 'faultline_wasm',
    ...engine,
    cargo: ['--no-default-features', '--features', 'virtual-cpus,coherence'],
  },
  {
    folder: 'pkg-threads',
    name: 'faultline_threads',
    ...engine,
    cargo: ['--no-default-features', '--features', 'threads'],
  },
  {
    folder: 'pkg-bugs',
    name: 'faultline_teaching',
    ...engine,
    cargo: ['--features', 'bugs,coherence'],
  },
  {
    folder: 'pkg-traces',
    name: 'faultline_traces',
    crate: 'faultline-traces-wasm',
    sources: ['crate/replay', 'crate/traces', 'crate/traces-wasm'],
    cargo: [],
  },
];

/** @typedef {typeof modules[number]} Module */

/** Where a module is once it is compiled. @param {Module} module */
const compiledFile = ({ folder }) => join(targetFolder, `${folder}.wasm`);

/** Compiles a module. Cargo writes all of a crate to one file, so one comes after the other. @param {Module} module */
async function compile(module) {
  const { crate, cargo } = module;
  const what = ['--locked', '--package', crate, '--profile', 'browser', ...cargo];
  await run('cargo', ['build', ...what, '--target', await wasmTarget()], {
    env: wasmEnvironment,
    output: 'stderr',
    cure: 'see what the compiler said above',
  });
  const written = `${crate.replaceAll('-', '_')}.wasm`;
  copyFileSync(join(targetFolder, targetName, 'browser', written), compiledFile(module));
}

const bindingsFolder = join(root, 'target', 'bindings');

/** The environment of the program that makes the bindings of modules, which runs here. */
export const bindingsEnvironment = {
  CARGO_TARGET_DIR: bindingsFolder,
  RUSTFLAGS: undefined,
  CARGO_ENCODED_RUSTFLAGS: undefined,
  CARGO_BUILD_TARGET: undefined,
};

/** Compiles that program. */
async function compileBindings() {
  await run('cargo', ['build', '--locked', '--manifest-path', 'bindings/Cargo.toml'], {
    env: bindingsEnvironment,
    output: 'stderr',
    cure: 'see what the compiler said above',
  });
}

/**
 * Makes of a compiled module what a browser loads, in a folder of its own, and returns its size.
 * @param {Module} module
 */
async function finish(module) {
  const { name } = module;
  const folder = join(root, 'web', module.folder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run(
    join(bindingsFolder, 'debug', 'faultline-bindings'),
    [compiledFile(module), folder, name],
    {
      output: 'stderr',
      cure: 'bindings/Cargo.toml has to name the version of wasm-bindgen that Cargo.lock has',
    },
  );
  const file = join(folder, `${name}_bg.wasm`);
  // The one of npm: the one of Debian 12 writes a broken module and says nothing.
  const optimiser = join(root, 'node_modules', '.bin', 'wasm-opt');
  const enabled = [
    'threads',
    'bulk-memory',
    'mutable-globals',
    'simd',
    'nontrapping-float-to-int',
    'sign-ext',
    'reference-types',
    'multivalue',
  ];
  // The linker puts the stack first in the memory, so nothing but its far end has an address below 1,024.
  const assumed = ['--low-memory-unused', ...enabled.map((feature) => `--enable-${feature}`)];
  // A long function that one other calls stays its own: brought into it, both compress worse.
  const how = ['-O3', '--one-caller-inline-max-function-size=60', ...assumed];
  await run(optimiser, [...how, file, '-o', file], {
    output: 'stderr',
    cure: 'remove the folder node_modules and run again',
  });
  return `${(statSync(file).size / 1024).toFixed(0)} KiB`;
}

/**
 * What comes of a module: whether it was there, as its sources are, and when it is.
 * @typedef {{module: Module, isCurrent: boolean, ready: Promise<unknown>}} Build
 */

/**
 * Begins to build the modules that are not there, or whose sources have changed. What the page loads first comes first:
 * each is finished while the next is compiled, and the program that makes the bindings is compiled beside the first.
 * @param {() => Promise<unknown>} tools installs what compiles them, if any has to be
 * @param {Promise<unknown>} packages those of npm, whose optimiser finishes them
 * @returns {Build[]}
 */
export function beginModules(tools, packages) {
  const isSource = (/** @type {string} */ file) => !/\/(tests|benches|fuzz|target)\//.test(file);
  const found = modules.map((module) => {
    const hash = contentHash([...commonSources, ...module.sources], isSource);
    const stamp = `web/${module.folder}/.built-from`;
    return { module, hash, stamp, isCurrent: isCurrent(stamp, hash), ready: Promise.resolve('') };
  });
  if (found.every((build) => build.isCurrent)) return found;
  const toolsThere = tools();
  const bindingsThere = toolsThere.then(() =>
    step('compile the program that makes bindings', compileBindings),
  );
  /** @type {Promise<unknown>} */
  let turn = toolsThere;
  return found.map((build) => {
    if (build.isCurrent) return build;
    const { module, hash, stamp } = build;
    const compiled = turn.then(() => step(`compile web/${module.folder}`, () => compile(module)));
    turn = compiled;
    const ready = Promise.all([compiled, bindingsThere, packages]).then(() =>
      step(`finish web/${module.folder}`, async () => {
        const size = await finish(module);
        markCurrent(stamp, hash);
        return size;
      }),
    );
    return { ...build, ready };
  });
}

/** Builds the modules with tools that are there. */
export function buildModules() {
  const builds = beginModules(async () => {}, Promise.resolve());
  return together(...builds.map(({ ready }) => ready));
}

/** Builds web/dist, the page as a static host serves it, if anything it is made of has changed. */
export function buildPage() {
  const sources = [
    'web',
    'element/src/protocol.ts',
    'scenarios',
    'traces',
    'vite.config.ts',
    'scripts/lib/policy.mjs',
    'package-lock.json',
  ];
  const isSource = (/** @type {string} */ file) =>
    !/^web\/(dist|e2e|testing)\//.test(file) && !/\.test\.tsx?$/.test(file);
  return unlessCurrent('web/dist/.built-from', contentHash(sources, isSource), () =>
    run('vite', ['build', '--logLevel', 'warn', '--emptyOutDir'], {
      // The caller may be a test, whose environment says so.
      env: { NODE_ENV: 'production' },
      output: 'stderr',
      cure: 'see what Vite said above',
    }),
  );
}
