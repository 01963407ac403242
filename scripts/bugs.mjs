// `npm run --silent bugs`: lets the explorer look for each bug in its scenario, and prints what found it, after how
// many schedules, and how short the failing schedule is, as a table on standard output. With --renew the failing
// schedule is put into the scenario, which replays it. All else goes to standard error.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { attempt, Failure, root, run } from './lib/command.mjs';
import { buildCommand } from './lib/native.mjs';
import { commentOnStandardError, explain, step } from './lib/steps.mjs';

const usage = 'usage: npm run --silent bugs -- [--only NAME]... [--seconds N] [--renew] [--json]';
const folder = join(root, 'scenarios', 'bugs');

/** What found a bug, by the kind of finding. */
const finders = /** @type {Record<string, string>} */ ({
  audit: 'the audit',
  deadlock: 'a deadlock',
  failure: 'an expectation',
  livelock: 'a run that never ends',
  'lock-order': 'the rank checker',
  panic: "the engine's own checks",
});

/**
 * What `faultline explore --json` prints.
 * @typedef {object} Found
 * @property {boolean} ok
 * @property {{complete: boolean, schedules: number}} searched
 * @property {{kind: string, text: string}[]} findings
 * @property {number} [preemptions]
 * @property {number} [steps]
 * @property {{runtime: {schedule: [number, number][]}} | null} scenario
 */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string} wrong
 * @property {Found} found
 * @property {Found['searched']} clean the search of the same scenario without the bug
 */

function readCall() {
  const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
  let values;
  try {
    values = parse();
  } catch (error) {
    throw new Failure(/** @type {Error} */ (error).message, usage);
  }
  const unknown = values.only.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Failure(`--only ${unknown}: there are ${names.join(', ')}`, usage);
  if (!/^[1-9]\d{0,4}$/.test(values.seconds))
    throw new Failure(`--seconds ${values.seconds}: a number from 1 on`, usage);
  return values;
}

const parse = () =>
  parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      seconds: { type: 'string', default: '6' },
      renew: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  }).values;

/**
 * Each bug and what is wrong with it, in the order and the words of the engine.
 * @param {string} command
 * @returns {Promise<[string, string][]>}
 */
async function readBugs(command) {
  const { stdout } = await run(command, ['schema'], { output: 'hide' });
  /** @type {{const: string, description: string}[]} */
  const branches = JSON.parse(stdout).$defs.Bug.oneOf;
  return branches.map((branch) => [branch.const, branch.description.replaceAll('\n', ' ')]);
}

/**
 * @param {string} command
 * @param {string} file
 * @param {string[]} parameters
 * @returns {Promise<Found>}
 */
async function explore(command, file, parameters) {
  const call = ['explore', file, '--json', ...parameters];
  const { status, stdout, output } = await attempt(command, call, { output: 'hide' });
  if (status > 1) throw new Failure(`faultline ${call.join(' ')}: ${output}`);
  return JSON.parse(stdout);
}

/** @param {string} command @param {string} name @param {string} wrong @param {string} seconds */
async function search(command, name, wrong, seconds) {
  const file = join(folder, `${name}.json`);
  const temporary = mkdtempSync(join(tmpdir(), 'faultline-'));
  try {
    const found = await explore(command, file, ['--seconds', seconds]);
    if (found.ok) throw new Failure(`${name} was not found in ${seconds} s`, 'try --seconds 60');
    const scenario = JSON.parse(readFileSync(file, 'utf8'));
    delete scenario.machine.bugs;
    delete scenario.runtime;
    const clean = join(temporary, `${name}.json`);
    writeFileSync(clean, JSON.stringify(scenario));
    const without = await explore(command, clean, ['--seconds', seconds]);
    if (!without.ok) throw new Failure(`${name} fails without its bug: ${JSON.stringify(without)}`);
    return /** @type {Row} */ ({ name, wrong, found, clean: without.searched });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Puts the schedule into the scenario, whose other lines stay as somebody wrote them. @param {Row} row */
function renew({ name, found }) {
  const file = join(folder, `${name}.json`);
  const schedule = found.scenario?.runtime.schedule ?? [];
  const lines = readFileSync(file, 'utf8').split('\n');
  const kept = lines.filter((line) => !line.startsWith('  "runtime":'));
  if (schedule.length > 0) {
    const runtime = `  "runtime": {"kind": "virtual", "schedule": ${JSON.stringify(schedule)}},`;
    kept.splice(kept.indexOf('  "script": ['), 0, runtime);
  }
  writeFileSync(file, kept.join('\n'));
}

/** @param {Row} row */
function cellsOf({ name, wrong, found, clean }) {
  const kinds = [...new Set(found.findings.map(({ kind }) => kind))];
  const deviations = found.scenario?.runtime.schedule.length ?? 0;
  return [
    `\`${name}\``,
    wrong,
    kinds.map((kind) => finders[kind] ?? kind).join(', '),
    `${found.searched.schedules}`,
    `${deviations} + ${found.preemptions} in ${found.steps}`,
    `${clean.schedules}${clean.complete ? ', all there are' : ''}`,
  ];
}

/** @param {Row[]} rows */
function tableOf(rows) {
  const head = [
    ...['bug', 'what is wrong', 'found by', 'schedules tried'],
    ...['switches + preemptions in steps', 'tried without it'],
  ];
  return [head, head.map(() => '---'), ...rows.map(cellsOf)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

commentOnStandardError();
try {
  const { only, seconds, renew: renews, json } = readCall();
  const command = await step('build the command', () => buildCommand('explore', ['teaching']));
  const bugs = await readBugs(command);
  const rows = /** @type {Row[]} */ ([]);
  for (const [name, wrong] of bugs) {
    if (only.length > 0 && !only.includes(name)) continue;
    rows.push(await step(name, () => search(command, name, wrong, seconds)));
  }
  if (renews) rows.forEach(renew);
  console.log(json ? JSON.stringify(rows) : tableOf(rows));
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
