// Runs a scenario on the WebAssembly build in a browser, for `npm run scenario`, which passes its call, its standard
// input and a browser. The report goes to standard output. Exit status: 0 all held; 1 an expectation, a check or the
// audit failed; 2 the scenario or the call was wrong; 3 there is no browser to run it in, so nothing is known of it.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Failure, root } from './command.mjs';
import { beRegular, outputFile } from './output-file.mjs';
import { waitFor } from './patience.mjs';
import { serveFolder } from './static-server.mjs';
import { explanation } from './steps.mjs';

const usage =
  'usage: npm run --silent scenario -- FILE [--runtime threads|virtual] [--seed N] [--cpus N] [--textbook FRAMES] [--set /PLACE=VALUE]... [--json] [--chrome-trace OUT]';

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
        textbook: { type: 'string' },
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
  const number = (/** @type {'seed' | 'cpus' | 'textbook'} */ key) => {
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
    textbook: number('textbook'),
    set: values.set,
    json: values.json,
    chromeTrace: values['chrome-trace'],
  };
}

/**
 * @typedef {object} Call
 * @property {string} file
 * @property {'threads' | 'virtual' | undefined} runtime
 * @property {number | undefined} seed
 * @property {number | undefined} cpus
 * @property {number | undefined} textbook how many frames a textbook's machine has for data
 * @property {string[]} set values by their places, each `/PLACE=VALUE`
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
  /** @type {ReturnType<typeof traceFile> | undefined} */
  let out;
  try {
    await page.goto(`${host.address}runner.html`, { timeout: waitFor });
    const names = await page.evaluate((given) => faultlineRunner.traceNames(given), text);
    const { file, json, chromeTrace, ...overrides } = call;
    const places = names.flatMap((name) => placeOf(name, file));
    const traces = Object.fromEntries(places.map(([name, place]) => [name, traceIn(place)]));
    /** @type {(readonly [string | number, string])[]} */
    const taken = [
      [file === '-' ? 0 : file, 'the scenario itself'],
      ...places.map(([name, place]) => /** @type {const} */ ([place, `the trace "${name}"`])),
      [1, 'standard output'],
      [2, 'standard error'],
    ];
    if (chromeTrace !== undefined) out = traceFile(chromeTrace, taken);
    if (out !== undefined) await page.exposeFunction('faultlineTakeTrace', out.take);
    const telling = { json, chromeTrace: out !== undefined };
    const outcome = await page.evaluate(
      (given) =>
        faultlineRunner.runScenario(given.text, given.overrides, given.traces, given.telling),
      { text, overrides, traces, telling },
    );
    // A refused scenario has no timeline.
    if (outcome.status < 2) out?.finish();
    return outcome;
  } finally {
    out?.drop();
    await page.close();
    await host.close();
  }
}

/**
 * Opens the file of a timeline, which is written part by part. A failure to write it is reported when it is finished.
 * @param {string} path
 * @param {(readonly [string | number, string])[]} taken
 */
function traceFile(path, taken) {
  /** @type {Misuse | undefined} */
  let problem;
  /** @template T @param {() => T} work */
  const attempt = (work) => {
    try {
      return problem === undefined ? work() : undefined;
    } catch (error) {
      problem = misuse(`--chrome-trace ${path}: ${/** @type {Error} */ (error).message}`);
      return undefined;
    }
  };
  // Opened before the run, so that a file that cannot be written is reported at once.
  let file = attempt(() => outputFile(path, taken));
  if (problem !== undefined) throw problem;
  return {
    take: (/** @type {string} */ part) => attempt(() => file?.take(part)),
    finish() {
      attempt(() => file?.finish());
      if (problem !== undefined) throw problem;
      file = undefined;
    },
    drop: () => file?.drop(),
  };
}

/** The most bytes of text that a trace may have, as natively. */
const largestTrace = 64 * 1024 * 1024;

/**
 * Finds a trace: NAME.trace or NAME.gz beside the scenario, else one of the project's.
 * @param {string} name
 * @param {string} file
 * @returns {[name: string, place: string][]}
 */
function placeOf(name, file) {
  // A name must not lead to other folders.
  if (/[/\\]/.test(name)) return [];
  const beside = join(file === '-' ? '.' : dirname(file), name);
  const places = [`${beside}.trace`, `${beside}.gz`, join(root, 'traces', `${name}.gz`)];
  const found = places.find((place) => existsSync(place));
  return found === undefined ? [] : [[name, found]];
}

/** Reads the text of a trace. @param {string} place */
function traceIn(place) {
  const refused = (/** @type {string} */ reason) => misuse(`${place}: ${reason}`);
  try {
    beRegular(place);
    if (statSync(place).size > largestTrace) throw new RangeError();
    const bytes = readFileSync(place);
    if (!place.endsWith('.gz')) return bytes.toString();
    return gunzipSync(bytes, { maxOutputLength: largestTrace }).toString();
  } catch (error) {
    if (!(error instanceof RangeError)) throw refused(/** @type {Error} */ (error).message);
    throw refused(
      `has more than ${largestTrace} bytes of text; legal: a trace of at most so many: record less of the program, or cut it into several traces`,
    );
  }
}

/**
 * @typedef {object} World
 * @property {() => string} standardInput
 * @property {() => Promise<import('playwright-core').Browser>} browser asked for once the call is known to be right
 */

/** @param {number} status @param {unknown} error */
const failed = (status, error) => ({ status, stdout: '', stderr: `${explanation(error)}\n` });

/**
 * @param {string[]} parameters
 * @param {World} world
 * @returns {Promise<{status: number, stdout: string, stderr: string}>}
 */
export async function scenarioCommand(parameters, { standardInput, browser }) {
  try {
    const call = readCall(parameters);
    const text = read(call.file, standardInput);
    /** @type {import('playwright-core').Browser} */
    let ready;
    try {
      ready = await browser();
    } catch (error) {
      return failed(3, error);
    }
    return await runInBrowser(call, text, ready);
  } catch (error) {
    return failed(error instanceof Misuse ? 2 : 1, error);
  }
}
