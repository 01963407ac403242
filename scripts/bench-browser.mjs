// `npm run --silent bench:browser`: V8, the engine in Chromium and in Firefox against the engine natively, on the same
// scenarios, on threads with one CPU at work. All take turns in each round; a ratio is the median of the rounds' ratios. A
// table on standard output; all else on standard error.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, root, run } from './lib/command.mjs';
import { median } from './lib/figures.mjs';
import { buildCommand } from './lib/native.mjs';
import { count, readOptions } from './lib/options.mjs';
import { findFirefox } from './lib/other-browsers.mjs';
import { makeEngineReady } from './lib/ready.mjs';
import { command, commentOnStandardError, say, step } from './lib/steps.mjs';

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

/**
 * A browser that has the page for running scenarios open.
 * @typedef {{name: string, time: (scenario: string) => Promise<number>, close: () => Promise<void>}} Browser
 */

/**
 * Loads a file of `web/browsers`, which is TypeScript: Node does not read it.
 * @template T
 * @param {string} name
 * @returns {Promise<T>}
 */
async function load(name) {
  const { runnerImport } = await import('vite');
  const file = join(root, 'web', 'browsers', name);
  const { module } = await runnerImport(file, { root, configFile: false, logLevel: 'silent' });
  return /** @type {T} */ (module);
}

/**
 * Starts the browsers that are there: Chromium, and Firefox.
 * @param {string} address of the page
 * @param {Browser[]} browsers takes each that has started
 */
async function startBrowsers(address, browsers) {
  const firefox = findFirefox();
  /** @type {typeof import('../web/browsers/driver.ts')} */
  const { until } = await load('driver.ts');
  /** @type {typeof import('../web/browsers/chromium.ts')} */
  const { startChromium } = await load('chromium.ts');
  /** @type {typeof import('../web/browsers/firefox.ts')} */
  const { startFirefox } = await load('firefox.ts');
  const starts = [{ name: 'Chromium', start: startChromium }];
  if (firefox === null) say('There is no Firefox: not measured.');
  else starts.push({ name: 'Firefox', start: () => startFirefox(firefox) });
  for (const { name, start } of starts) {
    const running = await start();
    const visitor = await running.visit();
    browsers.push({
      name: `${name} ${running.version.split('.')[0]}`,
      async time(scenario) {
        await visitor.ask(begin, scenario);
        const { stdout, error } = await until(visitor, outcome, (told) => told !== null);
        if (error !== undefined) throw new Failure(`${name}: ${error}`);
        return timeOf(stdout);
      },
      close: () => running.close(),
    });
    await visitor.open(address);
  }
}

/** Run in the page: begins a scenario; an answer that takes long is asked for. @param {string} scenario */
function begin(scenario) {
  const host = /** @type {{outcome?: {stdout?: string, error?: string} | null}} */ (globalThis);
  host.outcome = null;
  faultlineRunner.runScenario(scenario, { runtime: 'threads' }, {}, { json: true }).then(
    ({ stdout }) => {
      host.outcome = { stdout };
    },
    (error) => {
      host.outcome = { error: String(error) };
    },
  );
}

/** Run in the page: what the scenario printed, or null while it runs. */
const outcome = () => Reflect.get(globalThis, 'outcome');

/** Measures a figure in rounds. @param {Figure} figure @param {string} program @param {Browser[]} browsers @param {number} rounds */
async function measure({ name, atMost, count, scenario }, program, browsers, rounds) {
  const text = JSON.stringify(scenario);
  const file = join(folder, 'scenario.json');
  writeFileSync(file, text);
  const natively = async () => {
    const call = ['run', file, '--runtime', 'threads', '--json'];
    return timeOf((await run(program, call, { output: 'hide' })).stdout);
  };
  // A browser optimizes a module while it runs: the first round is a warm-up.
  for (const browser of browsers) await browser.time(text);
  const native = /** @type {number[]} */ ([]);
  const browsed = browsers.map(() => /** @type {number[]} */ ([]));
  for (let round = 0; round < rounds; round++) {
    native.push((await natively()) / count);
    for (const [index, browser] of browsers.entries()) {
      browsed[index]?.push((await browser.time(text)) / count);
    }
  }
  const inBrowsers = browsers.map((browser, index) => {
    const times = browsed[index] ?? [];
    const ratio = median(times.map((time, round) => time / (native[round] ?? Number.NaN)));
    return { browser: browser.name, ns: median(times), ratio };
  });
  return { name, native: median(native), browsers: inBrowsers, atMost };
}

/** @param {Awaited<ReturnType<typeof measure>>[]} results */
function print(results) {
  const names = results[0]?.browsers.map(({ browser }) => browser) ?? [];
  const heads = names.map((name) => ` in ${name}, ns | times native (at most) |`);
  console.log(`| | what | natively, ns |${heads.join('')}`);
  console.log(`|---|---|---:|${'---:|'.repeat(2 * names.length)}`);
  for (const { name, native, browsers, atMost } of results) {
    const cells = browsers.map(
      ({ ns, ratio }) => ` ${ns.toFixed(1)} | ${ratio.toFixed(2)} (${atMost}) |`,
    );
    console.log(`| V8 | ${name} | ${native.toFixed(1)} |${cells.join('')}`);
  }
}

commentOnStandardError();
const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
await command(2, async () => {
  const { rounds, json } = readCall();
  await makeEngineReady();
  const program = await step('build the command', () => buildCommand('release'));
  const { serveFolder } = await import('./lib/static-server.mjs');
  const host = await serveFolder(join(root, 'web', 'dist'));
  /** @type {Browser[]} */
  const browsers = [];
  const results = [];
  try {
    await startBrowsers(`${host.address}runner.html`, browsers);
    for (const figure of figures) results.push(await measure(figure, program, browsers, rounds));
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await host.close();
  }
  if (json) console.log(JSON.stringify({ V8: results }));
  else print(results);
});
rmSync(folder, { recursive: true, force: true });
