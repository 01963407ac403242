// `npm run --silent bench:browser`: V8, the engine in Chromium against the engine natively, on the same scenarios, on
// threads with one CPU at work. Both take turns in each round; the ratio is the median of the rounds' ratios. A table
// on standard output; all else on standard error.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, root, run } from './lib/command.mjs';
import { median } from './lib/figures.mjs';
import { buildCommand } from './lib/native.mjs';
import { count, readOptions } from './lib/options.mjs';
import { makeEngineReady } from './lib/ready.mjs';
import { command, commentOnStandardError, step } from './lib/steps.mjs';

const usage = 'usage: npm run --silent bench:browser -- [--rounds N] [--json]';

/** @typedef {{name: string, atMost: number, count: number, scenario: object}} Figure */

const PAGES = 8192;
const LIVES = 24;
const HITS = 40_000_000;

/** A machine that never runs short of frames, with one CPU at work: no wait, no reclaim. */
const machine = { frames: 2 * PAGES, slots: 0, cpus: 1, zeroer: false };

/** @type {Figure[]} */
const figures = [
  {
    name: 'a first write to a page, and its release by a kill',
    atMost: 1.4,
    count: LIVES * PAGES,
    scenario: {
      faultline: 1,
      machine,
      script: Array.from({ length: LIVES }, (_, life) => [
        { op: 'spawn', as: `p${life}`, pages: PAGES },
        {
          ...{ op: 'run', process: `p${life}`, cpus: 1, pattern: 'sequential' },
          ...{ accesses: PAGES, writes: 1, seed: life },
        },
        { op: 'kill', process: `p${life}` },
      ]).flat(),
    },
  },
  {
    name: "a workload's access that hits",
    atMost: 1.5,
    count: HITS,
    scenario: {
      faultline: 1,
      machine,
      script: [
        { op: 'spawn', as: 'p', pages: 256 },
        { op: 'run', process: 'p', cpus: 1, pattern: 'sequential', accesses: 256, writes: 1 },
        {
          ...{ op: 'run', process: 'p', cpus: 1, pattern: 'sequential' },
          ...{ accesses: HITS, writes: 0.5, seed: 1 },
        },
      ],
    },
  },
];

/** Reads from a report how long the script took, in nanoseconds. @param {string} text */
function timeOf(text) {
  const { ok, time_ns } = JSON.parse(text);
  if (!ok) throw new Failure('the scenario did not hold');
  return Number(time_ns);
}

function readCall() {
  const { rounds, json } = readOptions(usage, {
    rounds: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  });
  return { rounds: count(usage, 'rounds', rounds, 999), json };
}

commentOnStandardError();
const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
await command(2, async () => {
  const { rounds, json } = readCall();
  await makeEngineReady();
  const program = await step('build the command', () => buildCommand('release'));
  const { serveFolder } = await import('./lib/static-server.mjs');
  const { launchBrowser } = await import('./lib/browser.mjs');
  const host = await serveFolder(join(root, 'web', 'dist'));
  const browser = await launchBrowser();
  const results = [];
  try {
    const page = await browser.newPage();
    await page.goto(`${host.address}runner.html`);
    for (const { name, atMost, count, scenario } of figures) {
      const text = JSON.stringify(scenario);
      const file = join(folder, 'scenario.json');
      writeFileSync(file, text);
      const natively = async () => {
        const call = ['run', file, '--runtime', 'threads', '--json'];
        return timeOf((await run(program, call, { output: 'hide' })).stdout);
      };
      const inBrowser = async () => {
        const { stdout } = await page.evaluate(
          (given) => faultlineRunner.runScenario(given, { runtime: 'threads' }, {}, { json: true }),
          text,
        );
        return timeOf(stdout);
      };
      // The browser optimizes a module while it runs: the first round is a warm-up.
      await inBrowser();
      const [native, browsed] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
      for (let round = 0; round < rounds; round++) {
        native.push((await natively()) / count);
        browsed.push((await inBrowser()) / count);
      }
      const ratio = median(browsed.map((time, round) => time / (native[round] ?? Number.NaN)));
      results.push({ name, native: median(native), browser: median(browsed), ratio, atMost });
    }
  } finally {
    await browser.close();
    await host.close();
  }
  if (json) {
    console.log(JSON.stringify({ V8: results }));
  } else {
    console.log('| | what | natively ns | in Chromium ns | browser over native (at most) |');
    console.log('|---|---|---:|---:|---:|');
    for (const { name, native, browser: there, ratio, atMost } of results) {
      const numbers = `${native.toFixed(1)} | ${there.toFixed(1)} | ${ratio.toFixed(2)} (${atMost})`;
      console.log(`| V8 | ${name} | ${numbers} |`);
    }
  }
});
rmSync(folder, { recursive: true, force: true });
