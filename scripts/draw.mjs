// `npm run --silent draw` measures the cost of a frame on the page's main thread, with tables, frames and timeline open
// over a large machine whose CPU workers fault all the time; of a frame while the timeline of a long run is zoomed and
// panned; the frames that a machine at rest draws; and when a first visit moves. It prints a table, or one JSON object with
// --json, on standard output; all else goes to standard error.

import { loadavg } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { launchBrowser } from './lib/browser.mjs';
import { Failure, root } from './lib/command.mjs';
import { percentile } from './lib/figures.mjs';
import { count, readOptions } from './lib/options.mjs';
import { makeEngineReady } from './lib/ready.mjs';
import { serveFolder } from './lib/static-server.mjs';
import { command, commentOnStandardError } from './lib/steps.mjs';

const usage =
  'usage: npm run --silent draw -- [--frames N] [--cpus N] [--seconds S] [--runtime threads|virtual] [--json]';

function readCall() {
  const values = readOptions(usage, {
    frames: { type: 'string', default: '16384' },
    cpus: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '10' },
    runtime: { type: 'string', default: 'threads' },
    json: { type: 'boolean', default: false },
  });
  if (!['threads', 'virtual'].includes(values.runtime))
    throw new Failure(`--runtime ${values.runtime}: threads or virtual`, usage);
  return {
    frames: count(usage, 'frames', values.frames),
    cpus: count(usage, 'cpus', values.cpus),
    seconds: count(usage, 'seconds', values.seconds),
    runtime: values.runtime,
    json: values.json,
  };
}

/** Twice as many pages as frames, touched at random: most accesses fault, and the daemons have no rest. @param {ReturnType<typeof readCall>} call */
function scenario({ frames, cpus, runtime }) {
  return {
    faultline: 1,
    title: 'Every cell moves',
    machine: { frames, slots: 2 * frames, cpus },
    runtime: { kind: runtime },
    script: [
      { op: 'spawn', as: 'init', pages: 2 * frames },
      {
        op: 'run',
        process: 'init',
        cpus,
        pattern: 'uniform',
        accesses: 1_000_000_000,
        writes: 0.5,
        seed: 1,
      },
    ],
  };
}

/** A run of about as many events as the timeline keeps. */
const long = {
  faultline: 1,
  title: 'A long run',
  machine: { frames: 256, slots: 1024, cpus: 4 },
  runtime: { kind: 'virtual', seed: 1 },
  script: [
    { op: 'spawn', as: 'init', pages: 512 },
    {
      op: 'run',
      process: 'init',
      cpus: 4,
      pattern: 'uniform',
      accesses: 60_000,
      writes: 0.5,
      seed: 1,
    },
  ],
};

/**
 * @typedef {{name: string, ph: string, pid: number, tid: number, ts: number, dur?: number, tdur?: number,
 *   args?: {name?: string}}} TraceEvent
 */

/**
 * The tasks of the page's main thread in which frames were made: script, style, layout and paint. Milliseconds each.
 * @param {Buffer} trace
 */
function framesOf(trace) {
  /** @type {TraceEvent[]} */
  const events = JSON.parse(trace.toString()).traceEvents;
  const fired = events.filter(({ name }) => name === 'FireAnimationFrame');
  const [first] = fired;
  if (first === undefined) return { wall: [], cpu: [] };
  const mine = (/** @type {TraceEvent} */ { pid, tid }) => pid === first.pid && tid === first.tid;
  const tasks = events
    .filter((event) => event.name === 'RunTask' && event.ph === 'X' && mine(event))
    .sort((a, b) => a.ts - b.ts);
  const made = new Set();
  let at = 0;
  for (const { ts } of fired.filter(mine).sort((a, b) => a.ts - b.ts)) {
    while (at + 1 < tasks.length && (tasks[at + 1]?.ts ?? 0) <= ts) at++;
    if (tasks[at] !== undefined) made.add(tasks[at]);
  }
  const frames = /** @type {TraceEvent[]} */ ([...made]);
  const times = (/** @type {(frame: TraceEvent) => number} */ of) =>
    frames.map((frame) => of(frame) / 1000);
  return { wall: times(({ dur }) => dur ?? 0), cpu: times(({ tdur }) => tdur ?? 0) };
}

/** @param {number[]} times */
function summary(times) {
  const at = (/** @type {number} */ share) => percentile(times, share);
  return { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) };
}

/** First visits that are timed. */
const VISITS = 5;

