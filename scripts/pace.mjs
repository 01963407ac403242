// `npm run --silent pace`: how many steps of virtual CPUs a second this computer makes, natively and in Chromium,
// on the notes' machine with long workloads. A table on standard output; all else on standard error.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, root, run } from './lib/command.mjs';
import { median } from './lib/median.mjs';
import {
  checkCompiler,
  checkNode,
  installBrowser,
  installPackages,
  installRust,
  installWasmBindgen,
} from './lib/prerequisites.mjs';
import { commentOnStandardError, explain, step } from './lib/steps.mjs';
import { buildPage, buildWasm } from './lib/wasm.mjs';

const usage = 'usage: npm run --silent pace -- [--accesses N] [--rounds N] [--cpus N,...]';

function readCall() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        accesses: { type: 'string', default: '1000000' },
        rounds: { type: 'string', default: '5' },
        cpus: { type: 'string', default: '1,8,64' },
      },
    }));
  } catch (error) {
    throw new Failure(/** @type {Error} */ (error).message, usage);
  }
  const count = (/** @type {string} */ name, /** @type {string} */ text, most = 1e9) => {
    if (!/^[1-9]\d*$/.test(text) || Number(text) > most)
      throw new Failure(`--${name} ${text}: a number from 1 to ${most}`, usage);
    return Number(text);
  };
  return {
    accesses: count('accesses', values.accesses),
    rounds: count('rounds', values.rounds, 1000),
    cpus: values.cpus.split(',').map((text) => count('cpus', text, 128)),
  };
}

/** The notes' machine with so many CPUs at work. @param {number} cpus @param {number} accesses */
function scenario(cpus, accesses) {
  const notes = JSON.parse(readFileSync(join(root, 'scenarios', 'notes-machine.json'), 'utf8'));
  notes.machine.cpus = cpus;
  notes.script = [
    { op: 'spawn', as: 'notes', pages: 2047 },
    ...[0.3, 0].map((writes) => ({
      ...{ op: 'run', process: 'notes', cpus, pattern: 'uniform', pages: [0, 1500] },
      ...{ accesses: Math.ceil(accesses / 2), writes, seed: 1 },
    })),
  ];
  return JSON.stringify(notes);
}

/**
 * @param {string} text
 * @param {number} rounds
 * @returns {Promise<{steps: number, ns: number[], trace_hash: string}>}
 */
async function natively(text, rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
  try {
    const file = join(folder, 'scenario.json');
    writeFileSync(file, text);
    const example = ['run', '-q', '--release', '-p', 'faultline', '--example', 'pace', '--'];
    const { stdout } = await run('cargo', [...example, file, '--rounds', `${rounds}`], {
      output: 'hide',
      cure: 'see what the compiler said above',
    });
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

commentOnStandardError();
try {
  const call = readCall();
  await step('look at Node', checkNode);
  await step('install the Rust toolchain', installRust);
  await step('look for a C compiler', checkCompiler);
  await step('install npm packages', installPackages);
  await step('install wasm-bindgen', installWasmBindgen);
  await step('look for Chromium', installBrowser);
  await step('build the engine for the browser', buildWasm);
  await step('build the page', buildPage);
  const { serveFolder } = await import('./lib/static-server.mjs');
  const { launchBrowser } = await import('./lib/browser.mjs');
  const host = await serveFolder(join(root, 'web', 'dist'));
  const browser = await launchBrowser();
  console.log('| CPUs | steps | natively, steps/s | in Chromium, steps/s | the same trace |');
  console.log('|---:|---:|---:|---:|---|');
  try {
    const page = await browser.newPage();
    await page.goto(`${host.address}runner.html`);
    for (const cpus of call.cpus) {
      const text = scenario(cpus, call.accesses);
      const native = await natively(text, call.rounds);
      const there = await page.evaluate(
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
        { text, rounds: call.rounds },
      );
      const pace = (/** @type {number[]} */ times) =>
        `${((native.steps / median(times)) * 1e3).toFixed(1)} M`;
      const same = there.run?.trace_hash === native.trace_hash ? 'yes' : 'NO';
      if (same === 'NO') process.exitCode = 1;
      console.log(
        `| ${cpus} | ${(native.steps / 1e6).toFixed(1)} M | ${pace(native.ns)} | ${pace(there.times)} | ${same} |`,
      );
    }
  } finally {
    await browser.close();
    await host.close();
  }
} catch (error) {
  explain(error);
  process.exitCode = 2;
}
