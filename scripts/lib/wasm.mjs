// Builds the WebAssembly modules that the page runs, and the page itself.

import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './command.mjs';
import { contentHash, unlessCurrent } from './content-stamp.mjs';

// A folder of its own: the variables below reach build scripts too, and in a folder shared with
// native builds each build would throw away the other's work.
const targetFolder = join(root, 'target', 'wasm');

/** What makes a linear memory that worker threads share, for the compiler and the linker. */
const sharedMemory = [
  '-Ctarget-feature=+atomics,+bulk-memory,+mutable-globals,+simd128',
  ...[
    '--shared-memory',
    '--import-memory',
    '--max-memory=2147483648',
    '--export=__wasm_init_tls',
    '--export=__tls_size',
    '--export=__tls_align',
    '--export=__tls_base',
  ].map((argument) => `-Clink-arg=${argument}`),
];

/**
 * The environment of the WebAssembly build, which no other build may have: memory that is shared, and the standard
 * library rebuilt with atomics. Without the link arguments the module builds with a private memory and says nothing, so
 * start-up and a test assert it. A RUSTFLAGS variable would replace the flags.
 */
export const wasmEnvironment = {
  RUSTC_BOOTSTRAP: '1',
  CARGO_UNSTABLE_BUILD_STD: 'panic_abort,std',
  CARGO_UNSTABLE_BUILD_STD_FEATURES: 'optimize_for_size',
  CARGO_TARGET_DIR: targetFolder,
  RUSTFLAGS: undefined,
  CARGO_ENCODED_RUSTFLAGS: undefined,
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: sharedMemory.join(' '),
  CARGO_BUILD_TARGET: undefined,
};

/** What all modules are made of, besides their crates. */
const commonSources = [
  'Cargo.lock',
  'Cargo.toml',
  'package-lock.json',
  'rust-toolchain.toml',
  'scripts/lib/wasm.mjs',
];

const engine = { crate: 'faultline-wasm', sources: ['crate/engine', 'crate/wasm'] };

/**
 * The engine for virtual CPUs and for threads, of which a page loads the one that a scenario asks for, and its
 * teaching build, whose machines can have bugs: that one is loaded for a scenario that switches bugs on, and for
 * no other; and the reader of traces, which is loaded when one is opened. The standard library is built once for all.
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

/** @param {typeof modules[number]} module */
async function compileWasm({ folder: place, name, crate, cargo }) {
  await run(
    'cargo',
    [
      'build',
      '--profile',
      'browser',
      '--locked',
      '--package',
      crate,
      '--target',
      'wasm32-unknown-unknown',
      ...cargo,
    ],
    {
      env: wasmEnvironment,
      output: 'stderr',
      cure: 'see what the compiler said above',
    },
  );
  const folder = join(root, 'web', place);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = `${crate.replaceAll('-', '_')}.wasm`;
  const compiled = join(targetFolder, 'wasm32-unknown-unknown', 'browser', file);
  const form = ['--target', 'web', '--out-dir', folder, '--out-name', name];
  await run('wasm-bindgen', [...form, compiled], {
    output: 'stderr',
    cure: 'remove the folder .tools and run again: the tool must be of the version of the crate',
  });
  const module = join(folder, `${name}_bg.wasm`);
  // The one of npm: the one of Debian 12 writes a broken module and says nothing.
  const optimiser = join(root, 'node_modules', '.bin', 'wasm-opt');
  const features = [
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
  const how = ['-O3', '--low-memory-unused', ...features.map((feature) => `--enable-${feature}`)];
  await run(optimiser, [...how, module, '-o', module], {
    output: 'stderr',
    cure: 'remove the folder node_modules and run again',
  });
  return `${(statSync(module).size / 1024).toFixed(0)} KiB`;
}

/** Builds the folders of these modules in web, if anything they are made of has changed. */
export async function buildWasm() {
  const isSource = (/** @type {string} */ file) => !/\/(tests|benches|fuzz|target)\//.test(file);
  const notes = [];
  for (const module of modules) {
    const { folder, sources } = module;
    const hash = contentHash([...commonSources, ...sources], isSource);
    const found = await unlessCurrent(`web/${folder}/.built-from`, hash, async () => {
      notes.push(`${folder} ${await compileWasm(module)}`);
    });
    if (found !== null) notes.push(`${folder} ${found}`);
  }
  return notes.join(', ');
}

/** Builds web/dist, the page as a static host serves it, if anything it is made of has changed. */
export function buildPage() {
  const sources = [
    'web',
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
