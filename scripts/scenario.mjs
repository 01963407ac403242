// `npm run --silent scenario -- FILE` runs a scenario on the WebAssembly build, in Chromium without a window
// (lib/scenario-command.mjs). The report goes to standard output, all else to standard error.

import { readFileSync } from 'node:fs';
import { makeEngineReady } from './lib/ready.mjs';
import { scenarioCommand } from './lib/scenario-command.mjs';
import { commentOnStandardError } from './lib/steps.mjs';

commentOnStandardError();
/** @type {import('playwright-core').Browser | undefined} */
let browser;
const { status, stdout, stderr } = await scenarioCommand(process.argv.slice(2), {
  standardInput: () => readFileSync(0, 'utf8'),
  browser: async () => {
    await makeEngineReady();
    // Not before the packages are there.
    const { launchBrowser } = await import('./lib/browser.mjs');
    browser = await launchBrowser();
    return browser;
  },
});
await browser?.close();
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;
