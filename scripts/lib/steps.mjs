// Prints the commentary of a command: the name of each step, how long it took, and a remedy if it failed.

import { Failure } from './command.mjs';
import { writer } from './turns.mjs';

const started = performance.now();

/** @param {number} milliseconds */
function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export function elapsed() {
  return duration(performance.now() - started);
}

/** @type {NodeJS.WriteStream} */
let stream = process.stdout;

/** @param {string} line */
const write = (line) => writer()(stream, `${line}\n`);

/** Sends the commentary to standard error, for commands whose standard output is their result. */
export function commentOnStandardError() {
  stream = process.stderr;
}

/** @param {string} line */
export function say(line) {
  write(line);
}

/** Explains a failure in words. @param {unknown} error */
export function explanation(error) {
  if (!(error instanceof Failure)) return error instanceof Error ? `${error.stack}` : `${error}`;
  const cure = error.cure ? `\n   cure:   ${error.cure}` : '';
  return `   reason: ${error.message}${cure}`;
}

/** @param {unknown} error */
export function explain(error) {
  write(explanation(error));
}

/**
 * Runs the body of a whole command, and sets the exit status: the one that the body returns, or that of a failure, which
 * is explained.
 * @param {number} failed
 * @param {() => Promise<number | void>} body
 */
export async function command(failed, body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    explain(error);
    process.exitCode = failed;
  }
}

/**
 * Runs one step. It returns a word about what it found ("already there"), or nothing.
 * @template T
 * @param {string} name
 * @param {() => Promise<T> | T} body
 * @returns {Promise<T>}
 */
export async function step(name, body) {
  write(`\n== ${name}`);
  const start = performance.now();
  try {
    const result = await body();
    const note = typeof result === 'string' && result !== '' ? `${result}, ` : '';
    write(`   ${name}: ${note}${duration(performance.now() - start)}`);
    return result;
  } catch (error) {
    write(`   ${name}: FAILED after ${duration(performance.now() - start)}`);
    throw error;
  }
}

/**
 * Waits for all that was begun at the same time, so that a failure is the last thing that is said.
 * @param {Promise<unknown>[]} begun
 */
export async function together(...begun) {
  const failed = (await Promise.allSettled(begun)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
