// `npm run --silent wasm-test -- --chrome` (or `--firefox`) runs the tests of the WebAssembly module in a browser, those
// with workers over shared memory too. It sets what they need, and installs what is missing where it can.

import { Failure, knownCause } from './lib/command.mjs';
import { readOptions } from './lib/options.mjs';
import {
  installBrowserAndDriver,
  installFirefoxAndDriver,
  installWasmBindgen,
  installWasmPack,
} from './lib/prerequisites.mjs';
import { makeNativeReady } from './lib/ready.mjs';
import { command, say, step } from './lib/steps.mjs';
import { cargoTotals } from './lib/totals.mjs';
import { runWasmTests, testsWithWorkers } from './lib/wasm-tests.mjs';

const usage = 'usage: npm run --silent wasm-test -- [--chrome | --firefox]';

await command(1, async () => {
  const { chrome, firefox } = readOptions(usage, {
    chrome: { type: 'boolean', default: false },
    firefox: { type: 'boolean', default: false },
  });
  const browsers = /** @type {('chrome' | 'firefox')[]} */ ([
    ...(chrome || !firefox ? ['chrome'] : []),
    ...(firefox ? ['firefox'] : []),
  ]);
  await makeNativeReady();
  await step('install wasm-pack', installWasmPack);
  await step('install wasm-bindgen', installWasmBindgen);
  for (const browser of browsers) {
    const install = browser === 'chrome' ? installBrowserAndDriver : installFirefoxAndDriver;
    await step(`look for ${browser} and its driver`, install);
    await step(`tests of the WebAssembly module in ${browser}`, async () => {
      const { status, output } = await runWasmTests(testsWithWorkers(browser));
      if (status !== 0) {
        const cause = knownCause(output);
        throw new Failure(
          `wasm-pack ended with status ${status}${cause ? `: ${cause.reason}` : ''}`,
          cause?.cure ?? 'see the failing tests above',
        );
      }
      return `${cargoTotals(output).passed} passed`;
    });
  }
  say('\nAll tests of the WebAssembly module passed.');
});
