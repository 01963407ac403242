// Runs other programs: streams or captures their output, and reports why one could not run.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { writer } from './turns.mjs';

/** The project's root folder. */
export const root = resolve(import.meta.dirname, '../..');
/** Where the project installs its own tools; ignored by git. */
export const toolsFolder = join(root, '.tools');

/** A failure whose reason and cure are known. */
export class Failure extends Error {
  /**
   * @param {string} reason
   * @param {string} [cure]
   * @param {string} [output] what the program said that failed
   */
  constructor(reason, cure, output = '') {
    super(reason);
    this.cure = cure;
    this.output = output;
  }
}

// rustup writes the PATH into the shell's profile; a shell started before it does not know.
const extraFolders = [
  join(root, 'node_modules', '.bin'),
  join(toolsFolder, 'bin'),
  join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'bin'),
];

/**
 * The environment of every program that is run: ours, with the project's own tools first. What of the toolchain is missing
 * is installed by the scripts, as far as a command needs it, and not by rustup on its own.
 */
export function environment(/** @type {Record<string, string | undefined>} */ changes = {}) {
  const path = [extraFolders[0], extraFolders[1], process.env.PATH, extraFolders[2]];
  return {
    ...process.env,
    PATH: path.filter(Boolean).join(delimiter),
    RUSTUP_AUTO_INSTALL: '0',
    ...changes,
  };
}

/**
 * The path of a program, or null.
 * @param {string} name
 */
export function which(name) {
  for (const folder of (environment().PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** Patterns in the output of a failed program, each with its cause and a remedy. */
const knownCauses = [
  {
    pattern:
      /Could not resolve host|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|Temporary failure resolving|Network is unreachable|spurious network error|failed to download from|could not download file/i,
    reason: 'the network cannot be reached',
    cure: 'connect to the internet (or set HTTPS_PROXY) and run the same command again; what is installed is kept',
  },
  {
    pattern: /linker `?cc`? not found|failed to find tool "?c?c/i,
    reason: 'there is no C compiler to link with',
    cure: 'install one: sudo apt-get install -y build-essential',
  },
  {
    pattern: /No space left on device|ENOSPC/i,
    reason: 'the disk is full',
    cure: 'make room (the folders target and .tools can be removed) and run again',
  },
  {
    pattern: /EACCES|Permission denied/i,
    reason: 'a file or folder may not be written',
    cure: 'look at the owner of the folders node_modules, target, .tools and web/pkg: a run as root may have made them',
  },
];

/**
 * @param {string} output
 * @returns {{reason: string, cure: string} | undefined}
 */
export function knownCause(output) {
  return knownCauses.find(({ pattern }) => pattern.test(output));
}

/** @param {string} text */
export function withoutColours(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour sequences start with one
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

/**
 * @typedef {object} RunOptions
 * @property {Record<string, string | undefined>} [env] changes to the environment
 * @property {'show' | 'stderr' | 'hide' | 'terminal'} [output] where its output goes besides the
 *   result: as it comes, as it comes but all on standard error, or nowhere; or to our own terminal
 *   and not to the result
 */

/**
 * Runs a program to its end.
 * @param {string} program
 * @param {string[]} parameters
 * @param {RunOptions} [options]
 * @returns {Promise<{status: number, output: string, stdout: string}>}
 */
export function attempt(program, parameters, { env = {}, output = 'show' } = {}) {
  const write = writer();
  return new Promise((done, fail) => {
    const child = spawn(program, parameters, {
      cwd: root,
      env: environment(env),
      stdio: output === 'terminal' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const all = /** @type {Buffer[]} */ ([]);
    const standard = /** @type {Buffer[]} */ ([]);
    child.stdout?.on('data', (chunk) => {
      all.push(chunk);
      standard.push(chunk);
      if (output !== 'hide') write(output === 'show' ? process.stdout : process.stderr, chunk);
    });
    child.stderr?.on('data', (chunk) => {
      all.push(chunk);
      if (output !== 'hide') write(process.stderr, chunk);
    });
    child.on('error', (error) => {
      const missing = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT';
      fail(new Failure(missing ? `${program} is not installed` : `${program}: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      if (signal !== null) all.push(Buffer.from(`\n${program} was ended by ${signal}`));
      done({
        status: code ?? 1,
        output: Buffer.concat(all).toString(),
        stdout: Buffer.concat(standard).toString(),
      });
    });
  });
}

/**
 * Runs a program that must succeed, and returns what it wrote.
 * @param {string} program
 * @param {string[]} parameters
 * @param {RunOptions & {cure?: string}} [options]
 */
export async function run(program, parameters, options = {}) {
  const result = await attempt(program, parameters, options);
  if (result.status !== 0) {
    if (options.output === 'hide') writer()(process.stderr, result.output);
    const cause = knownCause(result.output);
    throw new Failure(
      `${[program, ...parameters].join(' ')} ended with status ${result.status}${cause ? `: ${cause.reason}` : ''}`,
      cause?.cure ?? options.cure,
      result.output,
    );
  }
  return result;
}