/**
 * When the story of a first visit has moved, in milliseconds from the navigation: the first frame after an event of the
 * engine. Each visitor has a profile of his own, in a browser that is already there.
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 */
async function firstMovements(browser, address) {
  const times = [];
  for (let visit = 0; visit < VISITS; visit++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(address, { waitUntil: 'commit' });
    const moved = await page.waitForFunction(() => {
      const events = document.querySelector('[data-place="event"]')?.textContent;
      return Number(events ?? 0) > 0 && performance.now();
    });
    times.push(Number(await moved.jsonValue()));
    await context.close();
  }
  return times;
}

/** @param {ReturnType<typeof readCall>} call */
async function measure(call) {
  const host = await serveFolder(join(root, 'web', 'dist'));
  const browser = await launchBrowser();
  const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));
  try {
    const movements = await firstMovements(browser, host.address);
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      serviceWorkers: 'block',
    });
    const page = await context.newPage();
    const traced = async (/** @type {number} */ seconds) => {
      const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline'];
      await browser.startTracing(page, { categories });
      await pause(seconds * 1000);
      return framesOf(await browser.stopTracing());
    };
    const counted = async () =>
      Number(
        (await page.locator('[data-counter="faults"] .counter-value').textContent())?.replaceAll(
          ',',
          '',
        ),
      );
    const { script, ...machine } = scenario(call);
    const link = (/** @type {object} */ of) =>
      `${host.address}#1.${deflateRawSync(JSON.stringify(of)).toString('base64url')}`;
    await page.goto(link({ ...machine, script: script.slice(0, 1) }));
    await page.waitForSelector('[data-status="ready"]');
    await pause(2000);
    const still = await traced(3);
    await page.goto('about:blank');
    await page.goto(link({ ...machine, script }));
    await page.waitForSelector('[data-status="busy"]');
    await pause(2000);
    const begun = await counted();
    const start = performance.now();
    const moving = await traced(call.seconds);
    const faults = ((await counted()) - begun) / ((performance.now() - start) / 1000);
    await page.goto('about:blank');
    await page.goto(link(long));
    await page.waitForSelector('[data-status="ready"]', { timeout: 300_000 });
    await pause(2000);
    const lanes = page.locator('.tape');
    await lanes.focus();
    const kept = (await page.locator('#timeline-seen').textContent()) ?? '';
    // Keys follow each other as fast as frames, in at the middle of the run, along it and out again.
    const moves = lanes.evaluate(async (element, ms) => {
      const keys = [...'w'.repeat(24), ...'a'.repeat(20), ...'d'.repeat(40), ...'s'.repeat(24)];
      const end = performance.now() + ms;
      for (let at = 0; performance.now() < end; at++) {
        const key = keys[at % keys.length] ?? '';
        element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        await new Promise((drawn) => requestAnimationFrame(drawn));
      }
    }, call.seconds * 1000);
    const zooming = await traced(call.seconds);
    await moves;
    return {
      timeline: { kept, frames: zooming.wall.length, wall: summary(zooming.wall) },
      frames_at_rest: still.wall.length,
      frames: moving.wall.length,
      faults_per_second: Math.round(faults),
      wall: summary(moving.wall),
      cpu: summary(moving.cpu),
      first_movement: { p50_ms: percentile(movements, 0.5), max_ms: Math.max(...movements) },
      load_average: loadavg()[0] ?? Number.NaN,
    };
  } finally {
    await browser.close();
    await host.close();
  }
}

commentOnStandardError();
await command(2, async () => {
  const call = readCall();
  await makeEngineReady();
  const result = await measure(call);
  if (call.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    const row = (/** @type {string} */ name, /** @type {ReturnType<typeof summary>} */ of) =>
      `| ${name} | ${[of.p50_ms, of.p99_ms, of.max_ms].map((ms) => ms.toFixed(1)).join(' | ')} |\n`;
    process.stdout.write(
      `${result.frames} frames in ${call.seconds} s over ${call.frames} page frames and ${call.cpus} CPUs on ` +
        `${call.runtime}, ${result.faults_per_second} faults/s; ${result.frames_at_rest} frames in 3 s at rest\n\n` +
        '| a frame, ms | p50 | p99 | max |\n|---|---:|---:|---:|\n' +
        row('from its beginning to its end', result.wall) +
        row("of the main thread's own time", result.cpu) +
        row('while a timeline is zoomed and panned', result.timeline.wall) +
        `\nThe timeline showed ${result.timeline.kept}, in ${result.timeline.frames} frames.\n` +
        `\nA first visit moves after ${result.first_movement.p50_ms.toFixed(0)} ms (the median of ${VISITS}); ` +
        `the load average was ${result.load_average.toFixed(1)}.\n`,
    );
  }
});
