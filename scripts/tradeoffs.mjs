// `npm run tradeoffs`: both sides of each switch of the ladder, in turns, on threads and on virtual CPUs, as one
// table on standard output. All else goes to standard error.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, run } from './lib/command.mjs';
import { readLadder, scenarioUnder, settingsOf } from './lib/ladder.mjs';
import { median } from './lib/median.mjs';
import { buildCommand } from './lib/native.mjs';
import { commentOnStandardError, explain, step } from './lib/steps.mjs';

const usage =
  'usage: npm run --silent tradeoffs -- [--accesses N] [--rounds N] [--only NAME]... [--profile NAME] [--json]';

/** @typedef {import('./lib/ladder.mjs').Rung} Rung */
/** @typedef {import('../web/src/generated/types.d.ts').Report} Report */
/** @typedef {'threads' | 'virtual'} Runtime */

/**
 * What a rung came to under one runtime; each pair is side A and side B, each value the median of the rounds.
 * @typedef {object} Row
 * @property {string} name
 * @property {string} title
 * @property {string} switch
 * @property {[unknown, unknown]} sides
 * @property {Runtime} runtime
 * @property {[number, number]} accessesPerSecond of the clock, or of virtual time
 * @property {{median: number, least: number, most: number}} ratio of B's throughput to A's, round by round
 * @property {{kind: string, p50: [number, number], p99: [number, number]}} fault in nanoseconds
 * @property {Record<string, [number, number]>} shows
 */

function readCall() {
  const ladder = readLadder();
  /** @type {ReturnType<typeof parse>} */
  let values;
  try {
    values = parse();
  } catch (error) {
    throw new Failure(/** @type {Error} */ (error).message, usage);
  }
  const count = (/** @type {'accesses' | 'rounds'} */ key) => {
    if (!/^[1-9]\d{0,8}$/.test(values[key]))
      throw new Failure(`--${key} ${values[key]}: a number from 1 on`, usage);
    return Number(values[key]);
  };
  const unknown = values.only.find((name) => !ladder.some((rung) => rung.name === name));
  if (unknown !== undefined) {
    const names = ladder.map(({ name }) => name).join(', ');
    throw new Failure(`--only ${unknown}: there are ${names}`, usage);
  }
  return {
    rungs: ladder.filter(({ name }) => values.only.length === 0 || values.only.includes(name)),
    accesses: count('accesses'),
    rounds: count('rounds'),
    profile: values.profile,
    json: values.json,
  };
}

const parse = () =>
  parseArgs({
    options: {
      accesses: { type: 'string', default: '500000' },
      rounds: { type: 'string', default: '9' },
      only: { type: 'string', multiple: true, default: [] },
      profile: { type: 'string', default: 'release' },
      json: { type: 'boolean', default: false },
    },
  }).values;

/**
 * @param {string} command
 * @param {string[]} parameters
 * @returns {Promise<Report>}
 */
async function reportOf(command, parameters) {
  const { stdout } = await run(command, ['run', ...parameters, '--json'], {
    output: 'hide',
    cure: 'the scenario fails: run it without --json',
  });
  return JSON.parse(stdout);
}

/**
 * @param {Report} report
 * @param {string} name
 * @param {number} cpus
 */
function shown(report, name, cpus) {
  const [, lock] = /^wait:(.*)$/.exec(name) ?? [];
  if (lock === undefined)
    return /** @type {Record<string, number>} */ ({ ...report.counters })[name] ?? 0;
  return (report.locks[lock]?.wait_ns ?? 0) / (report.time_ns * cpus);
}

/**
 * @param {Rung} rung
 * @param {Runtime} runtime
 * @param {[Report, Report][]} rounds
 * @param {number} cpus
 * @returns {Row}
 */
