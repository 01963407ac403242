// Reads the options of a command, and refuses wrong ones with the usage.

import { parseArgs } from 'node:util';
import { Failure } from './command.mjs';

/**
 * Returns the values of a command's options. Where help is asked for, prints the usage and ends the process.
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} T
 * @param {string} usage
 * @param {T} options
 */
export function readOptions(usage, options) {
  if (process.argv.slice(2).includes('--help')) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new Failure(/** @type {Error} */ (error).message, usage);
  }
}

/**
 * Reads the value of an option as a number from 1 on.
 * @param {string} usage
 * @param {string} name
 * @param {string} text
 * @param {number} [most]
 */
export function count(usage, name, text, most = 999_999) {
  if (!/^[1-9]\d*$/.test(text) || Number(text) > most)
    throw new Failure(`--${name} ${text}: a number from 1 to ${most}`, usage);
  return Number(text);
}
