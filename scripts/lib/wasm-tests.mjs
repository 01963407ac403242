// Runs the tests of the WebAssembly module in a browser by wasm-pack: as a person types it, and with workers.

import { attempt } from './command.mjs';
import { sharedMemoryFlags, wasmEnvironment } from './wasm.mjs';

/** A test may wait so many seconds for a busy machine. */
const patience = { WASM_BINDGEN_TEST_TIMEOUT: '300' };

/** @param {'chrome' | 'firefox'} browser */
const parameters = (browser) => [
  ...['test', '--headless', `--${browser}`, '--mode', 'no-install', 'crate/wasm', '--locked'],
];

/**
 * The tests of virtual CPUs, with the standard library as it comes.
 * @param {'chrome' | 'firefox'} browser
 */
export const plainTests = (browser) => ({ parameters: parameters(browser), env: patience });

/**
 * All tests, those with workers too: the module's memory can be shared. wasm-pack knows the compiler's own targets alone, so
 * the compiler hears of atomics by a flag; its warning of it has no name, and goes with all others. Clippy says those.
 * @param {'chrome' | 'firefox'} browser
 */
export const testsWithWorkers = (browser) => ({
  parameters: parameters(browser),
  env: {
    ...wasmEnvironment,
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: [...sharedMemoryFlags, '-Awarnings'].join(' '),
    ...patience,
  },
});

/** @param {ReturnType<typeof plainTests>} tests */
export const runWasmTests = ({ parameters: list, env }) => attempt('wasm-pack', list, { env });