function rowOf(rung, runtime, rounds, cpus) {
  const both = (/** @type {(report: Report) => number} */ value) =>
    /** @type {[number, number]} */ ([
      median(rounds.map(([a]) => value(a))),
      median(rounds.map(([, b]) => value(b))),
    ]);
  const speed = (/** @type {Report} */ { counters, time_ns }) =>
    (counters.accesses * 1e9) / time_ns;
  const ratios = rounds.map(([a, b]) => speed(b) / speed(a));
  const { name, title, sides, fault: kind } = rung;
  return {
    name,
    title,
    switch: rung.switch,
    sides,
    runtime,
    accessesPerSecond: both(speed),
    ratio: { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) },
    fault: {
      kind,
      p50: both(({ latency }) => latency[kind]?.p50_ns ?? 0),
      p99: both(({ latency }) => latency[kind]?.p99_ns ?? 0),
    },
    shows: Object.fromEntries(
      rung.shows.map((counter) => [counter, both((report) => shown(report, counter, cpus))]),
    ),
  };
}

/**
 * Every rung in every round, its sides in turns, so that whatever else the computer does falls on both alike.
 * @param {{command: string, folder: string, rungs: Rung[], accesses: number, rounds: number}} call
 */
async function measure({ command, folder, rungs, accesses, rounds }) {
  const runtimes = /** @type {const} */ (['threads', 'virtual']);
  const works = rungs.map((rung) => {
    const scenario = scenarioUnder(rung, accesses);
    const file = join(folder, `${rung.name}.json`);
    writeFileSync(file, JSON.stringify(scenario));
    const reports = { threads: [], virtual: [] };
    return {
      ...{ rung, file, cpus: scenario.machine.cpus },
      reports: /** @type {Record<Runtime, [Report, Report][]>} */ (reports),
    };
  });
  for (let round = 1; round <= rounds; round += 1) {
    await step(`round ${round} of ${rounds}`, async () => {
      for (const { rung, file, reports } of works) {
        for (const runtime of runtimes) {
          const side = (/** @type {0 | 1} */ index) => {
            const how = runtime === 'threads' ? [] : ['--seed', `${round}`];
            const settings = settingsOf(rung, rung.sides[index]);
            return reportOf(command, [file, '--runtime', runtime, ...how, ...settings]);
          };
          const first = round % 2 === 0 ? 1 : 0;
          const one = await side(first);
          const other = await side(first === 0 ? 1 : 0);
          reports[runtime].push(first === 0 ? [one, other] : [other, one]);
        }
      }
    });
  }
  return works.flatMap(({ rung, cpus, reports }) =>
    runtimes.map((runtime) => rowOf(rung, runtime, reports[runtime], cpus)),
  );
}

/** @param {number} value */
const digits = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** @param {number} value */
function count(value) {
  if (value < 1e4) return `${Math.round(value)}`;
  return value < 1e6 ? `${digits(value / 1e3)} k` : `${digits(value / 1e6)} M`;
}

/** @param {number} ns */
function time(ns) {
  if (ns < 1e4) return `${Math.round(ns)} ns`;
  return ns < 1e6 ? `${digits(ns / 1e3)} us` : `${digits(ns / 1e6)} ms`;
}

/** @param {unknown} side */
const word = (side) => (typeof side === 'string' ? side : JSON.stringify(side));

/** @param {Row[]} rows */
function tableOf(rows) {
  const lines = rows.map(({ name, sides, runtime, accessesPerSecond, ratio, fault, shows }) => {
    const [a, b] = accessesPerSecond;
    const latency = (/** @type {0 | 1} */ side) =>
      `${time(fault.p50[side])} / ${time(fault.p99[side])}`;
    const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(1)} %`;
    const why = Object.entries(shows).map(([counter, values]) => {
      const [left, right] = values.map(counter.startsWith('wait:') ? percent : count);
      return `${counter} ${left} → ${right}`;
    });
    return [
      name,
      `${word(sides[0])} → ${word(sides[1])}`,
      runtime,
      `${count(a)} → ${count(b)}`,
      `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`,
      `${fault.kind} ${latency(0)} → ${latency(1)}`,
      why.join(', '),
    ];
  });
  const head = [
    ...['switch', 'A → B', 'runtime', 'accesses/s', 'B over A', 'fault p50 / p99'],
    'what shows it',
  ];
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

commentOnStandardError();
const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
try {
  const { rungs, accesses, rounds, profile, json } = readCall();
  const command = await step('build the command', () => buildCommand(profile));
  const rows = await measure({ command, folder, rungs, accesses, rounds });
  console.log(json ? JSON.stringify({ accesses, rounds, rows }) : tableOf(rows));
} catch (error) {
  explain(error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
