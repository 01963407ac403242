// `npm run mutants` puts one mistake after the other into the engine (cargo-mutants) and reports those that the
// quick native tests do not notice. It takes hours; ctrl-c keeps what was judged, and the next call goes on.
//
// -- --file GLOB   these files alone (may be repeated): --file crate/engine/src/memory/swap/slots.rs
// -- --missed      judges the survivors of earlier calls again, after tests were added
//
// Everything it writes is under target/mutants; `docs/testing.md` has the survivors that remain, and why.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, Failure, root, run } from './lib/command.mjs';
import { engineTests } from './lib/engine-tests.mjs';
import { readOptions } from './lib/options.mjs';
import { installCargoMutants } from './lib/prerequisites.mjs';
import { makeNativeReady } from './lib/ready.mjs';
import { command, elapsed, say, step } from './lib/steps.mjs';

/** The files in which mistakes are made: those that move pages, and those that synchronise threads. */
const files = [
  ...['memory', 'machine', 'paging', 'process', 'audit', 'runtime/locks', 'runtime/threads'].map(
    (folder) => `crate/engine/src/${folder}/**/*.rs`,
  ),
  ...['acquire', 'condition', 'epochs'].map((name) => `crate/engine/src/runtime/${name}.rs`),
];

/** Functions without mistakes: those that only print a value, and those that corrupt a machine for tests. */
const exempt = ['impl (fmt::)?Debug', '::corrupt', 'impl Display'];

/** Tests that take seconds. Those of interleavings need the feature; threads work with it too. */
const tests = [
  ...[
    'audit',
    'memory',
    'paging::pages_and_frames',
    'paging::reclaim',
    'paging::victims',
    'process',
  ],
  ...['runtime::locks', 'scenario::report_figures', 'interleavings', 'ways'],
];
/** The part that the names of all unit tests have: the name of their modules. */
const unitTests = 'tests::';

/** Seconds after which a test counts as one that a mistake has hung: they take a tenth of it. */
const timeout = 300;

const folder = join(root, 'target', 'mutants');
const judgedFile = join(folder, 'judged.json');
const runningFile = join(folder, 'running.json');
const outcomes = /** @type {const} */ (['caught', 'missed', 'timeout', 'unviable']);

/** @typedef {{outcome: typeof outcomes[number], hash: string}} Judged */

/** @param {string} file @returns {any} */
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});

/** @param {string} file */
const hashOf = (file) =>
  createHash('sha256')
    .update(readFileSync(join(root, file)))
    .digest('hex');

/** The file that a mistake is in; its name begins with it. @param {string} name */
const fileOf = (name) => name.slice(0, name.indexOf(':'));

/** Adds what the last run has judged, finished or not, to what is known; returns all of it. */
function collect() {
  /** @type {Record<string, Judged>} */
  const judged = read(judgedFile);
  /** @type {Record<string, string>} */
  const hashes = read(runningFile);
  const out = join(folder, 'mutants.out');
  for (const outcome of outcomes) {
    const file = join(out, `${outcome}.txt`);
    const names = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    for (const name of names) {
      const hash = hashes[fileOf(name)];
      if (hash !== undefined) judged[name] = { outcome, hash };
    }
  }
  writeFileSync(judgedFile, JSON.stringify(judged, null, 1));
  rmSync(out, { recursive: true, force: true });
  rmSync(runningFile, { force: true });
  return judged;
}

/** All mistakes that there are to make in some files. @param {string[]} globs */
async function list(globs) {
  const gone = globs.find((glob) => !existsSync(join(root, glob.replace(/\*.*$/, ''))));
  if (gone !== undefined) throw new Failure(`nothing is called ${gone}`, 'look at the names');
  const parameters = ['mutants', '--no-config', '--list', ...globs.flatMap((g) => ['--file', g])];
  const skipped = exempt.flatMap((pattern) => ['--exclude-re', pattern]);
  const { stdout } = await run('cargo', [...parameters, ...skipped], { output: 'hide' });
  const names = stdout.split('\n').filter(Boolean);
  if (names.length === 0) {
    throw new Failure(`no mistake can be made in ${globs.join(', ')}`, 'look at the names');
  }
  return names;
}

/** @param {string} text */
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * @param {string[]} globs
 * @param {boolean} missedAgain
 */
async function judge(globs, missedAgain) {
  mkdirSync(folder, { recursive: true });
  const judged = collect();
  const names = await list(globs);
  const hashes = Object.fromEntries([...new Set(names.map(fileOf))].map((f) => [f, hashOf(f)]));
  /** A mistake is judged once, as long as its file stays as it is. */
  const known = (/** @type {string} */ name) => {
    const before = judged[name];
    const again = missedAgain && before?.outcome === 'missed';
    return before !== undefined && before.hash === hashes[fileOf(name)] && !again;
  };
  const left = names.filter((name) => !known(name));
  say(`   ${names.length} mistakes, of which ${names.length - left.length} are judged already`);
  if (left.length > 0) {
    const config = join(folder, 'mutants.toml');
    const patterns = [...exempt, ...names.filter(known).map((name) => `^${literally(name)}$`)];
    writeFileSync(config, `exclude_re = ${JSON.stringify(patterns)}\n`);
    writeFileSync(runningFile, JSON.stringify(hashes));
    const parameters = [
      ...['mutants', '--config', config, '--output', folder, '--jobs', '1'],
      ...['--package', 'faultline', '--features', 'footprints', '--timeout', String(timeout)],
      ...globs.flatMap((glob) => ['--file', glob]),
      ...['--', '--locked', '--lib', ...engineTests(tests), unitTests],
    ];
    // No debugger reads these builds.
    const env = { CARGO_PROFILE_DEV_DEBUG: '0' };
    const { status } = await attempt('cargo', parameters, { env });
    // 2: some were missed, 3: some ran out of time; the rest is no judgement.
    if (![0, 2, 3].includes(status)) {
      throw new Failure(`cargo mutants ended with status ${status}`, 'see what it said above');
    }
  }
  const all = collect();
  const of = (/** @type {string} */ outcome) =>
    names.filter((name) => all[name]?.outcome === outcome);
  for (const name of of('missed')) say(`   survives: ${name}`);
  return outcomes.map((outcome) => `${of(outcome).length} ${outcome}`).join(', ');
}

await command(1, async () => {
  const { file, missed } = readOptions('usage: npm run mutants -- [--file GLOB]... [--missed]', {
    file: { type: 'string', multiple: true },
    missed: { type: 'boolean', default: false },
  });
  await makeNativeReady();
  await step('install cargo-mutants', installCargoMutants);
  await step('mistakes, one at a time', () => judge(file ?? files, missed));
  say(`\nAll steps took ${elapsed()}.`);
});
