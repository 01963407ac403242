// `npm run explore -- FILE [options]`: searches the schedules of a scenario. With --all, every scenario under
// scenarios/explore to three preemptions, or to fewer where that takes longer than S seconds (1,200); with --random, random schedules of the
// larger scenarios, for an hour in all or for --minutes N. Both print the tables of docs/explorer.md on standard output;
// all else goes to standard error.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { attempt, Failure, root, run } from './lib/command.mjs';
import { checkCompiler, checkNode, installRust } from './lib/prerequisites.mjs';
import { commentOnStandardError, explain, say, step } from './lib/steps.mjs';

const usage = `usage: npm run --silent explore -- FILE [options]
       npm run --silent explore -- --all [--seconds S]
       npm run --silent explore -- --random [--minutes N] [--seed N]`;
const cargo = ['--locked', '--profile', 'explore', '--package', 'faultline-cli'];
const features = ['--features', 'teaching'];

/** What is searched at random, with how deep a bug in mind. */
const large = [
  'scenarios/swap-storm.json',
  'scenarios/classroom.json',
  'scenarios/clean-and-dirty.json',
  'scenarios/ladder/churn.json',
];
const depth = 3;
/** How long one scenario may be searched for all its schedules, before one preemption less has to do. */
const usualPatience_s = 1200;

/** @param {string[]} parameters */
async function search(parameters) {
  const { status, stdout } = await attempt(
    'cargo',
    ['run', '--quiet', ...cargo, ...features, '--', 'explore', '--json', ...parameters],
    { output: 'stderr' },
  );
  if (status > 1) throw new Failure(`faultline explore ${parameters.join(' ')} was refused`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

/**
 * Every schedule with the most preemptions for which that can be had.
 * @param {string} file
 * @param {number} patience_s
 */
async function searchWhole(file, patience_s) {
  for (let preemptions = 3; ; preemptions--) {
    const bound = ['--preemptions', `${preemptions}`];
    const budget = preemptions === 0 ? [] : ['--seconds', `${patience_s}`];
    const found = await search([file, ...bound, ...budget]);
    if (found.searched.complete || !found.ok) return { ...found, preemptions };
    say(`${basename(file)}: ${preemptions} preemptions are too many for ${patience_s} s`);
  }
}

/** @param {number} patience_s */
async function searchAll(patience_s) {
  const folder = join(root, 'scenarios/explore');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  let ok = true;
  console.log('| scenario | what meets | preemptions | schedules | states | steps | seconds |');
  console.log('|---|---|---:|---:|---:|---:|---:|');
  for (const name of files.sort()) {
    const file = join(folder, name);
    const { title } = JSON.parse(readFileSync(file, 'utf8'));
    const found = await searchWhole(file, patience_s);
    const { schedules, states, steps, seconds } = found.searched;
    const numbers = [found.preemptions, schedules, states, steps].map((number) =>
      number.toLocaleString('en'),
    );
    const cells = [`\`${basename(name, '.json')}\``, title, ...numbers, seconds.toFixed(1)];
    console.log(`| ${cells.join(' | ')} |`);
    if (!found.ok) say(JSON.stringify(found.findings));
    ok &&= found.ok;
  }
  return ok;
}

/**
 * @param {number} minutes
 * @param {number} seed
 */
async function searchAtRandom(minutes, seed) {
  let ok = true;
  console.log('| scenario | seed | random schedules | steps | seconds |');
  console.log('|---|---:|---:|---:|---:|');
  const seconds = Math.ceil((minutes * 60) / large.length);
  for (const name of large) {
    const how = ['--pct', `${depth}`, '--steps', '5000000'];
    const budget = ['--seconds', `${seconds}`, '--seed', `${seed}`];
    const found = await search([join(root, name), ...how, ...budget]);
    const { schedules, steps, seconds: took } = found.searched;
    const numbers = [schedules, steps].map((number) => number.toLocaleString('en'));
    console.log(`| \`${name}\` | ${seed} | ${numbers.join(' | ')} | ${took.toFixed(0)} |`);
    if (!found.ok) say(JSON.stringify(found.findings));
    ok &&= found.ok;
  }
  return ok;
}

/** @param {string[]} parameters what stands beside --all */
function patienceOf(parameters) {
  const [name, value, ...more] = parameters;
  if (name === undefined) return usualPatience_s;
  if (name !== '--seconds' || !/^[1-9]\d*$/.test(value ?? '') || more.length > 0)
    throw new Failure(`${parameters.join(' ')}: not beside --all`, usage);
  return Number(value);
}

/** @param {string[]} parameters what stands beside --random */
function budgetOf(parameters) {
  const budget = { minutes: 60, seed: Date.now() % 1_000_000 };
  for (let at = 0; at < parameters.length; at += 2) {
    const [name, value] = parameters.slice(at);
    if ((name !== '--minutes' && name !== '--seed') || !/^\d+$/.test(value ?? ''))
      throw new Failure(`${parameters.slice(at).join(' ')}: not beside --random`, usage);
    budget[name === '--seed' ? 'seed' : 'minutes'] = Number(value);
  }
  return budget;
}

commentOnStandardError();
try {
  const parameters = process.argv.slice(2);
  const [first, ...rest] = parameters;
  const budget = first === '--random' ? budgetOf(rest) : undefined;
  const patience = first === '--all' ? patienceOf(rest) : undefined;
  await step('look at Node', checkNode);
  await step('install the Rust toolchain', installRust);
  await step('look for a C compiler', checkCompiler);
  await step('build the explorer', () =>
    run('cargo', ['build', ...cargo, ...features], { output: 'stderr' }),
  );
  if (patience !== undefined) {
    process.exitCode = (await searchAll(patience)) ? 0 : 1;
  } else if (budget !== undefined) {
    process.exitCode = (await searchAtRandom(budget.minutes, budget.seed)) ? 0 : 1;
  } else {
    const { status } = await attempt(
      'cargo',
      ['run', '--quiet', ...cargo, ...features, '--', 'explore', ...parameters],
      { output: 'terminal' },
    );
    process.exitCode = status;
  }
} catch (error) {
  explain(error);
  process.exitCode = 2;
}
