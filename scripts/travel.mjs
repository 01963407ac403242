// `npm run --silent travel` measures the cost of going to any place of a long virtual run in Chromium. It prints a table,
// or one JSON object with --json, on standard output; all else goes to standard error.

import { join } from 'node:path';
import { launchBrowser } from './lib/browser.mjs';
import { root } from './lib/command.mjs';
import { percentile } from './lib/figures.mjs';
import { count, readOptions } from './lib/options.mjs';
import { makeEngineReady } from './lib/ready.mjs';
import { serveFolder } from './lib/static-server.mjs';
import { command, commentOnStandardError } from './lib/steps.mjs';

const usage = 'usage: npm run --silent travel -- [--accesses N] [--jumps N] [--json]';

function readCall() {
  const { accesses, jumps, json } = readOptions(usage, {
    accesses: { type: 'string', default: '280000' },
    jumps: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  });
  const number = (/** @type {string} */ name, /** @type {string} */ text) =>
    count(usage, name, text, 1e9);
  return { accesses: number('accesses', accesses), jumps: number('jumps', jumps), json };
}

/** The notes' machine, whose every second access is a fault. @param {number} accesses */
const scenarioOf = (accesses) => ({
  faultline: 1,
  machine: { frames: 1024, slots: 1024, cpus: 8 },
  runtime: { kind: 'virtual', seed: 3 },
  script: [
    { op: 'spawn', as: 'init', pages: 2000 },
    {
      op: 'run',
      process: 'init',
      cpus: 8,
      pattern: 'uniform',
      accesses,
      writes: 0.3,
    },
  ],
});

/** @param {ReturnType<typeof readCall>} call */
async function measure({ accesses, jumps }) {
  const host = await serveFolder(join(root, 'web', 'dist'));
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${host.address}runner.html`);
    return await page.evaluate(
      async ({ scenario, jumps }) => {
        const failed = Promise.withResolvers();
        const { Laboratory } = faultlineRunner;
        const machine = await Laboratory.open(JSON.stringify(scenario), failed.reject);
        await machine.follow(/** @type {any} */ (scenario.script));
        const begin = performance.now();
        const { stand } = await machine.go({ line: scenario.script.length });
        const seconds = (performance.now() - begin) / 1000;
        const end = await machine.imageHash();
        let seed = 1;
        const draw = () => {
          seed = (seed * 48271) % 2147483647;
          return seed / 2147483647;
        };
        /** @param {() => object} target */
        const times = async (target) => {
          const taken = [];
          for (let count = 0; count < jumps; count++) {
            const start = performance.now();
            await machine.go(/** @type {any} */ (target()));
            taken.push(performance.now() - start);
          }
          return taken;
        };
        const jump = await times(() => ({ events: Math.floor(draw() * stand.events) }));
        const back = await times(() => ({ step: 'back' }));
        const fault = await times(() => ({ previous: { kinds: ['fault-begin'] } }));
        const last = await machine.go({ line: scenario.script.length });
        const same = (await machine.imageHash()) === end;
        machine.close();
        return { events: stand.events, seconds, same, kept: last.kept, jump, back, fault };
      },
      { scenario: scenarioOf(accesses), jumps },
    );
  } finally {
    await browser.close();
    await host.close();
  }
}

/** @param {number[]} times */
function summary(times) {
  const at = (/** @type {number} */ share) => Math.round(percentile(times, share));
  return { p50_ms: at(0.5), p90_ms: at(0.9), max_ms: at(1) };
}

commentOnStandardError();
await command(2, async () => {
  const call = readCall();
  await makeEngineReady();
  const { events, seconds, same, kept, jump, back, fault } = await measure(call);
  const result = {
    events,
    events_per_second: Math.round(events / seconds),
    checkpoints: kept.checkpoints,
    checkpoint_mib: Math.round(kept.bytes / 2 ** 20),
    jump: summary(jump),
    step_back: summary(back),
    fault_back: summary(fault),
    comes_back_to_the_same_state: same,
  };
  if (call.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const row = (/** @type {string} */ name, /** @type {ReturnType<typeof summary>} */ of) =>
      `| ${name} | ${of.p50_ms} | ${of.p90_ms} | ${of.max_ms} |\n`;
    process.stdout.write(
      `${events} events at ${(result.events_per_second / 1e6).toFixed(2)} million a second; ` +
        `${kept.checkpoints} checkpoints, ${result.checkpoint_mib} MiB; ` +
        `back at the end the state is ${same ? 'the same' : 'ANOTHER'}\n\n` +
        '| ms | p50 | p90 | max |\n|---|---:|---:|---:|\n' +
        row('to any event', result.jump) +
        row('one step back', result.step_back) +
        row('to the fault before', result.fault_back),
    );
  }
  return same ? 0 : 1;
});
