// `npm run explore -- FILE [options]`: searches the schedules of a scenario. With --all, every scenario under
// scenarios/explore to three preemptions, or to fewer where that takes too long, as the table of docs/explorer.md on
// standard output, and then random schedules of the larger scenarios, for an hour in all or for --minutes N. All else
// goes to standard error.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { attempt, Failure, root, run } from './lib/command.mjs';
import { checkCompiler, checkNode, installRust } from './lib/prerequisites.mjs';
import { commentOnStandardError, explain, say, step } from './lib/steps.mjs';

const usage = 'usage: npm run --silent explore -- FILE [options], or -- --all [--minutes N]';
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
const patience_s = 1200;

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
 */
async function searchWhole(file) {
  for (let preemptions = 3; ; preemptions--) {
    const bound = ['--preemptions', `${preemptions}`];
    const budget = preemptions === 0 ? [] : ['--seconds', `${patience_s}`];
    const found = await search([file, ...bound, ...budget]);
    if (found.searched.complete || !found.ok) return { ...found, preemptions };
    say(`${basename(file)}: ${preemptions} preemptions are too many for ${patience_s} s`);
  }
}

/** @param {number} minutes */
async function searchAll(minutes) {
  const folder = join(root, 'scenarios/explore');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  let ok = true;
  console.log('| scenario | what meets | preemptions | schedules | states | steps | seconds |');
  console.log('|---|---|---:|---:|---:|---:|---:|');
  for (const name of files.sort()) {
    const file = join(folder, name);
    const { title } = JSON.parse(readFileSync(file, 'utf8'));
    const found = await searchWhole(file);
    const { schedules, states, steps, seconds } = found.searched;
    const numbers = [found.preemptions, schedules, states, steps].map((number) =>
      number.toLocaleString('en'),
    );
    const cells = [`\`${basename(name, '.json')}\``, title, ...numbers, seconds.toFixed(1)];
    console.log(`| ${cells.join(' | ')} |`);
    if (!found.ok) say(JSON.stringify(found.findings));
    ok &&= found.ok;
  }
  console.log('\n| scenario | random schedules | steps | seconds |\n|---|---:|---:|---:|');
  const seconds = Math.ceil((minutes * 60) / large.length);
  for (const name of large) {
    const budget = ['--seconds', `${seconds}`, '--seed', `${Date.now() % 1_000_000}`];
    const found = await search([
      join(root, name),
      '--pct',
      `${depth}`,
      '--steps',
      '5000000',
      ...budget,
    ]);
    const { schedules, steps, seconds: took } = found.searched;
    const numbers = [schedules, steps].map((number) => number.toLocaleString('en'));
    console.log(`| \`${name}\` | ${numbers.join(' | ')} | ${took.toFixed(0)} |`);
    if (!found.ok) say(JSON.stringify(found.findings));
    ok &&= found.ok;
  }
  return ok;
}

/** @param {string[]} parameters */
function minutesOf(parameters) {
  const rest = parameters.filter((parameter) => parameter !== '--all');
  if (rest.length === 0) return 60;
  const [name, value] = rest;
  if (rest.length !== 2 || name !== '--minutes' || !/^\d+$/.test(value ?? ''))
    throw new Failure(`${rest.join(' ')}: not beside --all`, usage);
  return Number(value);
}

commentOnStandardError();
try {
  const parameters = process.argv.slice(2);
  const all = parameters.includes('--all');
  const minutes = all ? minutesOf(parameters) : 0;
  await step('look at Node', checkNode);
  await step('install the Rust toolchain', installRust);
  await step('look for a C compiler', checkCompiler);
  await step('build the explorer', () =>
    run('cargo', ['build', ...cargo, ...features], { output: 'stderr' }),
  );
  if (all) {
    process.exitCode = (await searchAll(minutes)) ? 0 : 1;
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
