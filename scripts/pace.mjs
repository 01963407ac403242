// `npm run --silent pace` measures how many steps of virtual CPUs a second this computer makes, natively and in Chromium,
// on the notes' machine with long workloads. It prints a table on standard output; all else goes to standard error. The
// development crate has the scenarios, runs them natively and has the options: `-- --help` lists them.

import { join } from 'node:path';
import { attempt, root, run } from './lib/command.mjs';
import { development } from './lib/development.mjs';
import { median } from './lib/figures.mjs';
import { makeEngineReady, makeNativeReady } from './lib/ready.mjs';
import { command, commentOnStandardError, step } from './lib/steps.mjs';

/**
 * A line of the development crate's output.
 * @typedef {object} Native
 * @property {number} cpus
 * @property {string} scenario
 * @property {{steps: number, ns: number[], trace_hash: string}} measured
 */

const options = process.argv.slice(2);
const nativeCall = ['run', '--quiet', ...development('pace'), '--', 'pace', ...options];

/** @returns {Promise<Native[]>} */
async function natively() {
  const { stdout } = await run('cargo', nativeCall, {
    output: 'hide',
    cure: 'see what the program said above',
  });
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/**
 * Runs a scenario in Chromium as often as natively.
 * @param {import('playwright-core').Page} page
 * @param {Native} native
 */
const inChromium = (page, { scenario, measured }) =>
  page.evaluate(
    async ({ text, rounds }) => {
      const times = [];
      let run;
      for (let round = 0; round < rounds; round++) {
        const start = performance.now();
        run = await faultlineRunner.runVirtual(text);
        times.push((performance.now() - start) * 1e6);
      }
      return { run, times };
    },
    { text: scenario, rounds: measured.ns.length },
  );

/** @param {import('playwright-core').Page} page @param {Native[]} natives */
async function compare(page, natives) {
  let areSame = true;
  console.log('| CPUs | steps | natively, steps/s | in Chromium, steps/s | the same trace |');
  console.log('|---:|---:|---:|---:|---|');
  for (const native of natives) {
    const { steps, ns, trace_hash } = native.measured;
    const there = await inChromium(page, native);
    const pace = (/** @type {number[]} */ times) =>
      `${((steps / median(times)) * 1e3).toFixed(1)} M`;
    const isSame = there.run?.trace_hash === trace_hash;
    areSame &&= isSame;
    const cells = [`${(steps / 1e6).toFixed(1)} M`, pace(ns), pace(there.times)];
    console.log(`| ${native.cpus} | ${cells.join(' | ')} | ${isSame ? 'yes' : 'NO'} |`);
  }
  return areSame;
}

commentOnStandardError();
await command(2, async () => {
  await makeNativeReady();
  if (options.includes('--help')) {
    return (await attempt('cargo', nativeCall, { output: 'terminal' })).status;
  }
  const natives = await step('run natively', natively);
  await makeEngineReady();
  const { serveFolder } = await import('./lib/static-server.mjs');
  const { launchBrowser } = await import('./lib/browser.mjs');
  const host = await serveFolder(join(root, 'web', 'dist'));
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${host.address}runner.html`);
    return (await compare(page, natives)) ? 0 : 1;
  } finally {
    await browser.close();
    await host.close();
  }
});
