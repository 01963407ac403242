// Runs a scenario on the WebAssembly build in a browser: what `npm run scenario` does, given its call, its standard
// input and a browser. The report is its standard output. Exit status: 0 all held; 1 an expectation, a check or the
// audit failed; 2 the scenario or the call was wrong.

import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Failure, root } from './command.mjs';
import { serveFolder } from './static-server.mjs';
import { explanation } from './steps.mjs';

const usage =
  'usage: npm run --silent scenario -- FILE [--runtime threads|virtual] [--seed N] [--cpus N] [--set /PLACE=VALUE]... [--json] [--chrome-trace OUT]';

class Misuse extends Failure {}

/** @param {string} reason */
const misuse = (reason) => new Misuse(reason, usage);

/** @param {string[]} parameters @returns {Call} */
function readCall(parameters) {
  let parsed;
  try {
    parsed = parseArgs({
      args: parameters,
      allowPositionals: true,
      options: {
        runtime: { type: 'string' },
        seed: { type: 'string' },
        cpus: { type: 'string' },
        set: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        'chrome-trace': { type: 'string' },
      },
    });
  } catch (error) {
    throw misuse(/** @type {Error} */ (error).message);
  }
  const { positionals, values } = parsed;
  const [file] = positionals;
  if (file === undefined || positionals.length > 1)
    throw misuse('one scenario is needed, a file or -');
  const { runtime } = values;
  if (runtime !== undefined && runtime !== 'threads' && runtime !== 'virtual') {
    throw misuse(`--runtime ${runtime}: threads or virtual`);
  }
  const number = (/** @type {'seed' | 'cpus'} */ key) => {
    const text = values[key];
    if (text === undefined) return undefined;
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) {
      throw misuse(`--${key} ${text}: a whole number`);
    }
    return Number(text);
  };
  return {
    file,
    runtime,
    seed: number('seed'),
    cpus: number('cpus'),
    settings: values.set.map(setting),
    json: values.json,
    chromeTrace: values['chrome-trace'],
  };
}

/**
 * A place and the value that is to stand there; what is no JSON is a word.
 * @param {string} text
 * @returns {[string, unknown]}
 */
function setting(text) {
  const [, place, value] = /^(\/[^=]*)=(.*)$/s.exec(text) ?? [];
  if (place === undefined || value === undefined)
    throw misuse(`--set ${text}: expected /PLACE=VALUE, as in /machine/slot_finder=scan`);
  try {
    return [place, JSON.parse(value)];
  } catch {
    return [place, value];
  }
}

/**
 * @typedef {object} Call
 * @property {string} file
 * @property {'threads' | 'virtual' | undefined} runtime
 * @property {number | undefined} seed
 * @property {number | undefined} cpus
 * @property {[string, unknown][]} settings
 * @property {boolean} json
 * @property {string | undefined} chromeTrace where the run's timeline is written
 */

/** @param {string} file @param {() => string} standardInput */
function read(file, standardInput) {
  try {
    return file === '-' ? standardInput() : readFileSync(file, 'utf8');
  } catch (error) {
    throw misuse(`${file}: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {Call} call @param {string} text @param {import('playwright-core').Browser} browser */
async function runInBrowser(call, text, browser) {
  const host = await serveFolder(join(root, 'web', 'dist'));
  const page = await browser.newPage();
  try {
    await page.goto(`${host.address}runner.html`);
    const names = await page.evaluate((given) => faultlineRunner.traceNames(given), text);
    const { file, json, chromeTrace, ...changes } = call;
    const traces = Object.fromEntries(names.flatMap((name) => traceOf(name, file)));
    const out = chromeTrace === undefined ? undefined : traceFile(chromeTrace);
    if (out !== undefined) await page.exposeFunction('faultlineTakeTrace', out.take);
    const telling = { json, chromeTrace: out !== undefined };
    const outcome = await page.evaluate(
      (given) =>
        faultlineRunner.runScenario(given.text, given.changes, given.traces, given.telling),
      { text, changes, traces, telling },
    );
    out?.close();
    return outcome;
  } finally {
    await page.close();
    await host.close();
  }
}

/**
 * The file that a timeline goes to, part by part. A failure to write it is the call's, and comes when it is closed.
 * @param {string} path
 */
function traceFile(path) {
  /** @type {number | undefined} */
  let file;
  /** @type {string | undefined} */
  let problem;
  const attempt = (/** @type {() => void} */ work) => {
    try {
      if (problem === undefined) work();
    } catch (error) {
      problem = `--chrome-trace ${path}: ${/** @type {Error} */ (error).message}`;
    }
  };
  return {
    /** @param {string} part */
    take: (part) =>
      attempt(() => {
        file ??= openSync(path, 'w');
        writeSync(file, part);
      }),
    close() {
      const open = file;
      if (open !== undefined) attempt(() => closeSync(open));
      if (problem !== undefined) throw misuse(problem);
    },
  };
}

/**
 * The text of a trace by name: NAME.trace or NAME.gz beside the scenario, else one of the project's.
 * @param {string} name
 * @param {string} file
 * @returns {[string, string][]}
 */
function traceOf(name, file) {
  // A name is a name, not a way to other folders.
  if (/[/\\]/.test(name)) return [];
  const beside = join(file === '-' ? '.' : dirname(file), name);
  const places = [`${beside}.trace`, `${beside}.gz`, join(root, 'traces', `${name}.gz`)];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) return [];
  const bytes = readFileSync(found);
  return [[name, (found.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()]];
}

/**
 * @typedef {object} World
 * @property {() => string} standardInput
 * @property {() => Promise<import('playwright-core').Browser>} browser asked for once the call is known to be right
 */

/**
 * @param {string[]} parameters
 * @param {World} world
 * @returns {Promise<{status: number, stdout: string, stderr: string}>}
 */
export async function scenarioCommand(parameters, { standardInput, browser }) {
  try {
    const call = readCall(parameters);
    const text = read(call.file, standardInput);
    return await runInBrowser(call, text, await browser());
  } catch (error) {
    const status = error instanceof Misuse ? 2 : 1;
    return { status, stdout: '', stderr: `${explanation(error)}\n` };
  }
}
